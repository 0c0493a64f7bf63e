"""What weightings by people's judgement share: from the children named to those scored."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from icfscore.errors import MethodError, name_hint
from icfscore.methods.context import Floats, Note, Siblings
from icfscore.sentences import say

LARGEST = 1e9
"""Comparisons beyond this are slips: Saaty's scale ends at 9."""


def cut_to_scored(judged: Sequence[str], w: Floats, siblings: Siblings, where: str) -> Floats:
    """Cut the weights w of the judged children to those that take part: shares (c,).

    Raises
    ------
    MethodError
        If a judged name is no child of the node, a child that takes part was not judged, or those
        that take part have no weight.
    """
    known = siblings.declared or siblings.names
    for name in judged:
        if name not in known:
            raise MethodError(
                say(
                    "{where}: '{name}' is no child of {node}",
                    where=where,
                    name=name,
                    node=siblings.node,
                ),
                remedy=name_hint(name, known, what=say("its children are")),
            )
    weight_by_child = dict(zip(judged, map(float, w), strict=True))
    for name in siblings.names:
        if name not in weight_by_child:
            raise MethodError(
                say(
                    "{where}: '{name}', a scored child of {node}, is missing",
                    where=where,
                    name=name,
                    node=siblings.node,
                ),
                remedy=say("name it there, or give it the weight 0"),
            )
    scored = np.array([weight_by_child[name] for name in siblings.names])
    if not scored.max() > 0:
        raise MethodError(
            say(
                "{where}: no scored child of {node} has any weight", where=where, node=siblings.node
            )
        )
    scored = scored / scored.max()
    return np.asarray(scored / scored.sum())


def cut_notes(judged: Sequence[str], siblings: Siblings) -> tuple[Note, ...]:
    """Tell which judged children take no part, so that the rest shares their weight."""
    idle = [name for name in judged if name not in siblings.names]
    if not idle:
        return ()
    text = say(
        "judged but not scored, their weight goes to the others: {listed}", listed=", ".join(idle)
    )
    return (Note(text, level="info"),)
