"""Spelling plain data as YAML, fast: thousands of new files need no round trip."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from icfscore.files.located_yaml import resolve_scalar

# Words that mean themselves wherever they stand; anything else is put in quotes.
_PLAIN = re.compile(r"[^\W\d_](?:[\w .%/^()'’-]*[\w%)])?")


def spell_scalar(value: Any) -> str:
    """Spell a text, number, truth value or nothing.

    Examples
    --------
    >>> print(spell_scalar("Thủ Dầu Một"), spell_scalar("no: 1"), spell_scalar("null"))
    Thủ Dầu Một "no: 1" "null"
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        if _PLAIN.fullmatch(value) and isinstance(resolve_scalar(value), str):
            return value
        return json.dumps(value, ensure_ascii=False)
    return repr(value)


def spell_flow(value: Any) -> str:
    """Spell data on one line.

    Examples
    --------
    >>> print(spell_flow({"value": 1.5, "interval": [1, 2], "note": "a, b"}))
    {value: 1.5, interval: [1, 2], note: "a, b"}
    """
    if isinstance(value, Mapping):
        inner = (f"{spell_scalar(key)}: {spell_flow(inside)}" for key, inside in value.items())
        return f"{{{', '.join(inner)}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(spell_flow, value))}]"
    return spell_scalar(value)


def spell_entity(data: Mapping[str, Any]) -> str:
    """Spell a community: a line a field, a line an observation."""
    lines = [f"{key}: {spell_flow(value)}" for key, value in data.items() if key != "observations"]
    observations = data.get("observations") or {}
    lines.append("observations:" if observations else "observations: {}")
    for name, entry in observations.items():
        if isinstance(entry, list):
            lines.append(f"  {name}:")
            lines += [f"    - {spell_flow(each)}" for each in entry]
        else:
            lines.append(f"  {name}: {spell_flow(entry)}")
    return "\n".join(lines) + "\n"
