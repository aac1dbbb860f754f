"""Fine-tuning learns, repeats itself, goes on where it was cut off, and ends when it shall."""

import resource
import shutil
from contextlib import contextmanager
from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file, save_file

from nightshelf.errors import JobError, ModelError, SettingsError
from nightshelf.training.finetune.base_model import find_base, open_classifier_base
from nightshelf.training.finetune.checkpoints import begin_or_go_on, newest_whole
from nightshelf.training.finetune.dataset import Masking
from nightshelf.training.finetune.recipe import Recipe
from nightshelf.training.finetune.tuning import fine_tune, pretrain

from .conftest import WORDS, save_tokenizer


@pytest.fixture
def tune(tmp_path, recipe, prepared, said):
    def run(work="work", minutes=0.0, **changed):
        chosen = replace(recipe, **changed)
        files = find_base(chosen.base, chosen.max_tokens)
        return fine_tune(
            files,
            prepared.parts["train"],
            prepared.labels,
            chosen,
            tmp_path / work,
            minutes=minutes,
            say=said.append,
        )

    return run


def weights(module):
    return {name: tensor.clone() for name, tensor in module.state_dict().items()}


def same(left, right):
    return all(torch.equal(left[name], right[name]) for name in left)


def test_the_same_seed_gives_the_same_model(tune):
    (first, fitted, _), (again, _, _), (other, _, _) = (
        tune(work, seed=seed) for work, seed in (("a", 1), ("b", 1), ("c", 2))
    )
    assert same(weights(first), weights(again))
    assert not same(weights(first), weights(other))
    assert fitted.steps == fitted.planned_steps > 10


def test_a_training_that_was_cut_off_goes_on_to_the_same_model(tune, tmp_path, said):
    whole, _, _ = tune()
    steps = sorted(int(path.name[11:]) for path in (tmp_path / "work").glob("checkpoint-*"))
    shutil.rmtree(tmp_path / "work" / f"checkpoint-{steps[-1]}")
    resumed, fitted, _ = tune()
    assert f"going on from checkpoint-{steps[0]}" in said
    assert fitted.steps == steps[-1]
    assert same(weights(whole), weights(resumed))


