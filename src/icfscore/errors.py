"""What can go wrong, and how it is told: one family of exceptions, one form of message."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing the user can mend, with its place.

    Lines and columns count from 1; 0 means that the problem belongs to the file as a whole.
    """

    file: str
    line: int
    column: int
    what: str
    hint: str = ""

    def __str__(self) -> str:
        """Spell the problem as ``file:line:column: what; hint``."""
        place = f"{self.file}:{self.line}:{self.column}: " if self.line else f"{self.file}: "
        text = (place if self.file else "") + self.what
        return f"{text}; {self.hint}" if self.hint else text


class IcfscoreError(Exception):
    """The base of every error that this package raises on purpose."""


class InputError(IcfscoreError):
    """Files or options that cannot be used as they are; carries all problems found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))

    @classmethod
    def of(cls, what: str, hint: str = "", *, file: str = "") -> InputError:
        """Build the error for a single problem without a line."""
        return cls([Problem(file, 0, 0, what, hint)])


class MethodError(IcfscoreError):
    """A method that is not defined for the numbers it was given.

    Methods know positions only: `row` counts communities, `column` indicators or a node's
    children. The stage that called the method turns them into names.
    """

    def __init__(
        self, what: str, *, remedy: str = "", row: int | None = None, column: int | None = None
    ) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy
        self.row = row
        self.column = column


def nearest_name(word: str, names: Iterable[str]) -> str | None:
    """Find the valid name that a misspelt word most likely means."""
    known = {name.casefold(): name for name in names}
    matches = get_close_matches(word.casefold(), known, n=1, cutoff=0.6)
    return known[matches[0]] if matches else None


def name_hint(word: str, names: Iterable[str], *, what: str = "one of") -> str:
    """Say which name was probably meant, or list the names there are (ten at the most)."""
    candidates = list(names)
    near = nearest_name(word, candidates)
    if near is not None:
        return f"did you mean '{near}'?"
    if not candidates:
        return ""
    more = f" and {len(candidates) - 10} more" if len(candidates) > 10 else ""
    return f"{what}: {', '.join(candidates[:10])}{more}"
