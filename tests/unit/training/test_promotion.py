"""The commands from a trained folder to the model that nights ask, and what stands in their way."""

import json
import shutil
from functools import partial
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from nightshelf import cli
from nightshelf.night import promotion
from nightshelf.ops.actions import recent
from nightshelf.ops.activations import newest_activations
from nightshelf.ops.comparisons import newest_comparison
from nightshelf.ops.database import open_ops
from nightshelf.ops.schema import MODELS
from nightshelf.ops.trained_schema import COMPARISONS, TRAININGS
from nightshelf.settings import Settings
from nightshelf.training import comparing, measuring
from nightshelf.training.prepare.prepared import prepare
from nightshelf.training.train import Order, train

from .conftest import make_base, make_recipe, reviews


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A model that has learned, and one that has learned hardly anything."""
    folder = tmp_path_factory.mktemp("made")
    base, prepared = make_base(folder / "base"), prepare(reviews(300))
    for name, epochs, rate in (("good", 6, 4e-3), ("bad", 0.1, 1e-7)):
        recipe = make_recipe(base, epochs=epochs, rate=rate)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(measuring, "evaluate", partial(measuring.evaluate, resamples=20))
            train(prepared, Order(recipe=recipe, out=folder / name, files={}), [].append)
    return folder


@pytest.fixture
def models(made, tmp_path, monkeypatch):
    """Both in folders of the test's own, and reviews to compare them by."""
    monkeypatch.setenv("NIGHTSHELF_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NIGHTSHELF_ENCODER", "fake:8")
    monkeypatch.setenv("NIGHTSHELF_SENTIMENT_HEAD", "fake")
    # Intervals are tested elsewhere; a thousand draws take seconds each time.
    for name in ("evaluate", "estimate"):
        few = partial(getattr(comparing, name), resamples=20)
        monkeypatch.setattr(comparing, name, few)
    shutil.copytree(made, tmp_path / "models")
    rows = [f"{r.title} {r.body},{r.rating},{r.product_id}" for r in reviews(90)]
    (tmp_path / "golden.csv").write_text("\n".join(["body,stars,product", *rows]) + "\n")
    return tmp_path / "models"


@pytest.fixture
def run(models, capsys):
    def call(*words):
        code = cli.main([str(word) for word in words])
        printed = capsys.readouterr()
        return code, printed.out + printed.err

    return call


@pytest.fixture
def ops(models):
    return open_ops(Settings.from_environ().ops_database)


@pytest.fixture
def good(run, models, ops):
    """The one that has learned is active; its version."""
    assert run("models", "compare", "active", models / "good", *DATA(models))[0] == 0
    code, said = run("models", "promote", models / "good")
    assert code == 0, said
    return newest_activations(ops)["tone"].id


def DATA(models):
    return ("--data", models.parent / "golden.csv")


def test_promoted_on_figures_and_everything_is_on_record(run, models, ops, good):
    [newest] = newest_activations(ops).values()
    assert newest.is_explicit
    with ops.begin() as db:
        [row] = db.execute(sa.select(COMPARISONS)).mappings().all()
        [training] = db.execute(sa.select(TRAININGS)).mappings().all()
    assert (row["texts"], row["rated"], row["names"][0]) == (90, 90, "active")
    assert len(row["texts_sha256"]) == 64
    before, after, less = row["scores"]["macro_f1"]
    assert less[0] == pytest.approx(after[0] - before[0])
    assert less[0] > 0
    assert newest_comparison(ops, row["before"], row["after"]).flip_share == row["flip_share"] > 0
    assert (training["id"], training["about"]["recipe"]["seed"]) == (good, 1)
    assert recent(ops, limit=1)[0]["subject"] == f"tone {good}"
    code, said = run("models")
    assert code == 0
    [line] = [line for line in said.splitlines() if good in line]
    assert "active" in line
    assert "trained: macro-F1 " in line
    assert run("models", "promote", good) == (0, f"tone: {good} is active already\n")


def test_a_worse_one_needs_a_reason_which_is_kept(run, models, ops, good):
    code, said = run("models", "promote", models / "bad")
    assert (code, "it was never compared" in said) == (12, True), said
    assert run("models", "promote", models / "bad", "--reason", "a whim")[0] == 12
    pair = ("active", models / "bad", *DATA(models))
    assert run("models", "compare", *pair)[0] == 0
    code, said = run("models", "promote", models / "bad")
    assert (code, "its macro-F1 is worse" in said) == (12, True), said
    assert newest_activations(ops)["tone"].id == good
    words = ("models", "promote", models / "bad", "--reason", "it is smaller", "--by", "ann")
    code, said = run(*words)
    assert code == 0, said
    assert "reanswer --question tone --yes" in said
    assert newest_activations(ops)["tone"].id != good
    newest = recent(ops, limit=1)[0]
    assert (newest["action"], newest["reason"], newest["who"]) == (
        "promote",
        "it is smaller",
        "ann",
    )


