"""Published rows are answered again: exactly those that were chosen, and no others."""

import pytest

from nightshelf.errors import ModelError, NightshelfError, SettingsError
from nightshelf.models.faulty import poison
from nightshelf.night.active import active_versions
from nightshelf.night.publish import publish_run
from nightshelf.ops import runs
from nightshelf.ops.leases import holder_process

CATALOG = [
    {"product_id": "p1", "title": "Kettle", "category": "Kitchen"},
    {"product_id": "p2", "title": "Lamp", "category": "Lights'; DROP TABLE x --"},
]
REVIEWS = {
    "2026-03-01": [("r1", "p1", "great kettle"), ("r2", "p2", "great lamp and more of it")],
    "2026-03-02": [("r3", "p1", "great kettle"), ("r4", "p'4", "awful thing")],
    "2026-03-03": [("r5", "p2", "it is fine"), ("r6", "p1", "it broke")],
}
EVERYTHING = {"r1", "r2", "r3", "r4", "r5", "r6"}


def land(shop, day, rows):
    fields = ("review_id", "product_id", "body")
    shop.land("reviews", [dict(zip(fields, row, strict=True)) for row in rows], day)


@pytest.fixture
def shop(new_shop):
    """Three dates by one model; by now another is active for sentiment."""
    shop = new_shop()
    shop.land("catalog", CATALOG, "2026-03-01")
    for day, rows in REVIEWS.items():
        land(shop, day, rows)
    # A night takes the earlier dates along that it does not know.
    shop.night(max(REVIEWS))
    new = shop.named(encoder="fake:12")
    new.activate("sentiment")
    return new


def by_the_new(shop):
    active = active_versions(shop.context)["sentiment"]
    rows = shop.rows("review_sentiment").to_pylist()
    return {row["review_id"] for row in rows if row["model_version"] == active}


def untouched(shop, chosen):
    """All that readers see but the rows that were chosen and what is summed from them."""
    rows = shop.rows("review_sentiment").to_pylist()
    kept = [row for row in rows if row["review_id"] not in chosen]
    vectors = [shop.rows(t).to_pylist() for t in ("review_embedding", "product_embedding")]
    return sorted(map(repr, kept)), [sorted(map(repr, rows)) for rows in vectors]


SELECTIONS = [
    ({}, EVERYTHING, 5),
    ({"first": "2026-03-02"}, {"r3", "r4", "r5", "r6"}, 4),
    ({"last": "2026-03-01"}, {"r1", "r2"}, 2),
    ({"first": "2026-03-02", "last": "2026-03-02"}, {"r3", "r4"}, 2),
    ({"category": "Kitchen"}, {"r1", "r3", "r6"}, 2),
    ({"category": "Lights'; DROP TABLE x --"}, {"r2", "r5"}, 2),
    ({"product_ids": ("p'4", "p2")}, {"r2", "r4", "r5"}, 3),
    ({"product_ids": ("p1",), "first": "2026-03-03"}, {"r6"}, 1),
    ({"most_rows": 3}, {"r5", "r6", "r3"}, 3),
    # 2 and 3 tokens on the third day, 2 on the second; r4 would be the ninth.
    ({"most_tokens": 8}, {"r5", "r6", "r3"}, 3),
    ({"category": "nowhere"}, set(), 0),
]


@pytest.mark.parametrize(("words", "chosen", "texts"), SELECTIONS, ids=lambda v: str(v)[:40])
def test_exactly_the_chosen_rows_are_asked_and_published(shop, words, chosen, texts):
    before = untouched(shop, chosen)
    row = shop.reanswer("sentiment", **words)
    assert row["plan"]["sentiment"]["rows"] == len(chosen)
    is_limited = bool(words.keys() & {"most_rows", "most_tokens"})
    assert row["plan"]["sentiment"]["left_out"] == 3 * is_limited
    assert row["asked"]["texts"] == texts
    assert by_the_new(shop) == chosen
    assert untouched(shop, chosen) == before
    assert row["state"] == ("released" if chosen else "unchanged")
    newest = shop.releases()[-1]
    assert newest.kind == ("reanswer" if chosen else "night")
    assert set(newest.models) == {"sentiment", "embedding"}
    assert holder_process(shop.context.ops, "reanswer:sentiment") == ""


def test_a_dry_run_changes_nothing_and_says_what_it_would_do(shop):
    before, answers = shop.content(), len(shop.rows("sentiment"))
    versions = len(shop.rows("model_versions"))
    row = shop.reanswer("sentiment", is_dry=True, most_rows=4)
    assert (row["state"], row["asked"], row["assembled"]) == ("planned", {}, {})
    assert (shop.content(), len(shop.rows("sentiment"))) == (before, answers)
    assert len(shop.rows("model_versions")) == versions
    [line] = [one for one in shop.lines if one.startswith("choose: ")]
    assert "4 published rows" in line
    assert "2 more rows are left out" in line


