"""Strings that try to be more than text, made by combination; as others could name anything."""

from itertools import product

_ELEMENTS = (
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<details open ontoggle=alert(1)>",
    "<a href=javascript:alert(1)>open</a>",
    "<form action=https://evil.example><button formaction=javascript:alert(1)>go",
)
#: What ends the place that a text stands in.
_ENDS = ("", '">', "'>", "</title>", "</style>", "</script>", "</bdi></td>", "-->", "]]>")
_EVENTS = ("onmouseover", "onfocus", "onanimationstart", "onpointerenter", "ONCLICK")
_QUOTES = (
    '" {}=alert(1) x="',
    "' {}=alert(1) x='",
    "` {}=alert(1) x=`",
    " {}=alert(1) ",
    "/{}=alert(1)/",
)
_SCHEMES = (
    *("javascript:", "JaVaScRiPt:", "java\tscript:", "java\nscript:", "\x01javascript:"),
    *("javascript&colon;", "&#106;avascript:", "vbscript:", "data:text/html,", "\\\\evil.example/"),
)
_TARGETS = ("alert(1)", "//%0aalert(1)", "<script>alert(1)</script>", "'-alert(1)-'")
_OPENERS = (
    *(("{{", "}}"), ("{%", "%}"), ("{#", "#}"), ("${", "}"), ("#{", "}"), ("<%=", "%>")),
    *(("[[", "]]"), ("{{{", "}}}"), ("<?=", "?>"), ("%(", ")s")),
)
_CODE = ("7 * 7", "''.__class__.__mro__", "include 'page.css'", "constructor.constructor('x')()")
_MARKS = (
    *("\u202e", "\u2066", "\u200f", "\u061c", "\u200b", "\ufeff", "\u2028", "\u2029", "\u00ad"),
    *(
        "\x00",
        "\x07",
        "\x1b[2J",
        "\x1b]0;title\x07",
        "\x85",
        "\x9b31m",
        "\ud800",
        "\ufdd0",
        "\U000e0041",
    ),
)
_WORDS = ("cod.exe", "<b>bold</b>", "مرحبا ١٢٣ שלום")
_OTHERS = (
    "javascript:alert(1)",
    '" style="position:fixed;inset:0" x="',
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<base href=https://evil.example/>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<style>*{display:none}</style>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<object data=javascript:alert(1)>",
    "<template><script>alert(1)</script></template>",
    "<!-- never closed",
    "<![CDATA[x]]>",
    "<?php echo 1 ?>",
    "<",
    "</",
    "&",
    "&lt;script&gt; &amp;amp; &#60;b&#62; &NotAnEntity;",
    "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
    "\u2039script\u203aalert(1)",
    "\r\nSet-Cookie: a=b\t",
    "猫 🐈 é e\u0301",
    "p\u0430ypal \u0399\u0399 \u217c",
    "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319a\u0324\u031el\u0349go",
    "👩\u200d👩\u200d👧 \U0001f3f4\U000e0067\U000e0062\U000e007f",
    "`backtick` 'single' \"double\" \\ back",
    "__proto__",
    "constructor",
    '=HYPERLINK("https://evil.example")',
    "../../../etc/passwd",
    "x'; DROP TABLE runs; --",
    "$(reboot) `reboot` ; reboot | reboot",
    "[link](javascript:alert(1)) ![i](https://evil.example/i.png)",
    "x" * 150,
)

#: At least 200, each another; a test says so.
HOSTILE = tuple(
    dict.fromkeys(
        (
            *(end + element for element, end in product(_ELEMENTS, _ENDS)),
            *(quote.format(event) for quote, event in product(_QUOTES, _EVENTS)),
            *(scheme + target for scheme, target in product(_SCHEMES, _TARGETS)),
            *(f"{left} {code} {right}" for (left, right), code in product(_OPENERS, _CODE)),
            *(f"a{mark}{word}" for mark, word in product(_MARKS, _WORDS)),
            *_OTHERS,
        )
    )
)


def storable(text: str) -> str:
    """As a column of text can hold it: half a character is none."""
    return text.encode("utf-8", "replace").decode("utf-8")
