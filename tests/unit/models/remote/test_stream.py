import httpx
import pytest
from tests.unit.models.remote.fakes import BEGIN, Body, Server, completion, sound

from nightshelf.answers.status import ANSWERED, DEFERRED, FAILED
from nightshelf.errors import ModelError, RemoteUnavailable
from nightshelf.models.remote.limits import Pace, Patience, Prices

HTML = httpx.Response(200, html="<html>please log in</html>")


def status(code, **headers):
    return httpx.Response(code, headers={k.replace("_", "-"): v for k, v in headers.items()})


def streamed(*parts, kind="application/json"):
    headers = {"Content-Type": kind}
    return lambda request: httpx.Response(200, headers=headers, stream=Body(*parts))


def cut_json(request):
    return streamed(sound(request).content[:-40])(request)


def changed(**fields):
    return lambda request: sound(request, **fields)


def with_content(text):
    return changed(message={"role": "assistant", "content": text})


def of_another_row(request):
    return sound(request, message={"role": "assistant", "content": '{"code":"0","text":"A pot."}'})


def twice(request):
    [choice] = completion(request)["choices"]
    return sound(request, choices=[choice, choice])


LATER = BEGIN.strftime("Sun, 01 Mar 2026 12:00:07 GMT")

#: What the server says first, whether the row is answered by a second try, and its reason if not.
REPLIES = [
    pytest.param(sound, True, "", id="sound"),
    pytest.param(status(429), True, "RateLimited", id="429"),
    pytest.param(status(429, Retry_After="7"), True, "RateLimited", id="429 with seconds"),
    pytest.param(status(429, Retry_After=LATER), True, "RateLimited", id="429 with a date"),
    pytest.param(status(503, Retry_After="7"), True, "ServerBusy", id="503"),
    pytest.param(status(500), True, "ServerFailed", id="500"),
    pytest.param(status(404), True, "ServerFailed", id="404"),
    pytest.param(status(204), True, "MalformedReply", id="204"),
    pytest.param(httpx.ConnectError("no"), True, "NotConnected", id="refused connection"),
    pytest.param(httpx.ReadError("reset"), True, "ConnectionLost", id="reset before the reply"),
    pytest.param(
        streamed(b'{"id":', httpx.ReadError("r")), True, "ConnectionLost", id="reset in the body"
    ),
    pytest.param(streamed(b"{", 31.0, b"}"), True, "BodyStalled", id="stalled body"),
    pytest.param(streamed(*[b" ", 29.0] * 9), False, "DeadlinePassed", id="slow drip"),
    pytest.param(streamed(*[b" " * 9_999] * 200), True, "BodyStalled", id="endless body"),
    pytest.param(HTML, True, "MalformedReply", id="HTML with 200"),
    pytest.param(cut_json, True, "MalformedReply", id="cut JSON"),
    pytest.param(streamed(b"{}", kind="text/plain"), True, "MalformedReply", id="wrong type"),
    pytest.param(streamed(b'{"a":1,"a":2}'), True, "MalformedReply", id="a name twice"),
    pytest.param(streamed(b"[" * 100_000), True, "MalformedReply", id="deep JSON"),
    pytest.param(streamed(b"\xff\xfe"), True, "MalformedReply", id="not UTF-8"),
    pytest.param(changed(choices=[]), True, "MalformedReply", id="no choice"),
    pytest.param(twice, True, "MalformedReply", id="two choices"),
    pytest.param(changed(choices="text"), True, "MalformedReply", id="choices of a wrong type"),
    pytest.param(changed(finish_reason=None), True, "MalformedReply", id="no finish reason"),
    pytest.param(changed(finish_reason="tool_calls"), True, "MalformedReply", id="a tool call"),
    pytest.param(changed(message={"content": 7}), True, "MalformedReply", id="content no text"),
    pytest.param(changed(model="other"), True, "WrongModel", id="another model"),
    pytest.param(changed(model=7), True, "MalformedReply", id="model of a wrong type"),
    pytest.param(of_another_row, True, "EchoMissing", id="an answer to another row"),
    pytest.param(with_content("A kettle."), True, "EchoMissing", id="no echo"),
    pytest.param(with_content("sk-secret-123"), True, "MalformedReply", id="the key comes back"),
    pytest.param(status(400), False, "RequestRefused", id="400"),
    pytest.param(status(413), False, "RequestRefused", id="413"),
    pytest.param(changed(finish_reason="length"), False, "AnswerTruncated", id="truncated"),
    pytest.param(changed(finish_reason="content_filter"), False, "ContentFiltered", id="filtered"),
]


