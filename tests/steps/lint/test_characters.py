"""Look-alikes: a character that resembles another is named with its code where it matters, and is no finding elsewhere."""

# ruff: noqa: RUF001 - look-alikes are what is tested

from types import ModuleType

import pytest

from steps.definitions.registry import Registry
from steps.lint.characters import ascii_look_alike
from steps.lint.linter import lint_text
from tests.support.lint_pairs import CHECK, STAGED, outline, steps
from tests.support.lint_vocabulary import TAGS, VOCABULARY


def findings(text: str) -> list[str]:
    return [f"{finding.rule}: {finding.message}; {finding.remedy}" for finding in lint_text(text.encode(), "x.feature", VOCABULARY, TAGS)]


TWINS = {
    "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-", "\ufe63": "-", "\uff0d": "-",
    "\u2018": "'", "\u2019": "'", "\u201b": "'", "\u2032": "'", "\u00b4": "'", "\u02bc": "'",
    "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u2026": "...", "\uff1a": ":", "\uff0f": "/", "\u2044": "/",
    "\uff5c": "|", "\u2502": "|", "\u2039": "<", "\uff1e": ">", "\uff03": "#", "\uff20": "@", "\uff13": "3", "\uff21": "A", "\ufb01": "fi", "\u00d7": "x",
    "\U0001d400": "A", "\u212a": "K",
}  # fmt: skip


@pytest.mark.parametrize(("char", "twin"), TWINS.items(), ids=lambda char: f"U+{ord(char[0]):04X}")
def test_a_look_alike_in_a_step_is_named_with_its_code(char: str, twin: str) -> None:
    (finding,) = findings(steps(f"Given xyzzy {char} plugh", *CHECK))

    assert finding.startswith("undefined-step: no step sentence matches `Given xyzzy")
    assert f"; `{char}` is U+{ord(char):04X} (" in finding
    assert f"), not `{twin}`; type `{twin}` on the keyboard; " in finding


@pytest.mark.parametrize("char", ["é", "ß", "Ω", "\u2126", "№", "™", "℃", "€", "漢", "न", "→", "❤", "a", "-", " "])
def test_another_character_is_no_look_alike(char: str) -> None:
    assert ascii_look_alike(char) is None


def test_each_look_alike_of_a_line_is_named_once() -> None:
    (finding,) = findings(steps("Given \u2018a\u2019 \u2013 \u2018order\u2019", *CHECK))

    assert finding.count("U+2018 (left single quotation mark), not `'`") == 1
    assert "U+2019" in finding
    assert "type `'` and `-` on the keyboard; " in finding


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("@GAP\u201114\n" + steps(*CHECK), "unknown-tag"),
        (outline("|stage|\n|READY\u2013TO\u2013DISPATCH|", *STAGED), "undefined-step"),
        (steps("Given rows of a table", "  | order | posted\u2010on |", "  | A | - |", *CHECK), "table-columns"),
        (steps(*CHECK, "And the duties are", "  | must\u2011not | a |"), "table-cell"),
        (steps("Given an order", "  \u201c\u201c\u201c", *CHECK), "syntax"),
        (steps("Given an order", "  \uff5c a \uff5c", *CHECK), "syntax"),
        (steps("Given an order", "\uff20GAP-14", *CHECK), "syntax"),
        (steps(*CHECK).replace("Feature: F", "Feature: F\n  \uff20GAP-14"), "misspelt-keyword"),
    ],
)
def test_a_look_alike_is_named_wherever_something_is_spelt_wrong(text: str, rule: str) -> None:
    first = findings(text)[0]

    assert first.startswith(f"{rule}: ")
    assert " is U+" in first


def test_typographic_prose_is_no_finding() -> None:
    words = "The client\u2019s \u201corder\u201d \u2013 or part of it \u2026 costs \u00ab5\u00a0\u20ac\u00bb".replace("\u00a0", " ")

    assert findings(steps(f"# {words}", *CHECK).replace("Feature: F", f"Feature: {words}\n\n  {words}")) == []


def test_punctuation_of_chinese_and_japanese_is_no_look_alike() -> None:
    (finding,) = findings(steps("Given 注文\uff08緑\uff09\uff0c", *CHECK))

    assert "U+" not in finding


MIXED_ON_PURPOSE = [
    "kΩ",
    "MΩ",
    "mΩ",
    "\u03bcm",
    "\u03bcAh",
    "Δx",
    "λx",
    "πr",
    "UF9_Вспомогательные",
    "JSONфайл",
    "ТипXML",
    "Работать_с_JSON",
]
MISTAKEN = {
    "PR\u041eCESSING": "\u041e", "\u0391llowed": "\u0391", "\u0441\u0430t": "\u0441", "READY_\u0422\u041e_DISPATCH": "\u0422", "GAP_\u041e1": "\u041e", "буд\u0065т": "e",
    "\u13aapple": "\u13aa", "d\u03bfg": "\u03bf", "\u0410\u0412C": "\u0410", "Об\u0070аботка": "p",
}  # fmt: skip


