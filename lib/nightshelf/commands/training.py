"""`nightshelf train`."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nightshelf.commands.delivery import renames
from nightshelf.commands.edge import end_with_caller, night_context, say, user
from nightshelf.settings import Settings

if TYPE_CHECKING:
    from collections import Counter

    from nightshelf.training.finetune.recipe import Recipe
    from nightshelf.training.prepare.reading import Review


def train(args: argparse.Namespace) -> None:
    from nightshelf.training.finetune.artefact import must_be_free
    from nightshelf.training.finetune.base_model import find_base
    from nightshelf.training.finetune.card import use
    from nightshelf.training.prepare.prepared import prepare
    from nightshelf.training.train import Order
    from nightshelf.training.train import train as do_train

    end_with_caller(args)
    out, recipe = Path(args.out), recipe_of(args)
    if not args.keep:
        must_be_free(out)
    reviews, unread, files = read_data(args)
    prepared = prepare(reviews, classes=args.classes, how=args.split, unread=unread)
    for line in prepared.lines:
        say(line)
    if args.check:
        find_base(recipe.base, recipe.max_tokens)
        say("this can be trained on; nothing was written")
        return
    if not (args.keep and _is_made(out, recipe, prepared.sha256)):
        order = Order(
            recipe=recipe,
            out=out,
            files=files,
            pretrain_texts=_unlabelled(args.pretrain, renames(args.rename)),
            minutes=args.minutes,
        )
        found = do_train(prepared, order, say).test
        say(f"on {found.count:,} test texts, with 95 % intervals:")
        for name, score in found.scores.items():
            say(f"  {name:<18} {score}")
    say(f"{out} is written; as a question of each night, in NIGHTSHELF_CLASSIFIERS' file:")
    say(use(out, recipe.max_tokens, args.question))
    _register(out, args.question)


def read_data(
    args: argparse.Namespace,
) -> "tuple[list[Review], Counter[str], Mapping[str, str]]":
    """
    Reviews of `--data` or of landed dates, how many were left out, and SHA-256 by file.

    With `--most-rows` as many are drawn, always the same of the same files.
    """
    from nightshelf.training.finetune.made_from import files_read
    from nightshelf.training.prepare.landed import landed_files
    from nightshelf.training.prepare.reading import drawn, read_reviews

    paths = [Path(name) for name in args.data]
    if args.first or args.last or not paths:
        paths += landed_files(Settings.from_environ().landing, args.first, args.last)
    reviews, unread = read_reviews(paths, renames(args.rename))
    return drawn(reviews, args.most_rows, unread), unread, files_read(paths)


def _register(out: Path, question: str) -> None:
    from nightshelf.night.trained import register_trained
    from nightshelf.training.trained import read_trained

    context, trained = night_context(), read_trained(str(out))
    version = register_trained(context, trained.as_question(question), trained.about, user())
    say(f"registered as version {version} of {question}; next: `nightshelf models compare active")
    say(f"{version} --question {question} --data FILE`, then `nightshelf models promote {version}`")


def _is_made(out: Path, recipe: "Recipe", data_sha256: str) -> bool:
    """Whether the same command has made it before, which then has nothing left to do."""
    from dataclasses import asdict

    from nightshelf.errors import SettingsError
    from nightshelf.training.trained import read_trained

    if not out.exists():
        return False
    about: Mapping[str, Any] = read_trained(str(out)).about
    if (about["recipe"], about["made_from"]["data_sha256"]) != (asdict(recipe), data_sha256):
        raise SettingsError(
            f"--out {out} exists already, of other data or parameters; name another folder"
        )
    say(f"{out} was made before, of the same data and parameters")
    return True


def recipe_of(args: argparse.Namespace) -> "Recipe":
    """What the command says, and the settings where it says nothing."""
    from dataclasses import fields, replace

    from nightshelf.models.precision import precision_of
    from nightshelf.training.finetune.recipe import Recipe

    settings = Settings.from_environ()
    given = {f.name: getattr(args, f.name, None) for f in fields(Recipe)}
    chosen = {name: value for name, value in given.items() if value is not None}
    wanted = str(chosen.get("precision", "auto"))
    chosen["precision"] = precision_of(replace(settings, precision=wanted))
    return Recipe(**{"base": settings.encoder} | chosen)


def _unlabelled(names: list[str], rename: Mapping[str, str]) -> list[str]:
    from collections import Counter

    from nightshelf.training.prepare.cleaning import text_of
    from nightshelf.training.prepare.reading import read_reviews

    if not names:
        return []
    reviews, _ = read_reviews([Path(name) for name in names], rename)
    texts = (text_of(review, Counter()) for review in reviews)
    return [text for text in dict.fromkeys(texts) if text]
