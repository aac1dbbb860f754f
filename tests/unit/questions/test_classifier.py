"""Probabilities in, labels and scores out."""

import numpy as np
import pyarrow as pa
import pytest

from nightshelf.questions.classifier import COLUMNS, classifier

LABELS = ("late", "broken", "fine")
A, B, C = [0.5, 0.25, 0.25], [0.125, 0.75, 0.125], [0.0, 0.0, 0.25]


def shown(threshold, answers):
    columns = classifier("tone", LABELS, threshold).to_columns(answers)
    table = pa.RecordBatch.from_pydict(columns)
    assert table.schema.equals(COLUMNS)
    rows = table.to_pylist()
    for row, answer in zip(rows, answers, strict=True):
        assert [s["score"] for s in row["scores"]] == list(answer)
        assert [s["label"] for s in row["scores"]] == list(LABELS)
    return [(row["label"], row["labels"]) for row in rows]


@pytest.mark.parametrize(
    ("threshold", "answers", "expected"),
    [
        (None, [A, B], [("late", ["late"]), ("broken", ["broken"])]),
        (0.25, [A, B], [("late", ["late", "broken", "fine"]), ("broken", ["broken"])]),
        (0.5, [C], [("fine", [])]),
        (0.5, [B, A], [("broken", ["broken"]), ("late", ["late"])]),
        (None, np.array([B, A], np.float32), [("broken", ["broken"]), ("late", ["late"])]),
        (None, [], []),
        (None, [np.array(A, np.float32)], [("late", ["late"])]),
    ],
)
def test_which_labels_fit(threshold, answers, expected):
    assert shown(threshold, answers) == expected


def test_answers_of_another_length_are_no_answers():
    with pytest.raises(ValueError, match="reshape"):
        classifier("tone", LABELS, None).to_columns([[0.5, 0.5]])
