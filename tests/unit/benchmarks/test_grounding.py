"""The lies that the gate is measured on are lies, and the ledger finds them in any dress."""

import random
from pathlib import Path

import pytest

from benchmarks.corrupt.lies import KINDS, lie
from benchmarks.corrupt.products import INVENTED, Product, catalogs
from benchmarks.corrupt.sentences import Writer
from benchmarks.corrupt.statements import chosen
from benchmarks.corrupt.texts import TRUE, texts
from benchmarks.grounding.inventing import describe, published_lies
from benchmarks.grounding.parts import PARTS
from benchmarks.grounding.shops import Shops, Sizes

TABLE = Product(
    "ikea",
    "LACK Table, 120x60 cm",
    "LACK",
    "Tables",
    {"height": "74 cm", "width": "60 cm", "colour": "Black", "material": "Pine"},
)


@pytest.fixture(scope="module")
def shop():
    return catalogs(None)


def test_without_a_folder_the_invented_shop_is_read(shop):
    assert list(shop) == [INVENTED]
    assert len(shop[INVENTED]) > 10


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_lie_can_be_told_of_a_table(kind, language):
    source = random.Random(kind)
    writer = Writer(language, source)
    said = chosen(TABLE, source, 9)
    told = {lie(kind, TABLE, said, writer, ["Acme"]) for _ in range(20)} - {None}
    assert told
    true = {writer.write(one) for one in said for _ in range(200)}
    assert not {one.sentence for one in told} & true


def test_a_lie_names_nothing_that_the_product_has():
    source = random.Random(1)
    golden = Product("x", "Gold ring", None, None, {"colour": "golden"})
    said = chosen(golden, source, 5)
    told = [lie("colour", golden, said, Writer("en", source), []) for _ in range(300)]
    assert not [one for one in told if "gold" in one.sentence.lower()]


def test_texts_follow_from_nothing_but_the_catalog(shop):
    first, second = (list(texts(shop[INVENTED], "en", 3, 5)) for _ in range(2))
    assert first == second
    assert sum(text.kind == TRUE for text in first) == 5
    assert all(text.lie in text.words for text in first)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("It glows.", 1, id="plain"),
        pytest.param("A lamp. It gl\u200bows. Red.", 1, id="zero-width"),
        pytest.param("It gl\u043ews.", 1, id="look-alike"),
        pytest.param("It shines.", 0, id="another"),
    ],
)
def test_the_ledger_is_found_in_what_a_reader_sees(text, found):
    assert published_lies(text, ["It glows."]) == found


def test_what_an_inventing_writer_says_is_in_its_ledger():
    source = random.Random(3)
    drafts = [describe(TABLE, "en", source, ["Acme"]) for _ in range(100)]
    assert sum(len(draft.ledger) for draft in drafts) > 50
    assert all(published_lies(one.words, one.ledger) == len(one.ledger) for one in drafts)


@pytest.mark.parametrize("part", PARTS)
def test_each_part_makes_figures_of_a_small_shop(part, shop):
    figures = PARTS[part](Shops(shop, Sizes(each=2, true=4, described=6, orders=14)))
    assert figures
    assert len({one.name for one in figures}) == len(figures)


def test_the_page_has_marks_for_the_figures():
    page = (Path(__file__).parents[3] / "docs" / "grounding.md").read_text()
    assert page.index("<!-- results -->") < page.index("<!-- /results -->")
