"""The rows that wait for an answer while batches come and go."""

from collections.abc import Iterable, Mapping

from nightshelf.models.remote.failures import NotInBatch, Unanswered
from nightshelf.models.remote.outcome import Give, Metered, answered, deferred, failed
from nightshelf.models.remote.parse import Said
from nightshelf.models.remote.prompt import Prompt


class WaitingRows:
    """
    `waiting` are those without an outcome, by key. A row is tried in at most `most` batches of a
    run; `attempts` are those that it has behind it.
    """

    def __init__(
        self, prompts: Iterable[Prompt], attempts: Mapping[str, int], most: int, give: Give
    ) -> None:
        """Raise `ValueError` where a key occurs twice."""
        listed = list(prompts)
        self.waiting = {prompt.key: prompt for prompt in listed}
        if len(self.waiting) != len(listed):
            raise ValueError("a key occurs twice among the prompts")
        self._attempts = dict(attempts)
        self._most = most
        self._give = give
        self._spent: dict[str, Metered] = {}
        self._reasons: dict[str, str] = {}

    def tried(self, keys: Iterable[str]) -> None:
        """They are in a batch now."""
        for key in keys:
            self._attempts[key] = self._attempts.get(key, 0) + 1

    def settle(self, key: str, ended: Said | Unanswered, cost: Metered) -> None:
        """Give its outcome, or let it wait for another batch."""
        if key not in self.waiting:
            return
        self._spent[key] = self._spent.get(key, Metered()) + cost
        if isinstance(ended, Said):
            del self.waiting[key]
            self._give(answered(key, ended.text, self._spent[key]))
            return
        self._reasons[key] = ended.reason
        if not ended.is_transient or self._attempts.get(key, 0) >= self._most:
            self._fail(key)

    def leave(self, keys: Iterable[str]) -> None:
        """Their batch neither ends nor can be cancelled; they fail for now."""
        for key in list(keys):
            self._reasons[key] = NotInBatch.__name__
            self._fail(key)

    def end(self) -> None:
        """What is left has no place under the cap."""
        for key in list(self.waiting):
            if key in self._reasons:
                self._fail(key)
            else:
                del self.waiting[key]
                self._give(deferred(key))

    def _fail(self, key: str) -> None:
        del self.waiting[key]
        self._give(failed(key, self._reasons[key], self._spent.get(key, Metered())))
