"""`nightshelf models promote`."""

import argparse
from typing import TYPE_CHECKING

from nightshelf.commands.edge import end_with_caller, job_environ, night_context, user

if TYPE_CHECKING:
    from nightshelf.night.context import Context


def promote(args: argparse.Namespace) -> None:
    from nightshelf.night.promotion import candidate_of
    from nightshelf.night.promotion import promote as do_promote

    end_with_caller(args)
    context, who = night_context(), args.by or user()
    version = _version(context, args.model, args.question, who)
    candidate = candidate_of(context, args.question, version)
    if candidate.before == version:
        context.say(f"{args.question}: {version} is active already")
        return
    do_promote(context, candidate, who, args.reason or "", job_environ())


def _version(context: "Context", model: str, question: str, who: str) -> str:
    """A version, or that of a folder, which is registered by it."""
    from nightshelf.night.trained import is_version, register_trained
    from nightshelf.training.trained import read_trained

    if is_version(model):
        return model
    trained = read_trained(model)
    return register_trained(context, trained.as_question(question), trained.about, who)
