"""The jars that Spark needs beside its own: locked by hash, fetched once, then only looked up."""

import hashlib
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nightshelf.errors import SettingsError

LOCK = Path(__file__).parents[3] / "jars.lock"


@dataclass(frozen=True)
class Jar:
    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def file_name(self) -> str:
        return f"{self.artifact}-{self.version}.jar"


def locked(lock: Path = LOCK) -> list[Jar]:
    """Read `group:artifact:version sha256` lines; raise `SettingsError` for any other line."""
    return list(_parse(lock))


def jar_paths(jars_dir: Path) -> list[Path]:
    """Every locked jar's path in `jars_dir`; raise `SettingsError` when one is missing there."""
    paths = [jars_dir / jar.file_name for jar in locked()]
    if missing := [path.name for path in paths if not path.is_file()]:
        raise SettingsError(f"{jars_dir} lacks {', '.join(missing)}: run make setup")
    return paths


def fetch(jar: Jar, *, jars_dir: Path, java_home: Path, ivy: Path) -> Path:
    """Bring one jar into `jars_dir` by Ivy unless it lies there with the right hash.

    Raise `SettingsError` when it cannot be fetched or is not what the lock names.
    """
    target = jars_dir / jar.file_name
    if target.is_file() and sha256(target) == jar.sha256:
        return target
    jars_dir.mkdir(parents=True, exist_ok=True)
    # In the target's own folder, so that the rename at the end is atomic.
    with tempfile.TemporaryDirectory(prefix=".fetching-", dir=jars_dir) as folder:
        arrived = _retrieve(jar, Path(folder), java_home, ivy)
        if (found := sha256(arrived)) != jar.sha256:
            raise SettingsError(
                f"{jar.file_name} has sha256 {found}, jars.lock names {jar.sha256}: nothing was"
                " installed; find out who changed it before you change the lock"
            )
        arrived.replace(target)
    return target


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _retrieve(jar: Jar, folder: Path, java_home: Path, ivy: Path) -> Path:
    command: list[str | Path] = [
        *(java_home / "bin" / "java", "-jar", ivy, "-cache", folder / "cache"),
        *("-dependency", jar.group, jar.artifact, jar.version),
        # Ivy's `master` is the artifact itself, without what it depends on.
        *("-confs", "master", "-retrieve", folder / "[artifact]-[revision].[ext]"),
    ]
    done = subprocess.run(command, capture_output=True, text=True)  # noqa: S603
    arrived = folder / jar.file_name
    if done.returncode or not arrived.is_file():
        lines = [line.strip() for line in (done.stdout + done.stderr).splitlines()]
        reason = next((line for line in lines if "not found" in line or "ERROR" in line), "")
        raise SettingsError(
            f"{jar.group}:{jar.artifact}:{jar.version} could not be fetched from Maven Central"
            f" (is there a network?) {reason}".rstrip()
        )
    return arrived


def _parse(lock: Path) -> Iterator[Jar]:
    if not lock.is_file():
        raise SettingsError(f"{lock} is missing: nightshelf runs from its checkout")
    for number, line in enumerate(lock.read_text().splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        words = line.replace(":", " ").split()
        if len(words) != 4:
            raise SettingsError(f"{lock}:{number}: expected group:artifact:version sha256")
        yield Jar(*words)
