"""One block of draws: from random inputs to the scores of every community in each draw.

A block is a pure function of the plan, the seed and its number. Every uncertain input, a *factor*,
has a random stream of its own, so that a sensitivity analysis can renew one and keep the others.
Draws are the axis that runs fastest in memory; methods see it as the leading one.

Decisions. Only scored indicators are drawn. Screening stays as it is. Where an imputation other
than `none` is used, it sees the drawn values; then the hot deck adds residuals. What else a draw
gets does not depend on its methods. A criterion is drawn, normalised and scored before the next, so
that what is at work fits the cache; memory that is new to the process costs more than all
arithmetic on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from icfscore.domain.tables import Floats
from icfscore.methods.perturb.missing import fill_gaps
from icfscore.methods.perturb.random_bits import fill_uniforms
from icfscore.pipeline.draw_groups import Group, Groups, MatrixOf, group_draws, stream
from icfscore.pipeline.draw_plan import DrawPlan, Part
from icfscore.pipeline.drawn_scores import TreeScores
from icfscore.pipeline.memory import Memory
from icfscore.pipeline.residuals import is_plain
from icfscore.pipeline.stages import impute

Tables = Callable[[Part], tuple[Floats, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A block's outcome.

    Attributes
    ----------
    scores
        (n, B) of the index.
    weights
        By varied node the drawn shares (c, B) of its children.
    """

    scores: Floats
    weights: Mapping[str, Floats]


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """What chance gives a block, before any method has seen it.

    Attributes
    ----------
    values_of
        Gives a part's values (c, n, B), gaps as they are, which may be changed. A part may be asked
        for once; what was given for the one before is then gone, if the memory is used again.
    chance
        (gaps, B) uniform numbers that choose the donors.
    """

    values_of: Callable[[Part], Floats]
    chance: Floats


def draw_block(plan: DrawPlan, block: int, matrix_of: MatrixOf = lambda _: 0) -> Drawn:
    """Draw and score one block.

    Parameters
    ----------
    matrix_of
        Which of the independent samples each factor is taken from.

    Raises
    ------
    InputError
        Where a draw meets values that a method is not defined for.
    """
    groups = group_draws(plan, block, matrix_of)
    memory = Memory.of_thread()
    inputs = draw_inputs(plan, block, matrix_of, memory)
    tables = normalise_inputs(plan, groups, inputs, memory)
    scores, weights = score_nodes(plan, tables, groups, block, matrix_of)
    return Drawn(scores, weights)


def draw_normalised(
    plan: DrawPlan, block: int, matrix_of: MatrixOf = lambda _: 0
) -> tuple[Tables, Groups]:
    """Draw data and methods of a block, and keep the normalised values to be scored repeatedly."""
    groups = group_draws(plan, block, matrix_of)
    inputs = draw_inputs(plan, block, matrix_of, Memory())
    tables = normalise_inputs(plan, groups, inputs, Memory())
    kept = {part: tables(part) for part in plan.parts}
    return kept.__getitem__, groups


def data_streams(plan: DrawPlan, block: int, matrix_of: MatrixOf) -> dict[str, np.random.Generator]:
    """Open the streams of the data errors, by criterion."""
    names = () if plan.errors is None else plan.errors.by_criterion
    return {
        name: stream(plan.seed, f"data.{name}", matrix_of(f"data.{name}"), block) for name in names
    }


def draw_chance(plan: DrawPlan, block: int, matrix_of: MatrixOf) -> Floats:
    """Draw the uniform numbers (gaps, B) that choose the donors."""
    numbers = plan.gap_numbers
    if not len(numbers):
        return np.empty((0, plan.block))
    chance = np.empty((int(numbers.max()) + 1, plan.block))
    fill_uniforms(stream(plan.seed, "missing", matrix_of("missing"), block), chance)
    return chance if np.array_equal(numbers, np.arange(len(chance))) else chance[numbers]


def draw_inputs(plan: DrawPlan, block: int, matrix_of: MatrixOf, memory: Memory) -> Inputs:
    """Draw the values of a block, part by part as they are asked for, and its chances."""
    errors = plan.errors
    streams = data_streams(plan, block, matrix_of)
    shared = np.empty((0, 0)) if errors is None else errors.draw_shared(streams, plan.block)

    def values_of(part: Part) -> Floats:
        observed = plan.values[:, part.columns].T
        x = memory.table("values", (*observed.shape, plan.block))
        if errors is None:
            x[:] = observed[..., None]
            return x
        for name, columns in errors.within(part.criteria, part.columns.start):
            errors.draw(name, streams[name], shared, x[columns])
        return x

    return Inputs(values_of, draw_chance(plan, block, matrix_of))


