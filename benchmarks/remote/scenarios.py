"""Every way in which a server misbehaves here, and how its rows have to end."""

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.remote import batchwise as b
from benchmarks.remote import rowwise as r
from benchmarks.remote.batchwise import Finish
from benchmarks.remote.rowwise import Bad
from benchmarks.remote.stub import Misbehave

NOTHING: Misbehave = lambda call: False  # noqa: E731

#: The driver is killed by the stub: on which call, of which number, and whether its work is done.
Kill = tuple[str, int, bool]


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """
    `make` takes the seed and gives the misbehaviour. All rows have to be answered in the end,
    unless `failing` names the reason that some may keep, or a cap leaves rows out (`cap`: the share
    of the whole cost that may be spent). `sentence` is a part of what people are told on the way.
    """

    name: str
    form: str = "stream"
    make: Callable[[int], Misbehave] = lambda seed: NOTHING
    finish: Callable[[int], Finish] = lambda seed: b.sound
    failing: str = ""
    sentence: str = ""
    cap: float = 0.0
    kill: Kill | None = None
    die_after: int = 0
    hours: float = 1.0
    rows: int = 30


def _some(name: str, bad: Bad, failing: str = "") -> Scenario:
    return Scenario(name=name, make=lambda seed: r.sometimes(bad, seed), failing=failing)


def _storm(name: str, bad: Bad, times: int = 12, sentence: str = "") -> Scenario:
    return Scenario(name=name, make=lambda seed: r.at_first(bad, times), sentence=sentence)


def _call(name: str, kind: str, bad: Bad, *numbers: int) -> Scenario:
    return Scenario(name=name, form="batch", make=lambda seed: b.on(kind, bad, *numbers))


def _lines(name: str, spoil: b.Spoil, failing: str = "") -> Scenario:
    return Scenario(
        name=name, form="batch", finish=lambda seed: b.once(spoil, seed), failing=failing
    )


def _end(name: str, end: Finish) -> Scenario:
    return Scenario(name=name, form="batch", finish=lambda seed: b.first(end))


def _killed(name: str, kind: str, number: int, *, done: bool) -> Scenario:
    return Scenario(name=name, form="batch", kill=(kind, number, done))


ROW_BY_ROW = (
    Scenario(name="none at all"),
    _storm("429 storm without Retry-After", r.status(429)),
    _storm("429 storm with seconds", r.status(429, Retry_After="1")),
    _storm("429 storm with a date", r.dated),
    _some("429 for some", r.status(429)),
    _some("500", r.status(500)),
    _some("502 with HTML", lambda call: call.send(502, b"<html>", kind="text/html")),
    _storm("503 with Retry-After", r.status(503, Retry_After="1"), 3),
    _storm("503 storm: the breaker opens", r.status(503), 12),
    _storm("404 for a while", r.status(404), 5),
    _some("reset before the reply", r.reset),
    _some("reset in the headers", r.reset_in_headers),
    _some("reset in the body", r.reset_within),
    _some("computed and billed, then reset", r.billed(r.reset)),
    _some("body that drips", r.drip),
    _some("headers that never end", r.drip_headers),
    _some("body that stalls", r.stall),
    _some("no reply at all", r.silent),
    _some("endless body", r.endless),
    _some("HTML with 200", r.html),
    _some("HTML that says it is JSON", r.html_as_json),
    _some("cut JSON", r.cut_json),
    _some("wrong content type", r.wrong_type),
    _some("compressed rubbish", r.zipped),
    _some("another model", r.changed(r.other_model)),
    _some("truncated answers", r.changed(r.truncated), "AnswerTruncated"),
    _some("answers cut in silence", r.changed(r.truncated_in_silence)),
    _some("filtered answers", r.changed(r.filtered), "ContentFiltered"),
    _some("answers of other rows", r.changed(r.swapped)),
    _some("two choices", r.changed(r.two_choices)),
    _some("no content", r.changed(r.no_content)),
    _some("wrong types", r.changed(r.wrong_types)),
    _some("the API key comes back", r.changed(r.key_in_it)),
    _some("requests refused as wrong", r.status(400), "RequestRefused"),
    _some("counts nothing", r.counted(0, 0)),
    _some("counts a hundred times", r.counted(50_000, 9_999)),
    _some("counts not at all", r.changed(r.uncounted)),
    _storm("redirect", r.status(307, Location="http://127.0.0.1:1/v1/"), 1, "redirects"),
    _storm("key not accepted", r.status(401), 1, "API key"),
    Scenario(name="cap in the middle", cap=0.5, rows=2_000),
    Scenario(
        name="cap, and a third of the answers lost",
        make=lambda seed: r.sometimes(r.billed(r.reset), seed),
        cap=0.6,
        rows=100,
    ),
    Scenario(
        name="cap, and counts of nothing",
        make=lambda seed: r.sometimes(r.counted(0, 0), seed),
        cap=0.6,
        rows=100,
    ),
    Scenario(name="driver killed between answers", die_after=9),
    Scenario(name="driver killed while it waits", kill=("chat", 12, True)),
)

