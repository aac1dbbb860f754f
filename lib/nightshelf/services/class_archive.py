"""Spark's classes as a JVM has read them once, in a file that the JVMs of later jobs map.

Class data sharing, of Java (JEP 350): half of what a JVM does before its first query is to read
and verify the same 20,000 classes.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

#: A JVM that cannot use or make an archive says so at length, and goes on without.
_QUIET = "-Xlog:cds=off -Xlog:cds+dynamic=off -Xshare:auto"
#: By check sums; of a file that is cut short it would die, so that its name says its length.
_USE = "-XX:+VerifySharedSpaces -XX:SharedArchiveFile="


@dataclass
class ClassArchive:
    """`options` are for the JVM; a new archive is kept once `is_whole` says that its JVM ended."""

    options: str
    is_whole: bool = False


@contextmanager
def class_archive(scratch: Path, java_home: Path, jars: Sequence[Path]) -> Iterator[ClassArchive]:
    """
    Use the archive of this Java and these `jars` beside `scratch`; or have this JVM make it there.

    An archive of another Java or of other jars is removed when there is a new one.
    """
    stem = f"classes-{_key(java_home, jars)}"
    for kept in scratch.parent.glob(f"{stem}-*.jsa"):
        if kept.stem == f"{stem}-{kept.stat().st_size}":
            yield ClassArchive(f"{_USE}{kept} {_QUIET}")
            return
    made = scratch / "classes.jsa"
    archive = ClassArchive(f"-XX:ArchiveClassesAtExit={made} {_QUIET}")
    yield archive
    if archive.is_whole and made.is_file():
        # Who has mapped an older one keeps it: its name goes, not its pages.
        for old in scratch.parent.glob("classes-*.jsa"):
            old.unlink(missing_ok=True)
        made.replace(scratch.with_name(f"{stem}-{made.stat().st_size}.jsa"))


def _key(java_home: Path, jars: Sequence[Path]) -> str:
    release = java_home / "release"
    parts = [str(java_home), release.read_text(errors="replace") if release.is_file() else ""]
    parts += [f"{jar} {jar.stat().st_size}" for jar in sorted(jars)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
