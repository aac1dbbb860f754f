import os
import signal

import pytest

from nightshelf.cli import main
from nightshelf.settings import PREFIX, Settings


@pytest.fixture(autouse=True)
def settings(tmp_path, monkeypatch):
    """The settings of a home of the test's own, which commands read as well."""
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("NIGHTSHELF_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return Settings.from_environ()


@pytest.fixture
def run(capsys):
    """Runs `nightshelf WORD…`: its exit code, what it printed, and what it complained of."""
    before = signal.getsignal(signal.SIGTERM)

    def call(*words):
        code = main(words)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    yield call
    signal.signal(signal.SIGTERM, before)
