"""Put a wave to a remote model from the driver: one rate, one deadline, one purse."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from time import perf_counter
from typing import Any

from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql.pandas.types import from_arrow_schema

from nightshelf.answers.status import DEFERRED, FAILED, STOP
from nightshelf.contracts.description_request import DescriptionRequest
from nightshelf.engine.usage import Usage
from nightshelf.lakehouse.outcomes import CAP
from nightshelf.lakehouse.tables import TABLES, TableSpec, answers_spec
from nightshelf.models.remote.access import Access
from nightshelf.models.remote.asker import Account, RemoteAsker
from nightshelf.models.remote.choice import RemoteChoice
from nightshelf.models.remote.failures import TextTooLong
from nightshelf.models.remote.outcome import Metered, Outcome, failed
from nightshelf.models.remote.shared import Chances
from nightshelf.names import ANSWERS
from nightshelf.names import DEFERRED as LEFT_OUT
from nightshelf.night.context import Context
from nightshelf.night.parts import Asked
from nightshelf.ops import runs
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
    access = Access.from_settings(context.settings, process_environ())
    account = Account(ops=context.ops, run=night.run, secret=context.secret)
    chances = Chances(now=context.clock, jitter=random.Random(night.run))  # noqa: S311  jitter
    with RemoteAsker(choice, access, account, chances) as asker:
        for index in range(waves):
            number, at = opened()
            texts = of_wave(one.texts, index, waves).collect()
            begun = perf_counter()
            outcomes = _asked(asker, choice, texts)
            usage = _usage(outcomes, perf_counter() - begun)
            written: dict[str, Any] = {"run": night.run, "wave": number, "answered_at": at}
            written["model_version"] = night.models[DESCRIPTION.name]
            rows = [_answer(text, outcomes[_key(text)]) | written for text in texts]
            said = [row for row in rows if row["status"] != DEFERRED]
            _frame(session, said, answers_spec(DESCRIPTION.columns)).writeTo(_TABLE).append()
            _defer(session, context, night.run, [row for row in rows if row["status"] == DEFERRED])
            counts = Counter(row["status"] for row in said)
            yield number, Wave(usage, {DESCRIPTION.name: dict(counts)})


def _key(text: Row) -> str:
    return str(text[f"key_{DESCRIPTION.name}"])


def _asked(asker: RemoteAsker, choice: RemoteChoice, texts: Sequence[Row]) -> dict[str, Outcome]:
    found: dict[str, Outcome] = {}

    def give(outcome: Outcome) -> None:
        found[outcome.key] = outcome

    for text in texts:
        if len(text["text"].encode()) > choice.max_text_bytes:
            give(failed(_key(text), TextTooLong.__name__, Metered()))
    left = (text for text in texts if _key(text) not in found)
    asker.ask((choice.prompt(_key(text), text["text"]) for text in left), give)
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


def _defer(
    session: SparkSession, context: Context, run: str, rows: Sequence[dict[str, Any]]
) -> None:
    """As a cap of the plan does; the next night asks them first."""
    if not rows:
        return
    left = [
        {"run": run, "question": DESCRIPTION.name, "reason": CAP}
        | {name: row[name] for name in ("key", "content_key")}
        for row in rows
    ]
    _frame(session, left, TABLES[LEFT_OUT]).writeTo(LEFT_OUT).append()
    estimate = runs.read_run(context.ops, run)["estimate"] or {}
    known = estimate.get("left_out") or {"caps": None, "texts": 0}
    known |= {"texts": known["texts"] + len(rows)}
    runs.update_run(context.ops, run, estimate={**estimate, "left_out": known})
    context.say(f"ask: {len(rows)} texts are deferred: what they may cost is over the remote cap")


def _frame(session: SparkSession, rows: Sequence[dict[str, Any]], spec: TableSpec) -> DataFrame:
    schema = from_arrow_schema(spec.schema)
    values = [tuple(row[name] for name in schema.names) for row in rows]
    return session.createDataFrame(values, schema)


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
