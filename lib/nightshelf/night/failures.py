"""What stopped a step: the error that its job ended with, and what becomes of its run."""

from nightshelf import errors
from nightshelf.errors import JobError, NightshelfError
from nightshelf.night.context import Context
from nightshelf.ops import runs

_SAID_BY_JOBS = (
    errors.SettingsError,
    errors.ContractError,
    errors.AuditError,
    errors.ModelError,
    errors.NotReady,
    errors.LeaseLost,
    errors.OverCap,
)


def raise_for(context: Context, run: str, step: str, code: int) -> None:
    """Raise what a job meant by its exit code, unless that is 0."""
    if code:
        raise _error_of(code, step, runs.read_run(context.ops, run)["error"])


def _error_of(code: int, step: str, said: str | None) -> NightshelfError:
    """The error whose exit code the job ended with, in the job's own words."""
    for kind in _SAID_BY_JOBS:
        if kind.exit_code == code:
            return kind(said or f"step {step} failed; its log says why")
    how = f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
    return JobError(f"the job of step {step} {how}; run the night again, what it did is kept")


def note_failure(context: Context, run: str, error: NightshelfError) -> None:
    is_held = isinstance(error, errors.AuditError | errors.OverCap)
    if is_held:
        # The input was read and judged: the next night must not take it for new.
        runs.settle_files(context.ops, run)
    runs.update_run(
        context.ops,
        run,
        state=runs.HELD if is_held else runs.FAILED,
        error=str(error),
        ended_at=context.clock(),
    )