@pytest.mark.parametrize(("reply", "again", "reason"), REPLIES)
def test_a_reply_is_an_answer_or_has_a_reason(asker_of, asked, reply, again, reason):
    pace = Pace(attempts=1, max_reply_bytes=1_000_000)
    found = asked(asker_of(Server(reply), pace=pace), ["a kettle"])["row 0"]
    assert (found.status, found.reason) == (FAILED if reason else ANSWERED, reason)
    assert found.text == ("" if reason else "A kettle.")


@pytest.mark.parametrize(("reply", "again", "reason"), REPLIES)
def test_what_may_pass_is_tried_again(asker_of, asked, reply, again, reason):
    server = Server(reply)
    pace = Pace(attempts=2, max_reply_bytes=1_000_000)
    found = asked(asker_of(server, pace=pace), ["a kettle"])["row 0"]
    assert len(server.requests) == (2 if again and reason else 1)
    assert found.status == (ANSWERED if again else FAILED)


@pytest.mark.parametrize(
    ("reply", "least"),
    [
        pytest.param(status(429, Retry_After="7"), 7.0, id="seconds"),
        pytest.param(status(503, Retry_After=LATER), 7.0, id="date"),
        pytest.param(status(500), 0.0, id="none"),
    ],
)
def test_a_server_is_given_the_time_that_it_asks_for(asker_of, asked, reply, least):
    server = Server(reply)
    asked(asker_of(server), ["a kettle"])
    assert least <= server.times[1] - server.times[0] <= least + 1.0


def test_everybody_waits_for_a_server_that_asks_one_to(asker_of, asked):
    server = Server(status(429, Retry_After="20"))
    found = asked(asker_of(server, pace=Pace(concurrency=1)), ["a", "b", "c"])
    assert all(outcome.status == ANSWERED for outcome in found.values())
    assert min(server.times[1:]) >= 20.0


def test_tries_have_a_budget_for_the_row_and_one_for_the_run(asker_of, asked):
    server = Server(*[status(429)] * 1_000)
    pace = Pace(attempts=3, retry_share=0.1, concurrency=1)
    found = asked(asker_of(server, pace=pace), ["text"] * 20)
    assert {outcome.reason for outcome in found.values()} == {"RateLimited"}
    assert len(server.requests) == 20 + 10


def test_a_row_has_one_deadline_over_all_its_tries(asker_of, asked):
    server = Server(*[streamed(b"{", 20.0, httpx.ReadError("reset"))] * 9)
    asker = asker_of(server, pace=Pace(attempts=9, deadline_seconds=50.0))
    assert asked(asker, ["a kettle"])["row 0"].reason in ("DeadlinePassed", "ConnectionLost")
    assert asker.time() <= 50.0


def test_the_rate_holds(asker_of, asked):
    server = Server()
    asker = asker_of(server, pace=Pace(requests_per_minute=30, concurrency=9))
    asked(asker, ["text"] * 16)
    assert asker.time() == pytest.approx(30.0, abs=0.1)


def test_tokens_have_a_rate_too(asker_of, asked, choice):
    server = Server()
    asker = asker_of(server, pace=Pace(tokens_per_minute=6_000))
    tokens = choice.wording(b"lake").bounds(choice.prompt("row", "text")).most.total
    asked(asker, ["text"] * 11)
    assert asker.time() == pytest.approx(10 * tokens / 100, rel=0.11)


PATIENCE = Patience(failures=3, minutes=5.0, pause_seconds=10.0)


def test_the_breaker_opens_probes_and_closes(asker_of, asked):
    server = Server(*[status(500)] * 4)
    pace = Pace(patience=PATIENCE, attempts=9, concurrency=4, deadline_seconds=600.0)
    found = asked(asker_of(server, pace=pace), ["text"] * 9)
    assert all(outcome.status == ANSWERED for outcome in found.values())
    # Three open it; then one probe fails after ten seconds, and one works after twenty.
    pauses = [b - a for a, b in zip(server.times, server.times[1:], strict=False)]
    assert [round(pause) for pause in pauses if pause > 5] == [10, 20]


