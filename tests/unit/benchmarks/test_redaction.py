import pytest

from benchmarks.redaction.finding import judge
from benchmarks.redaction.gold import Marked
from benchmarks.redaction.reviews import Review, eaten, names_of
from nightshelf.privacy.spans import Span

TEXT = "Jo Miller of 12 Mill Lane"
MARKS = (Span(0, 9, "PERSON"), Span(13, 25, "STREET_ADDRESS"))


@pytest.mark.parametrize(
    ("found", "whole", "touched", "precision"),
    [
        pytest.param([], (0, 0), (0, 0), {}, id="nothing"),
        pytest.param([Span(0, 9, "name")], (1, 0), (1, 0), {"name": 1.0}, id="a name"),
        pytest.param([Span(0, 2, "name")], (0, 0), (1, 0), {"name": 1.0}, id="half of it"),
        pytest.param(
            [Span(0, 2, "name"), Span(3, 9, "place")], (1, 0), (1, 0), {"name": 1.0, "place": 1.0},
            id="in two parts",
        ),
        pytest.param([Span(10, 12, "name")], (0, 0), (0, 0), {"name": 0.0}, id="something else"),
        pytest.param([Span(0, 25, "address")], (1, 1), (1, 1), {"address": 1.0}, id="all"),
    ],
)  # fmt: skip
def test_recall_counts_what_is_gone_and_precision_what_was_right(found, whole, touched, precision):
    finding = judge([Marked(TEXT, MARKS)], [found])
    kinds = ("names", "addresses")
    assert tuple(finding.whole[kind].found for kind in kinds) == whole
    assert tuple(finding.touched[kind].found for kind in kinds) == touched
    assert {kind: one.found / one.n for kind, one in finding.precision.items()} == precision


def test_words_of_goods_count_once_each_where_they_stand():
    reviews = [Review("p", "The Tarn mug, my Tarn mug. Fine", "Tarn Mug", "Tarn")]
    kept = names_of(reviews)
    assert eaten(reviews, [[]], kept) == (0, 2)
    assert eaten(reviews, [[Span(17, 21, "name")]], kept) == (1, 2)