def test_the_second_time_there_is_nothing_left_to_do(shop):
    shop.reanswer("sentiment")
    row = shop.reanswer("sentiment")
    assert row["plan"]["sentiment"]["rows"] == 0
    assert (row["state"], row["asked"]["texts"]) == ("unchanged", 0)


def test_the_sums_of_each_day_follow(shop):
    shop.reanswer("sentiment", product_ids=("p1",))
    active = active_versions(shop.context)["sentiment"]
    rows = shop.rows("product_insight").to_pylist()
    assert {r["model_version"] == active for r in rows if r["product_id"] == "p1"} == {True}
    assert {r["model_version"] == active for r in rows if r["product_id"] != "p1"} == {False}


def test_a_night_after_it_leaves_its_rows_alone(shop):
    shop.reanswer("sentiment", first="2026-03-03")
    land(shop, "2026-03-04", [("r7", "p1", "great")])
    assert shop.night("2026-03-04")["dates"].keys() == {"2026-03-04"}
    assert by_the_new(shop) == {"r5", "r6", "r7"}


def test_a_row_that_a_night_changed_in_between_is_that_night_s(shop, monkeypatch):
    land(shop, "2026-03-04", [("r1", "p1", "awful now")])
    pending = ["2026-03-04"]

    def night_comes_first(context, run):
        if pending and run.startswith("r"):
            shop.night(pending.pop())
        publish_run(context, run)

    monkeypatch.setattr("nightshelf.night.publish.publish_run", night_comes_first)
    shop.reanswer("sentiment")
    assert shop.sentiment()["r1"] == ("negative", 4)
    assert by_the_new(shop) == EVERYTHING
    assert [one.kind for one in shop.releases()][-2:] == ["night", "reanswer"]


def test_failures_are_asked_again_by_their_reason(new_shop):
    broken = new_shop(encoder="faulty:fake:8", max_failed_share=1.0)
    nan = poison("nan")
    rows = [("r1", "p1", "great"), ("r2", "p1", nan), ("r3", "p1", f"{nan} twice")]
    land(broken, "2026-03-01", rows)
    broken.night("2026-03-01")
    # The night after does not: they have failed for good.
    shop = broken.named(encoder="fake:8", max_failed_share=0.01)
    assert shop.reanswer("sentiment")["plan"]["sentiment"]["rows"] == 0
    assert shop.reanswer("sentiment", reason="HostKilled")["plan"]["sentiment"]["rows"] == 0
    row = shop.reanswer("sentiment", reason="WrongAnswer")
    assert (row["state"], row["asked"]["texts"]) == ("released", 2)
    assert set(shop.rows("review_sentiment")["status"].to_pylist()) == {"answered"}
    # What failed again is no reason to hold: it is not worse than it was.
    assert set(shop.rows("review_embedding")["status"].to_pylist()) == {"answered", "failed"}
    faulty = shop.named(encoder="faulty:fake:8")
    row = faulty.reanswer("embedding", reason="WrongAnswer")
    assert (row["state"], row["asked"]["texts"]) == ("unchanged", 2)


def test_answers_of_a_version_that_is_not_active_are_built_only(shop):
    versions = {row["id"] for row in runs.model_ids(shop.context.ops, "sentiment")}
    [old] = versions - {active_versions(shop.context)["sentiment"]}
    shop.reanswer("sentiment")
    row = shop.reanswer("sentiment", by=old)
    assert (row["plan"]["sentiment"]["reused"], row["asked"]["texts"]) == (5, 0)
    assert row["state"] == "built"
    assert by_the_new(shop) == EVERYTHING


@pytest.mark.parametrize(
    ("words", "error", "said"),
    [
        ({"question": "mood"}, SettingsError, "'mood' is no question"),
        ({"by": "0" * 16}, SettingsError, "is no model version of sentiment"),
        ({"first": "2026-03-02", "last": "2026-03-01"}, SettingsError, "the first day comes first"),
        ({"first": "yesterday"}, NightshelfError, "yesterday"),
        ({"model_is_not": "x"}, SettingsError, "not a model version"),
    ],
)
def test_what_cannot_be_meant_is_refused(new_shop, words, error, said):
    shop = new_shop()
    land(shop, "2026-03-01", REVIEWS["2026-03-01"])
    shop.night("2026-03-01")
    with pytest.raises(error, match=said):
        shop.reanswer(**{"question": "sentiment", **words})
    assert len(runs.recent_runs(shop.context.ops)) == 1


def test_without_a_first_night_there_is_nothing_to_answer_again(shop, new_shop):
    with pytest.raises(ModelError, match="its first night comes first"):
        new_shop("empty").reanswer("sentiment")
