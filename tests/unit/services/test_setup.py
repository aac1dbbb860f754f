import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nightshelf.errors import SettingsError
from nightshelf.services import jars, setup
from nightshelf.services.progress import Progress, run
from nightshelf.settings import Settings

REPO = Path(__file__).parents[3]


@pytest.fixture
def repo(tmp_path):
    for name in setup.LOCKS:
        (tmp_path / name).write_text(name)
    (tmp_path / ".venv").mkdir()
    return tmp_path


def filled(folder):
    folder.mkdir()
    for jar in jars.locked():
        (folder / jar.file_name).touch()
    return folder


@pytest.mark.parametrize(
    ("pythons", "status"),
    [("good", 0), ("old good", 0), ("absent old good", 0), ("old", 2), ("absent", 2)],
)
def test_make_takes_the_first_python_that_fits_or_says_what_is_missing(tmp_path, pythons, status):
    for name, version in {"good": "(3, 12, 1)", "old": "(3, 10, 1)"}.items():
        # Runs make's question under another version; any other command it only repeats.
        script = f"""#!{sys.executable}
import sys
sys.version_info = {version}
exec(sys.argv[2]) if sys.argv[1] == "-c" else print("set up by {name}")
"""
        (tmp_path / name).write_text(script)
        (tmp_path / name).chmod(0o755)
    tried = " ".join(str(tmp_path / name) for name in pythons.split())
    make = [shutil.which("make"), "-C", REPO, "setup", f"PYTHON={tried}"]
    done = subprocess.run(make, capture_output=True, text=True)
    assert done.returncode == status
    assert ("set up by good" in done.stdout) is (status == 0)
    assert ("Python 3.11 or 3.12 is missing" in done.stderr) is (status != 0)


@pytest.mark.parametrize("name", setup.LOCKS)
def test_a_changed_lock_is_another_environment(repo, name):
    before = setup.fingerprint(repo)
    assert before == setup.fingerprint(repo)
    (repo / name).write_text("changed")
    assert before != setup.fingerprint(repo)


def test_nothing_is_done_twice(repo, tmp_path, capsys):
    (repo / ".venv" / "nightshelf.stamp").write_text(setup.fingerprint(repo))
    setup.setup(repo, Settings(jars=filled(tmp_path / "jars")), None, Progress())
    assert "Ready: nothing changed" in capsys.readouterr().out


@pytest.mark.parametrize("lost", ["stamp", "jar", "lock"])
def test_what_was_lost_is_noticed(repo, tmp_path, lost):
    stamp, folder = repo / ".venv" / "nightshelf.stamp", filled(tmp_path / "jars")
    stamp.write_text(setup.fingerprint(repo))
    assert setup.is_ready(stamp, setup.fingerprint(repo), folder)
    if lost == "stamp":
        stamp.unlink()
    elif lost == "jar":
        next(folder.iterdir()).unlink()
    else:
        (repo / "requirements.lock").write_text("changed")
    assert not setup.is_ready(stamp, setup.fingerprint(repo), folder)


def test_a_long_command_is_heard_of(capsys):
    run(["sleep", "0.35"], Progress(), every=0.1)
    assert capsys.readouterr().out.count("sleep is still at work") >= 2


def test_a_failed_command_shows_its_end():
    with pytest.raises(SettingsError, match=r"^sh failed:\n  one\n  two$"):
        run(["sh", "-c", "echo one; echo two >&2; exit 3"], Progress())
