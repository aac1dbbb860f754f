import os
import signal
from dataclasses import dataclass
from pathlib import Path

import pytest

from nightshelf import cli
from nightshelf.settings import Settings


@dataclass
class Said:
    code: int
    out: str
    err: str


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    """An empty home, which the environment names; no other setting is set."""
    for name in [name for name in os.environ if name.startswith("NIGHTSHELF_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("NIGHTSHELF_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def settings(home):
    return Settings(home=home)


@pytest.fixture
def nightshelf(home, capsys):
    """The command as a person calls it; what handles SIGTERM comes back."""
    before = signal.getsignal(signal.SIGTERM)

    def run(*words):
        code = cli.main([str(word) for word in words])
        return Said(code, *capsys.readouterr())

    yield run
    signal.signal(signal.SIGTERM, before)
