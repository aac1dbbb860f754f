"""An asker of a server in memory, by a clock that jumps."""

import random
from datetime import timedelta

import httpx
import pytest
from tests.unit.models.remote.fakes import BEGIN, MODEL, JumpingLoop

from nightshelf.models.remote.access import Access
from nightshelf.models.remote.asker import Account, RemoteAsker
from nightshelf.models.remote.choice import RemoteChoice
from nightshelf.models.remote.key import ApiKey
from nightshelf.models.remote.limits import Pace, Prices
from nightshelf.models.remote.shared import Chances
from nightshelf.ops.database import open_ops

JITTER = random.Random(1)  # noqa: S311  no secret


@pytest.fixture
def ops():
    engine = open_ops("sqlite://")
    yield engine
    engine.dispose()


@pytest.fixture
def choice():
    return RemoteChoice(
        question="description", source="catalog", model=MODEL, revision="r1", max_tokens=50
    )


@pytest.fixture
def asker_of(ops, choice):
    """Opens an asker of a `Server`; `pace`, `prices` and fields of `Access` can be others."""
    opened = []

    def open_asker(server, *, pace=None, prices=None, redactor="", of=choice, **access):
        loops = []

        def loop():
            loops.append(JumpingLoop())
            return loops[0]

        def time():
            return loops[0].time() if loops else 0.0

        asker = RemoteAsker(
            of,
            Access(
                url=httpx.URL("http://127.0.0.1:9/v1/"),
                key=ApiKey("sk-secret-123"),
                pace=pace or Pace(),
                prices=prices or Prices(),
                transport=server,
                loop=loop,
                **access,
            ),
            Account(ops=ops, run="night", secret=b"lake"),
            Chances(now=lambda: BEGIN + timedelta(seconds=time()), jitter=JITTER),
            redactor=redactor,
        )
        asker.time = time
        opened.append(asker)
        return asker

    yield open_asker
    for asker in opened:
        asker.close()


@pytest.fixture
def asked(choice):
    """Puts texts to an asker: outcomes by key, which are `row 0`, `row 1` …"""

    def ask(asker, texts):
        found = []
        asker.ask([choice.prompt(f"row {n}", text) for n, text in enumerate(texts)], found.append)
        outcomes = {outcome.key: outcome for outcome in found}
        assert len(outcomes) == len(found), "a row ended twice"
        return outcomes

    return ask
