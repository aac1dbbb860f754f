"""Two nights that change one table's names at once both get through."""

import pytest
from pyiceberg.exceptions import CommitFailedException

from nightshelf.errors import ReleaseConflict
from nightshelf.lakehouse import refs
from nightshelf.lakehouse.branches import open_branches
from nightshelf.lakehouse.catalog import ensure_tables, local_name, open_catalog
from nightshelf.lakehouse.refs import change_refs
from nightshelf.lakehouse.release import base_snapshots
from nightshelf.names import REVIEW_SENTIMENT
from nightshelf.settings import Settings


@pytest.fixture
def catalog(tmp_path):
    opened = open_catalog(Settings(home=tmp_path))
    ensure_tables(opened, {})
    return opened


def test_a_branch_is_opened_although_another_run_opens_its_own(catalog, monkeypatch):
    base = {REVIEW_SENTIMENT: base_snapshots(catalog, None)[REVIEW_SENTIMENT]}
    load, commit = catalog.load_table, catalog.commit_table

    def load_then_lose(name):
        table = load(name)
        monkeypatch.setattr(catalog, "load_table", load)
        # Between the commit's own look at the table and its writing the other one commits.
        open_branches(catalog, base, branch="run_other")
        return table

    def commit_late(*arguments):
        monkeypatch.setattr(catalog, "commit_table", commit)
        monkeypatch.setattr(catalog, "load_table", load_then_lose)
        return commit(*arguments)

    monkeypatch.setattr(catalog, "commit_table", commit_late)
    open_branches(catalog, base, branch="run_one")
    refs = catalog.load_table(local_name(REVIEW_SENTIMENT)).refs()
    assert {"run_one", "run_other"} <= set(refs)


def test_who_never_gets_through_says_so(catalog, monkeypatch):
    monkeypatch.setattr(refs, "_PAUSE_SECONDS", 0.0)
    tries = []

    def lose(table):
        tries.append(table)
        raise CommitFailedException("too late")

    with pytest.raises(
        ReleaseConflict, match=r"lake\.shelf\.review_sentiment is changed by others"
    ):
        change_refs(catalog, REVIEW_SENTIMENT, lose)
    assert len(tries) == 20
