"""One temperature makes probabilities mean what they say, and lies in the weights."""

import numpy as np
import pytest
import torch
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    DistilBertConfig,
    DistilBertForSequenceClassification,
    RobertaConfig,
    RobertaForSequenceClassification,
)

from nightshelf.errors import ModelError
from nightshelf.training.evaluation import calibration_error
from nightshelf.training.finetune.calibration import at, fold_in, temperature

SIZES = {"vocab_size": 20, "num_labels": 3}
BERT = {"hidden_size": 16, "num_attention_heads": 2, "num_hidden_layers": 1, "intermediate_size": 8}
DISTIL = {"dim": 16, "n_heads": 2, "n_layers": 1, "hidden_dim": 8}
NETWORKS = {
    "bert": lambda: BertForSequenceClassification(BertConfig(**SIZES, **BERT)),
    "distilbert": lambda: DistilBertForSequenceClassification(DistilBertConfig(**SIZES, **DISTIL)),
    "roberta": lambda: RobertaForSequenceClassification(RobertaConfig(**SIZES, **BERT)),
}


def drawn(count=4000):
    """Honest probabilities, and labels drawn from them."""
    source = np.random.default_rng(4)
    honest = source.dirichlet([0.6, 0.6, 0.6], count)
    labels = np.array([source.choice(3, p=row) for row in honest])
    return labels, honest.astype(np.float32)


@pytest.mark.parametrize("heat", [0.5, 1.0, 3.0])
def test_what_was_too_sure_or_too_shy_is_found(heat):
    labels, honest = drawn()
    wrong = at(honest, 1 / heat).astype(np.float32)
    found = temperature(labels, wrong)
    assert found == pytest.approx(heat, rel=0.1)
    before, after = (calibration_error(labels, p) for p in (wrong, at(wrong, found)))
    assert after < 0.03
    assert heat == 1.0 or after < before / 2


def test_texts_without_an_answer_decide_nothing():
    labels, honest = drawn(500)
    with_none = np.concatenate([honest, np.full((9, 3), np.nan, np.float32)])
    more = np.concatenate([labels, np.zeros(9, np.int64)])
    assert temperature(more, with_none) == temperature(labels, honest)


@pytest.mark.parametrize("make", NETWORKS.values(), ids=NETWORKS)
def test_the_temperature_lies_in_the_last_layer(make):
    torch.manual_seed(1)
    network, ids = make().eval(), torch.arange(4, 12)[None]
    with torch.no_grad():
        before = network(ids).logits.softmax(1).numpy()
        fold_in(network, 2.5)
        after = network(ids).logits.softmax(1).numpy()
    np.testing.assert_allclose(after, at(before, 2.5), atol=1e-6)


def test_a_network_without_a_head_is_refused():
    network = NETWORKS["bert"]()
    network.classifier = torch.nn.Identity()
    with pytest.raises(ModelError, match="has no linear layer to put a temperature into"):
        fold_in(network, 2.0)
