"""Scores worked out by hand, and intervals that hold what they promise."""

import numpy as np
import pytest

from nightshelf.training import evaluation
from nightshelf.training.evaluation import (
    calibration_error,
    estimate,
    evaluate,
    given,
    macro_f1,
    surest_accuracy,
    without_neutral,
)

NONE = [np.nan, np.nan]


def rows(*likely):
    return np.array(likely, np.float32)


@pytest.mark.parametrize(
    ("expected", "probabilities", "accuracy", "f1"),
    [
        ([0, 1], rows([0.9, 0.1], [0.2, 0.8]), 1, 1),
        ([0, 1], rows([0.9, 0.1], NONE), 0.5, 0.5),
        ([0, 0], rows([0.9, 0.1], [0.2, 0.8]), 0.5, 2 / 3),
        ([0, 1], rows(NONE, NONE), 0, 0),
    ],
)
def test_a_missing_answer_is_wrong(expected, probabilities, accuracy, f1):
    expected = np.array(expected)
    assert evaluation.accuracy(expected, probabilities) == accuracy
    assert macro_f1(expected, probabilities) == pytest.approx(f1)


def test_a_missing_answer_is_no_label():
    labels, confidence = given(rows([0.4, 0.6], NONE))
    assert labels.tolist() == [1, -1]
    assert confidence.tolist() == [pytest.approx(0.6), 0]


def test_bins_are_equally_full():
    """30 texts, two a bin: the sure half is always right, the other half as often as it says."""
    sure, unsure = [[1.0, 0.0]] * 16, [[0.5, 0.5]] * 14
    expected = np.array([0] * 16 + [0, 1] * 7)
    assert calibration_error(expected, rows(*sure, *unsure)) == 0
    # Of each of the unsure bins both are wrong now.
    assert calibration_error(np.array([0] * 16 + [1] * 14), rows(*sure, *unsure)) == pytest.approx(
        14 / 30 * 0.5
    )


def test_the_least_sure_tenth_is_left_out():
    likely = rows(*[[0.9, 0.1]] * 9, [0.6, 0.4])
    assert surest_accuracy(np.array([0] * 9 + [1]), likely) == 1
    assert surest_accuracy(np.array([1] + [0] * 9), likely) == pytest.approx(8 / 9)


def test_of_three_classes_two_are_left():
    labels, likely = without_neutral(np.array([2, 1, 0]), rows([0.1, 0.6, 0.3], *[[1, 0, 0]] * 2))
    assert labels.tolist() == [1, 0]
    assert likely.tolist() == [[pytest.approx(0.25), pytest.approx(0.75)], [1, 0]]


@pytest.mark.parametrize(("texts", "answers"), [(0, 0), (2, 1)])
def test_what_cannot_be_scored_is_refused(texts, answers):
    with pytest.raises(ValueError, match=f"{texts} labels and {answers} answers"):
        evaluate(np.zeros(texts, np.int64), np.zeros((answers, 2)))


def test_an_interval_holds_the_truth_as_often_as_it_promises():
    drawn = np.random.default_rng(5)
    held = 0
    for _ in range(200):
        right = drawn.random(150) < 0.8
        found = estimate(lambda rows, right=right: float(right[rows].mean()), 150, 300)
        held += found.low <= 0.8 <= found.high
    assert 0.90 <= held / 200 <= 0.985


def test_an_evaluation_has_all_scores_and_is_repeatable():
    drawn = np.random.default_rng(2)
    likely = drawn.dirichlet([1, 1, 1], 200)
    expected = np.array([drawn.choice(3, p=row) for row in likely])
    found = evaluate(expected, likely, resamples=200)
    assert found == evaluate(expected, likely, resamples=200)
    assert found.count == 200
    for name, score in found.scores.items():
        assert score.low <= score.high, name
    assert found.accuracy.low < found.accuracy.value < found.accuracy.high
    # Drawn from the very probabilities: calibrated, but for chance.
    assert found.calibration_error.value < 0.12
