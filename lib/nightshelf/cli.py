"""The command `nightshelf`: every word that it understands."""

import argparse
import os
import signal
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from nightshelf.errors import NightshelfError
from nightshelf.names import STEPS

#: Where a command is done; imported when it is called, so that `--help` stays quick.
_HOMES = {
    "land": "delivery",
    "withdraw": "delivery",
    "ready": "night",
    "step": "night",
    "night": "night",
    "runs": "night",
    "show": "lake",
    "releases": "lake",
    "rollback": "lake",
    "up": "services",
    "down": "services",
    "demo": "demo",
}


def main(arguments: Sequence[str] | None = None) -> int:
    args = parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, _terminated)
    try:
        home = import_module(f"nightshelf.commands.{_HOMES[args.command]}")
        run: Callable[[argparse.Namespace], None] = getattr(home, args.command)
        run(args)
        # Here, where a reader that has gone is known for what it is.
        sys.stdout.flush()
    except NightshelfError as error:
        sys.stderr.write(f"nightshelf: {error}\n")
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader (`head`, say) has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="nightshelf",
        description="Every morning, what shoppers said and what the shelf holds.",
        epilog="Settings are NIGHTSHELF_… variables; see docs/operations.md.",
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _delivery(commands)
    _night(commands)
    _lake(commands)
    _services(commands)
    return top


_Commands = argparse._SubParsersAction


def _delivery(commands: "_Commands[argparse.ArgumentParser]") -> None:
    land = commands.add_parser("land", help="bring files of reviews or of a catalog in")
    land.add_argument("dataset", choices=("reviews", "catalog"))
    land.add_argument("files", nargs="+", metavar="FILE", help="Parquet, CSV or JSON Lines")
    _date(land)
    land.add_argument(
        "--rename",
        nargs="+",
        action="extend",
        default=[],
        metavar="FIELD=COLUMN",
        help="a field of the contract, and the column of the file that holds it",
    )
    mode = land.add_mutually_exclusive_group()
    for name, means in (("snapshot", "the whole catalog"), ("delta", "what has changed")):
        mode.add_argument(
            f"--{name}", dest="mode", action="store_const", const=name, help=f"catalog: {means}"
        )
    withdraw = commands.add_parser("withdraw", help="take landed files back")
    withdraw.add_argument("dataset", choices=("reviews", "catalog"))
    withdraw.add_argument("files", nargs="+", metavar="NAME", help="as they lie in the landing")
    _date(withdraw)


def _night(commands: "_Commands[argparse.ArgumentParser]") -> None:
    night = commands.add_parser("night", help="run the night of a date, without Airflow")
    _date(night)
    for name, text in (
        ("ready", "is there input for the date, and may this run have it? (exit 14: not yet)"),
        ("step", "run one step of a night; Airflow calls this"),
    ):
        command = commands.add_parser(name, help=text)
        if name == "step":
            command.add_argument("step", choices=STEPS)
        _date(command)
        command.add_argument("--origin", required=True, help="what tells this run from others")
        command.add_argument(
            "--lifeline",
            action="store_true",
            help="end when standard input is closed, as it is when the caller dies",
        )
    runs = commands.add_parser("runs", help="list runs, newest first")
    runs.add_argument("--limit", type=_count, default=30)


def _lake(commands: "_Commands[argparse.ArgumentParser]") -> None:
    show = commands.add_parser("show", help="read a table as a release names it")
    show.add_argument("table", help="review_sentiment, product_insight, rejected, …")
    show.add_argument("--release", type=int, help="a release's number; the newest if left out")
    show.add_argument("--out", metavar="FILE", help="FILE.parquet or FILE.csv, for all rows")
    show.add_argument("--rows", type=_count, default=20, help="how many to print")
    commands.add_parser("releases", help="list releases, newest first")
    rollback = commands.add_parser("rollback", help="let readers see an earlier release again")
    rollback.add_argument("release", type=int)
    rollback.add_argument("--reason", default="")


def _services(commands: "_Commands[argparse.ArgumentParser]") -> None:
    commands.add_parser("up", help="start Airflow on 127.0.0.1")
    commands.add_parser("down", help="end all that was started")
    commands.add_parser("demo", help="run two nights of the sample shop through Airflow")


def _date(command: argparse.ArgumentParser) -> None:
    command.add_argument("--date", required=True, metavar="YYYY-MM-DD")


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a count; write a whole number")
    return int(text)


def _terminated(_signal: int, _frame: object) -> None:
    # An exception, so that every `finally` on the way ends what it has started.
    raise SystemExit(143)


if __name__ == "__main__":
    sys.exit(main())
