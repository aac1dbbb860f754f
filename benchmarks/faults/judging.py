"""What a lake holds, and how it differs from that of an undisturbed run."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from benchmarks.faults.lake import Lake
from nightshelf.lakehouse.catalog import local_name, rows_of
from nightshelf.lakehouse.release import releases
from nightshelf.names import (
    ANSWERS,
    EMBEDDING,
    PRODUCT_VERSIONS,
    REJECTED,
    REVIEW_VERSIONS,
    SENTIMENT,
)
from nightshelf.night.context import Context
from nightshelf.ops import runs

#: Who computed it when is outside of what has to be equal.
_NOT_COMPARED = {"run", "wave", "answered_at", "released_at"}
_SHOP = (REVIEW_VERSIONS, PRODUCT_VERSIONS, REJECTED)
_ANSWERS = tuple(f"{ANSWERS}.{question}" for question in (SENTIMENT, EMBEDDING))
_IDS = {"review_sentiment": "review_id", "review_embedding": "review_id"}
_IDS |= dict.fromkeys(("product_embedding", "product_description"), "product_id")
_IDS |= {"product_insight": "as_of,product_id"}

Rows = Mapping[str, int]


@dataclass(frozen=True)
class Picture:
    """
    What stands in the lake: rows and how often each is there, table by table.

    `shelf` is what a reader sees who pins by the newest release.
    """

    shelf: Mapping[str, Rows]
    shop: Mapping[str, Rows]
    answers: Mapping[str, Rows]
    twice: int
    releases: int
    waves: tuple[tuple[str, int, str, int], ...] = field(default=())
    states: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


def picture(lake: Lake) -> Picture:
    """In a child: it opens the lake anew."""
    context = lake.context()
    found = releases(context.catalog)
    shelf, twice = {}, 0
    for name in found[-1].tables if found else ():
        table = context.catalog.load_table(local_name(name))
        rows = table.scan(snapshot_id=found[-1].tables[name]).to_arrow()
        shelf[name] = _counted(rows)
        ids = _IDS[name.rpartition(".")[2]].split(",")
        names = Counter(zip(*(rows[one].to_pylist() for one in ids), strict=True))
        twice += sum(times - 1 for times in names.values())
    waves = tuple(
        (row["run"], wave["wave"], wave["state"], wave["texts"] or 0)
        for row in runs.recent_runs(context.ops)
        for wave in runs.waves_of(context.ops, row["run"])
    )
    return Picture(
        shelf=shelf,
        shop={name: _counted(_rows(context, name)) for name in _SHOP},
        answers={name: _counted(_rows(context, name)) for name in _ANSWERS},
        twice=twice,
        releases=len(found),
        waves=waves,
        states={row["run"]: row["state"] for row in runs.recent_runs(context.ops)},
        problems=tuple(chain_broken(context)),
    )


def judged(
    calm: Picture, readable: Sequence[Picture], cut: Picture, after: Picture
) -> tuple[dict[str, int], list[str]]:
    """
    Figures, and in words what is wrong.

    `calm` is the undisturbed end, `readable` what readers may see after the fault, `cut` what
    stood there then, `after` the end of the rerun.
    """
    lost = duplicated = unequal = 0
    notes: list[str] = list(after.problems)
    for part in ("shelf", "shop", "answers"):
        for name, rows in getattr(calm, part).items():
            there = Counter(getattr(after, part).get(name, {}))
            missing = sum((Counter(rows) - there).values())
            extra = sum((there - Counter(rows)).values())
            again = sum(
                times - rows[row] for row, times in there.items() if times > rows.get(row, times)
            )
            if missing or extra:
                notes.append(f"{name}: {missing} rows missing, {extra} too many ({again} twice)")
            lost += missing
            duplicated += again
            unequal += bool(missing or extra)
    duplicated += max(0, after.twice - calm.twice)
    partial = int(cut.shelf not in [one.shelf for one in readable])
    partial += int(after.releases > calm.releases)
    if partial:
        notes.append("readers saw what is neither the old release nor the new one")
    redone = _redone(calm, cut, after)
    if redone > 1:
        notes.append(f"{redone} waves were asked again")
    found = {"lost": lost, "duplicated": duplicated, "partial": partial, "unequal": unequal}
    return {**found, "redone_waves": redone, "publish_anomalies": len(after.problems)}, notes


def _redone(calm: Picture, cut: Picture, after: Picture) -> int:
    """Waves that were begun and not finished, and what was asked beyond the calm run's texts."""
    unfinished = sum(state != "committed" for _, _, state, _ in cut.waves)
    texts = sum(texts for *_, texts in after.waves) - sum(texts for *_, texts in calm.waves)
    largest = max((texts for *_, texts in calm.waves), default=1)
    return unfinished + max(0, -(-texts // largest))


def chain_broken(context: Context) -> list[str]:
    """Releases that are no chain, or that nothing keeps: no reader sees it at once."""
    found = releases(context.catalog)
    wrong = []
    if [(one.release, one.parent) for one in found] != [(n + 1, n) for n in range(len(found))]:
        wrong.append(f"no chain: {[(one.release, one.parent) for one in found]}")
    for name in sorted({name for one in found for name in one.tables}):
        table = context.catalog.load_table(local_name(name))
        kept = {ref.snapshot_id for ref in table.refs().values()}
        if lost := [one.release for one in found if one.tables.get(name) not in (None, *kept)]:
            wrong.append(f"{name}: nothing keeps the snapshots of releases {lost}")
    return wrong


def _rows(context: Context, name: str) -> pa.Table:
    if not context.catalog.table_exists(local_name(name)):
        return pa.table({"none": pa.array([], pa.string())})
    return rows_of(context.catalog, name)


def _counted(rows: pa.Table) -> Rows:
    kept = [name for name in rows.column_names if name not in _NOT_COMPARED]
    return Counter(map(repr, rows.select(kept).to_pylist(maps_as_pydicts="lossy")))
