"""Open the operations database, on SQLite or PostgreSQL."""

from pathlib import Path

import sqlalchemy as sa

from nightshelf.errors import SettingsError
from nightshelf.ops.trained_schema import METADATA


def open_ops(uri: str) -> sa.Engine:
    """The database, its tables made where they are missing."""
    url = sa.make_url(uri)
    if url.get_backend_name() == "sqlite":
        if url.database:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        engine = sa.create_engine(url, connect_args={"timeout": 60})
        sa.event.listen(engine, "connect", _write_ahead)
        sa.event.listen(engine, "begin", _begin_immediate)
    else:
        engine = sa.create_engine(url, pool_pre_ping=True)
    try:
        METADATA.create_all(engine)
        _add_columns(engine)
    except sa.exc.OperationalError as error:
        raise SettingsError(
            f"the operations database {url.render_as_string(hide_password=True)} cannot be opened:"
            f" {error.orig}; see NIGHTSHELF_OPS_URI"
        ) from None
    return engine


def open_ops_to_read(uri: str) -> sa.Engine:
    """The database, whose tables are there; whoever tries to change it is refused by it."""
    url = sa.make_url(uri)
    if url.get_backend_name() == "sqlite":
        engine = sa.create_engine(url, connect_args={"timeout": 10})
        sa.event.listen(engine, "connect", _refuse_writes)
        return engine
    read_only = {"options": "-c default_transaction_read_only=on"}
    return sa.create_engine(url, pool_pre_ping=True, connect_args=read_only)


def _add_columns(engine: sa.Engine) -> None:
    """Columns that came with a later version; they may be null, so that old rows can stay."""
    found = sa.inspect(engine)
    for table in METADATA.sorted_tables:
        known = {column["name"] for column in found.get_columns(table.name)}
        for column in table.columns:
            if column.name not in known:
                with engine.begin() as db:
                    kind = column.type.compile(engine.dialect)
                    db.exec_driver_sql(f"ALTER TABLE {table.name} ADD COLUMN {column.name} {kind}")


def _write_ahead(connection: object, _record: object) -> None:
    # The driver's own transactions would begin as readers and then fail to become writers.
    connection.isolation_level = None  # type: ignore[attr-defined]
    connection.execute("PRAGMA journal_mode=WAL")  # type: ignore[attr-defined]


def _refuse_writes(connection: object, _record: object) -> None:
    connection.execute("PRAGMA query_only=ON")  # type: ignore[attr-defined]


def _begin_immediate(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
