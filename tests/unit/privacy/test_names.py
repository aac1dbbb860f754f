"""What is done with the finds of a model, whichever it is; the model here marks what it is told."""

import pickle
import re

import pytest

from nightshelf.privacy.names import CatalogNames, NameRedactor, names_version
from nightshelf.privacy.spans import Span

SHOP = CatalogNames.of(
    [
        ("p1", "Tarn Stoneware Mugs, set of 4", "Tarn"),
        ("p1", "Tarn Mugs", None),
        ("p2", "Wooden Train", "John Deere"),
    ]
)


class Marking:
    """Finds each of its words wherever it stands, as `name`."""

    version = "marking-1"

    def __init__(self, *words):
        self._words = words

    def find(self, texts):
        return [
            [
                Span(*match.span(), "name")
                for word in self._words
                for match in re.finditer(re.escape(word), text)
            ]
            for text in texts
        ]


def redacted(text, marked, product="p1"):
    [result] = NameRedactor(Marking(*marked), SHOP).redact([text], [product])
    return result


@pytest.mark.parametrize(
    ("text", "marked", "product", "clean"),
    [
        pytest.param("Jo Miller sold it", ["Jo Miller"], "", "[name] sold it", id="a name"),
        pytest.param("The Miller sold it", ["The Miller"], "", "The [name] sold it", id="article"),
        pytest.param("ask 'Jo'.", ["'Jo'."], "", "ask '[name]'.", id="marks at its ends stay"),
        pytest.param("Tarn mugs", ["Tarn"], "", "Tarn mugs", id="a brand, of any product"),
        pytest.param("TARN's mug", ["TARN's"], "", "TARN's mug", id="a brand's, in capitals"),
        pytest.param("Stoneware is", ["Stoneware"], "p1", "Stoneware is", id="its title"),
        pytest.param("Stoneware is", ["Stoneware"], "p2", "[name] is", id="another's title"),
        pytest.param("the John Deere", ["John Deere"], "", "the John Deere", id="a long brand"),
        pytest.param("John came", ["John"], "", "[name] came", id="part of a brand"),
        pytest.param("Jo Tarn came", ["Jo Tarn"], "p1", "[name] came", id="a name with a brand"),
        pytest.param("Kindle Fire", ["Kindle Fire"], "", "Kindle Fire", id="words that are none"),
        pytest.param("A tablet amazing", ["tablet amazing"], "", "A tablet amazing", id="small"),
        pytest.param("good! Great", ["good! Great"], "", "good! Great", id="two sentences"),
        pytest.param("Mo 32 and 7", ["Mo 32", "7"], "", "[name] and 7", id="a number is no name"),
        pytest.param(
            "Ana Ruiz called. Ruiz was kind, Ruizes too", ["Ana Ruiz"], "",
            "[name] called. [name] was kind, Ruizes too", id="named again in part",
        ),
        pytest.param(
            "Ana Tarn has Tarn mugs", ["Ana Tarn"], "", "[name] has Tarn mugs", id="not a brand"
        ),
        pytest.param("My son Tom", [], "", "My son [name]", id="by the words before it"),
        pytest.param("My son Tarn", [], "", "My son Tarn", id="a brand after such words"),
        pytest.param(
            "Jo, 12 Mill Lane", ["Jo", "Mill"], "", "[name], [address]", id="in an address"
        ),
        pytest.param(
            "Jo [email] Ray", ["Jo [email] Ray"], "", "[name] [email] [name]", id="placeholder"
        ),
        pytest.param("[phone] is it", ["[phone]"], "", "[phone] is it", id="placeholder alone"),
        pytest.param("", [], "", "", id="nothing"),
    ],
)  # fmt: skip
def test_names_go_and_goods_stay(text, marked, product, clean):
    assert redacted(text, marked, product).text == clean


def test_what_was_replaced_is_counted_by_kind():
    counts = redacted("Jo and Ray live at 12 Mill Lane", ["Jo", "Ray"], "").counts
    assert counts == {"name": 2, "address": 1}


def test_texts_keep_their_order_and_their_product():
    texts = ["Stoneware", "Jo", "Stoneware"]
    results = NameRedactor(Marking("Stoneware", "Jo"), SHOP).redact(texts, ["p1", "p1", "p2"])
    assert [one.text for one in results] == ["Stoneware", "[name]", "[name]"]


def test_its_version_names_the_finder_and_travels_to_workers():
    redactor = NameRedactor(Marking("Jo"), SHOP)
    assert redactor.version.startswith(f"{names_version(redactor.finder)} lingua-")
    assert "marking-1" in redactor.version
    again = pickle.loads(pickle.dumps(redactor))  # noqa: S301  its own
    assert again.redact(["Jo"], [""]) == redactor.redact(["Jo"], [""])
