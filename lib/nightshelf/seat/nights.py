"""Runs of nights as rows, and what their waves took, each read in one go."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from nightshelf.engine.usage import Usage
from nightshelf.ops import runs
from nightshelf.ops.remote_schema import REMOTE_SPEND
from nightshelf.ops.schema import LEASES, RUNS, WAVES
from nightshelf.seat.sources import Sources
from nightshelf.settings import Settings

#: Runs of a stretch of days, and waves of a run, that are looked at; the newest come first.
_MOST_RUNS = 2_000
_MOST_WAVES = 2_000

_LIGHT = tuple(
    RUNS.c[name]
    for name in ("run", "date", "state", "step", "started_at", "ended_at", "release", "error")
)
_HEAVY = tuple(
    RUNS.c[name]
    for name in ("dates", "models", "plan", "asked", "assembled", "estimate", "caps", "decision")
)
#: A night's date; what a run without dates works on has a colon in it.
_IS_NIGHT = RUNS.c.date.not_like("%:%") & (RUNS.c.state != runs.PLANNED)


@dataclass
class Took:
    """What the committed waves of a run took; `seconds` by the clock, `spent` on servers."""

    usage: Usage = field(default_factory=Usage)
    seconds: float = 0.0
    waves: int = 0
    spent: float = 0.0

    @property
    def failed(self) -> int:
        return sum(self.usage.failures.values())

    def cost(self, settings: Settings) -> float:
        """
        In the settings' currency: what was spent on servers, and tokens and device time at the
        settings' prices.
        """
        by_token = self.usage.tokens * settings.price_per_million_tokens / 1e6
        by_hour = self.usage.seconds * settings.price_per_device_hour / 3600
        return round(self.spent + by_token + by_hour, 6)


def newest_of_dates(ops: sa.Engine, first: str, last: str) -> dict[str, runs.Row]:
    """Of each date from `first` to `last` that was run, the run that was started last."""
    between = _IS_NIGHT & RUNS.c.date.between(first, last)
    query = sa.select(*_LIGHT).where(between).order_by(RUNS.c.started_at.desc()).limit(_MOST_RUNS)
    found: dict[str, runs.Row] = {}
    for row in _rows(ops, query):
        found.setdefault(row["date"], row)
    return found


def newest_night(ops: sa.Engine) -> str | None:
    """The latest date of which there is a run."""
    return _one(ops, sa.select(sa.func.max(RUNS.c.date)).where(_IS_NIGHT))


def first_night(ops: sa.Engine) -> str | None:
    return _one(ops, sa.select(sa.func.min(RUNS.c.date)).where(_IS_NIGHT))


def newest_planned(ops: sa.Engine) -> runs.Row | None:
    """The run of a night that was planned last."""
    newest = sa.select(RUNS.c.run).where(_IS_NIGHT, RUNS.c.estimate.is_not(None))
    name = _one(ops, newest.order_by(RUNS.c.started_at.desc()).limit(1))
    return whole_runs(ops, [name]).get(name) if name else None


def running(ops: sa.Engine, most: int = 20) -> Sequence[runs.Row]:
    """Every run that is at work, newest first, whatever it works on."""
    query = sa.select(*_LIGHT, *_HEAVY).where(RUNS.c.state == runs.RUNNING)
    return _rows(ops, query.order_by(RUNS.c.started_at.desc()).limit(most))


def whole_runs(ops: sa.Engine, names: Iterable[str]) -> Mapping[str, runs.Row]:
    """The runs of these names, without the files that they have read."""
    query = sa.select(*_LIGHT, *_HEAVY).where(RUNS.c.run.in_(list(names)))
    return {row["run"]: row for row in _rows(ops, query)}


def waves_of(ops: sa.Engine, names: Iterable[str]) -> Sequence[runs.Row]:
    """Committed waves of these runs, newest first."""
    of_them = WAVES.c.run.in_(list(names)) & (WAVES.c.state == "committed")
    return _rows(ops, sa.select(WAVES).where(of_them).order_by(WAVES.c.wave.desc()))


def took(sources: Sources, names: Iterable[str]) -> dict[str, Took]:
    """For each of these runs what its waves took; nothing where it has none."""
    names = list(names)
    found = {name: Took() for name in names}
    for wave in waves_of(sources.ops, names)[: _MOST_WAVES * max(len(names), 1)]:
        one = found[wave["run"]]
        one.usage.add(wave["usage"] or {})
        one.seconds += wave["seconds"] or 0.0
        one.waves += 1
    spent = sa.select(REMOTE_SPEND.c.run, REMOTE_SPEND.c.spent_nanos)
    for row in _rows(sources.ops, spent.where(REMOTE_SPEND.c.run.in_(names))):
        found[row["run"]].spent = row["spent_nanos"] / 1e9
    return found


def held_leases(sources: Sources) -> frozenset[str]:
    """The runs that hold a name now; one that is called running and is not among them stands."""
    query = sa.select(LEASES.c.owner).where(LEASES.c.expires_at >= sources.now.timestamp())
    with sources.ops.begin() as db:
        return frozenset(db.scalars(query))


def _rows(ops: sa.Engine, query: sa.Select[tuple[object, ...]]) -> Sequence[runs.Row]:
    with ops.begin() as db:
        return db.execute(query).mappings().all()


def _one(ops: sa.Engine, query: sa.Select[tuple[str]]) -> str | None:
    with ops.begin() as db:
        found = db.execute(query).scalar()
    return None if found is None else str(found)
