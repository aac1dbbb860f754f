"""One row's life: its tries, its deadline, its budget and its end."""

import asyncio
from itertools import count

from nightshelf.models.remote.charge import metered
from nightshelf.models.remote.exchange import Within
from nightshelf.models.remote.failures import ConnectionLost, Unanswered
from nightshelf.models.remote.judge import json_of
from nightshelf.models.remote.outcome import Metered, Outcome, answered, deferred, failed
from nightshelf.models.remote.parse import Said, read_completion
from nightshelf.models.remote.pauses import backoff
from nightshelf.models.remote.prompt import Prompt, as_bytes
from nightshelf.models.remote.purse import Amount
from nightshelf.models.remote.shared import Shared

PATH = "chat/completions"
_JSON = {"Content-Type": "application/json"}


async def ask_row(prompt: Prompt, shared: Shared) -> Outcome:
    """
    To its end. The deadline counts what the row itself takes, its pauses between tries with it, but
    not the queue in which all rows stand (rate, breaker, cap): a server's outage must not turn rows
    that were never asked into failures.
    """
    spent, left, last = Metered(), shared.pace.deadline_seconds, ""
    for tries in count(1):
        ended, cost, seconds = await _try(prompt, shared, left)
        if ended is None:  # the cap
            return failed(prompt.key, last, spent) if last else deferred(prompt.key)
        spent += cost
        if isinstance(ended, Said):
            return answered(prompt.key, ended.text, spent)
        last = ended.reason
        pause = _pause(ended, tries, shared)
        left -= seconds + pause
        if not (ended.is_transient and tries < shared.pace.attempts and left > 0):
            break
        if not shared.may_retry():
            break
        await asyncio.sleep(pause)
    return failed(prompt.key, last, spent)


async def _try(
    prompt: Prompt, shared: Shared, left: float
) -> tuple[Said | Unanswered | None, Metered, float]:
    """How one try ended, its cost, and its seconds; None where the cap allows none."""
    bounds = shared.wording.bounds(prompt)
    worst = shared.purse.amount(bounds.most)
    if not await shared.purse.reserve(worst):
        return None, Metered(), 0.0
    loop = asyncio.get_running_loop()
    begun, is_sent = loop.time(), False
    ended: Said | Unanswered = ConnectionLost()
    try:
        await shared.rate.turn(bounds.most.total)
        await shared.breaker.turn()
        begun, is_sent = loop.time(), True
        ended = await _sent(prompt, shared, left)
    finally:
        # Also where the task is cancelled: what was sent may be billed, what was not is free.
        cost = metered(ended, bounds, shared.purse.prices) if is_sent else Metered()
        tokens = cost.prompt_tokens + cost.answer_tokens
        shared.purse.settle(worst, Amount(cost.nanos, tokens))
        if is_sent:
            _tell(shared, ended)
    return ended, cost, loop.time() - begun


async def _sent(prompt: Prompt, shared: Shared, left: float) -> Said | Unanswered:
    pace = shared.pace
    within = Within(seconds=left, idle_seconds=pace.idle_seconds, body_bytes=pace.max_reply_bytes)
    body = as_bytes(shared.wording.body(prompt))
    try:
        reply = await shared.exchange.send("POST", PATH, within, content=body, headers=_JSON)
        return read_completion(json_of(reply, shared.chances.now), prompt, shared.wording)
    except Unanswered as failure:
        return failure.with_traceback(None)


def _pause(failure: Unanswered, tries: int, shared: Shared) -> float:
    """Seconds before the next try; what the server asks for, it asks of everybody."""
    pace = shared.pace
    if failure.after is not None:
        shared.breaker.wait_for(failure.after, failure.reason)
    own = backoff(
        tries,
        first=pace.first_backoff_seconds,
        most=pace.most_backoff_seconds,
        chance=shared.chances.jitter,
    )
    return own + (failure.after or 0.0)


def _tell(shared: Shared, ended: Said | Unanswered) -> None:
    if isinstance(ended, Unanswered) and ended.is_servers:
        shared.breaker.broke(ended.reason)
    else:
        shared.breaker.worked()
