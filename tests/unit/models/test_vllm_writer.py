"""vLLM as a writer: what our own loop would write, and nobody pays for a row that it fails on."""

import json
from dataclasses import replace

import pyarrow as pa
import pytest
from tests.unit.models import fake_vllm
from tests.unit.models.tiny_generators import EOS, POSITIONS, contents, save_generator
from tokenizers import Tokenizer

from nightshelf.engine.device import LocalDevice
from nightshelf.engine.runner import Limits, Panel, ask
from nightshelf.engine.tokens import Tokens
from nightshelf.engine.usage import Usage
from nightshelf.errors import HostKilled, HostLost, UnanswerableRow, WrongAnswer
from nightshelf.host.choices import from_fields, questions_of, to_fields
from nightshelf.models.generator_choice import GeneratorChoice
from nightshelf.models.generator_files import find_generator
from nightshelf.models.panel import open_panel, open_reader
from nightshelf.names import DESCRIPTION

NEW = 24
#: One that shares its prefix, and one whose window slides.
TWO = ("LlamaForCausalLM", "Gemma3ForCausalLM")


@pytest.fixture
def vllm(tmp_path):
    site = fake_vllm.install(tmp_path / "site")
    with fake_vllm.importable(site):
        yield site


def chosen(folder, **changed):
    place = f"folder:{folder}"
    named = {"engine": "vllm", "engine_version": fake_vllm.VERSION, "max_tokens": NEW, **changed}
    return from_fields(to_fields(GeneratorChoice(generator=place, **named)))


def by_torch(choice):
    return open_panel(replace(choice, engine="torch", engine_version=""))


def drafts(model, tokens):
    return model.answer(tokens)[DESCRIPTION]


@pytest.fixture
def llama(vllm, tmp_path):
    choice = chosen(save_generator(tmp_path / "m"))
    return open_panel(choice), open_reader(choice).prepare(contents()), choice


@pytest.mark.parametrize("architecture", TWO)
@pytest.mark.parametrize("chat", [False, True])
def test_it_writes_what_our_own_loop_writes(vllm, tmp_path, architecture, chat):
    choice = chosen(save_generator(tmp_path / "m", architecture, chat=chat, seed=5))
    tokens = open_reader(choice).prepare(contents())
    assert drafts(open_panel(choice), tokens) == drafts(by_torch(choice), tokens)


def test_an_end_of_the_folder_ends_a_text_and_a_blank_line_cuts_it(vllm, tmp_path, monkeypatch):
    choice = chosen(save_generator(tmp_path / "m", seed=5))
    tokens = open_reader(choice).prepare(contents())
    model = open_panel(choice)
    plain = list(model._written(tokens, [[*model._before, *ids[1:].tolist()] for ids in tokens]))
    [first, second] = [list(one.outputs[0].token_ids) for one in plain[:2]]
    path = tmp_path / "m" / "generation_config.json"
    named = json.loads(path.read_text()) | {"eos_token_id": [EOS, first[3]]}
    path.write_text(json.dumps(named))
    model = open_panel(choice)
    reached = model._ending.is_reached
    # As if what the second row has written by then were a line and a blank one.
    monkeypatch.setattr(
        model._ending, "is_reached", lambda ids: reached(ids) or list(ids) == second[:9]
    )
    found = drafts(model, tokens)
    assert [found[0][2], found[0][4]] == ["stop", 4]
    assert [found[1][2], found[1][4]] == ["stop", 9]
    assert found[1][0] == model._ending.text(second[:9])
    assert {draft[2] for draft in found} == {"stop", "length"}


def test_what_is_drawn_is_the_rows_own(vllm, tmp_path):
    choice = chosen(save_generator(tmp_path / "m"), temperature=1.0, seed=1)
    tokens = open_reader(choice).prepare(contents())
    one, again, other = (
        drafts(open_panel(replace(choice, seed=seed)), tokens) for seed in (1, 1, 2)
    )
    assert one == again
    assert all(first != second for first, second in zip(one, other, strict=True))
    alone = [drafts(open_panel(choice), Tokens.from_rows([ids]))[0] for ids in tokens]
    assert alone == one


