"""PyYAML without libyaml, as where it is built from source, reads the same."""

from __future__ import annotations

import sys
from importlib import util
from pathlib import Path
from types import ModuleType

import pytest

from icfscore.errors import InputError
from icfscore.files import located_yaml

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def without_libyaml() -> ModuleType:
    """Import the reader anew where libyaml's parser cannot be imported."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "yaml.cyaml", None)
        spec = util.spec_from_file_location("located_yaml_in_python", located_yaml.__file__)
        assert spec is not None
        assert spec.loader is not None
        module = util.module_from_spec(spec)
        patch.setitem(sys.modules, spec.name, module)
        spec.loader.exec_module(module)
        assert module.EventParser is not located_yaml.EventParser
        yield module


@pytest.mark.parametrize(
    "name", ["icfscore.yaml", "criteria/framework.yaml", "communities/taoyuan.yaml"]
)
def test_both_parsers_give_the_same_data_and_places(name: str, without_libyaml: ModuleType) -> None:
    read, expected = (
        module.read_document(ROOT / name, name) for module in (without_libyaml, located_yaml)
    )
    assert read.data == expected.data
    assert read.places.keys == expected.places.keys
    assert read.places.values == expected.places.values


@pytest.mark.parametrize("text", ["a: [1, 2}\n", "a: 1\na: 2\n", "a: &x [*x]\n", "a: \x07\n"])
def test_both_parsers_place_a_mistake_alike(text: str, without_libyaml: ModuleType) -> None:
    lines = []
    for module in (without_libyaml, located_yaml):
        with pytest.raises(InputError) as raised:
            module.parse_value(text, "f.yaml")
        lines.append(raised.value.problems[0].line)
    assert lines[0] == lines[1]
