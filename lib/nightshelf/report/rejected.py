"""Rows that were turned away: counts as ingest has noted them, and a page of them by place."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyiceberg.exceptions import NoSuchTableError
from pyiceberg.expressions import In

from nightshelf.lakehouse.catalog import local_name
from nightshelf.names import REJECTED
from nightshelf.report.accounting import accounts_of
from nightshelf.report.shape_rows import Rejected, RejectedFile, RejectedRow
from nightshelf.report.source import Page, Source

if TYPE_CHECKING:
    from pyiceberg.table import FileScanTask, Table

#: Pairs of file and reason in a report.
MOST_FILES = 50
_COLUMNS = ("dataset", "landing_date", "file", "row", "field", "reason")
_BATCH = 16_384


def rejected(source: Source) -> Rejected:
    accounts = accounts_of(source)
    files, more = _files(accounts)
    reasons: Counter[str] = Counter()
    for one in accounts:
        reasons.update((one.get("refused") or {}).get("reasons", {}))
    total = sum(int(a["rejected"] + a["duplicate"] + a["files_rejected"]) for a in accounts)
    sample = list(_sample(source)) if total else []
    return {
        "total": total,
        "reasons": dict(reasons.most_common()),
        "files": files,
        "more_files": more,
        "sample": sample,
        "offset": source.page.start,
        "note": _note(source.page, total, reasons, sample),
    }


def _files(accounts: Sequence[Mapping[str, Any]]) -> tuple[list[RejectedFile], int]:
    pairs: list[RejectedFile] = []
    more = 0
    for one in accounts:
        refused = one.get("refused") or {}
        more += int(refused.get("more", 0))
        pairs += [
            {
                "dataset": str(one["dataset"]),
                "date": str(one["landing_date"]),
                "file": str(pair["file"]),
                "reason": str(pair["reason"]),
                "rows": int(pair["rows"]),
            }
            for pair in refused.get("files", ())
        ]
    pairs.sort(key=lambda pair: -pair["rows"])
    return pairs[:MOST_FILES], more + max(0, len(pairs) - MOST_FILES)


def _note(page: Page, total: int, reasons: Mapping[str, int], sample: Sequence[object]) -> str:
    if total and not reasons:
        return "This run is of a version that did not keep why rows were turned away."
    if total and not sample and not page.start and not page.is_narrowed:
        return "A later run has read these dates again: the counts are this run's, its rows went."
    return ""


def _sample(source: Source) -> Iterator[RejectedRow]:
    try:
        table = source.catalog.load_table(local_name(REJECTED))
    except NoSuchTableError:
        return
    # Its signature is only known when it runs.
    of_dates = In("landing_date", source.dates)  # type: ignore[call-arg,arg-type]
    start, left = source.page.start, source.page.limit
    for file in table.scan(of_dates).plan_files():
        if left and start >= file.file.record_count and not source.page.is_narrowed:
            # A date's rows are replaced together: a file holds only rows of the run, or none.
            start -= file.file.record_count
            continue
        for rows in _batches(table, file, source):
            if not left:
                return
            shown = rows.slice(min(start, len(rows)), left)
            start, left = max(0, start - len(rows)), left - len(shown)
            yield from map(_row, shown.to_pylist())


def _batches(table: "Table", file: "FileScanTask", source: Source) -> Iterator[pa.RecordBatch]:
    """
    Of the run and of what the page is narrowed to, so many at a time as memory does not feel.

    Read by hand: a scan of PyIceberg holds all rows of a file. Nothing writes deletes here.
    """
    wanted = {"run": source.run, "reason": source.page.reason, "file": source.page.file}
    with table.io.new_input(file.file.file_path).open() as stream:
        for rows in pq.ParquetFile(stream).iter_batches(_BATCH, columns=[*_COLUMNS, "run"]):
            for name, value in wanted.items():
                if value is not None:
                    rows = rows.filter(pc.equal(rows[name], value))
            if len(rows):
                yield rows


def _row(row: Mapping[str, Any]) -> RejectedRow:
    return {
        "dataset": row["dataset"],
        "date": str(row["landing_date"]),
        "file": row["file"],
        "row": row["row"],
        "field": row["field"],
        "reason": row["reason"],
    }
