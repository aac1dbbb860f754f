"""On which device a task computes."""

from collections.abc import Iterator
from contextlib import contextmanager

from pyspark import TaskContext

from nightshelf.host.folder import HostFolder, slot_of_its_own
from nightshelf.host.serve import CUDA


@contextmanager
def own_slot(folder: HostFolder, slots: int) -> Iterator[str]:
    """The GPU that Spark gave to this task; without one, a CPU slot that no other worker uses."""
    if gpu := _gpu_of_task():
        yield CUDA + gpu
        return
    with slot_of_its_own(folder, slots) as slot:
        yield slot


def _gpu_of_task() -> str | None:
    context = TaskContext.get()
    given = context.resources().get("gpu") if context else None
    return given.addresses[0] if given else None
