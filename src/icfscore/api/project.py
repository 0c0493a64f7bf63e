"""The package from Python: load a project, score it, ask how sure that is.

``icfscore.load(path).score().ranking.to_frame()`` is the whole of it; everything else hangs on the
three objects that this line passes through. They wrap what the commands run, so the numbers are the
same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any, Literal

from icfscore.api.analyses import Sensitivity, Uncertainty
from icfscore.api.table import Table
from icfscore.domain.criteria import ROOT
from icfscore.domain.text import text_in
from icfscore.files.overrides import settle
from icfscore.files.project_folder import Folder, find_project, read_project
from icfscore.pipeline.score import Scoring
from icfscore.pipeline.score import score as score_project
from icfscore.pipeline.uncertainty import draw_ranks
from icfscore.report.layouts import long_table
from icfscore.report.records import ranking_record
from icfscore.report.sensitivity import analyse
from icfscore.report.sensitivity_record import sensitivity_record
from icfscore.report.stages import stage_tables

Measure = Literal["focus_rank", "focus_score", "mean_rank_shift"]
_NOT_ICF = "Indicators, scale and data are the project's own: these are not ICF's scores."


def load(path: str | PathLike[str] | None = None) -> Project:
    """Read a project folder.

    Parameters
    ----------
    path
        The folder; None: the nearest one upwards that holds icfscore.yaml, else the built-in
        Smart21 of 2019.

    Raises
    ------
    InputError
        With every problem of every file.
    """
    given = None if path is None else Path(path)
    folder, builtin = find_project(given, Path.cwd())
    return Project(read_project(folder, builtin=builtin))


class Project:
    """A project that was read: its framework, communities and observations.

    Attributes
    ----------
    folder
        Everything that was read, as the commands use it.
    """

    def __init__(self, folder: Folder) -> None:
        self.folder = folder

    @property
    def communities(self) -> Table:
        """Communities with name, country and parent area."""
        rows = [
            [entity.id, text_in(entity.name), entity.country, entity.parent]
            for entity in self.folder.project.communities
        ]
        return Table("communities", ["id", "name", "country", "parent"], rows)

    @property
    def indicators(self) -> Table:
        """Indicators with their criterion, unit, direction and weight among siblings."""
        tree = self.folder.project.tree
        weights = tree.weights(self.folder.settings.weights)
        rows = [
            [i.id, text_in(i.name), tree.criterion_of(i.id), i.unit, i.direction, weights[i.id]]
            for i in tree.indicators
        ]
        columns = ["id", "name", "criterion", "unit", "direction", "weight"]
        return Table("indicators", columns, rows)

    @property
    def observations(self) -> Table:
        """Every observation of every community, with what is known of it."""
        table = long_table(self.folder.project)
        return Table(table.name, table.header, table.rows)

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Names that `score` takes as a scenario."""
        return tuple(self.folder.scenarios)

    def score(
        self,
        scenario: str | None = None,
        *,
        weights: Mapping[str, float] | None = None,
        settings: Mapping[str, Any] | None = None,
        year: int | None = None,
        focus: str | None = None,
    ) -> Result:
        """Score and rank the communities.

        Parameters
        ----------
        scenario
            A scenario of icfscore.yaml.
        weights
            Weights by criterion or indicator, among its siblings.
        settings
            Settings by their path in icfscore.yaml, such as
            ``{"recipe.aggregation.kind": "geometric"}``.
        year
            The reference year.
        focus
            The community to look at.

        Raises
        ------
        InputError
            Where a name or value is not possible, or a method is not defined for the data.
        """
        settled = settle(
            self.folder,
            scenario=scenario,
            assignments={key: _spelt(value) for key, value in (settings or {}).items()},
            weights={name: _spelt(weight) for name, weight in (weights or {}).items()},
            year=year,
            focus=focus,
        )
        return Result(score_project(self.folder.project, settled))

    def __repr__(self) -> str:
        project = self.folder.project
        name = text_in(project.tree.root.name)
        counts = (
            f"{len(project.communities)} communities, {len(project.tree.indicators)} indicators"
        )
        return f"<Project {name}: {counts}>"

    def _repr_html_(self) -> str:
        return self.indicators._repr_html_()