def normalise_inputs(
    plan: DrawPlan,
    groups: Groups,
    inputs: Inputs,
    memory: Memory,
    completed: Floats | None = None,
) -> Tables:
    """Prepare the normalised values of a part, by group: (B, n, c), or (n, c) for all draws.

    A part may be asked for once; what was given for the one before is then gone, if the memory is
    used again.

    Parameters
    ----------
    completed
        (k, n, B) is filled with the values after gaps are filled, before they are normalised.
    """
    if plan.errors is None and not plan.gaps:
        return _fixed_tables(plan, groups, completed)
    if not all(is_plain(group.combination.recipe) for group in groups):
        return _complete_tables(plan, groups, inputs, completed)

    def tables(part: Part) -> tuple[Floats, ...]:
        x = inputs.values_of(part)
        part.deck.fill(x, inputs.chance[part.gaps], part.columns.start)
        if completed is not None:
            completed[part.columns] = x
        return normalise_part(groups, part, x, memory)

    return tables


def normalise_part(groups: Groups, part: Part, x: Floats, memory: Memory) -> tuple[Floats, ...]:
    """Normalise a part's values x (c, n, B), which may be changed, by group: (B, n, c)."""
    found: list[Floats] = []
    for some in _alike(groups):
        first, last = some[0].draws, some[-1].draws
        if isinstance(first, slice) and isinstance(last, slice):
            mine = x[:, :, first.start : last.stop]
        else:
            draws = np.concatenate([group.draws for group in some])
            mine = memory.table(str(len(found)), (*x.shape[:2], draws.size))
            np.take(x, draws, axis=2, out=mine, mode="clip")
        normalised = some[0].combination.stages[part].normalise_draws(mine)
        start = 0
        for group in some:
            stop = start + group.size
            found.append(normalised[:, :, start:stop].transpose(2, 1, 0))
            start = stop
    return tuple(found)


def _alike(groups: Groups) -> list[list[Group]]:
    """Put neighbouring groups together whose values are normalised in the same way."""
    alike: list[list[Group]] = []
    for group in groups:
        if alike and alike[-1][0].combination.stages is group.combination.stages:
            alike[-1].append(group)
        else:
            alike.append([group])
    return alike


def _complete_tables(
    plan: DrawPlan, groups: Groups, inputs: Inputs, completed: Floats | None
) -> Tables:
    """Impute whole tables, by group, before any part of them is normalised."""
    x = np.concatenate([inputs.values_of(part).copy() for part in plan.parts])
    chance = inputs.chance
    complete = [_complete(plan, group, group.take(x), group.take(chance)) for group in groups]
    if completed is not None:
        for group, values in zip(groups, complete, strict=True):
            completed[..., group.draws] = values

    def tables(part: Part) -> tuple[Floats, ...]:
        return tuple(
            group.combination.stages[part]
            .normalise_draws(values[part.columns].copy())
            .transpose(2, 1, 0)
            for group, values in zip(groups, complete, strict=True)
        )

    return tables


def _fixed_tables(plan: DrawPlan, groups: Groups, completed: Floats | None) -> Tables:
    """Normalise data that do not vary, once for each combination of methods."""
    if completed is not None:
        for group in groups:
            values = impute(plan.values, plan.columns, group.combination.recipe).values
            completed[..., group.draws] = values.T[..., None]

    def tables(part: Part) -> tuple[Floats, ...]:
        for group in groups:
            combination = group.combination
            if part not in combination.plain:
                values = impute(plan.values, plan.columns, combination.recipe).values
                combination.plain.update(
                    (other, stages.normalise_plain(values[:, other.columns]))
                    for other, stages in combination.stages.items()
                )
        return tuple(group.combination.plain[part] for group in groups)

    return tables


def _complete(plan: DrawPlan, group: Group, x: Floats, chance: Floats) -> Floats:
    """Impute a group's draws x (k, n, B), then let the hot deck fill or scatter them."""
    combination = group.combination
    if is_plain(combination.recipe):
        fill_gaps(x, plan.gaps, chance)
        return x
    completed = impute(x.transpose(2, 1, 0), plan.columns, combination.recipe)
    filled = np.array(completed.values.transpose(2, 1, 0), order="C")
    for gap, residuals, u in zip(plan.gaps, combination.residuals, chance, strict=True):
        donor = (u * gap.donors.size).astype(np.intp)
        for residual in residuals:
            residual.apply(filled[residual.column, gap.row], donor)
    return filled


def score_nodes(
    plan: DrawPlan,
    tables: Tables,
    groups: Groups,
    block: int,
    matrix_of: MatrixOf = lambda _: 0,
    fixed: Mapping[str, Floats] | None = None,
) -> tuple[Floats, dict[str, Floats]]:
    """Weigh and aggregate up the tree.

    Parameters
    ----------
    fixed
        Shares (c,) by node that are used instead of drawn ones.

    Returns
    -------
    Scores (n, B) of the root, and the drawn shares (c, B) by varied node.
    """
    tree = TreeScores(plan, groups, block, matrix_of, fixed or {})
    for part in plan.parts:
        tree.score_part(part, tables(part))
    tree.score_rest()
    return tree.together(tree.root), tree.drawn
