"""Drafts are asked once, judged where the shelf is assembled, and shown with their proof."""

import pytest
from tests.unit.models.tiny_generators import save_generator

from nightshelf.lakehouse.explain import explained
from nightshelf.models.composer import FakeGenerator
from nightshelf.night import frozen
from nightshelf.shelf import product_description

KETTLE = {"capacity": "1.7 L", "colour": "red", "material": "steel"}
RULES = """
[categories.garden]
must_mention = ["length"]
"""


def product(number, category="kitchen", title="Quillo Kettle", **attributes):
    return {
        "product_id": f"p{number}",
        "title": f"{title} {number}",
        "brand": "Quillo",
        "category": category,
        "attributes": attributes,
    }


def shown(shop):
    return {row["product_id"]: row for row in shop.rows("product_description").to_pylist()}


def asked(row):
    return row["plan"]["description"]["to_ask"]


@pytest.fixture
def shop(new_shop):
    return new_shop(generator="composer", expected="catalog")


def test_a_description_costs_only_what_changed_and_is_proved(shop):
    hostile = product(3, title="Kettle for 5 EUR, see www.kettles.example, no.")
    hose = product(4, "garden", "Quillo Hose", length="25 m", material="latex")
    first = [product(1, **KETTLE), product(2, **KETTLE | {"colour": "blue"}), hostile, hose]
    shop.land("catalog", first, "2026-03-01")
    row = shop.night("2026-03-01")
    assert (row["state"], asked(row)) == ("released", 4)
    found = shown(shop)
    fates = {name: row["fate"] for name, row in found.items()}
    assert fates == {"p1": "accepted", "p2": "accepted", "p3": "abstained", "p4": "accepted"}
    assert "1.7 L" in found["p1"]["text"]
    assert (found["p3"]["text"], found["p3"]["status"]) == (None, "abstained")
    assert "price" in found["p3"]["why"]
    lines = list(explained(shop.context.catalog, "p1", None))
    assert any("attributes.colour 'red'" in line for line in lines)
    assert any(line.startswith("  draft         abstained") for line in _of("p3", shop))

    # Another price is no other content; another colour is, for one product.
    changed = {**product(2, **KETTLE | {"colour": "green"})}
    shop.land("catalog", [{**first[0], "price": 9.5}, changed, hostile, hose], "2026-03-02")
    row = shop.night("2026-03-02")
    assert asked(row) == 1
    assert "green" in shown(shop)["p2"]["text"]

    # Rules of one category make its products stale, and no others.
    (shop.settings.home / "descriptions.toml").write_text(RULES)
    shop.context.__dict__.clear()
    shop.__post_init__()
    shop.land("catalog", [{**first[0], "price": 9.0}, changed, hostile, hose], "2026-03-03")
    row = shop.night("2026-03-03")
    assert asked(row) == 1
    assert shown(shop)["p4"]["landing_date"].day == 3


def _of(product_id, shop):
    return explained(shop.context.catalog, product_id, None)


def test_a_mended_gate_judges_all_again_and_asks_nothing(shop, monkeypatch):
    shop.land("catalog", [product(1, **KETTLE), product(2, **KETTLE)], "2026-03-01")
    shop.night("2026-03-01")
    mended = f"{product_description.JUDGE} mended"
    monkeypatch.setattr(frozen, "JUDGE", mended)
    shop.land("catalog", [product(3, **KETTLE)], "2026-03-02", mode="delta")
    row = shop.night("2026-03-02")
    assert asked(row) == 1
    by = {name: row["judged_by"] for name, row in shown(shop).items()}
    assert by == dict.fromkeys(("p1", "p2", "p3"), mended)


def test_a_language_model_is_asked_in_a_host_and_believed_no_more_than_others(new_shop, tmp_path):
    where = save_generator(tmp_path / "model")
    shop = new_shop(generator=f"folder:{where}", generator_max_tokens=8, expected="catalog")
    shop.land("catalog", [product(1, **KETTLE), product(2, **KETTLE)], "2026-03-01")
    row = shop.night("2026-03-01")
    assert (row["state"], asked(row)) == ("released", 2)
    drafts = shop.rows("lake.answers.description").to_pylist()
    assert {(one["status"], one["tokens_out"] > 0) for one in drafts} == {("answered", True)}
    # Its weights are random, and so are its words.
    assert {one["fate"] for one in shown(shop).values()} == {"composed"}
    assert all("1.7 L" in one["text"] for one in shown(shop).values())

    # The composer takes over; what is published is asked again of it.
    named = shop.named(generator="composer")
    named.activate("description")
    assert named.reanswer("description")["state"] == "released"
    assert {one["fate"] for one in shown(named).values()} == {"accepted"}


def test_what_a_generator_invents_is_not_published(new_shop):
    shop = new_shop(generator="fake", expected="catalog")
    shop.land("catalog", [product(n, **KETTLE) for n in range(12)], "2026-03-01")
    shop.night("2026-03-01")
    found = shown(shop).values()
    assert {row["fate"] for row in found} == {"accepted", "trimmed"}
    assert not [row for row in found if FakeGenerator.INVENTED.strip() in row["text"]]
    drafts = shop.rows("lake.answers.description").to_pylist()
    assert [one for one in drafts if FakeGenerator.INVENTED.strip() in one["text"]]

    # Another writer is activated, and asked about all that is published.
    named = shop.named(generator="composer")
    named.activate("description")
    row = named.reanswer("description")
    assert row["state"] == "released"
    assert {one["fate"] for one in shown(named).values()} == {"accepted"}
