"""What the page is made of, without a browser."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import yaml

from icfscore.files.located_yaml import parse_value
from icfscore.files.overrides import settle
from icfscore.files.project_folder import read_project
from icfscore.files.recipe_file import SettingsReader
from icfscore.pipeline.explorable_draws import DataDraws
from icfscore.report.explore.packed import pack_doubles, pack_draws
from icfscore.report.explore.recipe_text import settings_parts, yaml_line


def test_doubles_keep_every_bit() -> None:
    table = np.array([[0.1, np.nan], [1 / 3, -1e-300], [5e-324, 1e308]])
    raw = np.frombuffer(b64decode(pack_doubles(table)), dtype="<f8").reshape(2, 3)
    assert np.array_equal(raw.T, table, equal_nan=True)


@pytest.mark.parametrize("form", ["positions", "criteria"])
def test_draws_keep_12_bits(form: str) -> None:
    values = np.random.Generator(np.random.Philox(1)).random((5, 3, 3)) * 40 + 30
    if form == "positions":
        values = (values - 30) / 40
    values[2, 1, 0] = np.nan
    packed = pack_draws(DataDraws(form, values, ("a", "b", "c")))  # type: ignore[arg-type]
    raw = np.frombuffer(b64decode(packed["data"]), dtype=np.uint8).astype(int).reshape(-1, 3)
    first, second = raw[:, 0] | (raw[:, 1] & 15) << 8, raw[:, 1] >> 4 | raw[:, 2] << 4
    level = np.stack([first, second], axis=1).ravel()[:45].reshape(3, 5, 3)
    low, high = np.array(packed["low"]), np.array(packed["high"])
    read = np.where(
        level == 4095, np.nan, low[:, None, None] + level * ((high - low) / 4094)[:, None, None]
    )
    off = np.abs(read.transpose(1, 2, 0) - values)
    assert np.array_equal(np.isnan(read.transpose(1, 2, 0)), np.isnan(values))
    assert np.nanmax(off) <= (high - low).max() / 4094 / 2 + 1e-12


@pytest.mark.parametrize(
    "value",
    ["no", "1e3", "0o7", "~", "null", "a: b # c", "'", '"\\', "line\nbreak", "\u2028", "🏙️", "", " x", "{a}",
     1e-7, 1e300, 0.1, True, None, {"yes": [1, "2"], "é": {}}],
)  # fmt: skip
def test_a_line_of_yaml_is_read_back(value: object) -> None:
    line = yaml_line(value)
    assert "\n" not in line
    assert parse_value(line, "test") == value
    assert yaml.safe_load(line) == value


SETTINGS = """\
    focus: alpha
    max_age: 3
    recipe:
      screening: {min_indicator_coverage: 0.25}
      imputation: {kind: group_mean, by: size, except: {dust: {kind: mean}}}
      outliers: {kind: clip, lower: 0.1}
      weighting: {kind: rank_order, order: [work, air], at_depth: {1: {kind: equal}}}
    uncertainty:
      seed: 5
      weights: {kind: bounded, lower: {air: 0.1, work: 0.2}, upper: 0.9, nodes: [index]}
      data: {kind: relative, sd: 0.2}
      missing: null
      alternatives: {normalisation: [{kind: rank}, {kind: z_score, ddof: 0}]}
    scenarios: {"1e3": {name: {vi: Năm}, weights: {Clean air: 2}}}
    """


def test_settings_are_read_back(make_project: Callable[..., Path]) -> None:
    folder = read_project(make_project({"icfscore.yaml": SETTINGS}))
    settings = settle(folder)
    scenarios = {"1e3": {"name": {"vi": "Năm"}, "weights": {"Clean air": 2}}}
    parts = settings_parts(settings, scenarios)
    recipe = settings.describe()["recipe"]
    free = "".join(
        f"  {stage}: {yaml_line(recipe[stage])}\n"
        for stage in ("normalisation", "weighting", "aggregation")
    )
    written = f"focus: alpha\n{parts['head']}recipe:\n{parts['recipe']}{free}{parts['tail']}"
    problems: list[object] = []
    reader = SettingsReader(folder.project.tree, _Nowhere(), problems)  # type: ignore[arg-type]
    read, named = reader.read(parse_value(written, "test"))
    assert problems == []
    assert read == settings
    assert named == folder.scenarios


class _Nowhere:
    def problem(self, *what: object, **more: object) -> object:
        return what
