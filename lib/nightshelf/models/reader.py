"""Texts to token ids; needs neither torch nor weights, so that a worker is quick to start."""

from collections.abc import Sequence

from tokenizers import Encoding, Tokenizer

from nightshelf.engine.tokens import Tokens
from nightshelf.errors import SettingsError
from nightshelf.models.choice import MOST_WINDOWS, WINDOWS, ModelChoice
from nightshelf.models.classifier_choice import ClassifierChoice
from nightshelf.models.classifier_files import find_classifier
from nightshelf.models.encoder_files import find_encoder


class TokenReader:
    """
    Cuts a text at `max_tokens` and never pads it.

    With `windows` above 1 what is cut off follows as further windows of that length, each with
    the special tokens that a text has, so that all but the last are `max_tokens` long. With
    `every_core` it uses all that the machine has, else one.
    """

    def __init__(
        self, tokenizer: Tokenizer, max_tokens: int, windows: int = 1, *, every_core: bool = False
    ) -> None:
        self._tokenizer = tokenizer
        self._windows = windows
        self._every_core = every_core
        # A folder may bring a shorter cut of its own, and padding to it.
        tokenizer.no_padding()
        tokenizer.enable_truncation(max_tokens)

    def prepare(self, texts: Sequence[str]) -> Tokens:
        if self._every_core:
            encoded = self._tokenizer.encode_batch_fast(list(texts))
        else:
            # One by one, since a batch would use every core.
            encoded = [self._tokenizer.encode(text) for text in texts]
        return Tokens.from_rows([self._ids(one) for one in encoded])

    def _ids(self, encoded: Encoding) -> list[int]:
        ids: list[int] = encoded.ids
        for window in encoded.overflowing[: self._windows - 1]:
            ids = ids + window.ids
        return ids


def open_token_reader(
    choice: ModelChoice | ClassifierChoice, *, every_core: bool = False
) -> TokenReader:
    """Raise `SettingsError` where the model cannot be read as chosen."""
    if isinstance(choice, ClassifierChoice):
        files = find_classifier(choice)
    else:
        files = find_encoder(choice.encoder)
        if choice.max_tokens > files.max_positions:
            raise SettingsError(
                f"NIGHTSHELF_MAX_TOKENS={choice.max_tokens}: {choice.encoder} reads at most"
                f" {files.max_positions} tokens"
            )
    windows = MOST_WINDOWS if choice.long_texts == WINDOWS else 1
    tokenizer = Tokenizer.from_file(str(files.tokenizer))
    return TokenReader(tokenizer, choice.max_tokens, windows, every_core=every_core)
