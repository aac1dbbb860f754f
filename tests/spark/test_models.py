"""Which model answers: the active one; what a change of it does, and what it leaves alone."""

import pytest

from nightshelf.errors import ModelError
from nightshelf.lakehouse.rollback import rollback
from nightshelf.night.active import active_versions
from nightshelf.night.assemble import assemble_and_audit
from nightshelf.night.publish import publish_run
from nightshelf.ops import runs
from nightshelf.ops.activations import activations

DAYS = ("2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04")
VECTORS = ("review_embedding", "product_embedding")


def review(number, body="great", product="p1"):
    return {"review_id": f"r{number}", "product_id": product, "body": f"{body} {number}"}


def catalog(*titles):
    return [{"product_id": f"p{n}", "title": title} for n, title in enumerate(titles, 1)]


@pytest.fixture
def old(shop):
    """A lake whose first night was answered by one model."""
    shop.land("reviews", [review(1), review(2)], DAYS[0])
    shop.land("catalog", catalog("Kettle"), DAYS[0])
    shop.night(DAYS[0])
    return shop


@pytest.fixture
def new(old):
    """The same lake when the settings name another."""
    return old.named(encoder="fake:12")


def signed(shop, table):
    [id_field] = {"product_embedding": ["product_id"]}.get(table, ["review_id"])
    return {row[id_field]: row["model_version"] for row in shop.rows(table).to_pylist()}


def dimensions(shop, table):
    return {len(row["vector"]) for row in shop.rows(table).to_pylist()}


def night(shop, day, *reviews):
    shop.land("reviews", list(reviews), day)
    return shop.night(day)


def test_the_first_night_activates_what_the_settings_name(old):
    active = active_versions(old.context)
    assert active == runs.read_run(old.context.ops, old.releases()[0].run)["models"]
    [one] = activations(old.context.ops, "sentiment")
    assert (one.id, one.is_explicit) == (active["sentiment"], False)


def test_other_settings_do_not_hold_a_night_which_says_who_answers(new):
    before = active_versions(new.context)
    row = night(new, DAYS[1], review(3))
    assert (row["state"], row["models"]) == ("released", before)
    for table in VECTORS:
        assert dimensions(new, table) == {8}
    [line] = [line for line in new.lines if "sentiment is asked of the active" in line]
    assert before["sentiment"] in line
    assert "nightshelf models activate --question sentiment" in line


def test_settings_that_name_no_usable_model_do_not_hold_a_night(old):
    shop = old.named(encoder="folder:/nowhere", sentiment_head="folder:/nowhere")
    assert night(shop, DAYS[1], review(3))["state"] == "released"
    assert any(
        "stay with the active version; what the settings name" in line for line in shop.lines
    )


def test_an_active_version_whose_files_are_gone_says_both_ways_out(old):
    shop = old.named(encoder="fake:12")
    with shop.context.ops.begin() as db:
        db.exec_driver_sql("UPDATE models SET choice = NULL")
    with pytest.raises(ModelError, match=r"Put its files back .* or let another version answer"):
        night(shop, DAYS[1], review(3))


def test_as_long_as_nothing_is_released_the_settings_decide(shop):
    shop.land("reviews", [review(1)], DAYS[0])
    shop.start(DAYS[0], "wrong")
    shop.give_back("wrong")
    other = shop.named(encoder="fake:12")
    other.night(DAYS[0], run="right")
    assert dimensions(other, "review_embedding") == {12}
    assert len(activations(other.context.ops, "sentiment")) == 2


def test_a_preview_says_what_becomes_stale_and_changes_nothing(new):
    before, lines = active_versions(new.context), len(new.lines)
    new.activate("sentiment", yes=False)
    assert active_versions(new.context) == before
    said = "\n".join(new.lines[lines:])
    assert "choose: sentiment: 2 published rows, 2 distinct texts, 0 answered before, 2 to" in said
    assert "about 4 tokens" in said
    assert len(new.releases()) == 1


def test_sentiment_mixes_and_each_row_says_who_answered(new):
    first = active_versions(new.context)["sentiment"]
    new.activate("sentiment")
    second = active_versions(new.context)["sentiment"]
    assert first != second
    [newest, _] = activations(new.context.ops, "sentiment")
    assert (newest.who, newest.is_explicit) == ("ann", True)
    row = night(new, DAYS[1], review(2, "awful"), review(3))
    assert row["state"] == "released"
    assert signed(new, "review_sentiment") == {"r1": first, "r2": second, "r3": second}
    assert new.sentiment() == {"r1": ("positive", 1), "r2": ("negative", 2), "r3": ("positive", 2)}
    # Two encoders in one night: the head of one, the vectors of the other.
    assert len(runs.waves_of(new.context.ops, row["run"])) == 2
    assert dimensions(new, "review_embedding") == {8}


