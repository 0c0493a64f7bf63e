"""What can go wrong, and how it is told: one family of exceptions, one form of message."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Self

from icfscore.sentences import ENGLISH_SIGNS, Signs, Translate, in_language, say

MESSAGE_LENGTH = 2000  # letters of one part
_LONGEST_NAME = 200  # letters of what can be a misspelt name
_JOINERS = "\u200c\u200d"  # within letters and emoji


def visible(text: str, length: int = MESSAGE_LENGTH) -> str:
    r"""Spell a text on one line, so that what is quoted from a file steers no terminal.

    Control, direction and other letters that do not show are spelt as escapes; what is too long is
    cut.

    >>> visible("a\x1b[31m\nb")
    'a\\x1b[31m\\nb'
    """
    if len(text) > length:
        text = f"{text[: length - 1]}…"
    if text.isprintable():
        return text
    return "".join(
        letter
        if letter.isprintable() or letter in _JOINERS or unicodedata.category(letter) == "Zs"
        else letter.encode("unicode_escape").decode()
        for letter in text
    )


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
        return self._place + "; ".join(map(visible, filter(None, (self.what, self.hint))))

    def spoken(self, translate: Translate, signs: Signs = ENGLISH_SIGNS) -> str:
        """Spell the problem in another language."""
        said = (in_language(text, translate, signs) for text in (self.what, self.hint))
        return self._place + "; ".join(map(visible, filter(None, said)))

    @property
    def _place(self) -> str:
        if not self.file:
            return ""
        file = visible(self.file)
        return f"{file}:{self.line}:{self.column}: " if self.line else f"{file}: "


class IcfscoreError(Exception):
    """The base of every error that this package raises on purpose."""

    def spoken(self, translate: Translate, signs: Signs = ENGLISH_SIGNS) -> str:
        """Say what went wrong in another language."""
        return in_language(str(self), translate, signs)


class InputError(IcfscoreError):
    """Files or options that cannot be used as they are; carries all problems found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def spoken(self, translate: Translate, signs: Signs = ENGLISH_SIGNS) -> str:
        """Say what is wrong in another language, a problem a line."""
        return "\n".join(problem.spoken(translate, signs) for problem in self.problems)

    @classmethod
    def of(cls, what: str, hint: str = "", *, file: str = "") -> Self:
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


def message_of(error: Exception) -> str:
    """Take an error's message, with its parts where it is a sentence of ours."""
    said = error.args[0] if len(error.args) == 1 else str(error)
    return said if isinstance(said, str) else str(error)


ONE_OF = say("one of")


def nearest_name(word: str, names: Iterable[str]) -> str | None:
    """Find the valid name that a misspelt word most likely means."""
    if len(word) > _LONGEST_NAME:
        return None
    known = {name.casefold(): name for name in names}
    matches = get_close_matches(word.casefold(), known, n=1, cutoff=0.6)
    return known[matches[0]] if matches else None


def name_hint(word: str, names: Iterable[str], *, what: str = ONE_OF) -> str:
    """Say which name was probably meant, or list the names there are (ten at the most)."""
    candidates = list(names)
    near = nearest_name(word, candidates)
    if near is not None:
        return say("did you mean '{near}'?", near=near)
    if not candidates:
        return ""
    listed = ", ".join(candidates[:10])
    if len(candidates) <= 10:
        return say("{what}: {listed}", what=what, listed=listed)
    left = len(candidates) - 10
    return say("{what}: {listed} and {left} more", what=what, listed=listed, left=left)
