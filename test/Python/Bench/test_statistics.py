# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import math

import numpy as np
import pytest

from mind.bench import statistics


def test_summary_of_known_samples():
    summary = statistics.summarize([5.0, 1.0, 2.0, 4.0, 3.0])
    assert summary["median_s"] == 3.0
    assert summary["mean_s"] == 3.0
    assert summary["min_s"] == 1.0
    assert summary["std_s"] == pytest.approx(math.sqrt(2.5))
    # Type 7: position (n - 1) p, so 0.4 and 3.6 between sorted samples.
    assert summary["p10_s"] == pytest.approx(1.4)
    assert summary["p90_s"] == pytest.approx(4.6)


def test_summary_of_one_sample_has_no_spread():
    assert statistics.summarize([0.25]) == {
        "median_s": 0.25, "p10_s": 0.25, "p90_s": 0.25, "min_s": 0.25, "mean_s": 0.25, "std_s": 0.0
    }  # fmt: skip


def test_summary_of_nothing_is_none():
    assert set(statistics.summarize([]).values()) == {None}


def test_ratio_is_of_medians_not_means():
    assert statistics.ratio_of_medians([2.0, 4.0, 100.0], [2.0, 2.0, 50.0]) == 2.0


def test_bootstrap_needs_ten_samples_on_both_sides():
    assert statistics.bootstrap_ratio([1.0] * 9, [1.0] * 20, seed=0) is None
    assert statistics.bootstrap_ratio([1.0] * 20, [1.0] * 9, seed=0) is None


def test_bootstrap_of_constants_is_a_point():
    assert statistics.bootstrap_ratio([6.0] * 10, [2.0] * 10, seed=0) == [3.0, 3.0]


def test_bootstrap_repeats_and_depends_on_its_seed():
    random = np.random.default_rng(1)
    a, b = random.normal(10, 1, 30), random.normal(5, 1, 30)
    assert statistics.bootstrap_ratio(a, b, seed=7) == statistics.bootstrap_ratio(a, b, seed=7)
    assert statistics.bootstrap_ratio(a, b, seed=7) != statistics.bootstrap_ratio(a, b, seed=8)


def test_bootstrap_covers_the_true_ratio_about_as_often_as_it_says():
    random = np.random.default_rng(2)
    covered = 0
    for trial in range(100):
        low, high = statistics.bootstrap_ratio(random.normal(10, 1, 25), random.normal(5, 0.5, 25), seed=trial)
        covered += low <= 2.0 <= high
    assert 88 <= covered <= 100


def test_seeds_come_from_names_alone():
    assert statistics.seed_of("a", 1) == statistics.seed_of("a", "1")
    assert statistics.seed_of("a", 1) != statistics.seed_of("a", 2)


def test_geometric_mean():
    assert statistics.geometric_mean([1.0, 100.0]) == pytest.approx(10.0)
    assert statistics.geometric_mean([]) is None
