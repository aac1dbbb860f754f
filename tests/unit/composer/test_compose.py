import pytest

from nightshelf.composer import compose
from nightshelf.contracts.description_rules import DescriptionRules
from nightshelf.contracts.product_fields import ProductFields

KETTLE = ProductFields.of(
    "Quillo Electric Kettle 1.7 L",
    "Quillo",
    "kitchen",
    {"material": "stainless steel", "colour": "white", "capacity": "1.7 L", "cord length": "75 cm"},
)


def text(title, attributes, *, brand=None, category=None, **rules):
    fields = ProductFields.of(title, brand, category, attributes)
    return compose(fields, DescriptionRules(**rules)).text


@pytest.mark.parametrize(
    ("title", "attributes", "expected"),
    [
        pytest.param(
            "Skillet 26 cm",
            {"material": "cast iron", "colour": "black", "diameter": "26 cm", "weight": "2.4 kg"},
            "The Skillet 26 cm is made of cast iron and comes in black."
            " It is 26 cm in diameter and weighs 2.4 kg.",
            id="predicates",
        ),
        pytest.param(
            "Box",
            {"height_cm": "30", "width_cm": "60", "depth_cm": "40"},
            "The Box measures 60 × 40 × 30 cm (width × depth × height).",
            id="sides-in-one-unit",
        ),
        pytest.param(
            "Box",
            {"height": "30 mm", "width": "60 cm", "depth": "40 cm"},
            "The Box is 60 cm wide, 40 cm deep and 30 mm high.",
            id="sides-in-two-units",
        ),
        pytest.param(
            "Rod", {"length": "105-135 cm"}, "The Rod is 105-135 cm long.", id="range"
        ),
        pytest.param("Bag", {"size": "55x38 x20cm"}, "The Bag measures 55 × 38 × 20 cm.", id="area"),
        pytest.param("Shirt", {"size": "M"}, "Shirt. The size is M.", id="size-is-no-measure"),
        pytest.param(
            "Stoneware Mugs, set of 4",
            {"material": "stoneware", "dishwasher safe": "yes", "oven safe": "no"},
            "The Stoneware Mugs, set of 4, are made of stoneware and are dishwasher safe.",
            id="plural-and-flags",
        ),
        pytest.param(
            "Watch",
            {"Date Display": "Yes, day and date", "Altimeter": "No", "LED Indicator": "Yes"},
            "The Watch has a date display (day and date). It has an LED indicator.",
            id="flags-of-things",
        ),
        pytest.param(
            "Pillow", {"sweat absorbent": "yes"}, "Pillow. Sweat absorbent: yes.", id="unsure-flag"
        ),
        pytest.param(
            "Lamp",
            {"finish": "N/A", "colour": "unknown", "style": "-", "bulb": "see https://a.example"},
            "Lamp.",
            id="junk",
        ),
        pytest.param(
            "Lamp",
            {"designer": "704.510.65", "note": "Good. " * 40, "price": "$5", "warranty": "2 years"},
            "Lamp.",
            id="what-nobody-should-say",
        ),
        pytest.param(
            "Throw",
            {"material": "100% LINEN, stonewashed", "colour": "Navy Blue"},
            "The Throw comes in navy blue. The material is 100% linen, stonewashed.",
            id="a-finish-is-no-material",
        ),
        pytest.param(
            "Ring",
            {"Ideal For": "Women's, Girl's", "Number of Gemstones": "3", "Pack of": "1"},
            "The Ring is for women and girls. It has 3 gemstones.",
            id="people-and-counts",
        ),
        pytest.param(
            "Ring",
            {"occasion": "Everyday, Wedding and Engagement, Love"},
            "The Ring is for everyday, love, wedding and engagement occasions.",
            id="an-item-with-and",
        ),
        pytest.param(
            "Bottle",
            {"keeps cold": "24 h", "battery": "USB-C, 500 mAh"},
            "Bottle. Battery: USB-C, 500 mAh; keeps cold: 24 h.",
            id="names-that-are-no-nouns",
        ),
    ],
)  # fmt: skip
def test_english(title, attributes, expected):
    assert text(title, attributes) == expected


