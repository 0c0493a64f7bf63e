"""Numbers as text: exactly where they must be exact, in 12 bits where chance is larger anyway."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import numpy as np

from icfscore.domain.tables import Floats
from icfscore.pipeline.explorable_draws import DataDraws

MOST_VALUES = 650_000  # two letters each: what leaves a page with Vega below 2.5 MB
STEPS = 4095  # of 12 bits; one more says that a value is missing


def pack_doubles(table: Floats) -> str:
    """Spell a table (n, k) column by column, every bit of it."""
    return b64encode(np.ascontiguousarray(table.T, dtype="<f8").tobytes()).decode()


def pack_draws(draws: DataDraws) -> dict[str, Any]:
    """Spell draws (m, n, k) column by column, two values in three bytes.

    A column's values are rounded to 4,095 steps from its lowest to its highest: by 0.013 of 100 at
    most, where a draw moves a value by some hundred times as much.
    """
    values = draws.values
    columns = values.transpose(2, 0, 1).reshape(values.shape[2], -1)
    present = ~np.isnan(columns)
    low = np.where(present, columns, np.inf).min(axis=1)
    high = np.where(present, columns, -np.inf).max(axis=1)
    low, high = np.where(np.isfinite(low), low, 0.0), np.where(np.isfinite(high), high, 0.0)
    if draws.form == "positions":
        low, high = np.zeros_like(low), np.ones_like(high)
    span = np.where(high > low, high - low, 1.0)
    share = np.where(present, (columns - low[:, None]) / span[:, None], 0.0)
    level = np.where(present, np.rint(share * (STEPS - 1)), STEPS).astype(np.uint16).ravel()
    if level.size % 2:
        level = np.append(level, np.uint16(0))
    first, second = level[::2], level[1::2]
    triples = np.stack([first & 255, (first >> 8) | ((second & 15) << 4), second >> 4], axis=1)
    return {
        "form": draws.form,
        "m": len(values),
        "names": list(draws.names),
        "low": low.tolist(),
        "high": high.tolist(),
        "data": b64encode(triples.astype(np.uint8).tobytes()).decode(),
    }
