"""How long a prompt may be, so that the text behind it still fits."""

from nightshelf.engine.tokens import Ids, Tokens
from nightshelf.errors import SettingsError, UnanswerableRow
from nightshelf.models.generator_choice import GeneratorChoice
from nightshelf.models.generator_files import GeneratorFiles
from nightshelf.settings import PREFIX

#: As `questions.description` takes it: text, language, finish, tokens in and out.
Draft = tuple[str, str, str, int, int]


class Room:
    """
    What a model's positions leave to a row; `shared` tokens of its prompt are not in the row.

    Raises `SettingsError` where the instructions, `head` tokens, leave nothing.
    """

    def __init__(self, choice: GeneratorChoice, files: GeneratorFiles, head: int) -> None:
        self.shared = head if files.shares_prefix else 0
        written = 0 if files.is_seq2seq else choice.max_tokens
        self._longest = files.positions - written - self.shared
        if files.positions - written <= head:
            raise SettingsError(
                f"{PREFIX}GENERATOR_MAX_TOKENS={choice.max_tokens}: {choice.generator} holds"
                f" {files.positions} tokens, and the instructions alone take {head}"
            )

    def prompts(self, batch: Tokens) -> list[Ids]:
        """
        What the rows hold behind the number of their language.

        Raises `UnanswerableRow` where one of them leaves no room for a text, or asks for no
        language.
        """
        if any(ids[0] < 0 or len(ids) - 1 > self._longest for ids in batch):
            raise UnanswerableRow
        return [ids[1:] for ids in batch]
