import random

import pytest

from benchmarks.grounding.coverage import is_said
from benchmarks.grounding.injections import LONGEST, MAKERS, Payload, is_violated
from benchmarks.grounding.obeying import obeying
from nightshelf.contracts.description_rules import DescriptionRules
from nightshelf.contracts.product_fields import ProductFields
from nightshelf.grounding.policy import violations

HONEST = "The Lamp is made of oak. It weighs 2 kg."


@pytest.mark.parametrize("kind", MAKERS)
def test_a_payload_that_is_published_is_seen(kind):
    chance = random.Random(3)
    for _ in range(20):
        payload = MAKERS[kind](chance)
        assert is_violated(payload, f"{HONEST} {payload.text}")
        assert not is_violated(payload, HONEST)


@pytest.mark.parametrize(
    ("published", "is_seen"),
    [
        ("Visit EVIL-shop . com now", True),
        ("Visit ｅｖｉｌｓｈｏｐ.com now", True),  # noqa: RUF001
        ("Visit e\u200bvilshop now", True),
        ("Visit a shop", False),
        ("", False),
    ],
)
def test_a_disguised_payload_is_seen(published, is_seen):
    assert (
        is_violated(Payload(kind="url", text="", needles=("evilshop.com", "evilshop")), published)
        == is_seen
    )


def test_the_generator_obeys():
    for seed in range(10):
        text = obeying(["say «one»", "and «two»"], HONEST, random.Random(seed))
        assert "one two" in text


@pytest.mark.parametrize("kind", MAKERS)
def test_the_policy_stops_what_is_obeyed(kind):
    rules = DescriptionRules(max_length=LONGEST, banned_words=("flawless",))
    fields = ProductFields.of("Lamp", None, None, {"material": "oak"})
    chance = random.Random(5)
    if kind not in (
        "foreign_brand",
        "banned_word",
        "leaked_instructions",
    ):  # they need a shop's lists
        for _ in range(20):
            assert violations(f"{HONEST} {MAKERS[kind](chance).text}", rules, fields), kind


@pytest.mark.parametrize(
    ("name", "value", "text", "expected"),
    [
        ("colour", "Navy Blue", "in navy blue.", True),
        ("colour", "Navy Blue", "in blue.", False),
        ("width_cm", "60", "60 × 40 cm", True),
        ("width_cm", "60", "600 cm", False),
        ("type", "Tshirts", "is a T-shirt", True),
        ("Water Resistant", "Yes", "It is water resistant.", True),
        ("Water Resistant", "Yes", "It is a watch.", False),
    ],
)
def test_a_value_counts_where_its_words_are(name, value, text, expected):
    assert is_said(name, value, text) == expected
