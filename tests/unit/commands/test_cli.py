import argparse
import os
import signal
import subprocess
import sys

import pytest

from nightshelf import cli, errors
from nightshelf.commands import lake
from nightshelf.errors import NightshelfError
from nightshelf.names import STEPS

DAY = ["--date", "2026-03-01"]
ORIGIN = ["--origin", "manual__1"]
DEFAULT_LAND = {"date": "2026-03-01", "rename": [], "mode": None}

PARSED = [
    ("land reviews a.csv b.csv", DAY, {"dataset": "reviews", "files": ["a.csv", "b.csv"]}),
    ("land reviews a.csv", DAY, DEFAULT_LAND),
    ("land catalog a.csv --snapshot", DAY, {"dataset": "catalog", "mode": "snapshot"}),
    ("land catalog a.csv --delta", DAY, {"mode": "delta"}),
    ("land reviews a --rename body=text title=head --rename rating=stars", DAY,
     {"rename": ["body=text", "title=head", "rating=stars"], "files": ["a"]}),
    ("withdraw reviews a.parquet b.parquet", DAY, {"files": ["a.parquet", "b.parquet"]}),
    ("ready", DAY + ORIGIN, {"date": "2026-03-01", "origin": "manual__1", "lifeline": False}),
    ("ready --lifeline", DAY + ORIGIN, {"lifeline": True}),
    *((f"step {name}", DAY + ORIGIN, {"step": name, "lifeline": False}) for name in STEPS),
    ("night", DAY, {"date": "2026-03-01"}),
    ("runs", [], {"limit": 30}),
    ("runs --limit 3", [], {"limit": 3}),
    ("show rejected", [], {"table": "rejected", "release": None, "out": None, "rows": 20}),
    ("show rejected --release 2 --out a.csv --rows 0", [],
     {"release": 2, "out": "a.csv", "rows": 0}),
    ("releases", [], {}),
    ("rollback 3", [], {"release": 3, "reason": ""}),
    ("rollback 3 --reason", ["a wrong price list"], {"reason": "a wrong price list"}),
    ("up", [], {}),
    ("down", [], {}),
    ("demo", [], {}),
]  # fmt: skip


@pytest.mark.parametrize(("words", "more", "expected"), PARSED, ids=[p[0] for p in PARSED])
def test_every_command_is_understood_and_has_a_home(words, more, expected):
    args = cli.parser().parse_args([*words.split(), *more])
    assert args.command == words.split()[0]
    assert {name: getattr(args, name) for name in expected} == expected
    home = cli.import_module(f"nightshelf.commands.{cli._HOMES[args.command]}")
    assert callable(getattr(home, args.command))


def test_the_table_above_names_every_command():
    [commands] = [
        action for action in cli.parser()._actions if isinstance(action, argparse._SubParsersAction)
    ]
    assert {words.split()[0] for words, *_ in PARSED} == set(commands.choices) == set(cli._HOMES)


REFUSED = [
    ("", "the following arguments are required: COMMAND"),
    ("fly", "invalid choice: 'fly'"),
    ("land orders a.csv --date 2026-03-01", "invalid choice: 'orders'"),
    ("land reviews --date 2026-03-01", "required: FILE"),
    ("land reviews a.csv", "required: --date"),
    ("land catalog a.csv --date 2026-03-01 --snapshot --delta", "not allowed with"),
    ("withdraw reviews --date 2026-03-01", "required: NAME"),
    ("night", "required: --date"),
    ("step bake --date 2026-03-01 --origin x", "invalid choice: 'bake'"),
    ("step ingest --date 2026-03-01", "required: --origin"),
    ("ready --date 2026-03-01", "required: --origin"),
    ("runs --limit -1", "'-1' is not a count; write a whole number"),
    ("show", "required: table"),
    ("show rejected --rows -1", "'-1' is not a count; write a whole number"),
    ("show rejected --release first", "invalid int value: 'first'"),
    ("rollback", "required: release"),
    ("rollback last", "invalid int value: 'last'"),
]


@pytest.mark.parametrize(("words", "message"), REFUSED, ids=[r[0] for r in REFUSED])
def test_what_is_not_understood_ends_with_2(words, message, capsys):
    with pytest.raises(SystemExit) as caught:
        cli.main(words.split())
    assert caught.value.code == 2
    assert message in capsys.readouterr().err


# ------------------------------------------------------------------ how a command ends


@pytest.fixture
def main(monkeypatch):
    """`main` with a command `releases` that ends as told; our handler of SIGTERM comes back."""
    before = signal.getsignal(signal.SIGTERM)

    def run(end):
        monkeypatch.setattr(lake, "releases", end)
        return cli.main(["releases"])

    yield run
    signal.signal(signal.SIGTERM, before)


def raising(error):
    def end(_):
        raise error

    return end


CODES = {
    "NightshelfError": 1,
    "SettingsError": 10,
    "ContractError": 11,
    "AuditError": 12,
    "InputMissing": 13,
    "NotReady": 14,
    "LeaseLost": 15,
    "ReleaseConflict": 16,
    "ModelError": 17,
    "JobError": 18,
}


@pytest.mark.parametrize(("name", "code"), CODES.items())
def test_an_error_is_told_in_one_line_and_by_its_exit_code(main, capsys, name, code):
    assert main(raising(getattr(errors, name)("what to do"))) == code
    assert capsys.readouterr() == ("", "nightshelf: what to do\n")


def test_every_error_that_reaches_a_person_has_a_code_of_its_own():
    mine = {
        kind.__name__: kind.exit_code
        for kind in vars(errors).values()
        if kind in NightshelfError.__subclasses__() and kind is not errors.BatchError
    }
    assert mine == {name: code for name, code in CODES.items() if name != "NightshelfError"}
    assert len(set(CODES.values())) == len(CODES)


@pytest.mark.parametrize(
    ("end", "code"), [(lambda _: None, 0), (raising(KeyboardInterrupt()), 130)], ids=["well", "^C"]
)
def test_other_ends(main, end, code):
    assert main(end) == code


def test_an_error_of_ours_to_mend_is_not_hidden(main):
    with pytest.raises(ZeroDivisionError):
        main(raising(ZeroDivisionError()))


def test_sigterm_runs_what_cleans_up(main):
    cleaned = []

    def work(_):
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            signal.sigtimedwait([], 5)
        finally:
            cleaned.append("yes")

    with pytest.raises(SystemExit) as caught:
        main(work)
    assert (caught.value.code, cleaned) == (143, ["yes"])


NOT_READ = """
import sys, types
from nightshelf import cli
home = types.SimpleNamespace(runs=lambda args: sys.stdout.write("line\\n" * args.limit))
cli.import_module = lambda name: home
sys.exit(cli.main(["runs", "--limit", sys.argv[1]]))
"""


@pytest.mark.parametrize("lines", [1, 100_000])
def test_a_reader_that_has_seen_enough_is_no_error(lines):
    read, write = os.pipe()
    os.close(read)
    # Unbuffered, each write would fail at once; a buffer is what has to be emptied in time.
    environ = {name: text for name, text in os.environ.items() if name != "PYTHONUNBUFFERED"}
    command = [sys.executable, "-c", NOT_READ, str(lines)]
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, env=environ)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, b"")
