import json
import logging
import pickle
import traceback

import httpx
import pytest
from tests.unit.models.remote.fakes import Server, sound

from nightshelf.errors import NightshelfError, SettingsError
from nightshelf.models.remote.access import Access
from nightshelf.models.remote.address import checked_url
from nightshelf.models.remote.key import ApiKey, read_key
from nightshelf.models.remote.limits import Pace, Prices
from nightshelf.settings import Settings

KEY = "sk-secret-123"


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        pytest.param("NIGHTSHELF_REMOTE_KEY", KEY, id="plain"),
        pytest.param("NIGHTSHELF_REMOTE_KEY", f" {KEY}\n", id="with a line end"),
        pytest.param("AIRFLOW_CONN_MODELS", json.dumps({"password": KEY}), id="JSON"),
        pytest.param("AIRFLOW_CONN_MODELS", f"http://user:{KEY}@api.example.org", id="address"),
        pytest.param("AIRFLOW_CONN_MODELS", f"http://?password={KEY}", id="query"),
    ],
)
def test_a_key_comes_from_the_environment(variable, text):
    request = httpx.Request("GET", "http://127.0.0.1/")
    next(read_key(variable, {variable: text}).auth_flow(request))
    assert request.headers["Authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        pytest.param("NIGHTSHELF_REMOTE_KEY", f"{KEY}\nX-Evil: 1", id="a header of its own"),
        pytest.param("NIGHTSHELF_REMOTE_KEY", f"{KEY} ключ", id="not ASCII"),
        pytest.param("AIRFLOW_CONN_MODELS", KEY, id="no connection"),
        pytest.param("AIRFLOW_CONN_MODELS", f'{{"password": ["{KEY}"]}}', id="no text"),
        pytest.param("AIRFLOW_CONN_MODELS", f'{{"passwd": "{KEY}"', id="cut JSON"),
        pytest.param("AIRFLOW_CONN_MODELS", f"http://[{KEY}", id="no address"),
    ],
)
def test_what_is_no_key_is_refused_without_being_shown(variable, text):
    with pytest.raises(SettingsError) as caught:
        read_key(variable, {variable: text})
    assert variable in str(caught.value)
    assert KEY not in "".join(traceback.format_exception(caught.value))


def test_no_key_is_no_error():
    assert read_key("NIGHTSHELF_REMOTE_KEY", {}) is None


def test_a_key_is_not_pickled():
    with pytest.raises(TypeError):
        pickle.dumps(ApiKey(KEY))


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(sound, id="an answer"),
        pytest.param(httpx.Response(401, text=f"{KEY} is wrong"), id="it comes back in an error"),
        pytest.param(httpx.Response(200, text=f"{KEY}"), id="it comes back as an answer"),
        pytest.param(httpx.LocalProtocolError(f"Illegal header value b'{KEY}'"), id="in httpx's"),
        pytest.param(httpx.ConnectError(f"Bearer {KEY}"), id="in a connection's"),
        pytest.param(httpx.Response(307, headers={"Location": f"http://x/?{KEY}"}), id="redirect"),
    ],
)
def test_a_key_is_nowhere(asker_of, asked, ops, caplog, capsys, reply):
    caplog.set_level(logging.DEBUG)
    server = Server(reply)
    asker = asker_of(server, pace=Pace(attempts=1), prices=Prices(cap_nanos=10**12, answer_nanos=1))
    seen = [repr(vars(asker)), repr(asker._access)]
    try:
        seen.append(repr(asked(asker, ["a kettle"])))
    except NightshelfError as error:
        seen.append("".join(traceback.format_exception(error)))
    seen.append(repr(vars(asker)))
    tables = ops.raw_connection()
    seen += list(tables.driver_connection.iterdump())
    tables.close()
    seen += [caplog.text, *capsys.readouterr()]
    assert server.requests[0].headers["Authorization"] == f"Bearer {KEY}"
    assert server.requests[0].url.host == "127.0.0.1"
    assert len(server.requests) == 1
    assert KEY not in "".join(seen)
    assert KEY.encode() not in server.requests[0].content


@pytest.mark.parametrize(
    "url",
    [
        "http://api.example.org/v1",
        "http://127.0.0.1.example.org/v1",
        "http://10.0.0.7/v1",
        f"https://user:{KEY}@api.example.org/v1",
        f"https://api.example.org/v1?key={KEY}",
        "ftp://api.example.org/v1",
        "api.example.org/v1",
        "https:///v1",
        "",
    ],
)
def test_an_address_that_is_not_safe_is_refused(url):
    with pytest.raises(SettingsError) as caught:
        checked_url(url)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        *("https://api.example.org/v1", "https://api.example.org/v1/", "http://localhost:11434/v1"),
        *("http://127.0.0.1:8000/v1", "http://[::1]:8000/v1"),
    ],
)
def test_an_address_may_be_https_or_this_machine(url):
    assert str(checked_url(url)) == url.rstrip("/") + "/"


def test_access_is_made_of_settings_and_environment():
    environ = {
        "NIGHTSHELF_REMOTE_URL": "https://api.example.org/v1",
        "NIGHTSHELF_REMOTE_PRICE_PER_MILLION_PROMPT_TOKENS": "0.15",
        "NIGHTSHELF_REMOTE_PRICE_PER_MILLION_ANSWER_TOKENS": "0.6",
        "NIGHTSHELF_REMOTE_BATCH_PRICE_SHARE": "0.5",
        "NIGHTSHELF_REMOTE_FORM": "batch",
        "NIGHTSHELF_REMOTE_CAP": "2",
        "NIGHTSHELF_REMOTE_KEY": KEY,
    }
    access = Access.from_settings(Settings.from_environ(environ), environ)
    assert access.prices == Prices(prompt_nanos=75, answer_nanos=300, cap_nanos=2 * 10**9)
    assert KEY not in repr(access)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        pytest.param({}, "REMOTE_URL is not set", id="no address"),
        pytest.param({"URL": "https://x.org/v1", "CAP": "1"}, "no token costs", id="no price"),
    ],
)
def test_settings_that_cannot_work_are_refused(changed, words):
    environ = {f"NIGHTSHELF_REMOTE_{name}": value for name, value in changed.items()}
    with pytest.raises(SettingsError, match=words):
        Access.from_settings(Settings.from_environ(environ), environ)
