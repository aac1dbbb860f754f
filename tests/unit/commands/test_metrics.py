import pytest


def test_they_are_printed(run):
    code, said, _ = run("metrics")
    assert code == 0
    assert 'nightshelf_waiting{what="release"} 0.0\n' in said


def test_a_file_is_replaced_as_a_whole(run, tmp_path):
    out = tmp_path / "nightshelf.prom"
    out.write_text("old")
    code, said, _ = run("metrics", "--out", str(out))
    assert (code, said) == (0, "")
    assert 'nightshelf_waiting{what="plan"} 0.0\n' in out.read_text()
    assert list(tmp_path.glob("*.new")) == []


@pytest.mark.parametrize("name", ["nowhere/nightshelf.prom", "."])
def test_a_file_that_cannot_be_written_is_named(run, tmp_path, name):
    code, _, complaint = run("metrics", "--out", str(tmp_path / name))
    assert code == 1
    assert "cannot be written" in complaint
