import re
from itertools import pairwise
from time import process_time

import pytest

from nightshelf.privacy.redact import REDACTOR_VERSION, redact
from nightshelf.privacy.spans import Span, masked, replaced

PERSONAL = [
    # e-mail
    ("mail jo@example.org now", "mail [email] now"),
    ("jo.van-der.berg+shop@mail.example.co.uk.", "[email]."),
    ("<a href='mailto:jo@example.org'>", "<a href='mailto:[email]'>"),
    ("josé.muñoz@correo.example", "[email]"),
    ("jose\u0301@example.org (accent apart)", "[email] (accent apart)"),
    ("Füße@bücher.example ist meine Adresse", "[email] ist meine Adresse"),
    ("请发邮件到jo@example.org谢谢", "请发邮件到[email]谢谢"),
    ("用户@例子.公司", "[email]"),
    ("jo\uff20example.org", "[email]"),
    ("j\u200bo@example.org", "[email]"),
    ("a@example.org,b@example.org;c@example.org", "[email],[email];[email]"),
    ("jo (at) example (dot) org", "[email]"),
    ("jo[at]example.org, thanks", "[email], thanks"),
    ("write to jo.b at example dot com please", "write to [email] please"),
    # phone
    ("+44 20 7946 0018", "[phone]"),
    ("call me: (212) 736-5000!", "call me: [phone]!"),
    ("my number 212-736-5000 or 212.736.5001", "my number [phone] or [phone]"),
    ("text 2127365000", "text [phone]"),
    ("020 7946 0018 after six", "[phone] after six"),
    ("Ruf an: 030 901820, danke", "Ruf an: [phone], danke"),
    ("meine Nummer 0151 23456789", "meine Nummer [phone]"),
    ("appelez le 06 12 34 56 78", "appelez le [phone]"),
    ("móvil 612 34 56 78", "móvil [phone]"),
    ("我的手机是13812345678请联系", "我的手机是[phone]请联系"),
    ("call 555-1234 for a refund", "call [phone] for a refund"),
    ("+1 (555) 010-0199", "[phone]"),
    ("+\uff14\uff19 30 901820", "[phone]"),
    ("0049 30 901820", "[phone]"),
    ("on 2026-02-03 I rang +49 30 901820 twice", "on 2026-02-03 I rang [phone] twice"),
    # card
    ("paid with 4111 1111 1111 1111 12/29", "paid with [card] 12/29"),
    ("5500-0055-5555-5559", "[card]"),
    ("call about 4111 1111 1111 1111", "call about [card]"),
    ("amex 3782 822463 10005", "amex [card]"),
    ("card4012888888881881.", "card[card]."),
    ("卡号6011111111111117", "卡号[card]"),
    # IBAN
    ("refund to DE89 3704 0044 0532 0130 00 please", "refund to [iban] please"),
    ("GB82WEST12345698765432", "[iban]"),
    ("fr14 2004 1010 0505 0001 3m02 606", "[iban]"),
    # several
    (
        "jo@example.org, +44 20 7946 0018, 4111111111111111, NL91ABNA0417164300",
        "[email], [phone], [card], [iban]",
    ),
]

HARMLESS = [
    "",
    "no secrets here",
    "arrived in 2024, rated 5/5",
    "table 120 x 60 x 75 cm",
    "table 1200 x 600 x 750 mm, 12.5 kg",
    "120-60-75 cm, 1200/600/750",
    "order 4455667 came late",
    "Order no. 1234567890 is missing",
    "Bestellnummer 030901820",
    "order #2127365000",
    "114-3941689-8772232",
    "ISBN 0-306-40615-2",
    "ISBN 978-0-306-40615-7",
    "EAN 4006381333931",
    "4006381333931",
    "5901234123457",
    "4006381330060",  # would pass as a card of 13 digits
    "UPC 036000291452",
    "SKU AB2127365000, model WH-1000XM4",
    "AB1234567890XL",
    "on 2026-02-03 12:30:45",
    "from 03.02.2026 to 05.02.2026",
    "2026/02/03 - 2026/02/05",
    "seasons 2019 2020 2021 2022",
    "sizes 34 36 38 40 42 44 46 48",
    "$1,299.00 down from $2,499.00",
    "1.299,00 € statt 2.499,00 €",
    "€ 2127365000",
    "sold 1,234,567 times",
    "1 000 000 stitches",
    "pi is 3.14159265358979",
    "server 192.168.100.200",
    "https://shop.example/p/2127365000?ref=0309018200",
    "4111 1111 1111 1112 fails its check",
    "DE88 3704 0044 0532 0130 00 fails its check",
    "tag @nightshelf and #shop",
    "5'8\" and 130 lbs, 34-26-36",
    "looks great at home, a polka dot dress",
    "bought 2 @ 19.99",
    "IMEI 490154203237518",
    "my stats are 36c/38-27-35/135#",
    "battery 10000mAh, 5000 hours, 230V 50/60Hz",
    "尺寸 1200*600*750 毫米 订单号 2127365000",
]


@pytest.mark.parametrize(("text", "expected"), PERSONAL)
def test_personal_data_is_replaced(text, expected):
    assert redact(text).text == expected


@pytest.mark.parametrize("text", HARMLESS)
def test_other_numbers_and_words_stay(text):
    assert redact(text).text == text


@pytest.mark.parametrize("text", [text for text, _ in PERSONAL] + HARMLESS)
def test_redacting_twice_changes_nothing(text):
    once = redact(text)
    assert redact(once.text).text == once.text
    assert sum(once.counts.values()) == len(re.findall(r"\[(?:email|phone|card|iban)\]", once.text))


def test_neighbours_that_were_parted_are_read_again():
    texts = [text for text, _ in PERSONAL] + HARMLESS
    for first, second in pairwise(texts):
        once = redact(f"{first} {second}")
        assert redact(once.text).text == once.text


def test_counts_say_how_many_of_each_kind():
    assert redact("a@example.org b@example.org 4111111111111111").counts == {"email": 2, "card": 1}


def test_regions_are_the_callers():
    assert redact("020 7946 0018", regions=("US",)).text == "020 7946 0018"
    assert redact("020 7946 0018", regions=("US", "GB")).text == "[phone]"


@pytest.mark.parametrize(
    "text",
    ["a" * 200_000, "a@" * 100_000, "1 " * 10_000, "a.b" * 60_000, "(at) " * 40_000,
     "AB12" * 50_000, "4111 " * 4_000, "+1" * 100_000, " at a dot b" * 18_000],
    ids=lambda text: text[:6],
)  # fmt: skip
def test_hostile_texts_take_linear_time(text):
    start = process_time()
    redact(text)
    assert process_time() - start < 5


def test_the_version_names_the_libraries():
    assert re.fullmatch(r"rules-\d+ phonenumbers-[\d.]+ stdnum-[\d.]+", REDACTOR_VERSION)


def test_spans_keep_positions():
    spans = [Span(0, 2, "email"), Span(3, 5, "phone")]
    assert len(masked("ab cd ef", spans)) == 8
    assert replaced("ab cd ef", spans) == "[email] [phone] ef"
