"""What a language model reads of a product: instructions, the product, and where to begin."""

from collections.abc import Sequence
from dataclasses import dataclass

from tokenizers import Tokenizer

from nightshelf.contracts.description_prompt import INSTRUCTIONS
from nightshelf.contracts.description_request import DescriptionRequest
from nightshelf.contracts.description_rules import LANGUAGES
from nightshelf.engine.tokens import Ids, Tokens
from nightshelf.errors import SettingsError
from nightshelf.models.chat_template import Messages, render
from nightshelf.models.generator_files import GeneratorFiles, special_token

#: Stands for the content while a chat template is rendered.
_CONTENT = "\ue000content\ue001"
_SPECIALS = ("bos_token", "eos_token", "pad_token", "unk_token")
#: The first id of a row whose content is no request.
UNREADABLE = -1


@dataclass(frozen=True)
class Frame:
    """What stands before and behind each content; `is_chat`: special tokens are written in it."""

    head: str
    tail: str
    is_chat: bool


def frame_of(files: GeneratorFiles) -> Frame:
    """
    By the chat template where there is one, else plain words after which a text comes next.

    Raises `SettingsError` for a template that has no place for the content.
    """
    if not files.template:
        return Frame(
            f"{INSTRUCTIONS}\n\n", "" if files.is_seq2seq else "\n\nDescription:", is_chat=False
        )
    config = files.tokenizer_config
    specials = {name: special_token(config, name) for name in _SPECIALS if config.get(name)}
    apart: Messages = (("system", INSTRUCTIONS), ("user", _CONTENT))
    together: Messages = (("user", f"{INSTRUCTIONS}\n\n{_CONTENT}"),)
    try:
        rendered = render(files.template, apart, specials)
    except SettingsError:  # some know no system
        rendered = render(files.template, together, specials)
    if INSTRUCTIONS not in rendered:  # and some leave out what it says
        rendered = render(files.template, together, specials)
    if rendered.count(_CONTENT) != 1 or INSTRUCTIONS not in rendered:
        raise SettingsError(
            f"{files.files.folder}: its chat template does not say each message once and as it is"
        )
    head, _, tail = rendered.partition(_CONTENT)
    return Frame(head, tail, is_chat=True)


class PromptReader:
    """
    A row is the number of its language, and the tokens of its prompt: those behind `head`, where
    the model computes the head once for all rows, else all of them.

    Head, content and tail are tokenised apart, so that each prompt begins with the same tokens,
    and what looks like a special token in a product's fields is read as words.
    """

    def __init__(self, files: GeneratorFiles, *, every_core: bool = False) -> None:
        frame, path = frame_of(files), str(files.files.tokenizer)
        self._every_core = every_core
        tokenizer = _plain(path)
        before, after = ([], []) if frame.is_chat else _specials(tokenizer)
        self.head = before + _ids(tokenizer, frame.head)
        self._first = [] if files.shares_prefix else self.head
        self._last = _ids(tokenizer, frame.tail) + after
        self._contents = _plain(path)
        self._contents.encode_special_tokens = True

    def prepare(self, texts: Sequence[str]) -> Tokens:
        if self._every_core:
            encoded = self._contents.encode_batch_fast(list(texts), add_special_tokens=False)
        else:
            encoded = [self._contents.encode(text, add_special_tokens=False) for text in texts]
        return Tokens.from_rows(
            [
                [_language(text), *self._first, *content.ids, *self._last]
                for text, content in zip(texts, encoded, strict=True)
            ]
        )


def language_of(ids: Ids) -> str:
    """
    In which language the text of a row is asked for.

    >>> language_of(Tokens.from_rows([[1, 17, 4]])[0])
    'zh'
    """
    return LANGUAGES[int(ids[0])]


def _language(content: str) -> int:
    try:
        return LANGUAGES.index(DescriptionRequest.read(content).rules.language)
    except ValueError:
        return UNREADABLE


def _plain(path: str) -> Tokenizer:
    """Without the cut and the padding that a folder may bring: whoever writes has to see all."""
    tokenizer: Tokenizer = Tokenizer.from_file(path)
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def _ids(tokenizer: Tokenizer, text: str) -> list[int]:
    ids: list[int] = tokenizer.encode(text, add_special_tokens=False).ids
    return ids


def _specials(tokenizer: Tokenizer) -> tuple[list[int], list[int]]:
    """Special tokens that the tokenizer puts before and behind a text."""
    bare = _ids(tokenizer, "a")
    whole: list[int] = tokenizer.encode("a").ids
    places = range(len(whole) - len(bare) + 1)
    start = next((n for n in places if whole[n : n + len(bare)] == bare), 0)
    return whole[:start], whole[start + len(bare) :]
