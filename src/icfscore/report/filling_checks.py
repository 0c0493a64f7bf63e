"""What a workbook to fill in checks while it is filled: bounds, units, words, sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from icfscore.domain.communities import LEVELS, Comparability, Status
from icfscore.domain.criteria import Indicator, Quantity
from icfscore.domain.filling import HEADER_ROWS, SOURCES
from icfscore.domain.questions import answers_of
from icfscore.report.language import Language

_LONGEST_LIST = 255  # letters that a list of choices may have
_MOST_SOURCES = 5_000
_ALARM = PatternFill("solid", bgColor="F2BE5C")
_YEARS = (1000, 2999)


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of one quantity, first and last."""

    quantity: Quantity
    first: int
    last: int


def add_checks(
    sheet: Any,
    blocks: Sequence[Block],
    columns: Sequence[str],
    language: Language,
    *,
    links: bool = False,
) -> None:
    """Add data validation to a sheet of values, and mark values without a source.

    Parameters
    ----------
    links
        Whether a source may be a link or a title, which becomes one when it is read back.
    """
    _ = language.gettext
    letter = {name: get_column_letter(at) for at, name in enumerate(columns, start=1)}
    if not blocks or blocks[-1].last < blocks[0].first:
        return
    first, last = blocks[0].first, blocks[-1].last
    for block in blocks:
        if block.last < block.first:
            continue
        for check, column in _checks_of(block.quantity, language):
            check.add(f"{letter[column]}{block.first}:{letter[column]}{block.last}")
            sheet.data_validations.append(check)
    lists = {"level": LEVELS, "status": get_args(Status), "comparability": get_args(Comparability)}
    for column, words in lists.items():
        check = _check("list", f'"{",".join(words)}"')
        check.add(f"{letter[column]}{first}:{letter[column]}{last}")
        sheet.data_validations.append(check)
    sources = _check("list", f"'{SOURCES}'!$A$2:$A${_MOST_SOURCES}")
    sources.error = _("No such source: add it to the sheet 'sources' first.")
    sources.showErrorMessage = not links  # a spreadsheet would refuse to take the link
    sources.add(f"{letter['source']}{first}:{letter['source']}{last}")
    sheet.data_validations.append(sources)
    years = _check("whole", str(_YEARS[0]), "between", formula2=str(_YEARS[1]))
    years.error = _("A year such as 2018.")
    years.add(f"{letter['year']}{first}:{letter['year']}{last}")
    sheet.data_validations.append(years)
    missing = f'AND(${letter["value"]}{first}<>"",${letter["source"]}{first}="")'
    span = f"{letter['source']}{HEADER_ROWS + 1}:{letter['source']}{last}"
    sheet.conditional_formatting.add(span, FormulaRule(formula=[missing], fill=_ALARM))


def _checks_of(quantity: Quantity, language: Language) -> Iterator[tuple[DataValidation, str]]:
    _ = language.gettext
    answers = answers_of(quantity) if isinstance(quantity, Indicator) else ()
    if answers:
        words = _list_of([answer.word for answer in answers])
        if words:
            # A number may stand there as well, so the list is a suggestion.
            yield _check("list", words, errorStyle="warning"), "value"
    else:
        low, high = quantity.bounds
        check = _bounded(low, high)
        check.error = _("A number within the bounds, in the unit beside it.")
        yield check, "value"
    units = _list_of([quantity.unit])
    if units:
        check = _check("list", units, errorStyle="warning")
        check.error = _("Another unit is converted if it measures the same thing.")
        yield check, "unit"


def _list_of(words: Sequence[str]) -> str:
    """Spell words to choose from as a check does; "" where they are too long or cannot stand there.

    A check holds no letters that XML has no place for, and has no way to quote a comma.
    """
    listed = ",".join(words)
    fits = 0 < len(listed) < _LONGEST_LIST
    plain = all(word.isprintable() and not {*word} & {",", '"'} for word in words)
    return f'"{listed}"' if fits and plain else ""


def _bounded(low: float | None, high: float | None) -> DataValidation:
    """Make the check of a number; one in another unit may leave the bounds, so it only warns."""
    if low is not None and high is not None:
        check = _check("decimal", repr(low), "between", formula2=repr(high))
    elif low is not None:
        check = _check("decimal", repr(low), "greaterThanOrEqual")
    elif high is not None:
        check = _check("decimal", repr(high), "lessThanOrEqual")
    else:
        check = _check("decimal", "-1E+307", "between", formula2="1E+307")
    check.errorStyle = "warning"
    return check


def _check(kind: str, formula: str, operator: str | None = None, **given: Any) -> DataValidation:
    return DataValidation(
        type=kind, formula1=formula, operator=operator, allow_blank=True, showErrorMessage=True,
        **given,
    )  # fmt: skip
