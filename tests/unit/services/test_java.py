import pytest

from nightshelf.errors import SettingsError
from nightshelf.services import java


@pytest.fixture(autouse=True)
def empty_path(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))


def install(home, version, *, says_so_in="release"):
    (home / "bin").mkdir(parents=True)
    program = home / "bin" / "java"
    program.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n")
    program.chmod(0o755)
    if says_so_in == "release":
        (home / "release").write_text(f'IMPLEMENTOR="X"\nJAVA_VERSION="{version}"\n')
    return home


@pytest.mark.parametrize("says_so_in", ["release", "-version"])
@pytest.mark.parametrize(
    ("version", "major"), [("17.0.15", 17), ("21", 21), ("25.0.1", 25), ("1.8.0_392", 1)]
)
def test_a_java_tells_its_version(tmp_path, version, major, says_so_in):
    home = install(tmp_path / "java", version, says_so_in=says_so_in)
    assert java.major_version(home) == major


def test_what_is_no_java_has_no_version(tmp_path):
    assert java.major_version(tmp_path) is None


@pytest.mark.parametrize(
    ("java_home", "on_path", "installed", "chosen"),
    [
        ("17.0.1", "21.0.1", [], "java-home"),
        ("25.0.1", "21.0.1", [], "on-path"),
        ("25.0.1", "25.0.1", ["11.0.2", "21.0.3"], "installed-1"),
        (None, None, ["17.0.2", "21.0.3"], "installed-0"),
    ],
)
def test_the_first_that_fits_is_chosen(tmp_path, java_home, on_path, installed, chosen):
    given = java_home and str(install(tmp_path / "java-home", java_home))
    if on_path:
        home = install(tmp_path / "on-path", on_path)
        (tmp_path / "bin").symlink_to(home / "bin")
    for number, version in enumerate(installed):
        install(tmp_path / "jvm" / f"installed-{number}", version)
    assert java.find(given, (str(tmp_path / "jvm"),)).name == chosen


def test_where_none_fits_it_says_what_was_found_and_what_to_install(tmp_path):
    home = install(tmp_path / "new", "25.0.1")
    with pytest.raises(SettingsError, match=r"openjdk-17-jre-headless.*new is Java 25$"):
        java.find(str(home), ())
