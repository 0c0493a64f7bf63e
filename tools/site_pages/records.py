"""The JSON that commands write: what the code says of each record, and a real one, shortened."""

from __future__ import annotations

import ast
import json
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from tools.site_pages.made_up import write_assessment, write_award
from tools.site_pages.text import definitions, fenced, paragraphs, prose, sections, table

import icfscore
from icfscore.cli.main import cli

REPORT = Path(icfscore.__file__).parent / "report"
# Of each record: the module that documents it, and a command that writes it, quickly.
_RECORDS = {
    "ranking": ("records", "rank --draws 0"),
    "years": ("years_record", "rank --year 2016..2018 --draws 0"),
    "uncertainty": ("uncertainty_record", "uncertainty --draws 64"),
    "sensitivity": ("sensitivity_record", "sensitivity --draws 16"),
    "whatif": ("whatif_record", "whatif --change binh_duong.pm25_ugm3=10 --draws 64"),
    "plan": ("plan_record", "plan binh_duong --top 18 --draws 64"),
    "profile": ("profile_record", "profile binh_duong --draws 64"),
    "comparison": ("comparison_record", "compare binh_duong curitiba --draws 64"),
    "scenarios": ("scenarios_record", "scenarios"),
    "backtest": ("backtest_record", "backtest --draws 64"),
    "audit": ("audit", "audit --draws 64"),
    "stages": ("stages_record", "export"),
    "panel": ("panel_record", "panel"),
    "funnel": ("funnel_record", "funnel --draws 64"),
}
_MADE_UP = {"panel", "funnel"}  # the built-in project has no panels and no stages
MOST = 2
_SHORTENED = "Of {whose}, shortened: long lists and mappings to their first entries."
_SELF_ASSESSMENT = "a made-up self-assessment, asked by `icfscore assess`"


def record_pages() -> dict[str, str]:
    """Write the list of records and a page for each."""
    rows = [
        (f"[`icfscore.{name}/1`]({name}.md)", f"`icfscore {command.split()[0]}`")
        for name, (_, command) in _RECORDS.items()
    ]
    index = (
        "# JSON\n\n`--format json` gives every number of a command at full precision, with ids "
        "instead of sentences. The schema's number rises when a key changes its meaning; new keys "
        "may come at any time. What cannot be told is `null`.\n\n"
    )
    pages = {"reference/json/index.md": index + table(("schema", "written by"), rows)}
    for name, (module, command) in _RECORDS.items():
        pages[f"reference/json/{name}.md"] = _page(name, module, command)
    return pages


def _page(name: str, module: str, command: str) -> str:
    parts = [
        f"# icfscore.{name}/1",
        fenced(f"icfscore {command} --format json", "sh"),
        *_documentation(module, name),
    ]
    record = _run_made_up(command, write_award) if name in _MADE_UP else _run(command)
    if record["schema"] != f"icfscore.{name}/1":
        raise ValueError(f"'icfscore {command}' gives {record['schema']}")
    whose = "a made-up project" if name in _MADE_UP else "the built-in project"
    parts += ["## A record", _SHORTENED.format(whose=whose), _shown(record)]
    if name == "profile":
        town = _run_made_up("profile my_town --draws 64", write_assessment)
        parts += ["## A snapshot", _SHORTENED.format(whose=_SELF_ASSESSMENT)]
        parts.append(_shown({"snapshot": town["snapshot"]}))
    return "\n\n".join(parts)


def _shown(record: Any) -> str:
    text = json.dumps(_shorten(record), indent=2, ensure_ascii=False)
    return fenced(re.sub(r'"…(?:": "…)?"', "…", text), "text")


def _run_made_up(command: str, write: Callable[[Path], None]) -> Any:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "made-up"
        write(folder)
        return _run(f"{command} -C {folder}")


def _run(command: str) -> Any:
    result = CliRunner().invoke(cli, [*command.split(), "--quiet", "--format", "json"])
    if result.exit_code:
        raise ValueError(f"'icfscore {command}' fails: {result.stderr}")
    return json.loads(result.stdout)


def _documentation(module: str, name: str) -> list[str]:
    """Take what the module and its function say of the record's keys."""
    tree = ast.parse((REPORT / f"{module}.py").read_text(encoding="utf-8"))
    texts = [ast.get_docstring(tree) or ""]
    texts += [
        ast.get_docstring(node) or ""
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name == f"{name}_record"
    ]
    parts = []
    for text in texts:
        for title, body in sections(text):
            if title in ("Keys", "Returns"):
                parts += ["## Keys" if title == "Keys" else "", _keys(body)]
            elif title in ("", "Notes"):
                parts.append(paragraphs(body if text is not texts[-1] or len(texts) == 1
                                        else body.partition("\n\n")[2]))  # fmt: skip
    return [part for part in parts if part]


def _keys(body: str) -> str:
    return "\n".join(f"- {prose(name)}: {prose(text)}" for name, text in definitions(body))


def _shorten(value: Any, depth: int = 0) -> Any:
    if isinstance(value, dict):
        most = MOST if depth and len(value) > 15 else len(value)
        short = {key: _shorten(inner, depth + 1) for key, inner in list(value.items())[:most]}
        return short | ({"…": "…"} if most < len(value) else {})
    if isinstance(value, list):
        most = 1 if value and isinstance(value[0], dict) else MOST
        first = [_shorten(inner, depth + 1) for inner in value[:most]]
        return [*first, "…"] if most < len(value) else first
    if isinstance(value, float):
        return round(value, 6)
    return value
