"""Imputation by averages of the indicator, over all communities or over those alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from icfscore.errors import MethodError, name_hint
from icfscore.methods.context import Cohort, Floats, Ints, Note
from icfscore.methods.impute.gaps import fill, notes_on_empty
from icfscore.methods.normalise.columns import column_means, column_quantiles
from icfscore.sentences import say


def column_medians(x: Floats) -> Floats:
    """Take medians (…, 1, k)."""
    return column_quantiles(x, 0.5)


def group_numbers(by: str, cohort: Cohort) -> Ints:
    """Look up the group number (n,) of each community, -1 where it has none."""
    if by not in cohort.groups:
        raise MethodError(
            say("no community has a group '{by}'", by=by),
            remedy=name_hint(by, cohort.groups) or say("give communities `groups`"),
        )
    return cohort.groups[by]


def fill_by_group(x: Floats, groups: Ints, average: Callable[[Floats], Floats]) -> Floats:
    """Fill x (…, n, k) with its group's average, else the column's."""
    values = np.broadcast_to(average(x), x.shape).copy()
    for group in np.unique(groups[groups >= 0]):
        rows = groups == group
        own = average(x[..., rows, :])
        values[..., rows, :] = np.where(np.isnan(own), values[..., rows, :], own)
    return fill(x, values)


def notes_on_groups(x: Floats, by: str, cohort: Cohort) -> tuple[Note, ...]:
    """Name what took the whole column: groups of x (n, k) without values, communities without."""
    groups = group_numbers(by, cohort)
    gone = np.isnan(x)
    notes = []
    for group in np.unique(groups[groups >= 0]):
        empty = gone[groups == group].all(axis=0) & ~gone.all(axis=0)
        name = cohort.group_names[by][group] if by in cohort.group_names else str(group)
        text = say(
            "no community with {by} '{name}' has a value: all communities' average is taken",
            by=by,
            name=name,
        )
        notes += [Note(text, column=int(j)) for j in np.flatnonzero(empty)]
    text = say("belongs to no group '{by}': all communities' average is taken", by=by)
    alone = (groups < 0) & gone.any(axis=1)
    return (*notes, *(Note(text, row=int(i)) for i in np.flatnonzero(alone)))


@dataclass(frozen=True, slots=True)
class Mean:
    """Fill a gap with the mean of the indicator.

    Edge behaviour
    --------------
    Shrinks the indicator's variance and its correlations. An all-missing column stays missing, with
    a warning; a community without any value gets means throughout, with a warning.

    References
    ----------
    Little and Rubin (2002), Statistical Analysis with Missing Data, ch. 4.
    https://doi.org/10.1002/9781119013563

    Examples
    --------
    >>> x = np.array([[1.0], [2.0], [6.0], [np.nan]])
    >>> Mean()(x, Cohort(sign=np.ones(1), node=np.zeros(1, dtype=int))).ravel()
    array([1., 2., 6., 3.])
    """

    kind: Literal["mean"] = "mean"

    def __call__(self, x: Floats, cohort: Cohort) -> Floats:
        """Impute x (…, n, k)."""
        return fill(x, column_means(x))

    def notes(self, x: Floats, cohort: Cohort) -> tuple[Note, ...]:
        """Name empty indicators and communities."""
        return notes_on_empty(x, self(x, cohort))


@dataclass(frozen=True, slots=True)
class Median:
    """Fill a gap with the median of the indicator: for skewed indicators.

    Edge behaviour
    --------------
    As for `mean`: shrinks variance and correlations; what has no value is named in a warning.

    References
    ----------
    OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 3.
    https://doi.org/10.1787/9789264043466-en

    Examples
    --------
    >>> x = np.array([[1.0], [2.0], [6.0], [np.nan]])
    >>> Median()(x, Cohort(sign=np.ones(1), node=np.zeros(1, dtype=int))).ravel()
    array([1., 2., 6., 2.])
    """

    kind: Literal["median"] = "median"

    def __call__(self, x: Floats, cohort: Cohort) -> Floats:
        """Impute x (…, n, k)."""
        return fill(x, column_medians(x))

    def notes(self, x: Floats, cohort: Cohort) -> tuple[Note, ...]:
        """Name empty indicators and communities."""
        return notes_on_empty(x, self(x, cohort))


@dataclass(frozen=True, slots=True)
class GroupMean:
    """Fill a gap with the mean of the indicator over the communities of the same group.

    Parameters
    ----------
    by
        Name of the grouping, a key of the communities' `groups`.

    Edge behaviour
    --------------
    A group without values, and a community without a group, take the mean over all communities,
    with a warning. An all-missing column stays missing, with a warning.

    Raises
    ------
    ValueError
        For an empty name.
    MethodError
        For a grouping that no community has.

    References
    ----------
    Little and Rubin (2002), Statistical Analysis with Missing Data, ch. 4 (means within adjustment
    cells). https://doi.org/10.1002/9781119013563

    Examples
    --------
    >>> x = np.array([[1.0], [3.0], [np.nan], [9.0]])
    >>> cohort = Cohort(
    ...     sign=np.ones(1), node=np.zeros(1, dtype=int), groups={"size": np.array([0, 0, 0, 1])}
    ... )
    >>> GroupMean(by="size")(x, cohort).ravel()
    array([1., 3., 2., 9.])
    """

    by: str
    kind: Literal["group_mean"] = "group_mean"

    def __post_init__(self) -> None:
        """Check the name."""
        if not self.by:
            raise ValueError(say("by must name a grouping of the communities, got ''"))

    def __call__(self, x: Floats, cohort: Cohort) -> Floats:
        """Impute x (…, n, k)."""
        return fill_by_group(x, group_numbers(self.by, cohort), column_means)

    def notes(self, x: Floats, cohort: Cohort) -> tuple[Note, ...]:
        """Name what had to take the whole column."""
        return notes_on_empty(x, self(x, cohort)) + notes_on_groups(x, self.by, cohort)


@dataclass(frozen=True, slots=True)
class GroupMedian:
    """Fill a gap with the median of the indicator over the communities of the same group.

    Parameters
    ----------
    by
        Name of the grouping, a key of the communities' `groups`.

    Edge behaviour
    --------------
    As for `group_mean`: what has no group or no values in it takes the median over all communities,
    with a warning.

    Raises
    ------
    ValueError
        For an empty name.
    MethodError
        For a grouping that no community has.

    References
    ----------
    Becker et al. (2022), COINr: An R package for developing composite indicators, function
    i_median_grp. https://doi.org/10.21105/joss.04567

    Examples
    --------
    >>> x = np.array([[1.0], [3.0], [8.0], [np.nan], [9.0]])
    >>> cohort = Cohort(
    ...     sign=np.ones(1), node=np.zeros(1, dtype=int), groups={"size": np.array([0, 0, 0, 0, 1])}
    ... )
    >>> GroupMedian(by="size")(x, cohort).ravel()
    array([1., 3., 8., 3., 9.])
    """

    by: str
    kind: Literal["group_median"] = "group_median"

    def __post_init__(self) -> None:
        """Check the name."""
        if not self.by:
            raise ValueError(say("by must name a grouping of the communities, got ''"))

    def __call__(self, x: Floats, cohort: Cohort) -> Floats:
        """Impute x (…, n, k)."""
        return fill_by_group(x, group_numbers(self.by, cohort), column_medians)

    def notes(self, x: Floats, cohort: Cohort) -> tuple[Note, ...]:
        """Name what had to take the whole column."""
        return notes_on_empty(x, self(x, cohort)) + notes_on_groups(x, self.by, cohort)
