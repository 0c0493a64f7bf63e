"""Time the data-driven weightings on 21 communities × 40 children, beside other packages.

Run with ``python benchmarks/weighting.py``; packages that cannot be imported are left out. A figure
is the best of seven repetitions, in microseconds a call.
"""

from __future__ import annotations

import timeit
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from icfscore.methods.context import Siblings
from icfscore.methods.weigh import (
    Critic,
    Entropy,
    EqualInfluence,
    Merec,
    PrincipalComponents,
    StandardDeviation,
)

N_COMMUNITIES, N_CHILDREN, N_DRAWS = 21, 40, 1000
Case = tuple[str, str, Callable[[], Any], int]


def scores() -> np.ndarray:
    rng = np.random.default_rng(2019)
    common = rng.normal(size=(N_COMMUNITIES, 1))
    own = 0.5 * rng.normal(size=(N_COMMUNITIES, N_CHILDREN))
    return 50 + 10 * (common + own)


def ours(x: np.ndarray) -> Iterator[Case]:
    siblings = Siblings.of(N_CHILDREN)
    noise = np.random.default_rng(1).normal(size=(N_DRAWS, *x.shape))
    draws = x + noise
    methods = [Critic(), Entropy(), StandardDeviation(), Merec(), PrincipalComponents()]
    for method in [*methods, PrincipalComponents("oecd"), EqualInfluence()]:
        name = f"{method.kind} {getattr(method, 'rule', '')}".strip()
        yield name, "icfscore", lambda method=method: method(x, siblings), 1
        if not isinstance(method, EqualInfluence):
            yield (
                name,
                f"icfscore, of {N_DRAWS} draws",
                lambda method=method: method(draws, siblings),
                N_DRAWS,
            )


def peers(x: np.ndarray) -> Iterator[Case]:
    try:
        from pymcdm import weights
    except ImportError:
        pass
    else:
        types = np.ones(N_CHILDREN)
        yield "critic", "pymcdm", lambda: weights.critic_weights(x), 1
        yield "entropy", "pymcdm", lambda: weights.entropy_weights(x), 1
        yield "standard_deviation", "pymcdm", lambda: weights.standard_deviation_weights(x), 1
        yield "merec", "pymcdm", lambda: weights.merec_weights(x, types), 1
    try:
        from skcriteria.preprocessing import weighters
    except ImportError:
        return
    objectives = [1] * N_CHILDREN
    yield "critic", "scikit-criteria", lambda: weighters.critic_weights(x, objectives), 1
    yield "entropy", "scikit-criteria", lambda: weighters.entropy_weights(x), 1
    yield "standard_deviation", "scikit-criteria", lambda: weighters.std_weights(x), 1


def microseconds(call: Callable[[], Any]) -> float:
    number, seconds = timeit.Timer(call).autorange()
    repeats = timeit.repeat(call, number=number, repeat=7 if seconds < 1 else 1)
    return min(repeats) / number * 1e6


def main() -> None:
    x = scores()
    print(f"{'weighting':<30}{'package':<30}{'µs a call':>12}")
    for name, package, call, n_draws in sorted([*ours(x), *peers(x)], key=lambda case: case[0]):
        print(f"{name:<30}{package:<30}{microseconds(call) / n_draws:>12,.1f}")


if __name__ == "__main__":
    main()
