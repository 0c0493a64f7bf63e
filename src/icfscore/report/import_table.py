"""What an import would change, as a table for the terminal and as a record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from icfscore.domain.import_changes import OUTCOMES, Change, Outcome
from icfscore.report.language import find_language
from icfscore.report.ranking_table import Column, lay_out
from icfscore.report.terminal import one_line

IMPORT_SCHEMA = "icfscore.import/1"
MOST_ROWS = 40
_LONGEST = 60


def import_table(
    changes: Sequence[Change], language: str = "en", *, piped: bool | None = None
) -> str:
    """Lay out what is not the same, conflicts first; of what is new, a screenful."""
    _ = find_language(language).gettext
    words: dict[Outcome, str] = {
        "conflicting": _("conflicting"), "changed": _("changed"), "kept": _("kept"),
        "new": _("new"), "same": _("same"),
    }  # fmt: skip
    told = sorted(
        (change for change in changes if change.outcome != "same"),
        key=lambda change: OUTCOMES.index(change.outcome),
    )
    weighty = sum(change.outcome != "new" for change in told)
    shown = told[: max(MOST_ROWS, weighty)]
    counts = count_by_outcome(changes)
    summary = ", ".join(f"{counts[name]} {words[name]}" for name in OUTCOMES if counts[name])
    notes = [summary or _("nothing to import")]
    if len(shown) < len(told):
        more = _("and {n} more; --format json lists all").format(n=len(told) - len(shown))
        notes.insert(0, more)
    if not shown:
        return "\n".join(notes) + "\n"
    columns = [
        Column("", [words[change.outcome] for change in shown], right=False),
        Column(_("Community"), [_short(change.entity) for change in shown], right=False),
        Column(_("Value"), [_short(_item(change)) for change in shown], right=False),
        Column(_("Project"), [_short(change.before) for change in shown], right=False),
        Column(_("Table"), [_short(change.after) for change in shown], right=False),
        Column(_("Where"), [one_line(change.place) for change in shown], right=False),
    ]
    return lay_out(columns, None, notes, piped=piped)


def _item(change: Change) -> str:
    return change.item if change.year is None else f"{change.item} {change.year}"


def _short(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def count_by_outcome(changes: Sequence[Change]) -> dict[Outcome, int]:
    """Count the changes of every kind, also of those that do not occur."""
    return {outcome: sum(c.outcome == outcome for c in changes) for outcome in OUTCOMES}


def import_record(
    changes: Sequence[Change],
    files: Sequence[str],
    ignored: Mapping[str, Sequence[str]],
    *,
    written: bool,
) -> dict[str, Any]:
    """Build the record of an import, schema ``icfscore.import/1``.

    Returns
    -------
    dict
        `counts` by outcome; `files` that are new or changed; `columns_not_read` by table;
        `changes` with every value, the same ones included.
    """
    return {
        "schema": IMPORT_SCHEMA,
        "written": written,
        "counts": count_by_outcome(changes),
        "files": list(files),
        "columns_not_read": {table: list(names) for table, names in ignored.items()},
        "changes": [
            {
                "outcome": change.outcome,
                "entity": change.entity or None,
                "item": change.item,
                "year": change.year,
                "before": change.before or None,
                "after": change.after,
                "place": change.place,
            }
            for change in changes
        ],
    }