def _spelt(value: Any) -> str:
    """Spell a value as the command line's options do."""
    return json.dumps(value, ensure_ascii=False, default=float)


class Result:
    """A ranking with everything it came from.

    Attributes
    ----------
    scoring
        Every stage, as the commands use it.
    """

    def __init__(self, scoring: Scoring) -> None:
        self.scoring = scoring

    @property
    def ranking(self) -> Table:
        """Communities, best first: rank, score, scores of the nodes, share of values present."""
        scoring = self.scoring
        nodes = list(scoring.project.tree.node_by_id)[1:]
        names = scoring.project.community_by_id
        scores = {node: scoring.scores_on(node).tolist() for node in (ROOT, *nodes)}
        coverage, proxies = scoring.coverage.tolist(), scoring.proxy_share.tolist()
        rows = []
        for row in scoring.ranking.order:
            name = scoring.ranking.communities[row]
            parts = [_known(scores[node][row]) for node in (ROOT, *nodes)]
            head = [name, text_in(names[name].name), int(scoring.ranking.ranks[row])]
            rows.append([*head, *parts, _known(coverage[row]), _known(proxies[row])])
        columns = ["id", "name", "rank", "score", *nodes, "coverage", "proxy_share"]
        return Table("ranking", columns, rows, _NOT_ICF)

    @property
    def stages(self) -> dict[str, Table]:
        """Values of every stage by community, from those observed to the scores of all nodes."""
        ids = self.scoring.ranking.communities
        return {
            stage.name: Table(
                stage.name,
                ["id", *stage.columns],
                [[name, *row] for name, row in zip(ids, stage.rows(), strict=True)],
            )
            for stage in stage_tables(self.scoring)
        }

    @property
    def weights(self) -> Table:
        """Share of every criterion and indicator among its siblings; 0 where it is not scored."""
        rows = [[name, share] for name, share in self.scoring.weights.items()]
        return Table("weights", ["id", "share"], rows)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What every reader of the ranking must know."""
        return self.scoring.warnings

    def uncertainty(
        self, draws: int | None = None, seed: int | None = None, *, jobs: int | None = None
    ) -> Uncertainty:
        """Rank again and again with weights, values and fillings of gaps drawn anew.

        Parameters
        ----------
        draws, seed
            Number of draws and their seed; None: those of icfscore.yaml.
        jobs
            Threads; the result does not depend on it.
        """
        scoring = self._drawing(draws, seed)
        return Uncertainty(scoring, draw_ranks(scoring, jobs=jobs))

    def sensitivity(
        self,
        of: Measure = "focus_rank",
        draws: int | None = None,
        seed: int | None = None,
        *,
        jobs: int | None = None,
    ) -> Sensitivity:
        """Say what drives a rank: uncertain inputs, weights, single indicators.

        Parameters
        ----------
        of
            What to explain: the focus's rank or score, or how far all ranks move.
        draws, seed, jobs
            As of `uncertainty`.
        """
        scoring = self._drawing(draws, seed)
        return Sensitivity(sensitivity_record(scoring, analyse(scoring, of, jobs=jobs)))

    def _drawing(self, draws: int | None, seed: int | None) -> Scoring:
        told = {"draws": draws, "seed": seed}
        changes: dict[str, Any] = {name: n for name, n in told.items() if n is not None}
        settings = self.scoring.settings
        settings = replace(settings, uncertainty=replace(settings.uncertainty, **changes))
        return replace(self.scoring, settings=settings)

    def record(self) -> dict[str, Any]:
        """Give the same record as ``icfscore rank --format json``."""
        return ranking_record(self.scoring)

    def __repr__(self) -> str:
        return repr(self.ranking)

    def _repr_html_(self) -> str:
        return self.ranking._repr_html_()


def _known(value: float) -> float | None:
    return None if value != value else value  # NaN
