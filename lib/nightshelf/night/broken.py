"""What stopped a step, in words: a disk that is full, a database that is gone."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from pyiceberg.exceptions import CommitFailedException, CommitStateUnknownException

from nightshelf.errors import JobError

_BROKEN = (OSError, sa.exc.DBAPIError, CommitFailedException, CommitStateUnknownException)


@contextmanager
def in_words(step: str) -> Iterator[None]:
    """Raise `JobError` for what broke around the step: it can be run again as it is."""
    try:
        yield
    except _BROKEN as error:
        cause = error.orig if isinstance(error, sa.exc.DBAPIError) else error
        raise JobError(
            f"step {step} was stopped by the disk or a database ({type(cause).__name__}: {cause});"
            " mend that and run the night again, what it did is kept"
        ) from error
