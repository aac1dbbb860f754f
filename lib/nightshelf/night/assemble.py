"""Third step: join versions and answers on the run's branch, and audit what came out."""

from pyspark.sql import SparkSession

from nightshelf.errors import AuditError
from nightshelf.lakehouse.branches import branch_of, branch_snapshots, open_branches
from nightshelf.lakehouse.changes import changed_rows
from nightshelf.night.context import Context
from nightshelf.night.frozen import builds_only, newest_release, night_of
from nightshelf.night.generation import ask_what_a_release_brought
from nightshelf.ops import runs
from nightshelf.quality.accounting import in_words
from nightshelf.quality.expectations import violated
from nightshelf.spark.assemble import assemble, digests
from nightshelf.spark.audit import audit, ends_of
from nightshelf.spark.views import open_views


def assemble_and_audit(session: SparkSession, context: Context, run: str) -> None:
    """Raise `AuditError`, naming every expectation that failed; nothing is published then."""
    row = runs.read_run(context.ops, run)
    if builds_only(row):
        context.say("assemble: nothing, the answers are of a version that is not active")
        return
    ask_what_a_release_brought(session, context, row)
    parent = newest_release(context)
    night = night_of(context, run)
    branch = branch_of(run)
    open_branches(context.catalog, night.base, branch=branch)
    open_views(session, night, with_text=False)
    assemble(session, night, branch)
    found = digests(session, night, branch)
    ends = ends_of(session, night, branch)
    checks = audit(session, night, branch, context.settings, ends)
    wrong = violated(checks)
    tables = branch_snapshots(context.catalog, night.base, branch=branch)
    before = parent.digests if parent else {}
    runs.update_run(
        context.ops,
        run,
        assembled={
            "parent": parent.release if parent else 0,
            "tables": tables,
            "digests": {table: one["digest"] for table, one in found.items()},
            "rows": {table: int(one["rows"]) for table, one in found.items()},
            "ends": dict(ends),
            # Digests are sums over rows: their difference is that of the rows that changed.
            "change": {
                table: str(int(one["digest"]) - int(before.get(table, "0")))
                for table, one in found.items()
            },
            "changed_rows": changed_rows(context.catalog, night.base, tables),
            "audit": [one.in_full() for one in checks],
            "violations": [str(one) for one in wrong],
            "violated": [one.as_dict() for one in wrong],
        },
    )
    for table, one in found.items():
        context.say(f"assemble: {table}: {one['rows']} rows")
    for table, ended in ends.items():
        context.say(f"audit: {table}: {in_words(ended)}")
    if wrong:
        raise AuditError(
            f"the release of run {run} is held, nothing was published: "
            + "; ".join(map(str, wrong))
        )
    context.say("audit: every expectation holds")