IN_BATCHES = (
    Scenario(name="none at all, in batches", form="batch"),
    _call("upload fails", "upload", r.status(500), 1, 2),
    _call("upload done, answer lost", "upload", b.done_but(r.reset), 1),
    _call("batch made, answer lost", "create", b.done_but(r.reset), 1),
    _call("batch made, 500 said", "create", b.done_but(r.status(500)), 1),
    _call("batch made, 400 said", "create", b.done_but(r.status(400)), 1),
    _call("batch made, HTML said", "create", b.done_but(r.html), 1),
    _call("429 and no batch made", "create", r.status(429), 1, 2),
    _call("503 and no batch made", "create", r.status(503, Retry_After="1"), 1),
    _call("batch refused once", "create", r.status(400), 1),
    Scenario(
        name="batch made, answer lost, list late",
        form="batch",
        make=lambda seed: b.late_in_the_list(2),
    ),
    _call("polls fail", "get", r.status(500), 1, 2, 3),
    _call("polls reset", "get", r.reset, 1, 2, 3),
    _call("polls say HTML", "get", r.html, 1),
    _call("polls tell of another batch", "get", b.another_batch, 1),
    _call("batch not found for a moment", "get", r.status(404), 1, 2),
    Scenario(
        name="batch gone for good",
        form="batch",
        make=lambda seed: b.on("get", b.gone, 1, 2, 3, 4),
    ),
    _call("polls not found, list shows it", "get", r.status(404), *range(1, 12)),
    Scenario(
        name="stuck in progress, cancelled",
        form="batch",
        make=lambda seed: b.on("cancel", b.cancelled_half_done, 1),
        finish=lambda seed: b.first(b.never),
        hours=0.3 / 3600,
    ),
    Scenario(
        name="stuck, not to be cancelled, done a night later",
        form="batch",
        make=lambda seed: b.stuck(30),
        hours=0.3 / 3600,
    ),
    _end("expired half way", b.partly("expired", "batch_expired")),
    _end("cancelled by somebody", b.partly("cancelled", "batch_cancelled")),
    _end("failed as a whole", b.refused_as_a_whole),
    _end("error file only", b.errors_only),
    _end("completed without files", b.nothing_there),
    _end("counters that lie", b.lying),
    _end("output cut half way", b.cut_output),
    _call("output missing", "content", r.status(404), 1, 2, 3),
    _call("output late", "content", r.status(404), 1),
    _call("output reset half way", "content", r.reset_within_file, 1),
    _call("output is HTML", "content", r.html, 1),
    _lines("order shuffled", b.shuffled),
    _lines("ids rotated", b.rotated),
    _lines("ids made up", b.renumbered),
    _lines("ids of others among them", b.foreign),
    _lines("rows missing", b.thinned),
    _lines("rows twice, the same", b.doubled),
    _lines("rows twice, another content", b.contradicted),
    _lines("error beside the answer", b.error_beside_answer),
    _lines("rows with 500", b.each_status(500)),
    _lines("rows with 429", b.each_status(429)),
    _lines("rows with 400", b.each_status(400), "RequestRefused"),
    _lines("another model in a batch", b.each_body(lambda body: body.update(model="mini"))),
    _lines(
        "truncated in a batch",
        b.each_body(lambda body: body["choices"][0].update(finish_reason="length")),
        "AnswerTruncated",
    ),
    _lines("counts nothing in a batch", b.each_body(lambda body: body.update(usage={}))),
    Scenario(name="cap in batches", form="batch", cap=0.5, rows=2_000),
    _killed("killed before the upload", "upload", 1, done=False),
    _killed("killed after the upload", "upload", 1, done=True),
    _killed("killed before the submission", "create", 1, done=False),
    _killed("killed after the submission, id not written", "create", 1, done=True),
    _killed("killed at the first poll", "get", 1, done=False),
    _killed("killed at the second poll", "get", 2, done=True),
    _killed("killed while downloading", "content", 1, done=True),
    _killed("killed while files are deleted", "delete", 1, done=False),
    Scenario(name="killed between answers, in batches", form="batch", die_after=9),
)
ALL = ROW_BY_ROW + IN_BATCHES
#: In which the server does nothing wrong; what they show is the cap, and that the trial is sound.
SOUND = ("none at all", "none at all, in batches", "cap in the middle", "cap in batches")
