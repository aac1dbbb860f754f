import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import DistilBertConfig, DistilBertModel

from nightshelf.engine.device import LocalDevice
from nightshelf.errors import ModelError, SettingsError
from nightshelf.models.encoder import open_encoder
from nightshelf.models.panel import EncoderPanel
from nightshelf.models.reader import open_token_reader
from nightshelf.questions import QUESTIONS


@pytest.fixture
def distilbert(tmp_path, save_tokenizer, small_vocabulary):
    torch.manual_seed(1)
    config = DistilBertConfig(
        vocab_size=small_vocabulary,
        dim=32,
        n_heads=4,
        n_layers=2,
        hidden_dim=64,
        max_position_embeddings=16,
    )
    DistilBertModel(config).save_pretrained(tmp_path)
    save_tokenizer(tmp_path)
    return tmp_path


@pytest.fixture
def chosen(choice, distilbert):
    return replace(choice, encoder=f"folder:{distilbert}", max_tokens=16)


def test_another_architecture_encodes_through_transformers(distilbert, chosen):
    encoder = open_encoder(chosen)
    short, long = map(
        list, open_token_reader(chosen).prepare(["love this", "not good . not this dress"])
    )
    module = DistilBertModel.from_pretrained(distilbert).eval()
    with torch.inference_mode():
        alone = module(torch.tensor([short])).last_hidden_state[0].mean(dim=0)
    expected = (alone / alone.norm()).numpy()
    np.testing.assert_allclose(encoder.embed([long, short])[1], expected, atol=1e-6)


class Undecided:
    """A head for an encoder of any width."""

    def answer(self, embeddings):
        return [(0.25, 0.5, 0.25) for _ in embeddings]


def test_the_engine_takes_its_answers_though_its_config_names_the_width_otherwise(
    distilbert, chosen
):
    assert "hidden_size" not in json.loads((distilbert / "config.json").read_text())
    panel = EncoderPanel(open_encoder(chosen), Undecided())
    device = LocalDevice(panel, list(QUESTIONS.values()))
    device.submit(open_token_reader(chosen).prepare(["love this", "not good"]))
    assert device.collect().num_rows == 2
    assert panel.width == 32


def test_texts_longer_than_its_positions_are_refused(chosen):
    with pytest.raises(SettingsError, match=r"MAX_TOKENS=17: .* reads at most 16 tokens"):
        open_token_reader(replace(chosen, max_tokens=17))


def test_weights_that_are_missing_are_not_made_up(distilbert, chosen):
    path = distilbert / "model.safetensors"
    weights = load_file(path)
    lost = "transformer.layer.1.ffn.lin1.weight"
    save_file({n: t for n, t in weights.items() if n != lost}, path, metadata={"format": "pt"})
    with pytest.raises(ModelError, match=f"weights lack {lost}"):
        open_encoder(chosen)


def test_a_model_type_that_transformers_lacks_is_a_model_error(distilbert, chosen, edit_config):
    edit_config(distilbert / "config.json", model_type="nosuch", architectures=["NoSuchModel"])
    assert json.loads((distilbert / "config.json").read_text())["model_type"] == "nosuch"
    with pytest.raises(ModelError, match="NoSuchModel does not load"):
        open_encoder(chosen)
