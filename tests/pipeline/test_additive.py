"""What one indicator gives, against scoring everything again."""

from __future__ import annotations

import numpy as np
import pytest
from tests.conftest import MakeProject
from tests.report.projects import score_folder

from icfscore.pipeline.additive import Additive
from icfscore.pipeline.rescore import Rescorer

CRITERIA = """\
id: air
name: Air
criteria:
  - {id: in, name: In, weight: 3, indicators: [
      {id: p, name: P, unit: m, kind: ratio, direction: higher},
      {id: q, name: Q, unit: m, kind: ratio, direction: lower, weight: 2}]}
  - {id: out, name: Out, indicators: [
      {id: r, name: R, unit: m, kind: ratio, direction: higher, transform: log}]}
"""


@pytest.mark.parametrize("kind", ["min_max", "none", "fraction_of_max", "z_score"])
def test_a_change_of_one_value_is_the_whole_scorings(make_project: MakeProject, kind: str) -> None:
    """Whoever lacks the sibling takes its share: the gap's weight is spread over what is there."""
    rows = {
        "a": "{p: 1, q: 5, r: 2}",
        "b": "{p: 4, r: 9}",
        "c": "{p: 2.5, q: 2, r: 4}",
        "d": "{q: 3, r: 3}",
    }
    files: dict[str, str | None] = {
        f"communities/{name}.yaml": f"id: {name}\nname: {name}\nsource: census\nobservations: {row}\n"
        for name, row in rows.items()
    }
    files["criteria/air.yaml"] = CRITERIA
    files |= {f"communities/{name}.yaml": None for name in ("alpha", "beta", "gamma")}
    files["icfscore.yaml"] = f"recipe: {{normalisation: {{kind: {kind}}}}}\n"
    rescorer = Rescorer.of(score_folder(make_project(files)), "a")
    sums = Additive.of(rescorer)
    values = np.array([1.5, 2.0, 3.0, 7.0])
    for column in range(3):
        whole = rescorer.scores([column], values[:, None])
        now = rescorer.scores([column], rescorer.base[None, 0, [column]])[0]
        changed = sums.changes(column, float(rescorer.base[0, column]), values)
        assert changed == pytest.approx(whole - now, abs=1e-12 * np.abs(whole).max())
