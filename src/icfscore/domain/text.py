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


def text_in(text: str | Mapping[str, str], language: str = "en") -> str:
    """Choose a text's language: the one asked for, else English, else the first there is."""
    if isinstance(text, str):
        return text
    return text.get(language) or text.get("en") or next(iter(text.values()), "")
