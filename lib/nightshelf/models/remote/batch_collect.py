"""Fetch what a batch has come to, and say of each of its rows how it ended and what it cost."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from nightshelf.models.remote.batch_lines import reconcile
from nightshelf.models.remote.batch_server import Batch, BatchServer
from nightshelf.models.remote.batch_submit import COMPLETED, VANISHED
from nightshelf.models.remote.charge import metered
from nightshelf.models.remote.failures import (
    NotBegun,
    NotFound,
    NotInBatch,
    RequestRefused,
    Unanswered,
)
from nightshelf.models.remote.limits import Prices
from nightshelf.models.remote.outcome import Metered
from nightshelf.models.remote.parse import Said
from nightshelf.models.remote.prompt import Prompt, Wording
from nightshelf.models.remote.tokens import Bounds, TokenCount
from nightshelf.ops.remote_batches import Ended, Member

_FILES = ("output_file_id", "error_file_id")
#: A file that is said to be there may come late, but not for ever.
_FETCHES = 3


@dataclass(frozen=True)
class Collected:
    """By custom id how each row ended and its cost; `said` is what the ops database keeps."""

    ended: Mapping[str, tuple[Said | Unanswered, Metered]]
    said: Mapping[str, object]

    def rows(self) -> list[Ended]:
        return [
            Ended(
                custom_id=name,
                reason=one.reason if isinstance(one, Unanswered) else None,
                prompt_tokens=cost.prompt_tokens,
                answer_tokens=cost.answer_tokens,
                nanos=cost.nanos,
            )
            for name, (one, cost) in self.ended.items()
        ]


async def collect(
    server: BatchServer,
    batch: Batch,
    members: Mapping[str, tuple[Member, Prompt | None]],
    asked: tuple[Wording, Prices, int],
) -> Collected:
    """
    Of every member, by custom id, how it ended. `asked` are wording, prices and the most bytes of
    one reply.
    """
    wording, prices, reply_bytes = asked
    files, missing = await _files(server, batch, reply_bytes * (len(members) + 1))
    known = {name: prompt for name, (_, prompt) in members.items()}
    found = reconcile(files, known, wording)
    # What a batch does not speak of was computed, as far as we know, unless it says it was cut off.
    silent = NotInBatch if missing or batch["status"] in (COMPLETED, VANISHED) else NotBegun
    ended = {}
    for name, (member, prompt) in members.items():
        one = found.ended.get(name, silent())
        ended[name] = (one, metered(one, _bounds(member, prompt, wording), prices))
    counts = batch.get("request_counts")
    notes = dict(found.notes) | ({"missing files": missing} if missing else {})
    if isinstance(counts, dict) and counts.get("completed") != _answered(found.ended.values()):
        notes["counters differ"] = 1
    return Collected(ended, {"status": batch["status"], "counts": counts, "notes": notes})


async def clear_away(server: BatchServer, batch: Batch) -> None:
    """Ask the server to forget its files, which hold our texts; it may have done so already."""
    for field in ("input_file_id", *_FILES):
        name = batch.get(field)
        if isinstance(name, str) and name:
            try:
                await server.delete(name)
            except Unanswered:
                continue


async def _files(server: BatchServer, batch: Batch, most_bytes: int) -> tuple[list[bytes], int]:
    """Those that it names, and how many of them could not be had."""
    files: list[bytes] = []
    missing = 0
    for field in _FILES:
        name = batch.get(field)
        if not isinstance(name, str) or not name:
            continue
        for tries in range(1, _FETCHES + 1):
            try:
                files.append(await server.patiently(partial(server.content, name, most_bytes)))
                break
            except (NotFound, RequestRefused):
                missing += tries == _FETCHES
                await asyncio.sleep(server.pace.first_backoff_seconds * tries)
    return files, missing


def _bounds(member: Member, prompt: Prompt | None, wording: Wording) -> Bounds:
    if prompt is not None:
        return wording.bounds(prompt)
    most = TokenCount(member.most_prompt_tokens, member.most_answer_tokens)
    return Bounds(TokenCount(0, 0), most)


def _answered(ended: Iterable[Said | Unanswered]) -> int:
    return sum(isinstance(one, Said) for one in ended)
