"""The selects behind a lane's views, in the order in which they build on each other."""

from typing import TYPE_CHECKING

from nightshelf.lakehouse import outcomes, retractions, sql, versions
from nightshelf.shelf import chosen
from nightshelf.shelf.published import Lane

if TYPE_CHECKING:
    from nightshelf.spark.views import Night


def of_chosen(lane: Lane, night: "Night") -> dict[str, str]:
    """Nothing but the chosen rows is written, and nothing removed."""
    [one] = [table for table in night.published if table.lane == lane]
    base, version = sql.at_snapshot(one.table, night.base[one.table]), night.models[one.question]
    writing, more = f"writing_{lane.name}", dict[str, str]()
    select, ask = chosen.to_write(one, base, version), chosen.to_ask(lane)
    if lane.reads_requests:
        products = f"products_{lane.name}"
        more = {products: versions.with_text(versions.current_products())}
        select, ask = chosen.with_request(select, products), chosen.to_ask(lane, products)
    return {
        **more,
        writing: select,
        f"affected_{lane.name}": chosen.ids(writing, lane.id_field),
        f"current_{lane.name}": chosen.ids(writing, lane.id_field),
        f"asking_{lane.name}": ask,
    }


def of_lane(lane: Lane, night: "Night") -> dict[str, str]:
    """In the order in which they build on each other."""
    name, dates = lane.name, night.dates
    shelf = sql.at_snapshot(lane.shelf, night.base[lane.shelf])
    retry, current = f"retry_{name}", f"current_{name}"
    tables = [one for one in night.published if one.lane == lane]
    # Two models may answer one row, and each can fail alone.
    failed = [
        sql.to_retry(one.question, sql.at_snapshot(one.table, night.base[one.table]))
        for one in tables
    ]
    retracted = [retractions.rows(shelf) for shelf in night.shelves(lane)]
    deferred = outcomes.deferred_before(lane.id_field, night.shelves(lane))
    more = dict[str, str]()
    if lane.dataset == "reviews":
        affected = versions.affected_reviews(dates, shelf, retry)
        if lane.is_added:
            affected = f"{affected} UNION {versions.reviews_not_on(shelf)}"
        chosen = versions.current_reviews(f"affected_{name}")
    else:
        affected = versions.affected_products(shelf)
        chosen = versions.current_products()
        if lane.reads_requests:
            more = {f"products_{name}": versions.with_text(chosen)}
            chosen = f"TABLE products_{name}"
    # What a product's picture of a day is made of is asked about even if it was superseded since.
    days = dates if name == "reviews" else ()
    return {
        retry: versions.ids_of_any(lane.id_field, [*failed, *retracted, deferred]),
        f"affected_{name}": affected,
        **more,
        current: chosen,
        f"writing_{name}": versions.to_write(current, shelf, lane.same, dates, retry),
        f"asking_{name}": versions.to_ask(f"writing_{name}", days),
    }
