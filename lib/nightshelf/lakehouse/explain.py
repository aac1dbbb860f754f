"""The way back from each published value of an id to the input row and the model behind it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pyiceberg.expressions import BooleanExpression, EqualTo

from nightshelf import names
from nightshelf.answers.status import DEFERRED
from nightshelf.errors import NightshelfError
from nightshelf.lakehouse.catalog import local_name, rows_of
from nightshelf.lakehouse.explain_description import SAID, proved
from nightshelf.lakehouse.release import Release, release_numbered
from nightshelf.lakehouse.tables import PROVENANCE

if TYPE_CHECKING:
    from pyiceberg.catalog import Catalog

Row = Mapping[str, Any]

#: How a value came to be; all other columns are the value itself.
_WAY = {*PROVENANCE, "landing_date", "file", "row", *names.ID_FIELDS.values()}
#: Of a version; never its text.
_OF_A_VERSION = ("op", "landing_date", "file", "row", "content_key", "redactions", "run")


def explained(catalog: "Catalog", wanted: str, number: int | None) -> Iterator[str]:
    """
    Lines for a person, on every shelf table of the release that has a row of the id.

    No line holds a review's text. Raise `NightshelfError` where the id is nowhere.
    """
    release = release_numbered(catalog, number)
    found = list(_published(catalog, release, wanted))
    versions = list(_versions(catalog, wanted))
    if not found and not versions:
        raise NightshelfError(
            f"no review and no product is called {wanted!r} in release {release.release} or among"
            " what was accepted; `nightshelf show rejected` lists rows that were turned away"
        )
    models = {
        row["model_version"]: row for row in rows_of(catalog, names.MODEL_VERSIONS).to_pylist()
    }
    yield f"release {release.release} of {release.released_at:%Y-%m-%d %H:%M} ({release.run})"
    for table, row in found:
        yield f"\n{table}"
        if table == names.PRODUCT_DESCRIPTION:
            yield from proved(row, _version_of(catalog, row))
        yield from _on_shelf(row, models)
    for dataset, rows in versions:
        yield f"\naccepted versions ({dataset})"
        yield from (f"  {line}" for line in map(_version, rows))


def _published(catalog: "Catalog", release: Release, wanted: str) -> Iterator[tuple[str, Row]]:
    for table, snapshot in sorted(release.tables.items()):
        loaded = catalog.load_table(local_name(table))
        columns = {field.name for field in loaded.schema().fields}
        # An insight is of a product; a review's row names its product too.
        [field] = [f for f in ("review_id", "product_id") if f in columns][:1]
        if loaded.snapshot_by_id(snapshot) is None:
            raise NightshelfError(
                f"release {release.release} is no longer kept: {table} has expired"
            )
        scan = loaded.scan(_is(field, wanted), snapshot_id=snapshot)
        rows = scan.to_arrow().to_pylist(maps_as_pydicts="lossy")
        if "as_of" in columns:
            rows = sorted(rows, key=lambda row: row["as_of"])[-1:]
        yield from ((table, row) for row in rows)


def _versions(catalog: "Catalog", wanted: str) -> Iterator[tuple[str, list[Row]]]:
    """Newest landing first."""
    for dataset, table in names.VERSIONS.items():
        loaded = catalog.load_table(local_name(table))
        chosen = _is(names.ID_FIELDS[dataset], wanted)
        rows = loaded.scan(chosen, selected_fields=_OF_A_VERSION).to_arrow().to_pylist()
        if rows:
            place = ("landing_date", "file", "row")
            yield dataset, sorted(rows, key=lambda r: [r[p] for p in place], reverse=True)


def _version_of(catalog: "Catalog", row: Row) -> Row | None:
    """The accepted product that a published row is of, with all its fields."""
    loaded = catalog.load_table(local_name(names.PRODUCT_VERSIONS))
    of_product = _is("product_id", row["product_id"])
    rows = loaded.scan(of_product).to_arrow().to_pylist(maps_as_pydicts="lossy")
    place = ("landing_date", "file", "row")
    return next((one for one in rows if all(one[p] == row[p] for p in place)), None)


def _is(field: str, wanted: str) -> BooleanExpression:
    # Its signature is only known when it runs.
    return EqualTo(field, wanted)  # type: ignore[call-arg,arg-type]


def _on_shelf(row: Row, models: Mapping[str, Row]) -> Iterator[str]:
    for name, value in row.items():
        if name not in _WAY and not ("proof" in row and name in SAID):
            yield f"  {name:<14}{_short(value)}"
    if row.get("status"):
        reason = f": {row['reason']}" if row["reason"] else ""
        yield f"  answer        {row['status']}{reason}, key {row['key']}"
        yield f"  text          content key {row['content_key']}, after redaction"
    if row.get("file"):
        yield f"  input         {row['landing_date']} {row['file']} row {row['row']}"
    for version in (row["model_version"] or "").split(","):
        if version:
            yield from _model(version, models.get(version))
    yield _answered_in(row)


def _answered_in(row: Row) -> str:
    if row.get("status") == DEFERRED:
        return f"  deferred in   run {row['run']}; no model was asked, the next night asks it first"
    wave = f", wave {row['wave']}" if row.get("wave") is not None else ""
    return f"  answered in   run {row['run']}{wave}"


def _model(version: str, known: Row | None) -> Iterator[str]:
    if known is None:
        yield f"  model         {version}, which model_versions does not know"
        return
    about = f"{known['name']} at {known['revision']} (licence {known['licence']})"
    yield f"  model         {version} = {about}"
    identity: Mapping[str, object] = json.loads(known["identity"])
    yield "  parameters    " + ", ".join(f"{name} {_cut(str(v))}" for name, v in identity.items())


def _version(row: Row) -> str:
    content = f"content key {row['content_key']}" if row["content_key"] else "no content"
    redacted = f", {row['redactions']} redactions" if row["redactions"] else ""
    where = f"{row['landing_date']} {row['file']} row {row['row']}"
    return f"{where}: {row['op']}, {content}{redacted}, run {row['run']}"


def _short(value: object) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str) and len(value) > 5:
        return f"{len(value)} numbers" if isinstance(value[0], float) else f"{len(value)} entries"
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def _cut(text: str) -> str:
    """A digest by its first digits, which tell it from others; a prompt by its first words."""
    if len(text) == 64:
        return f"{text[:12]}…"
    line = " ".join(text.split())
    return line if len(line) <= 64 else f"{line[:63]}…"
