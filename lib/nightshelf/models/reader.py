"""Texts to token ids; needs neither torch nor weights, so that a worker is quick to start."""

from collections.abc import Sequence

from tokenizers import Tokenizer

from nightshelf.engine.tokens import Tokens
from nightshelf.errors import SettingsError
from nightshelf.models.choice import MOST_WINDOWS, WINDOWS, ModelChoice
from nightshelf.models.encoder_files import find_encoder


class TokenReader:
    """
    Cuts a text at `max_tokens` and never pads it.

    With `windows` above 1 what is cut off follows as further windows of that length, each with
    the special tokens that a text has, so that all but the last are `max_tokens` long.
    """

    def __init__(self, tokenizer: Tokenizer, max_tokens: int, windows: int = 1) -> None:
        self._tokenizer = tokenizer
        self._windows = windows
        # A folder may bring a shorter cut of its own, and padding to it.
        tokenizer.no_padding()
        tokenizer.enable_truncation(max_tokens)

    def prepare(self, texts: Sequence[str]) -> Tokens:
        # One by one: a batch would use every core, and this process was given one.
        return Tokens.from_rows([self._ids(text) for text in texts])

    def _ids(self, text: str) -> list[int]:
        encoded = self._tokenizer.encode(text)
        ids: list[int] = encoded.ids
        for window in encoded.overflowing[: self._windows - 1]:
            ids = ids + window.ids
        return ids


def open_token_reader(choice: ModelChoice) -> TokenReader:
    """Raise `SettingsError` where the encoder cannot be read as chosen."""
    files = find_encoder(choice.encoder)
    if choice.max_tokens > files.max_positions:
        raise SettingsError(
            f"NIGHTSHELF_MAX_TOKENS={choice.max_tokens}: {choice.encoder} reads at most"
            f" {files.max_positions} tokens"
        )
    windows = MOST_WINDOWS if choice.long_texts == WINDOWS else 1
    return TokenReader(Tokenizer.from_file(str(files.tokenizer)), choice.max_tokens, windows)