@pytest.mark.parametrize("name", ["model.safetensors", "optimizer.pt", "trainer_state.json"])
def test_a_checkpoint_that_was_cut_short_is_passed_over(tune, tmp_path, said, name):
    tune()
    first, last = sorted((tmp_path / "work").glob("checkpoint-*"), key=lambda p: int(p.name[11:]))
    cut = last / name
    cut.write_bytes(cut.read_bytes()[: cut.stat().st_size // 2])
    assert newest_whole(tmp_path / "work", said.append) == first
    assert f"{last.name} was cut short" in said[-1]
    assert not last.exists()


def test_what_another_training_left_is_not_gone_on_from(tmp_path, said):
    begin_or_go_on(tmp_path / "w", "a", said.append)
    (tmp_path / "w" / "checkpoint-1").mkdir()
    begin_or_go_on(tmp_path / "w", "a", said.append)
    assert (tmp_path / "w" / "checkpoint-1").is_dir()
    begin_or_go_on(tmp_path / "w", "b", said.append)
    assert not (tmp_path / "w" / "checkpoint-1").exists()
    assert len(said) == 1
    assert "is of another training" in said[0]


def test_time_that_is_over_ends_it_with_a_checkpoint(tune, tmp_path, said):
    _, fitted, _ = tune(minutes=1e-6)
    assert (fitted.steps, fitted.planned_steps > 10) == (1, True)
    assert any("the time is over at step 1" in line for line in said)
    assert (tmp_path / "work" / "checkpoint-1").is_dir()


@pytest.mark.parametrize(("frozen", "moved"), [(-1, "embeddings"), (0, "layer.0"), (1, "layer.1")])
def test_frozen_layers_stay_as_they_are(tune, recipe, frozen, moved):
    files = find_base(recipe.base, 16)
    before = weights(open_classifier_base(files, ("a", "b", "c"), recipe.seed).base_model)
    module, _, _ = tune(frozen_layers=frozen)
    after = weights(module.base_model)
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    places = ["embeddings", "layer.0", "layer.1", "pooler"]
    expected = places[places.index(moved) :]
    assert {place for place in places if any(place in name for name in changed)} == set(expected)


def test_more_frozen_layers_than_there_are(tune):
    with pytest.raises(SettingsError, match="--frozen-layers 3: the encoder has 2 layers"):
        tune(frozen_layers=3)


def test_long_texts_are_cut_and_counted(tune):
    _, _, none = tune(epochs=0.1)
    _, _, cut = tune(work="short", epochs=0.1, max_tokens=6)
    assert none == 0
    assert cut > 100


def test_words_are_hidden_but_none_of_the_special_ones():
    masking = Masking(pad=0, mask=4, vocabulary=len(WORDS), special=frozenset(range(5)))
    torch.manual_seed(1)
    rows = [{"input_ids": [2, *range(10, 40), 3]}, {"input_ids": [2, 10, 3]}]
    batches = [masking(rows) for _ in range(200)]
    hidden = torch.stack([batch["labels"] for batch in batches])
    assert (hidden[:, :, 0] == -100).all()
    assert (hidden[:, 1, 2:] == -100).all()
    chosen = hidden[:, 0, 1:-1] != -100
    assert chosen.float().mean() == pytest.approx(0.15, abs=0.02)
    shown = torch.stack([batch["input_ids"] for batch in batches])[:, 0, 1:-1]
    assert (shown[chosen] == 4).float().mean() == pytest.approx(0.8, abs=0.06)
    assert (shown[~chosen] == hidden.new_tensor(range(10, 40)).expand(200, -1)[~chosen]).all()


def test_pretraining_moves_the_encoder_and_fine_tuning_begins_from_it(
    tmp_path, recipe, prepared, said
):
    files = find_base(recipe.base, 16)
    texts = [example.text for example in prepared.parts["train"]]
    into, fitted = pretrain(files, texts, recipe, tmp_path / "w", minutes=0, say=said.append)
    assert fitted.steps == fitted.planned_steps
    moved, before = (load_file(one.weights[0]) for one in (into, files))
    name = "encoder.layer.0.output.dense.weight"
    assert not torch.equal(moved[f"bert.{name}"], before[name])
    begun = open_classifier_base(into, prepared.labels, 1)
    assert torch.equal(begun.state_dict()[f"bert.{name}"], moved[f"bert.{name}"])


def test_pretraining_needs_a_mask(base, recipe, tmp_path, said):
    save_tokenizer(base, [word for word in WORDS if word != "[MASK]"])
    with pytest.raises(ModelError, match="has no mask token"):
        pretrain(find_base(recipe.base, 16), ["w1"], recipe, tmp_path, minutes=0, say=said.append)


def test_a_base_without_a_tokenizer(base):
    (base / "tokenizer.json").unlink()
    with pytest.raises(SettingsError, match=r"no tokenizer\.json"):
        find_base(f"folder:{base}", 16)


def test_a_base_that_reads_too_little(base):
    with pytest.raises(SettingsError, match=r"--max-tokens 25: .* reads at most 24 tokens"):
        find_base(f"folder:{base}", 25)


def lose_a_layer(path):
    kept = {name: t for name, t in load_file(path).items() if "layer.1" not in name}
    save_file(kept, path, {"format": "pt"})


def cut_short(path):
    path.write_bytes(path.read_bytes()[:-1000])


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [(lose_a_layer, r"the weights lack .*layer\.1"), (cut_short, "cannot be trained from it")],
)
def test_a_base_whose_weights_are_not_whole(base, spoil, complaint):
    spoil(base / "model.safetensors")
    with pytest.raises(ModelError, match=complaint):
        open_classifier_base(find_base(f"folder:{base}", 16), ("a", "b"), 1)


@contextmanager
def files_of_at_most(count):
    """A disk that is full, as a process sees it: a write stops short with an error."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (count, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("room", [5_000, 100_000])
def test_a_full_disk_is_said_and_the_training_goes_on_after_it(tune, tmp_path, room):
    whole, _, _ = tune("undisturbed")
    with (
        files_of_at_most(room),
        pytest.raises(JobError, match=r"could not be written.*make room.*same command again"),
    ):
        tune()
    module, _, _ = tune()
    assert same(weights(whole), weights(module))


@pytest.mark.parametrize(
    ("field", "value", "must"),
    [
        ("epochs", 0, "more than 0"),
        ("rate", 1.0, "between 0 and 1"),
        ("balance", 1.5, "between 0 and 1"),
        ("frozen_layers", -2, "-1 or more"),
        ("rows_a_step", 0, "1 or more"),
        ("precision", "int8", "fp32 or bf16"),
    ],
)
def test_a_recipe_that_cannot_be(field, value, must):
    with pytest.raises(SettingsError, match=f"{field} = {value}: it has to be {must}"):
        Recipe(base="x", **{field: value})
