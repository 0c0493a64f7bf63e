"""The stages from imputed to normalised values, prepared for tables of draws.

The same methods as for one table, in the same order; what does not change from draw to draw is
found once, and tables (k, n, B) are changed in place.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from icfscore.domain.tables import Floats, Ints
from icfscore.errors import MethodError
from icfscore.methods import drawn
from icfscore.methods.context import Scale
from icfscore.methods.normalise import Normalisation
from icfscore.methods.orient import orient_values
from icfscore.pipeline.stages import (
    Columns,
    groups_by_method,
    normalise,
    scale_of,
    transform,
    transform_and_treat,
)
from icfscore.recipe import Recipe


@dataclass(frozen=True, slots=True, eq=False)
class Scaling:
    """A normalisation and the columns it applies to.

    Attributes
    ----------
    columns
        Positions (c,) in the part; None: all.
    scale
        What defines the scale; its reference is replaced by each draw's values unless `pooled`.
    """

    method: Normalisation
    columns: Ints | None
    about: Columns
    scale: Scale
    pooled: bool

    def apply(self, x: Floats) -> Floats:
        """Normalise oriented x (c, n, B), which may be changed: (c, n, B)."""
        values = x.transpose(2, 1, 0)
        if not self.pooled:
            quick = drawn.normalise(self.method, values)
            if quick is not None:
                return np.asarray(quick.transpose(2, 1, 0))
        scale = self.scale if self.pooled else replace(self.scale, reference=values)
        try:
            found = self.method(values, scale)
        except MethodError as error:
            raise self.about.say(error, "normalisation", self.method.kind) from None
        return np.ascontiguousarray(found.transpose(2, 1, 0))


@dataclass(frozen=True, slots=True, eq=False)
class DrawnStages:
    """How one recipe normalises some neighbouring columns.

    Attributes
    ----------
    treats
        Whether outliers are treated.
    """

    about: Columns
    recipe: Recipe
    pooled: Floats | None
    treats: bool
    logged: Ints
    reversed: Ints
    scalings: tuple[Scaling, ...]

    @classmethod
    def of(cls, about: Columns, recipe: Recipe, pooled: Floats | None) -> DrawnStages:
        """Prepare for a recipe; pooled (m, c) values of all years, where a scale needs them."""
        scalings = []
        for method, mine in groups_by_method(recipe.normalisation, about):
            everywhere = bool(mine.all())
            part = about if everywhere else about.take(mine)
            takes_all_years = method.over == "pooled" and pooled is not None
            reference = np.empty((0, int(mine.sum())))
            if takes_all_years and pooled is not None:
                reference = orient_values(pooled[:, mine], part.sign)
            scalings.append(
                Scaling(
                    method,
                    None if everywhere else np.flatnonzero(mine),
                    part,
                    scale_of(reference, part),
                    takes_all_years,
                )
            )
        return cls(
            about,
            recipe,
            pooled,
            any(method.kind != "none" for method in recipe.outliers.methods()),
            np.flatnonzero(about.logged),
            np.flatnonzero(about.sign < 0),
            tuple(scalings),
        )

    def normalise_plain(self, values: Floats) -> Floats:
        """Treat and normalise one table (n, c)."""
        treated = transform_and_treat(values, self.about, self.recipe).values
        return normalise(treated, self.about, self.recipe, self.pooled)

    def normalise_draws(self, x: Floats) -> Floats:
        """Treat and normalise draws (c, n, B), which may be changed: (c, n, B)."""
        if self.treats:
            treated = transform_and_treat(x.transpose(2, 1, 0), self.about, self.recipe).values
            x = np.array(treated.transpose(2, 1, 0), order="C")
        else:
            self._take_logarithms(x)
        for column in self.reversed:
            np.negative(x[column], out=x[column])
        if len(self.scalings) == 1:
            return self.scalings[0].apply(x)
        result = np.empty_like(x)
        for scaling in self.scalings:
            result[scaling.columns] = scaling.apply(x[scaling.columns])
        return result

    def _take_logarithms(self, x: Floats) -> None:
        for column in self.logged:
            if not np.fmin.reduce(x[column], axis=None) > 0:
                transform(x.transpose(2, 1, 0), self.about)  # says which value it is
            np.log(x[column], out=x[column])
