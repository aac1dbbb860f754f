"""What is trained and what it is asked."""

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from benchmarks.eval.scored import WHAT, Scored, scored
from benchmarks.eval.sets import CLOTHING, DEVICES, UCI, Sets
from nightshelf.settings import Settings
from nightshelf.training.answering import Answering, classifier_at
from nightshelf.training.compared_texts import ABOUT
from nightshelf.training.evaluation import (
    Estimate,
    Evaluation,
    Floats,
    estimate,
    evaluate,
    given,
    without_neutral,
)
from nightshelf.training.finetune.made_from import files_read
from nightshelf.training.finetune.recipe import Recipe
from nightshelf.training.prepare.cleaning import Example, clean
from nightshelf.training.prepare.prepared import Prepared, prepare
from nightshelf.training.prepare.reading import Review
from nightshelf.training.prepare.split import TEST, TRAIN, VALIDATION
from nightshelf.training.scores import Labels, class_score
from nightshelf.training.train import Order, train

Say = Callable[[str], None]
Drawn = TypeVar("Drawn", Example, Review)
#: What a busy CPU has time for: the last layers learn, the first stay as they are.
CLOTHING_RECIPE = {"epochs": 1.0, "rate": 2e-4, "frozen_layers": 4}
UCI_RECIPE = {"epochs": 3.0, "rate": 1e-4, "frozen_layers": 3, "max_tokens": 64}


@dataclass(frozen=True)
class Bench:
    """Where models are kept between runs, and how long each may be trained."""

    sets: Sets
    home: Path
    precision: str
    minutes: float
    say: Say
    most: int | None = None
    """Texts that are asked of each part that is not learned from; None: all."""
    _known: dict[tuple[str, int], Prepared] = field(default_factory=dict)

    def prepared(self, name: str, classes: int) -> Prepared:
        key = (name, classes)
        if key not in self._known:
            found = prepare(self.sets.by_name[name], classes=classes)
            asked = {p: self.drawn(found.parts[p]) for p in (VALIDATION, TEST)}
            self._known[key] = replace(found, parts={**found.parts, **asked})
        return self._known[key]

    def drawn(self, found: Sequence[Drawn]) -> Sequence[Drawn]:
        most = min(self.most or len(found), len(found))
        return random.Random(11).sample(found, most) if self.most else found

    def model(self, name: str, prepared: Prepared, base: str, **recipe: float) -> Path:
        """The folder of the model, trained if it is not there; the same data, recipe and code."""
        chosen = Recipe(base=base, precision=self.precision, **recipe)  # type: ignore[arg-type]
        out = self.home / f"{name}-{chosen.identity(prepared.sha256)}"
        if not out.exists():
            order = Order(
                recipe=chosen,
                out=out,
                files=files_read([*self.sets.paths.values()]),
                minutes=self.minutes,
            )
            train(prepared, order, self.say)
        return out


def clothing(bench: Bench) -> list[Scored]:
    """Three classes, split by product; the same answers scored on two."""
    return recorded("clothing", "trained on women's clothing", _clothing_model(bench))


def words(bench: Bench) -> list[Scored]:
    """The same split, by words alone."""
    prepared = bench.prepared(CLOTHING, 3)
    expected, texts = _labels_and_texts(prepared.parts[TEST])
    answers = _tfidf(prepared, texts)
    what = "TF-IDF and logistic regression"
    polar = evaluate(*without_neutral(expected, answers))
    found = scored("tfidf_clothing_2", f"{what}, 2 classes", polar)
    return found + scored("tfidf_clothing_3", f"{what}, 3 classes", evaluate(expected, answers))


def recorded(name: str, what: str, folder: Path) -> list[Scored]:
    """What its own training has measured on the test part."""
    found = []
    for one in json.loads((folder / ABOUT).read_text("utf-8"))["scores"]:
        scores = dict(one["scores"])
        count = scores.pop("count")
        if one["part"] == TEST:
            evaluation = Evaluation(count, **{key: Estimate(**own) for key, own in scores.items()})
            classes = one["classes"]
            found += scored(f"{name}_{classes}", f"{what}, {classes} classes", evaluation)
    return found


def elsewhere(bench: Bench) -> list[Scored]:
    """The clothing model on sentences and on devices, of which it has seen nothing."""
    answering = Answering(classifier_at(str(_clothing_model(bench)), 256))
    found = []
    for name, other in (("uci", UCI), ("devices", DEVICES)):
        if other not in bench.sets.by_name:
            continue
        examples = _three(clean(bench.drawn(bench.sets.by_name[other]), 2).examples)
        expected, texts = _labels_and_texts(examples)
        answers = without_neutral(expected, answering.probabilities(texts))
        what = f"trained on clothing, asked about {name}, 2 classes"
        found += scored(f"clothing_on_{name}", what, evaluate(*answers))
        found.append(_recall(f"clothing_on_{name}", what, *answers))
    return found


def uci(bench: Bench) -> list[Scored]:
    """The clothing model goes on with hand-labelled sentences; split by text."""
    prepared = bench.prepared(UCI, 2)
    base = f"folder:{_clothing_model(bench)}"
    out = bench.model("uci", prepared, base, **UCI_RECIPE)
    return recorded("uci", "trained on clothing, then on UCI", out)


PARTS = {"clothing": clothing, "elsewhere": elsewhere, "words": words, "uci": uci}


def _clothing_model(bench: Bench) -> Path:
    prepared = bench.prepared(CLOTHING, 3)
    return bench.model("clothing", prepared, Settings().encoder, **CLOTHING_RECIPE)


def _labels_and_texts(examples: Sequence[Example]) -> tuple[Labels, list[str]]:
    return np.array([one.label for one in examples]), [one.text for one in examples]


def _three(examples: Sequence[Example]) -> list[Example]:
    """Labels of two classes as places among three."""
    return [replace(example, label=2 * example.label) for example in examples]


def _recall(name: str, what: str, expected: Labels, answers: Floats) -> Scored:
    labels, _ = given(answers)
    measured = estimate(
        lambda rows: class_score(expected[rows], labels[rows], 0).recall, len(expected)
    )
    measure = "recall_negative"
    return Scored(f"{name}_{measure}", f"{what}: {WHAT[measure]}", len(expected), measured)


def _tfidf(prepared: Prepared, texts: Sequence[str]) -> Floats:
    """What words alone say: the simple way that has to be beaten."""
    known, learned = _labels_and_texts(prepared.parts[TRAIN])
    way = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
        LogisticRegression(C=8.0, max_iter=300),
    )
    likely: Floats = way.fit(learned, known).predict_proba(texts)
    return likely
