"""`nightshelf models compare`: two models over the same texts, and what came of it kept."""

import argparse
from typing import TYPE_CHECKING, NamedTuple

from nightshelf.commands.edge import end_with_caller, night_context, say, user
from nightshelf.commands.training import read_data

if TYPE_CHECKING:
    from nightshelf.models.choice import ModelChoice
    from nightshelf.models.classifier_choice import ClassifierChoice
    from nightshelf.night.context import Context

HEAD, ACTIVE = "head", "active"


class Named(NamedTuple):
    """A model that is compared; `place` is what it may have been trained to, for its splits."""

    choice: "ClassifierChoice | ModelChoice"
    place: str
    is_stand_in: bool = False


def compare(args: argparse.Namespace) -> None:
    from nightshelf.ops.comparisons import Comparison, write_comparison
    from nightshelf.training.answering import Answering
    from nightshelf.training.compared_texts import examples_to_compare, sha256_of
    from nightshelf.training.comparing import compare as do_compare
    from nightshelf.training.report import lines_of

    end_with_caller(args)
    context = night_context()
    named = [_named(context, word, args) for word in (args.a, args.b)]
    first, second = (Answering(one.choice) for one in named)
    if named[0].is_stand_in and first.labels != second.labels:
        say(
            f"no version of {args.question} is active, and the sentiment head has other labels:"
            " there is nothing to compare with, and nothing is written down"
        )
        return
    reviews, _, files = read_data(args)
    places = [one.place for one in named]
    examples, said = examples_to_compare(reviews, len(first.labels), places, files)
    found = do_compare(first, second, examples)
    for line in (*said, *lines_of(found)):
        say(line)
    done = Comparison(
        before=_identity(named[0]),
        after=_identity(named[1]),
        names=[args.a, args.b],
        texts=found.texts,
        texts_sha256=sha256_of(examples),
        rated=found.scores[0].count if found.scores else 0,
        scores=found.intervals,
        flip_share=found.flip_share,
        seconds=found.seconds,
        who=user(),
        at=context.clock(),
    )
    write_comparison(context.ops, done)
    say("this is on record, for `nightshelf models promote`")


def _named(context: "Context", word: str, args: argparse.Namespace) -> Named:
    """`head`, `active`, a version of the question, or a folder's path."""
    from nightshelf.night.active import active_versions
    from nightshelf.night.trained import is_version, registered
    from nightshelf.training.answering import classifier_at
    from nightshelf.training.trained import max_tokens_of

    version = active_versions(context).get(args.question) if word == ACTIVE else word
    if word == HEAD or version is None:
        return Named(context.choice, HEAD, is_stand_in=word == ACTIVE)
    if is_version(version):
        choice = registered(context, args.question, version)
        return Named(choice, choice.model)
    return Named(classifier_at(word, args.max_tokens or max_tokens_of(word)), word)


def _identity(named: Named) -> str:
    from nightshelf.models.choice import ModelChoice
    from nightshelf.models.versions import versions_of
    from nightshelf.names import SENTIMENT
    from nightshelf.ops.comparisons import identity_id

    versions = versions_of([named.choice])
    is_head = isinstance(named.choice, ModelChoice)
    [version] = [versions[SENTIMENT]] if is_head else versions.values()
    return identity_id(version.identity)
