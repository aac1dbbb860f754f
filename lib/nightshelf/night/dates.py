"""Which dates a night has to do: its own, and earlier ones whose input has changed since."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from nightshelf.contracts import CONTRACTS
from nightshelf.errors import ContractError, NotReady
from nightshelf.landing.changes import KnownFile, changed_dates
from nightshelf.landing.ready import landed_files, landing_mode
from nightshelf.landing.success import read_success
from nightshelf.night.context import Context
from nightshelf.night.lease import take_more
from nightshelf.ops import runs
from nightshelf.spark.landings import Landing


def dates_of(context: Context, run: str, date: str) -> dict[str, str]:
    """
    Each date of the run and why; a date that another run holds now is left to that run.

    An earlier date is read as a whole or not at all: while one of its folders is being
    delivered, it is left to a later night.
    """
    why: dict[str, list[str]] = {}
    for dataset in CONTRACTS:
        known = _known(context, dataset)
        changes = changed_dates(context.settings.landing, dataset, known)
        for day, found in changes.items():
            if day < date:
                why.setdefault(day, []).extend(f"{dataset}: {one}" for one in found)
    earlier = {
        day: "; ".join(found)
        for day, found in sorted(why.items())
        if not any(_is_open(_folder(context, dataset, day)) for dataset in CONTRACTS)
    }
    ours = take_more(context, run, list(earlier))
    return {date: "the night itself", **{day: earlier[day] for day in ours}}


def landings_of(context: Context, dates: Sequence[str]) -> list[Landing]:
    """
    Every data set of every date; one that was not delivered has no files.

    Closed is enough: a listed file that has vanished since is a change, not a delay. Raise
    `NotReady` for a folder that is not closed: to read it as empty would withdraw its rows.
    """
    found = []
    for date in sorted(dates):
        for dataset in CONTRACTS:
            folder = _folder(context, dataset, date)
            if folder.is_dir() and read_success(folder) is None:
                raise NotReady(f"{folder} is being delivered: start the step again when it is done")
            files = landed_files(folder)
            default = context.settings.catalog_mode
            mode = landing_mode(folder, default) if dataset == "catalog" and files else None
            found.append(Landing(dataset, date, mode, files))
    return found


def files_read(landings: Sequence[Landing]) -> list[dict[str, object]]:
    """The files as the operations database keeps them."""
    return [
        {
            "dataset": landing.dataset,
            "date": landing.date,
            "name": file.name,
            "bytes": file.bytes,
            "mtime_ns": file.mtime_ns,
            "sha256": file.sha256,
            "mode": landing.mode,
        }
        for landing in landings
        for file in landing.files
    ]


def _folder(context: Context, dataset: str, date: str) -> Path:
    return context.settings.landing / dataset / f"date={date}"


def _is_open(folder: Path) -> bool:
    try:
        return folder.is_dir() and read_success(folder) is None
    except ContractError:  # not closed in a way that can be read
        return True


def _known(context: Context, dataset: str) -> Mapping[str, Mapping[str, KnownFile]]:
    known: dict[str, dict[str, KnownFile]] = {}
    for row in runs.known_files(context.ops, dataset):
        file = KnownFile(row["sha256"], row["bytes"], row["mtime_ns"])
        known.setdefault(row["date"], {})[row["name"]] = file
    return known