@pytest.mark.parametrize(
    ("title", "category", "attributes", "expected"),
    [
        pytest.param(
            "Acme Cat Runner Shoes",
            "Footwear > Shoes",
            {"article_type": "Casual Shoes", "color": "White", "gender": "Men"},
            "The Acme Cat Runner Shoes are white casual shoes for men.",
            id="a-pair",
        ),
        pytest.param(
            "Acme Oak Watch",
            "Watches > Wrist Watches > Acme Watches",
            {"type": "Analog", "gender": "Unisex"},
            "The Acme Oak Watch is unisex. The type is analog.",
            id="a-type-that-is-no-noun",
        ),
        pytest.param(
            "Acme Striped Watch",
            "Watches > Wrist Watches",
            {"colour": "orange"},
            "The Acme Striped Watch is an orange wrist watch.",
            id="article-and-category",
        ),
        pytest.param(
            "SUNNEA Chair pad",
            "Chairs",
            {"colour": "red"},
            "The SUNNEA Chair pad comes in red.",
            id="a-chair-pad-is-no-chair",
        ),
        pytest.param(
            "Table and 6 chairs", "Tables", {}, "The Table and 6 chairs are in the category Tables.",
            id="several-things",
        ),
        pytest.param("Shears", "", {}, "Shears.", id="nothing-but-a-title"),
    ],
)  # fmt: skip
def test_what_the_product_is(title, category, attributes, expected):
    assert text(title, attributes, category=category) == expected


def test_the_brand_is_said_where_the_title_does_not():
    assert text("Kettle", {}, brand="Acme") == "The Kettle is by Acme."
    assert text("Acme Kettle", {"brand": "Acme"}, brand="Acme") == "Acme Kettle."


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        pytest.param(
            {"材质": "铸铁", "颜色": "黑色,红色", "直径": "32厘米"},
            "炒锅采用铸铁材质，颜色为黑色和红色。直径 32厘米。",
            id="predicates",
        ),
        pytest.param(
            {"宽": "60cm", "深": "40cm", "高": "30cm"},
            "炒锅尺寸为 60 × 40 × 30 cm（宽 × 深 × 高）。",
            id="sides",
        ),
        pytest.param({"可机洗": "是", "是否可折叠": "否"}, "炒锅可机洗。", id="flags"),
        pytest.param({"兼容": "Android、iOS"}, "炒锅兼容 Android 和 iOS。", id="two-scripts"),
        pytest.param({"尺码": "S,M"}, "炒锅尺码为S、M。", id="sizes"),
        pytest.param({"颜色": "暂无", "保修": "一年", "货号": "A1"}, "炒锅。", id="junk"),
        pytest.param({"material": "cast iron"}, "炒锅采用 cast iron 材质。", id="english-fields"),
    ],
)
def test_chinese(attributes, expected):
    assert text("炒锅", attributes, language="zh") == expected.replace("尺码为S", "尺码为 S")


@pytest.mark.parametrize(
    ("language", "tone", "expected"),
    [
        (
            "en",
            "friendly",
            "Meet the Quillo Electric Kettle 1.7 L. It's made of stainless steel and",
        ),
        (
            "en",
            "terse",
            "Quillo Electric Kettle 1.7 L. Material: stainless steel; colour: white; cap",
        ),
        ("zh", "friendly", "为您介绍Quillo Electric Kettle 1.7 L：采用 stainless steel 材质"),
        ("zh", "terse", "Quillo Electric Kettle 1.7 L。材质：stainless steel；颜色：white"),
    ],
)
def test_tones(language, tone, expected):
    written = compose(KETTLE, DescriptionRules(language=language, tone=tone)).text
    assert written.startswith(expected)


def test_what_must_be_mentioned_comes_first():
    rules = DescriptionRules(must_mention=("cord_length",), matter=("capacity",))
    assert compose(KETTLE, rules).text == (
        "The Quillo Electric Kettle 1.7 L is in the category kitchen. The cord length is 75 cm."
        " It has a capacity of 1.7 L and is made of stainless steel. It comes in white."
    )


@pytest.mark.parametrize(
    ("rules", "most"),
    [
        pytest.param({"max_length": 100}, 100, id="characters"),
        pytest.param({"max_length": 60}, 60, id="fewer"),
        pytest.param({"max_length": 14, "length_in": "words"}, 100, id="words"),
    ],
)
def test_facts_go_from_the_end_until_it_fits(rules, most):
    made = compose(KETTLE, DescriptionRules(min_length=1, must_mention=("colour",), **rules))
    assert len(made.text) <= most
    assert "white" in made.text
    assert "attributes.cord length" in made.left_out
    assert not set(made.left_out) & set(made.fields)


def test_a_fact_with_a_banned_word_is_not_said():
    made = compose(KETTLE, DescriptionRules(banned_words=("Stainless",)))
    assert "steel" not in made.text
    assert "white" in made.text


def test_each_sentence_knows_its_fields():
    said = [one.fields for one in compose(KETTLE, DescriptionRules()).sentences]
    assert said == [
        ("title", "attributes.material", "attributes.colour"),
        ("attributes.capacity",),
        ("attributes.cord length",),
    ]


def test_the_order_of_attributes_changes_nothing():
    turned = dict(reversed(KETTLE.attributes.items()))
    other = ProductFields.of(KETTLE.title, KETTLE.brand, KETTLE.category, turned)
    assert compose(other, DescriptionRules()) == compose(KETTLE, DescriptionRules())
