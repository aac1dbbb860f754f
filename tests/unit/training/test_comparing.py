"""Two models beside each other: scores, flips and cost, on texts that neither has learned."""

import json

import numpy as np
import pytest

from nightshelf.errors import ContractError, SettingsError
from nightshelf.training.compared_texts import examples_to_compare
from nightshelf.training.comparing import compare
from nightshelf.training.prepare.cleaning import Example
from nightshelf.training.prepare.reading import Review
from nightshelf.training.prepare.split import split
from nightshelf.training.report import lines_of

from .conftest import reviews

LABELS = ("negative", "neutral", "positive")


class Says:
    """A model that reads its answer off the text: `a0b2` is 0 by model a and 2 by model b."""

    def __init__(self, name, labels=LABELS):
        self.name, self.labels, self.seconds = name, labels, 0.0

    def probabilities(self, texts):
        self.seconds += 1.5
        said = [int(text[text.index(self.name) + 1]) for text in texts]
        return np.eye(len(self.labels), dtype=np.float32)[said] * 0.8 + 0.1


EXAMPLES = [
    *[Example(f"a0b0 {n}", 0, "p1", "shoes") for n in range(6)],
    *[Example(f"a0b2 {n}", 2, "p2", "hats") for n in range(3)],
    Example("a2b1", 2, "p1", "hats"),
    Example("a1b0", -1, "p3", None),
]


def test_scores_flips_and_where_they_are():
    found = compare(Says("a"), Says("b"), EXAMPLES)
    assert found.texts == 11
    first, second = found.scores
    assert (first.count, first.accuracy.value, second.accuracy.value) == (10, 0.7, 0.9)
    difference = found.differences["accuracy"]
    assert difference.value == pytest.approx(0.2)
    assert difference.low < 0.2 < difference.high
    assert found.flips == {
        ("negative", "positive"): 3,
        ("positive", "neutral"): 1,
        ("neutral", "negative"): 1,
    }
    assert found.flip_share == 5 / 11
    assert [(g.name, g.texts, g.flips) for g in found.products] == [
        ("p2", 3, 3),
        ("p1", 7, 1),
        ("p3", 1, 1),
    ]
    assert [(g.name, g.texts, g.flips) for g in found.categories] == [("hats", 4, 4)]
    assert found.seconds == (1.5, 1.5)


def test_a_difference_of_none_is_none():
    found = compare(Says("a"), Says("a"), EXAMPLES)
    assert not found.flips
    for difference in found.differences.values():
        assert (difference.value, difference.low, difference.high) == (0, 0, 0)


def test_without_stars_there_are_flips_only():
    unknown = [Example(example.text, -1, example.product_id) for example in EXAMPLES]
    found = compare(Says("a"), Says("b"), unknown)
    assert found.scores is None
    assert sum(found.flips.values()) == 5
    assert any("no row has stars" in line for line in lines_of(found))


def test_the_report_says_it_all():
    lines = "\n".join(lines_of(compare(Says("a"), Says("b"), EXAMPLES)))
    for part in ("accuracy ", "0.700 (", "other label: 5 of 11 (45.5%)", "hats: 4 of 4", "p2: 3"):
        assert part in lines


@pytest.mark.parametrize(
    ("second", "examples", "error", "complaint"),
    [
        (Says("b", ("negative", "positive")), EXAMPLES, SettingsError, "have other labels"),
        (Says("b"), [], ContractError, "nothing to compare by"),
    ],
)
def test_what_cannot_be_compared(second, examples, error, complaint):
    with pytest.raises(error, match=complaint):
        compare(Says("a"), second, examples)


def test_each_text_is_compared_by_once_and_redacted():
    given = [
        Review(body="jo@example.org", rating=5.0),
        Review(body="Same", rating=None),
        Review(body="same!", rating=1.0),
        Review(body="?"),
    ]
    examples, said = examples_to_compare(given, 3, (), {})
    assert [(e.text, e.label) for e in examples] == [("[email]", 2), ("Same", -1)]
    assert said == []


@pytest.mark.parametrize("named", ["{}", "folder:{}"])
@pytest.mark.parametrize(("sha", "is_same"), [("ab" * 32, True), ("cd" * 32, False)])
def test_what_a_model_has_learned_from_is_left_out(tmp_path, named, sha, is_same):
    about = {"made_from": {"a.csv": "ab" * 32}, "split": "product"}
    (tmp_path / "training.json").write_text(json.dumps(about))
    model = named.format(tmp_path)
    examples, said = examples_to_compare(reviews(200), 3, (model, "head"), {"b.csv": sha})
    everything, _ = examples_to_compare(reviews(200), 3, ("head",), {"b.csv": sha})
    _, parts = split(everything, "product")
    tested = [e for e, part in zip(everything, parts, strict=True) if part == "test"]
    assert examples == (tested if is_same else everything)
    assert len(said) == is_same
