"""The DAG that lets a held release pass, as Airflow reads it."""

from types import SimpleNamespace

import pytest
from airflow.sdk.exceptions import AirflowException, AirflowFailException

from nightshelf.names import APPROVE


def test_it_is_one_task_that_waits_for_nobody_to_switch_it_on(dags):
    dag = dags[APPROVE]
    assert list(dag.task_dict) == ["approve"]
    assert dag.is_paused_upon_creation is False
    assert "safe to run again" in dag.doc_md.lower()


@pytest.mark.parametrize(
    ("code", "raised"), [(0, None), (12, AirflowFailException), (18, AirflowException)]
)
def test_it_approves_in_the_name_of_whoever_triggered_it(dags, monkeypatch, code, raised):
    task = dags[APPROVE].task_dict["approve"]
    called = []
    monkeypatch.setattr(type(task), "run_command", lambda _, words: called.append(words) or code)
    context = {
        "params": {"run": "n20260301_00000000", "reason": "--yes"},
        "dag_run": SimpleNamespace(triggering_user_name="ada"),
    }
    if raised:
        with pytest.raises(raised):
            task.execute(context)
    else:
        task.execute(context)
    words = ["--reason=--yes", "--by=ada", "--lifeline", "--", "n20260301_00000000"]
    assert called == [["approve", *words]]
