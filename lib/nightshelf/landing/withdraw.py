"""Take landed files back: `nightshelf withdraw reviews NAME… --date D`."""

from collections.abc import Sequence
from datetime import date as Date
from pathlib import Path

from nightshelf.errors import ContractError
from nightshelf.landing.folders import date_folder
from nightshelf.landing.staging import staging
from nightshelf.landing.success import SUCCESS, data_files, read_success, write_success


def withdraw(landing: Path, dataset: str, names: Sequence[str], date: Date) -> None:
    """
    Remove the files and close the folder again without them.

    Closed and empty it says that nothing is left of the date; a night then takes its rows back.
    `ContractError`, with nothing removed, where a name is not there.
    """
    folder = date_folder(landing, dataset, date)
    present = [path.name for path in data_files(folder)] if folder.is_dir() else []
    if absent := sorted(set(names) - set(present)):
        listed = ", ".join(present) or "nothing"
        raise ContractError(f"{folder} does not hold {', '.join(absent)}; it holds {listed}")
    success = read_success(folder)
    with staging(folder):
        (folder / SUCCESS).unlink(missing_ok=True)
        for name in names:
            (folder / name).unlink()
        write_success(folder, success.mode if success else None)
