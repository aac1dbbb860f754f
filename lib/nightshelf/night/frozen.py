"""A run's night as it was planned, on the release that is newest now."""

from collections.abc import Sequence

from nightshelf.contracts.description_file import description_rules
from nightshelf.lakehouse.release import Release, base_snapshots, dates_shown, releases
from nightshelf.names import EMBEDDING, SENTIMENT
from nightshelf.night.context import Context
from nightshelf.ops import runs
from nightshelf.ops.activations import activations
from nightshelf.shelf.product_description import JUDGE
from nightshelf.shelf.published import Published, shelf_specs
from nightshelf.shelf.selection import Selection
from nightshelf.spark.chosen import Chosen
from nightshelf.spark.requests import Describing
from nightshelf.spark.views import Night


def newest_release(context: Context) -> Release | None:
    found = releases(context.catalog)
    return found[-1] if found else None


def night_of(context: Context, run: str) -> Night:
    row = runs.read_run(context.ops, run)
    found = releases(context.catalog)
    own = sorted(row["dates"])
    newest = found[-1] if found else None
    # As planned: a classifier that was configured since waits for the next run.
    tables = tuple(one for one in context.published if one.question in row["models"])
    return Night(
        run,
        dates=own,
        models=row["models"],
        base=base_snapshots(context.catalog, newest, shelf_specs(tables)),
        seen=sorted({*own, *dates_shown(found)}),
        published=tables,
        is_capped=bool((row["estimate"] or {}).get("left_out")),
        preferred=_preferred(context, row),
        chosen=_chosen(context, row, tables, found),
        describing=_describing(context, row, tables),
        rows={name: found["rows"] for name, found in (row["plan"] or {}).items()},
    )


def _describing(context: Context, row: runs.Row, tables: Sequence[Published]) -> Describing | None:
    """By the rules that the run has found; a run that has read no input takes today's."""
    if not any(one.lane.reads_requests for one in tables):
        return None
    found = row["descriptions"]
    text = context.descriptions_text if found is None else found
    book = description_rules(text, context.settings.descriptions_file)
    return Describing(book, JUDGE, context.secret)


def _preferred(context: Context, row: runs.Row) -> tuple[str, ...]:
    """The run's own version of sentiment, then those that were active before, the last first."""
    own = [row["models"][SENTIMENT]] if SENTIMENT in row["models"] else []
    return tuple(dict.fromkeys([*own, *(one.id for one in activations(context.ops, SENTIMENT))]))


def _chosen(
    context: Context, row: runs.Row, tables: Sequence[Published], found: Sequence[Release]
) -> Chosen | None:
    """In the release that the run has frozen, or in the newest where it takes all there is."""
    if not row["selection"]:
        return None
    release = row["selection"]["release"]
    at = next((one for one in found if one.release == release), found[-1])
    names = [one.table for one in tables]
    return Chosen(
        Selection.from_fields(row["selection"]["rows"]),
        base_snapshots(context.catalog, at, names),
    )


def is_switch(row: runs.Row) -> bool:
    """Whether the run brings another generation of vectors."""
    return bool(row["selection"] and row["selection"]["release"] is None)


def other_generation(row: runs.Row, newest: Release | None) -> str | None:
    """
    The version of the newest release's vectors, where the run was planned for another.

    Its own rows have to be of that version: vectors of two cannot be compared.
    """
    shown = newest.models.get(EMBEDDING) if newest else None
    own = row["models"].get(EMBEDDING)
    return shown if own and shown and own != shown and not is_switch(row) else None


def builds_only(row: runs.Row) -> bool:
    """Whether the run stores answers by a version that is not active, and publishes none."""
    return bool(row["selection"] and not row["selection"]["publishes"])
