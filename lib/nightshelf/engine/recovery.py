"""Answer what can be answered: halve a batch that fails until only the culprit is left."""

from collections.abc import Iterator, Sequence

from nightshelf.engine.model import Answers, Failure, Model, Prepared
from nightshelf.errors import BatchError


def answer_surviving(
    model: Model[Prepared], prepared: Sequence[Prepared], batch: Sequence[int]
) -> Iterator[tuple[int, Answers | Failure]]:
    """
    Yield `(row, answers)` for every row of `batch`, in no particular order.

    Out of memory and a poison row need the same cure, a smaller batch, and get it from the
    same loop. Any error other than `BatchError` means the system is broken, not the row, and
    is left to propagate.
    """
    pending = [list(batch)]
    while pending:
        rows = pending.pop()
        try:
            answers = model.answer([prepared[row] for row in rows])
        except BatchError as error:
            reason = type(error).__name__
        else:
            yield from zip(rows, answers, strict=True)
            continue
        # Outside `except`: a live traceback would keep the failed batch in GPU memory.
        if len(rows) == 1:
            yield rows[0], Failure(reason)
        else:
            middle = len(rows) // 2
            pending += [rows[middle:], rows[:middle]]
