import hashlib

import pytest

from nightshelf.errors import SettingsError
from nightshelf.services import jars
from nightshelf.services.jars import Jar

JAR = Jar("org.shelf", "lamp", "1.2", hashlib.sha256(b"light").hexdigest())


@pytest.fixture
def java_home(tmp_path):
    """A Java whose Ivy brings `light`: it does what the real one's last argument asks."""
    return java_that(tmp_path, 'echo -n light > "$(dirname "${@: -1}")/lamp-1.2.jar"')


def java_that(tmp_path, script):
    java = tmp_path / "java" / "bin" / "java"
    java.parent.mkdir(parents=True, exist_ok=True)
    java.write_text(f"#!/bin/bash\n{script}\n")
    java.chmod(0o755)
    return tmp_path / "java"


def fetch(tmp_path, java_home, jar=JAR):
    return jars.fetch(jar, jars_dir=tmp_path / "jars", java_home=java_home, ivy=tmp_path / "ivy")


def test_a_jar_is_fetched_and_nothing_else_is_left(tmp_path, java_home):
    assert fetch(tmp_path, java_home).read_bytes() == b"light"
    assert [path.name for path in (tmp_path / "jars").iterdir()] == ["lamp-1.2.jar"]


def test_a_jar_that_is_there_is_not_fetched_again(tmp_path, java_home):
    fetch(tmp_path, java_home)
    assert fetch(tmp_path, java_that(tmp_path, "exit 1")).read_bytes() == b"light"


def test_a_damaged_jar_is_fetched_again(tmp_path, java_home):
    fetch(tmp_path, java_home).write_bytes(b"lig")
    assert fetch(tmp_path, java_home).read_bytes() == b"light"


def test_a_jar_that_is_not_what_the_lock_names_is_not_installed(tmp_path, java_home):
    other = Jar("org.shelf", "lamp", "1.2", "0" * 64)
    with pytest.raises(SettingsError, match=r"^lamp-1\.2\.jar has sha256 .* names 000"):
        fetch(tmp_path, java_home, other)
    assert list((tmp_path / "jars").iterdir()) == []


@pytest.mark.parametrize("script", ["echo 'lamp: not found'; exit 1", "exit 0"])
def test_a_jar_that_does_not_come_is_named(tmp_path, script):
    with pytest.raises(SettingsError, match=r"^org\.shelf:lamp:1\.2 could not be fetched"):
        fetch(tmp_path, java_that(tmp_path, script))


def test_a_missing_jar_says_what_to_run(tmp_path):
    with pytest.raises(SettingsError, match=r"lacks iceberg-.*jar.*: run make setup$"):
        jars.jar_paths(tmp_path)


def test_jars_that_are_there_are_found(tmp_path):
    for jar in jars.locked():
        (tmp_path / jar.file_name).touch()
    names = {path.name.split("-")[0] for path in jars.jar_paths(tmp_path)}
    assert names == {"iceberg", "sqlite", "postgresql"}


@pytest.mark.parametrize("line", ["org.shelf:lamp:1.2", "org.shelf lamp", "a:b:c:d 00"])
def test_a_line_that_is_no_lock_is_pointed_at(tmp_path, line):
    lock = tmp_path / "jars.lock"
    lock.write_text(f"# comment\n\n{line}\n")
    with pytest.raises(
        SettingsError, match=r"jars\.lock:3: expected group:artifact:version sha256"
    ):
        jars.locked(lock)
