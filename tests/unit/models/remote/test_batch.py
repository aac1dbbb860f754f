"""A batch's files and its ledger, in memory; its calls are tried by tests/faults/test_remote.py."""

import json
from datetime import UTC, datetime

import pytest
from tests.unit.models.remote.fakes import MODEL

from nightshelf.models.remote.batch_lines import line_of, reconcile
from nightshelf.models.remote.batch_rows import WaitingRows
from nightshelf.models.remote.failures import NotInBatch, RequestRefused
from nightshelf.models.remote.outcome import Metered
from nightshelf.models.remote.parse import Said
from nightshelf.ops.remote_batches import BatchLedger, Ended, Member
from nightshelf.ops.remote_spend import OpsBank, Spend

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def wording(choice):
    return choice.wording(b"lake")


@pytest.fixture
def lines(choice, wording):
    return [line_of(choice.prompt(f"row {n}", f"text {n}"), wording, "i1") for n in range(3)]


def reply(wording, line, text="A kettle.", status=200):
    content = json.dumps({"code": wording.code(line.prompt), "text": text})
    choices = [{"finish_reason": "stop", "message": {"content": content}}]
    body = {"model": MODEL, "choices": choices, "usage": {}}
    return {"custom_id": line.custom_id, "response": {"status_code": status, "body": body}}


def told(wording, lines, replies):
    """By row what is accepted: a text, or a reason."""
    file = b"\n".join(
        one if isinstance(one, bytes) else json.dumps(one).encode() for one in replies
    )
    prompts = {line.custom_id: line.prompt for line in lines}
    found = reconcile([file], prompts, wording)
    keys = {line.custom_id: line.prompt.key for line in lines}
    ended = {
        keys[name]: one.text if isinstance(one, Said) else one.reason
        for name, one in found.ended.items()
    }
    return ended, dict(found.notes)


def test_rows_are_found_by_id_whatever_their_order(wording, lines):
    replies = [reply(wording, line, f"No. {n}.") for n, line in enumerate(lines)]
    ended, notes = told(wording, lines, replies[::-1])
    assert (ended, notes) == ({f"row {n}": f"No. {n}." for n in range(3)}, {})


def test_an_answer_under_another_rows_id_is_not_accepted(wording, lines):
    first, second, _ = (reply(wording, line) for line in lines)
    first["custom_id"], second["custom_id"] = second["custom_id"], first["custom_id"]
    ended, _ = told(wording, lines, [first, second])
    assert ended == {"row 0": "EchoMissing", "row 1": "EchoMissing"}


@pytest.mark.parametrize(
    ("text", "status", "accepted"),
    [
        pytest.param("A kettle.", 200, "A kettle.", id="the same twice"),
        pytest.param("A pot.", 200, "AnswersConflict", id="another content"),
        pytest.param("A kettle.", 500, "AnswersConflict", id="an error beside it"),
    ],
)
def test_two_answers_under_one_id(wording, lines, text, status, accepted):
    replies = [reply(wording, lines[0]), reply(wording, lines[0], text, status)]
    ended, notes = told(wording, lines, replies)
    assert ended == {"row 0": accepted}
    assert notes == {"repeated ids": 1}


def test_what_does_not_fit_is_counted(wording, lines):
    strange = {**reply(wording, lines[0]), "custom_id": "request-1"}
    ended, notes = told(wording, lines, [strange, b"{cut", b"[]", b"", b'{"custom_id": 7}'])
    assert ended == {}
    assert notes == {"unknown ids": 1, "unreadable lines": 3}


def test_an_id_is_of_content_key_attempt_and_lake(choice, wording):
    def name(key="row", text="text", intent="i1", secret=b"lake"):
        return line_of(choice.prompt(key, text), choice.wording(secret), intent).custom_id

    others = [name(key="r"), name(text="t"), name(intent="i2"), name(secret=b"l")]
    assert name() == name()
    assert len({name(), *others}) == 5
    assert len(name()) <= 64


@pytest.fixture
def bank(ops):
    return OpsBank(ops, "night", cap_nanos=1_000, cap_tokens=0).open()


@pytest.fixture
def ledger(ops, bank):
    return BatchLedger(ops, bank, "version")


MEMBERS = [
    Member(custom_id=f"c{n}", key=f"row {n}", most_prompt_tokens=10, most_answer_tokens=5)
    for n in range(2)
]


def test_an_intent_holds_its_worst_case_until_it_is_collected(bank, ledger):
    assert ledger.intend(("i1", 1), MEMBERS, nanos=700, now=NOW)
    assert bank.spend() == Spend(held_nanos=700, held_tokens=30)
    ended = [
        Ended(custom_id="c0", reason=None, prompt_tokens=8, answer_tokens=2, nanos=200),
        Ended(custom_id="c1", reason="NotInBatch", prompt_tokens=0, answer_tokens=0, nanos=0),
    ]
    for _ in range(2):  # a second time, after a crash, books nothing
        ledger.end("i1", ended, {}, NOW)
        assert bank.spend() == Spend(spent_nanos=200, spent_tokens=10)
    assert ledger.open() == []


def test_an_intent_over_the_cap_is_not_written_down(bank, ledger):
    assert ledger.intend(("i1", 1), MEMBERS, nanos=700, now=NOW)
    assert not ledger.intend(("i2", 2), MEMBERS, nanos=301, now=NOW)
    assert [row["intent"] for row in ledger.open()] == ["i1"]
    assert bank.rest() == (300, None)


def test_a_cap_is_one_runs_and_a_scope_is_all_runs(ops, bank, ledger):
    ledger.intend(("i1", 1), MEMBERS, nanos=700, now=NOW)
    later = OpsBank(ops, "next night", cap_nanos=1_000, cap_tokens=0).open()
    assert later.hold(1_000, 0)
    seen = BatchLedger(ops, later, "version")
    assert [row["intent"] for row in seen.open()] == ["i1"]
    assert seen.attempts() == {}
    assert ledger.attempts() == {"row 0": 1, "row 1": 1}
    seen.end("i1", [], {}, NOW)
    assert bank.spend() == Spend()
    assert later.spend().held_nanos == 1_000


@pytest.mark.parametrize(
    ("ended", "tries", "status"),
    [
        pytest.param(Said("A kettle.", 9, None), 1, "answered", id="answered"),
        pytest.param(NotInBatch(), 1, None, id="waits for another batch"),
        pytest.param(NotInBatch(), 2, "failed", id="has had its batches"),
        pytest.param(RequestRefused(), 1, "failed", id="for good"),
    ],
)
def test_a_row_ends_or_waits(choice, ended, tries, status):
    given = []
    rows = WaitingRows([choice.prompt("row", "text")], {"row": tries}, 2, given.append)
    rows.settle("row", ended, Metered(nanos=3))
    assert [(one.status, one.metered.nanos) for one in given] == ([(status, 3)] if status else [])
    assert ("row" in rows.waiting) == (status is None)
    rows.end()
    assert len(given) == 1


def test_a_key_is_there_once(choice):
    with pytest.raises(ValueError, match="twice"):
        WaitingRows([choice.prompt("row", "a"), choice.prompt("row", "b")], {}, 2, print)
