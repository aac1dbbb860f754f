"""What `land` is told, checked before anything is written."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from nightshelf.contracts import CONTRACTS, Contract
from nightshelf.contracts.shape import columns_of
from nightshelf.errors import ContractError
from nightshelf.landing.sources import Source
from nightshelf.landing.success import DELTA, SNAPSHOT, read_success


def contract_of(dataset: str) -> Contract:
    if dataset not in CONTRACTS:
        raise ContractError(f"no data set is called {dataset!r}; use {' or '.join(CONTRACTS)}")
    return CONTRACTS[dataset]


def check_arguments(
    contract: Contract, files: Sequence[Path], rename: Mapping[str, str], mode: str | None
) -> None:
    if not files:
        raise ContractError("no file was named; name at least one")
    if contract.dataset == "catalog" and mode not in (SNAPSHOT, DELTA):
        raise ContractError("say what a catalog is: --snapshot (all products) or --delta (changes)")
    if contract.dataset != "catalog" and mode is not None:
        raise ContractError(f"--{mode} is for the catalog; {contract.dataset} land without it")
    fields = contract.schema.names
    for unknown in [name for name in rename if name not in fields]:
        raise ContractError(
            f"--rename {unknown}=…: {contract.dataset} have no such field;"
            f" fields: {', '.join(fields)}"
        )
    for stem, count in Counter(path.stem for path in files).items():
        if count > 1:
            raise ContractError(
                f"{count} files would both become {stem}.parquet; rename all but one"
            )


def check_rename(contract: Contract, sources: Sequence[Source], rename: Mapping[str, str]) -> None:
    readable = [source.schema.names for source in sources if not source.broken]
    for name, column in rename.items():
        if readable and not any(columns_of(contract, n, rename)[name] for n in readable):
            raise ContractError(
                f"--rename {name}={column}: no file has a column {column!r};"
                f" columns found: {', '.join(readable[0])}"
            )


def check_mode(folder: Path, mode: str | None) -> None:
    """One folder is a snapshot or a delta: what was landed there before decides."""
    before = read_success(folder)
    if before and before.mode and before.mode != mode:
        raise ContractError(
            f"{folder} was landed as --{before.mode}; land with --{before.mode},"
            " or remove the folder first"
        )
