import unicodedata

import pytest

from nightshelf.questions.content import product_content, review_content


@pytest.mark.parametrize(
    ("title", "body", "content"),
    [
        ("Lovely", "Fits well.", "Lovely. Fits well."),
        (None, "Fits well.", "Fits well."),
        ("", "Fits well.", "Fits well."),
        (" \t\n", "Fits well.", "Fits well."),
        ("\u00a0", " Fits\nwell. \n", "Fits\nwell."),
        (" Lovely ", " Fits ", "Lovely. Fits"),
        ("Lovely", "", "Lovely"),
        (None, "", ""),
        ("cafe\u0301", "u\u0308ber", "caf\u00e9. \u00fcber"),
        ("五颗星", "好", "五颗星. 好"),
    ],
)
def test_review_content(title, body, content):
    assert review_content(title, body) == content


KETTLE = {
    "title": "Kettle",
    "brand": "Acme",
    "category": "Kitchen",
    "attributes": {"volume": "1 l", "colour": "red"},
    "description": "Boils.",
}


@pytest.mark.parametrize(
    ("change", "content"),
    [
        ({}, "Kettle\nbrand: Acme\ncategory: Kitchen\ncolour: red\nvolume: 1 l\nBoils."),
        ({"brand": None}, "Kettle\ncategory: Kitchen\ncolour: red\nvolume: 1 l\nBoils."),
        ({"attributes": None}, "Kettle\nbrand: Acme\ncategory: Kitchen\nBoils."),
        ({"attributes": {}}, "Kettle\nbrand: Acme\ncategory: Kitchen\nBoils."),
        (
            {"attributes": {"size": None, "a": " "}},
            "Kettle\nbrand: Acme\ncategory: Kitchen\nBoils.",
        ),
        (
            {"attributes": {" b ": " 2 ", "a": "1"}, "brand": " "},
            "Kettle\ncategory: Kitchen\na: 1\nb: 2\nBoils.",
        ),
        (dict.fromkeys(("brand", "category", "attributes", "description")), "Kettle"),
        (
            {"title": "cafe\u0301 ", "attributes": {}, "description": None},
            "caf\u00e9\nbrand: Acme\ncategory: Kitchen",
        ),
    ],
)
def test_product_content(change, content):
    assert product_content(**KETTLE | change) == content


def test_the_order_in_which_attributes_came_does_not_matter():
    turned = dict(reversed(KETTLE["attributes"].items()))
    assert product_content(**KETTLE | {"attributes": turned}) == product_content(**KETTLE)


@pytest.mark.parametrize("body", ["\u0301clair", "o\u0302\u0323", "\u1100\u1161", "ﬁt"])
def test_content_is_in_nfc_however_its_parts_meet(body):
    assert unicodedata.is_normalized("NFC", review_content("a", body))
    assert unicodedata.is_normalized("NFC", product_content("a", body, body, {body: body}, body))
