import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.nn import functional

from nightshelf.errors import SettingsError
from nightshelf.models import int8
from nightshelf.models.bert import Bert
from nightshelf.models.encoder import open_encoder
from nightshelf.models.int8 import Int8Bert, Int8Linear
from nightshelf.models.reader import open_token_reader


def numbers(*shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def far_off(found, exact):
    return float((found - exact).norm() / exact.norm())


@pytest.mark.parametrize("inputs", [384, 1536, 33, 1])
@pytest.mark.parametrize("rows", [(1, 1), (2, 3), (8, 40)])
def test_a_layer_is_close_to_the_exact_one(rows, inputs):
    weight, bias, hidden = numbers(48, inputs), numbers(48, seed=1), numbers(*rows, inputs, seed=2)
    found = Int8Linear(weight, bias)(hidden)
    exact = functional.linear(hidden, weight, bias)
    assert found.shape == exact.shape
    # Of one input there is nothing to round: a token's range is that number.
    assert inputs == 1 or far_off(found, exact) > 0
    assert far_off(found, exact) < 0.02


LARGE = {
    "all large, of one sign": lambda size: size * 0.2 + 0.8,
    "two large neighbours alone": lambda size: torch.cat(
        [size[:, :2] * 0.1 + 0.9, size[:, 2:] * 0], dim=1
    ),
    "alternately large": lambda size: torch.where(torch.arange(size.shape[1]) % 2 == 0, 1, 0.1),
}


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("weight", LARGE.values(), ids=LARGE)
def test_no_sum_overflows_where_all_that_is_added_is_large(weight, sign):
    sizes = torch.rand(16, 64, generator=torch.Generator().manual_seed(3))
    weights = sign * weight(sizes).expand(16, 64).contiguous()
    # One number that is small, so that the others lie at the upper end of the token's range.
    hidden = torch.full((4, 64), 100.0)
    hidden[:, -1] = 0
    exact = functional.linear(hidden, weights)
    assert far_off(Int8Linear(weights, torch.zeros(16))(hidden), exact) < 0.01


@pytest.mark.parametrize("others", [1e-6, 1.0, 1e4])
def test_what_becomes_of_a_token_does_not_depend_on_others(others):
    layer, token = Int8Linear(numbers(40, 64), numbers(40)), numbers(1, 64, seed=1)
    together = torch.cat([numbers(5, 64, seed=2) * others, token])
    assert layer(together)[-1:].equal(layer(token))


@pytest.mark.parametrize("value", [0.0, 3.0, -1e-9])
def test_a_token_of_one_number_has_no_range_and_is_no_error(value):
    weight, bias = numbers(40, 64), numbers(40, seed=1)
    rows = torch.stack([torch.full((64,), value), numbers(64, seed=2)])
    found, exact = Int8Linear(weight, bias)(rows), functional.linear(rows, weight, bias)
    assert far_off(found[0], exact[0]) < 0.02
    assert far_off(found[1], exact[1]) < 0.02
    assert value or found[0].equal(bias)


def test_channels_of_zeros_stay_zeros():
    weight = numbers(4, 8)
    weight[1] = 0
    assert Int8Linear(weight, torch.zeros(4))(numbers(3, 8))[:, 1].eq(0).all()


@pytest.mark.parametrize("spoiled", [float("nan"), float("inf"), -float("inf")])
def test_numbers_that_overflow_are_still_found_out(spoiled):
    rows = numbers(2, 64)
    rows[0, 5] = spoiled
    found = Int8Linear(numbers(40, 64, seed=1), numbers(40))(rows)
    assert not found[0].isfinite().any()
    assert found[1].isfinite().all()


@pytest.mark.parametrize("engine", ["x86", "onednn"])
def test_the_engine_of_others_stays_what_it_was(engine, monkeypatch):
    monkeypatch.setattr(torch.backends.quantized, "engine", engine)
    layer = Int8Linear(numbers(8, 8), numbers(8))
    assert torch.backends.quantized.engine == engine
    layer(numbers(2, 8))


REFUSED = [
    ("DistilBertModel", "cpu", "fbgemm", "this DistilBertModel runs through transformers, and"),
    (None, "cuda", "fbgemm", "this host computes on cuda, and the int8 layers are for CPUs"),
    (None, "cpu", "none", "torch has no none kernels on this machine; they need an x86 CPU"),
]


@pytest.mark.parametrize(("foreign", "device", "engine", "message"), REFUSED)
def test_where_there_is_no_int8_it_says_so(monkeypatch, foreign, device, engine, message):
    monkeypatch.setattr(int8, "ENGINE", engine)
    with pytest.raises(SettingsError) as caught:
        int8.check_int8(foreign, torch.device(device))
    assert str(caught.value).startswith(f"NIGHTSHELF_PRECISION=int8: {message}")
    assert str(caught.value).endswith("; use fp32 or bf16")


def test_an_encoder_that_is_not_ours_is_refused(choice, encoder_folder, edit_config):
    edit_config(encoder_folder / "config.json", hidden_act="gelu_new")
    chosen = replace(choice, encoder=f"folder:{encoder_folder}", precision="int8")
    with pytest.raises(SettingsError, match="this BertModel runs through transformers"):
        open_encoder(chosen)


# ------------------------------------------------------------------ a whole encoder

TINY = {"num_attention_heads": 2, "num_hidden_layers": 2}


def tiny_weights(width=32, inner=64):
    shapes = {"embeddings.word_embeddings.weight": (50, width)}
    shapes |= {"embeddings.position_embeddings.weight": (16, width)}
    shapes |= {"embeddings.token_type_embeddings.weight": (2, width)}
    for layer in ("encoder.layer.0", "encoder.layer.1"):
        for name in ("query", "key", "value"):
            shapes[f"{layer}.attention.self.{name}.weight"] = (width, width)
        shapes[f"{layer}.attention.output.dense.weight"] = (width, width)
        shapes[f"{layer}.intermediate.dense.weight"] = (inner, width)
        shapes[f"{layer}.output.dense.weight"] = (width, inner)
    weights = {n: numbers(*s, seed=k) * s[-1] ** -0.5 for k, (n, s) in enumerate(shapes.items())}
    for name, tensor in list(weights.items()):
        if name.startswith("encoder"):
            weights[name.replace("weight", "bias")] = tensor[:, 0] * 0.1
    norms = ["embeddings"] + [
        f"encoder.layer.{n}.{part}" for n in (0, 1) for part in ("attention.output", "output")
    ]
    for norm in norms:
        weights |= {f"{norm}.LayerNorm.weight": torch.ones(width)}
        weights |= {f"{norm}.LayerNorm.bias": torch.zeros(width)}
    return weights


IDS = torch.randint(50, (3, 10), generator=torch.Generator().manual_seed(4))
MASK = torch.arange(10) < torch.tensor([10, 4, 1])[:, None]


def test_a_bert_on_int8_layers_is_close_to_the_exact_one():
    exact = Bert(TINY, tiny_weights(), torch.float32)(IDS, MASK)
    found = Int8Bert(TINY, tiny_weights())(IDS, MASK)
    assert found.shape == exact.shape
    cosines = functional.cosine_similarity(exact[MASK], found[MASK])
    assert 0.999 < cosines.min() < 0.9999999


@pytest.mark.parametrize("positions", [10, 12, 16])
def test_padding_needs_no_more_positions_than_there_are(positions):
    weights = tiny_weights()
    name = "embeddings.position_embeddings.weight"
    few = weights | {name: weights[name][:positions]}
    network = Int8Bert({**TINY, "max_position_embeddings": positions}, few)
    expected = Int8Bert(TINY, weights)(IDS, MASK)[MASK]
    torch.testing.assert_close(network(IDS, MASK)[MASK], expected, atol=0.02, rtol=0)


TEXTS = [
    "Runs small, but lovely fabric.",
    "Broke after a day; I want my money back.",
    "",
    "Überraschend gut! 五颗星 🎉",
    "I wanted to like this dress. " * 15,
    "I wanted to like this dress. " * 30,
]


@pytest.fixture(scope="module")
def int8_choice(choice):
    return replace(choice, precision="int8", max_tokens=256)


@pytest.fixture(scope="module")
def encoder(int8_choice):
    return open_encoder(int8_choice)


@pytest.fixture(scope="module")
def tokens(int8_choice):
    return open_token_reader(int8_choice).prepare(TEXTS)


def test_vectors_stay_close_to_those_of_fp32(int8_choice, encoder, tokens):
    exact = open_encoder(replace(int8_choice, precision="fp32")).embed(tokens)
    cosines = (exact * encoder.embed(tokens)).sum(axis=1)
    assert cosines.min() > 0.99
    assert cosines.max() < 0.99999


@pytest.mark.parametrize("text", range(len(TEXTS)))
def test_company_in_a_batch_does_not_change_a_vector(encoder, tokens, text):
    [alone] = encoder.embed(tokens.take([text]))
    np.testing.assert_allclose(encoder.embed(tokens)[text], alone, atol=1e-6)


def test_a_process_that_was_forked_answers_too(int8_choice):
    code = (
        "import os, sys, threading\n"
        "from nightshelf.models.choice import ModelChoice\n"
        "from nightshelf.models.panel import open_panel, open_reader, warm_up\n"
        f"choice = {int8_choice!r}\n"
        "warm_up()\n"
        "child = os.fork()\n"
        "if not child:\n"
        "    tokens = open_reader(choice).prepare(['Love it', 'Broke at once'])\n"
        "    os._exit(len(open_panel(choice).answer(tokens)['embedding']))\n"
        "sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
    )
    command = [sys.executable, "-W", "error::UserWarning", "-c", code]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (ran.returncode, ran.stderr) == (2, "")
