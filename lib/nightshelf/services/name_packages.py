"""Adds to `.venv` the packages that find names of people, each checked by its hash."""

import argparse
import sys
from pathlib import Path

from nightshelf.errors import NightshelfError, SettingsError
from nightshelf.services.progress import Progress, run
from nightshelf.services.setup import find_uv

LOCK = "requirements-names.lock"


def install(repo: Path, say: Progress) -> None:
    """
    Beside what is there: the lock holds all of that, too, at the same versions.

    Raise `SettingsError` where there is no `.venv`, or a package cannot be had.
    """
    python = repo / ".venv" / "bin" / "python"
    if not python.is_file():
        raise SettingsError("there is no .venv here: run `make setup` first")
    uv = find_uv(repo, say)
    say(f"Adding the packages of {LOCK} to .venv (0.2 GB)")
    add = ("pip", "install", "--quiet", "--python", python, "--require-hashes")
    run([uv, *add, "--compile-bytecode", "--requirements", repo / LOCK], say)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repo", type=Path, required=True)
    given = parser.parse_args()
    try:
        install(given.repo.resolve(), Progress())
    except NightshelfError as error:
        sys.stderr.write(f"make names: {error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
