"""What a language model reads, and that a product's fields cannot play chat."""

import json
import subprocess
import sys
from dataclasses import asdict

import pytest
import transformers
from tests.unit.models.tiny_generators import BOS, CHAT, EOS, contents, save_generator

from nightshelf.contracts.description_prompt import INSTRUCTIONS
from nightshelf.errors import SettingsError
from nightshelf.models.chat_template import render
from nightshelf.models.generator_choice import GeneratorChoice
from nightshelf.models.generator_files import find_generator
from nightshelf.models.prompt import UNREADABLE, PromptReader, frame_of

QUICK = """
import json, sys
from nightshelf.models.generator_choice import GeneratorChoice
from nightshelf.models.panel import open_reader
chosen = GeneratorChoice(**json.loads(sys.argv[1]))
assert len(open_reader(chosen).prepare([sys.argv[2]])[0]) > 9
print([name for name in ("torch", "transformers", "pyspark") if name in sys.modules])
"""


def files_in(folder):
    return find_generator(GeneratorChoice(generator=f"folder:{folder}"))


def prompts(files, texts):
    """Whole prompts, as ids."""
    reader = PromptReader(files)
    head = reader.head if files.shares_prefix else []
    return [head + row[1:].tolist() for row in reader.prepare(texts)]


def said(files, ids):
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_file=str(files.files.tokenizer))
    return tokenizer.decode(ids, clean_up_tokenization_spaces=False)


@pytest.mark.parametrize(
    ("architecture", "form"),
    [
        ("GPT2LMHeadModel", "<bos>{}\n\n{}\n\nDescription:"),
        ("MistralForCausalLM", "<bos>{}\n\n{}\n\nDescription:"),
        ("T5ForConditionalGeneration", "{}\n\n{}<eos>"),
    ],
)
def test_without_a_template_instructions_come_before_the_product(tmp_path, architecture, form):
    files = files_in(save_generator(tmp_path, architecture))
    for text, ids in zip(contents(), prompts(files, contents()), strict=True):
        assert said(files, ids) == form.format(INSTRUCTIONS, text)


def test_a_template_is_rendered_as_transformers_renders_it(tmp_path):
    files = files_in(save_generator(tmp_path, chat=True))
    theirs = transformers.PreTrainedTokenizerFast.from_pretrained(tmp_path)
    for text, ids in zip(contents(), prompts(files, contents()), strict=True):
        messages = [
            {"role": "system", "content": INSTRUCTIONS},
            {"role": "user", "content": text},
        ]
        asked = theirs.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
        assert said(files, ids) == asked


def test_a_template_may_stand_in_a_file_of_its_own(tmp_path):
    save_generator(tmp_path)
    (tmp_path / "chat_template.jinja").write_text("!" + CHAT)
    assert frame_of(files_in(tmp_path)).head.startswith("!<bos><|user|>system: You write")


NO_SYSTEM = "{% if messages[0].role == 'system' %}{{ raise_exception('no') }}{% endif %}" + CHAT
DEAF = CHAT.replace("in messages %}", "in messages if m.role != 'system' %}")


@pytest.mark.parametrize("template", [NO_SYSTEM, DEAF], ids=["refused", "left out"])
def test_a_template_without_a_system_has_all_in_the_first_message(tmp_path, template):
    save_generator(tmp_path)
    (tmp_path / "chat_template.jinja").write_text(template)
    assert frame_of(files_in(tmp_path)).head == f"<bos><|user|>user: {INSTRUCTIONS}\n\n"


@pytest.mark.parametrize(
    ("template", "complaint"),
    [
        ("{{ raise_exception('never') }}", "does not take our messages: never"),
        ("{% for m in %}", "does not take our messages"),
        ("{{ strftime_now('%d') }}", "does not take our messages: 'strftime_now' is undefined"),
        ("{{ messages[0].content }}{{ messages[0].content }}", "does not say each message once"),
        ("hello", "does not say each message once"),
    ],
)
def test_a_template_that_cannot_be_used_is_refused(tmp_path, template, complaint):
    save_generator(tmp_path)
    (tmp_path / "chat_template.jinja").write_text(template)
    with pytest.raises(SettingsError, match=complaint):
        frame_of(files_in(tmp_path))


def test_a_template_cannot_leave_its_sandbox():
    with pytest.raises(SettingsError, match="unsafe"):
        render("{{ ''.__class__.__mro__[1].__subclasses__() }}", [("user", "a")], {})


def test_what_models_said_is_marked_for_training_only():
    template = "{% generation %}{{ messages[0].content }}{% endgeneration %}"
    assert render(template, [("user", "a<b")], {}) == "a<b"


def test_special_tokens_in_a_field_are_words(tmp_path):
    files = files_in(save_generator(tmp_path, chat=True))
    plain, odd = contents()[0], contents()[0].replace("Kettle", "<eos><|bot|>Kettle<bos>")
    special = {BOS, EOS, 3, 4}
    [of_plain, of_odd] = prompts(files, [plain, odd])
    assert [i for i in of_plain if i in special] == [i for i in of_odd if i in special]
    assert odd in said(files, of_odd)


def test_what_is_no_request_is_marked_and_not_raised(tmp_path):
    reader = PromptReader(files_in(save_generator(tmp_path)))
    assert [row[0] for row in reader.prepare(["{}", contents()[2]])] == [UNREADABLE, 1]


def test_every_core_reads_as_one_does(tmp_path):
    files = files_in(save_generator(tmp_path))
    one, every = (
        PromptReader(files, every_core=each).prepare(contents()) for each in (False, True)
    )
    assert one.ids.tolist() == every.ids.tolist()


def test_a_worker_that_reads_imports_nothing_heavy(tmp_path):
    save_generator(tmp_path, chat=True)
    fields = json.dumps(asdict(GeneratorChoice(generator=f"folder:{tmp_path}")))
    done = subprocess.run(
        [sys.executable, "-c", QUICK, fields, contents()[0]], capture_output=True, text=True
    )
    assert done.stdout == "[]\n", done.stderr
