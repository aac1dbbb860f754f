"""Sequence classifiers from a folder: equal to transformers', whoever computes them."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import (
    AutoModelForSequenceClassification,
    BertConfig,
    BertForSequenceClassification,
    DistilBertConfig,
    DistilBertForSequenceClassification,
)

from nightshelf.engine.device import LocalDevice
from nightshelf.errors import ModelError, SettingsError
from nightshelf.host.choices import questions_of
from nightshelf.models.classifier import open_classifier
from nightshelf.models.classifier_choice import ClassifierChoice
from nightshelf.models.classifier_files import labelling
from nightshelf.models.panel import open_panel, open_reader
from nightshelf.models.versions import classifier_version

LABELS = {0: "late", 1: "broken", 2: "fine"}
TEXTS = ["love this", "not good . not this dress", "dress", ""]
SIZES = {"max_position_embeddings": 16, "id2label": LABELS}


def bert(vocabulary):
    sizes = {
        "vocab_size": vocabulary,
        "hidden_size": 32,
        "num_attention_heads": 4,
        "num_hidden_layers": 2,
    }
    return BertForSequenceClassification(BertConfig(**SIZES, **sizes, intermediate_size=64))


def distilbert(vocabulary):
    sizes = {"vocab_size": vocabulary, "dim": 32, "n_heads": 4, "n_layers": 2, "hidden_dim": 64}
    return DistilBertForSequenceClassification(DistilBertConfig(**SIZES, **sizes))


@pytest.fixture(params=[bert, distilbert], ids=lambda make: make.__name__)
def folder(request, tmp_path, save_tokenizer, small_vocabulary):
    torch.manual_seed(1)
    request.param(small_vocabulary).save_pretrained(tmp_path)
    save_tokenizer(tmp_path)
    return tmp_path


@pytest.fixture
def chosen(folder):
    return ClassifierChoice(question="tone", model=f"folder:{folder}", max_tokens=16)


def probabilities(choice, texts):
    return np.array(open_panel(choice).answer(open_reader(choice).prepare(texts))["tone"])


def expected(folder, ids, scores):
    """Of one text, as transformers says it."""
    module = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    with torch.inference_mode():
        logits = module(torch.tensor([list(ids)])).logits[0]
    return (logits.sigmoid() if scores == "sigmoid" else logits.softmax(0)).numpy()


@pytest.mark.parametrize("scores", ["", "softmax", "sigmoid"])
def test_probabilities_are_those_of_transformers(folder, chosen, scores):
    choice = replace(chosen, scores=scores)
    found = probabilities(choice, TEXTS)
    for ids, row in zip(open_reader(choice).prepare(TEXTS), found, strict=True):
        np.testing.assert_allclose(row, expected(folder, ids, scores), atol=1e-5)
    assert np.allclose(found.sum(axis=1), 1) == (scores != "sigmoid")


@pytest.mark.parametrize("pooling", ["mean", "max"])
def test_windows_of_a_long_text_are_pooled(folder, chosen, pooling):
    long = "not good . not this dress love this . good"
    choice = replace(chosen, scores="sigmoid", max_tokens=6, long_texts="windows", pooling=pooling)
    [ids] = open_reader(choice).prepare([long])
    windows = [expected(folder, ids[at : at + 6], "sigmoid") for at in range(0, len(ids), 6)]
    assert len(windows) == 3
    pooled = np.mean(windows, axis=0) if pooling == "mean" else np.max(windows, axis=0)
    both = probabilities(choice, ["love this", long])
    np.testing.assert_allclose(both[1], pooled, atol=1e-5)
    np.testing.assert_allclose(both[0], probabilities(choice, ["love this"])[0], atol=1e-6)


def test_the_engine_takes_its_answers(chosen):
    device = LocalDevice(open_panel(chosen), questions_of(chosen))
    device.submit(open_reader(chosen).prepare(TEXTS))
    for answer in device.collect()["tone"].to_pylist():
        assert answer["labels"] == [answer["label"]]
        assert [score["label"] for score in answer["scores"]] == list(LABELS.values())


def edit(folder, **values):
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


@pytest.mark.parametrize(
    ("config", "changed", "labels", "scores"),
    [
        ({}, {}, ("late", "broken", "fine"), "softmax"),
        ({}, {"labels": ("x", "y", "z")}, ("x", "y", "z"), "softmax"),
        ({"problem_type": "multi_label_classification"}, {}, None, "sigmoid"),
        ({"problem_type": "multi_label_classification"}, {"scores": "softmax"}, None, "softmax"),
        ({"problem_type": "regression"}, {"scores": "sigmoid"}, None, "sigmoid"),
        ({"id2label": {"10": "k", "9": "j"}}, {}, ("j", "k"), "softmax"),
    ],
)
def test_what_the_model_says_counts_where_the_operator_says_nothing(
    folder, chosen, config, changed, labels, scores
):
    edit(folder, **config)
    said = labelling(replace(chosen, **changed))
    assert said.scores == scores
    assert said.labels == (labels or tuple(LABELS.values()))


@pytest.mark.parametrize(
    ("config", "changed", "complaint"),
    [
        ({}, {"labels": ("x", "y")}, "labels: 2 are named, but folder:.* has 3"),
        ({"id2label": {"0": "a", "1": "a"}}, {}, "has one twice; name them"),
        ({"problem_type": "regression"}, {}, "was trained for regression, which gives no"),
        ({"id2label": {"0": "a"}}, {}, "with one label softmax always says 1"),
        ({"architectures": ["BertModel"]}, {}, "is BertModel, not a model …ForSequenceClass"),
        ({}, {"max_tokens": 17}, "max_tokens = 17: folder:.* reads at most 16 tokens"),
    ],
)
def test_a_folder_that_does_not_fit(folder, chosen, config, changed, complaint):
    edit(folder, **config)
    with pytest.raises(SettingsError, match=complaint):
        labelling(replace(chosen, **changed))


def test_weights_that_are_missing_are_named(folder, chosen):
    path = folder / "model.safetensors"
    weights = load_file(path)
    lost = next(name for name in sorted(weights) if name.startswith("classifier"))
    del weights[lost]
    save_file(weights, path, {"format": "pt"})
    with pytest.raises(ModelError, match=lost):
        open_classifier(chosen)


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        ({}, True),
        ({"threshold": 0.25}, True),  # softmax has none
        ({"labels": ("late", "broken", "fine")}, True),
        ({"labels": ("x", "y", "z")}, False),
        ({"scores": "sigmoid"}, False),
        ({"max_tokens": 8}, False),
        ({"long_texts": "windows"}, False),
        ({"precision": "bf16"}, False),
    ],
)
def test_what_changes_an_answer_is_another_version(chosen, changed, same):
    assert (classifier_version(chosen).id == classifier_version(replace(chosen, **changed)).id) == (
        same
    )


@pytest.mark.parametrize(
    "changed", [{"threshold": 0.25}, {"long_texts": "windows", "pooling": "max"}]
)
def test_of_a_sigmoid_threshold_and_pooling_count(chosen, changed):
    before = replace(chosen, scores="sigmoid", long_texts="windows")
    assert classifier_version(before).id != classifier_version(replace(before, **changed)).id
