"""What a writer that lies on purpose gets past the whole ladder, counted against its ledger."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence

from benchmarks.corrupt.products import Product
from benchmarks.corrupt.texts import LANGUAGES
from benchmarks.figure import Figure, at_least, at_most
from benchmarks.grounding.inventing import Draft, describe, published_lies
from benchmarks.grounding.shops import Shops, evidence_of
from nightshelf.grounding.ladder import ACCEPTED, Ladder


def figures(shops: Shops) -> Sequence[Figure]:
    """Without a composer: what is not accepted or trimmed is not published."""
    count: Counter[str] = Counter()
    for draft in _drafts(shops):
        outcome = Ladder().publish(draft.words, None, evidence_of(draft.product))
        count["described"] += 1
        count["invented"] += len(draft.ledger)
        count[outcome.fate] += 1
        if outcome.text is not None:
            count["published"] += published_lies(outcome.text, draft.ledger)
        if not draft.ledger:
            count["honest"] += 1
            count["honest_accepted"] += outcome.fate == ACCEPTED
    fates = ", ".join(f"{name} {count[name]:,}" for name in ("accepted", "trimmed", "abstained"))
    kept = count["accepted"] + count["trimmed"]
    return [
        Figure(
            name="invented_published",
            what=f"of {count['invented']:,} invented claims about {count['described']:,} products; "
            f"{fates}",
            goal=at_most(0),
            values=(float(count["published"]),),
        ),
        Figure(
            name="drafts_published",
            what="share of these drafts of which at least a part was good enough",
            values=(kept / count["described"],),
        ),
        Figure(
            name="honest_accepted",
            what=f"of {count['honest']:,} drafts without a lie, accepted as they are",
            goal=at_least(0.97),
            values=(count["honest_accepted"] / max(1, count["honest"]),),
        ),
    ]


def _drafts(shops: Shops) -> Iterator[Draft]:
    source = random.Random("inventions")
    products = [one for name in shops.reported for one in shops.catalogs[name]]
    brands = sorted({one.brand for one in products if one.brand})
    for number, product in enumerate(_many(products, shops.sizes.described, source)):
        language = LANGUAGES[number % len(LANGUAGES)]
        yield describe(product, language, source, brands)


def _many(products: list[Product], most: int, source: random.Random) -> list[Product]:
    """Distinct ones where there are so many; of a small shop each several times."""
    if len(products) >= most:
        return source.sample(products, most)
    return source.choices(products, k=most)