def test_a_breaker_that_stays_open_ends_in_words(asker_of, asked, ops):
    server = Server(*[status(502)] * 1_000)
    asker = asker_of(server, pace=Pace(patience=PATIENCE, attempts=9))
    with pytest.raises(RemoteUnavailable, match=r"unwell for .* minutes \(last: ServerFailed\)"):
        asked(asker, ["text"] * 500)
    assert asker.time() < 6 * 60
    assert len(server.requests) < 20


def test_a_pause_that_nobody_waits_for_ends_in_words(asker_of, asked):
    server = Server(status(429, Retry_After="3600"))
    with pytest.raises(RemoteUnavailable, match="wants no request for 3600 seconds more"):
        asked(asker_of(server, pace=Pace(patience=PATIENCE, concurrency=1)), ["a", "b"])


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        pytest.param(status(401), "does not accept the API key", id="401"),
        pytest.param(status(403), "the API key may not do this", id="403"),
        pytest.param(status(402), "wants to be paid", id="402"),
        pytest.param(
            httpx.Response(429, json={"error": {"code": "insufficient_quota"}}),
            "wants to be paid",
            id="no quota",
        ),
        pytest.param(status(307, Location="https://evil.example/"), "redirects", id="redirect"),
    ],
)
def test_what_no_row_survives_is_said_at_once(asker_of, asked, reply, words):
    server = Server(reply)
    with pytest.raises(ModelError, match=words):
        asked(asker_of(server, pace=Pace(concurrency=1)), ["text"] * 9)
    assert len(server.requests) == 1


def test_a_server_that_refuses_everything_is_said_to(asker_of, asked):
    with pytest.raises(ModelError, match="has refused the first 10 requests"):
        asked(asker_of(Server(*[status(400)] * 50)), ["text"] * 50)


@pytest.mark.parametrize(
    ("usage", "note"),
    [
        pytest.param({"prompt_tokens": 100, "completion_tokens": 20}, (), id="credible"),
        pytest.param(
            {"prompt_tokens": 0, "completion_tokens": 0}, ("usage impossible",), id="nothing"
        ),
        pytest.param(
            {"prompt_tokens": 100, "completion_tokens": 999}, ("usage impossible",), id="more"
        ),
        pytest.param({"prompt_tokens": "100"}, ("usage missing",), id="no numbers"),
        pytest.param(None, ("usage missing",), id="none"),
    ],
)
def test_a_lying_count_is_noted_and_charged_at_worst(asker_of, asked, choice, usage, note):
    prices = Prices(prompt_nanos=2, answer_nanos=3, cap_nanos=10**9)
    asker = asker_of(Server(lambda request: sound(request, usage=usage)), prices=prices)
    cost = asked(asker, ["text"])["row 0"].metered
    most = choice.wording(b"lake").bounds(choice.prompt("row 0", "text")).most
    assert cost.notes == note
    assert cost.nanos == (prices.nanos(most) if note else 2 * 100 + 3 * 20)
    assert asker.bank.spend().spent_nanos == cost.nanos
    assert asker.bank.spend().held_nanos == 0


@pytest.mark.parametrize("rows", [1, 40])
def test_a_cap_is_filled_and_never_passed(asker_of, asked, choice, rows):
    worst = choice.wording(b"lake").bounds(choice.prompt("row 0", "text")).most
    prices = Prices(prompt_nanos=2, answer_nanos=3)
    cap = prices.nanos(worst) + (rows - 1) * 260
    prices = Prices(prompt_nanos=2, answer_nanos=3, cap_nanos=cap)
    found = asked(asker_of(Server(), prices=prices), ["text"] * 60)
    done = [outcome for outcome in found.values() if outcome.status == ANSWERED]
    assert len(done) == rows
    assert {outcome.status for outcome in found.values()} == {ANSWERED, DEFERRED}
    assert sum(outcome.metered.nanos for outcome in found.values()) <= cap


def test_what_a_lost_reply_may_have_cost_counts(asker_of, asked, choice):
    worst = choice.wording(b"lake").bounds(choice.prompt("row 0", "text")).most
    prices = Prices(prompt_nanos=2, answer_nanos=3)
    asker = asker_of(Server(httpx.ReadError("reset")), prices=prices)
    cost = asked(asker, ["text"])["row 0"].metered
    assert cost.nanos == prices.nanos(worst) + 260
    assert cost.notes == ("charged at worst: ConnectionLost",)
