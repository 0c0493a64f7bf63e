"""What the stages of a funnel look at: scores of nodes, panels' means, juries' counts.

Decisions. The funnel's communities are those of the ranking, and after them those of the project
that have no place there: raters or a jury may judge them all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from icfscore.domain.funnel import Ballots, Stage, StageInput
from icfscore.domain.panels import Panel
from icfscore.domain.tables import Bools, Floats, Ints
from icfscore.methods.ballots import count_ballots
from icfscore.pipeline.draw_sample import DrawSample, draw_sample
from icfscore.pipeline.funnel_panels import PanelMeans
from icfscore.pipeline.funnel_walk import Look
from icfscore.pipeline.score import Scoring

_STREAM = 0x66756E  # "fun": the funnel's numbers are no one else's
_COUNTER = 192  # bits that a stream's own numbers take


class Inputs:
    """Looks inputs up: as they are, or as a draw has them."""

    def __init__(
        self,
        scoring: Scoring,
        stages: Sequence[Stage],
        panels: Mapping[str, Panel],
        ballots: Mapping[str, Ballots],
    ) -> None:
        self.scoring = scoring
        ranked = scoring.ranking.communities
        everyone = (*ranked, *(each.id for each in scoring.project.communities))
        self.names = tuple(dict.fromkeys(everyone))
        self.used = {one.key: one for stage in stages for one in stage.inputs}
        self.ballots = {name: (each, self._columns(each)) for name, each in ballots.items()}
        self.panels = {
            one.id: PanelMeans.of(scoring, panels[one.id], self.names)
            for one in self.used.values()
            if one.source == "panel"
        }

    def _columns(self, ballots: Ballots) -> Ints:
        position = {name: n for n, name in enumerate(ballots.communities)}
        return np.array([position.get(name, -1) for name in self.names], dtype=np.int64)

    def entering(self, stage: Stage) -> Ints:
        """List who enters a first stage: the ranked, best first, then who has all its inputs."""
        ranking = self.scoring.ranking
        ranked = [row for row in ranking.order if not np.isnan(ranking.scores[row])]
        rows = np.arange(len(self.names))
        known = np.all([self._known(one, rows) for one in stage.inputs], axis=0)
        everyone = dict.fromkeys((*ranked, *np.flatnonzero(known).tolist()))
        return np.array(list(everyone), dtype=np.int64)

    def _known(self, one: StageInput, rows: Ints) -> Bools:
        if one.source == "ballots":
            return np.asarray(self.ballots[one.id][1] >= 0)
        return ~np.isnan(self.plain(one, rows))

    def plain(self, one: StageInput, rows: Ints) -> Floats:
        """Look up without uncertainty."""
        if one.source == "node":
            return np.asarray(self._padded(self.scoring.scores_on(one.id)[None])[0, rows])
        if one.source == "panel":
            return self.panels[one.id].plain[rows]
        ballots = self.ballots[one.id][0]
        return self._count(one.id, rows, ballots.voters)

    def _padded(self, scores: Floats) -> Floats:
        """Add those without a place to scores (d, n) of the ranking's communities."""
        more = len(self.names) - scores.shape[1]
        return np.asarray(np.pad(scores, ((0, 0), (0, more)), constant_values=np.nan))

    def _count(self, identifier: str, rows: Ints, voters: Floats) -> Floats:
        """Count a jury's ballots among those who enter; whom no ballot names comes last."""
        ballots, columns = self.ballots[identifier]

        def chosen(table: Floats, missing: float) -> Floats:
            padded = np.column_stack([table, np.full(len(table), missing)])
            return np.asarray(padded[:, columns[rows]])

        if ballots.rule == "approval" and ballots.approvals is not None:
            return np.asarray(voters @ chosen(ballots.approvals, 0.0))
        if ballots.rule == "points" and ballots.points is not None:
            return np.asarray(voters @ chosen(ballots.points, 0.0))
        count = count_ballots(chosen(ballots.places, np.nan), voters)
        if ballots.rule == "condorcet":
            return count.copeland
        return count.plurality if ballots.rule == "plurality" else count.borda

    def drawn(self, n_draws: int, jobs: int | None) -> Callable[[int], Look]:
        """Draw all inputs; gives a look into each draw."""
        seed = self.scoring.settings.uncertainty.seed
        rng = np.random.Generator(np.random.Philox(key=seed, counter=_STREAM << _COUNTER))
        tables: dict[str, Floats] = {}
        sample = self._sample(n_draws, jobs)
        for key, one in sorted(self.used.items()):
            if one.source == "node":
                assert sample is not None  # noqa: S101 - nodes ask for it
                tables[key] = self._padded(sample.of_node(one.id))
            elif one.source == "panel":
                tables[key] = self.panels[one.id].draw(rng, n_draws, sample)
            else:
                voters = self.ballots[one.id][0].voters
                tables[key] = rng.multinomial(
                    int(voters.sum()), voters / voters.sum(), size=n_draws
                ).astype(float)

        def at(draw: int) -> Look:
            def look(one: StageInput, rows: Ints) -> Floats:
                row = tables[one.key][draw]
                return self._count(one.id, rows, row) if one.source == "ballots" else row[rows]

            return look

        return at

    def _sample(self, n_draws: int, jobs: int | None) -> DrawSample | None:
        """Draw what the ranking rests on, where a stage looks at some of it."""
        nodes = any(one.source == "node" for one in self.used.values())
        if nodes or any(panel.shared.size for panel in self.panels.values()):
            return draw_sample(self.scoring, n_draws, jobs=jobs)
        return None
