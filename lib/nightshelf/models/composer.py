"""The composer as a model: a draft for each request, without weights."""

import hashlib
from collections.abc import Callable
from functools import partial

from nightshelf.answers.status import STOP
from nightshelf.composer import compose
from nightshelf.contracts.description_request import DescriptionRequest
from nightshelf.engine.model import Answers
from nightshelf.engine.tokens import Tokens
from nightshelf.models.byte_reader import text_of
from nightshelf.names import DESCRIPTION

#: As `questions.description` takes it: text, language, finish, tokens in and out.
Draft = tuple[str, str, str, None, None]


class ComposerModel:
    """Writes what the composer makes of a product's fields; deterministic, and fast."""

    width = 0

    def begin(self, batch: Tokens) -> Callable[[], Answers]:
        return partial(self.answer, batch)

    def answer(self, batch: Tokens) -> Answers:
        """One draft a request; raise `ValueError` for a text that is none."""
        return {DESCRIPTION: [self._draft(text_of(ids)) for ids in batch]}

    def _draft(self, content: str) -> Draft:
        request = DescriptionRequest.read(content)
        text = compose(request.fields, request.rules).text
        return text, request.rules.language, STOP, None, None


class FakeGenerator(ComposerModel):
    """For tests: of every second product it says something that no field says."""

    INVENTED = " It is waterproof down to 900 m."

    def _draft(self, content: str) -> Draft:
        text, language, *_ = super()._draft(content)
        is_spared = hashlib.sha256(content.encode()).digest()[0] % 2
        return text if is_spared else text + self.INVENTED, language, STOP, None, None
