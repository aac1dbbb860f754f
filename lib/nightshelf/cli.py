"""The command `nightshelf`: every word that it understands."""

import argparse
import os
import re
import signal
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from nightshelf.errors import NightshelfError
from nightshelf.names import STEPS

#: Where a command is done; imported when it is called, so that `--help` stays quick.
_HOMES = {
    **dict.fromkeys(("land", "withdraw"), "delivery"),
    **dict.fromkeys(("ready", "step", "night", "runs", "fidelity"), "night"),
    **dict.fromkeys(("plan", "caps"), "plan"),
    **dict.fromkeys(("models", "reanswer"), "models"),
    **dict.fromkeys(("show", "explain", "releases", "rollback"), "lake"),
    **dict.fromkeys(("maintenance", "approve", "dismiss"), "upkeep"),
    "answers": "answers",
    "metrics": "metrics",
    "report": "report",
    "train": "training",
    **dict.fromkeys(("up", "down"), "services"),
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
    _plan(commands)
    _models(commands)
    _training(commands)
    _lake(commands)
    _upkeep(commands)
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
    night.add_argument("--run", help="go on with this run, which stopped; else a new one")
    _over_cap(night)
    for name, text in (
        ("ready", "is there input for the date, and may this run have it? (exit 14: not yet)"),
        ("step", "run one step of a night; Airflow calls this"),
    ):
        command = commands.add_parser(name, help=text)
        if name == "step":
            command.add_argument("step", choices=STEPS)
            _over_cap(command)
        # A run that answers published rows again has none.
        _date(command, is_required=name != "step")
        command.add_argument("--origin", required=True, help="what tells this run from others")
        _lifeline(command)
    runs = commands.add_parser("runs", help="list runs, newest first")
    runs.add_argument("--limit", type=_count, default=30)
    metrics = commands.add_parser(
        "metrics", help="what Prometheus watches, from the operations database"
    )
    metrics.add_argument(
        "--out", metavar="FILE", help="for a collector of text files; else printed"
    )
    fidelity = commands.add_parser("fidelity", help="may NIGHTSHELF_PRECISION be used? measure it")
    fidelity.add_argument("--texts", metavar="FILE", help="one a line; else the newest reviews")
    fidelity.add_argument("--most", type=_count, default=1000, help="how many texts to measure")


def _plan(commands: "_Commands[argparse.ArgumentParser]") -> None:
    plan = commands.add_parser("plan", help="what a night would ask, how long, at what cost")
    _date(plan)
    plan.add_argument("--question", help="of this question only")
    plan.add_argument(
        "--ingest", action="store_true", help="read what has landed first; no reader sees it yet"
    )
    caps = commands.add_parser("caps", help="decide what a run may ask that is over a cap")
    caps.add_argument("run")
    for name in ("rows", "tokens"):
        caps.add_argument(f"--{name}", type=_count, help=f"the most {name} to ask; 0: any number")
    caps.add_argument("--cost", type=_price, help="the most that it may cost; 0: whatever it does")
    caps.add_argument("--by", metavar="NAME", help="who decides; the user if left out")
    caps.add_argument("--reason", default="", help="why")
    decision = caps.add_mutually_exclusive_group()
    for name, means in (
        ("take", "ask the most valuable part that fits, and defer the rest"),
        ("ignore", "ask everything"),
        ("hold", "ask nothing until somebody decides"),
    ):
        decision.add_argument(
            f"--{name}", dest="over_cap", action="store_const", const=name, help=means
        )


def _over_cap(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--over-cap",
        choices=("hold", "take", "ignore"),
        help="what becomes of a plan over a cap; else as NIGHTSHELF_OVER_CAP says",
    )


def _models(commands: "_Commands[argparse.ArgumentParser]") -> None:
    models = commands.add_parser("models", help="list model versions, and which one is active")
    actions = models.add_subparsers(dest="action", metavar="ACTION")
    activate = actions.add_parser("activate", help="let another version answer from now on")
    activate.add_argument("--question", help="all whose model the settings name, if left out")
    activate.add_argument("--version", help="what the settings name, if left out")
    compare = actions.add_parser("compare", help="which of two sentiment models is better, where")
    for name in ("a", "b"):
        compare.add_argument(
            name,
            metavar=name.upper(),
            help="a trained folder, a version, `active`, or `head`: the one of the settings",
        )
    _data(compare)
    compare.add_argument("--max-tokens", type=_count, help="of a folder; else as it was trained")
    promote = actions.add_parser("promote", help="let a trained model answer from now on")
    promote.add_argument("model", metavar="FOLDER|VERSION")
    promote.add_argument("--reason", help="why, though figures speak against it; it is kept")
    promote.add_argument("--by", metavar="NAME", help="in whose name; yours if left out")
    for command in (compare, promote):
        command.add_argument("--question", default="tone", help="that it answers")
        _lifeline(command)
    again = commands.add_parser("reanswer", help="ask models about published rows again")
    again.add_argument("--question", required=True)
    again.add_argument("--by", metavar="VERSION", help="who answers; the active one if left out")
    again.add_argument("--model-is-not", metavar="VERSION")
    again.add_argument("--prompt-is-not", metavar="PROMPT")
    again.add_argument("--from", dest="first", metavar="YYYY-MM-DD", help="landing date")
    again.add_argument("--to", dest="last", metavar="YYYY-MM-DD")
    again.add_argument("--category", help="of the product")
    again.add_argument("--product-id", dest="product_ids", action="append", metavar="ID")
    again.add_argument("--reason", help="those that failed for it, though they count as known")
    again.add_argument("--most-rows", type=_count, help="newest landing date first")
    again.add_argument("--most-tokens", type=_count)
    again.add_argument("--origin", help="only the first step of this run; Airflow calls this")
    _lifeline(again)
    for command in (activate, again):
        command.add_argument("--yes", action="store_true", help="do it; else only say what it is")


def _training(commands: "_Commands[argparse.ArgumentParser]") -> None:
    train = commands.add_parser("train", help="make a model of your own from your reviews")
    train.add_argument("--task", choices=("sentiment",), default="sentiment")
    _data(train)
    train.add_argument("--out", required=True, metavar="FOLDER", help="where the model will lie")
    train.add_argument("--question", default="tone", help="that it will answer")
    train.add_argument("--keep", action="store_true", help="what this has made before is enough")
    train.add_argument("--check", action="store_true", help="only read the data and say what it is")
    _lifeline(train)
    train.add_argument("--classes", type=int, choices=(2, 3), default=3)
    train.add_argument(
        "--split",
        choices=("auto", "text", "product", "time", "product+time"),
        default="auto",
        help="what no two parts may share",
    )
    train.add_argument("--base", metavar="PLACE", help="the encoder to begin from; else ours")
    train.add_argument("--minutes", type=_price, default=0.0, help="stop training after so long")
    train.add_argument("--epochs", type=_price, help="times that each text is read")
    train.add_argument("--rate", type=float, help="how far a step goes, 0.0001 if left out")
    train.add_argument("--batch", dest="rows_a_step", type=_count, help="texts of a step")
    train.add_argument("--balance", type=_price, help="0: as they come; 1: rare labels weigh alike")
    train.add_argument("--frozen-layers", type=int, help="that stay as they are; -1: train all")
    train.add_argument("--max-tokens", type=_count, help="where a text is cut")
    train.add_argument("--seed", type=_count)
    train.add_argument("--precision", choices=("auto", "fp32", "bf16"), default="auto")
    train.add_argument(
        "--pretrain",
        nargs="+",
        action="extend",
        default=[],
        metavar="FILE",
        help="its words first",
    )
    train.add_argument("--pretrain-epochs", type=_price)


def _data(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--data",
        nargs="+",
        action="extend",
        default=[],
        metavar="FILE",
        help="reviews with stars: Parquet, CSV or JSON Lines; all landed ones if left out",
    )
    command.add_argument("--from", dest="first", metavar="YYYY-MM-DD", help="landed, from this on")
    command.add_argument("--to", dest="last", metavar="YYYY-MM-DD")
    command.add_argument("--most-rows", type=_count, help="as many are drawn, always the same")
    command.add_argument(
        "--rename",
        nargs="+",
        action="extend",
        default=[],
        metavar="FIELD=COLUMN",
        help="as `land`",
    )


def _lake(commands: "_Commands[argparse.ArgumentParser]") -> None:
    show = commands.add_parser("show", help="read a table as a release names it")
    show.add_argument("table", help="review_sentiment, product_insight, rejected, …")
    show.add_argument("--release", type=int, help="a release's number; the newest if left out")
    show.add_argument("--out", metavar="FILE", help="FILE.parquet or FILE.csv, for all rows")
    show.add_argument("--rows", type=_count, default=20, help="how many to print")
    explain = commands.add_parser("explain", help="how each published value of an id came to be")
    explain.add_argument("id", help="a review's or a product's id")
    explain.add_argument("--release", type=int, help="a release's number; the newest if left out")
    report = commands.add_parser("report", help="what a run did, why, and what to do about it")
    report.add_argument("run", metavar="RUN|DATE|last", help="a run, a date's last run, the newest")
    to = report.add_mutually_exclusive_group()
    to.add_argument("--out", metavar="FILE", help="FILE.html, a page that can be mailed")
    to.add_argument(
        "--keep", action="store_true", help="the same, as reports/DATE.html in the home"
    )
    report.add_argument("--rows", type=_count, default=20, help="rejected rows to list")
    report.add_argument("--offset", type=_count, default=0, help="from which of them on")
    commands.add_parser("releases", help="list releases, newest first")
    rollback = commands.add_parser("rollback", help="let readers see an earlier release again")
    rollback.add_argument("release", type=int)
    rollback.add_argument("--reason", default="")


def _upkeep(commands: "_Commands[argparse.ArgumentParser]") -> None:
    keep = commands.add_parser("maintenance", help="keep the lake small; safe beside any night")
    keep.add_argument(
        "--dry-run", action="store_true", help="say what would go, and change nothing"
    )
    _lifeline(keep)
    approve = commands.add_parser("approve", help="let a held release pass")
    approve.add_argument("run", help="as `nightshelf releases` names it")
    approve.add_argument("--reason", default="")
    _lifeline(approve)
    dismiss = commands.add_parser("dismiss", help="say that a held run or withdrawn date is done")
    dismiss.add_argument("run", metavar="RUN|DATE", help="as `nightshelf releases` names it")
    dismiss.add_argument("--reason", required=True)
    answers = commands.add_parser("answers", help="withdraw what a broken run has answered")
    actions = answers.add_subparsers(dest="action", required=True, metavar="ACTION")
    retract = actions.add_parser("retract", help="its answers count no more; none is deleted")
    retract.add_argument("--yes", action="store_true", help="do it; else only say what it touches")
    retract.add_argument("--reason", default="")
    undo = actions.add_parser("unretract", help="its answers count again")
    for command in (retract, undo):
        command.add_argument("--run", required=True)
    for command in (approve, dismiss, retract):
        command.add_argument("--by", metavar="NAME", help="who decides; the user if left out")


def _services(commands: "_Commands[argparse.ArgumentParser]") -> None:
    commands.add_parser("up", help="start Airflow on 127.0.0.1")
    commands.add_parser("down", help="end all that was started")
    commands.add_parser("demo", help="run two nights of the sample shop through Airflow")


def _lifeline(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--lifeline",
        action="store_true",
        help="end when standard input is closed, as it is when the caller dies",
    )


def _date(command: argparse.ArgumentParser, *, is_required: bool = True) -> None:
    command.add_argument("--date", required=is_required, metavar="YYYY-MM-DD")


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a count; write a whole number")
    return int(text)


def _price(text: str) -> float:
    if not re.fullmatch(r"\d+(\.\d+)?", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a sum of money; write 12.50")
    return float(text)


def _terminated(_signal: int, _frame: object) -> None:
    # Once: Airflow sends a signal and closes the pipe, and a second end would cut the first short.
    # No SIG_IGN, which programs that are started for the clean-up would inherit.
    signal.signal(signal.SIGTERM, lambda *_: None)
    # An exception, so that every `finally` on the way ends what it has started.
    raise SystemExit(143)


if __name__ == "__main__":
    sys.exit(main())
