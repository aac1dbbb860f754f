"""Texts to token ids; needs neither torch nor weights, so that a worker is quick to start."""

from collections.abc import Sequence

from tokenizers import Tokenizer

from nightshelf.engine.tokens import Tokens
from nightshelf.errors import SettingsError
from nightshelf.models.choice import ModelChoice
from nightshelf.models.encoder_files import find_encoder


class TokenReader:
    """Cuts a text at `max_tokens` and never pads it."""

    def __init__(self, tokenizer: Tokenizer, max_tokens: int) -> None:
        self._tokenizer = tokenizer
        # A folder may bring a shorter cut of its own, and padding to it.
        tokenizer.no_padding()
        tokenizer.enable_truncation(max_tokens)

    def prepare(self, texts: Sequence[str]) -> Tokens:
        # One by one: a batch would use every core, and this process was given one.
        return Tokens.from_rows([self._tokenizer.encode(text).ids for text in texts])


def open_token_reader(choice: ModelChoice) -> TokenReader:
    """Raise `SettingsError` where the encoder cannot be read as chosen."""
    files = find_encoder(choice.encoder)
    if choice.max_tokens > files.max_positions:
        raise SettingsError(
            f"NIGHTSHELF_MAX_TOKENS={choice.max_tokens}: {choice.encoder} reads at most"
            f" {files.max_positions} tokens"
        )
    return TokenReader(Tokenizer.from_file(str(files.tokenizer)), choice.max_tokens)
