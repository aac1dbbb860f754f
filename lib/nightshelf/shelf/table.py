"""How a shelf table is assembled: a pure join of the shop's versions and stored answers."""

from collections.abc import Iterable

from nightshelf.answers.status import DEFERRED
from nightshelf.lakehouse import sql
from nightshelf.lakehouse.tables import PROVENANCE
from nightshelf.shelf.published import Published

_ANSWERED_BY = ", ".join(f"a.{column}" for column in PROVENANCE if column != "content_key")


def answered_rows(one: Published, version: str, view: str, left_out: str | None) -> str:
    """
    The rows of `view` with what `version` answers of them and who gave the answer.

    A row that a cap has `left_out` says so, and who would have answered. Any other row without an
    answer stays, with nulls: the audit has to see it.
    """
    answers = sql.best_answers(one.question)
    if left_out:
        answers = _with_deferred(one, version, answers, left_out)
    own = ", ".join(f"a.{sql.name(column)}" for column in one.columns)
    key = sql.answer_key(version, "c.content_key")
    return f"""SELECT c.*, {own}, {_ANSWERED_BY} FROM (
            SELECT * EXCEPT (run) FROM {sql.name(view)}
        ) c LEFT JOIN ({answers}) a ON a.key = {key}"""


def _with_deferred(one: Published, version: str, answers: str, left_out: str) -> str:
    """As if the cap had answered what it left out; a model's answer goes before."""
    columns = [*map(sql.name, one.columns), *(c for c in PROVENANCE if c != "content_key")]
    said = {"status": f"'{DEFERRED}'", "model_version": f"'{version}'"}
    said |= {column: f"d.{column}" for column in ("reason", "key", "run")}
    deferred = ", ".join(f"{said.get(column, 'NULL')} AS {column}" for column in columns)
    return f"""SELECT {", ".join(columns)} FROM ({answers})
        UNION ALL SELECT {deferred} FROM ({left_out}) d
        LEFT ANTI JOIN {sql.stored(one.question)} b ON b.key = d.key"""


def assemble(one: Published, rows: str, branch: str) -> str:
    """
    One commit on the branch: write what `rows` selects, see `answered_rows`, and remove ids that
    are no longer current.
    """
    lane, columns = one.lane, list(one.spec.columns)
    id_field = lane.id_field
    updates = ", ".join(f"t.{column} = s.{column}" for column in columns)
    inserted = ", ".join(columns)
    values = ", ".join(f"s.{column}" for column in columns)
    listed = ", ".join(f"w.{column}" for column in columns if column != id_field)
    key = sql.name(id_field)
    return f"""MERGE INTO {sql.on_branch(one.table, branch)} t USING (
            SELECT a.{key}, {listed}, w.{key} IS NOT NULL AS writing, c.{key} IS NULL AS gone
            FROM affected_{lane.name} a
            LEFT JOIN ({rows}) w ON w.{key} = a.{key}
            LEFT JOIN current_{lane.name} c ON c.{key} = a.{key}
        ) s ON t.{key} = s.{key}
        WHEN MATCHED AND s.gone THEN DELETE
        WHEN MATCHED AND s.writing THEN UPDATE SET {updates}
        WHEN NOT MATCHED AND s.writing THEN INSERT ({inserted}) VALUES ({values})"""


def digest(columns: Iterable[str], source: str) -> str:
    """
    Rows and a digest of content that does not depend on their order.

    Run and wave are outside it: who computed an answer when does not change what it says.
    """
    hashed = ", ".join(c for c in columns if c not in ("run", "wave"))
    return f"""SELECT count(*) AS rows,
        coalesce(sum(CAST(xxhash64({hashed}) AS DECIMAL(38, 0))), 0) AS digest FROM {source}"""
