"""Batches at a server: what we mean to submit, have submitted, and have collected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from nightshelf.ops.remote_schema import REMOTE_BATCHES, REMOTE_ROWS
from nightshelf.ops.remote_spend import OpsBank

#: Written down; its file is there; it may have been submitted; it is there; the server takes no
#: such batch; all is collected.
INTENDED, UPLOADED, POSTED, SUBMITTED = ("intended", "uploaded", "posted", "submitted")
REFUSED, ENDED = ("refused", "ended")

Row = sa.RowMapping


@dataclass(frozen=True, kw_only=True)
class Member:
    """A row of a batch, and the most tokens that it can take."""

    custom_id: str
    key: str
    most_prompt_tokens: int
    most_answer_tokens: int


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a row of a batch ended; without a reason it was answered."""

    custom_id: str
    reason: str | None
    prompt_tokens: int
    answer_tokens: int
    nanos: int


class BatchLedger:
    """
    The batches of one `scope`, the model version that is asked; one process at a time asks it
    (night.lease). All of a step is one transaction, so that a crash leaves one state or the next.
    """

    def __init__(self, engine: sa.Engine, bank: OpsBank, scope: str) -> None:
        self._engine = engine
        self._bank = bank
        self._scope = scope

    def next_number(self) -> int:
        last = sa.select(sa.func.max(REMOTE_BATCHES.c.number))
        with self._engine.begin() as db:
            return (db.scalar(last.where(REMOTE_BATCHES.c.scope == self._scope)) or 0) + 1

    def intend(
        self, intent: tuple[str, int], members: Sequence[Member], *, nanos: int, now: datetime
    ) -> bool:
        """
        Write down that `intent`, (id, number), will be submitted, and hold at most `nanos` for it.

        False, and nothing is written, where the cap forbids it.
        """
        tokens = sum(one.most_prompt_tokens + one.most_answer_tokens for one in members)
        with self._engine.begin() as db:
            if not self._bank.hold_in(db, nanos, tokens):
                return False
            batch = {
                "intent": intent[0],
                "number": intent[1],
                "scope": self._scope,
                "run": self._bank.run,
                "state": INTENDED,
                "created_at": now,
                "held_nanos": nanos,
                "held_tokens": tokens,
                "posts": 0,
            }
            db.execute(sa.insert(REMOTE_BATCHES).values(batch))
            rows = [{"intent": intent[0], **vars(one)} for one in members]
            db.execute(sa.insert(REMOTE_ROWS), rows)
            return True

    def note(self, intent: str, **values: object) -> None:
        with self._engine.begin() as db:
            same = REMOTE_BATCHES.c.intent == intent
            db.execute(sa.update(REMOTE_BATCHES).where(same).values(values))

    def refuse(self, intent: str) -> None:
        self.note(intent, state=REFUSED)

    def open(self) -> Sequence[Row]:
        """Those that are not collected yet, oldest first; of any run."""
        query = sa.select(REMOTE_BATCHES).where(REMOTE_BATCHES.c.scope == self._scope)
        ours = query.where(REMOTE_BATCHES.c.state != ENDED).order_by(REMOTE_BATCHES.c.number)
        with self._engine.begin() as db:
            return db.execute(ours).mappings().all()

    def read(self, intent: str) -> Row:
        with self._engine.begin() as db:
            query = sa.select(REMOTE_BATCHES).where(REMOTE_BATCHES.c.intent == intent)
            return db.execute(query).mappings().one()

    def members(self, intent: str) -> Sequence[Member]:
        names = ("custom_id", "key", "most_prompt_tokens", "most_answer_tokens")
        query = sa.select(*(REMOTE_ROWS.c[name] for name in names))
        with self._engine.begin() as db:
            rows = db.execute(query.where(REMOTE_ROWS.c.intent == intent)).mappings().all()
        return [Member(**row) for row in rows]

    def attempts(self) -> dict[str, int]:
        """In how many batches of this run a key has been."""
        query = (
            sa.select(REMOTE_ROWS.c.key, sa.func.count())
            .join(REMOTE_BATCHES, REMOTE_BATCHES.c.intent == REMOTE_ROWS.c.intent)
            .where(REMOTE_BATCHES.c.scope == self._scope, REMOTE_BATCHES.c.run == self._bank.run)
            .group_by(REMOTE_ROWS.c.key)
        )
        with self._engine.begin() as db:
            return {str(key): int(times) for key, times in db.execute(query)}

    def end(
        self, intent: str, ended: Sequence[Ended], said: Mapping[str, object], now: datetime
    ) -> None:
        """All of it is collected: book what each row has cost, and give back the rest."""
        with self._engine.begin() as db:
            same = REMOTE_BATCHES.c.intent == intent
            batch = db.execute(sa.select(REMOTE_BATCHES).where(same)).mappings().one()
            if batch["state"] == ENDED:
                return
            values = {"state": ENDED, "ended_at": now, "said": dict(said)}
            db.execute(sa.update(REMOTE_BATCHES).where(same).values(values))
            for one in ended:
                row = sa.update(REMOTE_ROWS).where(REMOTE_ROWS.c.custom_id == one.custom_id)
                db.execute(row.values(vars(one)))
            spent = (
                sum(one.nanos for one in ended),
                sum(one.prompt_tokens + one.answer_tokens for one in ended),
            )
            # Of the run that held it, which may be an earlier one.
            self._bank.of(batch["run"]).settle_in(
                db, (batch["held_nanos"], batch["held_tokens"]), spent
            )
