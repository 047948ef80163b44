"""Whatever a server does, every conversation is accounted for, and nothing hangs."""

from __future__ import annotations

import asyncio

import pytest

from tests.engines.fault_schedules import run_schedule
from tests.engines.virtual_time import Hung, run_at_once


@pytest.mark.parametrize("seed", range(50))
def test_nothing_is_lost_hangs_or_is_paid_for_twice(seed: int) -> None:
    assert run_schedule(seed).problems() == []


def test_a_hang_would_be_noticed() -> None:
    with pytest.raises(Hung):
        run_at_once(asyncio.Event().wait())
