from nightshelf.names import SHELF
from nightshelf.quality.suites import suites
from nightshelf.settings import Settings


def test_no_table_is_released_without_an_audit():
    found = suites(Settings(), ["DATE'2026-03-01'"], {"lake.shelf.review_tone": "review_id"})
    assert set(found) == {*SHELF, "lake.shelf.review_tone"}
    assert all(any(one.name == "duplicate_ids" for one in suite) for suite in found.values())
