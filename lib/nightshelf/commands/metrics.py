"""`nightshelf metrics`."""

import argparse
from pathlib import Path

from nightshelf.commands.edge import night_context
from nightshelf.errors import NightshelfError
from nightshelf.night.metrics import exposition


def metrics(args: argparse.Namespace) -> None:
    context = night_context()
    text = exposition(context.ops, context.clock())
    if args.out is None:
        context.say(text.rstrip())
        return
    out = Path(args.out)
    # Renamed, so that a collector never reads half of it; of its ending a collector reads nothing.
    beside = out.with_name(f"{out.name}.new")
    try:
        beside.write_text(text, "utf-8")
        beside.replace(out)
    except OSError as error:
        raise NightshelfError(f"{out} cannot be written: {error.strerror}") from None
