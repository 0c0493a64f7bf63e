"""Children that a distribution of weights names, against those that there are."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from icfscore.errors import MethodError, name_hint
from icfscore.methods.context import Siblings
from icfscore.sentences import say


def refuse_strangers(
    where: str, named: Iterable[str], siblings: Siblings, elsewhere: Collection[str]
) -> None:
    """Raise an error for a name that is neither the node's child nor that of another varied node.

    Parameters
    ----------
    where
        The parameter that names them.
    elsewhere
        Ids of the children of the other nodes that vary.
    """
    known = siblings.declared or siblings.names
    for name in named:
        if name not in known and name not in elsewhere:
            raise MethodError(
                say(
                    "{where}: '{name}' is no child of {node}",
                    where=where,
                    name=name,
                    node=siblings.node,
                ),
                remedy=name_hint(name, known, what=say("its children are")),
            )
