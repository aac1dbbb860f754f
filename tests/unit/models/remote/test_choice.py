"""What a remote model is to its keys, what of it is refused, and which failures pass."""

import dataclasses

import pytest
from tests.unit.models.remote.fakes import Server

from nightshelf.answers.status import TRANSIENT
from nightshelf.errors import SettingsError
from nightshelf.models.remote import failures
from nightshelf.models.remote.choice import RemoteChoice, remote_version
from nightshelf.models.remote.source import must_be_allowed
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


@pytest.mark.parametrize(
    ("source", "redacted", "allowed"),
    [
        pytest.param("catalog", (), True, id="catalog"),
        pytest.param("reviews", (), False, id="reviews"),
        pytest.param("reviews", ("names",), False, id="names only"),
        pytest.param("reviews", ("addresses",), False, id="addresses only"),
        pytest.param("reviews", ("names", "addresses", "emails"), True, id="redacted"),
        pytest.param("orders", ("names", "addresses"), False, id="another source"),
    ],
)
def test_text_of_customers_leaves_the_house_redacted_or_not_at_all(source, redacted, allowed):
    if allowed:
        must_be_allowed("description", source, redacted)
        return
    with pytest.raises(SettingsError):
        must_be_allowed("description", source, redacted)


def test_an_asker_of_reviews_is_refused_by_default(asker_of, choice):
    of_reviews = dataclasses.replace(choice, source="reviews")
    server = Server()
    with pytest.raises(SettingsError, match="nothing takes names and addresses of people out"):
        asker_of(server, of=of_reviews)
    asker_of(server, of=of_reviews, redacted=("names", "addresses"))
    assert not server.requests


def test_passing_reasons_are_the_ones_that_nights_retry():
    passing = {one.__name__ for one in failures.ALL if one.is_transient}
    assert passing | {"HostLost"} == set(TRANSIENT)
