"""
## Approve

Lets a held release pass. The page *Nightshelf* starts it when somebody approves; who that is, is
the Airflow user who triggered the run.

| step | reads | writes |
|---|---|---|
| `approve` | the held run, and today's state of the lake | one commit to `lake.shelf.releases` |

It assembles the run again and releases it if what it changes is what was audited. If that differs,
it is audited anew: released if nothing is violated now, held again if something is.

**Safe to run again?** Yes: a run that was released is not held any more, and the task says so.

| if this fails | do this |
|---|---|
| exit 12 | It was held anew: what it would publish has changed. Look at it and approve again. |
| `no release of a run … is held` | Somebody was faster, or a later run has taken its dates. |
| anything else | The run stays held and readers see the last release. Clear the task. |
"""

from datetime import timedelta

from airflow.sdk import DAG, Param

from common.alerts import OURS
from common.approval import Approve
from nightshelf.names import APPROVE

with DAG(
    APPROVE,
    schedule=None,
    catchup=False,
    # Somebody waits for it at three in the morning.
    is_paused_upon_creation=False,
    default_args={**OURS, "retries": 1, "retry_delay": timedelta(minutes=1)},
    params={
        "run": Param(
            type="string", pattern="^[nr][0-9]{8}_[0-9a-f]{8}$", description="The held run."
        ),
        "reason": Param(
            type="string", minLength=3, maxLength=500, description="Why it may pass; it is kept."
        ),
    },
    doc_md=__doc__,
    tags=["nightshelf"],
):
    Approve(task_id="approve")
