"""The DAG `train` as Airflow reads it, one run of it, and a person who is asked."""

from datetime import UTC, datetime
from importlib import import_module
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from tests.unit.training.conftest import make_base, reviews

from nightshelf.cli import parser
from nightshelf.names import TRAIN
from nightshelf.ops.activations import newest_activations
from nightshelf.ops.database import open_ops
from nightshelf.ops.trained_schema import COMPARISONS, TRAININGS
from nightshelf.settings import Settings

TASKS = ("prepare", "train", "compare", "promote")
GOOD = {
    "data": ["a.csv"],
    "rename": ["body=text"],
    "date_from": "2026-03-01",
    "date_to": None,
    "golden": ["g.csv"],
    "question": "mood",
    "base": "folder:x",
    "classes": 2,
    "epochs": 0.5,
    "minutes": 10,
    "seed": 7,
    "max_rows": 100,
    "max_tokens": 64,
    "frozen_layers": -1,
    "promote": True,
    "reason": "it is smaller",
}
BAD = {
    "data": "a.csv",
    "rename": [3],
    "date_from": "soon",
    "date_to": "1 March",
    "golden": "g.csv",
    "question": "x; drop",
    "base": "",
    "classes": 4,
    "epochs": 0,
    "minutes": -1,
    "seed": "any",
    "max_rows": 0,
    "max_tokens": 0,
    "frozen_layers": -2,
    "promote": "no",
    "reason": "",
}


def test_it_is_one_chain_that_nobody_schedules(dags):
    dag = dags[TRAIN]
    assert {name: sorted(task.downstream_task_ids) for name, task in dag.task_dict.items()} == {
        name: list(TASKS[place + 1 : place + 2]) for place, name in enumerate(TASKS)
    }
    assert (dag.schedule, dag.max_active_runs) == (None, 1)
    assert dag.params["promote"] is False


@pytest.mark.parametrize("name", GOOD)
def test_its_parameters_are_typed(dags, name):
    assert set(dags[TRAIN].params) == set(GOOD) == set(BAD)
    param = dags[TRAIN].params.get_param(name)
    assert param.resolve(value=GOOD[name]) == GOOD[name]
    with pytest.raises(Exception, match=r"(?i)invalid|failed|not valid|does not match|is not|less"):
        param.resolve(value=BAD[name])


@pytest.mark.parametrize("word", ["Safe to run again", "if this fails", "golden", *TASKS])
def test_its_docstring_is_the_manual_of_operations(dags, word):
    assert word.lower() in dags[TRAIN].doc_md.lower()


def noted(task, codes):
    """The task's commands are noted, not run; `codes` are their exit codes in turn."""
    said, left = [], list(codes)

    def run_command(words):
        said.append(words)
        return left.pop(0)

    object.__setattr__(task, "run_command", run_command)
    return said


def context_of(**changed):
    run = SimpleNamespace(partition_key=None, triggering_user_name="ann")
    instance = SimpleNamespace(id="ti")
    params = GOOD | changed
    return {"dag_run": run, "run_id": "manual__1", "params": params, "task_instance": instance}


@pytest.mark.parametrize("name", ["prepare", "train", "compare"])
def test_every_parameter_reaches_the_command(dags, name):
    task = dags[TRAIN].task_dict[name]
    said = noted(task, [0])
    task.execute(context_of())
    args = vars(parser().parse_args(said[0]))
    assert args["question"] == "mood"
    assert args["rename"] == ["body=text"]
    if name == "compare":
        assert (args["a"], args["data"]) == ("active", ["g.csv"])
        assert args["b"].endswith("/models/mood_19b04f56")
        assert args["most_rows"] is None
    else:
        assert args["out"].endswith("/models/mood_19b04f56")
        assert (args["base"], args["classes"], args["epochs"]) == ("folder:x", 2, 0.5)
        assert (args["minutes"], args["seed"], args["most_rows"]) == (10, 7, 100)
        assert (args["max_tokens"], args["frozen_layers"], args["first"]) == (64, -1, "2026-03-01")
        assert (args["keep"], args["check"]) == (True, name == "prepare")


def test_it_compares_by_what_it_has_learned_from_where_there_is_no_golden_set(dags):
    task = dags[TRAIN].task_dict["compare"]
    said = noted(task, [0])
    task.execute(context_of(golden=None))
    args = parser().parse_args(said[0])
    assert (args.data, args.first, args.most_rows) == (["a.csv"], "2026-03-01", 100)


