"""How a shelf table is assembled: a pure join of the shop's versions and stored answers."""

from collections.abc import Iterable

from nightshelf.lakehouse import sql
from nightshelf.lakehouse.tables import PROVENANCE, TABLES

_ANSWERED_BY = ", ".join(f"a.{column}" for column in PROVENANCE if column != "content_key")


def answered_rows(question: str, version: str, view: str, columns: Iterable[str]) -> str:
    """
    The rows of `view` with `columns` of their answers by `version` and who gave them.

    A row without an answer stays, with nulls: the audit has to see it.
    """
    own = ", ".join(f"a.{sql.name(column)}" for column in columns)
    key = sql.answer_key(version, "c.content_key")
    return f"""SELECT c.*, {own}, {_ANSWERED_BY} FROM (
            SELECT * EXCEPT (run) FROM {sql.name(view)}
        ) c LEFT JOIN ({sql.best_answers(question)}) a ON a.key = {key}"""


def merge(table: str, branch: str, source: str, *, dataset: str, id_field: str) -> str:
    """
    One commit on the branch: write what `source` holds, remove ids that are no longer current.
    """
    columns = list(TABLES[table].columns)
    updates = ", ".join(f"t.{column} = s.{column}" for column in columns)
    inserted = ", ".join(columns)
    values = ", ".join(f"s.{column}" for column in columns)
    listed = ", ".join(f"w.{column}" for column in columns if column != id_field)
    key = sql.name(id_field)
    return f"""MERGE INTO {sql.on_branch(table, branch)} t USING (
            SELECT a.{key}, {listed}, w.{key} IS NOT NULL AS writing, c.{key} IS NULL AS gone
            FROM affected_{dataset} a
            LEFT JOIN ({source}) w ON w.{key} = a.{key}
            LEFT JOIN current_{dataset} c ON c.{key} = a.{key}
        ) s ON t.{key} = s.{key}
        WHEN MATCHED AND s.gone THEN DELETE
        WHEN MATCHED AND s.writing THEN UPDATE SET {updates}
        WHEN NOT MATCHED AND s.writing THEN INSERT ({inserted}) VALUES ({values})"""


def digest(table: str, source: str) -> str:
    """
    Rows and a digest of content that does not depend on their order.

    Run and wave are outside it: who computed an answer when does not change what it says.
    """
    hashed = ", ".join(c for c in TABLES[table].columns if c not in ("run", "wave"))
    return f"""SELECT count(*) AS rows,
        coalesce(sum(CAST(xxhash64({hashed}) AS DECIMAL(38, 0))), 0) AS digest FROM {source}"""