def test_the_sums_of_a_product_are_those_of_its_published_labels(new):
    night(new, DAYS[1], review(3, "awful"))
    new.activate("sentiment")
    night(new, DAYS[2], review(4, "awful"))
    both = ",".join(sorted(set(signed(new, "review_sentiment").values())))
    of_day = {r["as_of"].isoformat(): r for r in new.rows("product_insight").to_pylist()}
    assert of_day[DAYS[2]]["model_version"] == both
    assert (of_day[DAYS[2]]["reviews"], of_day[DAYS[2]]["share_positive"]) == (4, 0.5)
    assert "," not in of_day[DAYS[1]]["model_version"]


def test_one_encoder_for_both_questions_stays_one_pass(new):
    row = night(new, DAYS[1], review(3))
    assert len(runs.waves_of(new.context.ops, row["run"])) == 1


# ------------------------------------------------------------------ generations of vectors


def test_vectors_are_built_beside_the_others_then_switched_and_switched_back(new):
    first = active_versions(new.context)["embedding"]
    with pytest.raises(ModelError, match=r"3 of the 3 texts .* `nightshelf reanswer --question"):
        new.activate("embedding")
    row = new.reanswer("embedding")
    assert (row["state"], row["asked"]["texts"]) == ("built", 3)
    assert dimensions(new, "review_embedding") == {8}
    assert len(new.releases()) == 1

    # A night in between goes on with the old one; its row lacks the new one's answer.
    night(new, DAYS[1], review(3))
    with pytest.raises(ModelError, match="1 of the 4 texts"):
        new.activate("embedding")
    assert active_versions(new.context)["embedding"] == first
    assert new.reanswer("embedding")["asked"]["texts"] == 1
    new.activate("embedding")
    second = active_versions(new.context)["embedding"]
    for table in VECTORS:
        assert dimensions(new, table) == {12}
        assert set(signed(new, table).values()) == {second}
    released = new.releases()[-1]
    assert (released.kind, released.models["embedding"]) == ("switch", second)
    assert released.models["sentiment"] == new.releases()[-2].models["sentiment"]
    assert activations(new.context.ops, "embedding")[0].who == "ann"

    assert night(new, DAYS[2], review(4))["state"] == "released"
    assert dimensions(new, "review_embedding") == {12}
    # Back in one command, once the row of the night between has its answer again.
    old = new.named(encoder="fake:8")
    old.reanswer("embedding")
    old.activate("embedding", first)
    for table in VECTORS:
        assert dimensions(old, table) == {8}
    assert active_versions(old.context)["embedding"] == first


def test_a_rollback_takes_the_nights_after_it_along(new):
    first = active_versions(new.context)["embedding"]
    new.reanswer("embedding")
    new.activate("embedding")
    rollback(new.context.catalog, 1, reason="", now=new.clock())
    assert active_versions(new.context)["embedding"] == first
    night(new, DAYS[1], review(3))
    assert dimensions(new, "review_embedding") == {8}


def test_a_night_that_was_planned_before_a_switch_is_of_the_new_generation(new):
    new.land("reviews", [review(3), review(1, "awful")], DAYS[1])
    new.start(DAYS[1], "between")
    new.ask("between")
    new.reanswer("embedding")
    new.activate("embedding")
    new.finish("between")
    for table in VECTORS:
        assert dimensions(new, table) == {12}
    assert any("the vectors were switched to" in line for line in new.lines)


def test_a_night_that_releases_under_a_switch_is_switched_as_well(new, monkeypatch):
    new.reanswer("embedding")
    new.land("reviews", [review(3)], DAYS[1])
    new.start(DAYS[1], "between")
    new.ask("between")
    pending = ["between"]

    def night_comes_first(context, run):
        if pending:
            other = pending.pop()
            assemble_and_audit(new.session, context, other)
            publish_run(context, other)
        publish_run(context, run)

    monkeypatch.setattr("nightshelf.night.publish.publish_run", night_comes_first)
    new.activate("embedding")
    assert [one.kind for one in new.releases()] == ["night", "night", "switch"]
    for table in VECTORS:
        assert dimensions(new, table) == {12}
    assert set(signed(new, "review_embedding")) == {"r1", "r2", "r3"}
