"""When a text is done, and what of it is the text."""

from collections.abc import Sequence

from tokenizers import Tokenizer

from nightshelf.models.generator_files import GeneratorFiles
from nightshelf.models.tidy import ended, tidy


class Ending:
    """A text ends with a token that says so, or with a blank line behind its words."""

    def __init__(self, files: GeneratorFiles) -> None:
        self._tokenizer: Tokenizer = Tokenizer.from_file(str(files.files.tokenizer))
        self._ends = frozenset(files.ends)
        self._breaks: dict[int, bool] = {}

    def is_reached(self, written: Sequence[int]) -> bool:
        """Of a text that had not ended before its last token."""
        if written[-1] in self._ends:
            return True
        # Texts are decoded only where a line ends.
        return self._breaks_line(written[-1]) and ended(self._decoded(written)) is not None

    def text(self, written: Sequence[int]) -> str:
        text = self._decoded(written)
        before = ended(text)
        return tidy(text if before is None else before)

    def _decoded(self, written: Sequence[int]) -> str:
        text: str = self._tokenizer.decode(list(written), skip_special_tokens=True)
        return text

    def _breaks_line(self, token: int) -> bool:
        if token not in self._breaks:
            self._breaks[token] = "\n" in self._tokenizer.decode([token])
        return self._breaks[token]
