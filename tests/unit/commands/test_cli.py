import os
import signal
import subprocess
import sys
from importlib import import_module

import pytest

from nightshelf import cli, errors
from nightshelf.commands import night
from nightshelf.names import REANSWER_STEPS, STEPS

D = ("--date", "2026-03-01")
O = ("--origin", "manual__1")  # noqa: E741
CATALOG = {"command": "land", "dataset": "catalog", "rename": []}

COMMANDS = [
    (("land", "reviews", "a.csv", *D),
     {"dataset": "reviews", "files": ["a.csv"], "rename": [], "mode": None}),
    (("land", "catalog", "a", "b", *D, "--snapshot"), {"files": ["a", "b"], "mode": "snapshot"}),
    (("land", "catalog", *D, "--delta", "a"), {"files": ["a"], "mode": "delta"}),
    (("land", "reviews", "a", *D, "--rename", "body=text", "title=head"),
     {"files": ["a"], "rename": ["body=text", "title=head"]}),
    (("land", "reviews", "a", *D, "--rename", "body=text", "--rename", "title=head"),
     {"rename": ["body=text", "title=head"]}),
    (("withdraw", "catalog", "a.parquet", "b.parquet", *D),
     {"dataset": "catalog", "files": ["a.parquet", "b.parquet"]}),
    (("night", *D), {"date": "2026-03-01", "run": None, "over_cap": None}),
    (("night", *D, "--run", "n1", "--over-cap", "take"), {"run": "n1", "over_cap": "take"}),
    (("plan", *D), {"date": "2026-03-01", "question": None, "ingest": False}),
    (("plan", *D, "--question", "embedding", "--ingest"),
     {"question": "embedding", "ingest": True}),
    (("caps", "n1"), {"run": "n1", "rows": None, "tokens": None, "cost": None, "over_cap": None}),
    (("caps", "n1", "--tokens", "900", "--cost", "2.50"), {"tokens": 900, "cost": 2.5}),
    (("caps", "n1", "--take", "--rows", "0"), {"over_cap": "take", "rows": 0}),
    (("ready", *D, *O), {"origin": "manual__1", "lifeline": False}),
    *((("step", step, *D, *O, "--lifeline"), {"step": step, "lifeline": True}) for step in STEPS),
    (("runs",), {"limit": 30}),
    (("runs", "--limit", "5"), {"limit": 5}),
    (("explain", "r1"), {"id": "r1", "release": None}),
    (("explain", "p1", "--release", "3"), {"id": "p1", "release": 3}),
    (("fidelity",), {"texts": None, "most": 1000}),
    (("fidelity", "--texts", "a.txt", "--most", "300"), {"texts": "a.txt", "most": 300}),
    (("models",), {"action": None}),
    (("models", "activate"), {"question": None, "version": None, "yes": False}),
    (("models", "activate", "--question", "tone", "--version", "v", "--yes"),
     {"action": "activate", "question": "tone", "version": "v", "yes": True}),
    (("models", "compare", "head", "m", "--data", "a", "b", "--rename", "body=text"),
     {"action": "compare", "a": "head", "b": "m", "data": ["a", "b"], "rename": ["body=text"],
      "max_tokens": None}),
    (("models", "promote", "m", "--question", "mood", "--reason", "neutral was rare"),
     {"action": "promote", "model": "m", "question": "mood", "reason": "neutral was rare"}),
    (("train", "--data", "a", "--out", "m"),
     {"task": "sentiment", "data": ["a"], "out": "m", "classes": 3, "split": "auto",
      "minutes": 0.0, "pretrain": [], "epochs": None, "base": None, "precision": "auto"}),
    (("train", "--data", "a", "b", "--out", "m", "--classes", "2", "--split", "time", "--minutes",
      "2.5", "--epochs", "0.5", "--rate", "1e-4", "--batch", "8", "--balance", "0.5",
      "--frozen-layers", "-1", "--max-tokens", "64", "--seed", "7", "--pretrain", "c",
      "--precision", "fp32", "--base", "folder:x", "--pretrain-epochs", "2"),
     {"data": ["a", "b"], "classes": 2, "minutes": 2.5, "epochs": 0.5, "rate": 1e-4,
      "rows_a_step": 8, "balance": 0.5, "frozen_layers": -1, "max_tokens": 64, "seed": 7,
      "pretrain": ["c"], "precision": "fp32", "base": "folder:x", "pretrain_epochs": 2.0}),
    (("reanswer", "--question", "tone"),
     {"by": None, "first": None, "product_ids": None, "most_rows": None, "yes": False}),
    (("reanswer", "--question", "tone", "--from", "a", "--to", "b", "--product-id=-1",
      "--product-id=2", "--most-rows", "3", "--most-tokens", "4", "--reason", "r", "--yes"),
     {"first": "a", "last": "b", "product_ids": ["-1", "2"], "most_rows": 3, "most_tokens": 4,
      "reason": "r", "yes": True}),
    *((("step", step, *O), {"step": step, "date": None}) for step in REANSWER_STEPS[1:]),
    (("show", "rejected"), {"table": "rejected", "release": None, "out": None, "rows": 20}),
    (("show", "x", "--release", "3", "--out", "x.csv", "--rows", "0"),
     {"release": 3, "out": "x.csv", "rows": 0}),
    (("metrics",), {"out": None}),
    (("metrics", "--out", "a.prom"), {"out": "a.prom"}),
    (("report", "last"), {"run": "last", "out": None, "rows": 20, "offset": 0}),
    (("report", "n1", "--out", "a.html", "--rows", "5", "--offset", "40"),
     {"run": "n1", "out": "a.html", "rows": 5, "offset": 40}),
    (("releases",), {}),
    (("rollback", "3"), {"release": 3, "reason": ""}),
    (("rollback", "3", "--reason", "wrong prices"), {"reason": "wrong prices"}),
    (("maintenance",), {"dry_run": False, "lifeline": False}),
    (("maintenance", "--dry-run", "--lifeline"), {"dry_run": True, "lifeline": True}),
    (("approve", "n1"), {"run": "n1", "reason": "", "by": None}),
    (("approve", "n1", "--reason", "a sale", "--by", "ada"), {"reason": "a sale", "by": "ada"}),
    (("dismiss", "n1", "--reason", "a test"), {"run": "n1", "reason": "a test", "by": None}),
    (("dismiss", "2026-03-01", "--reason", "a test"), {"run": "2026-03-01"}),
    (("answers", "retract", "--run", "n1"), {"action": "retract", "run": "n1", "yes": False}),
    (("answers", "retract", "--run", "n1", "--yes", "--reason", "broken model"),
     {"yes": True, "reason": "broken model"}),
    (("answers", "unretract", "--run", "n1"), {"action": "unretract", "run": "n1"}),
    (("up",), {}),
    (("down",), {}),
    (("demo",), {}),
]  # fmt: skip


