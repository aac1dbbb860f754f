"""Temporary views that plan and assemble share: what may change, what is current, what to write."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pyspark.sql import DataFrame, SparkSession
from pyspark.storagelevel import StorageLevel

from nightshelf.lakehouse import outcomes, sql, versions
from nightshelf.shelf.published import Lane, Published
from nightshelf.spark.chosen import Chosen, open_chosen
from nightshelf.spark.lane_views import of_chosen, of_lane
from nightshelf.spark.requests import Describing, with_requests

_WRITTEN = ("retry_", "products_")
_SMALL = (*_WRITTEN, "affected_", "current_")


@dataclass(frozen=True)
class Night:
    """
    What a run works on, frozen when it was planned.

    `models` maps a question to its model version, `base` a shelf table to the snapshot of the
    release that the run starts from; `seen` are the dates of that release and the run's own.
    `published` are the tables that show the questions' answers; `is_capped` says that not all of
    them were asked for. `preferred` are the versions of sentiment whose label a text has that is no
    longer published, best first. A run that answers published rows again has `chosen` them; one
    that is `describing` products knows how. `rows` are those to ask about by question, once it is
    planned.
    """

    run: str
    dates: Sequence[str]
    models: Mapping[str, str]
    base: Mapping[str, int]
    seen: Sequence[str]
    published: tuple[Published, ...]
    is_capped: bool = False
    preferred: tuple[str, ...] = ()
    chosen: Chosen | None = None
    describing: Describing | None = None
    rows: Mapping[str, int] = field(default_factory=dict)

    def left_out(self, question: str) -> str | None:
        """Selects what a cap has left out of the question, if one has."""
        return outcomes.left_out(self.run, question) if self.is_capped else None

    def shelves(self, lane: Lane) -> list[str]:
        """The lane's tables as the run found them."""
        tables = [one.table for one in self.published if one.lane == lane]
        return [sql.at_snapshot(table, self.base[table]) for table in tables]

    @property
    def lanes(self) -> list[Lane]:
        return list(dict.fromkeys(one.lane for one in self.published))

    def lanes_of(self, question: str) -> list[Lane]:
        return [one.lane for one in self.published if one.question == question]

    def part(self, questions: Collection[str]) -> "Night":
        """The same with some of its questions only."""
        return replace(
            self,
            models={name: self.models[name] for name in questions},
            published=tuple(one for one in self.published if one.question in questions),
        )


def open_views(session: SparkSession, night: Night, *, with_text: bool) -> None:
    """
    Make the views `affected_`, `current_`, `writing_`, `asking_` and, if needed, `chosen_<lane>`.

    The models need their text and read each view once. Without it, rows are few and small, and
    read many times: which version is the current one is then found out once and written down.
    """
    for table, view in versions.SEEN.items():
        rows = session.sql(versions.seen(table, night.seen))
        if not with_text:
            rows = rows.drop("body", "description", "attributes")
        rows.createOrReplaceTempView(view)
    if night.chosen:
        open_chosen(session, night.chosen, night.published)
    for lane in night.lanes:
        views = of_chosen(lane, night) if night.chosen else of_lane(lane, night)
        for view, select in views.items():
            rows = _rows(session, night, view, select)
            # Others are built on it several times: a plan that holds it each time is slow to make.
            if view.startswith(_WRITTEN if with_text else _SMALL) and select[:6] != "TABLE ":
                rows = rows.localCheckpoint(storageLevel=StorageLevel.DISK_ONLY)
            rows.createOrReplaceTempView(view)


def _rows(session: SparkSession, night: Night, view: str, select: str) -> DataFrame:
    rows = session.sql(select)
    if night.describing and view.startswith("products_"):
        return with_requests(rows, night.describing)
    return rows
