"""On which device a task computes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from pyspark import TaskContext

from nightshelf.errors import HostLost
from nightshelf.host.folder import HostFolder
from nightshelf.host.slots import gpu_slot, slot_of_its_own

GPU = "gpu"


@dataclass(frozen=True)
class Places:
    """
    Where `at_once` tasks compute: on slots that the workers of a machine share out.

    Without `slots`, Spark gives each task a GPU.
    """

    at_once: int
    slots: tuple[str, ...] = ()


@contextmanager
def own_slot(folder: HostFolder, places: Places) -> Iterator[str]:
    """
    A slot that no other worker uses, or the GPU that Spark gave to this task.

    Raise `HostLost` if it gave none.
    """
    if places.slots:
        with slot_of_its_own(folder, places.slots) as slot:
            yield slot
        return
    context = TaskContext.get()
    given = context.resources().get(GPU) if context else None
    if not given or not given.addresses:
        raise HostLost("Spark gave this task no GPU, although its stage asked for one")
    yield gpu_slot(given.addresses[0])