@pytest.mark.parametrize(("words", "means"), COMMANDS, ids=[" ".join(c[0][:2]) for c in COMMANDS])
def test_a_command_is_understood_and_has_a_home(words, means):
    args = vars(cli.parser().parse_args(words))
    assert {name: args[name] for name in means} == means
    home = import_module(f"nightshelf.commands.{cli._HOMES[words[0]]}")
    assert callable(getattr(home, words[0]))


def test_the_table_above_names_every_command():
    assert {words[0] for words, _ in COMMANDS} == set(cli._HOMES)


REFUSED = [
    ((), "the following arguments are required: COMMAND"),
    (("sow",), "invalid choice: 'sow'"),
    (("land", "orders", "a", *D), "invalid choice: 'orders'"),
    (("land", "reviews", *D), "required: FILE"),
    (("land", "reviews", "a"), "required: --date"),
    (("land", "catalog", "a", *D, "--snapshot", "--delta"), "not allowed with"),
    (("withdraw", "reviews", *D), "required: NAME"),
    (("night",), "required: --date"),
    (("step", "dream", *D, *O), "invalid choice: 'dream'"),
    (("step", "ask", *D), "required: --origin"),
    (("ready", *D), "required: --origin"),
    (("approve",), "required: run"),
    (("dismiss", "n1"), "required: --reason"),
    (("answers", "--run", "n1"), "invalid choice: 'n1'"),
    (("answers", "retract"), "required: --run"),
    (("reanswer",), "required: --question"),
    (("reanswer", "--question", "q", "--most-rows", "all"), "'all' is not a count"),
    (("models", "forget"), "invalid choice: 'forget'"),
    (("runs", "--limit", "-1"), "'-1' is not a count; write a whole number"),
    (("fidelity", "--most", "all"), "'all' is not a count"),
    (("show", "x", "--rows", "many"), "'many' is not a count"),
    (("show", "x", "--rows", "-3"), "'-3' is not a count"),
    (("show", "x", "--release", "newest"), "invalid int value: 'newest'"),
    (("rollback",), "required: release"),
]


