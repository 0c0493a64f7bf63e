"""Communities drawn again, with replacement: how much a statistic owes to who happens to be in."""

from __future__ import annotations

import numpy as np

from icfscore.methods.context import Ints

_STREAM = 0x617564  # "aud": the audit's numbers are no one else's


def resample_counts(n: int, resamples: int, seed: int) -> Ints:
    """Draw bootstrap samples of n communities.

    Parameters
    ----------
    n
        Number of communities, > 0.
    resamples
        Number of samples, may be 0.
    seed
        Key of the Philox stream: the same numbers on every machine.

    Returns
    -------
    Ints
        (resamples, n) how often each community is in each sample; every row sums to n.

    References
    ----------
    Efron (1979), Bootstrap methods: another look at the jackknife.
    https://doi.org/10.1214/aos/1176344552
    Salmon et al. (2011), Parallel random numbers: as easy as 1, 2, 3.
    https://doi.org/10.1145/2063384.2063405

    Examples
    --------
    >>> counts = resample_counts(5, 3, seed=2019)
    >>> counts.shape, counts.sum(axis=1).tolist()
    ((3, 5), [5, 5, 5])
    """
    generator = np.random.Generator(np.random.Philox(key=seed, counter=_STREAM << 192))
    drawn = generator.integers(n, size=(resamples, n))
    offsets = np.arange(resamples)[:, None] * n
    counts = np.bincount((drawn + offsets).ravel(), minlength=resamples * n)
    return np.asarray(counts.reshape(resamples, n), dtype=np.int64)
