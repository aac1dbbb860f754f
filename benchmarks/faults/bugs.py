"""Deliberate bugs in the defences, each of which the harness has to catch."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import nightshelf.lakehouse.release
import nightshelf.lakehouse.sql
import nightshelf.night.publish
import nightshelf.spark.ask
from nightshelf.lakehouse.catalog import local_name, rows_of
from nightshelf.lakehouse.release import releases
from nightshelf.lakehouse.tables import TABLES
from nightshelf.names import RELEASES, REVIEW_EMBEDDING


def release_without_parent_check() -> None:
    """The release's commit does not look whether its parent is still the newest."""
    import pyarrow as pa

    def publish(catalog: Any, release: Any) -> None:  # noqa: ANN401  as the one it stands for
        newest = max(rows_of(catalog, RELEASES)["release"].to_pylist(), default=0)
        row = {name: getattr(release, name) for name in TABLES[RELEASES].columns}
        row |= {"release": newest + 1, "parent": newest}
        row |= {name: list(row[name].items()) for name in ("tables", "digests", "models")}
        table = catalog.load_table(local_name(RELEASES))
        table.append(pa.Table.from_pylist([row], schema=TABLES[RELEASES].schema))

    nightshelf.night.publish.publish = publish


def stale_assembled_is_published() -> None:
    """What was assembled on an older release is taken as if it stood on the newest."""
    publish_run = nightshelf.night.publish.publish_run
    runs = nightshelf.night.publish.runs
    read = runs.read_run

    def publish_stale(context: Any, run: str) -> None:  # noqa: ANN401
        newest = nightshelf.night.publish.newest_release(context)
        row = dict(read(context.ops, run))
        row["assembled"] = {**row["assembled"], "parent": newest.release if newest else 0}
        runs.read_run = lambda *_: row
        try:
            publish_run(context, run)
        finally:
            runs.read_run = read

    nightshelf.night.publish.publish_run = publish_stale
    import benchmarks.faults.marked
    import benchmarks.faults.publishing

    for module in (benchmarks.faults.marked, benchmarks.faults.publishing):
        module.publish_run = publish_stale  # type: ignore[attr-defined]


def branches_dropped_before_the_tags() -> None:
    """The end of a release drops its branches and forgets to tag what they kept."""
    nightshelf.night.publish.settle = lambda *_: None


def one_table_is_left_out_of_the_release() -> None:
    """A release names the snapshots of all tables but one, which stays where it was."""
    publish = nightshelf.night.publish.publish

    def without_one(catalog: Any, release: Any) -> None:  # noqa: ANN401
        before = [one for one in releases(catalog) if one.release == release.parent]
        old = before[0].tables[REVIEW_EMBEDDING] if before else release.tables[REVIEW_EMBEDDING]
        publish(catalog, replace(release, tables={**release.tables, REVIEW_EMBEDDING: old}))

    nightshelf.night.publish.publish = without_one


def answers_are_not_read_again() -> None:
    """What to ask is found without a look at the answers that are there."""
    settled = nightshelf.lakehouse.sql.settled
    nightshelf.lakehouse.sql.settled = lambda *args: settled(*args) + " LIMIT 0"


def answers_of_one_question_are_dropped() -> None:
    """A wave appends the first question's answers and is closed without the second's."""
    append = nightshelf.spark.ask._append

    def only_first(answers: Any, question: Any, written_by: Any) -> None:  # noqa: ANN401
        if question.name != "embedding":
            append(answers, question, written_by)

    nightshelf.spark.ask._append = only_first


def errors_are_swallowed() -> None:
    """A step that breaks ends as if it had done its work."""
    from contextlib import contextmanager, suppress

    import nightshelf.night.step

    @contextmanager
    def silently(_step: str) -> Any:  # noqa: ANN401
        with suppress(Exception):
            yield

    nightshelf.night.step.in_words = silently


#: Each with the kind of trial that catches it.
BUGS: Mapping[str, tuple[Callable[[], None], str]] = MappingProxyType(
    {
        bug.__name__: (bug, kind)
        for bug, kind in (
            # Two have to commit within a moment: a race, which a short run may miss.
            (release_without_parent_check, "publishers"),
            (stale_assembled_is_published, "orders"),
            (branches_dropped_before_the_tags, "orders"),
            (one_table_is_left_out_of_the_release, "orders"),
            (errors_are_swallowed, "release"),
            (answers_are_not_read_again, "night"),
            (answers_of_one_question_are_dropped, "night"),
        )
    }
)
