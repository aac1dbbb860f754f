"""A server elsewhere writes the drafts: asked from the driver, within a cap, and judged."""

import json

import pytest

from benchmarks.remote import books
from benchmarks.remote.batchwise import sound
from benchmarks.remote.stub import Stub, serving

PRICES = {
    "remote_price_per_million_prompt_tokens": 1.0,
    "remote_price_per_million_answer_tokens": 4.0,
    "remote_max_tokens": 64,
}


def said(text):
    return f"The {json.loads(text)['product']['title']} is made of steel and comes in red."


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr(books, "truth", said)
    with serving(Stub(lambda _: False, sound)) as stub:
        yield stub


@pytest.fixture
def shop(new_shop, server):
    def make(**changed):
        return new_shop(
            generator="remote",
            expected="catalog",
            remote_url=server.url,
            remote_model=books.MODEL,
            remote_revision="2026-03-01",
            **changed,
        )

    return make


def products(numbers):
    fields = {"brand": "Quillo", "attributes": {"colour": "red", "material": "steel"}}
    return [{"product_id": f"p{n}", "title": f"Kettle K{n}", **fields} for n in numbers]


def shown(shop):
    return {row["product_id"]: row for row in shop.rows("product_description").to_pylist()}


def test_a_server_s_drafts_are_judged_and_kept(shop):
    shop = shop(remote_max_text_bytes=400)
    [long] = products([9])
    long["attributes"] = {"colour": "red", "note": "so it goes " * 60}
    shop.land("catalog", [*products(range(4)), long], "2026-03-01")
    row = shop.night("2026-03-01")
    assert (row["state"], row["plan"]["description"]["to_ask"]) == ("released", 5)
    found = shown(shop)
    too_long = found.pop("p9")
    assert (too_long["status"], too_long["reason"]) == ("failed", "TextTooLong")
    assert too_long["fate"] == "composed"
    assert {one["fate"] for one in found.values()} == {"accepted"}
    assert found["p1"]["text"] == "The Kettle K1 is made of steel and comes in red."
    drafts = shop.rows("lake.answers.description").to_pylist()
    drafts = [one for one in drafts if one["reason"] != "TextTooLong"]
    assert {one["status"] for one in drafts} == {"answered"}
    assert all(one["tokens_in"] and one["tokens_out"] for one in drafts)
    # Another night pays for what is new only.
    shop.land("catalog", [*products(range(5)), long], "2026-03-02")
    assert shop.night("2026-03-02")["plan"]["description"]["to_ask"] == 1
    assert len(shop.rows("lake.answers.description")) == 6


def test_what_does_not_fit_under_the_cap_is_deferred_and_asked_by_the_next_night(shop):
    capped = shop(remote_cap=0.004, **PRICES)
    capped.land("catalog", products(range(12)), "2026-03-01")
    row = capped.night("2026-03-01")
    assert row["state"] == "released"
    statuses = [one["status"] for one in shown(capped).values()]
    assert 0 < statuses.count("answered") < 12
    assert statuses.count("answered") + statuses.count("deferred") == 12
    # A product without a draft shows what the composer makes of it.
    assert all(one["text"] for one in shown(capped).values())
    rich = capped.named(remote_cap=0.0)
    rich.land("catalog", products(range(13)), "2026-03-02")
    row = rich.night("2026-03-02")
    assert row["plan"]["description"]["to_ask"] == statuses.count("deferred") + 1
    assert {one["status"] for one in shown(rich).values()} == {"answered"}
