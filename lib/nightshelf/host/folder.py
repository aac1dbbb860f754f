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

#: The name of a GPU's slot can be longer: it may be a UUID.
_LONGEST_NAME = 12


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
        digest = hashlib.sha256(slot.encode()).hexdigest()[:_LONGEST_NAME]
        return self.path / f"{slot if len(slot) <= _LONGEST_NAME else digest}.sock"

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
