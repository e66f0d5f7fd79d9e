# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""All statistics of the benchmark, in one place.

Quantiles interpolate linearly between order statistics (NumPy's default,
Hyndman and Fan's type 7); the standard deviation divides by n - 1.
"""

import zlib

import numpy as np

BOOTSTRAP_SAMPLES = 2000
"""Resamples behind one confidence interval."""

SAMPLES_FOR_INTERVAL = 10
"""Fewer samples than this, on either side, give no confidence interval."""


def summarize(samples):
    """The figures of one row, in the samples' unit; None for no samples."""
    names = ("median_s", "p10_s", "p90_s", "min_s", "mean_s", "std_s")
    if not len(samples):
        return dict.fromkeys(names)
    x = np.asarray(samples, dtype=np.float64)
    p10, median, p90 = np.quantile(x, [0.1, 0.5, 0.9])
    std = x.std(ddof=1) if len(x) > 1 else 0.0
    values = (median, p10, p90, x.min(), x.mean(), std)
    return dict(zip(names, map(float, values)))


def seed_of(*names):
    """A seed that depends on the names only, so that reports repeat."""
    return zlib.crc32("\0".join(map(str, names)).encode())


def ratio_of_medians(numerator, denominator):
    """median(numerator) / median(denominator)."""
    return float(np.median(numerator) / np.median(denominator))


def bootstrap_ratio(numerator, denominator, seed, confidence=0.95):
    """Percentile bootstrap interval of `ratio_of_medians`, as [low, high].

    Both sides are resampled independently. None with too few samples.
    """
    if min(len(numerator), len(denominator)) < SAMPLES_FOR_INTERVAL:
        return None
    random = np.random.default_rng(seed)

    def medians(samples):
        x = np.asarray(samples, dtype=np.float64)
        picks = random.integers(len(x), size=(BOOTSTRAP_SAMPLES, len(x)))
        return np.median(x[picks], axis=1)

    ratios = medians(numerator) / medians(denominator)
    tail = (1 - confidence) / 2
    return [float(q) for q in np.quantile(ratios, [tail, 1 - tail])]


def geometric_mean(values):
    """The geometric mean of positive values; None for none."""
    if not len(values):
        return None
    return float(np.exp(np.mean(np.log(values))))
