"""What is planted in the files on purpose, so that the demo and the tests can look for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

CSV, JSONL = "2026-03-01/reviews.csv", "2026-03-02/reviews.jsonl"


@dataclass(frozen=True)
class BrokenRow:
    """`row` counts data rows from 1; the header and line breaks within a cell do not count."""

    dataset: str
    file: str
    row: int
    reason: str


#: Every row that must be rejected, and no other.
BROKEN: tuple[BrokenRow, ...] = (
    BrokenRow("reviews", CSV, 23, "missing_review_id"),  # the id is an empty cell
    BrokenRow("reviews", CSV, 58, "missing_product_id"),  # the product is an empty cell
    BrokenRow("reviews", CSV, 97, "empty_body"),  # the text is an empty cell
    BrokenRow("reviews", CSV, 131, "empty_body"),  # the text is blanks and a tab
    BrokenRow("reviews", CSV, 176, "impossible_rating"),  # 11 of 5 stars
    BrokenRow("reviews", CSV, 214, "wrong_type_rating"),  # the rating is the word "five"
    BrokenRow("reviews", CSV, 252, "wrong_type_created_at"),  # month 13, day 45
    BrokenRow("reviews", CSV, 289, "duplicate_id"),  # R-10141 has come already, with another text
    BrokenRow("reviews", CSV, 331, "malformed_line"),  # commas in unquoted text: too many cells
    BrokenRow("reviews", JSONL, 17, "impossible_rating"),  # 0 of 5 stars
    BrokenRow("reviews", JSONL, 44, "unknown_op"),  # op is "archive"
    BrokenRow("reviews", JSONL, 69, "created_in_future"),  # written in 2062
    BrokenRow("reviews", JSONL, 128, "malformed_line"),  # the line ends in the middle: no JSON
    BrokenRow("reviews", JSONL, 151, "wrong_type_body"),  # the text is a list
    BrokenRow("reviews", JSONL, 188, "missing_review_id"),  # the id is null
    BrokenRow("reviews", JSONL, 209, "duplicate_id"),  # R-20031 has come already, with another text
    BrokenRow("reviews", JSONL, 232, "empty_body"),  # the text is a line break and a tab
)

#: May be read nowhere but in the landing folder. Reserved addresses and numbers for tests only.
PERSONAL_DATA: tuple[str, ...] = (
    "tom.barlow@example.org",
    "marta.lopez@example.org",
    "j.okafor@example.org",
    "m.lefevre+jardin@example.org",  # in a title
    "c.moreau@example.org",
    "lena.brandt@example.org",  # a customer_id
    "+44 20 7946 0018",
    "+44 113 496 0102",
    "+49 30 23125042",
    "+1 202-555-0118",
    "4111 1111 1111 1111",
    "5555-5555-5555-4444",
    "378282246310005",
    "GB82 WEST 1234 5698 7654 32",
    "DE89 3704 0044 0532 0130 00",
)

#: What several customers wrote word for word.
COMMON_TEXTS: tuple[str, ...] = (
    "As described",
    "Great product",
    "Love it",
    "Sehr gut",
    "Works as expected.",
)

#: Night two repeats 40 reviews of night one, title and body, under ids with this prefix.
COPY_PREFIX = "A-"

#: Written on night one, written anew on night two under the same id.
EDITED: tuple[str, ...] = ("R-10199", "R-10152", "R-10140", "R-10160", "R-10185", "R-10075")

#: Written on night one, withdrawn on night two.
DELETED: tuple[str, ...] = ("R-10321", "R-10322")

#: Accepted rows that are hard on a model, by what is hard about them.
POISON: Mapping[str, str] = MappingProxyType(
    {
        "very_long": "R-20154",  # about 6,000 words: the same page pasted again and again
        "zero_width": "R-20132",  # zero-width, full-width, ligature, decomposed accents
        "right_to_left": "R-20174",  # Arabic, with an override of the direction
        "emoji_only": "R-20086",  # not one letter
        "prompt_injection": "R-20100",  # orders to whatever reads it
        "html": "R-20070",  # markup and a script
        "one_word": "R-20121",  # a word of 1,800 letters
        "controls": "R-20120",  # control characters, line separators, escapes, SQL
    }
)

#: The story of a product that its readers complain about, night after night.
COMPLAINTS: Mapping[str, str] = MappingProxyType(
    {
        "P-1002": "leaks at the water gauge",
        "P-1006": "the coating comes off",
        "P-1018": "cold at +3 degrees, and the zip jams",
        "P-1022": "the seam of the seat tears",
        "P-1037": "the app loses the bulbs",
        "P-1042": "the battery lasts eight minutes, the remote ten metres",
        "P-1047": "a wheel comes off",
        "P-1055": "bursts",
    }
)

#: Products that nearly everybody likes.
LOVED: tuple[str, ...] = ("P-1001", "P-1005", "P-1020", "P-1032", "P-1039", "P-1041", "P-1054")

#: A blender whose new batch overheats, and earbuds that firmware 2.1 mended.
GETS_WORSE, GETS_BETTER = "P-1004", "P-1011"
