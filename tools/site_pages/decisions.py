"""Decisions that modules explain in their own documentation."""

from __future__ import annotations

import ast
from pathlib import Path

import icfscore
from tools.site_pages.text import prose

SOURCE = Path(icfscore.__file__).parent
MARK = "Decisions."


def decisions_in_code() -> str:
    """List every module's paragraph that begins with 'Decisions.', under the module's name."""
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        blocks = text.split("\n\n")
        told = [prose(block.removeprefix(MARK).strip()) for block in blocks if block.startswith(MARK)]
        if told:
            name = path.relative_to(SOURCE.parent).with_suffix("").as_posix().replace("/", ".")
            name = name.removesuffix(".__init__")
            found.append("\n\n".join((f"### {name}", prose(blocks[0].replace("\n", " ")), *told)))
    return "\n\n".join(found)
