"""Put a wave to a remote model from the driver: one rate, one deadline, one purse."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from time import perf_counter
from typing import Any

from pyspark.sql import Row, SparkSession

from nightshelf.answers.status import DEFERRED, FAILED, STOP
from nightshelf.contracts.description_request import DescriptionRequest
from nightshelf.engine.usage import Usage
from nightshelf.lakehouse.tables import answers_spec
from nightshelf.models.remote.access import Access
from nightshelf.models.remote.asker import Account, RemoteAsker
from nightshelf.models.remote.choice import RemoteChoice
from nightshelf.models.remote.failures import TextTooLong
from nightshelf.models.remote.outcome import Metered, Outcome, failed
from nightshelf.models.remote.shared import Chances
from nightshelf.models.remote.source import what_leaves
from nightshelf.names import ANSWERS
from nightshelf.night.context import Context
from nightshelf.night.parts import Asked
from nightshelf.night.remote_texts import allowed_texts, defer, frame_of, key_of
from nightshelf.privacy.choice import active_redactor
from nightshelf.questions.description import DESCRIPTION
from nightshelf.settings import process_environ
from nightshelf.spark.ask import Wave, of_wave

#: What a crash may cost: answers that were paid for and not yet written down.
WAVE_TEXTS = 1_000

_TABLE = f"{ANSWERS}.{DESCRIPTION.name}"
Opened = Callable[[], tuple[int, datetime]]


def ask_remote_waves(
    session: SparkSession,
    context: Context,
    one: Asked,
    choice: RemoteChoice,
    how: tuple[int, Opened],
) -> Iterator[tuple[int, Wave]]:
    """
    As `spark.ask.ask_waves` does it: every wave is committed before the next begins. `how` is the
    number of waves, and what opens one.

    What the run's cap leaves out is written down as deferred. Raise `SettingsError` where address
    or key cannot be right, `RemoteUnavailable` where the server stays away.
    """
    night, (waves, opened) = one.night, how
    redactor = active_redactor(context.settings)
    access = Access.from_settings(context.settings, process_environ())
    account = Account(ops=context.ops, run=night.run, secret=context.secret)
    chances = Chances(now=context.clock, jitter=random.Random(night.run))  # noqa: S311  jitter
    with RemoteAsker(choice, access, account, chances, redactor=redactor) as asker:
        for line in what_leaves(choice.question, choice.source, redactor):
            context.say(f"ask: {line}")
        allowed = allowed_texts(session, context, one, choice)
        for index in range(waves):
            number, at = opened()
            texts = of_wave(allowed, index, waves).collect()
            begun = perf_counter()
            outcomes = _asked(asker, choice, texts)
            usage = _usage(outcomes, perf_counter() - begun)
            written: dict[str, Any] = {"run": night.run, "wave": number, "answered_at": at}
            written["model_version"] = night.models[DESCRIPTION.name]
            rows = [_answer(text, outcomes[key_of(text)]) | written for text in texts]
            said = [row for row in rows if row["status"] != DEFERRED]
            frame_of(session, said, answers_spec(DESCRIPTION.columns)).writeTo(_TABLE).append()
            defer(session, context, night.run, [row for row in rows if row["status"] == DEFERRED])
            counts = Counter(row["status"] for row in said)
            yield number, Wave(usage, {DESCRIPTION.name: dict(counts)})


def _asked(asker: RemoteAsker, choice: RemoteChoice, texts: Sequence[Row]) -> dict[str, Outcome]:
    found: dict[str, Outcome] = {}

    def give(outcome: Outcome) -> None:
        found[outcome.key] = outcome

    for text in texts:
        if len(text["text"].encode()) > choice.max_text_bytes:
            give(failed(key_of(text), TextTooLong.__name__, Metered()))
    left = (text for text in texts if key_of(text) not in found)
    asker.ask((choice.prompt(key_of(text), text["text"]) for text in left), give)
    return found


def _answer(text: Row, outcome: Outcome) -> dict[str, Any]:
    about = {
        "key": outcome.key,
        "content_key": text["content_key"],
        "status": outcome.status,
        "reason": outcome.reason or None,
        "tokens": len(text["text"].encode()),
    }
    said = dict.fromkeys(DESCRIPTION.columns.names)
    if outcome.reason or outcome.status == DEFERRED:
        return about | said
    spent = outcome.metered
    return about | {
        "text": outcome.text,
        "language": DescriptionRequest.read(text["text"]).rules.language,
        "finish": STOP,
        "tokens_in": spent.prompt_tokens,
        "tokens_out": spent.answer_tokens,
    }


def _usage(outcomes: dict[str, Outcome], seconds: float) -> Usage:
    usage = Usage(texts=len(outcomes), seconds=seconds, busy_seconds=seconds)
    for outcome in outcomes.values():
        spent = outcome.metered
        usage.tokens += spent.prompt_tokens + spent.answer_tokens
        usage.batches += spent.requests
        if outcome.status == FAILED:
            usage.failed(outcome.reason)
    usage.padded_tokens, usage.ahead = usage.tokens, usage.batches
    return usage