@pytest.mark.parametrize("word", MIXED_ON_PURPOSE)
def test_a_word_of_two_alphabets_that_is_plainly_mixed_is_no_finding(word: str) -> None:
    assert findings(steps(f"# 10 {word}", *CHECK)) == []


@pytest.mark.parametrize(("word", "char"), MISTAKEN.items())
def test_a_letter_of_another_alphabet_is_named_with_its_code(word: str, char: str) -> None:
    (finding,) = findings(steps(f"# {word}", *CHECK))

    assert finding.startswith(f"mixed-script: the word `{word}` mixes alphabets: `{char}` (U+{ord(char):04X}) is ")


@pytest.mark.parametrize(
    ("chars", "twin"),
    [
        ("\u2796\u2500\u2501\u058a\u2e3a\u2e3b\u05be\u2013\u02c9\u00af\u23af\u207b\u208b\u4e00\u2f00\u3127\u1173\u3161\u1428", "-"),
        ("\u275c\u05f3\u0384\u1fbd\ua78c\u275b\uff07\u2019\u02be\u02bf\u02ca\u02cb\u1ffe\u1fef\u1ffd\u16cc", "'"),
        ("\u2236\ua789\u02d0\ufe13\ufe55\uff1a\u0589\u05c3\u0703\u0704\u16ec\u205a\u1804\u02f8\u1365", ":"),
        ("\u02c2\u276e\u2770\u2329", "<"),
        ("\u02c3\u276f\u2771\u232a", ">"),
        ("\u2160\u24be\uff29\u026a\u1d35", "I"),
        ("\u00b2\u0662\u06f2\u0968\u2461\u2082", "2"),
        ("\u00bd", "1/2"),
    ],
)
def test_signs_that_look_like_one_of_the_keyboard_are_known_by_kind(chars: str, twin: str) -> None:
    for char in chars:
        assert ascii_look_alike(char) in {twin, f"[{twin}]"}, f"{ord(char):04X}"
    assert [ascii_look_alike(char) for char in "é中ж😀ÿ→€ά\u1f70ā二"] == [None] * 11


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (steps("Given the order is CR\u00c9ATED", *CHECK), "`\u00c9` is U+00C9 (latin capital letter e with acute), not `E`"),
        (
            steps("Given the order is CRE\u0301ATED", *CHECK),
            "`E\u0301` is U+0045 (latin capital letter e) and U+0301 (combining acute accent), not `E`",
        ),
        (steps("Given the order is FULF\u0130LLABLE", *CHECK), "`\u0130` is U+0130 (latin capital letter i with dot above), not `I`"),
        (
            steps("Given the order is FULFI\u0307LLABLE", *CHECK),
            "`I\u0307` is U+0049 (latin capital letter i) and U+0307 (combining dot above), not `I`",
        ),
        (steps("Given an \u00f3rder", *CHECK), "`\u00f3` is U+00F3 (latin small letter o with acute), not `o`"),
        (outline("|stage|\n|P\u00c5CKED|\n|CREATED|", *STAGED), "`\u00c5` is U+00C5 (latin capital letter a with ring above), not `A`"),
        (
            steps("Given the order is CR\u0141ATED", *CHECK).replace("CR\u0141ATED", "FU\u0141FILLABLE"),
            "`\u0141` is U+0141 (latin capital letter l with stroke), not `L`",
        ),
        (steps("When the seller cancels", "Then \u0131t is allowed"), "`\u0131` is U+0131 (latin small letter dotless i), not `i`"),
        ("@G\u00c1P-14\n" + steps(*CHECK), "`\u00c1` is U+00C1 (latin capital letter a with acute), not `A`"),
    ],
)
def test_an_accent_that_the_right_word_does_not_have_is_named(text: str, name: str) -> None:
    assert any(f"; {name}; type " in finding for finding in findings(text)), findings(text)


