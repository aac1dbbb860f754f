"""`nightshelf train`."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from nightshelf.commands.delivery import renames
from nightshelf.commands.edge import say
from nightshelf.settings import Settings

if TYPE_CHECKING:
    from nightshelf.training.finetune.recipe import Recipe


def train(args: argparse.Namespace) -> None:
    from nightshelf.training.finetune.artefact import must_be_free
    from nightshelf.training.finetune.card import use
    from nightshelf.training.finetune.made_from import files_read
    from nightshelf.training.prepare.prepared import prepare
    from nightshelf.training.prepare.reading import read_reviews
    from nightshelf.training.train import Order
    from nightshelf.training.train import train as do_train

    out, rename = Path(args.out), renames(args.rename)
    must_be_free(out)
    recipe = recipe_of(args)
    paths = [Path(name) for name in args.data]
    reviews, unread = read_reviews(paths, rename)
    prepared = prepare(reviews, classes=args.classes, how=args.split, unread=unread)
    for line in prepared.lines:
        say(line)
    order = Order(
        recipe=recipe,
        out=out,
        files=files_read(paths),
        pretrain_texts=_unlabelled(args.pretrain, rename),
        minutes=args.minutes,
    )
    found = do_train(prepared, order, say).test
    say(f"on {found.count:,} test texts, with 95 % intervals:")
    for name, score in found.scores.items():
        say(f"  {name:<18} {score}")
    say(f"{out} is written; as a question of each night, in NIGHTSHELF_CLASSIFIERS' file:")
    say(use(out, recipe.max_tokens))


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
