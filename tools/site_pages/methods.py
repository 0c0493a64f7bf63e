"""A page for every method, from its class."""

from __future__ import annotations

from collections.abc import Sequence

from tools.site_pages.text import definitions, fenced, paragraphs, prose, sections, table

from icfscore.report.method_pages import MethodPage, method_pages

_STAGES = {
    "imputation": "What stands in for a missing value.",
    "outliers": "What is done about values far from all others.",
    "normalisation": "How an indicator's values become scores on one scale.",
    "weighting": "How much each child of a node counts.",
    "aggregation": "How the children's scores become the node's.",
    "uncertainty.weights": "How weights vary from draw to draw.",
    "uncertainty.data": "How observed values vary from draw to draw.",
    "uncertainty.missing": "How missing values vary from draw to draw.",
}


def folder_of(stage: str) -> str:
    """Name the folder of a stage's pages, below reference/methods/."""
    return stage.replace(".", "-")


def method_reference() -> dict[str, str]:
    """Write the list of stages, a list of each stage's methods, and a page for each method."""
    by_stage: dict[str, list[MethodPage]] = {}
    for page in method_pages():
        by_stage.setdefault(page.stage, []).append(page)
    rows = [
        (f"[`{stage}`]({folder_of(stage)}/index.md)", _STAGES[stage], str(len(pages)))
        for stage, pages in by_stage.items()
    ]
    pages = {
        "reference/methods/index.md": "# Methods\n\n"
        "Every stage has a choice of methods. `icfscore methods KIND` shows the same in a "
        "terminal; [weights and methods](../../how-to/weights-and-methods.md) says how to choose "
        "one.\n\n" + table(("stage", "what it decides", "methods"), rows)
    }
    for stage, methods in by_stage.items():
        folder = f"reference/methods/{folder_of(stage)}"
        pages[f"{folder}/index.md"] = _stage(stage, methods)
        pages |= {f"{folder}/{page.kind}.md": _page(page) for page in methods}
    return pages


def _stage(stage: str, methods: Sequence[MethodPage]) -> str:
    rows = [
        (f"[`{page.kind}`]({page.kind}.md)", f"`{page.signature}`" if page.signature else "",
         prose(page.summary))
        for page in methods
    ]  # fmt: skip
    return f"# {stage}\n\n{_STAGES[stage]}\n\n" + table(
        ("kind", "parameters", "what it does"), rows
    )


def _page(page: MethodPage) -> str:
    parts = [f"# {page.kind}", f"Stage: [{page.stage}](index.md).", _as_yaml(page)]
    for title, body in sections(page.text):
        if title:
            parts.append(f"## {title}")
        parts.append(_section(title, body, page))
    return "\n\n".join(part for part in parts if part)


def _as_yaml(page: MethodPage) -> str:
    """Show the method as icfscore.yaml chooses it, where its defaults say all it needs."""
    if any(not default or default == "null" for default in page.parameters.values()):
        return ""
    if any(default.startswith(("(", "{")) for default in page.parameters.values()):
        choice = f"{{kind: {page.kind}}}"
    else:
        spelt = "".join(f", {name}: {value}" for name, value in page.parameters.items())
        choice = f"{{kind: {page.kind}{spelt}}}"
    section, _, key = page.stage.rpartition(".")
    return fenced(f"{section or 'recipe'}:\n  {key}: {choice}", "yaml")


def _section(title: str, body: str, page: MethodPage) -> str:
    if title == "Parameters":
        return "\n".join(
            f"- {_named(names, page)}: {prose(text)}" for names, text in definitions(body)
        )
    if title == "Raises":
        return "\n".join(f"- `{name}`: {prose(text)}" for name, text in definitions(body))
    if title == "Examples":
        return fenced(body, "pycon")
    if title == "References":
        return paragraphs(_entries(body))
    return paragraphs(body)


def _named(names: str, page: MethodPage) -> str:
    """Name parameters with their defaults."""
    told = []
    for name in names.split(", "):
        default = page.parameters.get(name, "")
        told.append(f"`{name}` (default `{default}`)" if default else f"`{name}` (required)")
    return ", ".join(told)


def _entries(body: str) -> str:
    """Part references from each other: one ends with its address or a full stop at a line's end."""
    lines: list[str] = []
    for line in body.splitlines():
        ended = bool(lines) and "https://" in lines[-1]
        lines += ["", line] if ended else [line]
    return "\n".join(lines)
