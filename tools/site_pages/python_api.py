"""The names that Python programs may use, from their docstrings."""

from __future__ import annotations

import inspect
from typing import Any

from tools.site_pages.text import definitions, fenced, paragraphs, prose, sections

import icfscore


def python_page() -> str:
    """Write one page of all public names."""
    parts = [
        "# Python",
        "What `import icfscore` offers; everything else may change. "
        "[From Python](../how-to/python.md) shows it at work.",
    ]
    for name in (name for name in icfscore.__all__ if name != "__version__"):
        thing = getattr(icfscore, name)
        parts += [f"## {name}", _signature(name, thing), *_documentation(thing)]
        if inspect.isclass(thing):
            parts += _members(thing)
    return "\n\n".join(part for part in parts if part)


def _members(cls: type) -> list[str]:
    parts = []
    for name, member in vars(cls).items():
        if name.startswith("_") or not (inspect.isfunction(member) or isinstance(member, property)):
            continue
        title = f"### {cls.__name__}.{name}"
        shown = "" if isinstance(member, property) else _signature(name, member)
        parts += [title, shown, *_documentation(member)]
    return parts


def _signature(name: str, thing: Any) -> str:
    if isinstance(thing, type) and issubclass(thing, Exception):
        return ""
    if inspect.isclass(thing) and name in ("Project", "Result", "Uncertainty", "Sensitivity"):
        return ""  # made by load, score, uncertainty, sensitivity
    parameters = [str(each) for each in inspect.signature(thing).parameters.values()]
    shown = (
        f"{name}({', '.join(parameters)})".replace("self, ", "")
        .replace("(self)", "()")
        .replace("'", "")
    )
    return fenced(shown, "text")


def _documentation(thing: Any) -> list[str]:
    parts = []
    for title, body in sections(inspect.cleandoc(inspect.getdoc(thing) or "")):
        if title:
            parts.append(f"**{title}**")
        if title == "Examples":
            parts.append(fenced(body, "pycon"))
        elif title in ("Parameters", "Attributes", "Raises", "Returns"):
            parts.append(
                "\n".join(f"- `{name}`: {prose(text)}" for name, text in definitions(body))
            )
        else:
            parts.append(paragraphs(body))
    return parts