def test_stars_are_needed_to_know_which_is_right(run, models, ops, good):
    golden = models.parent / "golden.csv"
    golden.write_text("body\nfine w1\nawful w2\n")
    assert run("models", "compare", good, models / "bad", *DATA(models))[0] == 0
    code, said = run("models", "promote", models / "bad")
    assert (code, "have no stars" in said) == (12, True), said


def cut(folder, ops):
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-4] + b"\0\0\0\1")


def other(folder, ops):
    """Another model, whole, in the place of one that was registered."""
    shutil.rmtree(folder)
    shutil.copytree(folder.with_name("bad"), folder)


def unrecorded(folder, ops):
    (folder / "training.json").write_text("{")


def gone(folder, ops):
    shutil.rmtree(folder)


def broken_choice(folder, ops):
    with ops.begin() as db:
        db.exec_driver_sql("UPDATE models SET choice = '{cut' WHERE question = 'tone'")


def odd_choice(folder, ops):
    with ops.begin() as db:
        db.execute(sa.update(MODELS).values(choice={"kind": "classifier", "colour": 1}))


def broken_training(folder, ops):
    with ops.begin() as db:
        db.exec_driver_sql("UPDATE trainings SET about = '{cut'")


@pytest.mark.parametrize(
    ("damage", "by", "code", "said", "listed"),
    [
        (cut, "folder", 17, "were changed or cut short", "BROKEN"),
        (cut, "version", 17, "cannot be opened", "BROKEN"),
        (other, "folder", 17, "that was registered must not change", "BROKEN"),
        (other, "version", 17, "cannot be opened", "BROKEN"),
        (unrecorded, "folder", 17, "the record of the training, is missing or broken", "trained"),
        (gone, "folder", 10, "good", "BROKEN"),
        (gone, "version", 17, "What is active stays active", "BROKEN"),
        (broken_choice, "version", 17, "is corrupt: its choice is none", "CORRUPT"),
        (odd_choice, "version", 17, "is corrupt: its choice is none", "CORRUPT"),
        (broken_training, "version", 0, "", "CORRUPT"),
    ],
)
def test_what_is_damaged_is_said_and_the_active_one_stays(
    run, models, ops, good, damage, by, code, said, listed
):
    assert run("models", "compare", good, models / "bad", *DATA(models))[0] == 0
    reason = ("--reason", "to have two")
    assert run("models", "promote", models / "bad", *reason)[0] == 0
    active = newest_activations(ops)["tone"].id
    assert run("models", "compare", "active", good, *DATA(models))[0] == 0
    damage(models / "good", ops)
    shown = run("models")
    assert shown[0] == 0
    assert listed in "".join(line for line in shown[1].splitlines() if good in line)
    what = models / "good" if by == "folder" else good
    ended, complaint = run("models", "promote", what)
    assert (ended, said in complaint) == (code, True), complaint
    assert (newest_activations(ops)["tone"].id == active) is (code != 0)


def test_the_card_of_the_folder_knows_the_hash_of_its_weights(models):
    about = json.loads((models / "good" / "training.json").read_text())
    assert len(about["weights_sha256"]) == 64


@pytest.mark.parametrize("is_shown", [True, False])
def test_what_becomes_stale_is_said_where_a_release_shows_the_question(
    run, models, ops, good, monkeypatch, is_shown
):
    shown = {"tone": good} if is_shown else {"sentiment": good}
    monkeypatch.setattr(promotion, "newest_release", lambda _: SimpleNamespace(models=shown))
    seen = []
    monkeypatch.setattr(promotion, "preview", lambda _, found, *rest: seen.append(found))
    assert run("models", "compare", "active", models / "bad", *DATA(models))[0] == 0
    assert run("models", "promote", models / "bad", "--reason", "smaller")[0] == 0
    assert [change.before for found in seen for change in found] == [good] * is_shown


def test_a_person_sees_the_figures_and_nothing_that_is_markdown(run, models, ops, good):
    folder = str(models / "bad")
    assert promotion.evidence_for_a_person("tone", folder) is None
    assert run("models", "promote", folder)[0] == 12
    assert promotion.evidence_for_a_person("tone", folder) is None
    assert run("models", "compare", "active", folder, *DATA(models))[0] == 0
    said = promotion.evidence_for_a_person("tone", folder)
    assert "- `its macro-F1 is worse: " in said
    assert "`macro_f1: " in said
