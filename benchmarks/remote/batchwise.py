"""Misbehaviours of a batch API: what its calls do, and what its files hold."""

import json
import random
from collections.abc import Callable
from typing import Any

from benchmarks.remote.books import Batch, Books, completion, text_of
from benchmarks.remote.rowwise import Bad
from benchmarks.remote.stub import Call, Misbehave

Line = dict[str, Any]
Finish = Callable[[Batch, Books], None]
#: Takes the sound lines of a batch's output, and gives the lines that are shown.
Spoil = Callable[[list[Line], random.Random], list[Line]]


def line_of(name: str, body: dict[str, Any], answer: dict[str, Any] | None = None) -> Line:
    reply = {
        "status_code": 200,
        "request_id": f"req-{name[-6:]}",
        "body": answer or completion(body),
    }
    return {"id": f"out-{name[-6:]}", "custom_id": name, "response": reply, "error": None}


def as_file(lines: list[Line]) -> bytes:
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def sound(batch: Batch, books: Books) -> None:
    """Every row is computed and billed, and its answer is in the output."""
    finished(batch, books, lambda lines, _: lines, random.Random(0))  # noqa: S311


def finished(batch: Batch, books: Books, spoil: Spoil, chance: random.Random) -> None:
    whole = [line_of(name, body) for name, body in batch.rows]
    shown = spoil(json.loads(json.dumps(whole)), chance)
    # What was refused was not computed; all else is billed, shown or not.
    refused = {line["custom_id"] for line in shown if line["response"]["status_code"] in (400, 429)}
    for name, body in batch.rows:
        if name not in refused:
            books.bill(body)
    right = {json.dumps(line, sort_keys=True) for line in whole}
    ids = [line.get("custom_id") for line in shown]
    fine = {
        line["custom_id"]
        for line in shown
        if json.dumps(line, sort_keys=True) in right and ids.count(line["custom_id"]) == 1
    }
    batch.sound = {text_of(body) for name, body in batch.rows if name in fine}
    batch.status, batch.output = "completed", as_file(shown)
    batch.counts = {"total": len(whole), "completed": len(whole), "failed": 0}


def once(spoil: Spoil, seed: int) -> Finish:
    """The first batch is spoilt, later ones are sound."""

    def finish(batch: Batch, books: Books) -> None:
        if batch.id == "batch_1":
            finished(batch, books, spoil, random.Random(seed))  # noqa: S311
        else:
            sound(batch, books)

    return finish


def first(end: Finish) -> Finish:
    """The first batch ends so, later ones are sound."""
    return lambda batch, books: (end if batch.id == "batch_1" else sound)(batch, books)


def rotated(lines: list[Line], chance: random.Random) -> list[Line]:
    """Each answer stands under its neighbour's id."""
    names = [line["custom_id"] for line in lines]
    for line, name in zip(lines, names[1:] + names[:1], strict=True):
        line["custom_id"] = name
    return lines


def shuffled(lines: list[Line], chance: random.Random) -> list[Line]:
    chance.shuffle(lines)
    return lines


def thinned(lines: list[Line], chance: random.Random) -> list[Line]:
    return [line for line in lines if chance.random() < 0.6]


def doubled(lines: list[Line], chance: random.Random) -> list[Line]:
    return [line for line in lines for _ in range(chance.choice((1, 2)))]