def test_greedy_asks_for_no_seed_and_precision_is_that_of_the_choice(llama):
    model, _, choice = llama
    assert model._sampling(seed=None).temperature == 0
    assert str(model._llm._module.dtype) == "torch.float32"
    assert str(open_panel(replace(choice, precision="bf16"))._llm._module.dtype) == "torch.bfloat16"


def rows_of(kind, choice):
    files, reader = find_generator(choice), open_reader(choice)
    known = Tokenizer.from_file(str(files.files.tokenizer)).get_vocab_size()
    own = POSITIONS - NEW - len(reader.head)
    made = {"long": [0, *[300] * (own + 1)], "unread": [-1, 300], "unknown": [0, 300, known]}
    return [0, *[300] * own] if kind == "fits" else made[kind]


@pytest.mark.parametrize("kind", ["long", "unread", "unknown"])
def test_a_row_that_vllm_must_not_see(llama, kind):
    model, tokens, choice = llama
    with pytest.raises(UnanswerableRow):
        model.answer(Tokens.from_rows([*tokens, rows_of(kind, choice)]))
    assert drafts(model, Tokens.from_rows([rows_of("fits", choice)]))[0][3] == POSITIONS - NEW
    assert drafts(model, Tokens.from_rows([])) == []


def test_a_row_longer_than_the_device_holds_fails_and_the_engine_goes_on(llama):
    model, tokens, _ = llama
    before = drafts(model, tokens)
    room = max(len(model._before) + len(ids) - 1 for ids in tokens)
    model._llm.model_config.max_model_len = room
    with pytest.raises(UnanswerableRow):
        model.answer(tokens)
    model._llm.model_config.max_model_len = room + 1
    assert drafts(model, tokens) == before


@pytest.mark.parametrize(
    ("fault", "error"),
    [("memory", HostKilled), ("raise", HostKilled), ("value", HostKilled), ("lost", HostLost)],
)
def test_an_engine_that_failed_while_it_computed_answers_nothing_more(llama, vllm, fault, error):
    model, tokens, _ = llama
    fake_vllm.fail(vllm, fault)
    poison = Tokens.from_rows([*tokens, [0, 300, fake_vllm.UNSEEN]])
    with pytest.raises(error):
        model.answer(poison)
    fake_vllm.fail(vllm, None)
    with pytest.raises(HostKilled):  # else it would be given the texts of the batch before, too
        model.answer(tokens)


def spoilt(found, how):
    one = found[1]
    if how == "short":
        return found[:-1]
    if how == "swapped":
        return [one, found[0], *found[2:]]
    if how == "empty":
        one.outputs[0].token_ids = []
    else:
        one.outputs[0].finish_reason = how
    return found


@pytest.mark.parametrize("how", ["short", "swapped", "empty", "abort", "error", None])
def test_what_is_no_text_of_a_row_is_no_answer(llama, how):
    model, tokens, _ = llama
    generate = model._llm.generate
    model._llm.generate = lambda *asked, **named: spoilt(generate(*asked, **named), how)
    with pytest.raises(WrongAnswer):
        model.answer(tokens)


def test_the_engine_finds_the_rows_that_cannot_be_answered(llama):
    model, tokens, choice = llama
    texts = [*contents(), "not a request", contents()[1].replace("Stoneware", "Stoneware " * 400)]
    panel = Panel(
        questions=questions_of(choice),
        reader=open_reader(choice),
        device=LocalDevice(model, questions_of(choice)),
        limits=Limits(max_padded_tokens=2048, window_rows=8192, max_failed_share=1),
    )
    names = [str(number) for number in range(len(texts))]
    rows = pa.RecordBatch.from_pydict(
        {"content_key": names, "text": texts, "key_description": names}
    )
    [(_, said)] = ask([rows], panel, Usage())
    by_key = {row["key"]: row for row in said.to_pylist()}
    assert [by_key[n]["reason"] for n in names] == [None] * 5 + ["UnanswerableRow"] * 2
    assert [by_key[n]["text"] for n in names[:5]] == [draft[0] for draft in drafts(model, tokens)]
