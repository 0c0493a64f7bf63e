"""The statistics of a framework: whether it holds together, and what it rests on.

Pure functions over arrays, n communities by k variables (indicators, or a node's children), NaN
where a value is missing. What cannot be told is no NaN but a `Measure` that says why.
"""

from __future__ import annotations

from icfscore.methods.audit.consistency import (
    Structure,
    alpha_without_each,
    correlations_with_rest,
    cronbach_alpha,
    structure_of,
)
from icfscore.methods.audit.correlation import (
    correlate_all,
    correlate_pairs,
    measure_of,
    pair_at,
    pair_position,
    pearson,
    spearman,
)
from icfscore.methods.audit.correlation_ratio import correlation_ratio, resampled_ratios
from icfscore.methods.audit.distribution import Distribution, describe
from icfscore.methods.audit.factorability import (
    SamplingAdequacy,
    component_loadings,
    eigenvalues,
    sampling_adequacy,
)
from icfscore.methods.audit.measure import Measure
from icfscore.methods.audit.resample import resample_counts

__all__ = [
    "Distribution",
    "Measure",
    "SamplingAdequacy",
    "Structure",
    "alpha_without_each",
    "component_loadings",
    "correlate_all",
    "correlate_pairs",
    "correlation_ratio",
    "correlations_with_rest",
    "cronbach_alpha",
    "describe",
    "eigenvalues",
    "measure_of",
    "pair_at",
    "pair_position",
    "pearson",
    "resample_counts",
    "resampled_ratios",
    "sampling_adequacy",
    "spearman",
    "structure_of",
]
