"""
## Reanswer

Published rows are answered again: those of another model than the active one, of certain dates,
products or a category, or those that failed. **A dry run is the default**: its first task says what
would be asked, and nothing changes.

| step | reads | writes |
|---|---|---|
| `choose` | the newest release, and the parameters | the lease of the question, the plan |
| `ask` | texts of chosen rows without an answer | `lake.answers.*`, wave by wave |
| `assemble` | answers | the chosen rows of `lake.shelf.*` on the run's branch, audited |
| `release` | the audited branch | one commit to `lake.shelf.releases` |

Rows that were not chosen stay as they are. A row that a night changes meanwhile is the night's.
With a version of `embedding` that is not active, answers are stored and nothing is published:
`nightshelf models activate --question embedding` switches all vectors at once.

**Safe to run again?** Yes, at any time, beside any night: nothing is asked twice, and a cleared
task goes on with the rows that were chosen.

| if this fails | do this |
|---|---|
| `choose` | Its log names the parameter or the model. Trigger another run. |
| `ask` | Clear it: it goes on with what has no answer yet. |
| `assemble`: held | Readers see the last release. Its log names what is not as expected. |
| `release` | Clear it: a release is one commit, done or not done. |
"""

from datetime import timedelta

from airflow.sdk import DAG, Param

from common.again import AgainStep, ChooseRows
from common.alerts import OURS
from common.assets import SHELF_TABLES
from nightshelf.names import REANSWER, SENTIMENT

_VERSION = {"type": ["null", "string"], "pattern": "^[0-9a-f]{16}$"}
_DATE = {"type": ["null", "string"], "format": "date"}
_TEXT = {"type": ["null", "string"], "minLength": 1}
_LIMIT = {"type": ["null", "integer"], "minimum": 1}

with DAG(
    REANSWER,
    schedule=None,
    catchup=False,
    default_args={**OURS, "retries": 2, "retry_delay": timedelta(minutes=1)},
    params={
        "question": Param(
            SENTIMENT, type="string", pattern="^[a-z][a-z0-9_]*$", description="Whose answers."
        ),
        "by": Param(None, **_VERSION, description="Who answers; the active version if empty."),
        "model_is_not": Param(
            None, **_VERSION, description="Rows of another version than this one."
        ),
        "prompt_is_not": Param(
            None, type=["null", "string"], description="Rows of a version with another prompt."
        ),
        "date_from": Param(None, **_DATE, description="The first landing date."),
        "date_to": Param(None, **_DATE, description="The last landing date."),
        "category": Param(None, **_TEXT, description="Of the product."),
        "product_ids": Param(
            None, type=["null", "array"], items={"type": "string"}, description="One a line."
        ),
        "failed_with_reason": Param(
            None, **_TEXT, description="Rows that failed for it, though they count as known."
        ),
        "most_rows": Param(None, **_LIMIT, description="Newest landing date first."),
        "most_tokens": Param(None, **_LIMIT, description="Newest landing date first."),
        "dry_run": Param(default=True, type="boolean", description="Only say what would be done."),
    },
    doc_md=__doc__,
    tags=["nightshelf"],
):
    choose = ChooseRows(task_id="choose")
    ask = AgainStep(task_id="ask", step="ask")
    assemble = AgainStep(task_id="assemble", step="assemble")
    release = AgainStep(task_id="release", step="release", outlets=SHELF_TABLES)

    choose >> ask >> assemble >> release
