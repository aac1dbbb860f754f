"""
## Train

A sentiment model of the shop's own reviews, from labelled files or from what has landed. It is
registered, compared with what answers now and, if the run says so, promoted.

| step | reads | writes |
|---|---|---|
| `prepare` | the reviews, the base model | nothing: it says what there is to learn from |
| `train` | the same | `models/QUESTION_…` in the home; `trainings` and `models` of the database |
| `compare` | the golden files, or the test part of the reviews | `comparisons` |
| `promote` | the newest comparison | the activation; a person is asked if the model is worse |

Nights ask a promoted model from then on, if the file of `NIGHTSHELF_CLASSIFIERS` names its
question. Published rows stay as they are: the DAG `reanswer` answers them again.

**Safe to run again?** Yes. `train` goes on from its last checkpoint, and a model that is there is
not made twice. Two runs do not train at the same time.

| if this fails | do this |
|---|---|
| `prepare` | Its log names the file, the column, the label or the base. Trigger another run. |
| `train`: exit 18 | The disk is full, most likely. Make room and clear it: it goes on. |
| `train`: exit 17 | A model was changed after it was made. Its log says which and what to do. |
| `compare` | Its log names the file, or the model that cannot be opened. Mend it, clear it. |
| `promote` waits: worse | *Required Actions* shows the figures: promote it, or leave it. |
| `promote` failed | The active model has stayed. Its log says why; clear it when that is mended. |
"""

from datetime import timedelta

from airflow.sdk import DAG, Param

from common.alerts import OURS
from common.promoting import Promote
from common.training import CompareModels, Prepare, TrainModel
from nightshelf.names import TRAIN

_FILES = {"type": ["null", "array"], "items": {"type": "string", "minLength": 1}}
_DATE = {"type": ["null", "string"], "format": "date"}
_SOME = {"type": ["null", "integer"], "minimum": 1}

with DAG(
    TRAIN,
    schedule=None,
    catchup=False,
    max_active_runs=1,
    default_args={**OURS, "retries": 2, "retry_delay": timedelta(minutes=1)},
    params={
        "data": Param(None, **_FILES, description="Files with stars; what has landed if empty."),
        "rename": Param(None, **_FILES, description="FIELD=COLUMN, one a line, for those files."),
        "date_from": Param(None, **_DATE, description="The first landing date to learn from."),
        "date_to": Param(None, **_DATE, description="The last one."),
        "golden": Param(
            None, **_FILES, description="Files to compare by; the test part of the data if empty."
        ),
        "question": Param("tone", type="string", pattern="^[a-z][a-z0-9_]{0,39}$"),
        "base": Param(
            None, type=["null", "string"], minLength=1, description="To begin from; else ours."
        ),
        "classes": Param(3, type="integer", enum=[2, 3], description="2: three stars are left out"),
        "epochs": Param(2.0, type="number", exclusiveMinimum=0),
        "minutes": Param(0, type="number", minimum=0, description="At most so long; 0: no bound."),
        "seed": Param(1, type="integer", minimum=0),
        "max_rows": Param(None, **_SOME, description="As many are drawn, always the same."),
        "max_tokens": Param(None, **_SOME, description="Where a text is cut; 256 if empty."),
        "frozen_layers": Param(
            0, type="integer", minimum=-1, description="That stay as they are; -1: train all."
        ),
        "promote": Param(default=False, type="boolean", description="Let it answer if no worse."),
        "reason": Param(
            None,
            type=["null", "string"],
            minLength=3,
            maxLength=500,
            description="Why even if it is worse; it is kept. A person is asked if empty.",
        ),
    },
    doc_md=__doc__,
    tags=["nightshelf"],
):
    prepare = Prepare(task_id="prepare")
    train = TrainModel(task_id="train")
    compare = CompareModels(task_id="compare")
    promote = Promote(task_id="promote")

    prepare >> train >> compare >> promote
