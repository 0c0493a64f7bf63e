"""House rules that a machine can keep."""

from __future__ import annotations

import ast
import inspect
import re
from dataclasses import fields
from pathlib import Path

import pytest

from icfscore.recipe import STAGES, UNCERTAINTIES, method_classes
from icfscore.report.method_pages import docstring_section

SOURCE = Path(__file__).parents[1] / "src" / "icfscore"
METHODS = [
    pytest.param(cls, id=f"{stage}-{kind}")
    for stage, union in STAGES.items()
    for kind, cls in method_classes(union).items()
]
VARIATIONS = [
    pytest.param(cls, id=f"{stage}-{kind}")
    for stage, union in UNCERTAINTIES.items()
    for kind, cls in method_classes(union).items()
]


@pytest.mark.parametrize("cls", METHODS)
def test_a_method_is_documented_whole(cls: type) -> None:
    text = inspect.cleandoc(cls.__doc__ or "")
    for section in ("Edge behaviour", "References", "Examples"):
        assert docstring_section(text, section), f"no section '{section}'"
    assert ">>>" in docstring_section(text, "Examples")


@pytest.mark.parametrize("cls", METHODS)
def test_every_parameter_is_explained(cls: type) -> None:
    explained = docstring_section(inspect.cleandoc(cls.__doc__ or ""), "Parameters")
    names = re.findall(r"^([\w, ]+)$", explained, flags=re.MULTILINE)
    known = {name.strip() for line in names for name in line.split(",")}
    # `over` means the same for every normalisation that has no scale of its own.
    assert {field.name for field in fields(cls)} - {"kind", "over"} <= known


@pytest.mark.parametrize("cls", [*METHODS, *VARIATIONS])
def test_a_method_is_frozen_and_names_its_source(cls: type) -> None:
    assert cls.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert "__slots__" in vars(cls)
    kind = next(field.default for field in fields(cls) if field.name == "kind")
    assert re.fullmatch(r"[a-z][a-z0-9_]*", str(kind))
    assert docstring_section(inspect.cleandoc(cls.__doc__ or ""), "References")


def test_files_stay_short() -> None:
    long = {
        path.relative_to(SOURCE).as_posix(): n
        for path in SOURCE.rglob("*.py")
        if (n := path.read_text(encoding="utf-8").count("\n")) > 310
    }
    assert long == {}


def test_nothing_reads_outside_the_project() -> None:
    named = [
        path.name
        for path in (*SOURCE.rglob("*"), *Path(__file__).parent.rglob("*.py"))
        if path.is_file() and path.suffix in (".py", ".yaml", ".j2") and path != Path(__file__)
        if "../shared" in path.read_text(encoding="utf-8")
    ]
    assert named == []


def test_random_numbers_come_from_keyed_streams_only() -> None:
    legacy = []
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in (
                "default_rng",
                "seed",
                "RandomState",
            ):
                root = ast.unparse(node)
                if root.startswith(("np.random.", "random.")):
                    legacy.append(f"{path.name}: {root}")
    assert legacy == []
