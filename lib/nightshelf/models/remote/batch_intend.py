"""Put rows together as a batch that fits, and write down that it will be submitted."""

import hmac
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nightshelf.models.remote.batch_lines import Line, line_of
from nightshelf.models.remote.batch_server import BatchServer
from nightshelf.models.remote.limits import BatchLimits, Prices
from nightshelf.models.remote.prompt import Prompt, Wording
from nightshelf.models.remote.tokens import TokenCount
from nightshelf.ops.remote_batches import BatchLedger, Member
from nightshelf.ops.remote_spend import OpsBank


@dataclass(frozen=True, kw_only=True)
class BatchAsking:
    """Whom to ask, and where that is written down. `scope` is the model version."""

    server: BatchServer
    wording: Wording
    prices: Prices
    limits: BatchLimits
    bank: OpsBank
    ledger: BatchLedger
    scope: str


def intend(prompts: Sequence[Prompt], asking: BatchAsking) -> list[tuple[str, Sequence[Prompt]]]:
    """
    Ids of batches of our own, and the rows of each, from the first on; all are written down.

    Rows for which the cap leaves nothing at worst are in none.
    """
    made: list[tuple[str, Sequence[Prompt]]] = []
    left = list(prompts)
    while left:
        number = asking.ledger.next_number()
        intent = _name(number, asking)
        taken = list(_fitting(left, intent, asking))
        members = [_member(line, most) for line, most in taken]
        nanos = sum(asking.prices.nanos(most) for _, most in taken)
        now = asking.server.chances.now()
        if not taken or not asking.ledger.intend((intent, number), members, nanos=nanos, now=now):
            break
        made.append((intent, left[: len(taken)]))
        left = left[len(taken) :]
    return made


def input_file(
    members: Sequence[Member], prompts: Mapping[str, Prompt], asking: BatchAsking, intent: str
) -> dict[str, Line | None]:
    """
    By custom id the lines of a batch that was written down; None where the prompt is not asked any
    more, or says something else by now.
    """
    lines: dict[str, Line | None] = {}
    for member in members:
        prompt = prompts.get(member.key)
        line = line_of(prompt, asking.wording, intent) if prompt else None
        lines[member.custom_id] = line if line and line.custom_id == member.custom_id else None
    return lines


def _name(number: int, asking: BatchAsking) -> str:
    """No other lake has the same, though it uses the same account at the server."""
    said = f"batch\0{asking.bank.run}\0{asking.scope}\0{number}".encode()
    return hmac.digest(asking.wording.secret, said, "sha256").hex()[:32]


def _fitting(
    prompts: Sequence[Prompt], intent: str, asking: BatchAsking
) -> Iterator[tuple[Line, TokenCount]]:
    limits = asking.limits
    rest_nanos, rest_tokens = asking.bank.rest()
    size = nanos = tokens = 0
    for number, prompt in enumerate(prompts[: limits.rows]):
        line, most = line_of(prompt, asking.wording, intent), asking.wording.bounds(prompt).most
        size += len(line.data)
        nanos += asking.prices.nanos(most)
        tokens += most.total
        if (rest_nanos is not None and nanos > rest_nanos) or (
            rest_tokens is not None and tokens > rest_tokens
        ):
            return
        if number and size > limits.max_bytes:
            return
        yield line, most


def _member(line: Line, most: TokenCount) -> Member:
    return Member(
        custom_id=line.custom_id,
        key=line.prompt.key,
        most_prompt_tokens=most.prompt,
        most_answer_tokens=most.answer,
    )
