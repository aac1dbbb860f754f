from pathlib import Path

import pytest

from nightshelf.services.class_archive import class_archive


@pytest.fixture
def java(tmp_path):
    home = tmp_path / "java"
    home.mkdir()
    (home / "release").write_text('JAVA_VERSION="17.0.15"\n')
    return home


@pytest.fixture
def jars(tmp_path):
    found = [tmp_path / name for name in ("spark.jar", "iceberg.jar")]
    for jar in found:
        jar.write_bytes(b"PK")
    return found


@pytest.fixture
def scratch(tmp_path):
    folder = tmp_path / "spark" / "ask-7"
    folder.mkdir(parents=True)
    return folder


def run(scratch, java, jars, *, is_whole=True):
    """What the JVM is told; it writes the archive that it is told to."""
    with class_archive(scratch, java, jars) as archive:
        options = dict(one.partition("=")[::2] for one in archive.options.split())
        [option] = options.keys() & {"-XX:ArchiveClassesAtExit", "-XX:SharedArchiveFile"}
        if option == "-XX:ArchiveClassesAtExit":
            Path(options[option]).write_text("classes")
        archive.is_whole = is_whole
    return option


def kept(scratch):
    return sorted(path.name for path in scratch.parent.glob("classes-*"))


def test_the_first_job_makes_what_later_ones_map(scratch, java, jars):
    assert run(scratch, java, jars) == "-XX:ArchiveClassesAtExit"
    [archive] = kept(scratch)
    assert archive.endswith(".jsa")
    assert run(scratch, java, jars[::-1]) == "-XX:SharedArchiveFile"
    assert kept(scratch) == [archive]


def test_one_that_was_cut_short_is_made_anew(scratch, java, jars):
    run(scratch, java, jars)
    [archive] = kept(scratch)
    (scratch.parent / archive).write_text("class")
    assert run(scratch, java, jars) == "-XX:ArchiveClassesAtExit"
    assert kept(scratch) == [archive]
    assert run(scratch, java, jars) == "-XX:SharedArchiveFile"


def test_a_job_that_died_leaves_none(scratch, java, jars):
    assert run(scratch, java, jars, is_whole=False) == "-XX:ArchiveClassesAtExit"
    assert kept(scratch) == []


@pytest.mark.parametrize("change", ["java", "jar", "fewer jars"])
def test_another_java_or_other_jars_need_another_and_the_old_one_goes(scratch, java, jars, change):
    run(scratch, java, jars)
    before = kept(scratch)
    if change == "java":
        (java / "release").write_text('JAVA_VERSION="21.0.1"\n')
    elif change == "jar":
        jars[1].write_bytes(b"PK2")
    else:
        jars = jars[:1]
    assert run(scratch, java, jars) == "-XX:ArchiveClassesAtExit"
    [after] = kept(scratch)
    assert [after] != before
