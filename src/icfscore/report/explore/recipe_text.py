"""The settings as the page writes them down: a whole icfscore.yaml, everything spelt out.

What the page changes (focus, normalisation, aggregation, weighting, weights) it fills in itself;
the rest is as the run had it, the project's scenarios included.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import yaml

from icfscore.recipe import STAGES, Settings, Staged

_PLAIN = re.compile(r"[a-z][a-z0-9_]*")
# Words that some reader of YAML takes for something else than text.
_TAKEN = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
FREE = ("normalisation", "weighting", "aggregation")


class _Dumper(yaml.SafeDumper):  # type: ignore[misc]  # PyYAML has no types
    """Writes what YAML 1.1 and 1.2 read alike: texts in quotes, unless they are plain words."""

    def ignore_aliases(self, data: Any) -> bool:
        del data
        return True


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    plain = _PLAIN.fullmatch(text) is not None and text not in _TAKEN
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if plain else '"')


_Dumper.add_representer(str, _represent_text)


def yaml_line(value: Any) -> str:
    """Spell a value as YAML on one line."""
    text = yaml.dump(
        _plain(value),
        Dumper=_Dumper,
        default_flow_style=True,
        sort_keys=False,
        allow_unicode=True,
        width=10**9,
    )
    return str(text).removesuffix("\n").removesuffix("\n...")


def yaml_of_stage(staged: Staged[Any]) -> str:
    """Spell a stage of the recipe."""
    return yaml_line(staged.describe())


def settings_parts(settings: Settings, scenarios: Any) -> dict[str, str]:
    """Spell the parts of icfscore.yaml that the page leaves alone.

    Parameters
    ----------
    scenarios
        As the project's file has them, or None.

    Returns
    -------
    ``head``, ``recipe`` (its stages, indented) and ``tail``: lines with their line ends.
    """
    described = settings.describe()
    recipe = described["recipe"]
    kept = ["screening", *(stage for stage in STAGES if stage not in FREE)]
    head = [f"{key}: {yaml_line(described[key])}\n" for key in ("reference_year", "max_age")]
    head.append(f"proxies: {yaml_line(described['proxies'])}\n")
    tail = ["uncertainty:\n"]
    tail += [f"  {key}: {yaml_line(value)}\n" for key, value in described["uncertainty"].items()]
    if isinstance(scenarios, Mapping) and scenarios:
        tail.append("scenarios:\n")
        tail += [f"  {yaml_line(key)}: {yaml_line(value)}\n" for key, value in scenarios.items()]
    return {
        "head": "".join(head),
        "recipe": "".join(f"  {key}: {yaml_line(recipe[key])}\n" for key in kept),
        "tail": "".join(tail),
    }


def _plain(value: Any) -> Any:
    """Bring mappings, tuples and numbers of any class to those that YAML knows."""
    return json.loads(json.dumps(value, default=_spell))


def _spell(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else list(value)
