"""What slots are called, and which one a worker gets."""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import quote, unquote

from nightshelf.host.folder import HostFolder

_CUDA = "cuda-"


def cpu_slots(count: int) -> tuple[str, ...]:
    return tuple(f"cpu-{number}" for number in range(count))


def gpu_slot(address: str) -> str:
    """
    Of the GPU with that address, as a name that a file can have.

    >>> gpu_slot("1"), gpu_slot("MIG-GPU-8932f937/1/0")
    ('cuda-1', 'cuda-MIG-GPU-8932f937%2F1%2F0')
    """
    return _CUDA + quote(address, safe="")


def gpu_of(slot: str) -> str | None:
    """
    The address of the slot's GPU; None if it has none.

    >>> gpu_of("cuda-MIG-GPU-8932f937%2F1%2F0"), gpu_of("cpu-0")
    ('MIG-GPU-8932f937/1/0', None)
    """
    return unquote(slot.removeprefix(_CUDA)) if slot.startswith(_CUDA) else None


@contextmanager
def slot_of_its_own(folder: HostFolder, slots: Sequence[str]) -> Iterator[str]:
    """
    The first of `slots` that no other worker of this machine uses; a shared one if all are.

    A lock that ends with its process keeps it: nobody has to give a slot back.
    """
    for slot in slots:
        with (folder.path / f"{slot}.lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield slot
            return
    yield slots[os.getpid() % len(slots)]
