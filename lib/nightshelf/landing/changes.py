"""Which dates hold other files than those that were read: late, changed or vanished."""

from collections.abc import Mapping
from pathlib import Path

from nightshelf.errors import ContractError
from nightshelf.landing.folders import date_folders
from nightshelf.landing.ready import KnownFile, landed_files
from nightshelf.landing.success import Success, read_success


def changed_dates(
    landing: Path, dataset: str, known: Mapping[str, Mapping[str, KnownFile]]
) -> dict[str, list[str]]:
    """
    What is new, changed or vanished, by date: `{"2026-02-03": ["new a.parquet"]}`.

    `known`: what was read before, by date and file name. A folder that is not closed, and a
    file that is not there in the size listed, are still being delivered and not reported;
    a known file that is gone is, and so is every file of a known date whose folder is gone.
    """
    folders = dict(date_folders(landing, dataset))
    changes = {
        date: [f"vanished {name}" for name in sorted(files)]
        for date, files in known.items()
        if date not in folders
    }
    for date, folder in folders.items():
        success = _closed(folder)
        if success is not None:
            changes[date] = _differences(folder, success, known.get(date, {}))
    return {date: changes[date] for date in sorted(changes) if changes[date]}


def _closed(folder: Path) -> Success | None:
    try:
        return read_success(folder)
    except ContractError:  # `readiness` says so where a person asks for this date
        return None


def _differences(folder: Path, success: Success, known: Mapping[str, KnownFile]) -> list[str]:
    present = {file.name: file for file in landed_files(folder, known)}
    listed = success.files or {}
    changes = [f"vanished {name}" for name in known if name not in present]
    for name, file in present.items():
        if listed.get(name, file.bytes) != file.bytes:
            continue
        if name not in known:
            changes.append(f"new {name}")
        elif known[name].sha256 != file.sha256:
            changes.append(f"changed {name}")
    return sorted(changes)


__all__ = ["KnownFile", "changed_dates"]
