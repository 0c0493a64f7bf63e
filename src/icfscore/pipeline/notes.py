"""What methods have to say about the data they met, with names in the place of positions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from icfscore.domain.tables import Bools, Completed, Floats, Treated
from icfscore.methods.context import Note
from icfscore.methods.orient import orient_values
from icfscore.pipeline.nodes import TreePlan
from icfscore.pipeline.stages import Columns, groups_by_method, scale_of, transform
from icfscore.recipe import Recipe
from icfscore.sentences import say

MOST_NAMED = 25  # communities in one note; the rest is in the export


def indicator_notes(
    observed: Floats,
    completed: Completed,
    treated: Treated,
    columns: Columns,
    recipe: Recipe,
    pooled: Floats | None,
) -> Iterator[Note]:
    """Collect the notes of imputation, outlier treatment and normalisation; tables are (n, k)."""
    scored = columns.take(columns.scored)
    seen = observed[:, columns.scored]
    for imputation, mine in groups_by_method(recipe.imputation, scored):
        said = [
            note
            for note in imputation.notes(seen, scored.cohort)
            if note.column is None or mine[note.column]
        ]
        yield from _named(f"imputation {imputation.kind}", said, scored)
    yield from _changes(say("imputation filled"), completed.imputed, completed.values, columns)
    transformed = transform(completed.values, columns)
    for treatment, mine in groups_by_method(recipe.outliers, columns):
        part = columns.take(mine)
        if part.scored.any():
            spoken = treatment.notes(transformed[:, mine])
            yield from _named(f"outliers {treatment.kind}", spoken, part)
    yield from _changes(say("outlier treatment changed"), treated.treated, treated.values, columns)
    oriented = orient_values(treated.values, columns.sign)
    reference = oriented if pooled is None else orient_values(pooled, columns.sign)
    for method, mine in groups_by_method(recipe.normalisation, columns):
        part = columns.take(mine)
        if part.scored.any():
            over = reference if method.over == "pooled" else oriented
            spoken = method.notes(oriented[:, mine], scale_of(over[:, mine], part))
            yield from _named(f"normalisation {method.kind}", spoken, part)


def node_notes(
    normalised: Floats,
    plan: TreePlan,
    scores: Mapping[str, Floats],
    shares: Mapping[str, Floats],
) -> Iterator[Note]:
    """Collect the notes of weighting and aggregation, from the root down."""
    columns = {name: normalised[:, position] for position, name in enumerate(plan.indicators)}
    columns |= scores
    for step in reversed(plan.nodes):
        if not step.counted:
            continue
        x = np.stack([columns[name] for name in step.siblings.names], axis=-1)
        said = [
            *(
                (f"weighting {step.weighting.kind}", n)
                for n in step.weighting.notes(x, step.siblings)
            ),
            *(
                (f"aggregation {step.aggregation.kind}", n)
                for n in step.aggregation.notes(x, shares[step.node], step.siblings)
            ),
        ]
        for stage, note in said:
            names = [step.node]
            if note.row is not None:
                names.insert(0, plan.communities[note.row])
            if note.column is not None:
                names.append(step.siblings.names[note.column])
            yield Note(
                say(
                    "{stage}: {listed}: {text}",
                    stage=stage,
                    listed=", ".join(names),
                    text=note.text,
                ),
                level=note.level,
            )


def _named(stage: str, said: Iterable[Note], columns: Columns) -> Iterator[Note]:
    """Name the notes of an indicator stage; equal ones of several indicators become one."""
    names: dict[tuple[str, str], list[str]] = {}
    for note in said:
        parts = [] if note.row is None else [columns.communities[note.row]]
        parts += [] if note.column is None else [columns.indicators[note.column].id]
        names.setdefault((note.text, note.level), []).append(" ".join(parts))
    for (text, level), where in names.items():
        place = ", ".join(filter(None, where))
        yield Note(
            say("{stage}: {place}: {text}", stage=stage, place=place, text=text)
            if place
            else say("{stage}: {text}", stage=stage, text=text),
            level="warning" if level == "warning" else "info",
        )


def _changes(what: str, changed: Bools, values: Floats, columns: Columns) -> Iterator[Note]:
    """Name the values (n, k) that a stage put in, an indicator a note."""
    for column in np.flatnonzero(changed.any(axis=0)):
        rows = np.flatnonzero(changed[:, column])
        named = [f"{columns.communities[row]} ({values[row, column]:.4g})" for row in rows]
        listed = ", ".join(named[:MOST_NAMED])
        if len(named) > MOST_NAMED:
            listed = say("{listed} and {left} more", listed=listed, left=len(named) - MOST_NAMED)
        name = columns.indicators[column].id
        yield Note(say("{what} {id}: {listed}", what=what, id=name, listed=listed), level="info")
