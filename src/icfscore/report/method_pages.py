"""What there is to say about each method, taken from its class and nowhere else."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import MISSING, Field, dataclass, fields
from typing import Any

from icfscore.recipe import STAGES, UNCERTAINTIES, method_classes


@dataclass(frozen=True, slots=True)
class MethodPage:
    """One method as it is listed.

    Attributes
    ----------
    stage
        Its section in YAML, such as ``normalisation`` or ``uncertainty.weights``.
    parameters
        By name the default as YAML spells it; "" where it must be given.
    source
        The paper or handbook that introduced it.
    text
        The whole documentation.
    """

    stage: str
    kind: str
    parameters: dict[str, str]
    summary: str
    source: str
    text: str

    @property
    def signature(self) -> str:
        """Parameters in one line: ``low=0, high=100``."""
        return ", ".join(
            f"{name}={default}" if default else name for name, default in self.parameters.items()
        )


def method_pages() -> Iterator[MethodPage]:
    """List all methods, stage by stage."""
    unions = dict(STAGES) | {f"uncertainty.{name}": union for name, union in UNCERTAINTIES.items()}
    for stage, union in unions.items():
        for kind, cls in method_classes(union).items():
            text = inspect.cleandoc(cls.__doc__ or "")
            yield MethodPage(
                stage,
                kind,
                _parameters(cls),
                text.partition("\n\n")[0].replace("\n", " "),
                " ".join(docstring_section(text, "References").split()),
                text,
            )


def docstring_section(text: str, title: str) -> str:
    """Take one underlined section out of a docstring; "" where it has none."""
    lines = text.splitlines()
    for position, line in enumerate(lines[:-1]):
        if line == title and set(lines[position + 1]) == {"-"}:
            body = lines[position + 2 :]
            ends = (n for n in range(len(body) - 1) if body[n] and set(body[n + 1]) == {"-"})
            return "\n".join(body[: next(ends, len(body))]).strip()
    return ""


def _parameters(cls: type) -> dict[str, str]:
    return {field.name: _spell_default(field) for field in fields(cls) if field.name != "kind"}


def _spell_default(field: Field[Any]) -> str:
    if field.default_factory is not MISSING:
        return _spell(field.default_factory())
    return "" if field.default is MISSING else _spell(field.default)


def _spell(default: Any) -> str:
    if default is None:
        return "null"
    if isinstance(default, bool):
        return str(default).lower()
    return f"{default:g}" if isinstance(default, float) else str(default)
