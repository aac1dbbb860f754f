import json

import numpy as np
import pytest
from safetensors.numpy import save_file

from nightshelf.errors import ModelError, SettingsError
from nightshelf.models.sentiment_head import (
    ABOUT,
    FILE,
    LABELS,
    SentimentHead,
    find_head,
    read_head,
)

TENSORS = {
    "hidden_weight": np.eye(2, dtype=np.float32),
    "hidden_bias": np.zeros(2, np.float32),
    "output_weight": np.array([[9, 0, 0], [0, 0, 9]], np.float32),
    "output_bias": np.zeros(3, np.float32),
}
METADATA = {"labels": LABELS, "encoder_sha256": "ab" * 32, "licence": "CC0"}


@pytest.fixture
def write(tmp_path):
    def written(tensors=TENSORS, metadata=METADATA):
        save_file(tensors, tmp_path / FILE, {ABOUT: json.dumps(metadata)})
        return tmp_path / FILE

    return written


def test_what_is_written_is_what_answers(write):
    head = read_head(write())
    vectors = np.array([[1, 0], [0, 1], [0, 0], [-1, -1]], np.float32)
    sure, rest = 0.9997532, 0.0001234
    np.testing.assert_allclose(
        head.answer(vectors),
        [[sure, rest, rest], [rest, rest, sure], [1 / 3] * 3, [1 / 3] * 3],
        atol=1e-6,
    )


def test_large_scores_do_not_overflow():
    head = SentimentHead(**TENSORS, encoder_sha256="", licence="")
    [said] = head.answer(np.array([[1000, 0]], np.float32))
    assert said.tolist() == [1, 0, 0]


@pytest.mark.parametrize(
    ("tensors", "metadata", "message"),
    [
        (TENSORS, {}, "not a sentiment head: 'labels'"),
        (TENSORS, METADATA | {"labels": ["bad", "good"]}, r"its labels are \['bad', 'good'\]"),
        ({"x": np.ones(1)}, METADATA, "not a sentiment head"),
    ],
)
def test_a_file_of_something_else_is_a_model_error(write, tensors, metadata, message):
    with pytest.raises(ModelError, match=message):
        read_head(write(tensors, metadata))


def test_a_broken_file_is_a_model_error(tmp_path):
    (tmp_path / FILE).write_bytes(b"\x00" * 5)
    with pytest.raises(ModelError, match="not a sentiment head"):
        read_head(tmp_path / FILE)


@pytest.mark.parametrize("place", ["folder:nowhere", "package:json"])
def test_a_place_without_a_head_is_named(place):
    with pytest.raises(SettingsError, match=f"{place}: there is no {FILE}"):
        find_head(place)


def test_it_answers_for_its_own_encoder_only(write):
    head = read_head(write())
    head.check_belongs_to("folder:mine", "ab" * 32)
    with pytest.raises(ModelError, match=r"trained on .* abababababab…, but folder:x has cdcdcdc"):
        head.check_belongs_to("folder:x", "cd" * 32)
