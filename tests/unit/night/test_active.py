"""Which version a night asks: what the settings name at first, the active one from then on."""

import pytest

from nightshelf.errors import SettingsError
from nightshelf.lakehouse.catalog import ensure_tables
from nightshelf.lakehouse.release import Release, base_snapshots, publish, releases
from nightshelf.models.choice import ModelChoice
from nightshelf.models.versions import model_versions
from nightshelf.night.activation import changes
from nightshelf.night.active import active_versions, versions_tonight
from nightshelf.night.models import note_version
from nightshelf.night.wanted import selection_of
from nightshelf.ops.activations import Activation, activate, activations

FAKE = {"sentiment_head": "fake", "generator": "off"}


def ids(dimensions, precision="fp32"):
    choice = ModelChoice(
        encoder=f"fake:{dimensions}", sentiment_head="fake", precision=precision, max_tokens=256
    )
    return {name: one.id for name, one in model_versions(choice).items()}


@pytest.fixture
def of(new_context):
    """The same home, whatever model the settings name."""

    def make(dimensions=8, **changed):
        return new_context(encoder=f"fake:{dimensions}", **FAKE, **changed)

    return make


def released(context, models):
    ensure_tables(context.catalog, {})
    found = releases(context.catalog)
    number = len(found) + 1
    tables = base_snapshots(context.catalog, None)
    about = {"run": "r", "released_at": context.clock(), "tables": tables, "digests": {}}
    one = Release(release=number, parent=number - 1, kind="night", models=models, **about)
    publish(context.catalog, one)


def said(context, question, version):
    activate(
        context.ops,
        Activation(question=question, id=version, who="ann", at=context.clock(), is_explicit=True),
    )


def test_a_first_night_activates_what_the_settings_name(of):
    context = of()
    assert versions_tonight(context, "one") == ids(8)
    assert active_versions(context) == ids(8)
    [first] = activations(context.ops, "embedding")
    assert (first.who, first.is_explicit) == ("the first night, run one", False)
    versions_tonight(context, "two")
    assert len(activations(context.ops, "embedding")) == 1


def test_until_the_first_release_the_settings_may_change(of):
    versions_tonight(of(8), "one")
    assert versions_tonight(of(12), "two") == ids(12) == active_versions(of(12))


def test_a_person_s_word_stands_even_before_the_first_release(of):
    versions_tonight(of(8), "one")
    said(of(), "sentiment", ids(12)["sentiment"])
    found = versions_tonight(of(8), "two")
    assert found == {"sentiment": ids(12)["sentiment"], "embedding": ids(8)["embedding"]}


def test_from_the_first_release_on_the_active_one_is_asked_and_the_log_says_so(of, lines):
    versions_tonight(of(8), "one")
    released(of(), ids(8))
    assert versions_tonight(of(8), "two") == ids(8)
    before = len(lines)
    assert versions_tonight(of(12), "three") == ids(8)
    assert [line.partition(" is asked of the active version ")[0] for line in lines[before:]] == [
        "models: sentiment",
        "models: embedding",
    ]


def test_vectors_follow_the_newest_release_and_nothing_else(of):
    versions_tonight(of(8), "one")
    released(of(), ids(8))
    released(of(), ids(12))  # as a switch does it whose process died before it could say so
    assert active_versions(of()) == {**ids(8), "embedding": ids(12)["embedding"]}
    released(of(), ids(8))  # as a rollback does
    assert active_versions(of())["embedding"] == ids(8)["embedding"]


@pytest.mark.parametrize("gpus", ["", "/bin/sh"], ids=["decided on a CPU", "decided on a GPU"])
def test_auto_names_either_precision(new_context, lines, gpus):
    context = new_context(precision="auto", spark_gpu_discovery=gpus)
    other = new_context(precision="auto", spark_gpu_discovery="" if gpus else "/bin/sh")
    first = versions_tonight(context, "one")
    released(context, first)
    before = len(lines)
    assert versions_tonight(other, "two") == first
    assert lines[before:] == []


def test_settings_that_name_nothing_usable_stop_a_first_night_only(of, new_context, lines):
    nowhere = {"encoder": "folder:/nowhere", "sentiment_head": "folder:/nowhere"}
    broken = new_context(**nowhere, generator="off")
    with pytest.raises(SettingsError, match="nowhere"):
        versions_tonight(broken, "one")
    versions_tonight(of(8), "two")
    released(of(), ids(8))
    assert versions_tonight(broken, "three") == ids(8)
    assert "what the settings name cannot be opened" in lines[-1]


def test_a_classifier_is_active_from_its_first_night_and_unasked_when_it_has_gone(of, tmp_path):
    versions_tonight(of(8), "one")
    released(of(), ids(8))
    file = tmp_path / "classifiers.toml"
    file.write_text('[tone]\nmodel = "fake"\nlabels = ["a", "b"]')
    found = versions_tonight(of(12, classifiers=str(file)), "two")
    assert {name: found[name] for name in ids(8)} == ids(8)
    assert active_versions(of())["tone"] == found["tone"]
    assert versions_tonight(of(8), "three") == ids(8)


# ------------------------------------------------------------------ what a person may say


def known(context, *dimensions):
    for number in dimensions:
        choice = ModelChoice(
            encoder=f"fake:{number}", sentiment_head="fake", precision="fp32", max_tokens=256
        )
        for version in model_versions(choice).values():
            note_version(context, choice, version, run="r", who="ann")


@pytest.mark.parametrize(
    ("question", "version", "expected"),
    [
        (None, None, {"sentiment": 12, "embedding": 12}),
        ("sentiment", None, {"sentiment": 12}),
        (None, ids(20)["embedding"], {"embedding": 20}),
        ("sentiment", ids(20)["sentiment"], {"sentiment": 20}),
        ("sentiment", ids(8)["sentiment"], {}),
    ],
)
def test_what_would_be_activated(of, question, version, expected):
    versions_tonight(of(8), "one")
    released(of(), ids(8))
    known(of(), 8, 20)
    found = {one.question: (one.before, one.after) for one in changes(of(12), question, version)}
    assert found == {name: (ids(8)[name], ids(n)[name]) for name, n in expected.items()}


@pytest.mark.parametrize(
    ("question", "version"),
    [("mood", None), (None, "0" * 16), ("sentiment", ids(12)["embedding"])],
)
def test_what_nobody_knows_is_not_activated(of, question, version):
    with pytest.raises(SettingsError, match=r"no version|no question"):
        changes(of(12), question, version)


EIGHT, TWELVE = ids(8), ids(12)
WORDS = [
    ({"question": "sentiment"}, (EIGHT["sentiment"], (EIGHT["sentiment"],))),
    # Vectors are built by what the settings name, beside those of the active version.
    ({"question": "embedding"}, (TWELVE["embedding"], (TWELVE["embedding"],))),
    ({"question": "embedding", "reason": "X"}, (EIGHT["embedding"], ())),
    (
        {"question": "sentiment", "model_is_not": TWELVE["sentiment"]},
        (EIGHT["sentiment"], (EIGHT["sentiment"], TWELVE["sentiment"])),
    ),
    (
        {"question": "sentiment", "by": TWELVE["sentiment"], "prompt_is_not": ""},
        (TWELVE["sentiment"], (TWELVE["sentiment"], EIGHT["sentiment"])),
    ),
]


@pytest.mark.parametrize(("words", "expected"), WORDS)
def test_who_answers_and_whose_answers_are_not_good_enough(of, words, expected):
    versions_tonight(of(8), "one")
    released(of(), ids(8))
    known(of(), 8)
    found = selection_of(of(12), words)
    assert (found.by, found.not_models) == expected
