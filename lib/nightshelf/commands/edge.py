"""Where a command meets its surroundings: environment, clock, terminal, and the caller's end."""

import argparse
import os
import pwd
import signal
import sys
import threading
from collections.abc import Mapping

from nightshelf.night.context import Context, utc_now
from nightshelf.settings import Settings, process_environ


def night_context() -> Context:
    return Context(Settings.from_environ(), utc_now, say)


def job_environ() -> Mapping[str, str]:
    """What a job is told: our environment, and every setting by its final value."""
    from nightshelf.services.configuration import of_settings

    return {**process_environ(), **of_settings(Settings.from_environ())}


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def user() -> str:
    """Who gives the command."""
    return pwd.getpwuid(os.getuid()).pw_name


def end_with_caller(args: argparse.Namespace) -> None:
    """With `--lifeline`, end this process as soon as standard input closes."""
    if args.lifeline:
        threading.Thread(target=_end_at_the_end_of_input, daemon=True).start()


def _end_at_the_end_of_input() -> None:
    # The bare descriptor: a thread that waits in sys.stdin would hold its lock at our exit.
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
