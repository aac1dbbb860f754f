"""
## Maintenance

Keeps the lake small: once a week, or by hand with *Trigger*. It runs beside any night, and every
release that is kept reads as before.

| it clears away | but never |
|---|---|
| small files, folded into few near 128 MB | an answer that a night commits meanwhile |
| snapshots, and the files that only they need | what a kept release or an open run names |
| tags of releases that are not kept any more | the newest `NIGHTSHELF_KEPT_RELEASES` |
| branches of runs that are over | branches of held and of running runs |
| files that no table knows | those younger than `NIGHTSHELF_ORPHAN_DAYS` |
| answers to texts that no row has any more | unless `NIGHTSHELF_GARBAGE_DAYS` says so |

The log ends with a report: files and bytes of each table before and after, and what was freed. It
lies in the operations database as well, table `maintenance`.

**Safe to run again?** Yes, at any time; two at once there are never. **Try `dry_run` first** when
you wonder what it would do.

| if this fails | do this |
|---|---|
| `maintenance` is held by a run | Another one works. Wait for it. |
| anything else | Its log names the table. What was done is done; clear the task. |
| the report says `left` | Nights committed at each attempt. The next one does it. |
"""

from datetime import UTC, datetime, timedelta

from airflow.sdk import DAG, Param

from common.alerts import OURS
from common.upkeep import Maintenance
from nightshelf.names import MAINTENANCE

with DAG(
    MAINTENANCE,
    schedule="0 11 * * 0",
    start_date=datetime(2020, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    default_args={**OURS, "retries": 1, "retry_delay": timedelta(minutes=30)},
    params={
        "dry_run": Param(
            default=False,
            type="boolean",
            description="Say what would go, and change nothing.",
        )
    },
    doc_md=__doc__,
    tags=["nightshelf"],
):
    Maintenance(task_id="maintain")
