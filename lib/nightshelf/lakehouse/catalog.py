"""Open the Iceberg catalog without a JVM, and make what is missing in it."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import sqlalchemy as sa
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.exceptions import (
    CommitFailedException,
    NamespaceAlreadyExistsError,
    TableAlreadyExistsError,
)

from nightshelf import names
from nightshelf.lakehouse.tables import TABLES, TableSpec
from nightshelf.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyiceberg.catalog import Catalog

CATALOG = "lake"
_SHELF = f"{CATALOG}.shelf."


def open_catalog(settings: Settings) -> "Catalog":
    """The catalog that Spark knows as `lake`: same name, same tables."""
    url = sa.make_url(settings.catalog_database)
    options: dict[str, Any] = {"warehouse": settings.warehouse_uri}
    if url.get_backend_name() == "sqlite":
        Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
        url = url.update_query_dict({"timeout": "60"})
    return SqlCatalog(CATALOG, uri=url.render_as_string(hide_password=False), **options)


def ensure_tables(
    catalog: "Catalog",
    answers: "Mapping[str, TableSpec]",
    shelf: "Mapping[str, TableSpec] | None" = None,
) -> None:
    """
    Make each table that is missing; `answers` maps a question to the table of its answers, `shelf`
    names tables that a release shows beside those that it always does.

    A shelf table is born with one empty snapshot, so that a branch can start from it.
    """
    asked = {f"{names.ANSWERS}.{name}": spec for name, spec in answers.items()}
    wanted = {**TABLES, **asked, **(shelf or {})}
    present = {
        table
        for namespace in ("shop", "answers", "shelf")
        for table in _tables_in(catalog, namespace)
    }
    for name, spec in wanted.items():
        if name not in present:
            _create(catalog, name, spec)


def local_name(table: str) -> str:
    """
    The name inside the catalog.

    >>> local_name("lake.shelf.releases")
    'shelf.releases'
    """
    return table.removeprefix(f"{CATALOG}.")


def tables_of(catalog: "Catalog") -> set[str]:
    """Full names of all answers and shelf tables that are there."""
    found = set()
    for namespace in ("answers", "shelf"):
        if catalog.namespace_exists(namespace):
            found |= {f"{CATALOG}.{'.'.join(one)}" for one in catalog.list_tables(namespace)}
    return found


def all_tables(catalog: "Catalog") -> list[str]:
    """Full names of everything that is there, in order."""
    found = {
        f"{CATALOG}.{'.'.join(one)}"
        for namespace in catalog.list_namespaces()
        for one in catalog.list_tables(namespace)
    }
    return sorted(found)


def _tables_in(catalog: "Catalog", namespace: str) -> set[str]:
    try:
        catalog.create_namespace(namespace)
    except NamespaceAlreadyExistsError:
        return {f"{CATALOG}.{'.'.join(table)}" for table in catalog.list_tables(namespace)}
    return set()


def _create(catalog: "Catalog", name: str, spec: TableSpec) -> None:
    properties = {
        "format-version": "2",
        "write.parquet.compression-codec": "zstd",
        # Column bounds would copy rows' text into the manifests.
        "write.metadata.metrics.default": "counts",
        "commit.retry.num-retries": "20",
        **spec.properties,
    }
    try:
        with catalog.create_table_transaction(
            local_name(name), schema=spec.schema, properties=properties
        ) as creation:
            if spec.partition:
                with creation.update_spec() as partitions:
                    partitions.add_identity(spec.partition)
            if name.startswith(_SHELF) and name != names.RELEASES:
                creation.append(spec.schema.empty_table())
    except (TableAlreadyExistsError, CommitFailedException):
        # Another first night has made it meanwhile, and made it whole.
        if not catalog.table_exists(local_name(name)):
            raise


def rows_of(catalog: "Catalog", table: str) -> pa.Table:
    """All rows of a small table."""
    return catalog.load_table(local_name(table)).scan().to_arrow()
