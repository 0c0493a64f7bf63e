"""Linear scales that hang on something declared: goalposts, a target, a community."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from icfscore.errors import MethodError, name_hint
from icfscore.methods.context import Bools, Floats, Note, Scale, Silent
from icfscore.methods.normalise.columns import (
    column_exponents,
    column_range,
    constant_positions,
    first_row_and_column,
    scale_by_power,
)
from icfscore.methods.normalise.linear import check_ends, stretch
from icfscore.methods.normalise.over import Over
from icfscore.sentences import say


def refuse_column(bad: Bools, what: str, remedy: str) -> None:
    """Raise for the first column that is bad in (…, k)."""
    if bad.any():
        column = int(np.argwhere(bad)[0][-1])
        raise MethodError(what, remedy=remedy, column=column)


def distance_from_least(x: Floats, scale: Scale, anchor: Floats, cap: bool) -> Floats:
    """Compute (x - min) / (anchor - min) for an anchor (…, 1, k) above min, capped at 1 or not."""
    everything = np.concatenate(
        np.broadcast_arrays(*column_range(scale.reference), anchor), axis=-2
    )
    exponents = column_exponents(everything) + 1
    least, _ = column_range(scale_by_power(scale.reference, exponents))
    with np.errstate(invalid="ignore", divide="ignore"):
        y = (scale_by_power(x, exponents) - least) / (scale_by_power(anchor, exponents) - least)
    return np.asarray(np.minimum(y, 1.0) if cap else y)


@dataclass(frozen=True, slots=True)
class Goalposts(Silent):
    """Stretch each indicator between its goalposts: scores that no other community can move.

    y = low + (high - low) (x - lower goalpost) / (upper goalpost - lower goalpost)

    Parameters
    ----------
    low, high
        Ends of the range; the better goalpost gets `high`.
    clip
        Hold values beyond a goalpost at the end of the range.
    over
        Taken, as by every normalisation, and without effect: goalposts are fixed.

    Edge behaviour
    --------------
    A constant column is scored like any other. Without `clip` values beyond a goalpost leave the
    range. Ties stay ties, negative values need no care, missing values stay missing.

    Raises
    ------
    ValueError
        Unless low < high, both finite.
    MethodError
        Where an indicator has no goalposts, or equal ones.

    References
    ----------
    UNDP (2022), Human Development Report 2021/22, technical note 1.
    https://hdr.undp.org/sites/default/files/2021-22_HDR/hdr2021-22_technical_notes.pdf

    Examples
    --------
    >>> x = np.array([[52.5], [90.0]])
    >>> Goalposts()(x, Scale.of(x, goalposts=np.array([[20.0, 85.0]]))).ravel()
    array([ 50., 100.])
    """

    low: float = 0.0
    high: float = 100.0
    clip: bool = True
    over: Over = "cohort"
    kind: Literal["goalposts"] = "goalposts"

    def __post_init__(self) -> None:
        """Check the range."""
        check_ends(self.low, self.high)

    def __call__(self, x: Floats, scale: Scale) -> Floats:
        """Normalise x (…, n, k)."""
        lower, upper = scale.goalposts[:, 0] / 2, scale.goalposts[:, 1] / 2
        refuse_column(
            np.isnan(lower) | np.isnan(upper),
            say("the indicator has no goalposts"),
            say("give it `goalposts: [lower, upper]`, or another normalisation under `except`"),
        )
        refuse_column(lower >= upper, say("the goalposts are equal"), say("move them apart"))
        share = (x / 2 - lower) / (upper - lower)
        return stretch(np.clip(share, 0.0, 1.0) if self.clip else share, self.low, self.high)


@dataclass(frozen=True, slots=True)
class Target:
    """Measure how much of the way from the lowest value to the indicator's target is covered.

    y = (x - min) / (target - min): 0 the lowest value, 1 the target

    Parameters
    ----------
    cap
        Hold values beyond the target at 1.
    over
        `cohort`: minimum of the communities scored; `pooled`: of all years.

    Edge behaviour
    --------------
    A constant column gives 0 throughout, with a warning. Ties stay ties, negative values need no
    care, an all-missing column stays missing.

    Raises
    ------
    MethodError
        Where an indicator has no target, or one that does not exceed the lowest value.

    References
    ----------
    OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 5, p. 85 (distance to
    a reference). https://doi.org/10.1787/9789264043466-en

    Examples
    --------
    >>> x = np.array([[0.0], [5.0], [11.0]])
    >>> Target()(x, Scale.of(x, target=np.array([10.0]))).ravel()
    array([0. , 0.5, 1.1])
    """

    cap: bool = False
    over: Over = "cohort"
    kind: Literal["target"] = "target"

    def __call__(self, x: Floats, scale: Scale) -> Floats:
        """Normalise x (…, n, k)."""
        refuse_column(
            np.isnan(scale.target),
            say("the indicator has no target"),
            say("give it a `target`, or another normalisation under `except`"),
        )
        least, _ = column_range(scale.reference)
        refuse_column(
            scale.target <= least,
            say("the target does not exceed the lowest value: there is no way to it to measure"),
            say("give it a more ambitious target, or another normalisation under `except`"),
        )
        anchor = np.broadcast_to(scale.target, least.shape)
        return distance_from_least(x, scale, anchor, self.cap)

    def notes(self, x: Floats, scale: Scale) -> tuple[Note, ...]:
        """Name the constant columns."""
        text = say("all values are equal: every community gets 0")
        return tuple(Note(text, column=j) for j in constant_positions(scale.reference))


@dataclass(frozen=True, slots=True)
class ReferenceCommunity(Silent):
    """Measure how much of the way from the lowest value to one community's value is covered.

    y = (x - min) / (x of the reference community - min): 0 the lowest value, 1 that community's

    Parameters
    ----------
    id
        The community to measure against.
    cap
        Hold values beyond the community's own at 1.
    over
        `cohort`: minimum of the communities scored; `pooled`: of all years.

    Edge behaviour
    --------------
    The reference community gets 1 everywhere. Where it holds the lowest value the method is
    undefined, a constant column included. Ties stay ties, negative values need no care, an
    all-missing column stays missing.

    Raises
    ------
    MethodError
        Where the community is unknown or screened out, lacks the indicator, or holds its lowest
        value.

    References
    ----------
    OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 5, p. 85.
    https://doi.org/10.1787/9789264043466-en

    Examples
    --------
    >>> x = np.array([[2.0], [6.0], [10.0]])
    >>> scale = Scale.of(x, row_by_community={"oulu": 0, "eindhoven": 1, "taoyuan": 2})
    >>> ReferenceCommunity(id="eindhoven")(x, scale).ravel()
    array([0., 1., 2.])
    """

    id: str
    cap: bool = False
    over: Over = "cohort"
    kind: Literal["reference_community"] = "reference_community"

    def __call__(self, x: Floats, scale: Scale) -> Floats:
        """Normalise x (…, n, k)."""
        row = scale.row_by_community.get(self.id)
        if row is None:
            raise MethodError(
                say(
                    "no community '{id}' is scored, so none can be measured against it", id=self.id
                ),
                remedy=name_hint(self.id, scale.row_by_community),
            )
        anchor = x[..., row : row + 1, :]
        least, _ = column_range(scale.reference)
        remedy = say("choose another reference community, or another normalisation under `except`")
        if (bad := np.isnan(anchor) & ~np.isnan(x).all(axis=-2, keepdims=True)).any():
            _, column = first_row_and_column(bad)
            what = say("the reference community has no value")
            raise MethodError(what, remedy=remedy, row=row, column=column)
        if (bad := anchor <= least).any():
            _, column = first_row_and_column(bad)
            what = say("the reference community holds the lowest value: there is no way to measure")
            raise MethodError(what, remedy=remedy, row=row, column=column)
        return distance_from_least(x, scale, anchor, self.cap)
