"""What the gate lets pass and what it refuses, sentence by sentence."""

import pytest

from nightshelf.grounding.claims import CONTRADICTED, SUPPORTED, UNSUPPORTED
from nightshelf.grounding.evidence import cited_reviews, product_evidence
from nightshelf.grounding.gate import GATE_VERSION, judge
from nightshelf.grounding.index import index

KETTLE = product_evidence(
    title="Quillo Electric Kettle 1.7 L",
    brand="Quillo",
    category="kitchen",
    attributes={
        "material": "stainless steel",
        "height": "24 cm",
        "width": "60 cm",
        "colour": "navy blue",
        "lid colour": "black",
        "dishwasher safe": "glass only",
        "waterproof": "No",
        "seats": "4",
        "net_weight_kg": "2.5",
        "finish": "oak effect",
    },
    description="Cordless, with a 360° base. Needs no paper. BPA-free. Heats up to 280 °C. "
    "Sold by Quillo for Acme pots. Certified steel handle.",
)

TRUE = [
    pytest.param("A navy kettle made of stainless steel.", id="parent-and-synonym"),
    pytest.param("It is 24 cm high and 60 cm wide.", id="role-after"),
    pytest.param("Height: 240 mm. Width: 23.6 in.", id="conversion"),
    pytest.param("Width: 24 inches.", id="rounded"),
    pytest.param("It weighs 5.5 lb.", id="unit-in-the-name"),
    pytest.param("It seats four.", id="number-word"),
    pytest.param("The lid is black.", id="part-is-named"),
    pytest.param("It is not waterproof.", id="attribute-says-no"),
    pytest.param("The kettle is free of BPA.", id="same-negation-in-other-words"),
    pytest.param("It needs no paper.", id="negation"),
    pytest.param("Dishwasher safe: glass only.", id="label-with-value"),
    pytest.param("Made by Quillo.", id="maker"),
    pytest.param("This is an item of the shop.", id="nothing-claimed"),
    pytest.param("Ｈｅｉｇｈｔ: ２４ cm", id="wide-letters-are-letters"),
    pytest.param("A certified steel handle.", id="promise-in-the-same-phrase"),
    pytest.param("这款Quillo水壶由不锈钢制成，高24厘米，宽60厘米，颜色为藏青色。", id="zh"),
    pytest.param("宽度约为二十四英寸。", id="zh-numerals"),
    pytest.param("水壶不防水，不含BPA。", id="zh-negation"),
]

FALSE = [
    pytest.param("It is 60 cm high.", "number", CONTRADICTED, id="moved-to-another-measure"),
    pytest.param("It is 25 cm high.", "number", CONTRADICTED, id="other-number"),
    pytest.param("It is 24 inches high.", "number", CONTRADICTED, id="other-unit"),
    pytest.param("It is 24 kg high.", "number", UNSUPPORTED, id="unit-of-another-family"),
    pytest.param("It seats six.", "count", CONTRADICTED, id="number-word"),
    pytest.param("It costs $20.", "price", UNSUPPORTED, id="price"),
    pytest.param("A blue kettle, in red.", "colour", UNSUPPORTED, id="colour"),
    pytest.param("A black kettle.", "colour", UNSUPPORTED, id="colour-of-a-part"),
    pytest.param("Made of oak.", "material", UNSUPPORTED, id="effect-is-no-material"),
    pytest.param("Made of copper metal.", "material", UNSUPPORTED, id="material"),
    pytest.param("It is waterproof.", "term", CONTRADICTED, id="attribute-says-no"),
    pytest.param("It contains BPA.", "term", CONTRADICTED, id="negation-dropped"),
    pytest.param("It is not made of steel.", "negation", CONTRADICTED, id="negation-added"),
    pytest.param("It is no kettle without steel.", "negation", CONTRADICTED, id="two-negations"),
    pytest.param("Dishwasher safe.", "label", UNSUPPORTED, id="label-without-its-value"),
    pytest.param("Made by Acme.", "name", CONTRADICTED, id="maker"),
    pytest.param("Works like a Sony.", "name", UNSUPPORTED, id="foreign-brand"),
    pytest.param("The best kettle.", "superlative", UNSUPPORTED, id="superlative"),
    pytest.param("It cures colds.", "health", UNSUPPORTED, id="health"),
    pytest.param("A lifetime warranty.", "legal", UNSUPPORTED, id="legal"),
    pytest.param("A certified kettle.", "certification", UNSUPPORTED, id="promise-moved"),
    pytest.param("It glows.", "term", UNSUPPORTED, id="nothing-carries-it"),
    pytest.param("Batteries included.", "term", UNSUPPORTED, id="included"),
    pytest.param("24\u200b cm high", "disguise", UNSUPPORTED, id="zero-width"),
    pytest.param("A c\u043erdless kettle", "term", UNSUPPORTED, id="look-alike"),
    pytest.param("A kettle ♻", "symbol", UNSUPPORTED, id="symbol"),
    pytest.param("The brand is Also.", "name", UNSUPPORTED, id="name-of-plain-words"),
    pytest.param("这款水壶高60厘米。", "number", CONTRADICTED, id="zh-moved"),
    pytest.param("水壶防水。", "term", CONTRADICTED, id="zh-negation-dropped"),
    pytest.param("它是红色的。", "colour", UNSUPPORTED, id="zh-colour"),
    pytest.param("可在黑暗中发光。", "term", UNSUPPORTED, id="zh-invention"),
    pytest.param("终身保修。", "legal", UNSUPPORTED, id="zh-legal"),
]


