"""
## Nightly

One night of one date: what shoppers said and what the shelf holds, read, understood, audited and
released. The run's **partition key is the date** (YYYY-MM-DD); the scheduler starts the night of a
day at the midnight (UTC) that ends it. By hand: *Trigger > Advanced Options > Partition Key*, or
*Backfill* for a range of dates.

| step | reads | writes |
|---|---|---|
| `ready` | `landing/*/date=D/_SUCCESS` | the lease of the date |
| `ingest` | landed files of D, and of earlier dates that changed | `lake.shop.*`, the plan |
| `plan` | the plan and its caps | nothing; over a cap a person is asked here, before any model |
| `ask` | contents without an answer | `lake.answers.*`, wave by wave |
| `assemble` | versions and answers | `lake.shelf.*` on the run's branch, audited |
| `release` | the audited branch | one commit to `lake.shelf.releases`; a person is asked if held |

**Safe to run again?** Yes, all of it, at any time: nothing is asked twice, and the same input gives
the same release.

| if this fails | do this |
|---|---|
| `ready`: input is missing | Nothing was delivered by the deadline. Land it, then clear `ready`. |
| `ingest` | Its log names the file or the setting. Mend it, then clear `ingest`. |
| `plan` waits: over a cap | *Required Actions*: take what fits, ask everything, or leave it. |
| `ask` | Clear it: it goes on with what has no answer yet. |
| `assemble` | Data is lost or wrong, nothing was released. Mend what its log names, run again. |
| `release` waits: held | *Required Actions* shows what is unusual: approve or reject it. |
| `release` failed | Clear it: a release is one commit, done or not done. |
"""

from datetime import UTC, datetime, timedelta

from airflow.sdk import DAG, CronPartitionTimetable, Param

from common.alerts import OURS
from common.assets import SHELF_TABLES
from common.params import date_param
from common.person import FORM, PLAN, RELEASE, AuditedStep, PersonStep
from common.steps import AS_SET, NightReady, NightStep
from nightshelf.names import NIGHTLY

with DAG(
    NIGHTLY,
    schedule=CronPartitionTimetable(
        "0 0 * * *", timezone="UTC", run_offset=-1, key_format="%Y-%m-%d"
    ),
    start_date=datetime(2020, 1, 1, tzinfo=UTC),
    catchup=False,
    # One that waits for a person does not keep the next nights waiting.
    max_active_runs=4,
    default_args={**OURS, "retries": 2, "retry_delay": timedelta(minutes=1)},
    params={
        "date": date_param(),
        "over_cap": Param(
            AS_SET,
            type="string",
            enum=[AS_SET, "hold", "take", "ignore"],
            description="A plan over a cap: hold it, take the part that fits, or ask everything.",
        ),
    },
    doc_md=__doc__,
    tags=["nightshelf"],
):
    ready = NightReady(task_id="ready", mode="reschedule", poke_interval=30, timeout=172_800)
    ingest = NightStep(task_id="ingest", step="ingest")
    plan = PersonStep(task_id="plan", step="plan", choices=PLAN, params=FORM)
    ask = NightStep(task_id="ask", step="ask")
    assemble = AuditedStep(task_id="assemble", step="assemble")
    release = PersonStep(
        task_id="release", step="release", choices=RELEASE, params=FORM, outlets=SHELF_TABLES
    )

    ready >> ingest >> plan >> ask >> assemble >> release