@pytest.mark.parametrize("name", TASKS)
@pytest.mark.parametrize(
    ("code", "error"), [(11, "AirflowFailException"), (18, "AirflowException")]
)
def test_bad_data_is_not_tried_again(dags, name, code, error):
    task = dags[TRAIN].task_dict[name]
    noted(task, [code])
    with pytest.raises(Exception, match=f"exit {code}") as caught:
        task.execute(context_of())
    assert type(caught.value).__name__ == error


@pytest.fixture
def promote(dags, monkeypatch):
    from airflow.providers.standard.operators import hitl

    promoting, asked = import_module("common.promoting"), []
    monkeypatch.setattr(promoting, "tell", lambda *_: None)
    monkeypatch.setattr(promoting, "evidence_of", lambda *_: "- `worse`")
    monkeypatch.setattr(hitl, "upsert_hitl_detail", lambda **fields: asked.append(fields))
    return dags[TRAIN].task_dict["promote"], asked


def test_nobody_is_asked_unless_it_is_to_be_promoted(promote):
    task, asked = promote
    said = noted(task, [])
    with pytest.raises(Exception, match="not asked for") as caught:
        task.execute(context_of(promote=False))
    assert type(caught.value).__name__ == "AirflowSkipException"
    assert (said, asked) == ([], [])


def test_a_worse_model_waits_for_a_person_with_its_figures(promote):
    from airflow.sdk.exceptions import TaskAwaitingInput

    task, asked = promote
    said = noted(task, [12])
    with pytest.raises(TaskAwaitingInput):
        task.execute(context_of(reason=None))
    args = parser().parse_args(said[0])
    assert (args.reason, args.by, args.question) == (None, "ann", "mood")
    [form] = asked
    assert (form["body"], form["options"]) == ("- `worse`", ["Promote", "Leave"])
    assert list(form["params"]) == ["why"]


@pytest.mark.parametrize("hours", ["0", "12"])
def test_where_no_reason_helps_it_ends(dags, monkeypatch, hours):
    monkeypatch.setenv("NIGHTSHELF_APPROVAL_HOURS", hours)
    task = dags[TRAIN].task_dict["promote"]
    noted(task, [12])
    with pytest.raises(Exception, match="exit 12") as caught:
        task.execute(context_of(reason=None))
    assert type(caught.value).__name__ == "AirflowFailException"


@pytest.mark.parametrize(
    ("chosen", "why", "codes", "error"),
    [
        ("Promote", "it is smaller", [0], None),
        ("Promote", " ", [], "AirflowFailException"),
        ("Promote", "it is smaller", [12], "AirflowFailException"),
        ("Leave", "", [], "AirflowSkipException"),
        (None, "", [], "AirflowFailException"),
    ],
)
def test_what_a_person_answers_is_done_in_their_name(promote, chosen, why, codes, error):
    task, _ = promote
    said = noted(task, codes)
    event = {
        "chosen_options": [chosen],
        "params_input": {"why": why},
        "responded_by_user": {"id": "1", "name": "oncall"},
        "responded_at": datetime(2026, 3, 2, tzinfo=UTC),
    }
    late = {"error": "timeout", "error_type": "timeout"}
    if error:
        with pytest.raises(Exception, match=r"\w") as caught:
            task.execute_complete(context_of(), event if chosen else late)
        assert type(caught.value).__name__ == error
    else:
        task.execute_complete(context_of(), event)
        args = parser().parse_args(said[0])
        assert (args.reason, args.by) == (why, "oncall")
    assert len(said) == len(codes)


def test_from_a_file_to_the_active_model(dags, tmp_path, capfd):
    rows = [f"{r.title} {r.body},{r.rating},{r.product_id}" for r in reviews(300)]
    (tmp_path / "a.csv").write_text("\n".join(["words,stars,product", *rows]) + "\n")
    dag, ops = dags[TRAIN], open_ops(Settings.from_environ().ops_database)
    for task in dag.tasks:
        task.retries = 0
    conf = {
        "data": [str(tmp_path / "a.csv")],
        "rename": ["body=words"],
        "base": f"folder:{make_base(tmp_path / 'base')}",
        "epochs": 0.5,
        "max_tokens": 16,
        "max_rows": 240,
        "frozen_layers": -1,
        "promote": True,
        "reason": "the head is a fake",
    }
    done = dag.test(run_conf=conf)
    printed = "".join(capfd.readouterr())
    assert done.state == "success", printed
    assert "240 rows" in printed or "not_drawn 60" in printed
    with ops.begin() as db:
        [made] = db.execute(sa.select(TRAININGS)).mappings().all()
        [compared] = db.execute(sa.select(COMPARISONS)).mappings().all()
    assert 0 < compared["rated"] < 100
    active = newest_activations(ops)["tone"]
    assert (active.id, active.is_explicit) == (made["id"], True)
