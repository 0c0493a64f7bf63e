"""The stages of a recipe in words."""

from __future__ import annotations

from icfscore.sentences import say

_NAMES = {
    "imputation": say("imputation"),
    "outliers": say("outlier treatment"),
    "normalisation": say("normalisation"),
    "weighting": say("weighting"),
    "aggregation": say("aggregation"),
}


def stage_name(stage: str) -> str:
    """Name a stage inside a sentence; one that has no name is called as in YAML."""
    return _NAMES.get(stage, stage)