@pytest.fixture(scope="module")
def kettle():
    return index(KETTLE)


@pytest.mark.parametrize("draft", TRUE)
def test_what_the_evidence_carries_passes(draft, kettle):
    assert judge(draft, kettle).refused == ()


@pytest.mark.parametrize(("draft", "kind", "verdict"), FALSE)
def test_what_it_does_not_carry_is_refused(draft, kind, verdict, kettle):
    found = {(one.kind, one.verdict) for one in judge(draft, kettle).refused}
    assert (kind, verdict) in found


def test_a_finding_names_the_places():
    draft = "这款水壶高24厘米。"
    found = next(one for one in judge(draft, KETTLE).findings if one.kind == "number")
    assert draft[found.start : found.end] == "24厘米"
    assert found.verdict == SUPPORTED
    assert (found.evidence.field, found.evidence.start, found.evidence.end) == (
        "attributes.height",
        0,
        5,
    )
    assert found.as_dict()["field"] == "attributes.height"


def test_a_verdict_names_its_rules_and_is_always_the_same():
    first, second = (judge("A red kettle.", KETTLE) for _ in range(2))
    assert first == second
    assert first.gate_version == GATE_VERSION
    assert GATE_VERSION.startswith("rules-")


@pytest.mark.parametrize(
    ("draft", "passes"),
    [
        pytest.param("Pours well.", True, id="words"),
        pytest.param("It is certified.", False, id="no-promise"),
    ],
)
def test_a_cited_review_carries_words_but_no_promise(draft, passes):
    cited = cited_reviews({"R-1": "Pours well and it is certified"})
    assert judge(draft, (*product_evidence(title="Kettle"), *cited)).passes is passes


def test_an_amount_of_money_is_a_price_though_the_number_is_known():
    assert [one.kind for one in judge("It seats 4 for $4.", KETTLE).refused] == ["price", "price"]


def test_a_colour_of_the_title_does_not_stand_under_the_label_of_another():
    shop = product_evidence(title="Black and red kettle", attributes={"colour": "red"})
    assert judge("A black kettle. Colour: red.", shop).passes
    refused = {(one.kind, one.verdict) for one in judge("Colour: black.", shop).refused}
    assert refused == {("label", CONTRADICTED), ("colour", CONTRADICTED)}


@pytest.mark.parametrize(
    ("bulb", "passes"),
    [
        pytest.param("E27, not included", True, id="as the field negates it"),
        pytest.param("E27", False, id="the field negates nothing"),
        pytest.param("E14, not included", False, id="of another value"),
    ],
)
def test_a_label_is_negated_with_its_value(bulb, passes):
    lamp = product_evidence(title="Lamp", attributes={"bulb": bulb})
    assert judge("Bulb: E27, not included.", lamp).passes is passes
