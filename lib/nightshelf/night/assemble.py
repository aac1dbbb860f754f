"""Third step: join versions and answers on the run's branch, and audit what came out."""

from pyspark.sql import SparkSession

from nightshelf.errors import AuditError
from nightshelf.lakehouse.branches import branch_of, branch_snapshots, open_branches
from nightshelf.names import SHELF
from nightshelf.night.context import Context
from nightshelf.night.frozen import newest_release, night_of
from nightshelf.ops import runs
from nightshelf.spark.assemble import assemble, digests
from nightshelf.spark.audit import audit
from nightshelf.spark.views import open_views


def assemble_and_audit(session: SparkSession, context: Context, run: str) -> None:
    """Raise `AuditError`, naming every expectation that failed; nothing is published then."""
    parent = newest_release(context)
    night = night_of(context, run)
    branch = branch_of(run)
    open_branches(context.catalog, night.base, branch=branch)
    open_views(session, night, with_text=False)
    assemble(session, night, branch)
    found = digests(session, branch)
    violated = audit(session, night, branch, context.settings)
    runs.update_run(
        context.ops,
        run,
        assembled={
            "parent": parent.release if parent else 0,
            "tables": branch_snapshots(context.catalog, SHELF, branch=branch),
            "digests": {table: one["digest"] for table, one in found.items()},
            "rows": {table: int(one["rows"]) for table, one in found.items()},
            "violations": [str(one) for one in violated],
        },
    )
    for table, one in found.items():
        context.say(f"assemble: {table}: {one['rows']} rows")
    if violated:
        raise AuditError(
            f"the release of run {run} is held, nothing was published: "
            + "; ".join(map(str, violated))
        )
    context.say("audit: every expectation holds")
