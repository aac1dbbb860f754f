"""Where the hosts of one home meet their workers: a folder only their user can enter."""

import fcntl
import hashlib
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nightshelf.errors import HostLost


@dataclass(frozen=True)
class HostFolder:
    """
    Sockets, locks and the lease of one home's hosts.

    In the temporary folder, since the path of a socket has to be short, and named after home and
    user, so that all workers of a machine find the same.
    """

    path: Path

    @classmethod
    def of(cls, home: Path) -> "HostFolder":
        name = hashlib.sha256(os.fsencode(home.absolute())).hexdigest()[:12]
        return cls(Path(tempfile.gettempdir()) / f"nightshelf-host-{os.getuid()}-{name}")

    @property
    def parent(self) -> Path:
        """The socket of the process that starts hosts."""
        return self.path / "parent.sock"

    @property
    def lease(self) -> Path:
        """Every host ends when this file is gone."""
        return self.path / "lease"

    @property
    def log(self) -> Path:
        return self.path / "hosts.log"

    def socket(self, slot: str) -> Path:
        return self.path / f"{slot}.sock"

    def make(self) -> None:
        """Raise `HostLost` where the folder belongs to somebody else or lets others in."""
        self.path.mkdir(mode=0o700, exist_ok=True)
        found = self.path.lstat()
        if found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) != 0o700:
            raise HostLost(
                f"{self.path} is not a folder of this user alone (mode 700): who made it could"
                " read the texts; remove it"
            )
        self.lease.touch(mode=0o600)

    @contextmanager
    def locked(self, name: str) -> Iterator[None]:
        """Alone among all processes of this user that ask for the lock of that name."""
        with (self.path / f"{name}.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


@contextmanager
def slot_of_its_own(folder: HostFolder, slots: int) -> Iterator[str]:
    """
    The name of a CPU slot that no other worker of this machine uses; a shared one if all are.

    A lock that ends with its process keeps it: nobody has to give a slot back.
    """
    for number in range(slots):
        with (folder.path / f"cpu-{number}.lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield f"cpu-{number}"
            return
    yield f"cpu-{os.getpid() % slots}"
