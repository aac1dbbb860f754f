"""What stopped a training, in words: a disk that is full, memory that is not enough."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from safetensors import SafetensorError

from nightshelf.errors import JobError


@contextmanager
def in_words(where: Path) -> Iterator[None]:
    """Raise `JobError` for a disk that is full or gone, and for memory that is not enough."""
    try:
        yield
    except (OSError, SafetensorError) as error:
        raise _disk(where, error) from error
    except torch.OutOfMemoryError as error:
        raise JobError("the device has too little memory: train with a smaller --batch") from error
    except RuntimeError as error:
        # torch says so when it cannot write a checkpoint to its end.
        if "write" not in str(error) and "enforce fail" not in str(error):
            raise
        raise _disk(where, error) from error


def _disk(where: Path, error: Exception) -> JobError:
    return JobError(
        f"{where} could not be written or read ({error}); make room there or name another folder,"
        " and give the same command again: it goes on from its last checkpoint"
    )
