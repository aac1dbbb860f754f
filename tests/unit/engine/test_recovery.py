"""Halving, in memory: what is asked how often, and what is left."""

from collections import deque

import pyarrow as pa
import pytest

from nightshelf.engine.budget import FailureBudget
from nightshelf.engine.model import Failure
from nightshelf.engine.recovery import Recovery
from nightshelf.engine.tokens import Tokens
from nightshelf.engine.usage import Usage
from nightshelf.errors import (
    BatchLost,
    DeadlinePassed,
    HostKilled,
    HostLost,
    ModelBroken,
    OutOfMemory,
    UnanswerableRow,
)

POISON = 99


class Square:
    """Answers a number with its square; `errors` maps a number to what it does to a batch."""

    peak_kb = restarts = 0
    busy_seconds = 0.0

    def __init__(self, depth=1, max_rows=1_000, errors=None, lost=0):
        self.depth, self.max_rows, self.errors, self.lost = depth, max_rows, errors or {}, lost
        self.asked, self.renewed, self.flying = [], 0, deque()

    def submit(self, batch, *, alone=False):
        assert len(self.flying) < self.depth
        self.flying.append(batch.ids.tolist())

    def collect(self):
        numbers = self.flying.popleft()
        if self.lost:
            self.lost -= 1
            self.flying.clear()
            raise BatchLost
        self.asked.append(numbers)
        if len(numbers) > self.max_rows:
            raise OutOfMemory
        for number in numbers:
            if error := self.errors.get(number):
                if error in (HostKilled, DeadlinePassed):
                    self.flying.clear()
                raise error
        return pa.RecordBatch.from_pydict({"square": [number**2 for number in numbers]})

    def renew(self):
        assert not self.flying
        self.renewed += 1


def answered(device, batches, share=1.0):
    """Number -> its square or the reason for which there is none."""
    numbers = [number for batch in batches for number in batch]
    places = iter(range(len(numbers)))
    rows = [[next(places) for _ in batch] for batch in batches]
    usage = Usage()
    recovery = Recovery(device, FailureBudget(share, rows=len(numbers)), usage)
    found = {}
    for part, outcome in recovery.answer(Tokens.from_rows([[n] for n in numbers]), rows):
        said = [outcome.reason] if isinstance(outcome, Failure) else outcome["square"].to_pylist()
        for row, one in zip(part, said, strict=True):
            assert numbers[row] not in found
            found[numbers[row]] = one
    assert sum(usage.failures.values()) == sum(isinstance(one, str) for one in found.values())
    return found


def squares(*numbers):
    return {number: number**2 for number in numbers}


@pytest.mark.parametrize("depth", [1, 2])
def test_healthy_batches_are_answered_in_one_call_each(depth):
    device = Square(depth)
    assert answered(device, [[1, 2], [3]]) == squares(1, 2, 3)
    assert device.asked == [[1, 2], [3]]
    assert device.renewed == 0


@pytest.mark.parametrize("depth", [1, 2])
def test_out_of_memory_halves_the_batch(depth):
    device = Square(depth, max_rows=2)
    assert answered(device, [[1, 2, 3, 4], [5, 6]]) == squares(1, 2, 3, 4, 5, 6)
    assert sorted(device.asked) == [[1, 2], [1, 2, 3, 4], [3, 4], [5, 6]]


@pytest.mark.parametrize("error", [UnanswerableRow, OutOfMemory, HostKilled, DeadlinePassed])
@pytest.mark.parametrize("place", range(7))
@pytest.mark.parametrize("depth", [1, 2])
def test_only_the_poison_row_is_lost(error, place, depth):
    numbers = [1, 2, 3, 4, 5, 6, 7]
    numbers[place] = POISON
    device = Square(depth, errors={POISON: error})
    found = answered(device, [numbers[:5], numbers[5:], [8]])
    healthy = [number for number in numbers if number != POISON]
    assert found == squares(*healthy, 8) | {POISON: error.__name__}
    assert device.asked.count([POISON]) == 2
    assert device.renewed == 1


def test_what_fails_alone_once_and_not_on_a_fresh_device_is_answered():
    device = Square(errors={POISON: UnanswerableRow})
    device.renew = device.errors.clear
    assert answered(device, [[1, POISON]]) == squares(1, POISON)


def test_a_batch_that_was_not_begun_is_asked_again_whole():
    device = Square(depth=2, lost=2)
    assert answered(device, [[1, 2], [3, 4]]) == squares(1, 2, 3, 4)
    assert device.asked == [[1, 2], [3, 4]]


def test_a_host_that_never_begins_is_given_up():
    with pytest.raises(HostLost, match="ended 50 times"):
        answered(Square(lost=100), [[1]])


def test_a_broken_system_is_not_mistaken_for_bad_rows():
    with pytest.raises(ConnectionError):
        answered(Square(errors={1: ConnectionError}), [[1]])


def test_a_model_that_fails_everything_is_stopped_early():
    numbers = list(range(4096))
    device = Square(errors=dict.fromkeys(numbers, UnanswerableRow))
    with pytest.raises(ModelBroken, match="of 4096 texts failed, 41 of them by UnanswerableRow"):
        answered(device, [numbers[n : n + 64] for n in range(0, 4096, 64)], share=0.01)
    assert len(device.asked) < 100


@pytest.mark.parametrize(
    ("rows", "failures", "is_broken"),
    [(5, 5, False), (100, 10, False), (100, 11, True), (10_000, 100, False), (10_000, 101, True)],
)
def test_few_failures_never_stop_a_small_shard(rows, failures, is_broken):
    budget = FailureBudget(share=0.01)
    budget.grow(rows)
    for _ in range(failures - 1):
        budget.spend("OutOfMemory")
    if is_broken:
        with pytest.raises(ModelBroken):
            budget.spend("OutOfMemory")
    else:
        budget.spend("OutOfMemory")


class Overlapping(Square):
    """The oldest batch is blamed for what a batch in flight behind it does to the device."""

    def __init__(self, depth, error):
        super().__init__(depth, errors={POISON: error})
        self.alone = []

    def submit(self, batch, *, alone=False):
        super().submit(batch)
        self.alone += [batch.ids.tolist()] if alone else []

    def collect(self):
        if any(POISON in numbers for numbers in self.flying):
            self.asked.append(self.flying[0])
            self.flying.clear()
            raise self.errors[POISON]
        return super().collect()


@pytest.mark.parametrize("error", [HostKilled, DeadlinePassed])
@pytest.mark.parametrize("place", range(8))
@pytest.mark.parametrize("depth", [2, 3])
@pytest.mark.parametrize("size", [1, 3])
def test_a_batch_is_not_lost_to_the_one_in_flight_behind_it(error, place, depth, size):
    numbers = [1, 2, 3, 4, 5, 6, 7, 8]
    numbers[place] = POISON
    device = Overlapping(depth, error)
    found = answered(device, [numbers[n : n + size] for n in range(0, 8, size)])
    assert found == squares(*(set(numbers) - {POISON})) | {POISON: error.__name__}
    assert [POISON] in device.alone


def test_what_was_in_flight_when_the_device_died_is_asked_alone_and_nothing_else():
    device = Overlapping(2, HostKilled)
    answered(device, [[1, 2], [3, POISON], [4, 5], [6, 7]])
    assert [one for one in device.alone if len(one) == 2] == [[3, POISON]]
    assert [4, 5] in device.asked
    assert [6, 7] in device.asked
