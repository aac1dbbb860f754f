"""Finds a Java that Spark runs on, whatever the default `java` of the machine is."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from nightshelf.errors import SettingsError

FITTING = (17, 21)
"""Spark 4.1 was tested on these; it dies on Java 25."""

PLACES = (
    "/usr/lib/jvm",
    "/opt/homebrew/opt",
    "/usr/local/opt",
    "/Library/Java/JavaVirtualMachines",
)

INSTALL = (
    "install it (Debian, Ubuntu: apt-get install openjdk-17-jre-headless;"
    " macOS: brew install openjdk@17) or set JAVA_HOME to a Java 17 or 21"
)


def find(java_home: str | None, places: tuple[str, ...] = PLACES) -> Path:
    """Return the home of a fitting Java: `java_home`, the one on PATH, or one in `places`.

    Raise `SettingsError`, naming what was found instead, where there is none.
    """
    seen: dict[Path, int | None] = {}
    for home in _candidates(java_home, places):
        if home not in seen:
            seen[home] = major_version(home)
            if seen[home] in FITTING:
                return home
    found = "; ".join(f"{home} is Java {version or '?'}" for home, version in seen.items())
    raise SettingsError(f"Spark needs Java 17 or 21 and there is none: {INSTALL}. {found}".rstrip())


def major_version(home: Path) -> int | None:
    """17 for Java 17; None where `home` holds no Java that says its version."""
    release = home / "release"
    if release.is_file():
        text = release.read_text(errors="replace")
    elif (home / "bin" / "java").is_file():
        text = _ask(home / "bin" / "java")
    else:
        return None
    found = re.search(r'(?:JAVA_VERSION=|version )"(\d+)', text)
    return int(found[1]) if found else None


def _candidates(java_home: str | None, places: tuple[str, ...]) -> Iterator[Path]:
    if java_home:
        yield Path(java_home)
    if on_path := shutil.which("java"):
        yield Path(on_path).resolve().parents[1]
    for place in places:
        for folder in sorted(Path(place).glob("*")):
            for inside in (".", "libexec/openjdk.jdk/Contents/Home", "Contents/Home"):
                if (folder / inside / "bin" / "java").is_file():
                    yield (folder / inside).resolve()


def _ask(java: Path) -> str:
    try:
        said = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=30)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return said.stderr
