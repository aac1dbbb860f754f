"""Which models a run asks: those that it was planned for, whatever the settings name by now."""

from dataclasses import replace

import pytest

from nightshelf.errors import ModelError
from nightshelf.host.choices import to_fields
from nightshelf.models.choice import ModelChoice
from nightshelf.models.classifier_choice import classifiers
from nightshelf.models.versions import model_versions, versions_of
from nightshelf.night.models import note_version
from nightshelf.night.planned import planned
from nightshelf.ops import runs
from nightshelf.settings import Settings

BOTH = ("sentiment", "embedding")
FAKES = {"encoder": "fake:8", "sentiment_head": "fake"}


def fake(dimensions):
    return ModelChoice(
        encoder=f"fake:{dimensions}", sentiment_head="fake", precision="fp32", max_tokens=256
    )


def ids(precision):
    choice = replace(ModelChoice.from_settings(Settings()), precision=precision)
    return {question: version.id for question, version in model_versions(choice).items()}


def known(context, *choices):
    """As earlier nights have left them; what they are, by question."""
    for choice in choices:
        for version in versions_of([choice]).values():
            note_version(context, choice, version, run="r", who="w")
    return [{q: one.id for q, one in versions_of([choice]).items()} for choice in choices]


@pytest.mark.parametrize("gpus", ["", "/bin/sh"], ids=["asked by a CPU", "asked by a GPU"])
@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_auto_stays_what_it_was_when_the_run_was_planned(new_context, precision, gpus):
    context = new_context(precision="auto", spark_gpu_discovery=gpus)
    [(choice, questions)] = planned(context, ids(precision))
    assert (choice.precision, sorted(questions)) == (precision, sorted(BOTH))


@pytest.mark.parametrize("changed", [{"precision": "bf16"}, {"precision": "auto", "max_tokens": 9}])
def test_a_version_that_nobody_can_open_says_both_ways_out(new_context, changed):
    with pytest.raises(ModelError, match=r"what is there now is .* Put its files back .* activate"):
        planned(new_context(**changed), ids("fp32"))


@pytest.mark.parametrize(
    ("settings", "sentiment", "embedding", "expected"),
    [
        pytest.param(8, 8, 8, [(8, BOTH)], id="as the settings name them"),
        pytest.param(20, 8, 8, [(8, BOTH)], id="the settings name another: one pass all the same"),
        pytest.param(
            12, 12, 8, [(12, BOTH[:1]), (8, BOTH[1:])], id="the head of one, the vectors of another"
        ),
        pytest.param(8, 12, 8, [(12, BOTH[:1]), (8, BOTH[1:])], id="and the other way round"),
    ],
)
def test_as_few_passes_as_answer_all(new_context, settings, sentiment, embedding, expected):
    context = new_context(encoder=f"fake:{settings}", sentiment_head="fake")
    eight, twelve = known(context, fake(8), fake(12))
    versions = {8: eight, 12: twelve}
    frozen = {
        "sentiment": versions[sentiment]["sentiment"],
        "embedding": versions[embedding]["embedding"],
    }
    assert planned(context, frozen) == tuple((fake(n), names) for n, names in expected)


def test_a_new_head_on_the_same_encoder_is_one_pass(new_context, monkeypatch):
    old, new = fake(8), replace(fake(8), long_texts="windows")
    context = new_context(encoder="fake:99", sentiment_head="fake")
    # As with two heads: the vectors are the same, the sentiment is not.
    said = {old: {"sentiment": "a" * 16, "embedding": "e" * 16}}
    said[new] = {"sentiment": "b" * 16, "embedding": "e" * 16}
    monkeypatch.setattr("nightshelf.night.planned.ids_of", lambda choice: said.get(choice, {}))
    for question, version, choice in (
        ("embedding", "e" * 16, old),
        ("sentiment", "b" * 16, new),
    ):
        about = {"question": question, "id": version, "name": "n", "revision": "r"}
        about |= {"licence": "MIT", "identity": {}, "choice": to_fields(choice)}
        runs.register_model(context.ops, "r", about)
    frozen = {"sentiment": "b" * 16, "embedding": "e" * 16}
    assert planned(context, frozen) == ((new, BOTH),)


def test_classifiers_are_planned_beside_the_encoder(new_context, tmp_path):
    file = tmp_path / "classifiers.toml"
    file.write_text('[tone]\nmodel = "fake"\nlabels = ["a", "b"]')
    context = new_context(precision="auto", classifiers=str(file))
    [tone] = classifiers(context.settings)
    frozen = ids("bf16") | {"tone": versions_of([tone])["tone"].id}
    (encoder, _), second = planned(context, frozen)
    assert (encoder.precision, second) == ("bf16", (tone, ("tone",)))
    file.write_text('[tone]\nmodel = "fake"\nlabels = ["a", "c"]')
    with pytest.raises(
        ModelError, match=f"tone is to be answered by model version {frozen['tone']}"
    ):
        planned(new_context(classifiers=str(file)), ids("fp32") | {"tone": frozen["tone"]})
