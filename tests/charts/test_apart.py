"""Files are made few at a time, and who would have to wait long is told so."""

from __future__ import annotations

import threading
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

import pytest

from moothall.charts.apart import AT_ONCE, WAITING, Busy, Turns
from moothall.site.serve import THREADS

LONG = 30.0


def test_of_a_flood_two_are_made_one_waits_and_the_rest_are_told_so() -> None:
    turns = Turns(at_once=2, waiting=1, patience=LONG)
    begun, go_on = threading.Semaphore(0), threading.Event()

    def make() -> str:
        with turns.take():
            begun.release()
            go_on.wait(LONG)
        return "made"

    with ThreadPoolExecutor(20) as pool:
        asked = {pool.submit(make) for _ in range(20)}
        told = set()
        while len(told) < 17:  # they are told while the others are still at it
            done, _ = wait(asked - told, timeout=LONG, return_when=FIRST_COMPLETED)
            assert done
            told |= done
        assert begun.acquire(timeout=LONG)
        assert begun.acquire(timeout=LONG)
        assert not begun.acquire(blocking=False)
        go_on.set()
    assert {type(each.exception()) for each in told} == {Busy}
    assert [each.result() for each in asked - told] == ["made"] * 3


def test_nobody_waits_longer_than_is_said() -> None:
    turns = Turns(at_once=1, waiting=1, patience=0.01)
    with turns.take(), pytest.raises(Busy), turns.take():
        pass
    turns.require_room()
    with turns.take():
        pass  # who gave up stands in nobody's way


def test_who_would_be_turned_away_can_know_before_the_work() -> None:
    turns = Turns(at_once=1, waiting=0, patience=LONG)
    with turns.take(), pytest.raises(Busy):
        turns.require_room()
    turns.require_room()
    turns.require_room()  # asking takes no place


def test_a_mistake_gives_the_turn_back() -> None:
    turns = Turns(at_once=1, waiting=0, patience=LONG)
    for _ in range(3):
        with pytest.raises(RuntimeError, match="spilled"), turns.take():
            raise RuntimeError("spilled")


def test_a_thread_of_each_worker_is_left_for_pages() -> None:
    assert AT_ONCE + WAITING < THREADS
