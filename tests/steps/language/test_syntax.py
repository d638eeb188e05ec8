"""The parser's errors in words: languages by any code, keywords of another language, a second feature."""

import itertools
from contextlib import suppress

import pytest
from gherkin.dialect import DIALECTS
from gherkin.errors import ParserError
from gherkin.parser import Parser
from gherkin.token_matcher import TokenMatcher
from gherkin.token_scanner import TokenScanner

from steps.language.parser import parse
from steps.language.syntax import is_feature_title, language_code, language_of, syntax_findings


def findings(text: str) -> list[str]:
    return [f"{finding.line}: {finding.message}; {finding.remedy}" for finding in syntax_findings(parse(text), "x", text.split("\n"))]


COUNTRIES = {
    "gr": "el", "jp": "ja", "cn": "zh-CN", "tw": "zh-TW", "kr": "ko", "ua": "uk", "cz": "cs", "dk": "da", "se": "sv", "br": "pt", "in": "hi", "at": "de",
    "us": "en", "gb": "en", "mx": "es", "vn": "vi", "ir": "fa", "il": "he", "ee": "et", "rs": "sr-Cyrl", "by": "be", "ge": "ka", "np": "ne", "pk": "ur",
    "my": "bm", "mk": "mk-Cyrl",
}  # fmt: skip
OTHER_CODES = {
    "en-US": "en", "en_GB": "en", "EN": "en", "pt-BR": "pt", "pt_br": "pt", "de-DE": "de", "hi-IN": "hi", "fr-CA": "fr", "zh": "zh-CN", "zh-Hans": "zh-CN",
    "zh-Hant": "zh-TW", "zh_TW": "zh-TW", "sr": "sr-Cyrl", "nb": "no", "nn": "no", "iw": "he", "ms": "bm", "hy": "am", "gu": "gj", "cy": "cy-GB", "lb": "lu",
    "eng": "en", "deu": "de", "ger": "de", "fra": "fr", "fre": "fr", "spa": "es", "esp": "es", "por": "pt", "ita": "it", "rus": "ru", "hin": "hi", "tam": "ta",
    "tel": "te", "kan": "kn", "mar": "mr", "mal": "ml", "pan": "pa", "jpn": "ja", "zho": "zh-CN", "ell": "el", "nld": "nl", "usa": "en", "sp": "es", "frr": "fr",
    "English": "en", "english": "en", "German": "de", "Deutsch": "de", "hindi": "hi", "Greek": "el", "francais": "fr", "Chinese": "zh-CN", "englisch": "en",
}  # fmt: skip


@pytest.mark.parametrize(("code", "right"), (COUNTRIES | OTHER_CODES).items())
def test_a_wrong_language_code_is_refused_with_the_right_one(code: str, right: str) -> None:
    name = DIALECTS[right]["name"]  # type: ignore[typeddict-item]

    (finding,) = findings(f"# language: {code}\nFeature: F\n")
    assert finding == f"1: language `{code}` is not known; did you mean `# language: {right}` ({name})?"


@pytest.mark.parametrize("code", DIALECTS)
def test_every_language_has_its_own_code_and_names(code: str) -> None:
    dialect = DIALECTS[code]

    assert language_code(code) == language_code(code.upper()) == code
    assert language_code(dialect["name"]) == code  # type: ignore[typeddict-item]
    assert findings(f"# language: {code}\n{dialect['feature'][0]}: F\n") == []


@pytest.mark.parametrize("code", ["xx", "q", "zz-ZZ", "bn", "klmno"])
def test_a_code_that_resembles_nothing_is_not_guessed(code: str) -> None:
    assert findings(f"# language: {code}\n") == [
        f"1: language `{code}` is not known; write the code of a language that Gherkin has, such as `# language: en`"
    ]


def test_a_keyword_of_another_language_is_named() -> None:
    german = "Funktionalität: F\n\n  Szenario: S\n    Angenommen x\n"

    (finding,) = findings(german)
    assert finding.startswith("1: `Funktionalität:` is German, and the language of this file is English (`en`); ")
    assert finding.endswith("; write `Feature:`, or make the first line `# language: de`")
    assert findings(f"# language: de # German\n{german}")[0].startswith("2: `Funktionalität:` is German, ")
    assert findings(f"# language: de\n{german}") == []
    assert findings("Feature: F\n\n  Scenario: S\n    Given x\n\n  Szenario: T\n")[0].startswith("6: `Szenario:` is German, ")


@pytest.mark.parametrize("keyword", ["Feature", "Business Need", "Ability", "Funktionalität", "機能"])
def test_a_second_feature_needs_a_file_of_its_own(keyword: str) -> None:
    text = f"Feature: F\n\n  Scenario: S\n    Given x\n\n{keyword}: G\n\n  Scenario: T\n    Given x\n"

    assert findings(text) == [
        f"6: `{keyword}: G` is a second feature, and a file has one; put it, and what is below it, into a file of its own"
    ]
    assert is_feature_title(f"  {keyword}: G")
    assert not is_feature_title(keyword)


def test_the_language_is_read_from_the_top() -> None:
    assert language_of("# c\n\n  # language : de \nFunktionalität: F") == "de"
    assert language_of("Feature: F\n# language: de") == language_of("") == "en"


def language_by_gherkin(text: str) -> str:
    matcher = TokenMatcher()
    with suppress(ParserError):
        Parser().parse(TokenScanner(text), matcher)
    return matcher.dialect_name


LINES = [
    "# language: de",
    "  # language : fr\t",
    "#language:ja",
    "# Language: de",
    "# language: de x",
    "# c",
    "",
    "@t",
    "Feature: F",
    "Ability: F",
    "Funktion: F",
    "x",
]


def test_the_language_is_the_one_that_gherkin_reads() -> None:
    for lines in itertools.product(LINES, repeat=3):
        text = "\n".join([*lines, "Feature: F", "# language: de", ""])
        assert language_of(text) == language_by_gherkin(text), text


@pytest.mark.parametrize(
    ("written", "code"),
    [("fil", None), ("irl", None), ("sanskrit", None), ("sa", None), ("sr-latin", "sr-Latn"), ("sr-LATN", "sr-Latn"), ("gr", "el"),
     ("fil-PH", None), ("englsh", "en"), ("Deutsch", "de"), ("xyz", None),
     ("am-ET", "amh"), ("am", "am"), ("am-AM", "am"), ("hy-AM", "am"), ("si-LK", None), ("si", "sl"), ("sl-SI", "sl"), ("si-SI", "sl"),
     ("sr-Latn-RS", "sr-Latn"), ("sr-Cyrl-RS", "sr-Cyrl"), ("sr-RS", "sr-Cyrl"), ("mk-Latn-MK", "mk-Latn"), ("zh-Hant-TW", "zh-TW"),
     ("zh-Hans-CN", "zh-CN"), ("zh_Hant_HK", "zh-TW"), ("in-ID", "id"), ("in", "hi"), ("co-FR", None), ("my-MM", None), ("br-FR", None), ("pt-BR", "pt"),
     ("हिन्दी", "hi"), ("русский", "ru"), ("türkçe", "tr"), ("Ελληνικά", "el"), ("中文", "zh-CN")],
)  # fmt: skip
def test_only_a_language_that_is_meant_is_suggested(written: str, code: str | None) -> None:
    assert language_code(written) == code
