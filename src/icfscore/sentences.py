"""Sentences that know their parts, so that they can be said in another language at the edge.

What goes wrong and what methods note is found deep inside, where no language is known. `say` puts
the sentence together in English and keeps its pattern; `in_language` fills a translated pattern
with the same parts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from string import Formatter
from typing import Any

ENGLISH = "en"
LOCALES = Path(__file__).resolve().parent / "locales"
CATALOGUE = "LC_MESSAGES/icfscore.mo"  # below a language's folder
Translate = Callable[[str], str]
Signs = tuple[str, str]  # between whole numbers and fractions, and between thousands
ENGLISH_SIGNS: Signs = (".", ",")


def languages(folder: Path = LOCALES) -> tuple[str, ...]:
    """List the languages that can be spoken: English, and each that has a catalogue."""
    found = sorted(path.name for path in folder.iterdir() if (path / CATALOGUE).is_file())
    return (ENGLISH, *found)


class Sentence(str):
    """A text of ours: equal to its English wording, and able to say itself otherwise.

    Attributes
    ----------
    pattern
        As catalogues know it, with `str.format` places.
    parts
        What stands in those places.
    """

    __slots__ = ("parts", "pattern")

    pattern: str
    parts: Mapping[str, Any]

    def spoken(self, translate: Translate, signs: Signs = ENGLISH_SIGNS) -> str:
        """Say the sentence by a translated pattern; numbers take the signs given."""
        parts = {name: _spoken(part, translate, signs) for name, part in self.parts.items()}
        return _Formatter(signs).vformat(translate(self.pattern), (), parts)

    def __add__(self, other: str) -> Sentence:
        """Go on with another text."""
        return joined("", (self, other))

    def __radd__(self, other: str) -> Sentence:
        """Follow another text."""
        return joined("", (other, self))

    def __reduce__(self) -> tuple[Any, ...]:
        """Keep the parts when sent to another process."""
        return _restore, (str(self), self.pattern, dict(self.parts))


class _Joined(Sentence):
    """Several texts in a row; the pattern is what stands between them."""

    __slots__ = ()

    def spoken(self, translate: Translate, signs: Signs = ENGLISH_SIGNS) -> str:
        """Say every text."""
        between = in_language(self.pattern, translate, signs)
        return between.join(in_language(text, translate, signs) for text in self.parts.values())

    def __reduce__(self) -> tuple[Any, ...]:
        """Keep the parts when sent to another process."""
        return joined, (self.pattern, tuple(self.parts.values()))


def say(pattern: str, /, **parts: object) -> Sentence:
    """Put a sentence together: `parts` stand where the pattern names them, as in `str.format`.

    >>> say("{n} of {all} values", n=2, all=5)
    '2 of 5 values'
    """
    return _sentence(Sentence, pattern.format(**parts), pattern, parts)


def say_many(one: str, many: str, n: int, /, **parts: object) -> Sentence:
    """Put a sentence together that depends on a number, which stands where it names ``{n}``.

    In another language the translation of `many` is said, which must fit every number.

    >>> say_many("{n} file", "{n} files", 1)
    '1 file'
    """
    text = (one if n == 1 else many).format(n=n, **parts)
    return _sentence(Sentence, text, many, {"n": n, **parts})


def joined(between: str, texts: Iterable[str]) -> Sentence:
    """Join texts, sentences among them."""
    listed = tuple(texts)
    parts = {str(position): text for position, text in enumerate(listed)}
    return _sentence(_Joined, between.join(listed), between, parts)


def in_language(text: str, translate: Translate, signs: Signs = ENGLISH_SIGNS) -> str:
    """Say a text in another language, where it is a sentence of ours; else leave it as it is."""
    return text.spoken(translate, signs) if isinstance(text, Sentence) else text


def with_signs(number: str, signs: Signs) -> str:
    """Give a number that is spelt in English another language's decimal and thousands signs.

    >>> with_signs("12,345.6", (",", "."))
    '12.345,6'
    """
    return number.translate({ord(sign): to for sign, to in zip(ENGLISH_SIGNS, signs, strict=True)})


def _sentence(kind: type[Sentence], text: str, pattern: str, parts: Mapping[str, Any]) -> Sentence:
    sentence = str.__new__(kind, text)
    sentence.pattern, sentence.parts = pattern, parts
    return sentence


def _restore(text: str, pattern: str, parts: Mapping[str, Any]) -> Sentence:
    return _sentence(Sentence, text, pattern, parts)


def _spoken(part: Any, translate: Translate, signs: Signs) -> Any:
    """Say a part: a text, or an error."""
    if hasattr(part, "spoken"):
        return part.spoken(translate, signs)
    if isinstance(part, ValueError) and part.args:
        part = part.args[0]
    return in_language(part, translate, signs) if isinstance(part, str) else part


class _Formatter(Formatter):
    """Fills a pattern; fractions, and numbers with a format, take the language's signs."""

    def __init__(self, signs: Signs) -> None:
        self._signs = signs

    def format_field(self, value: Any, format_spec: str) -> str:
        text: str = super().format_field(value, format_spec)
        numeric = isinstance(value, float) or (format_spec and not isinstance(value, str))
        return with_signs(text, self._signs) if numeric else text
