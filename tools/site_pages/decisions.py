"""Decisions that modules explain in their own documentation."""

from __future__ import annotations

import ast
from pathlib import Path

from tools.site_pages.text import formula, prose

import icfscore

SOURCE = Path(icfscore.__file__).parent
MARK = "Decisions."
# Modules that say nothing but why they do it their way.
_WHOLE = (
    "files/located_yaml",
    "methods/drawn",
    "methods/least_effort",
    "methods/perturb/random_bits",
    "methods/perturb/weights_simplex",
    "methods/rank",
    "pipeline/workers",
)


def decisions_in_code() -> str:
    """List what modules say of decisions: a paragraph that begins so, or all they say."""
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        blocks = text.split("\n\n")
        place = path.relative_to(SOURCE).with_suffix("").as_posix()
        told = [_told(block) for block in blocks[1:] if place in _WHOLE or block.startswith(MARK)]
        if told:
            name = f"icfscore.{place}".replace("/", ".").removesuffix(".__init__")
            found.append("\n\n".join((f"### {name}", prose(blocks[0].replace("\n", " ")), *told)))
    return "\n\n".join(found)


def _told(block: str) -> str:
    if block.startswith("    "):
        return f'<div class="formula">{formula(block.strip())}</div>'
    return prose(block.removeprefix(MARK).replace("References\n----------\n", "").strip())
