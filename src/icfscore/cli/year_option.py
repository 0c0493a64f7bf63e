"""What ``--year`` takes: a year, or a range of years."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    _Converter = click.ParamType[int | tuple[int, ...]]
else:
    _Converter = click.ParamType  # takes no type before click 8.4

_MOST_YEARS = 100


class Years(_Converter):
    """A year, or a range of years such as 2016..2022."""

    name = "year"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> int | tuple[int, ...]:
        """Read ``2018`` or ``2016..2022``."""
        if isinstance(value, int | tuple):
            return value
        found = re.fullmatch(r"(\d{1,9})(?:\.\.(\d{1,9}))?", str(value).strip())
        if found is None:
            self.fail(f"'{value}' is no year such as 2018, and no range such as 2016..2022")
        first, last = int(found[1]), int(found[2] or found[1])
        if found[2] is None:
            return first
        if not 0 < last - first < _MOST_YEARS:
            self.fail(
                f"'{value}': the first year comes first, and {_MOST_YEARS} years are the most"
            )
        return tuple(range(first, last + 1))
