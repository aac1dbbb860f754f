"""SQL that keeps the lake small: Iceberg's own procedures, and what they are decided by."""

from collections.abc import Collection
from datetime import datetime

from nightshelf.lakehouse.sql import at_snapshot, name
from nightshelf.names import ANSWERS, VERSIONS

#: Answers, versions and shelf are folded into files near this size.
TARGET_BYTES = 128 * 1024 * 1024
#: Iceberg's own: files below this are small, and so many in one partition are worth folding.
SMALL_BYTES = TARGET_BYTES * 3 // 4
FEW = 5


def time(at: datetime) -> str:
    """
    A moment in UTC, as the procedures take it.

    >>> from datetime import UTC
    >>> time(datetime(2026, 3, 1, 4, 5, 6, tzinfo=UTC))
    "TIMESTAMP '2026-03-01 04:05:06'"
    """
    return f"TIMESTAMP '{at:%Y-%m-%d %H:%M:%S}'"


def files_at(table: str, snapshot: int) -> str:
    return at_snapshot(f"{name(table)}.files", snapshot)


def files_of(table: str) -> str:
    return f"{name(table)}.files"


def no_rows(files: str) -> str:
    return f"SELECT * FROM {files} LIMIT 0"


def small_files(files: str, columns: Collection[str]) -> str:
    """How many `small` files lie in partitions that hold enough of them to be folded."""
    partition = "spec_id, partition" if "partition" in columns else "spec_id"
    return f"""SELECT coalesce(sum(small), 0) AS small FROM (
        SELECT count(*) AS small FROM {files} WHERE file_size_in_bytes < {SMALL_BYTES}
        GROUP BY {partition} HAVING count(*) >= {FEW})"""


def fold(table: str, branch: str | None = None) -> str:
    on = f", branch => '{name(branch)}'" if branch else ""
    return f"""CALL lake.system.rewrite_data_files(table => '{_local(table)}'{on}, options => map(
        'target-file-size-bytes', '{TARGET_BYTES}', 'min-input-files', '{FEW}'))"""


def fold_manifests(table: str) -> str:
    return f"CALL lake.system.rewrite_manifests(table => '{_local(table)}')"


def expire(table: str, older_than: datetime) -> str:
    return f"""CALL lake.system.expire_snapshots(
        table => '{_local(table)}', older_than => {time(older_than)})"""


def remove_orphans(table: str, older_than: datetime, *, dry_run: bool) -> str:
    return f"""CALL lake.system.remove_orphan_files(table => '{_local(table)}',
        older_than => {time(older_than)}, dry_run => {str(dry_run).lower()})"""


def garbage(question: str, older_than: datetime) -> str:
    """A condition: answers to contents that no accepted row of the shop has any more."""
    contents = " UNION ".join(
        f"SELECT content_key FROM {table} WHERE content_key IS NOT NULL"
        for table in VERSIONS.values()
    )
    return f"""FROM {ANSWERS}.{name(question)} a WHERE a.answered_at < {time(older_than)}
        AND NOT EXISTS (SELECT 1 FROM ({contents}) c WHERE c.content_key = a.content_key)"""


def count_garbage(question: str, older_than: datetime) -> str:
    return f"SELECT count(*) AS garbage {garbage(question, older_than)}"


def delete_garbage(question: str, older_than: datetime) -> str:
    return f"DELETE {garbage(question, older_than)}"


def _local(table: str) -> str:
    return name(table).removeprefix("lake.")