def contradicted(lines: list[Line], chance: random.Random) -> list[Line]:
    """Some have a second answer, which echoes the right code and says something else."""
    more = []
    for line in chance.sample(lines, len(lines) // 3):
        other = json.loads(json.dumps(line))
        message = other["response"]["body"]["choices"][0]["message"]
        message["content"] = message["content"].replace("with care", "in haste")
        more.append(other)
    return shuffled(lines + more, chance)


def error_beside_answer(lines: list[Line], chance: random.Random) -> list[Line]:
    more = [{**line, "response": {"status_code": 500, "body": {}}} for line in lines[::3]]
    return more + lines


def foreign(lines: list[Line], chance: random.Random) -> list[Line]:
    strange = [{**line, "custom_id": f"request-{n}"} for n, line in enumerate(lines[:5])]
    return strange + lines


def renumbered(lines: list[Line], chance: random.Random) -> list[Line]:
    return [{**line, "custom_id": f"request-{n}"} for n, line in enumerate(lines)]


def each_body(change: Callable[[dict[str, Any]], object], share: float = 0.4) -> Spoil:
    def spoil(lines: list[Line], chance: random.Random) -> list[Line]:
        for line in lines:
            if chance.random() < share:
                change(line["response"]["body"])
        return lines

    return spoil


def each_status(code: int, share: float = 0.4) -> Spoil:
    def spoil(lines: list[Line], chance: random.Random) -> list[Line]:
        for line in lines:
            if chance.random() < share:
                line["response"] = {"status_code": code, "body": {"error": {}}}
        return lines

    return spoil


def partly(status: str, code: str) -> Finish:
    """The first half is answered, the rest stands in the error file, as when a window closes."""

    def finish(batch: Batch, books: Books) -> None:
        half = len(batch.rows) // 2
        for _, body in batch.rows[:half]:
            books.bill(body)
        batch.output = as_file([line_of(name, body) for name, body in batch.rows[:half]])
        error = {"code": code, "message": "too late"}
        batch.errors = as_file(
            [
                {"id": "x", "custom_id": name, "response": None, "error": error}
                for name, _ in batch.rows[half:]
            ]
        )
        batch.sound = {text_of(body) for _, body in batch.rows[:half]}
        batch.status = status
        batch.counts = {"total": len(batch.rows), "completed": half, "failed": 0}

    return finish


def refused_as_a_whole(batch: Batch, books: Books) -> None:
    batch.status = "failed"
    batch.counts = {"total": 0, "completed": 0, "failed": 0}


def errors_only(batch: Batch, books: Books) -> None:
    failed = {"status_code": 500, "body": {"error": {}}}
    rows = [{"custom_id": name, "response": failed, "error": None} for name, _ in batch.rows]
    batch.status, batch.errors = "completed", as_file(rows)
    batch.counts = {"total": len(rows), "completed": len(rows), "failed": 0}


def lying(batch: Batch, books: Books) -> None:
    sound(batch, books)
    batch.counts = {"total": 7, "completed": 0, "failed": 7}


def cut_output(batch: Batch, books: Books) -> None:
    sound(batch, books)
    batch.output = (batch.output or b"")[: len(batch.output or b"") // 2]
    batch.sound = set()


def nothing_there(batch: Batch, books: Books) -> None:
    """It says that it is done, and names no file."""
    sound(batch, books)
    batch.output, batch.sound = None, set()


def never(batch: Batch, books: Books) -> None:
    """It stays in progress; when it is cancelled, half of it has been answered."""


def on(kind: str, bad: Bad, *numbers: int) -> Misbehave:
    """The calls of that kind with these numbers, from 1 on."""

    def misbehave(call: Call) -> bool:
        if call.kind != kind or call.number not in numbers:
            return False
        bad(call)
        return True

    return misbehave


def done_but(how: Bad) -> Bad:
    """The call's work is done, and then the reply is another."""

    def misbehave(call: Call) -> None:
        if call.kind == "upload":
            call.take_upload()
        elif call.kind == "create":
            call.take_batch()
        how(call)

    return misbehave


def late_in_the_list(looks: int) -> Misbehave:
    """A batch whose creation got no reply is not in the list at the first looks."""

    def misbehave(call: Call) -> bool:
        if call.kind == "create" and call.number == 1:
            call.take_batch()
            call.reset()
            return True
        if call.kind == "list" and call.number <= looks:
            call.json({"data": [], "has_more": False})
            return True
        return False

    return misbehave


def gone(call: Call) -> None:
    """The server has lost it, and its list shows it no more."""
    call.batch.status = "gone"
    call.json({"error": {}}, 404)


def another_batch(call: Call) -> None:
    call.json({**call.server.shown(call.batch), "id": "batch_99", "status": "completed"})


def as_it_is(call: Call) -> None:
    """It goes on, whatever is asked of it."""
    call.json(call.server.shown(call.batch))


def stuck(polls: int) -> Misbehave:
    """So many polls find it in progress, and it cannot be cancelled."""
    still = on("get", as_it_is, *range(1, polls))
    kept = on("cancel", as_it_is, *range(1, polls))
    return lambda call: still(call) or kept(call)


def cancelled_half_done(call: Call) -> None:
    batch = call.batch
    partly("cancelled", "batch_cancelled")(batch, call.server.books)
    call.server.complete(batch)
    call.json(call.server.shown(batch))
