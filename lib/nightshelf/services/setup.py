"""Makes `.venv` and fetches the jars; runs before any package is installed, so: stdlib only."""

import argparse
import hashlib
import shutil
import sys
from pathlib import Path

from nightshelf.errors import NightshelfError, SettingsError
from nightshelf.services import jars, java
from nightshelf.services.progress import Progress, run
from nightshelf.settings import Settings

LOCKS = ("requirements.lock", "jars.lock", "pyproject.toml")
"""What the environment follows from: when one changes, it is made again."""


def setup(repo: Path, settings: Settings, java_home: str | None, say: Progress) -> None:
    """Leave a ready `.venv` and jars behind; return at once when nothing changed since.

    Raise `SettingsError` that says what is missing on this machine and how to install it.
    """
    home = java.find(java_home)
    stamp = repo / ".venv" / "nightshelf.stamp"
    wanted = fingerprint(repo)
    if is_ready(stamp, wanted, settings.jars):
        say("Ready: nothing changed since the last set-up.")
        return
    version = ".".join(map(str, sys.version_info[:3]))
    say(f"Setting up with Python {version} and Java {java.major_version(home)} ({home})")
    stamp.unlink(missing_ok=True)
    install_packages(repo, say)
    [ivy] = (repo / ".venv").glob("lib/python*/site-packages/pyspark/jars/ivy-*.jar")
    for jar in jars.locked(repo / "jars.lock"):
        say(f"Jar {jar.artifact} {jar.version} → {settings.jars}")
        jars.fetch(jar, jars_dir=settings.jars, java_home=home, ivy=ivy)
    stamp.write_text(wanted)
    say("Ready.")


def fingerprint(repo: Path) -> str:
    """Changes whenever a file that the environment follows from does, or Python itself."""
    digest = hashlib.sha256(repr((str(repo), sys.version_info[:2])).encode())
    for name in LOCKS:
        digest.update((repo / name).read_bytes())
    return digest.hexdigest()


def is_ready(stamp: Path, wanted: str, jars_dir: Path) -> bool:
    if not stamp.is_file() or stamp.read_text() != wanted:
        return False
    return all((jars_dir / jar.file_name).is_file() for jar in jars.locked())


def install_packages(repo: Path, say: Progress) -> None:
    uv, venv = find_uv(repo, say), repo / ".venv"
    python = venv / "bin" / "python"
    if not _is_python(venv, sys.version_info[:2]):
        say("Making .venv")
        run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, venv], say)
    lock = repo / "requirements.lock"
    count = sum("==" in line for line in lock.read_text().splitlines())
    say(
        f"Installing {count} packages, each checked by its hash (6 GB; minutes when none is cached)"
    )
    # Compiled once here: a night starts a dozen Pythons, and each would do it again where it may
    # not write beside the packages.
    run(
        [uv, "pip", "sync", "--python", python, "--require-hashes", "--compile-bytecode", lock], say
    )
    say("Installing nightshelf itself, as a link to this folder")
    quick = ("--no-deps", "--no-build-isolation")
    run([uv, "pip", "install", "--quiet", "--python", python, *quick, "--editable", repo], say)


def find_uv(repo: Path, say: Progress) -> Path:
    """The uv on PATH, or one installed by pip into `.venv-uv`."""
    if on_path := shutil.which("uv"):
        return Path(on_path)
    folder = repo / ".venv-uv"
    uv = folder / "bin" / "uv"
    if not uv.is_file():
        say("Installing uv into .venv-uv")
        try:
            run([sys.executable, "-m", "venv", folder], say)
        except SettingsError as error:
            raise SettingsError(
                f"{error}\nuv is missing and Python cannot make an environment for it: install uv,"
                " or Python's venv (Debian, Ubuntu: apt-get install python3-venv)"
            ) from None
        run([folder / "bin" / "python", "-m", "pip", "install", "--quiet", "uv>=0.8,<1"], say)
    return uv


def _is_python(venv: Path, version: tuple[int, int]) -> bool:
    folder = f"python{version[0]}.{version[1]}"
    return (venv / "bin" / "python").is_file() and (venv / "lib" / folder).is_dir()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repo", type=Path, required=True)
    parser.add_argument("--java-home", default=None)
    given = parser.parse_args()
    try:
        setup(given.repo.resolve(), Settings.from_environ(), given.java_home, Progress())
    except NightshelfError as error:
        sys.stderr.write(f"make setup: {error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
