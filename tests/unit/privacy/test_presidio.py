"""The model itself, where it is installed: `make names`."""

import socket
from importlib.metadata import PackageNotFoundError

import pytest

from nightshelf.errors import SettingsError
from nightshelf.privacy import presidio
from nightshelf.privacy.choice import active_redactor, name_finder
from nightshelf.privacy.names import NameRedactor
from nightshelf.privacy.recall import recall_of
from nightshelf.privacy.redact import REDACTOR_VERSION
from nightshelf.settings import Settings

ON = Settings(redact_names="presidio")


def test_off_finds_nothing_and_needs_nothing():
    assert name_finder(Settings()) is None
    assert active_redactor(Settings()) == REDACTOR_VERSION


def test_a_missing_package_is_named_with_what_to_do(monkeypatch):
    def version(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(presidio, "version", version)
    with pytest.raises(SettingsError, match=r"presidio-analyzer is not installed .* `make names`"):
        name_finder(ON)


@pytest.fixture
def redactor():
    pytest.importorskip("presidio_analyzer", reason="not installed here: make names")
    return NameRedactor(name_finder(ON))


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_names_are_found_without_a_network(redactor, monkeypatch):
    def connect(*_):
        raise AssertionError("it reached for the network")

    monkeypatch.setattr(socket.socket, "connect", connect)
    texts = [
        "Barbara Johnson from Chicago told me to return it.",
        "The mug is solid and keeps tea warm.",
    ] * 3
    results = redactor.redact(texts, [""] * len(texts))
    assert [one.text for one in results[:2]] == [
        "[name] from [place] told me to return it.",
        "The mug is solid and keeps tea warm.",
    ]
    assert results == results[:2] * 3
    assert results[:1] == redactor.redact(texts[:1], [""]), "neighbours change nothing"


def test_these_very_versions_were_measured(redactor):
    assert recall_of(active_redactor(ON)) is not None
