from dataclasses import replace

import numpy as np
import pytest
import torch

from nightshelf.engine.tokens import Tokens
from nightshelf.errors import HostLost, OutOfMemory, UnanswerableRow
from nightshelf.models.encoder import Encoder, open_encoder
from nightshelf.models.encoder_files import EncoderFiles
from nightshelf.models.reader import open_token_reader

TOO_LARGE = 2**50
"""Bytes that no machine has: asking for them fails at once."""


class Network:
    width = 2

    def __init__(self, function):
        self.function = function

    def __call__(self, ids, mask):
        return self.function(ids, mask)


def encoder_of(network, pooling="mean"):
    return Encoder(EncoderFiles(None, {"pad_token_id": 9}, (), pooling), Network(network))


def numbered(ids, mask):
    """Hidden states that say which token they stand for; padding (9) would show."""
    return torch.stack([ids.float(), torch.ones_like(ids).float()], dim=2)


@pytest.mark.parametrize(
    ("pooling", "expected"), [("mean", [[3, 1], [4, 1]]), ("cls", [[2, 1], [4, 1]])]
)
def test_padding_is_not_pooled(pooling, expected):
    vectors = encoder_of(numbered, pooling).embed([[2, 4], [4]])
    np.testing.assert_allclose(vectors, expected / np.linalg.norm(expected, axis=1, keepdims=True))


def test_an_empty_batch_has_no_vectors():
    assert encoder_of(numbered).embed([]).shape[0] == 0


@pytest.mark.parametrize("spoiled", [float("nan"), float("inf")])
def test_a_text_whose_numbers_overflow_cannot_be_answered(spoiled):
    encoder = encoder_of(
        lambda ids, mask: numbered(ids, mask).masked_fill(ids[..., None] == 5, spoiled)
    )
    with pytest.raises(UnanswerableRow):
        encoder.embed([[1, 2], [1, 5]])
    assert encoder.embed([[1, 2]]).shape == (1, 2)


@pytest.mark.parametrize("batch", [[[]], [[1, 2], []]])
def test_a_text_without_any_token_cannot_be_answered(batch):
    with pytest.raises(UnanswerableRow):
        encoder_of(numbered).embed(batch)


def out_of_memory_on_the_cpu(ids, mask):
    return torch.empty(TOO_LARGE)


def gone(ids, mask):
    raise torch.AcceleratorError("CUDA error: unspecified launch failure")


@pytest.mark.parametrize(
    ("network", "error"), [(out_of_memory_on_the_cpu, OutOfMemory), (gone, HostLost)]
)
def test_a_device_that_fails_is_told_from_a_text(network, error):
    with pytest.raises(error):
        encoder_of(network).embed([[1]])


@pytest.mark.parametrize("pooling", ["mean", "cls"])
@pytest.mark.parametrize("rows", [[[1, 2, 3], [4], [5, 6]], [[7]], []], ids=str)
def test_ragged_tokens_are_encoded_as_lists_are(rows, pooling):
    encoder = encoder_of(numbered, pooling)
    found = encoder.embed(Tokens.from_rows(rows))
    np.testing.assert_array_equal(found, encoder.embed(rows))
    assert len(found) == len(rows)


def test_its_width_is_that_of_its_vectors(choice):
    encoder = open_encoder(choice)
    [vector] = encoder.embed(open_token_reader(choice).prepare(["love it"]))
    assert encoder.width == len(vector) == 384


def test_bf16_stays_close_to_fp32(choice):
    texts = ["Runs small, but lovely fabric.", "Broke after a day; I want my money back."]
    fp32, bf16 = (open_encoder(replace(choice, precision=p)) for p in ("fp32", "bf16"))
    ids = open_token_reader(choice).prepare(texts)
    cosines = (fp32.embed(ids) * bf16.embed(ids)).sum(axis=1)
    assert bf16.embed(ids).dtype == np.float32
    assert 0.9998 < cosines.min() < 0.9999999


def windowed(pooling, window):
    files = EncoderFiles(None, {"pad_token_id": 9}, (), pooling)
    return Encoder(files, Network(numbered), window=window)


@pytest.mark.parametrize(
    ("pooling", "expected"),
    # Each token of all windows counts alike; of `cls` the first of each window.
    [("mean", [(1 + 2 + 3 + 4 + 5) / 5, 7.0]), ("cls", [(1 + 3 + 5) / 3, 7.0])],
)
def test_a_long_text_is_the_mean_of_its_windows(pooling, expected):
    vectors = windowed(pooling, 2).embed([[1, 2, 3, 4, 5], [7, 7]])
    np.testing.assert_allclose(vectors[:, 0] / vectors[:, 1], expected, rtol=1e-6)


@pytest.mark.parametrize("batch", [[[]], [[1, 2, 3], []]])
def test_a_text_without_tokens_has_no_windows_either(batch):
    with pytest.raises(UnanswerableRow):
        windowed("mean", 2).embed(batch)


def test_windows_say_of_a_long_text_what_it_says_at_its_end(choice):
    end = "Broke after a day; terrible, awful, I want my money back."
    long = "The parcel came on a Monday. " * 20 + end
    chosen = [replace(choice, max_tokens=32, long_texts=how) for how in ("cut", "windows")]
    cut, windows = (
        open_encoder(one).embed(open_token_reader(one).prepare([long]))[0] for one in chosen
    )
    [alone] = open_encoder(choice).embed(open_token_reader(choice).prepare([end]))
    assert windows @ alone > cut @ alone + 0.05


def test_a_short_text_has_the_same_vector_either_way(choice):
    cut, windows = (replace(choice, long_texts=how) for how in ("cut", "windows"))
    tokens = open_token_reader(windows).prepare(["Love it", ""])
    np.testing.assert_array_equal(
        open_encoder(windows).embed(tokens), open_encoder(cut).embed(tokens)
    )
