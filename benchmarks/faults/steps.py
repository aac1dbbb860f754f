"""A night's steps in a child, their Spark part on the warm JVM, with or without a fault."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from benchmarks.faults.jvm import Jvm
from benchmarks.faults.lake import Clock, Lake
from nightshelf.errors import NightshelfError
from nightshelf.names import STEPS
from nightshelf.night.ask import ask
from nightshelf.night.assemble import assemble_and_audit
from nightshelf.night.context import Context
from nightshelf.night.ingest import ingest_and_plan
from nightshelf.night.job import Work
from nightshelf.night.step import run_step
from nightshelf.ops import runs

#: What jobs/*.py do; looked up when it is called, so that an armed function is found.
_WORKS: Mapping[str, Work] = MappingProxyType(
    {"ingest": ingest_and_plan, "ask": ask, "assemble": assemble_and_audit}
)


#: When a second attempt is made: what a dead run has held has run out by then.
LATER = Clock.now + timedelta(hours=1)


@dataclass(frozen=True)
class Steps:
    """
    `steps` of `run`, a night of `date`, on `lake`.

    `armed` is called first, in the child. `again` assembles without Spark. The clock begins at
    `now`, and is moved by `clock_step` at the look `clock_at`.
    """

    lake: Lake
    jvm: Jvm | None
    date: str
    run: str
    steps: Sequence[str] = STEPS
    armed: Callable[[], None] | None = None
    again: Callable[[Context], object] | None = None
    now: datetime = Clock.now
    clock_step: timedelta = timedelta()
    clock_at: int = 0

    def __call__(self) -> list[str]:
        """In a child: do them, and return what was said."""
        lines: list[str] = []
        clock = Clock(self.now, step=self.clock_step, at=self.clock_at)
        context = self.lake.context(clock, lines)
        if self.armed:
            self.armed()
        session: list[object] = []

        def job(step: str) -> int:
            if self.again:
                self.again(context)
                return 0
            if not session:
                session.append(self._session())
            return _job(session[0], context, self.run, step)

        for step in self.steps:
            run_step(context, step, date=self.date, run=self.run, job=job)
        return lines

    def _session(self) -> object:
        if self.jvm is None:
            raise RuntimeError("these steps were to need no JVM")
        return self.jvm.session(self.lake.settings)


def _job(session: object, context: Context, run: str, step: str) -> int:
    """As a job of its own ends: with an error's exit code, or a traceback and 1."""
    try:
        _WORKS[step](session, context, run)  # type: ignore[arg-type]
    except NightshelfError as error:
        runs.update_run(context.ops, run, error=str(error))
        return error.exit_code
    except Exception as error:  # noqa: BLE001  the interpreter ends so
        last = f"{type(error).__name__}: {str(error)[:300]}"
        sys.stderr.write(f"harness: a job ended in a traceback, as it does: {last}\n")
        return 1
    return 0
