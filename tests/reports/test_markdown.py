"""Descriptions as Markdown: the few things that are understood, and everything else, which stays the text that it is."""

import re
from html import escape, unescape
from html.parser import HTMLParser
from itertools import product
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.html.markdown import FORMATTED_CHARACTERS, markdown, safe_address

ELEMENTS = {"p", "ul", "ol", "li", "em", "strong", "code", "pre", "a", "blockquote", "br"}
ATTRIBUTES = {("a", "href"), ("ol", "start"), ("p", "class")}


class Html(HTMLParser):
    """Elements, attributes, addresses and text of a piece of HTML; and whether every element is closed where it should be."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.addresses: list[str] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= {(tag, name) for name, _ in attrs}
        self.addresses += [value or "" for name, value in attrs if name == "href"]
        self.open += [] if tag == "br" else [tag]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        pytest.fail(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        pytest.fail(f"a declaration: {decl}")


def checked(text: str) -> Html:
    """*text* as Markdown, which must be well formed and hold nothing but the elements and attributes of the subset."""
    html = Html(str(markdown(text)))
    assert html.open == []
    assert html.elements <= ELEMENTS, text
    assert html.attributes <= ATTRIBUTES, text
    for address in html.addresses:
        assert harmless(address), (text, address)
    return html


def harmless(address: str) -> bool:
    """What a browser would make of it, computed in another way than in the code: no control characters, entities or escapes help."""
    plain = re.sub(r"[\x00-\x20]", "", unquote(unescape(unquote(address)))).lower().replace("\\", "/")
    scheme = re.match(r"[a-z][a-z0-9+.-]*:", plain)
    if scheme:
        return scheme[0] in ("http:", "https:") and re.match(r"https?://[^/@]", plain) is not None
    return not plain.startswith("/") and ".." not in plain.split("?")[0].split("#")[0].split("/")


# What is understood


@pytest.mark.parametrize(
    ("written", "html"),
    [
        ("one\ntwo\n\nthree", "<p>one\ntwo</p>\n<p>three</p>"),
        ("  one\n\n    two", "<p>one</p>\n<p>two</p>"),
        ("- a\n- b\n  - c", "<ul>\n<li>a</li>\n<li>b\n<ul>\n<li>c</li>\n</ul>\n</li>\n</ul>"),
        ("1. a\n2. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>"),
        ("7. a\n8. b", '<ol start="7">\n<li>a</li>\n<li>b</li>\n</ol>'),
        ("*a* and _b_ and **c** and `d`", "<p><em>a</em> and <em>b</em> and <strong>c</strong> and <code>d</code></p>"),
        ("> quoted", "<blockquote>\n<p>quoted</p>\n</blockquote>"),
        ("```gherkin\nGiven <x>\n```", "<pre><code>Given &lt;x&gt;\n</code></pre>"),
        ("# One\n\n### Three", '<p class="heading">One</p>\n<p class="heading">Three</p>'),
        ("One\n===\n\nTwo\n---", '<p class="heading">One</p>\n<p class="heading">Two</p>'),
        ("[the law](https://example.org/a?b=1&c=2#d)", '<p><a href="https://example.org/a?b=1&amp;c=2#d">the law</a></p>'),
        ("[a question](questions.html#GAP-02)", '<p><a href="questions.html#GAP-02">a question</a></p>'),
        ('[a](sop.html "a title")', '<p><a href="sop.html">a</a></p>'),
        ("one\\\ntwo", "<p>one<br>\ntwo</p>"),
        (r"\*not\* emphasis", "<p>*not* emphasis</p>"),
        ("", ""),
        (" \n ", ""),
    ],
)
def test_the_subset(written: str, html: str) -> None:
    assert markdown(written) == html


@pytest.mark.parametrize(
    "written",
    [
        "READY_TO_DISPATCH and not_posted",
        "<e-invoice> of <a> & <b>",
        "2 * 3 * 4 = 24",
        "SC-ERP-FULL-1.1.2a, GAP-02",
        "https://example.org and <https://example.org> and www.example.org and a@example.org",
        "&lt;b&gt; &amp; &#60;b&#62; &colon;",
        "-5 units; +1; #1; 3.5",
        "[not a link] (at all) [x]: y",
        "a | b\n--|--\nc | d",
        "~~struck~~ ==marked== H~2~O ^1^",
        "(c) -- ... 'quoted'",
        "'><b>",
        "-->",
        "=1+1",
        "{{ 7 * 7 }}{% raw %}",
        "\u202eabc\u200b नमस्ते 🌿",
    ],
)
def test_what_is_not_understood_stays_as_it_was_written(written: str) -> None:
    assert markdown(written) == f"<p>{escape(written, quote=False).replace(chr(34), '&quot;')}</p>"


def test_an_image_is_never_loaded() -> None:
    html = checked("![a](https://example.org/a.png) ![b](javascript:x) ![c][d]\n\n[d]: https://example.org/")

    assert html.addresses == ["https://example.org/a.png"]
    assert "![b](javascript:x) ![c][d]" in html.text


def test_the_indentation_of_a_feature_file_is_no_code() -> None:
    assert "<pre>" not in markdown("      deep\n\n      - a\n      - b\n\n            deeper")
    assert markdown("      One\n      ===") == '<p class="heading">One</p>'


# What is not let through

SCRIPTS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<IMG SRC=javascript:alert(1)>",
    '<img src="x" onerror="&#97;lert(1)">',
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mi xlink:href='javascript:alert(1)'>",
    "<details open ontoggle=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<body onload=alert(1)>",
    "<style>*{display:none}</style>",
    "<link rel=stylesheet href=//evil.example>",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<form action=javascript:alert(1)><button>",
    "<a href=javascript:alert(1)>x</a>",
    "<object data=data:text/html,x>",
    "<!-- --><script>alert(1)</script><!--",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php x ?><!DOCTYPE x>",
    "</p></div></main><script>alert(1)</script>",
    "</code></pre><script>alert(1)</script>",
    '"><script>alert(1)</script>',
    "' onmouseover='alert(1)",
    '" autofocus onfocus="alert(1)',
    "<plaintext>",
    "<textarea><xmp>",
    "\x00<scr\x00ipt>alert(1)</scr\x00ipt>",
]
WRAPPERS = [
    "{}",
    "- {}",
    "1. {}",
    "> {}",
    "# {}",
    "**{}**",
    "*{}*",
    "`{}`",
    "``` {}\nx\n```",
    "```\n{}\n```",
    "~~~{}\n{}\n~~~",
    "[{}](https://example.org)",
    "[x](https://example.org/{})",
    "[x](<https://example.org/{}>)",
    '[x](https://example.org "{}")',
    "![{}]({})",
    "- > 1. **{}**",
    "[x]: {}\n\n[x]",
    "\t{}",
    "a\n{}\nb",
]


@pytest.mark.parametrize("wrapper", WRAPPERS)
def test_no_html_gets_through_wherever_it_stands(wrapper: str) -> None:
    for script in SCRIPTS:
        checked(wrapper.replace("{}", script))


WORDS = ["javascript", "data", "file", "vbscript", "JaVaScRiPt", "blob", "about", "view-source", "ms-word", "mailto", "tel", "ftp", "ws"]
TARGETS = [
    "{}:alert(1)",
    "{}:text/html,<script>alert(1)</script>",
    "{}:///etc/passwd",
    "{}://%0aalert(1)",
    "{}:text/html;base64,PHNjcmlwdD4=",
]
DISGUISES = [
    lambda address: address,
    lambda address: f"<{address}>",
    lambda address: f" \t{address}",
    lambda address: f"&#1;{address}",
    lambda address: f"&#x20;&NewLine;{address}",
    lambda address: address.replace(":", "&colon;"),
    lambda address: address.replace(":", "&#58;"),
    lambda address: address.replace(":", "&#x0003A;"),
    lambda address: address.replace(":", "%3A"),
    lambda address: address.replace(":", r"\:"),
    lambda address: address.replace("a", "&#97;", 1),
    lambda address: address.replace("a", "%61", 1),
    lambda address: address[:2] + "&Tab;" + address[2:],
    lambda address: address[:2] + "&#10;" + address[2:],
    lambda address: "<" + address[:2] + "\t" + address[2:] + ">",
    lambda address: address[:1] + "\u00ad" + address[1:],
    lambda address: "\u200b" + address,
    lambda address: "\x0b" + address,
    lambda address: "\x00" + address,
    lambda address: address.upper(),
    lambda address: "./" + address,
    lambda address: "//" + address,
    lambda address: "http:" + address,
    lambda address: "https:/" + address,
    lambda address: "&#106;" + address[1:],
    lambda address: "\\" + address,
]


@pytest.mark.parametrize("word", WORDS)
def test_no_other_scheme_becomes_a_link_in_any_disguise(word: str) -> None:
    for target, disguise in product(TARGETS, DISGUISES):
        address = disguise(target.replace("{}", word))
        for text in (
            f"[x]({address})",
            f"[x](<{address}>)",
            f"![x]({address})",
            f"[**x** `y`]({address} 't')",
            f"<{address}>",
            f"[x]: {address}\n\n[x]",
        ):
            checked(text)


@pytest.mark.parametrize(
    "address",
    [
        *("//evil.example", r"\\evil.example", r"/\evil.example", "/etc/passwd", "../x", "a/../../x", "a/..", "%2e%2e/x", ".%2E/x", "a//b"),
        *(
            "a%2f..%2fb",
            "a%5c..%5cb",
            "%00",
            "a%3Ab",
            "http:evil",
            "http:/evil",
            "https:///evil",
            "http://",
            "https://a@evil.example",
            "https://%65vil",
        ),
        *("https://evil.example\\@a", "C:/x", "c|/x", "javascript:x", "javascript://x/%0aalert(1)", "x:y", "a b", "", "\u2028x"),
    ],
)
def test_no_way_out_of_the_site_but_to_the_web(address: str) -> None:
    assert not safe_address(address)


@pytest.mark.parametrize(
    "address",
    [
        *(
            "https://example.org",
            "HTTPS://Example.org/",
            "http://example.org:8080/a?b=c#d",
            "https://[::1]/",
            "https://example.org/@somebody/x",
        ),
        *("sop.html", "sop.html#SC-ERP-FULL-1a", "#here", "?a=b", "docs/a.pdf", "a..b.html", "search.html#is%3Afailed"),
    ],
)
def test_what_may_be_a_link(address: str) -> None:
    assert safe_address(address)
    assert checked(f"[x]({address})").addresses


def test_nothing_is_too_deep_or_too_odd_to_be_shown() -> None:
    for piece in ("> ", "- ", "1. ", "[", "![", "*", "**", "_", "`", "```\n", "<", "(", "[](", "\\", "#", "&", "~~~", "\r", "\t"):
        checked(piece * 500)
        checked(piece * 500 + "x" + piece[::-1] * 500)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from([*"<>\"'&[]()*_`#-\\!:/. \n\tax1", "javascript:", "https://e.x", "```\n", "&colon;", "<script>", "> ", "1. "]),
        max_size=40,
    )
)
def test_whatever_is_written_stays_within_the_subset(pieces: list[str]) -> None:
    checked("".join(pieces))


def test_a_text_that_is_too_long_to_parse_is_shown_as_it_is() -> None:
    assert markdown("*a*" + "b" * (FORMATTED_CHARACTERS - 3)).startswith("<p><em>a</em>b")
    assert markdown("*a*<b>" + "b" * FORMATTED_CHARACTERS).startswith("<p>*a*&lt;b&gt;b")