@pytest.mark.parametrize(("words", "message"), REFUSED, ids=[" ".join(r[0]) for r in REFUSED])
def test_what_is_not_understood_is_said(run, capsys, words, message):
    with pytest.raises(SystemExit) as ended:
        run(*words)
    assert ended.value.code == 2
    assert message in capsys.readouterr().err


# ------------------------------------------------------------------ how a command ends

ERRORS = [
    (errors.SettingsError, 10),
    (errors.ContractError, 11),
    (errors.AuditError, 12),
    (errors.InputMissing, 13),
    (errors.NotReady, 14),
    (errors.LeaseLost, 15),
    (errors.ReleaseConflict, 16),
    (errors.ModelError, 17),
    (errors.JobError, 18),
    (errors.OverCap, 19),
    (errors.NightshelfError, 1),
]


@pytest.mark.parametrize(("error", "code"), ERRORS)
def test_an_error_is_a_sentence_and_an_exit_code(run, monkeypatch, error, code):
    def fail(_):
        raise error("what, where, and what to do")

    monkeypatch.setattr(night, "runs", fail)
    assert run("runs") == (code, "", "nightshelf: what, where, and what to do\n")


def test_every_error_for_people_has_a_code_of_its_own():
    kinds = {
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and not issubclass(kind, errors.BatchError)
        # Kinds of a kind: who runs a night acts on them alike.
        if kind not in (errors.ModelBroken, errors.HostLost, errors.RemoteUnavailable)
    }
    assert dict(ERRORS) == {kind: kind.exit_code for kind in kinds}
    assert len({code for _, code in ERRORS}) == len(ERRORS)


@pytest.mark.parametrize(
    ("raised", "error", "code"),
    [(KeyboardInterrupt, None, 130), (ZeroDivisionError, ZeroDivisionError, None)],
)
def test_an_interruption_is_quiet_and_a_bug_is_not(run, monkeypatch, raised, error, code):
    def fail(_):
        raise raised

    monkeypatch.setattr(night, "runs", fail)
    if error:
        with pytest.raises(error):
            run("runs")
    else:
        assert run("runs") == (code, "", "")


def test_termination_ends_what_was_started(run, monkeypatch):
    ended = []

    def work(_):
        try:
            os.kill(os.getpid(), signal.SIGTERM)
        finally:
            ended.append("what was started")

    monkeypatch.setattr(night, "runs", work)
    with pytest.raises(SystemExit) as stopped:
        run("runs")
    assert (stopped.value.code, ended) == (143, ["what was started"])


def test_a_setting_that_is_wrong_stops_every_command(run, monkeypatch):
    monkeypatch.setenv("NIGHTSHELF_MAX_TOKEN", "3")
    for words in (("runs",), ("releases",), ("withdraw", "reviews", "a", *D), ("night", *D)):
        code, _, complaint = run(*words)
        assert code == 10
        assert complaint.startswith("nightshelf: NIGHTSHELF_MAX_TOKEN is not a setting; settings:")


@pytest.mark.parametrize(
    "words", [("night",), ("ready", *O), ("step", "ask", *O)], ids=["night", "ready", "step"]
)
@pytest.mark.parametrize("date", ["yesterday", "2026-02-30", "20260301", "2026-3-1"])
def test_a_date_is_checked_strictly(run, settings, words, date):
    code, printed, complaint = run(*words, "--date", date)
    assert (code, printed) == (11, "")
    assert complaint.startswith(f"nightshelf: {date!r} is not ")
    assert not (settings.home / "ops.db").exists()


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path):
    (tmp_path / "a.csv").write_text("review_id,product_id,body\na,p,Warm.\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "nightshelf.cli", "land", "reviews", "a.csv", *D],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    process.stdout.close()
    with process:
        complaint = process.stderr.read()
    assert (process.returncode, complaint) == (0, "")


def test_an_end_is_not_cut_short_by_a_second_signal():
    before = signal.signal(signal.SIGTERM, cli._terminated)
    try:
        with pytest.raises(SystemExit) as caught:
            signal.raise_signal(signal.SIGTERM)
        assert caught.value.code == 143
        signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)
