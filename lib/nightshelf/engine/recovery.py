"""Answer what can be answered: halve a batch that fails until only the culprit is left."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

import pyarrow as pa

from nightshelf.engine.budget import FailureBudget
from nightshelf.engine.device import Device
from nightshelf.engine.model import Failure
from nightshelf.engine.tokens import Tokens
from nightshelf.engine.usage import Usage
from nightshelf.errors import BatchError, BatchLost, DeviceError, HostLost

Rows = Sequence[int]
Outcome: TypeAlias = pa.RecordBatch | Failure

#: A host may end under a batch that it has not begun, by those of another worker, which finds its
#: poison by halving; but not for ever.
_LOSSES_IN_A_ROW = 50


class Recovery:
    """
    Out of memory, a poison row and a dead host need the same cure, a smaller batch, and get it
    from the same loop. A row that fails alone is a suspect; it has failed for good when it fails
    alone again on a fresh device.

    When a device dies, the oldest batch is blamed, though it may have been any that was in flight:
    those are asked again with nothing beside them, and so are suspects.
    """

    def __init__(self, device: Device, budget: FailureBudget, usage: Usage) -> None:
        self._device = device
        self._budget = budget
        self._usage = usage

    def answer(self, tokens: Tokens, batches: Iterable[Rows]) -> Iterator[tuple[Rows, Outcome]]:
        """
        Yield rows of `tokens` with their answers, or one row with its `Failure`; every row once.

        Raises `ModelBroken` when too many rows fail, `HostLost` when there is no device any more.
        """
        suspects: list[Rows] = []
        for rows, outcome in self._halving(tokens, batches):
            if isinstance(outcome, Failure):
                self._budget.spend(outcome.reason)
                suspects.append(rows)
            else:
                yield self._counted(tokens, rows, outcome)
        if suspects:
            self._device.renew()
            for rows, outcome in self._halving(tokens, suspects, alone=len(suspects)):
                yield self._counted(tokens, rows, outcome)

    def _counted(self, tokens: Tokens, rows: Rows, outcome: Outcome) -> tuple[Rows, Outcome]:
        self._usage.texts += len(rows)
        self._usage.tokens += int(tokens.lengths[rows].sum())
        if isinstance(outcome, Failure):
            self._usage.failed(outcome.reason)
        return rows, outcome

    def _halving(
        self, tokens: Tokens, batches: Iterable[Rows], alone: int = 0
    ) -> Iterator[tuple[Rows, Outcome]]:
        """So many rows, the first ones, are asked with nothing beside their batch."""
        waiting = deque(batches)
        flying: deque[Rows] = deque()
        losses = 0
        while waiting or flying:
            self._submit(tokens, waiting, flying, alone=alone > 0)
            rows = flying.popleft()
            outcome = self._collect()
            if not isinstance(outcome, BatchError):
                losses = 0
                alone -= len(rows)
                self._usage.padded_tokens += len(rows) * int(tokens.lengths[rows].max(initial=0))
                yield rows, outcome
                continue
            if isinstance(outcome, DeviceError):
                waiting.extendleft(reversed(flying))
                alone = max(alone, sum(map(len, [rows, *flying])))
                flying.clear()
            if isinstance(outcome, BatchLost):
                losses = _one_more(losses)
                waiting.appendleft(rows)
            elif len(rows) == 1:
                alone -= 1
                yield rows, Failure(type(outcome).__name__)
            else:
                middle = len(rows) // 2
                waiting.extendleft([rows[middle:], rows[:middle]])

    def _submit(
        self, tokens: Tokens, waiting: deque[Rows], flying: deque[Rows], *, alone: bool
    ) -> None:
        while waiting and len(flying) < (1 if alone else self._device.depth):
            flying.append(waiting.popleft())
            self._device.submit(tokens.take(flying[-1]), alone=alone)
        self._usage.batches += 1
        self._usage.ahead += len(flying)

    def _collect(self) -> pa.RecordBatch | BatchError:
        try:
            return self._device.collect()
        except BatchError as error:
            # A live traceback would keep the failed batch in the device's memory.
            return error.with_traceback(None)


def _one_more(losses: int) -> int:
    if losses == _LOSSES_IN_A_ROW:
        raise HostLost(f"the model host ended {losses} times before it began a batch")
    return losses + 1
