"""Tables are made once, whoever else makes them at the same moment."""

import pytest
from pyiceberg.exceptions import CommitFailedException

from nightshelf import names
from nightshelf.lakehouse import catalog as module
from nightshelf.lakehouse.catalog import ensure_tables, local_name, open_catalog
from nightshelf.lakehouse.tables import TABLES
from nightshelf.settings import Settings

MADE = (names.REVIEW_SENTIMENT, names.REJECTED)


@pytest.fixture
def lake(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "TABLES", {name: TABLES[name] for name in MADE})
    return open_catalog(Settings(home=tmp_path))


def test_a_table_that_another_night_made_meanwhile_stays_as_it_is(lake, monkeypatch):
    ensure_tables(lake, {})
    before = [lake.load_table(local_name(name)).metadata for name in MADE]
    # Neither has seen the other's.
    monkeypatch.setattr(module, "_tables_in", lambda *_: set())
    ensure_tables(lake, {})
    assert [lake.load_table(local_name(name)).metadata for name in MADE] == before


def test_a_table_that_could_not_be_made_is_not_taken_for_one_that_is_there(lake, monkeypatch):
    def refuse(*_args, **_more):
        raise CommitFailedException("the catalog is away")

    monkeypatch.setattr(lake, "commit_table", refuse)
    with pytest.raises(CommitFailedException, match="away"):
        ensure_tables(lake, {})
