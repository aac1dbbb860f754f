"""Ask row by row: many at a time, no faster than allowed, each to its end."""

import asyncio
from collections.abc import Iterable, Iterator

from nightshelf.models.remote.outcome import Give
from nightshelf.models.remote.prompt import Prompt
from nightshelf.models.remote.row import ask_row
from nightshelf.models.remote.shared import Shared


async def ask_stream(prompts: Iterable[Prompt], shared: Shared, give: Give) -> None:
    """
    Put each prompt to the server and `give` its outcome, in any order; `prompts` are read lazily.

    A row ends answered, failed with a reason, or deferred by the cap. Raises `RemoteUnavailable`
    where the server stays unwell, `ModelError` where no row can be answered; what was given by then
    is certain, and the other rows can be asked again.
    """
    waiting = iter(prompts)
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(shared.pace.concurrency):
                group.create_task(_lane(waiting, shared, give))
    except BaseExceptionGroup as several:
        # The first one made the group end the others.
        raise several.exceptions[0] from None
    finally:
        shared.purse.close()


async def _lane(waiting: Iterator[Prompt], shared: Shared, give: Give) -> None:
    for prompt in waiting:
        shared.begins()
        outcome = await ask_row(prompt, shared)
        give(outcome)
        shared.ended(outcome.reason)
