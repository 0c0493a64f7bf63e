"""Names and texts in one or several languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, StringConstraints

from icfscore.sentences import say


def _check_text(value: Any) -> Any:
    texts = value.values() if isinstance(value, dict) else (value,)
    if texts and all(isinstance(text, str) for text in texts):
        return value
    raise ValueError(say("must be text, or texts by language such as {{en: ..., vi: ...}}"))


def _check_name(value: str | dict[str, str]) -> str | dict[str, str]:
    texts = value.values() if isinstance(value, dict) else (value,)
    if not all(text.strip() for text in texts):
        raise ValueError(say("must not be empty"))
    return value


Line = Annotated[str, StringConstraints(min_length=1)]
Text = Annotated[str | dict[str, str], BeforeValidator(_check_text)]


Name = Annotated[Text, AfterValidator(_check_name)]


# OWASP, "CSV Injection": what makes a spreadsheet calculate, in full width too.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def is_formula_like(text: str) -> bool:
    """Tell whether a spreadsheet would take a text for a formula, apostrophes before it left out.

    One apostrophe more keeps it from that, and reading takes one off again: a text that begins with
    apostrophes of its own comes back with as many.
    """
    return text.lstrip("'").startswith(_FORMULA_STARTS)


def text_in(text: str | Mapping[str, str], language: str = "en") -> str:
    """Choose a text's language: the one asked for, else English, else the first there is."""
    if isinstance(text, str):
        return text
    return text.get(language) or text.get("en") or next(iter(text.values()), "")
