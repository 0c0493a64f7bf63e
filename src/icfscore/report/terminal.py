"""Tables for the terminal: shaded where there is colour, plain where output is piped."""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from icfscore.domain.text import text_in
from icfscore.pipeline.score import Scoring

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

_BLOCKS = " ▁▂▃▄▅▆▇█"
# From low to high, a single hue that grows lighter: readable for the colour-blind and in grey.
_SHADES = ("#1b3a4b", "#1f5a70", "#237c94", "#3c9db0", "#7fc1c4")
_PROXY_SHARE = 0.5


def make_console(*, piped: bool | None = None) -> Console:
    """Make the console for stdout: as wide as the terminal, or as the content when piped."""
    from rich.console import Console

    plain = not sys.stdout.isatty() if piped is None else piped
    width = 400 if plain else shutil.get_terminal_size().columns
    return Console(
        file=io.StringIO(),
        width=width,
        force_terminal=not plain,
        no_color=plain or bool(os.environ.get("NO_COLOR")),
        color_system=None if plain or os.environ.get("NO_COLOR") else "truecolor",
        highlight=False,
        emoji=False,
        markup=False,
    )


def ranking_table(scoring: Scoring, language: str = "en", *, piped: bool | None = None) -> str:
    """Lay out the ranking for the terminal that is there."""
    console = make_console(piped=piped)
    console.print(_Layout(scoring, language, console.width).table())
    for line in _legend(scoring, language):
        console.print(line, style="dim", soft_wrap=True)
    return printed(console)


def printed(console: Console) -> str:
    """Give what a console of `make_console` was told to print."""
    text = console.file.getvalue()  # type: ignore[attr-defined]
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


class _Layout:
    """Chooses what fits: names and scores always, then criteria, coverage, bars."""

    def __init__(self, scoring: Scoring, language: str, width: int) -> None:
        self.scoring = scoring
        self.language = language
        tree = scoring.project.tree
        children = [child.id for child in tree.root.children if scoring.weights[child.id] > 0]
        names = {child.id: text_in(child.name, language) for child in tree.root.children}
        ids = scoring.ranking.communities
        self.names = [
            _one_line(text_in(scoring.project.community_by_id[name].name, language)) for name in ids
        ]
        longest = max(12, min(32, max(len(name) for name in self.names)))
        room = width - (longest + 18)
        self.name_width = longest
        self.evidence = room >= 24
        room -= 22 if self.evidence else 0
        self.criteria = []
        for child in children:
            needed = max(5, min(len(names[child]), 10)) + 2
            if room < needed:
                break
            self.criteria.append((child, names[child]))
            room -= needed
        self.hidden = len(children) - len(self.criteria)
        self.bars = room >= 12

    def table(self) -> Table:
        from rich import box
        from rich.table import Table

        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1))
        table.add_column("", width=1)
        table.add_column("Rank", justify="right", no_wrap=True)
        table.add_column("Community", no_wrap=True, max_width=self.name_width, overflow="ellipsis")
        table.add_column("Score", justify="right", no_wrap=True)
        if self.bars:
            table.add_column("", width=10, no_wrap=True)
        for _, name in self.criteria:
            table.add_column(
                _one_line(name), justify="right", no_wrap=True, max_width=10, overflow="ellipsis"
            )
        if self.evidence:
            table.add_column("Covered", justify="right", no_wrap=True)
            table.add_column("Proxies", justify="right", no_wrap=True)
        for row in self.scoring.ranking.order:
            focus = self.scoring.ranking.communities[row] == self.scoring.settings.focus
            table.add_row(*self._cells(row, focus=focus), style="bold reverse" if focus else None)
        return table

    def _cells(self, row: int, *, focus: bool) -> list[str | Text]:
        from rich.text import Text

        scoring = self.scoring
        ranking = scoring.ranking
        low, high = _range(ranking.scores)
        score = float(ranking.scores[row])
        cells: list[str | Text] = [
            "▶" if focus else "",
            str(ranking.ranks[row]),
            Text(self.names[row]),
            format_score(score),
        ]
        if self.bars:
            cells.append(_bar((score - low) / (high - low) if high > low else 1.0))
        cells.extend(self._criterion(row, child, shade=not focus) for child, _ in self.criteria)
        if self.evidence:
            cells += [f"{scoring.coverage[row]:.0%}", f"{scoring.proxy_share[row]:.0%}"]
        return cells

    def _criterion(self, row: int, child: str, *, shade: bool) -> Text:
        from rich.text import Text

        scores = child_scores(self.scoring, child)
        value = float(scores[row])
        if value != value:
            return Text("–")
        low, high = _range(scores)
        share = (value - low) / (high - low) if high > low else 0.5
        mark = "~" if rests_on_proxies(self.scoring, row, child) else ""
        block = _BLOCKS[1 + round(share * 7)]
        colour = _SHADES[min(4, int(share * 5))]
        cell = Text(f"{mark}{format_score(value)}")
        cell.append(block, style=colour if shade else "")
        return cell


def child_scores(scoring: Scoring, child: str) -> Sequence[float]:
    """Scores (n,) of a node or indicator."""
    kept = scoring.screened.observed.indicators
    if child in kept:
        scores: Sequence[float] = scoring.normalised[:, kept.index(child)].tolist()
        return scores
    found: Sequence[float] = scoring.scores.of(child).tolist()
    return found


def rests_on_proxies(scoring: Scoring, row: int, child: str) -> bool:
    """Tell whether more than half of a community's values below a node are proxies."""
    kept, tree = scoring.screened.observed, scoring.project.tree
    columns = [
        j
        for j, name in enumerate(kept.indicators)
        if scoring.screened.scored[j] and child in (name, *tree.ancestors(name))
    ]
    levels = kept.level[row, columns]
    present = (levels > 0).sum()
    return bool(present) and (levels > 1).sum() / present > _PROXY_SHARE


def format_score(value: float) -> str:
    """Spell a score to the tenth, or to four digits where scores are small."""
    if value != value:
        return "–"
    if value == 0 or 0.1 <= abs(value) < 1e6:
        return f"{value:.1f}" if abs(value) >= 10 or value == 0 else f"{value:.3f}"
    return f"{value:.4g}"


def _range(values: Sequence[float]) -> tuple[float, float]:
    present = [float(value) for value in values if value == value]
    return (min(present), max(present)) if present else (0.0, 0.0)


def _bar(share: float) -> str:
    eighths = round(max(0.0, min(1.0, share)) * 80)
    full, rest = divmod(eighths, 8)
    return "█" * full + (" ▏▎▍▌▋▊▉"[rest] if rest else "")


def _one_line(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _legend(scoring: Scoring, language: str) -> list[str]:
    tree = scoring.project.tree
    ranking = scoring.ranking
    name = _one_line(text_in(tree.root.name, language))
    scenario = f", scenario {scoring.settings.scenario}" if scoring.settings.scenario else ""
    n_indicators = int(scoring.screened.scored.sum())
    about = (
        f"{len(ranking.order)} communities, {n_indicators} indicators,"
        f" data about {scoring.settings.reference_year}{scenario}; {name}."
    )
    evidence = (
        "Covered: share of the indicators with a value. Proxies: share of these that are a"
        " region's or country's; ~ where they are more than half of a criterion's values."
    )
    lines = [about, evidence]
    lines += [f"Left out: {name} ({why})." for name, why in scoring.screened.excluded.items()]
    return lines
