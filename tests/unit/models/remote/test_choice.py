"""What a remote model is to its keys, what of it is refused, and which failures pass."""

import dataclasses
import json

import pytest
from tests.unit.models.remote.fakes import Server

from nightshelf.answers.status import TRANSIENT
from nightshelf.errors import SettingsError
from nightshelf.models.choice import ModelChoice
from nightshelf.models.remote import failures
from nightshelf.models.remote.choice import RemoteChoice, remote_version
from nightshelf.models.remote.source import must_be_allowed, what_leaves
from nightshelf.privacy import choice as privacy_choice
from nightshelf.privacy.recall import place
from nightshelf.settings import Settings


def test_a_version_is_of_the_model_and_not_of_its_place(choice):
    assert remote_version(choice).id == remote_version(choice).id
    for field, other in {
        "model": "tiny-2", "revision": "r2", "template": "About {text}", "system": "Be brief",
        "max_tokens": 51, "temperature": 0.5, "seed": 7, "stop": ("\n",), "echo": "prompt",
        "max_text_bytes": 99, "question": "summary",
    }.items():  # fmt: skip
        changed = dataclasses.replace(choice, **{field: other})
        assert remote_version(changed).id != remote_version(choice).id, field
    for field, other in {"overhead_tokens": 1, "limit_field": "max_completion_tokens"}.items():
        changed = dataclasses.replace(choice, **{field: other})
        assert remote_version(changed).id == remote_version(choice).id, field


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        pytest.param({"model": ""}, "REMOTE_MODEL", id="no model"),
        pytest.param({"revision": ""}, "REMOTE_REVISION", id="no revision"),
        pytest.param({"template": "no place"}, "no {text}", id="no place for the text"),
        pytest.param({"source": "orders"}, "use reviews or catalog", id="no such source"),
    ],
)
def test_a_choice_that_cannot_be_is_refused(choice, changed, words):
    with pytest.raises(SettingsError, match=words.replace("{", r"\{")):
        dataclasses.replace(choice, **changed)


def test_a_batch_has_to_prove_whose_answers_it_holds():
    settings = Settings(
        remote_form="batch", remote_echo="none", remote_model="m", remote_revision="1"
    )
    with pytest.raises(SettingsError, match="does not go with"):
        RemoteChoice.from_settings(settings, question="description", source="catalog")


MEASURED = json.loads(place().read_text("utf-8"))["redactor"]
NAMES = f"rules-1 stdnum-2.2 {MEASURED} lingua-2"


@pytest.mark.parametrize(
    ("source", "redactor", "refused"),
    [
        pytest.param("catalog", "", None, id="catalog"),
        pytest.param("catalog", "rules-1", None, id="catalog, rules"),
        pytest.param("reviews", "", "NIGHTSHELF_REDACT_NAMES=presidio", id="reviews"),
        pytest.param("reviews", "rules-1 stdnum-2.2", "names and addresses", id="rules alone"),
        pytest.param("reviews", NAMES, None, id="reviews, names taken out"),
        pytest.param("reviews", "rules-1 names-1 other-3", "nobody has measured", id="unknown"),
        pytest.param("orders", NAMES, "use reviews or catalog", id="another source"),
    ],
)
def test_text_of_customers_leaves_the_house_redacted_or_not_at_all(source, redactor, refused):
    if refused is None:
        must_be_allowed("description", source, redactor)
        said = what_leaves("description", source, redactor)
        assert bool(said) is (source == "reviews"), "who sends reviews is told the recall"
        assert all(MEASURED in line and "n = " in line and "measured 20" in line for line in said)
        return
    with pytest.raises(SettingsError, match=refused):
        must_be_allowed("description", source, redactor)


class Measured:
    """A finder whose recall is recorded."""

    version = MEASURED.partition(" ")[2]


class Unmeasured:
    version = "other-3"


@pytest.mark.parametrize(
    ("reads", "redact", "finder", "model", "allowed"),
    [
        pytest.param("reviews", "off", Measured, "remote", False, id="reviews, off, remote"),
        pytest.param("reviews", "presidio", Measured, "remote", True, id="reviews, on, remote"),
        pytest.param("reviews", "presidio", Unmeasured, "remote", False, id="on, not measured"),
        pytest.param("reviews", "off", Measured, "local", True, id="reviews, off, local"),
        pytest.param("reviews", "presidio", Measured, "local", True, id="reviews, on, local"),
        pytest.param("catalog", "off", Measured, "remote", True, id="catalog, off, remote"),
        pytest.param("catalog", "presidio", Measured, "remote", True, id="catalog, on, remote"),
    ],
)
def test_a_question_is_refused_before_anything_is_done(
    monkeypatch, reads, redact, finder, model, allowed
):
    monkeypatch.setattr(privacy_choice, "Presidio", finder)
    settings = Settings(redact_names=redact, remote_model="m", remote_revision="1")

    def choose():
        if model == "local":
            return ModelChoice.from_settings(settings)
        return RemoteChoice.from_settings(settings, question="summary", source=reads)

    if allowed:
        assert choose()
        return
    with pytest.raises(SettingsError, match="summary: text of reviews is not sent"):
        choose()


def test_an_asker_of_reviews_is_refused_by_default(asker_of, choice):
    of_reviews = dataclasses.replace(choice, source="reviews")
    server = Server()
    with pytest.raises(SettingsError, match="nothing takes names and addresses of people out"):
        asker_of(server, of=of_reviews)
    asker_of(server, of=of_reviews, redactor=NAMES)
    assert not server.requests


def test_passing_reasons_are_the_ones_that_nights_retry():
    passing = {one.__name__ for one in failures.ALL if one.is_transient}
    assert passing | {"HostLost"} == set(TRANSIENT)
