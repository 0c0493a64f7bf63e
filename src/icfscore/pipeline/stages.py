"""The stages between the observed table and the scores, each applied by the recipe.

Everything here works on arrays with any leading draw axes; names appear only in what is said:
methods speak in positions, and this module turns them into communities, indicators and nodes.

Decisions. Imputation sees the scored indicators only. Unscored indicators are treated and
normalised to be shown; where a method is not defined for them they have no normalised value, and
nothing stops.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TypeVar

import numpy as np

from icfscore.domain.criteria import CriteriaTree, Indicator
from icfscore.domain.tables import Bools, Completed, Floats, Treated
from icfscore.errors import InputError, MethodError
from icfscore.methods.context import Cohort, Scale
from icfscore.methods.orient import orient_goalposts, orient_values
from icfscore.recipe import Recipe, Staged
from icfscore.sentences import say

M = TypeVar("M")


@dataclass(frozen=True)
class Columns:
    """The indicators and communities behind a matrix, as arrays that methods take.

    Attributes
    ----------
    scored
        (k,) which indicators count.
    groups
        By grouping name the group of each community; "" where it has none.
    """

    tree: CriteriaTree
    communities: tuple[str, ...]
    indicators: tuple[Indicator, ...]
    scored: Bools
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def sign(self) -> Floats:
        """(k,) 1 where higher is better, -1 where lower is."""
        return np.array([indicator.sign for indicator in self.indicators])

    @cached_property
    def logged(self) -> Bools:
        """(k,) where the logarithm is taken."""
        return np.array([indicator.transform == "log" for indicator in self.indicators], dtype=bool)

    @cached_property
    def goalposts(self) -> Floats:
        """(k, 2) transformed and oriented, NaN where there are none."""
        posts = np.array(
            [indicator.goalposts or (np.nan, np.nan) for indicator in self.indicators], dtype=float
        ).reshape(-1, 2)
        posts[self.logged] = np.log(posts[self.logged])
        return orient_goalposts(posts, self.sign)

    @cached_property
    def target(self) -> Floats:
        """(k,) transformed and oriented, NaN where there is none."""
        target = np.array(
            [np.nan if i.target is None else i.target for i in self.indicators], dtype=float
        )
        target[self.logged] = np.log(target[self.logged])
        return target * self.sign

    @cached_property
    def cohort(self) -> Cohort:
        """What imputation may know."""
        parents = [self.tree.parent_by_id[indicator.id] for indicator in self.indicators]
        order = {node.id: position for position, node in enumerate(self.tree.nodes)}
        codes, names = {}, {}
        for grouping, members in self.groups.items():
            names[grouping] = tuple(sorted(set(members) - {""}))
            number = {name: code for code, name in enumerate(names[grouping])}
            codes[grouping] = np.array([number.get(name, -1) for name in members], dtype=np.int64)
        node = np.array([order[parent] for parent in parents], dtype=np.int64)
        return Cohort(sign=self.sign, node=node, groups=codes, group_names=names)

    def take(self, columns: Bools) -> Columns:
        """Keep some of the indicators."""
        kept = tuple(
            indicator for indicator, keep in zip(self.indicators, columns, strict=True) if keep
        )
        return Columns(self.tree, self.communities, kept, self.scored[columns], self.groups)

    def say(self, error: MethodError, stage: str, kind: str) -> InputError:
        """Turn a method's positions into names."""
        parts = []
        if error.row is not None:
            parts.append(self.communities[error.row])
        if error.column is not None:
            parts.append(self.indicators[error.column].id)
        where = f"{', '.join(parts)}: " if parts else ""
        return InputError.of(
            say(
                "{stage} {kind}: {where}{what}",
                stage=stage,
                kind=kind,
                where=where,
                what=error.what,
            ),
            error.remedy,
        )


def groups_by_method(staged: Staged[M], columns: Columns) -> Iterator[tuple[M, Bools]]:
    """List the methods of an indicator stage, each with the columns (k,) it applies to.

    An unscored column comes by itself, so that nothing it holds can touch the others.
    """
    chosen = [staged.at_indicator(indicator.id, columns.tree) for indicator in columns.indicators]
    distinct: list[M] = []
    for method, scored in zip(chosen, columns.scored, strict=True):
        if scored and method not in distinct:
            distinct.append(method)
    for method in distinct:
        same = np.array([other == method for other in chosen], dtype=bool)
        yield method, same & columns.scored
    for position in np.flatnonzero(~columns.scored):
        yield chosen[position], np.arange(len(chosen)) == position


