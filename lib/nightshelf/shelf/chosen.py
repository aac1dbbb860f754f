"""Selects for rows that are published and shall be answered again: nothing else is touched."""

from nightshelf.answers.status import FAILED
from nightshelf.lakehouse import sql
from nightshelf.lakehouse.tables import PROVENANCE
from nightshelf.lakehouse.versions import SEEN, current_products
from nightshelf.names import VERSIONS
from nightshelf.shelf.published import Lane, Published


def published_rows(one: Published, snapshot: int) -> str:
    """What says of each published row whether it is wanted; `id` is a review's or a product's."""
    return f"""SELECT '{one.lane.name}' AS lane, {sql.name(one.lane.id_field)} AS id, product_id,
        landing_date, content_key, key, status, reason, model_version
        FROM {sql.at_snapshot(one.table, snapshot)}"""


def categories() -> str:
    """Each current product and its category, as far as the run may see."""
    return f"SELECT product_id, category FROM ({current_products()})"


def tokens_known(question: str) -> str:
    """How many tokens an answered text had, for whoever read it."""
    return f"""SELECT key, max(tokens) AS tokens FROM {sql.stored(question)}
        GROUP BY key"""


def to_write(one: Published, base: str, version: str) -> str:
    """
    The chosen rows that stand in `base` as they stood when they were chosen, and that `version`
    has answered: a row that a night has changed since is that night's.
    """
    lane = one.lane
    kept = [c for c in one.spec.columns if c not in {*one.columns, *PROVENANCE} - {"content_key"}]
    listed = ", ".join(f"b.{sql.name(column)}" for column in kept)
    key = sql.answer_key(version, "b.content_key")
    return f"""SELECT {listed}, b.run FROM {base} b
        LEFT SEMI JOIN chosen_{sql.name(lane.name)} c
            ON c.id = b.{sql.name(lane.id_field)} AND c.key = b.key
        LEFT SEMI JOIN ({sql.best_answers(one.question)}) a ON a.key = {key}"""


def ids(view: str, id_field: str) -> str:
    return f"SELECT {sql.name(id_field)} FROM {sql.name(view)}"


def with_request(writing: str, products: str) -> str:
    """The rows of `writing` with what the generator reads; one that reads otherwise now is left."""
    return f"""SELECT w.*, p.request FROM ({writing}) w JOIN {sql.name(products)} p
        ON p.product_id = w.product_id AND p.content_key = w.content_key"""


def to_ask(lane: Lane, rows: str | None = None) -> str:
    """
    A row for each chosen text, of the shop's versions or of `rows`; which one does not matter,
    they say the same.
    """
    return f"""SELECT v.* FROM {sql.name(rows or SEEN[VERSIONS[lane.dataset]])} v
        LEFT SEMI JOIN chosen_{sql.name(lane.name)} c ON c.content_key = v.content_key
        WHERE v.op = 'upsert'"""


def count(lane: str, question: str, version: str, settled: str) -> str:
    """Of a lane's chosen rows: how many, their distinct texts and tokens, and those answered."""
    return f"""SELECT count(*) AS rows, count(DISTINCT c.content_key) AS contents,
        count(DISTINCT CASE WHEN a.key IS NOT NULL THEN c.content_key END) AS reused
        FROM chosen_{sql.name(lane)} c LEFT JOIN ({settled}) a
            ON a.key = {sql.answer_key(version, "c.content_key")}"""


def settled_since(question: str, run: str, among: str | None = None) -> str:
    """Keys that a run does not ask which asks failures again: answered, or asked by itself."""
    return f"""SELECT key FROM {sql.stored(question, among)} GROUP BY key
        HAVING count_if(status <> '{FAILED}') > 0 OR count_if(run = '{sql.name(run)}') > 0"""


def first_day(writing: str) -> str:
    return f"SELECT CAST(min(landing_date) AS STRING) AS day FROM {sql.name(writing)}"


def with_mark(one: Published, table: str) -> str:
    """The rows of `table`, and whether a chosen one had been answered well before."""
    return f"""(SELECT t.*, coalesce(c.status <> '{FAILED}', false) AS is_chosen FROM {table} t
        LEFT JOIN chosen_{sql.name(one.lane.name)} c ON c.id = t.{sql.name(one.lane.id_field)})"""
