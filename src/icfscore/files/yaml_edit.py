"""Changing YAML files so that comments, order and quotes stay as they were (ruamel.yaml)."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.representer import RoundTripRepresenter

from icfscore.errors import InputError
from icfscore.sentences import say

_FLUSH_ITEM = re.compile(r"^( *)[^\s#-][^\n]*:[ ]*\n\1- ", re.MULTILINE)
_NULL = re.compile(r"\bnull\b")
_LINE_LENGTH = 100
MAX_EDITED = 400_000  # letters: what keeps comments in place is slow


def load_yaml(text: str, name: str) -> Any:
    """Read a file to be changed; an empty one is an empty mapping.

    Raises
    ------
    InputError
        Where it cannot be read.
    """
    if len(text) > MAX_EDITED:
        what = say("is too large to be changed in place: above {most} letters", most=MAX_EDITED)
        raise InputError.of(what, say("split it, or change it by hand"), file=name)
    try:
        data = _yaml(text).load(text)
    except (YAMLError, ValueError) as error:
        reason = str(error).partition("\n")[0]
        raise InputError.of(say("cannot be changed: {reason}", reason=reason), file=name) from None
    if data is None:
        data = CommentedMap()
        comment = text.strip("\n")
        if comment:
            data.yaml_set_start_comment(re.sub(r"^# ?", "", comment, flags=re.MULTILINE))
    return data


def dump_yaml(data: Any, text: str = "") -> str:
    """Spell changed data in the style of the file's old text."""
    stream = io.StringIO()
    _yaml(text).dump(data, stream)
    return stream.getvalue()


class _SpeltNull(RoundTripRepresenter):
    """Spells what is missing ``null``, where ruamel would write nothing."""


def _represent_null(representer: RoundTripRepresenter, _: None) -> Any:
    return representer.represent_scalar("tag:yaml.org,2002:null", "null")


_SpeltNull.add_representer(type(None), _represent_null)


def _yaml(text: str) -> YAML:
    yaml = YAML()
    if _NULL.search(text) or not text:
        yaml.Representer = _SpeltNull
    yaml.preserve_quotes = True
    yaml.allow_unicode = True
    # No line is broken that the file left whole.
    yaml.width = max([_LINE_LENGTH, *(len(line) + 1 for line in text.splitlines())])
    if _FLUSH_ITEM.search(text):
        yaml.indent(mapping=2, sequence=2, offset=0)
    else:
        yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def as_block(data: Any, *, flow_below: int = 1) -> Any:
    """Turn plain data into what is dumped as blocks down to a depth, and on one line below it.

    Examples
    --------
    >>> community = {"id": "a", "observations": {"dust": {"value": 1}}}
    >>> print(dump_yaml(as_block(community, flow_below=2)))
    id: a
    observations:
      dust: {value: 1}
    """
    node: Any
    if isinstance(data, Mapping):
        node = CommentedMap()
        for key, value in data.items():
            node[key] = as_block(value, flow_below=flow_below - 1)
    elif isinstance(data, Sequence) and not isinstance(data, str):
        node = CommentedSeq(as_block(value, flow_below=flow_below - 1) for value in data)
    else:
        return data
    if flow_below <= 0:
        node.fa.set_flow_style()
    return node
