"""The asking side of a scenario: in this process, or in one that is going to be killed."""

import json
import os
import random
import signal
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import httpx

from benchmarks.remote.books import ANSWER_NANOS, MODEL, PROMPT_NANOS
from nightshelf.answers.status import ANSWERED, TRANSIENT
from nightshelf.errors import NightshelfError
from nightshelf.models.remote.access import Access
from nightshelf.models.remote.asker import Account, RemoteAsker
from nightshelf.models.remote.choice import RemoteChoice
from nightshelf.models.remote.key import ApiKey
from nightshelf.models.remote.limits import BatchLimits, Pace, Patience, Prices
from nightshelf.models.remote.outcome import Outcome
from nightshelf.models.remote.shared import Chances
from nightshelf.ops.database import open_ops
from nightshelf.ops.remote_spend import Spend

KEY = "sk-of-the-benchmark-0123456789"
SECRET = b"of the benchmark's lake"
CHOICE = RemoteChoice(
    question="description", source="catalog", model=MODEL, revision="1", max_tokens=120
)
#: So often what failed for a passing reason is asked again, as later nights do.
NIGHTS = 4

#: Everything is quicker than in production, by about a hundred times.
PACE = Pace(
    concurrency=8,
    deadline_seconds=1.0,
    idle_seconds=0.3,
    max_reply_bytes=200_000,
    attempts=4,
    retry_share=1.0,
    first_backoff_seconds=0.02,
    most_backoff_seconds=0.1,
    patience=Patience(failures=8, minutes=0.1, pause_seconds=0.1, most_pause_seconds=0.5),
)
BATCHES = BatchLimits(hours=1.0, poll_seconds=0.02, cancel_seconds=0.5, looks=(0.02, 0.05, 0.1))


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is asked: so many rows of `seed`; `die_after` outcomes the driver kills itself."""

    url: str
    form: str
    folder: str
    rows: int = 30
    seed: int = 1
    cap_nanos: int = 0
    hours: float = 1.0
    concurrency: int = 8
    die_after: int = 0

    @property
    def texts(self) -> Mapping[str, str]:
        """By key; no two of them alike."""
        chance = random.Random(self.seed)  # noqa: S311
        words = ("kettle", "lamp", "shirt", "sofa", "水壶", "灯", "衬衫")
        return {
            f"key-{n}": f"row {n} {' '.join(chance.choices(words, k=chance.randint(3, 40)))}"
            for n in range(self.rows)
        }


@dataclass(frozen=True)
class Night:
    """What one call has come to: outcomes by key, or a sentence for people."""

    outcomes: Mapping[str, Outcome]
    sentence: str
    spend: Spend


def run_night(plan: Plan) -> Night:
    """Ask what is not answered for good yet; answers are kept in the plan's folder at once."""
    kept = Path(plan.folder) / "outcomes.jsonl"
    known = read_outcomes(kept)
    ops = open_ops(f"sqlite:///{plan.folder}/ops.db")
    found: dict[str, Outcome] = {}

    def give(outcome: Outcome) -> None:
        found[outcome.key] = outcome
        with kept.open("a") as file:
            file.write(json.dumps(asdict(outcome)) + "\n")
        if len(found) == plan.die_after:
            os.kill(os.getpid(), signal.SIGKILL)

    # A loop's clock for waiting, the day's for dates: a benchmark may read it.
    chances = Chances(now=lambda: datetime.now(UTC), jitter=random.Random(plan.seed))  # noqa: S311
    asker = RemoteAsker(
        CHOICE, _access(plan), Account(ops=ops, run="night", secret=SECRET), chances
    )
    prompts = [
        CHOICE.prompt(key, text)
        for key, text in plan.texts.items()
        if key not in known or may_pass(known[key])
    ]
    sentence = ""
    try:
        with asker:
            asker.ask(prompts, give)
    except NightshelfError as error:
        sentence = f"{type(error).__name__}: {error}"
    spend = asker.bank.spend()
    ops.dispose()
    return Night(found, sentence, spend)


def may_pass(outcome: Outcome) -> bool:
    """Whether another night asks it again."""
    return outcome.status != ANSWERED and outcome.reason in ("", *TRANSIENT)


def read_outcomes(path: Path) -> dict[str, Outcome]:
    """The last one of each row."""
    found = {}
    for line in path.read_text().splitlines() if path.is_file() else ():
        fields = json.loads(line)
        outcome = Outcome(**{name: fields[name] for name in ("key", "status", "text", "reason")})
        found[outcome.key] = outcome
    return found


def _access(plan: Plan) -> Access:
    return Access(
        url=httpx.URL(f"{plan.url}/"),
        key=ApiKey(KEY),
        form=plan.form,
        pace=replace(PACE, concurrency=plan.concurrency),
        prices=Prices(
            prompt_nanos=PROMPT_NANOS, answer_nanos=ANSWER_NANOS, cap_nanos=plan.cap_nanos
        ),
        batches=replace(BATCHES, hours=plan.hours),
    )


if __name__ == "__main__":
    said = run_night(Plan(**json.loads(sys.argv[1])))
    sys.exit(1 if said.sentence else 0)
