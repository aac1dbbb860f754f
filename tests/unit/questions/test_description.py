import pytest

from nightshelf.contracts.description_rules import DescriptionRuleBook
from nightshelf.contracts.product_fields import ProductFields
from nightshelf.questions.description import COLUMNS, DESCRIPTION
from nightshelf.questions.description_content import contents, description_content

GOOD = ("A kettle.", "en", "stop", 12, None)


@pytest.mark.parametrize("answers", [[], [GOOD], [GOOD, ("水壶。", "zh", "length", 3, 4)]])
def test_answers_fill_the_columns(answers):
    found = DESCRIPTION.to_columns(answers)
    assert {name: column.type for name, column in found.items()} == {
        field.name: field.type for field in COLUMNS
    }
    rows = list(zip(*(column.to_pylist() for column in found.values()), strict=True))
    assert rows == answers


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param("A kettle.", id="text-alone"),
        pytest.param(GOOD[:3], id="too-few"),
        pytest.param((*GOOD[:2], "timeout", 1, 1), id="unknown-finish"),
        pytest.param((*GOOD[:3], "many", 1), id="tokens-are-no-number"),
    ],
)
def test_other_answers_are_refused(answer):
    with pytest.raises(ValueError, match="description"):
        DESCRIPTION.to_columns([answer])


ROW = {
    "title": "Kettle",
    "brand": None,
    "category": "Kitchen",
    "attributes": {"volume": "1 l", "colour": None},
    "description": "Boils.",
}


def test_a_row_gives_the_content_of_its_fields():
    fields = ProductFields.of("Kettle", None, "Kitchen", {"volume": "1 l"})
    book = DescriptionRuleBook()
    deleted = dict.fromkeys(ROW)
    assert contents([ROW, deleted], book) == [description_content(fields, book), ""]


@pytest.mark.parametrize(
    ("category", "is_stale"), [("Kitchen > Knives", True), ("Garden", False), (None, False)]
)
def test_a_changed_rule_makes_its_category_stale(category, is_stale):
    fields = ProductFields.of("Kettle", None, category, None)
    changed = DescriptionRuleBook(categories={("kitchen",): {"tone": "terse"}})
    before = description_content(fields, DescriptionRuleBook())
    assert (description_content(fields, changed) != before) == is_stale
