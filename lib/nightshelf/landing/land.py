"""Bring the shop's files into a landing folder: `nightshelf land reviews FILE… --date D`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date as Date
from pathlib import Path

from nightshelf.contracts import Contract
from nightshelf.contracts.shape import BROKEN_PARQUET, shape_problem
from nightshelf.errors import ContractError
from nightshelf.landing.arguments import check_arguments, check_mode, check_rename, contract_of
from nightshelf.landing.convert import Converted, convert
from nightshelf.landing.folders import date_folder
from nightshelf.landing.sources import PARQUET, Source, inspect
from nightshelf.landing.staging import Staging, staging


@dataclass
class Landed:
    """
    What was done: rows by landed file, columns that were left out by landed file, and
    warnings for people. `carried`: files taken as they are, for the night to reject.
    """

    folder: Path
    rows: dict[str, int] = field(default_factory=dict)
    dropped: dict[str, tuple[str, ...]] = field(default_factory=dict)
    malformed: dict[str, Mapping[str, int]] = field(default_factory=dict)
    carried: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def note(self, name: str, converted: Converted) -> None:
        """Take a converted file into the report."""
        self.rows[name] = converted.rows
        self.malformed[name] = dict(converted.malformed)
        self.dropped[name] = tuple(sorted(converted.dropped))
        if converted.malformed:
            counts = ", ".join(f"{code} {n}" for code, n in sorted(converted.malformed.items()))
            self.warnings.append(f"{name}: lines that could not be read: {counts}.")


def land(  # noqa: PLR0913 - the command's arguments, one by one
    landing: Path,
    dataset: str,
    files: Sequence[Path],
    date: Date,
    *,
    rename: Mapping[str, str],
    mode: str | None,
) -> Landed:
    """
    Land Parquet, CSV and JSON Lines as Parquet in `landing/<dataset>/date=<date>/`.

    `rename` maps field to column. `mode`: `snapshot` or `delta` for a catalog, else null.
    Landing again into a date adds files and replaces those of the same name.
    `ContractError` where nothing can be landed; then nothing was written.
    """
    contract = contract_of(dataset)
    folder = date_folder(landing, dataset, date)
    check_arguments(contract, files, rename, mode)
    sources = [inspect(path, {*contract.schema.names, *rename.values()}) for path in files]
    check_rename(contract, sources, rename)
    landed = Landed(folder)
    with staging(folder) as stage:
        check_mode(folder, mode)
        for source in sources:
            _stage(stage, source, contract, rename, landed)
        if not landed.rows:
            raise ContractError("nothing landed. " + " ".join(landed.warnings))
        stems = {name: Path(name).stem for name in (*landed.rows, *landed.carried)}
        stage.publish(stems, mode)
    return landed


def _problem(contract: Contract, source: Source, rename: Mapping[str, str]) -> str | None:
    """Why the file cannot be used, as a sentence that says what to do."""
    if source.broken:
        return f"{source.path.name} is not Parquet that can be read; deliver it again."
    problem = shape_problem(contract, source.schema, rename)
    if problem is None:
        return None
    hint = f"; use --rename {problem.field}=COLUMN" if problem.reason == "missing_column" else ""
    return f"{source.path.name}: {problem.detail}{hint}."


def _stage(
    stage: Staging,
    source: Source,
    contract: Contract,
    rename: Mapping[str, str],
    landed: Landed,
) -> None:
    name = f"{source.path.stem}.parquet"
    problem = _problem(contract, source, rename)
    if problem is None:
        try:
            converted = convert(source, contract, rename, stage.hidden(name))
            landed.note(name, converted)
        except BROKEN_PARQUET:
            if source.format != PARQUET:  # then it is our disk that failed, not their file
                raise
            stage.hidden(name).unlink(missing_ok=True)
            problem = f"{source.path.name} is Parquet with a corrupt page; deliver it again."
    if problem:
        stage.carry_over(source.path)
        landed.carried.append(source.path.name)
        landed.warnings.append(problem)
