"""From reviews to a folder that a night can ask, with its card; all of it or nothing."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from nightshelf.errors import JobError, SettingsError
from nightshelf.host.choices import questions_of
from nightshelf.models.classifier_choice import ClassifierChoice
from nightshelf.models.versions import classifier_version
from nightshelf.training.answering import Answering, classifier_at
from nightshelf.training.finetune.artefact import published
from nightshelf.training.prepare.prepared import prepare
from nightshelf.training.train import ABOUT, Order, train

from .conftest import make_base, make_recipe, reviews


@pytest.fixture(scope="module")
def prepared():
    return prepare(reviews(300))


@pytest.fixture(scope="module")
def order(tmp_path_factory):
    """All tests here look at one training, which takes seconds."""
    folder = tmp_path_factory.mktemp("training")
    recipe = make_recipe(make_base(folder / "base"), epochs=6)
    return Order(recipe=recipe, out=folder / "models" / "mine", files={"a.csv": "ab" * 32})


@pytest.fixture(scope="module")
def trained(prepared, order):
    return train(prepared, order, [].append)


def test_a_night_can_ask_the_folder(trained, order, prepared):
    choice = ClassifierChoice(question="tone", model=f"folder:{order.out}", max_tokens=16)
    assert questions_of(choice)
    assert len(classifier_version(choice).id) == 16
    answering = Answering(choice)
    assert answering.labels == ("negative", "neutral", "positive")
    texts = ["awful w1 w2", "average w3", "perfect w9 w9 w9", "great"]
    likely = answering.probabilities(texts)
    assert likely.argmax(axis=1).tolist() == [0, 1, 2, 2]
    np.testing.assert_allclose(likely.sum(axis=1), 1, atol=1e-6)


def test_transformers_reads_it_as_well(trained, order):
    network = AutoModelForSequenceClassification.from_pretrained(order.out).eval()
    ids = AutoTokenizer.from_pretrained(order.out)("awful w1", return_tensors="pt")["input_ids"]
    with torch.no_grad():
        likely = network(ids).logits.softmax(1).numpy()
    ours = Answering(classifier_at(str(order.out), 16)).probabilities(["awful w1"])
    np.testing.assert_allclose(likely, ours, atol=1e-5)
    assert network.config.id2label == {0: "negative", 1: "neutral", 2: "positive"}


def test_its_card_and_its_record_say_what_was_measured(trained, order, prepared):
    about = json.loads((order.out / ABOUT).read_text())
    assert about["made_from"]["data_sha256"] == prepared.sha256
    assert about["made_from"]["a.csv"] == "ab" * 32
    assert about["recipe"]["seed"] == 1
    [test] = [one for one in about["scores"] if (one["part"], one["classes"]) == ("test", 3)]
    assert test["scores"]["accuracy"]["value"] == trained.test.accuracy.value > 0.9
    assert test["scores"]["count"] == len(prepared.parts["test"])
    card = (order.out / "README.md").read_text()
    assert card.startswith("---\nlicense: unknown\n")
    assert f"| test | 3 | {trained.test.count} | {trained.test.accuracy} |" in card
    assert f"temperature: `{about['training']['temperature']}`" in card
    assert str(order.out.parent) not in (order.out / ABOUT).read_text().replace(
        about["recipe"]["base"], ""
    )


def test_only_the_folder_is_left_and_others_may_read_it(trained, order):
    assert not list(order.out.parent.glob("*mine?*"))
    assert not order.work.exists()
    assert order.out.stat().st_mode & 0o055


def test_the_same_order_gives_the_same_weights(trained, prepared, order, said):
    train(prepared, replace(order, out=order.out.with_name("again")), said.append)
    one, two = (
        (order.out.with_name(name) / "model.safetensors").read_bytes() for name in ("mine", "again")
    )
    assert one == two


def test_a_model_that_is_there_is_not_touched(trained, prepared, order, said):
    before = (order.out / "model.safetensors").stat().st_mtime_ns
    with pytest.raises(SettingsError, match=r"exists already.*name another folder"):
        train(prepared, order, said.append)
    assert (order.out / "model.safetensors").stat().st_mtime_ns == before


def test_two_classes_pretrained_on_own_words(order, said):
    two = prepare(reviews(300), classes=2)
    words = [example.text for example in two.parts["train"]]
    quick = replace(order.recipe, epochs=0.5, pretrain_epochs=0.5)
    out = order.out.with_name("two")
    found = train(two, replace(order, recipe=quick, out=out, pretrain_texts=words), said.append)
    assert Answering(classifier_at(str(out), 16)).labels == ("negative", "positive")
    assert [one.classes for one in found.scored] == [2]
    assert "pretraining_steps" in json.loads((out / ABOUT).read_text())["training"]


def test_a_model_that_was_trained_goes_on_being_trained(trained, prepared, order, said):
    further = replace(
        order,
        recipe=replace(order.recipe, base=f"folder:{order.out}", epochs=0.1, rate=1e-6),
        out=order.out.with_name("further"),
    )
    assert train(prepared, further, said.append).test.accuracy.value > 0.9


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_what_breaks_off_leaves_nothing(tmp_path, error):
    expected = JobError if isinstance(error, OSError) else KeyboardInterrupt

    def write():
        with published(tmp_path / "mine") as folder:
            (folder / "config.json").write_text("half")
            raise error

    with pytest.raises(expected):
        write()
    assert list(tmp_path.iterdir()) == []


def test_who_comes_second_does_not_write_over_the_first(tmp_path):
    def write():
        with published(tmp_path / "mine") as folder:
            (folder / "a").write_text("second")
            (tmp_path / "mine").mkdir()
            (tmp_path / "mine" / "a").write_text("first")

    with pytest.raises(SettingsError, match="exists already"):
        write()
    assert (tmp_path / "mine" / "a").read_text() == "first"
