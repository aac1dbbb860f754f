"""SQL on why a content has to be asked about."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from nightshelf.answers.status import DEFERRED
from nightshelf.lakehouse import sql

#: In the order in which they are looked for: a content has one cause, the first that applies.
CAUSES = ("deferred", "failed before", "prompt changed", "model changed", "edited", "new")


class Asking(NamedTuple):
    """A view of rows to ask about, its ids, and the published rows that it is compared with."""

    view: str
    id_field: str
    shelf: str


def count_causes(
    question: str,
    version: str,
    asking: Sequence[Asking],
    other_prompts: Iterable[str],
    among: str | None = None,
) -> str:
    """
    For each cause the contents that have to be asked about for it.

    `other_prompts` are model versions that differ from this one by their prompt alone; `among` is
    that of `sql.stored`.
    """
    rows = " UNION ALL ".join(_asked(one, version) for one in asking)
    shown = " UNION ALL ".join(
        f"SELECT content_key, status, model_version FROM {one.shelf}" for one in asking
    )
    prompts = ", ".join(f"'{_checked(one)}'" for one in other_prompts) or "''"
    settled = sql.settled(question, among)
    return f"""WITH asked AS (
        SELECT r.* FROM ({rows}) r LEFT ANTI JOIN ({settled}) s ON s.key = r.key
    ), shown AS (
        SELECT content_key, bool_or(status = '{DEFERRED}') AS deferred,
            bool_or(model_version IN ({prompts})) AS other_prompt,
            bool_or(model_version <> '{_checked(version)}') AS other_model
        FROM ({shown}) GROUP BY content_key
    ), tried AS (SELECT DISTINCT key FROM {sql.stored(question, among)})
    SELECT cause, count(*) AS contents FROM (
        SELECT a.key, CASE
            WHEN bool_or(p.deferred) THEN 'deferred'
            WHEN bool_or(t.key IS NOT NULL) THEN 'failed before'
            WHEN bool_or(p.other_prompt) THEN 'prompt changed'
            WHEN bool_or(p.other_model) THEN 'model changed'
            WHEN bool_or(a.edited) THEN 'edited'
            ELSE 'new' END AS cause
        FROM asked a
        LEFT JOIN shown p ON p.content_key = a.content_key
        LEFT JOIN tried t ON t.key = a.key
        GROUP BY a.key
    ) GROUP BY cause"""


def _asked(one: Asking, version: str) -> str:
    key, id_field = sql.answer_key(version, "v.content_key"), sql.name(one.id_field)
    return f"""SELECT {key} AS key, v.content_key,
            coalesce(b.content_key <> v.content_key, false) AS edited
        FROM {sql.name(one.view)} v
        LEFT JOIN (SELECT {id_field}, content_key FROM {one.shelf}) b
            ON b.{id_field} = v.{id_field}"""


def _checked(version: str) -> str:
    sql.answer_key(version)
    return version
