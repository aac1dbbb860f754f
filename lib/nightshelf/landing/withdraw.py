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
    `ContractError`, with nothing removed, where a name is not there, and where the folder is not
    closed: to close it would declare complete what is still being delivered.
    """
    folder = date_folder(landing, dataset, date)
    with staging(folder):
        present = [path.name for path in data_files(folder)]
        if absent := sorted(set(names) - set(present)):
            listed = ", ".join(present) or "nothing"
            raise ContractError(f"{folder} does not hold {', '.join(absent)}; it holds {listed}")
        success = read_success(folder)
        if success is None:
            raise ContractError(
                f"{folder} is not closed, it is still being delivered; withdraw from it when it"
                f" has its {SUCCESS}"
            )
        (folder / SUCCESS).unlink()
        for name in sorted(set(names)):
            (folder / name).unlink()
        write_success(folder, success.mode)
