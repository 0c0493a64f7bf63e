"""Joins the pages made from the code with those of docs/, when MkDocs builds the site."""

from __future__ import annotations

import sys
from pathlib import Path, PurePosixPath
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [path for path in (str(ROOT), str(ROOT / "src")) if path not in sys.path]

from tools.site_pages import decisions_in_code, pedigree_table, reference_pages  # noqa: E402

_MADE = reference_pages()
_INSERTS = {"{{ pedigree_table }}": pedigree_table, "{{ decisions_in_code }}": decisions_in_code}
_TITLES = {"commands": "Commands", "methods": "Methods", "files": "Files", "json": "JSON"}


def on_config(config: Any) -> Any:
    """Put the reference and the guide for contributors into the table of contents."""
    reference: dict[str, Any] = {}
    for path in _MADE:
        parts = PurePosixPath(path).parts[1:]
        inner = reference
        for part in parts[:-1]:
            inner = inner.setdefault(_TITLES.get(part, part.replace("-", ".")), {})
        inner[parts[-1]] = path
    config.nav = [*config.nav, {"Reference": _listed(reference)},
                  {"Contribute": ["contributing.md", "translating.md"]}]  # fmt: skip
    return config


def _listed(entries: dict[str, Any]) -> list[Any]:
    return [
        {title: _listed(entry)} if isinstance(entry, dict) else entry
        for title, entry in entries.items()
    ]


def on_files(files: Files, config: Any) -> Files:
    """Add the pages that are made."""
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").replace("](docs/", "](")
    for path, text in {**_MADE, "contributing.md": guide}.items():
        files.append(File.generated(config, path, content=text))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Put tables made from the code where a page asks for them."""
    for mark, make in _INSERTS.items():
        if mark in markdown:
            markdown = markdown.replace(mark, make())
    return markdown
