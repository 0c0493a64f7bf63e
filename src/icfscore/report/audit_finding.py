"""One finding of an audit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["serious", "caution", "note"]
SEVERITIES: tuple[Severity, ...] = ("serious", "caution", "note")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a reader of the index must know.

    Attributes
    ----------
    kind
        What it is about, one word for programs.
    about
        Ids of the nodes and indicators it names.
    """

    severity: Severity
    kind: str
    about: tuple[str, ...]
    text: str
