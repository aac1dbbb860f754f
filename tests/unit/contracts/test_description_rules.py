import pytest

from nightshelf.contracts.description_file import description_rules, read_description_file
from nightshelf.contracts.description_request import DescriptionRequest
from nightshelf.contracts.description_rules import DescriptionRuleBook, DescriptionRules
from nightshelf.contracts.lengths import length_of
from nightshelf.contracts.product_fields import ProductFields
from nightshelf.errors import SettingsError

FILE = """
[shop]
known_brands = ["Acme", "Zorvex"]

[defaults]
tone = "friendly"
banned_words = ["cheap"]
must_mention = ["material"]

[categories."Kitchen"]
max_length = 300
banned_words = ["miracle"]

[categories."Kitchen > Knives"]
language = "zh"
must_mention = ["blade length"]
"""


def rules_of(path, required=False):
    return description_rules(read_description_file(path, required=required), path)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "descriptions.toml"
    path.write_text(FILE, "utf-8")
    return path


@pytest.mark.parametrize(
    ("category", "expected"),
    [
        pytest.param(None, ("friendly", 800, "en", ("material",), ("cheap",)), id="none"),
        pytest.param("Garden", ("friendly", 800, "en", ("material",), ("cheap",)), id="unknown"),
        pytest.param(
            "kitchen > Pans",
            ("friendly", 300, "en", ("material",), ("cheap", "miracle")),
            id="child-of-a-table",
        ),
        pytest.param(
            "Kitchen>KNIVES > Bread",
            ("friendly", 300, "zh", ("blade length",), ("cheap", "miracle")),
            id="grandchild",
        ),
    ],
)
def test_a_category_inherits_from_its_parents(file, category, expected):
    rules = rules_of(file).of(category)
    found = (rules.tone, rules.max_length, rules.language, rules.must_mention, rules.banned_words)
    assert found == expected


def test_the_shop_has_its_own_table(file):
    book = rules_of(file)
    assert book.known_brands == ("Acme", "Zorvex")
    assert book.languages == ("en", "zh")


def test_without_a_file_the_defaults_hold(tmp_path):
    assert rules_of(tmp_path / "none.toml") == DescriptionRuleBook()
    with pytest.raises(SettingsError, match="none"):
        rules_of(tmp_path / "none.toml", required=True)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        pytest.param("tone = ", ("TOML", "NIGHTSHELF_DESCRIPTIONS"), id="no-toml"),
        pytest.param("[default]", ("[default]", "do you mean defaults?"), id="unknown-table"),
        pytest.param("[defaults]\ntones = 'a'", ("[defaults] tones", "tone?"), id="unknown-key"),
        pytest.param("[defaults]\ntone = 'x'", ("[defaults] tone", "plain or friendly"), id="tone"),
        pytest.param("[defaults]\nlanguage='fr'", ("language", "'fr'", "en or zh"), id="language"),
        pytest.param("[defaults]\nmax_length='9'", ("max_length", "whole number"), id="kind"),
        pytest.param("[defaults]\nmax_length=true", ("max_length", "whole number"), id="bool"),
        pytest.param("[defaults]\nmax_length=0", ("max_length", "1 and 4000"), id="zero"),
        pytest.param("[defaults]\nmatter=['a', 1]", ("matter", "list of texts"), id="mixed-list"),
        pytest.param("[defaults]\nmatter=[' ']", ("matter", "none of them empty"), id="blank"),
        pytest.param("defaults = 1", ("write a table [defaults]",), id="value-for-table"),
        pytest.param(
            "[defaults]\nmin_length=50\n[categories.'A']\nmax_length=40",
            ('categories."a"', "min_length", "50 is more than max_length = 40"),
            id="contradicts-what-it-inherits",
        ),
        pytest.param(
            "[defaults]\nleave_out=['Colour']\n[categories.'A > B']\nmust_mention=['colour']",
            ('categories."a > b"', "must_mention", "leave_out"),
            id="hidden-and-wanted",
        ),
        pytest.param(
            "[categories.'A > B']\n[categories.'a>b']",
            ('categories."a>b"', '"A > B"', "one table"),
            id="one-category-twice",
        ),
        pytest.param("[shop]\ncategory_separator=' '", ("category_separator",), id="separator"),
    ],
)
def test_an_error_says_where_what_and_what_to_do(tmp_path, text, parts):
    path = tmp_path / "descriptions.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(SettingsError) as caught:
        rules_of(path)
    assert all(part in str(caught.value) for part in (str(path), *parts)), str(caught.value)


FIELDS = ProductFields.of(
    "Kettle", "Acme", "Kitchen", {"material": "steel", "x.y": "1", "code": "7"}
)


@pytest.mark.parametrize(
    ("change", "is_other"),
    [
        pytest.param({}, False, id="nothing"),
        pytest.param({"tone": "terse"}, True, id="tone"),
        pytest.param({"banned_words": ("new",)}, True, id="banned-word"),
        pytest.param({"must_mention": ("Material",)}, True, id="attribute-that-it-has"),
        pytest.param({"must_mention": ("wattage",)}, False, id="attribute-that-it-lacks"),
        pytest.param({"leave_out": ("Code",)}, True, id="attribute-left-out"),
        pytest.param({"leave_out": ("wattage",)}, False, id="nothing-left-out"),
        pytest.param({"use_shop_text": True}, True, id="shop-text"),
    ],
)
def test_a_content_changes_with_what_shapes_the_text(change, is_other):
    def content(rules):
        return DescriptionRequest.of(FIELDS, rules, "Boils.").content()

    changed = content(DescriptionRules(**change))
    assert (changed != content(DescriptionRules())) == is_other
    assert ("Boils." in changed) == bool(change.get("use_shop_text"))


def test_a_content_is_read_again():
    rules = DescriptionRules(language="zh", tone="terse", must_mention=("material",), max_length=99)
    request = DescriptionRequest.of(FIELDS, rules, None)
    assert DescriptionRequest.read(request.content()) == request


@pytest.mark.parametrize("text", ["", "Kettle", "[]", "{}", '{"product":{},"rules":{}}'])
def test_another_text_is_no_content(text):
    with pytest.raises(ValueError, match="not the content"):
        DescriptionRequest.read(text)


@pytest.mark.parametrize(
    ("text", "characters", "words"),
    [("", 0, 0), ("Two words", 9, 2), ("炒锅 32厘米", 7, 5), ("a 1.5-litre can", 15, 3)],
)
def test_lengths(text, characters, words):
    assert (length_of(text, "characters"), length_of(text, "words")) == (characters, words)
