"""What a run may spend on remote models, shared by all its processes."""

from dataclasses import dataclass

import sqlalchemy as sa

from nightshelf.ops.remote_schema import REMOTE_SPEND

_COLUMNS = ("held_nanos", "held_tokens", "spent_nanos", "spent_tokens")


@dataclass(frozen=True)
class Spend:
    """Held (set aside, or lost with its process) and spent, in billionths and in tokens."""

    held_nanos: int = 0
    held_tokens: int = 0
    spent_nanos: int = 0
    spent_tokens: int = 0


class OpsBank:
    """
    The account of `run`; a cap of 0 is none.

    A hold is one conditional update, so that processes cannot pass the cap together.
    """

    def __init__(self, engine: sa.Engine, run: str, *, cap_nanos: int, cap_tokens: int) -> None:
        self.run = run
        self._engine = engine
        self._caps = (cap_nanos, cap_tokens)

    def open(self) -> "OpsBank":
        """Itself; its account is made where there is none yet."""
        run = self.run
        with self._engine.begin() as db:
            same = sa.select(REMOTE_SPEND.c.run).where(REMOTE_SPEND.c.run == run)
            if db.execute(same).first() is None:
                empty = dict.fromkeys(_COLUMNS, 0)
                db.execute(sa.insert(REMOTE_SPEND).values(run=run, **empty))
        return self

    def of(self, run: str) -> "OpsBank":
        """Another run's account, which is there."""
        return OpsBank(self._engine, run, cap_nanos=self._caps[0], cap_tokens=self._caps[1])

    def hold(self, nanos: int, tokens: int) -> bool:
        """Set so much aside; False, and nothing is, where the cap forbids it."""
        with self._engine.begin() as db:
            return self.hold_in(db, nanos, tokens)

    def hold_in(self, db: sa.Connection, nanos: int, tokens: int) -> bool:
        """`hold` as a part of the caller's transaction."""
        table = REMOTE_SPEND.c
        held = sa.update(REMOTE_SPEND).where(table.run == self.run)
        cap_nanos, cap_tokens = self._caps
        if cap_nanos:
            held = held.where(table.held_nanos + table.spent_nanos + nanos <= cap_nanos)
        if cap_tokens:
            held = held.where(table.held_tokens + table.spent_tokens + tokens <= cap_tokens)
        more = {"held_nanos": table.held_nanos + nanos, "held_tokens": table.held_tokens + tokens}
        return bool(db.execute(held.values(more)).rowcount)

    def settle(self, held: tuple[int, int], spent: tuple[int, int]) -> None:
        """Give back what was held, (nanos, tokens), and book what of it was spent."""
        with self._engine.begin() as db:
            self.settle_in(db, held, spent)

    def settle_in(self, db: sa.Connection, held: tuple[int, int], spent: tuple[int, int]) -> None:
        table = REMOTE_SPEND.c
        values = {
            "held_nanos": table.held_nanos - held[0],
            "held_tokens": table.held_tokens - held[1],
            "spent_nanos": table.spent_nanos + spent[0],
            "spent_tokens": table.spent_tokens + spent[1],
        }
        db.execute(sa.update(REMOTE_SPEND).where(table.run == self.run).values(values))

    def rest(self) -> tuple[int | None, int | None]:
        """What the caps leave, (nanos, tokens); None where there is no cap."""
        now = self.spend()
        used = (now.held_nanos + now.spent_nanos, now.held_tokens + now.spent_tokens)
        left = [cap - gone if cap else None for cap, gone in zip(self._caps, used, strict=True)]
        return left[0], left[1]

    def spend(self) -> Spend:
        query = sa.select(*(REMOTE_SPEND.c[name] for name in _COLUMNS))
        with self._engine.begin() as db:
            row = db.execute(query.where(REMOTE_SPEND.c.run == self.run)).mappings().one()
        return Spend(**row)


def spend_of(engine: sa.Engine, run: str) -> Spend | None:
    """None of a run that has asked no server."""
    query = sa.select(*(REMOTE_SPEND.c[name] for name in _COLUMNS)).where(REMOTE_SPEND.c.run == run)
    with engine.begin() as db:
        row = db.execute(query).mappings().one_or_none()
    return Spend(**row) if row else None
