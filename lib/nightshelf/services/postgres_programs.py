"""PostgreSQL's own programs, as the package pgserver carries them, and how they are run."""

import os
import pwd
import shutil
import subprocess
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

USER_OF_ROOT = "nobody"
"""PostgreSQL refuses to run as root; so, started by root, it runs as this user."""


def find() -> Path | None:
    """The folder of the programs; None where they are missing or do not run."""
    package = find_spec("pgserver")
    for place in package.submodule_search_locations or () if package else ():
        folder = Path(place) / "pginstall" / "bin"
        with suppress(OSError, KeyError, subprocess.SubprocessError):
            run([folder / "postgres", "--version"])
            return folder
    return None


def give(folder: Path) -> None:
    """Let the user that PostgreSQL runs as own `folder`, and nobody else look into it."""
    folder.chmod(0o700)
    if os.geteuid() == 0:
        shutil.chown(folder, USER_OF_ROOT)


def run(command: list[str | Path]) -> None:
    """Run one of the programs; raise `subprocess.SubprocessError` when it fails."""
    prefix: list[str] = []
    if os.geteuid() == 0:
        # Of root's powers it keeps the one over file permissions: a checkout or a home below
        # /root is closed to any other user, and opening it to all of them would be worse.
        keep = "+dac_override"
        user = pwd.getpwnam(USER_OF_ROOT)
        prefix = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
        prefix += [f"--inh-caps={keep}", f"--ambient-caps={keep}", "--"]
    quiet = subprocess.DEVNULL
    subprocess.run(  # noqa: S603
        [*prefix, *command], check=True, stdin=quiet, stdout=quiet, stderr=quiet, timeout=120
    )