def _guarded(call: Callable[[], Floats], columns: Columns, stage: str, kind: str) -> Floats | float:
    """Call a method; what is undefined stops the run, or leaves an unscored column missing."""
    try:
        return call()
    except MethodError as error:
        if columns.scored.any():
            raise columns.say(error, stage, kind) from None
        return np.nan


def impute(x: Floats, columns: Columns, recipe: Recipe) -> Completed:
    """Fill the scored indicators of x (…, n, k), natural orientation.

    Raises
    ------
    InputError
        Where a method is not defined for the data.
    """
    filled = np.array(x, copy=True)
    scored = columns.take(columns.scored)
    seen = x[..., columns.scored]
    result = np.array(seen, copy=True)
    for method, mine in groups_by_method(recipe.imputation, scored):
        try:
            result[..., mine] = method(seen, scored.cohort)[..., mine]
        except MethodError as error:
            raise scored.say(error, "imputation", method.kind) from None
    filled[..., columns.scored] = result
    return Completed(filled, np.isnan(x) & ~np.isnan(filled))


def transform_and_treat(x: Floats, columns: Columns, recipe: Recipe) -> Treated:
    """Take logarithms where declared, then treat outliers of x (…, n, k).

    Raises
    ------
    InputError
        Where a logarithm or a treatment is not defined.
    """
    transformed = transform(x, columns)
    result = np.array(transformed, copy=True)
    for method, mine in groups_by_method(recipe.outliers, columns):
        part, values = columns.take(mine), take_columns(transformed, mine)
        result[..., mine] = _guarded(partial(method, values), part, "outliers", method.kind)
    changed = (result != transformed) & ~np.isnan(transformed)
    return Treated(result, changed)


def transform(x: Floats, columns: Columns) -> Floats:
    """Take the natural logarithm of the columns of x (…, n, k) that declare it."""
    result = np.array(x, copy=True)
    logged = columns.logged
    if logged.any():
        values = x[..., logged]
        low = np.argwhere(values <= 0)
        if low.size:  # files are checked before; an imputed or changed value may still be
            row, column = (int(position) for position in low[0][-2:])
            column = int(np.flatnonzero(logged)[column])
            error = MethodError(
                say("the logarithm of a value that is not above 0 is not defined"),
                remedy=say("mend the value, or choose another imputation or no transform"),
                row=row,
                column=column,
            )
            raise columns.say(error, "transform", "log")
        result[..., logged] = np.log(values)
    return result


def normalise(x: Floats, columns: Columns, recipe: Recipe, pooled: Floats | None = None) -> Floats:
    """Orient and normalise x (…, n, k).

    Parameters
    ----------
    pooled
        (m, k) values of all years, transformed, natural orientation; needed where a method's scale
        is taken over them.

    Raises
    ------
    InputError
        Where a method is not defined for the data.
    """
    oriented = orient_values(x, columns.sign)
    over_all_years = None if pooled is None else orient_values(pooled, columns.sign)
    result: Floats | None = None
    for method, mine in groups_by_method(recipe.normalisation, columns):
        part, values = columns.take(mine), take_columns(oriented, mine)
        reference = values
        if method.over == "pooled" and over_all_years is not None:
            reference = over_all_years[:, mine]
        call = partial(method, values, scale_of(reference, part))
        found = _guarded(call, part, "normalisation", method.kind)
        if mine.all() and isinstance(found, np.ndarray):
            return found
        result = np.full_like(oriented, np.nan) if result is None else result
        result[..., mine] = found
    return oriented if result is None else result


def take_columns(x: Floats, mine: Bools) -> Floats:
    """Take columns of x (…, n, k), keeping the axis that runs fastest in memory as it is."""
    if mine.all():
        return x
    if x.ndim == 3:
        return x.transpose(1, 2, 0)[:, mine].transpose(2, 0, 1)
    return np.asarray(x[..., mine])


def scale_of(reference: Floats, columns: Columns) -> Scale:
    """Gather what defines the scale of some columns, oriented."""
    return Scale(
        reference=reference,
        sign=columns.sign,
        goalposts=columns.goalposts,
        target=columns.target,
        row_by_community={name: row for row, name in enumerate(columns.communities)},
    )
