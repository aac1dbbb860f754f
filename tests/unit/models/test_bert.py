from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file, save_file

from nightshelf.errors import ModelError
from nightshelf.models.bert import Bert, is_ours
from nightshelf.models.encoder import open_encoder
from nightshelf.models.encoder_files import find_encoder
from nightshelf.models.reader import open_token_reader
from nightshelf.models.transformer import Transformer

SENTENCES = [
    "Love it",
    "",
    "Runs small, but the fabric is soft and it washes well; I would size up.",
    "Überraschend gut! 五颗星 🎉",
    "I wanted to like this dress. " * 30,
]


@pytest.fixture(scope="module")
def files(choice):
    return find_encoder(choice.encoder)


@pytest.fixture(scope="module")
def weights(files):
    return load_file(files.weights[0])


@pytest.fixture(scope="module")
def ids_and_mask(choice):
    prepared = list(open_token_reader(choice).prepare(SENTENCES))
    ids = torch.zeros(len(prepared), max(map(len, prepared)), dtype=torch.long)
    for row, tokens in enumerate(prepared):
        ids[row, : len(tokens)] = torch.tensor(tokens)
    return ids, ids > 0


@pytest.fixture(scope="module")
def hidden(files, weights, ids_and_mask):
    return encoded(Bert(files.config, weights, torch.float32), ids_and_mask)


def encoded(network, ids_and_mask):
    ids, mask = ids_and_mask
    with torch.inference_mode():
        return network(ids, mask)[mask]


def test_it_equals_transformers(files, hidden, ids_and_mask):
    theirs = encoded(Transformer(files, torch.float32, torch.device("cpu")), ids_and_mask)
    assert (hidden - theirs).abs().max() < 1e-5


RENAMED = {
    "a BERT under a task head": lambda name: f"bert.{name}",
    "an old checkpoint": lambda name: name.replace("LayerNorm.weight", "LayerNorm.gamma").replace(
        "LayerNorm.bias", "LayerNorm.beta"
    ),
}


@pytest.mark.parametrize("rename", RENAMED.values(), ids=RENAMED)
def test_weights_go_by_several_names(files, weights, ids_and_mask, hidden, rename):
    renamed = {rename(name): tensor for name, tensor in weights.items()}
    assert encoded(Bert(files.config, renamed, torch.float32), ids_and_mask).equal(hidden)


@pytest.mark.parametrize(
    ("lost", "named"),
    [
        ("embeddings.word_embeddings.weight", "word_embeddings.weight"),
        ("encoder.layer.3.attention.self.key.bias", "attention.self.key.bias"),
        ("encoder.layer.5.output.LayerNorm.bias", "output.LayerNorm.bias"),
    ],
)
def test_missing_weights_are_named(files, weights, lost, named):
    with pytest.raises(ModelError, match=f"lack {named}"):
        Bert(files.config, {n: t for n, t in weights.items() if n != lost}, torch.float32)


def test_more_layers_than_weights_is_an_error(files, weights):
    with pytest.raises(ModelError, match=r"lack encoder\.layer\.6"):
        Bert({**files.config, "num_hidden_layers": 7}, weights, torch.float32)


@pytest.mark.parametrize(
    ("change", "ours"),
    [
        ({}, True),
        ({"architectures": ["BertForMaskedLM"]}, True),
        ({"architectures": ["DistilBertModel"]}, False),
        ({"architectures": []}, False),
        ({"hidden_act": "gelu_new"}, False),
        ({"position_embedding_type": "relative_key"}, False),
        ({"is_decoder": True}, False),
    ],
)
def test_only_what_is_computed_alike_is_ours(files, change, ours):
    assert is_ours({**files.config, **change}) is ours


def test_a_broken_file_is_a_model_error(encoder_folder, choice):
    (encoder_folder / "model.safetensors").unlink()
    (encoder_folder / "model.safetensors").write_bytes(b"not weights at all")
    with pytest.raises(ModelError, match="not readable as safetensors"):
        open_encoder(replace(choice, encoder=f"folder:{encoder_folder}"))


def test_a_file_of_other_weights_is_a_model_error(encoder_folder, choice):
    (encoder_folder / "model.safetensors").unlink()
    save_file({"x": torch.ones(1)}, encoder_folder / "model.safetensors")
    with pytest.raises(ModelError, match="BERT's weights lack"):
        open_encoder(replace(choice, encoder=f"folder:{encoder_folder}"))
