"""A held night waits for a person; what they answer is done, or said to be impossible."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from nightshelf.night.evidence import Held

RUN = "n20260301_00000000"
HELD = Held(RUN, may_pass=True, evidence="- `label_drift`")
BROKEN = Held(RUN, may_pass=False, evidence="- `versions_lost`")


@pytest.fixture
def step(dags, monkeypatch):
    """A task whose commands are noted, not run; `codes` are their exit codes in turn."""
    # Imported here: after the settings, from the folder of the DAGs.
    from airflow.providers.standard.operators import hitl

    from common import person

    def make(task, held=(), codes=(), hours="12"):
        monkeypatch.setenv("NIGHTSHELF_APPROVAL_HOURS", hours)
        waiting, left = list(held), list(codes)
        found = dags["nightly"].task_dict[task]
        said, asked = [], []

        def run_command(words):
            said.append(words)
            return left.pop(0)

        monkeypatch.setattr(person, "held_by", lambda *_: waiting.pop(0))
        monkeypatch.setattr(person, "tell_assets", lambda *_: None)
        monkeypatch.setattr(person, "tell", lambda *_: None)
        monkeypatch.setattr(hitl, "upsert_hitl_detail", lambda **fields: asked.append(fields))
        object.__setattr__(found, "run_command", run_command)
        return found, said, asked

    return make


@pytest.fixture
def context():
    run = SimpleNamespace(partition_key="2026-03-01")
    instance = SimpleNamespace(id="ti")
    return {"dag_run": run, "run_id": "manual__1", "params": {}, "task_instance": instance}


def step_words(name):
    return ["step", name, "--lifeline", "--date", "2026-03-01", "--origin", "manual__1"]


@pytest.mark.parametrize(
    ("task", "held", "codes"),
    [
        ("release", [HELD], [12]),
        ("plan", [HELD], [19]),
    ],
)
def test_what_is_held_is_asked_with_its_evidence(step, context, task, held, codes):
    from airflow.sdk.exceptions import TaskAwaitingInput

    one, said, asked = step(task, held, codes)
    with pytest.raises(TaskAwaitingInput):
        one.execute(context)
    assert said == [step_words(task)] * len(codes)
    [form] = asked
    assert (form["body"], form["subject"]) == (
        HELD.evidence,
        f"The night is held at {task}: run {RUN}",
    )
    assert form["options"] == list(one.choices)
    assert form["params"]["reason"]["schema"] == {"type": "string", "title": "Why?"}


@pytest.mark.parametrize(
    ("task", "held", "codes", "hours", "error"),
    [
        ("release", [], [0], "12", None),
        ("plan", [], [0], "12", None),
        ("assemble", [], [0], "12", None),
        ("assemble", [HELD], [12], "12", None),  # left to `release`
        ("assemble", [BROKEN], [12], "12", "AirflowFailException"),
        ("assemble", [HELD], [12], "0", "AirflowFailException"),
        ("assemble", [None], [12], "12", "AirflowFailException"),
        ("release", [BROKEN], [12], "12", "AirflowFailException"),
        ("release", [HELD], [12], "0", "AirflowFailException"),
        ("plan", [], [10], "12", "AirflowFailException"),
        ("release", [], [18], "12", "AirflowException"),
    ],
)
def test_what_no_person_can_decide_ends_or_fails_at_once(
    step, context, task, held, codes, hours, error
):
    one, _, asked = step(task, held, codes, hours)
    if error:
        with pytest.raises(Exception, match=r"held|stopped|failed") as caught:
            one.execute(context)
        assert type(caught.value).__name__ == error
    else:
        one.execute(context)
    assert asked == []


def answer(choice, reason="we sold out"):
    by = {"id": "1", "name": "oncall"}
    return {
        "chosen_options": [choice],
        "params_input": {"reason": reason},
        "responded_by_user": by,
        "responded_at": datetime(2026, 3, 2, tzinfo=UTC),
    }


LATE = {"error": "timeout", "error_type": "timeout"}
WHO = ["--by=oncall", "--reason=we sold out"]


@pytest.mark.parametrize(
    ("task", "event", "held", "codes", "commands", "error"),
    [
        (
            "release",
            answer("Approve"),
            [HELD],
            [0, 0],
            [["approve", RUN, "--lifeline", *WHO]],
            None,
        ),
        ("release", answer("Reject"), [HELD], [0], [["dismiss", RUN, *WHO]], "will not be"),
        (
            "release",
            answer("Approve"),
            [HELD],
            [18],
            [["approve", RUN, "--lifeline", *WHO]],
            "approve failed",
        ),
        (
            "release",
            answer("Approve"),
            [HELD],
            [12],
            [["approve", RUN, "--lifeline", *WHO]],
            "approve stopped",
        ),
        ("plan", answer("Take"), [HELD], [0, 0], [["caps", RUN, "--take", *WHO]], None),
        ("plan", answer("Ignore"), [HELD], [0, 0], [["caps", RUN, "--ignore", *WHO]], None),
        ("plan", answer("Leave"), [HELD], [], [], "ends here"),
        ("release", answer("Approve", " "), [HELD], [], [], "without a reason"),
        # Somebody has decided on the command line meanwhile.
        ("release", answer("Approve"), [None], [0], [], None),
        ("release", LATE, [None], [0], [], None),
        ("release", LATE, [HELD], [], [], "nobody answered within 12:00:00"),
        ("plan", answer("Take"), [HELD, HELD], [0, 19], [["caps", RUN, "--take", *WHO]], "anew"),
    ],
)
def test_what_a_person_answers_is_done(step, context, task, event, held, codes, commands, error):
    from airflow.sdk.exceptions import AirflowException

    one, said, _ = step(task, held, codes)
    if error:
        with pytest.raises(AirflowException, match=error):
            one.execute_complete(context, event)
    else:
        one.execute_complete(context, event)
    done = [words for words in said if words[0] != "step"]
    assert done == commands
    assert len(said) == len(codes)


def test_an_answer_that_is_none_is_refused(step, context):
    one, said, _ = step("release", [HELD], [])
    with pytest.raises(ValueError, match="not in"):
        one.execute_complete(context, {**answer("Approve"), "chosen_options": ["Delete all"]})
    assert said == []
