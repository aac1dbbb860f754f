import pytest
from tests.unit.seat.filled import NOW, Nights

from nightshelf.seat.sources import open_sources
from nightshelf.settings import Settings


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path, price_per_million_tokens=2.0, cap_rows=5_000)


@pytest.fixture
def nights(settings):
    return Nights(settings)


@pytest.fixture
def sources(settings):
    return open_sources(settings, NOW)
