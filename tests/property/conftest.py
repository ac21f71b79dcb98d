"""How property tests run: the same examples each time, few enough for every commit.

`HYPOTHESIS_PROFILE=wide make test` tries more, and others each time.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
settings.register_profile(
    "steady", derandomize=True, database=None, deadline=None, max_examples=40, suppress_health_check=QUIET
)
settings.register_profile("wide", deadline=None, max_examples=2_000, suppress_health_check=QUIET)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
