"""Ask in batches: submitted once, found again after a crash, collected row by row."""

from collections.abc import Iterable

from nightshelf.errors import ModelError
from nightshelf.models.remote.batch_collect import clear_away, collect
from nightshelf.models.remote.batch_intend import BatchAsking, input_file, intend
from nightshelf.models.remote.batch_rows import WaitingRows
from nightshelf.models.remote.batch_submit import BatchRefused, Submission
from nightshelf.models.remote.outcome import Give
from nightshelf.models.remote.prompt import Prompt

#: So many batches refused in a row: it is not their content.
_REFUSALS = 2


async def ask_batches(prompts: Iterable[Prompt], asking: BatchAsking, give: Give) -> None:
    """
    Put the prompts to a batch API and `give` their outcomes as batches end.

    Batches of earlier calls, of other runs as well, that were never collected are collected first;
    their rows are not asked again before. After a crash call it again with what has no answer yet:
    an outcome that was given but not kept is given again. Raises `RemoteUnavailable`, `ModelError`.
    """
    rows = WaitingRows(prompts, asking.ledger.attempts(), asking.server.pace.attempts, give)
    refused = 0
    for batch in asking.ledger.open():
        await _follow(str(batch["intent"]), rows, asking)
    while made := intend(list(rows.waiting.values()), asking):
        for intent, members in made:
            rows.tried(prompt.key for prompt in members)
            if await _submitted(intent, rows, asking) is None:
                refused += 1
            else:
                refused = 0
        for intent, _ in made:
            await _follow(intent, rows, asking)
        if refused >= _REFUSALS:
            raise ModelError(
                f"the server of the remote model has refused {refused} batches in a row as wrong in"
                " themselves: look at NIGHTSHELF_REMOTE_MODEL, NIGHTSHELF_REMOTE_ECHO and"
                " NIGHTSHELF_REMOTE_LIMIT_FIELD, and at what its batch API can do"
            )
    rows.end()


async def _submitted(intent: str, rows: WaitingRows, asking: BatchAsking) -> str | None:
    """The server's id; None where it takes no such batch, of which no row was read then."""
    lines = input_file(asking.ledger.members(intent), rows.waiting, asking, intent)
    known = [line.data for line in lines.values() if line]
    # Some of its rows may have their answers already: then it is looked for, but not submitted.
    whole = b"".join(known) if len(known) == len(lines) else None
    try:
        return await _submission(intent, asking).batch_id(whole)
    except BatchRefused:
        asking.ledger.refuse(intent)
        return None


async def _follow(intent: str, rows: WaitingRows, asking: BatchAsking) -> None:
    """To its end, and give what it has come to."""
    batch_id = await _submitted(intent, rows, asking)
    row = asking.ledger.read(intent)
    batch = {"status": "refused", "input_file_id": row["file_id"]} if batch_id is None else None
    if batch_id is not None:
        batch = await _submission(intent, asking).end(batch_id)  # type: ignore[assignment]
    members = asking.ledger.members(intent)
    lines = input_file(members, rows.waiting, asking, intent)
    prompts = {name: line.prompt if line else None for name, line in lines.items()}
    if batch is None:
        # It may still answer. Its rows are not asked again until it has ended.
        rows.leave(prompt.key for prompt in prompts.values() if prompt)
        return
    with_prompts = {one.custom_id: (one, prompts[one.custom_id]) for one in members}
    most_bytes = asking.server.pace.max_reply_bytes
    found = await collect(
        asking.server, batch, with_prompts, (asking.wording, asking.prices, most_bytes)
    )
    for name, (ended, cost) in found.ended.items():
        if prompt := prompts[name]:
            rows.settle(prompt.key, ended, cost)
    asking.ledger.end(intent, found.rows(), found.said, asking.server.chances.now())
    await clear_away(asking.server, batch)


def _submission(intent: str, asking: BatchAsking) -> Submission:
    return Submission(asking.server, asking.ledger, asking.limits, intent)
