from time import process_time

import pytest

from nightshelf.privacy.addresses import find_addresses
from nightshelf.privacy.people import find_people
from nightshelf.privacy.spans import replaced


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Send it to 12 Mill Lane.", "Send it to [address]"),
        ("at 4410 Old Oak Drive NW Apt. 5b, Springfield, OR 97475 now", "at [address] now"),
        ("221b Baker Street\nLondon NW1 6XE", "[address]"),
        ("im at 12 mill lane apt 4", "im at [address]"),
        ("P.O. Box 4711, Reno NV 89501", "[address]"),
        ("Unit 4719 Box 7394\nDPO AP 70942", "[address]"),
        ("wohnt Hauptstraße 12", "wohnt [address]"),
        ("bei 16 rue Victor Hugo 3", "bei [address]"),
        ("Calle Mayor 12, Madrid", "[address]"),
        ("My zip code is 90210.", "My [address]."),
        ("please use my new address is Haus am See 3, Kiel", "please use my new [address]"),
        ("he lived at 7 Elm Hill", "he [address]"),
        ("the shop on Harrow Street is shut", "the shop [address] is shut"),
    ],
)
def test_addresses_go(text, clean):
    assert replaced(text, find_addresses(text)) == clean


@pytest.mark.parametrize(
    "text",
    [
        "I bought 2 Kindle Fire 7 tablets and 3 cases",
        "Drive fast, 5 stars, place it on the court",
        "It is 12 x 4 inches and holds 500 ml",
        "Went from a 32 GB to a 64 GB card, great",
        "Between 4 and 6, and the large is bigger",
        "Delivered on 12 March 2024, order 123456",
        "The 2nd one lasted 10 or 12, and then died",
        "road bike, street wear, avenue of approach",
        "size 8 fits. Suite of apps is fine",
        "",
    ],
)
def test_goods_measures_and_dates_stay(text):
    assert list(find_addresses(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "1 " * 20_000,
        "12 Aa " * 9_000,
        "1 a a a a a a a a " * 3_000,
        "lives on " * 5_000,
        "A " * 9_000,
    ],
)
def test_hostile_texts_take_linear_time(text):
    begun = process_time()
    list(find_addresses(text))
    list(find_people(text))
    assert process_time() - begun < 5


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Ask Mrs. Ana Ruiz", "Ask [name]"),
        ("My name is Jo van Dyke and", "[]My name is [name] and"),
        ("Our daughter Mia loves it", "Our daughter [name] loves it"),
        ("our daughter loves it", "our daughter loves it"),
        ("Hi Tom,\nthe mug", "Hi [name],\nthe mug"),
        ("Works. Thanks, Jo Miller", "Works. Thanks, [name]"),
        ("I spoke with Dana at length", "I spoke with [name] at length"),
        ("Dana from customer service", "[name] from customer service"),
        ("name: Li Wei", "name: [name]"),
    ],
)
def test_words_that_lead_to_a_name(text, clean):
    assert replaced(text, find_people(text)) == clean.removeprefix("[]")
