"""The audit laid out: for the terminal, and as one page of Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from icfscore.domain.text import text_in
from icfscore.methods.audit.correlation_ratio import SMOOTHER
from icfscore.pipeline.audit import Audit
from icfscore.report.audit_finding import Finding
from icfscore.report.audit_findings import findings
from icfscore.report.audit_table import AuditTable
from icfscore.report.audit_tables import (
    coverage_table,
    indicator_table,
    removal_table,
    size_table,
)
from icfscore.report.audit_tables_structure import consistency_table, pairs_table, weights_table
from icfscore.report.audit_words import Teller
from icfscore.report.escape import clean, escape
from icfscore.report.language import Language
from icfscore.report.page import READABLE, markdown_lines, print_table
from icfscore.report.terminal import make_console, printed

if TYPE_CHECKING:
    from rich.console import Console

_WORTH_A_LINE = 0.3  # of the terminal
_MOST_ROWS = 400  # of a table in the terminal


def audit_terminal(audit: Audit, language: Language, *, piped: bool | None = None) -> str:
    """Lay the audit out for the terminal that is there."""
    console = make_console(piped=piped)
    teller = Teller(audit, language, clean)
    _ = teller.translate
    console.print(_heading(teller), style="bold")
    console.print(_about(teller), soft_wrap=console.width > 200)
    console.print()
    _print_findings(console, teller, findings(audit, language, clean))
    for table in _tables(teller, brief=True):
        print_table(console, _shortened(teller, table))
    console.print(_method(teller), style="dim", width=min(console.width, READABLE))
    return printed(console)


def audit_markdown(audit: Audit, language: Language) -> str:
    """Write the audit as one page of Markdown."""
    teller = Teller(audit, language, escape)
    _ = teller.translate
    lines = [f"# {_heading(teller)}", "", _about(teller), ""]
    for warning in _caveats(teller, language):
        lines += [f"> {warning}", ">"]
    lines = [*lines[:-1], "", "## " + _("Findings"), ""]
    found = findings(audit, language, escape)
    lines += [
        f"{position}. **{_severity(teller, each)}.** {each.text}"
        for position, each in enumerate(found, start=1)
    ] or [_("Nothing stands out.")]
    for table in _tables(teller, brief=False):
        lines += ["", *markdown_lines(table)]
    lines += ["", f"## {_('How it was computed')}", "", _method(teller)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _heading(teller: Teller) -> str:
    _ = teller.translate
    return _("Audit of %(framework)s") % {"framework": teller.framework()}


def _about(teller: Teller) -> str:
    _, scoring = teller.translate, teller.audit.all.scoring
    words = {
        "n": teller.count(teller.n),
        "k": teller.count(len(teller.indicators)),
        "year": str(scoring.settings.reference_year),
        "scenario": scoring.settings.scenario or "",
    }
    text = _("%(n)s communities, %(k)s scored indicators, data about %(year)s.") % words
    if words["scenario"]:
        text += _(" Scenario: %(scenario)s.") % {"scenario": teller.harmless(words["scenario"])}
    return text


def _caveats(teller: Teller, language: Language) -> Iterator[str]:
    for caveat in teller.audit.all.scoring.project.tree.caveats[:1]:
        yield escape(text_in(caveat, language.code))


def _tables(teller: Teller, *, brief: bool) -> Iterator[AuditTable]:
    """List the tables that hold anything, of all values first; brief: what fits a terminal."""
    _, audit = teller.translate, teller.audit
    tables = [
        coverage_table(teller),
        weights_table(teller, audit.all),
        consistency_table(teller, audit.all),
        pairs_table(teller, audit.all, _WORTH_A_LINE if brief else 0.0),
        indicator_table(teller, audit.all),
        size_table(teller),
        removal_table(teller),
    ]
    yield from (table for table in tables if table.rows)
    if audit.own is None:
        return
    again = [
        weights_table(teller, audit.own, root_only=brief),
        consistency_table(teller, audit.own),
    ]
    if not brief:
        again += [pairs_table(teller, audit.own), indicator_table(teller, audit.own)]
    for table in again:
        if table.rows:
            title = _("Own values only: %(title)s") % {"title": table.title}
            yield replace(table, title=title, note="")


def _shortened(teller: Teller, table: AuditTable) -> AuditTable:
    """Keep the rows that fit a terminal, and say how many there are beside."""
    left = len(table.rows) - _MOST_ROWS
    if left <= 0:
        return table
    more = teller.translate("%(count)s more rows in --format markdown")
    notes = (more % {"count": teller.count(left)}, *table.footnotes)
    return replace(table, rows=table.rows[:_MOST_ROWS], footnotes=notes)


def _method(teller: Teller) -> str:
    _, audit = teller.translate, teller.audit
    text = _(
        "Correlations are Pearson's, of normalised values, over the communities that have both."
        " Effective weights: correlation ratio by a %(smoother)s; %(resamples)s bootstrap resamples"
        " of the communities, seed %(seed)s."
    ) % {
        "smoother": teller.harmless(SMOOTHER),
        "resamples": teller.count(audit.resamples),
        "seed": str(audit.seed),
    }
    if audit.own is not None:
        text += _(
            " Own values only: the recipe once more without proxies, over the same communities and"
            " indicators."
        )
    elif audit.no_own:
        text += _(" Own values only: %(reason)s.") % {"reason": teller.harmless(audit.no_own)}
    return text


def _severity(teller: Teller, finding: Finding) -> str:
    _ = teller.translate
    return {"serious": _("Serious"), "caution": _("Caution"), "note": _("Note")}[finding.severity]


def _print_findings(console: Console, teller: Teller, found: tuple[Finding, ...]) -> None:
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    _ = teller.translate
    console.print(Text(_("Findings, worst first"), style="bold"))
    grid = Table.grid(padding=(0, 1))
    grid.add_column(justify="right")
    grid.add_column(no_wrap=True)
    grid.add_column(max_width=110)
    styles = {"serious": "bold", "caution": "", "note": "dim"}
    for position, each in enumerate(found, start=1):
        style = styles[each.severity]
        words = (f"{position}.", _severity(teller, each), each.text)
        grid.add_row(*(Text(word, style=style) for word in words))
    if not found:
        grid.add_row("", "", Text(_("Nothing stands out.")))
    console.print(Padding(grid, (0, 0, 1, 0)))
