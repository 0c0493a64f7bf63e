"""The sliders: one for every child of every node, as the framework has them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from icfscore.domain.criteria import CriteriaTree, Criterion
from icfscore.report.wording import Wording


@dataclass(frozen=True, slots=True)
class Slider:
    """One weight.

    Attributes
    ----------
    weight, most
        Where it starts and how far it goes.
    movable
        False for what does not count in the project: not scored, or left out for want of values.
    below
        Sliders of what it is made of.
    """

    identifier: str
    name: str
    weight: float
    most: float
    movable: bool
    below: tuple[Slider, ...] = ()


def sliders_of(
    tree: CriteriaTree, weights: Mapping[str, float], movable: frozenset[str], wording: Wording
) -> tuple[Slider, ...]:
    """Lay out the sliders below the root."""
    return _below(tree.root, weights, movable, wording)


def _below(
    node: Criterion, weights: Mapping[str, float], movable: frozenset[str], wording: Wording
) -> tuple[Slider, ...]:
    most = _reach([weights[child.id] for child in node.children])
    return tuple(
        Slider(
            child.id,
            wording.node(child.id),
            weights[child.id],
            most,
            child.id in movable,
            _below(child, weights, movable, wording) if isinstance(child, Criterion) else (),
        )
        for child in node.children
    )


def _reach(weights: list[float]) -> float:
    """Choose how far the sliders of siblings go: four times the mean or more, a round number.

    Examples
    --------
    >>> _reach([1, 1, 1]), _reach([30, 70]), _reach([0, 0.02])
    (5.0, 200.0, 0.1)
    """
    positive = [weight for weight in weights if weight > 0] or [1.0]
    wanted = max(4 * sum(positive) / len(positive), 1.5 * max(positive))
    ten = 10.0 ** math.floor(math.log10(wanted))
    enough = (factor * ten for factor in (1, 2, 5, 10) if factor * ten >= wanted * (1 - 1e-9))
    return float(f"{next(enough):.12g}")  # 0.1, not 0.1000000000000001
