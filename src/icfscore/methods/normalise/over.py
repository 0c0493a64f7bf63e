"""Over whose values a scale is taken."""

from __future__ import annotations

from typing import Literal

Over = Literal["cohort", "pooled"]