def test_a_sentence_in_another_unicode_form_is_explained() -> None:
    module = ModuleType("vocabulary_with_accents")
    exec("from steps.definitions.decorators import given\n@given('the caf\u00e9 is open')\ndef _(): ...\n", module.__dict__)  # noqa: S102 - our own text
    registry = Registry.from_modules([module])
    text = steps("Given the cafe\u0301 is open", "Then it is allowed")

    [problem, _] = lint_text(text.encode(), "x.feature", registry, TAGS)
    assert (
        "`e\u0301` is U+0065 (latin small letter e) and U+0301 (combining acute accent), not U+00E9 (latin small letter e with acute)"
        in problem.message
    )
    assert [finding.line for finding in lint_text(text.replace("e\u0301", "\u00e9").encode(), "x.feature", registry, TAGS)] == [5]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (steps("Given an order", "When the seller cancels", "Then it \u0456\u0455 allowed"), {"\u0456": "i", "\u0455": "s"}),
        (steps("Given \u0430 red order", *CHECK), {"\u0430": "a"}),
        (steps("Given the order is \u0410\u0408\u0406\u041e", *CHECK), {"\u0410": "A", "\u0408": "J", "\u0406": "I", "\u041e": "O"}),
        ("@\u0405\u041e\u0420\n" + steps(*CHECK), {"\u0405": "S", "\u041e": "O", "\u0420": "P"}),
        (outline("|o|\n|PACKED|", "Given the order is <\u03bf>", *CHECK), {"\u03bf": "o"}),
        (outline("|a|\n|PACKED|", "Given the order is <\u0430>", *CHECK), {"\u0430": "a"}),
        (outline("|a|\n|PACKED|", "Given the order is \u2039\u0430>", *CHECK), {"\u0430": "a", "\u2039": "<"}),
        (outline("|stage|\n|\u0410\u0406\u0406|", *STAGED), {"\u0410": "A", "\u0406": "I"}),
        (steps(*CHECK, "And the duties are", "  | \u0430 | a |"), {"\u0430": "a"}),
    ],
)
def test_a_word_wholly_in_another_alphabet_that_looks_latin_is_named(text: str, names: dict[str, str]) -> None:
    assert any(
        all(f"`{char}` is U+{ord(char):04X} (" in finding and f"), not `{twin}`" in finding for char, twin in names.items())
        for finding in findings(text)
    ), findings(text)


@pytest.mark.parametrize("word", ["\u0437\u0430\u043a\u0430\u0437", "\u03c0", "\u0436\u0430", "\u0531\u0532"])
def test_a_word_that_is_really_in_another_alphabet_has_no_look_alike(word: str) -> None:
    assert all("U+" not in finding for finding in findings(steps(f"Given xyzzy {word}", *CHECK)))
    assert findings(steps(f"# {word} \u0430", *CHECK)) == []


@pytest.mark.parametrize(
    "word", ["\u0420\u0410\u0421\u041a\u0415D", "P\u0410\u0421\u041a\u0415D", "P\u0410CK\u0415D", "\u0421REATED", "\u0391\u0399I"]
)
@pytest.mark.parametrize("language", ["", "# language: de\n"])
def test_a_mixed_word_that_looks_latin_is_to_be_typed_in_latin(word: str, language: str) -> None:
    text = language + outline(f"|stage|\n|{word}|\n|CREATED|", *STAGED)
    text = text if not language else f"{language}# {word}\n"
    (finding,) = [finding for finding in findings(text) if finding.startswith("mixed-script")]
    assert finding.endswith(", the others are Latin; type the word again on a Latin keyboard")
    assert all(f"`{char}` (U+{ord(char):04X})" in finding for char in word if not char.isascii())


def test_a_mixed_word_of_the_vocabulary_is_latin_in_a_russian_file() -> None:
    for word, alphabet in (("\u0420\u0410\u0421\u041a\u0415D", "Latin"), ("\u0441\u0435\u0439\u0447\u0430c", "Cyrillic")):
        mixed = [finding for finding in findings(f"# language: ru\n# {word}\n") if finding.startswith("mixed-script")]
        assert [f"on a {alphabet} keyboard" in finding for finding in mixed] == [True]


@pytest.mark.parametrize(
    ("left", "right"), [("\u00ab", "\u00bb"), ("\u2039", "\u203a"), ("\u300a", "\u300b"), ("\u27e8", "\u27e9"), ("\u00ab", ">")]
)
def test_a_placeholder_in_other_brackets_is_to_be_typed_with_angle_brackets(left: str, right: str) -> None:
    text = outline("|stage|\n|PACKED|", f"Given the order is {left}stage{right}", *CHECK)
    assert any("type `<`" in finding for finding in findings(text)), findings(text)


COLONS = "\u2236\ua789\u02d0\ufe13\ufe55\uff1a\u0589\u05c3\u0703\u0704\u16ec\u205a\u1804"


@pytest.mark.parametrize("colon", [*COLONS, "\u200b:", "\u00ad:", "\u200b\u2236"], ids=ascii)
@pytest.mark.parametrize("keyword", ["Feature", "Rule", "Background", "Scenario", "Examples"])
def test_a_title_with_a_colon_that_looks_like_one_or_follows_something_invisible_is_misspelt(keyword: str, colon: str) -> None:
    text = outline("|stage|\n|PACKED|", *STAGED)
    text = (
        text.replace(f"{keyword}:", f"{keyword}{colon}")
        if keyword in ("Feature", "Examples")
        else text.replace("Feature: F", f"Feature: F\n\n  {keyword}{colon} r\n")
    )
    reported = [finding for finding in findings(text) if finding.startswith("misspelt-keyword")]
    assert any(f"resembles the keyword `{keyword}:`" in finding for finding in reported), findings(text)
    assert not any("`Scenarios:`" in finding for finding in reported)
