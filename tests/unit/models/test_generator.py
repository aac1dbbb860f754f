"""Language models from a folder: what transformers would write, in whatever batch."""

import json
from dataclasses import replace

import pyarrow as pa
import pytest
import torch
import transformers
from tests.unit.models.tiny_generators import EOS, PAD, POSITIONS, contents, save_generator

from nightshelf.engine.device import LocalDevice
from nightshelf.engine.runner import Limits, Panel, ask
from nightshelf.engine.tokens import Tokens
from nightshelf.engine.usage import Usage
from nightshelf.errors import SettingsError, UnanswerableRow
from nightshelf.host.choices import from_fields, questions_of, to_fields
from nightshelf.models.generator_choice import GeneratorChoice
from nightshelf.models.generator_files import CAUSAL, SEQ2SEQ, find_generator
from nightshelf.models.panel import open_panel, open_reader
from nightshelf.names import DESCRIPTION

NEW = 24
#: One that shares its prefix, one whose window slides, one with an encoder.
THREE = ("GPT2LMHeadModel", "Gemma3ForCausalLM", "T5ForConditionalGeneration")


def chosen(folder, **changed):
    return GeneratorChoice(generator=f"folder:{folder}", max_tokens=NEW, **changed)


def opened(choice):
    return open_reader(choice), open_panel(choice)


def written(choice, texts):
    reader, model = opened(choice)
    return model.answer(reader.prepare(texts))[DESCRIPTION]


def greedy(choice, texts):
    """Tokens that transformers writes for each prompt on its own."""
    files, reader = find_generator(choice), open_reader(choice)
    kind = transformers.AutoModelForSeq2SeqLM if files.is_seq2seq else None
    module = (kind or transformers.AutoModelForCausalLM).from_pretrained(files.files.folder).eval()
    found = []
    for row in reader.prepare(texts):
        ids = torch.tensor([(reader.head if files.shares_prefix else []) + row[1:].tolist()])
        out = module.generate(
            ids,
            attention_mask=torch.ones_like(ids),
            max_new_tokens=NEW,
            do_sample=False,
            pad_token_id=PAD,
            eos_token_id=list(files.ends),
        )
        found.append(out[0, 1 if files.is_seq2seq else ids.shape[1] :].tolist())
    return found


def end_with(folder, *tokens):
    path = folder / "generation_config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"eos_token_id": [EOS, *tokens]}))


@pytest.fixture
def tokens_of(monkeypatch):
    """What a model writes, as tokens: the text of random weights has blank lines in it."""

    def tokens(choice, texts):
        reader, model = opened(choice)
        monkeypatch.setattr(model._ending, "_breaks_line", lambda _: False)
        with torch.inference_mode():
            return model._write([ids[1:] for ids in reader.prepare(texts)])

    return tokens


@pytest.mark.parametrize("architecture", [*CAUSAL, *SEQ2SEQ])
def test_a_padded_batch_writes_what_transformers_writes_row_by_row(
    tmp_path, architecture, tokens_of
):
    choice = chosen(save_generator(tmp_path, architecture))
    assert tokens_of(choice, contents()) == greedy(choice, contents())


@pytest.mark.parametrize("architecture", THREE)
def test_rows_that_end_leave_and_the_others_go_on_undisturbed(tmp_path, architecture, tokens_of):
    choice = chosen(save_generator(tmp_path, architecture, seed=5))
    whole = tokens_of(choice, contents())
    end_with(tmp_path, whole[0][2], whole[3][7], whole[1][12])
    found = tokens_of(choice, contents())
    assert len({len(row) for row in found}) > 1
    assert found == greedy(choice, contents())


@pytest.mark.parametrize("temperature", [0.0, 0.8])
@pytest.mark.parametrize("architecture", THREE)
def test_a_row_has_the_same_text_in_whatever_batch_it_is(tmp_path, architecture, temperature):
    choice = chosen(save_generator(tmp_path, architecture), temperature=temperature, seed=3)
    reader, model = opened(choice)
    rows = list(reader.prepare(contents()))
    together = model.answer(Tokens.from_rows(rows))[DESCRIPTION]
    for order in ([0], [4], [2, 3], [4, 3, 2, 1, 0], [1, 1, 3]):
        some = model.answer(Tokens.from_rows([rows[n] for n in order]))[DESCRIPTION]
        assert some == [together[n] for n in order]


