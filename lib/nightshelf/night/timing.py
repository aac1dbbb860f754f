"""How long each attempt at a step took, and how it ended."""

from collections.abc import Iterator
from contextlib import contextmanager

from nightshelf.errors import AuditError, OverCap
from nightshelf.night.context import Context
from nightshelf.ops import steps


@contextmanager
def timed(context: Context, run: str, step: str) -> Iterator[None]:
    """Note in the operations database what is done under it, whatever ends it."""
    number = steps.open_step(context.ops, run, step, now=context.clock())
    state = steps.FAILED
    try:
        yield
        state = steps.DONE
    except (AuditError, OverCap):
        state = steps.HELD
        raise
    finally:
        steps.close_step(context.ops, number, state=state, now=context.clock())
