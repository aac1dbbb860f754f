"""What may be selected, and that nobody's words become a query."""

import json

import pytest

from nightshelf.errors import NightshelfError
from nightshelf.lakehouse.tables import TABLES
from nightshelf.names import REVIEW_SENTIMENT
from nightshelf.shelf import chosen
from nightshelf.shelf.published import ENCODER_TABLES
from nightshelf.shelf.selection import Selection

V = "0123456789abcdef"
SENTIMENT = ENCODER_TABLES[0]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"by": "newest"}, "not a model version: 'newest'"),
        ({"not_models": (V, "x' OR 1=1")}, "not a model version"),
        ({"first": "2026-02-30"}, "2026-02-30"),
        ({"last": "2026-03-01' OR 1=1"}, "2026-03-01"),
        ({"first": "2026-03-02", "last": "2026-03-01"}, "the first day comes first"),
        ({"most_rows": -1}, "at most how many"),
        ({"most_tokens": -1}, "at most how many"),
        ({"colour": "red"}, "colour selects nothing"),
    ],
)
def test_what_is_no_selection_is_refused(fields, said):
    with pytest.raises(NightshelfError, match=said):
        Selection.from_fields({"question": "sentiment", "by": V, **fields})


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"not_models": (V,), "first": "2026-03-01", "last": "2026-03-01"},
        {"category": "x'; DROP TABLE y", "product_ids": ("p'1", "p2"), "most_rows": 3},
        {"reason": "HostKilled", "most_tokens": 9},
    ],
)
def test_it_comes_back_from_json_as_it_was(fields):
    one = Selection(question="sentiment", by=V, **fields)
    assert Selection.from_fields(json.loads(json.dumps(one.to_fields()))) == one
    assert one.asks_failures_again == ("reason" in fields)
    assert one.is_limited == bool(fields.keys() & {"most_rows", "most_tokens"})


SELECTS = [
    pytest.param(lambda word: chosen.tokens_known(word), id="tokens"),
    pytest.param(lambda word: chosen.settled_since("sentiment", word), id="run"),
    pytest.param(lambda word: chosen.to_write(SENTIMENT, "base", word), id="version"),
    pytest.param(lambda word: chosen.count("reviews", "q", word, "SELECT 1"), id="counted version"),
    pytest.param(lambda word: chosen.count(word, "q", V, "SELECT 1"), id="lane"),
    pytest.param(lambda word: chosen.ids(word, "review_id"), id="view"),
]


@pytest.mark.parametrize("select", SELECTS)
def test_only_checked_words_enter_a_select(select):
    with pytest.raises(ValueError, match="not a "):
        select("x; DROP TABLE y")


def test_a_row_that_is_written_anew_keeps_all_that_no_model_said():
    select = chosen.to_write(SENTIMENT, "base", V).partition("FROM")[0]
    kept = {word.strip(", b.\n") for word in select.removeprefix("SELECT").split(",")}
    said = {"label", "p_negative", "p_neutral", "p_positive"}
    provenance = {"status", "reason", "key", "model_version", "wave"}
    assert kept == set(TABLES[REVIEW_SENTIMENT].columns) - said - provenance
