"""What is learned from: labels, distinct redacted texts, and parts that leak nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from nightshelf.errors import ContractError, SettingsError
from nightshelf.training.prepare.cleaning import MOST_CHARACTERS, Example, clean
from nightshelf.training.prepare.prepared import prepare
from nightshelf.training.prepare.reading import Review
from nightshelf.training.prepare.split import PARTS, split

from .conftest import reviews

LONG = "The cut of this dress is lovely and it fits well in every size that I have tried so far"
DAY = datetime(2026, 1, 1, tzinfo=UTC)


def review(body, rating=5.0, **more):
    return Review(body=body, rating=rating, **more)


@pytest.mark.parametrize(
    ("given", "classes", "texts", "left_out", "changed"),
    [
        ([review("a", 1), review("b", 5)], 3, [("a", 0), ("b", 2)], {}, {}),
        ([review("a", 1), review("b", 5)], 2, [("a", 0), ("b", 1)], {}, {}),
        ([review("a", 3), review("b", 3.5)], 2, [], {"neutral": 2}, {}),
        ([review("a", 3), review("b", 2.5)], 3, [("a", 1), ("b", 1)], {}, {}),
        ([review("a", None), review("b", 0), review("c", 6)], 3, [], {"no_stars": 3}, {}),
        ([review(None), review("!!! …"), review("")], 3, [], {"no_words": 3}, {}),
        ([review("b", title="A")], 3, [("A. b", 2)], {}, {}),
        ([review("Same"), review("same!")], 3, [("Same", 2)], {"duplicate": 1}, {}),
        (
            [review("Same", 1), review("other"), review("same!", 5)],
            3,
            [("other", 2)],
            {"contradicting": 2},
            {},
        ),
        ([review(LONG), review(f"{LONG}!? ok")], 3, [(LONG, 2)], {"near_duplicate": 1}, {}),
        (
            [review("ask jo@example.org", title="+44 20 7946 0018")],
            3,
            [("[phone]. ask [email]", 2)],
            {},
            {"redacted": 1},
        ),
        ([review("word " * 100_000)], 3, [("word " * 4000, 2)], {}, {"very_long": 1}),
    ],
)
def test_what_becomes_of_reviews(given, classes, texts, left_out, changed):
    done = clean(given, classes)
    assert [(example.text, example.label) for example in done.examples] == texts
    assert (done.left_out, done.changed) == (left_out, changed)


def test_a_very_long_text_is_cut():
    assert len("word " * 4000) == MOST_CHARACTERS


def test_texts_that_only_share_phrases_stay():
    others = [
        f"The cut of this dress is lovely {n}{'abcdefghij'[n % 10] * 30} {n * 7919} never {n}"
        for n in range(60)
    ]
    assert len(clean([review(text) for text in others], 3).examples) == 60


@pytest.mark.parametrize("classes", [1, 4])
def test_other_numbers_of_classes_are_refused(classes):
    with pytest.raises(SettingsError, match=f"{classes} classes: use 2 or 3"):
        clean([], classes)


def examples(count=400, *, products=40, days=100):
    return [
        Example(f"text {n}", n % 3, f"P{n % products}", None, DAY + timedelta(days=n % days))
        for n in range(count)
    ]


def parts_of(given, how):
    how, parts = split(given, how)
    return how, {
        part: [e for e, own in zip(given, parts, strict=True) if own == part] for part in PARTS
    }


@pytest.mark.parametrize(
    ("how", "train", "test", "left"),
    [
        ("text", 0.7, 0.15, 1),
        ("product", 0.7, 0.15, 1),
        ("time", 0.7, 0.15, 1),
        ("product+time", 0.78, 0.1, 0.625),
    ],
)
def test_parts_have_about_their_share(how, train, test, left):
    given = examples(8000, products=1600)
    _, parts = parts_of(given, how)
    rows = sum(map(len, parts.values()))
    assert rows / len(given) == pytest.approx(left, abs=0.03)
    assert len(parts["train"]) / rows == pytest.approx(train, abs=0.03)
    assert len(parts["test"]) / rows == pytest.approx(test, abs=0.03)


@pytest.mark.parametrize("how", ["product", "product+time"])
def test_no_product_is_in_two_parts(how):
    _, parts = parts_of(examples(), how)
    products = [{example.product_id for example in part} for part in parts.values()]
    assert not products[0] & products[1] | products[0] & products[2] | products[1] & products[2]


@pytest.mark.parametrize("how", ["time", "product+time"])
def test_nothing_is_learned_from_the_time_of_the_test(how):
    _, parts = parts_of(examples(), how)
    begins = min(example.created_at for example in parts["test"])
    assert all(e.created_at < begins for p in ("train", "validation") for e in parts[p])


@pytest.mark.parametrize("how", ["text", "product"])
def test_more_rows_move_none(how):
    few, many = examples(200), examples(400)
    assert split(few, how)[1] == split(many, how)[1][:200]


@pytest.mark.parametrize(
    ("lacks", "chosen"),
    [
        ((), "product+time"),
        (("created_at",), "product"),
        (("product_id",), "time"),
        (("product_id", "created_at"), "text"),
    ],
)
def test_auto_goes_by_what_there_is(lacks, chosen):
    given = [replace(example, **dict.fromkeys(lacks)) for example in examples(50)]
    assert split(given)[0] == chosen


@pytest.mark.parametrize(
    ("how", "lacks", "complaint"),
    [
        ("product", "product_id", "--split product: no row has a product_id"),
        ("time", "created_at", "--split time: no row has a created_at"),
        ("product+time", "created_at", "no row has a created_at"),
    ],
)
def test_a_split_needs_its_columns(how, lacks, complaint):
    with pytest.raises(ContractError, match=complaint):
        split([replace(example, **{lacks: None}) for example in examples(9)], how)


def test_an_unknown_split_is_refused():
    with pytest.raises(SettingsError, match="--split random: use auto"):
        split(examples(3), "random")


@pytest.mark.parametrize(
    ("given", "classes", "complaint"),
    [
        ([], 3, "there is nothing to learn from"),
        ([review("!", 1)], 3, "nothing to learn from.*left out: no_words 1"),
        ([review(f"word {n}", 5) for n in range(9)], 2, "no row is negative by its stars"),
        (
            [review(f"word {n}", (1, 5)[n % 2]) for n in range(9)],
            3,
            "no row is neutral by its stars.*--classes 2",
        ),
        (
            [review(f"word {n}", (1, 3, 5)[n], product_id="p") for n in range(3)],
            3,
            "the .* part has no .* review to .*Add reviews",
        ),
    ],
)
def test_too_little_to_learn_from(given, classes, complaint):
    with pytest.raises(ContractError, match=complaint):
        prepare(given, classes=classes)


def test_a_preparation_is_repeatable_and_says_what_it_left_out():
    given = [*reviews(300), review("!", 4)]
    done, again = (prepare(given, unread={"unreadable": 2}) for _ in range(2))
    assert done == again
    assert done.rows == 303
    assert sum(map(len, done.parts.values())) + sum(done.left_out.values()) == done.rows
    assert "left out: " in done.lines[-1]
    assert done.sha256 != prepare(given[1:]).sha256
