"""`nightshelf models [activate | compare | promote]` and `nightshelf reanswer`."""

import argparse
from collections.abc import Iterator
from importlib import import_module

from nightshelf.commands.edge import end_with_caller, job_environ, night_context, user
from nightshelf.night.context import Context

#: Of `nightshelf reanswer`, beside the question.
_WORDS = ("by", "model_is_not", "prompt_is_not", "first", "last", "category", "product_ids")
_LIMITS = ("reason", "most_rows", "most_tokens")


def models(args: argparse.Namespace) -> None:
    if args.action in ("compare", "promote"):
        home = "comparing" if args.action == "compare" else "promoting"
        getattr(import_module(f"nightshelf.commands.{home}"), args.action)(args)
        return
    context = night_context()
    if args.action == "activate":
        _activate(context, args)
    else:
        for line in _listed(context):
            context.say(line)


def reanswer(args: argparse.Namespace) -> None:
    from nightshelf.night.reanswer import Order, begin, run_order, step_of
    from nightshelf.night.wanted import selection_of

    end_with_caller(args)
    context = night_context()
    given = {name: getattr(args, name) for name in (*_WORDS, *_LIMITS)}
    words = {name: value for name, value in given.items() if value is not None}
    selection = selection_of(context, {"question": args.question, **words})
    origin = args.origin or context.clock().isoformat()
    order = Order(selection=selection, origin=origin, who=user(), is_dry=not args.yes)
    if args.origin:
        step_of(context, "choose", begin(context, order), job_environ())
    else:
        run_order(context, order, job_environ())
    if not args.yes:
        context.say("with --yes it is done")


def _activate(context: Context, args: argparse.Namespace) -> None:
    from nightshelf.night.activation import carry_out, changes, must_differ, preview

    wanted = changes(context, args.question, args.version)
    must_differ(wanted)
    if args.yes:
        carry_out(context, wanted, user(), job_environ())
    else:
        preview(context, wanted, user(), job_environ())
        context.say("nothing has changed: with --yes it is done")


def _listed(context: Context) -> Iterator[str]:
    from nightshelf.lakehouse.signed import rows_by_version
    from nightshelf.night.active import active_versions
    from nightshelf.night.frozen import newest_release
    from nightshelf.night.trained import said_of
    from nightshelf.ops.activations import activations, models_known

    active, newest = active_versions(context), newest_release(context)
    rows = rows_by_version(context.catalog, newest) if newest else {}
    for one in models_known(context.ops):
        question, version = one["question"], one["id"]
        known = [a for a in activations(context.ops, question) if a.id == version]
        said = f"since {known[0].at:%Y-%m-%d %H:%M} by {known[0].who}" if known else ""
        yield "  ".join(
            [
                f"{question:<12} {version}",
                "active" if active.get(question) == version else "      ",
                f"{rows.get(version, 0):>9} rows",
                f"{one['name']} at {one['revision']}",
                str(one["identity"].get("precision", "")),
                f"licence {one['licence']}",
                said,
                said_of(context, one),
            ]
        ).rstrip()
