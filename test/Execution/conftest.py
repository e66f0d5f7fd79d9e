# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a program computes does not depend on the tier that executes it: every test
here runs on each, unless it says otherwise with `pytest.mark.tiers(1)`."""

import mind._api
import pytest

TIERS = [0, 1]


def pytest_configure(config):
    config.addinivalue_line("markers", "tiers(*numbers): the tiers that a test is for")


def pytest_generate_tests(metafunc):
    marker = metafunc.definition.get_closest_marker("tiers")
    metafunc.parametrize("tier", marker.args if marker else TIERS, indirect=True,
                         ids=lambda tier: f"tier{tier}")


@pytest.fixture(autouse=True)
def tier(request, monkeypatch):
    """What compiles a program that names no tier."""
    monkeypatch.setattr(mind._api, "default_tier", request.param)
    return request.param
