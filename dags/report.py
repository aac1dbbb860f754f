"""
## Report

Writes the report of each night that has ended well to `reports/DATE.html` in the home of
Nightshelf: one page without script that can be mailed, printed or kept. It starts by itself when
the DAG `nightly` has released a date, or found nothing new in it, and gets that night's partition
key, the date.

| step | reads | writes |
|---|---|---|
| `write` | the operations database, the lake, events of released tables | `reports/DATE.html` |

Only the user whom Airflow runs as can read the file. It is written whole or not at all, and a later
night of the same date replaces it. Its log says how many rows each table has.

By hand: *Trigger > Advanced Options > Partition Key* = the date. It takes the last run that has
released the date. Runs of the DAG `reanswer` have no date and start nothing here:
`nightshelf report RUN --out FILE.html` writes theirs.

**Safe to run again?** Yes, at any time: it changes nothing but that file.

| if this fails | do this |
|---|---|
| `no run has released …` | Its night is held, failed or has not run: see *Nightshelf*. |
| `… cannot be written` | Make room, or mend the folder `reports`; then clear `write`. |
| anything else | The night itself is well. Clear `write`. |
"""

from datetime import timedelta

from airflow.sdk import DAG, AssetAll, PartitionedAssetTimetable

from common.alerts import OURS
from common.assets import SHELF_TABLES
from common.params import date_param
from common.report import WriteReport
from nightshelf.names import REPORT

with DAG(
    REPORT,
    # All tables are told of at once, by the last task of a night.
    schedule=PartitionedAssetTimetable(assets=AssetAll(*SHELF_TABLES)),
    catchup=False,
    max_active_runs=1,
    # It follows the nights: whoever switches those on wants their reports.
    is_paused_upon_creation=False,
    default_args={**OURS, "retries": 2, "retry_delay": timedelta(minutes=1)},
    params={"date": date_param()},
    doc_md=__doc__,
    tags=["nightshelf"],
):
    WriteReport(task_id="write")
