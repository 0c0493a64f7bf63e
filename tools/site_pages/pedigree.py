"""The table of factors behind the default uncertainty of values, from the class that applies it."""

from __future__ import annotations

from tools.site_pages.text import table

from icfscore.methods.perturb import PedigreeData
from icfscore.methods.perturb.data import AGE, COMPARABILITY, LEVEL, STATUS


def pedigree_table() -> str:
    """Write the factors as a Markdown table."""
    default = PedigreeData()
    rows = [("anything", "", f"{default.basic:.2f}")]
    for name, factors in (("status", STATUS), ("comparability", COMPARABILITY), ("level", LEVEL)):
        rows += [(f"`{name}`", f"`{value}`", f"{factor:.2f}") for value, factor in factors.items()]
    oldest = f"more than {max(AGE)}"
    ages = [*(f"up to {years}" for years in AGE), oldest]
    rows += [
        ("years from the reference year", age, f"{factor:.2f}")
        for age, factor in zip(ages, default.age, strict=True)
    ]
    return table(("what is known of a value", "", "factor"), rows)