def test_what_is_drawn_depends_on_the_seed_and_on_what_is_read(tmp_path):
    choice = chosen(save_generator(tmp_path), temperature=1.0)
    first, again, other = (written(replace(choice, seed=seed), contents()) for seed in (1, 1, 2))
    assert first == again
    assert all(one != two for one, two in zip(first, other, strict=True))
    assert len({draft[0] for draft in first}) == len(first)


def test_an_answer_says_language_finish_and_tokens(tmp_path, tokens_of):
    choice = chosen(save_generator(tmp_path, seed=5))
    first = tokens_of(choice, contents())[0]
    end_with(tmp_path, first[2])
    reader, rows = open_reader(choice), tokens_of(choice, contents())
    drafts = written(choice, contents())
    assert [draft[1] for draft in drafts] == ["en", "en", "zh", "en", "en"]
    ids = reader.prepare(contents())
    assert [draft[3] for draft in drafts] == [len(reader.head) + len(row) - 1 for row in ids]
    assert [draft[4] for draft in drafts] == [len(row) for row in rows]
    assert drafts[0][2:] == ("stop", drafts[0][3], first.index(first[2]) + 1)
    finished = ["stop" if row[-1] in (EOS, first[2]) else "length" for row in rows]
    assert [draft[2] for draft in drafts] == finished
    assert set(finished) == {"stop", "length"}


@pytest.mark.parametrize("architecture", THREE)
def test_a_prompt_that_leaves_no_room_fails_alone_and_the_engine_takes_the_rest(
    tmp_path, architecture
):
    choice = from_fields(to_fields(chosen(save_generator(tmp_path, architecture))))
    long = contents()[1].replace("Stoneware", "Stoneware " * 400)
    texts = [*contents(), long, "not a request"]
    reader, model = opened(choice)
    with pytest.raises(UnanswerableRow):
        model.answer(reader.prepare(texts))
    panel = Panel(
        questions=questions_of(choice),
        reader=reader,
        device=LocalDevice(model, questions_of(choice)),
        limits=Limits(max_padded_tokens=2048, window_rows=8192, max_failed_share=1),
    )
    names = [str(number) for number in range(len(texts))]
    rows = pa.RecordBatch.from_pydict(
        {"content_key": names, "text": texts, "key_description": names}
    )
    [(_, said)] = ask([rows], panel, Usage())
    by_key = {row["key"]: row for row in said.to_pylist()}
    reasons = [by_key[name]["reason"] for name in names]
    assert reasons == [None] * 5 + ["UnanswerableRow"] * 2
    expected = [draft[0] for draft in model.answer(reader.prepare(contents()))[DESCRIPTION]]
    assert [by_key[name]["text"] for name in names[:5]] == expected


def test_a_prompt_may_fill_all_that_the_text_leaves(tmp_path):
    choice = chosen(save_generator(tmp_path))
    reader, model = opened(choice)
    own = POSITIONS - NEW - len(reader.head)
    [draft] = model.answer(Tokens.from_rows([[0] + [300] * own]))[DESCRIPTION]
    assert draft[3] == POSITIONS - NEW
    with pytest.raises(UnanswerableRow):
        model.answer(Tokens.from_rows([[0] + [300] * (own + 1)]))


def test_a_limit_that_leaves_no_room_for_the_instructions_is_refused(tmp_path):
    choice = replace(chosen(save_generator(tmp_path)), max_tokens=POSITIONS)
    with pytest.raises(SettingsError, match=r"GENERATOR_MAX_TOKENS=1024: folder:.* holds 1024"):
        open_panel(choice)


def test_numbers_that_overflow_are_no_answer(tmp_path):
    choice = chosen(save_generator(tmp_path))
    reader, model = opened(choice)
    with torch.no_grad():
        model._network._module.transformer.ln_f.weight.fill_(float("inf"))
    with pytest.raises(UnanswerableRow):
        model.answer(reader.prepare(contents()))


def test_an_empty_batch_has_no_answers(tmp_path):
    assert written(chosen(save_generator(tmp_path)), []) == []


def test_bf16_is_computed_in_bf16(tmp_path):
    choice = chosen(save_generator(tmp_path), precision="bf16")
    reader, model = opened(choice)
    assert model._network._module.dtype == torch.bfloat16
    assert len(model.answer(reader.prepare(contents()))[DESCRIPTION]) == 5
