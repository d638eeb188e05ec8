"""No sentence is parsed back into a fact: what a program has to know is carried as a value and worded at the edge."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("orders", "reports", "simulator", "sop_cli", "sop_engine", "sop_runs", "steps")
TAKES_APART = {
    "partition", "rpartition", "split", "rsplit", "replace", "startswith", "endswith", "removeprefix", "removesuffix", "find", "rfind", "index",
}  # fmt: skip
MATCHES = {"compile", "fullmatch", "match", "search", "sub", "split", "findall", "finditer"}
SENTENCES = {"detail", "error", "message", "reason", "reasons", "remedy", "sentence", "summary", "told"}
"""Names under which sentences are known."""
SEPARATORS = {": ", "; ", ", ", " ("}
WORDS = re.compile(r"[A-Za-z]{2,}[,:]? [`'(<\[]?[(A-Za-z]")

ABOUT_STEP_SENTENCES = {"steps/generation/aligned_features.py", "steps/generation/new_steps.py", "steps/generation/answer_steps.py"}
"""Modules that replace steps of feature files by others: the step sentences are what they are about."""

ALLOWED = {
    ("sop_engine/register/rulings.py", "statement.replace('need not ', 'need-not ', 1)"): "what a person writes after --decides",
    ("sop_runs/record/start_hooks.py", "line.removeprefix('ï»¿').startswith(('import ', 'import\\t'))"): "a line of code in a `.pth` file",
    ("sop_engine/chosen_readings.py", "re.compile('\\\\blike (\\\\w+)')"): "`chosen` is an analyst's text, compared with the rulings",
    ("sop_engine/chosen_readings.py", "re.compile('\\\\bno (?:\\\\w+ )?(?:action|step|task)s?\\\\b|\\\\bnothing (?:\\\\w+ )?(?:to do|is due)\\\\b', re.IGNORECASE)"): "`chosen` is an analyst's text, compared with the rulings",
    ("sop_engine/chosen_readings.py", "re.compile('\\\\bstays? open\\\\b|\\\\bunsettled\\\\b|\\\\bnot settled\\\\b|\\\\bleft open\\\\b', re.IGNORECASE)"): "`chosen` is an analyst's text, compared with the rulings",
    ("sop_engine/chosen_readings.py", "re.search('\\\\boffline claim\\\\b', part)"): "`chosen` is an analyst's text, compared with the rulings",
    ("sop_runs/record/reader.py", "visible(str(error)).partition(' - at `$')"): "msgspec gives place and kinds in its text alone",
    ("sop_runs/record/reader.py", "reason.startswith('Object missing required field')"): "msgspec, as above",
    ("sop_runs/record/reader.py", "reason.rpartition(' ')"): "msgspec, as above",
    ("sop_runs/record/reader.py", "re.compile('Expected `(?P<wanted>[^`]*)`, got `(?P<given>[^`]*)`')"): "msgspec, as above",
    ("steps/contract/strict_json.py", "'got `float`' not in str(error)"): "msgspec, as above",
    ("steps/driver/mismatches.py", "re.compile(': expected `(?P<kind>\\\\w+)` of length <= (?P<most>[0-9]+)$')"): "msgspec, as above",
    ("sop_cli/serve/bodies.py", "reason.startswith(beginning)"): "msgspec, as above",
    ("sop_cli/serve/bodies.py", "re.compile('(?s)Object (?:contains unknown|missing required) field `(?P<key>.*)`')"): "msgspec, as above",
    ("steps/driver/mismatches.py", "re.compile('JSON is malformed: (?P<reason>.*) \\\\(byte (?P<byte>\\\\d+)\\\\)')"): "msgspec, as above",
    ("orders/log/export/ocel_reader.py", "str(sql).upper().startswith('CREATE VIRTUAL')"): "SQL of the schema, which SQLite gives as text alone",
    ("steps/lint/prose/step_words.py", "' and ' in candidate"): "prose of an analyst, divided into two sentences",
    ("steps/lint/characters.py", "re.compile('LATIN (CAPITAL|SMALL) LETTER (?:DOTLESS )?([A-Z])(?: WITH .+)?')"): "names of Unicode's own characters",
    ("simulator/search/goals.py", "entry.name.rpartition(', ')"): "the name of a measure ends in its unit, which the catalogue defines",
    ("sop_runs/change/change_text.py", "line.strip().removeprefix('And ')"): "the same step below another one begins with another keyword",
    ("sop_cli/snapshots.py", "(error.stderr.decode(errors='replace').strip().splitlines() or ['failed'])[-1].removeprefix('fatal: ')"): "git gives its reason in its text alone",
    ("sop_cli/called_as.py", "re.compile('(?<![\\\\w./-])sop (?=[a-z]|-)')"): "a hint names the command as it was called; no fact is read",
    ("steps/language/syntax.py", "str(error).partition('): ')"): "gherkin gives what it expected in its text alone",
    ("steps/language/syntax.py", "str(error).rpartition(': ')"): "gherkin, as above",
    ("steps/language/syntax.py", "'inconsistent cell count' in text"): "gherkin, as above",
    ("steps/language/syntax.py", "text.rpartition('expected: ')"): "gherkin, as above",
    ("steps/language/syntax.py", "text.rpartition('expected: ')[2].split(', ')"): "gherkin, as above",
    ("steps/language/syntax.py", "expected[1].split(', ')"): "gherkin, as above",
    ("steps/language/syntax.py", """re.compile("expected: (.*?), got '(.*)'$", re.DOTALL)"""): "gherkin, as above",
    ("steps/run/pytest_html.py", "line.startswith('No log output')"): "the page of pytest-html, which is rewritten as text",
    ("steps/run/pytest_html.py", """page.replace(' onclick="location.reload()"', '')"""): "pytest-html, as above",
    (
        "steps/run/pytest_html.py",
        """page.replace('<html>', '<html lang="en">', 1).replace('<meta charset="utf-8"/>', head, 1)""",
    ): "pytest-html, as above",
    ("simulator/typed_json.py", "reason.replace(type_name, words)"): "msgspec, as above",
    ("reports/svg/interval_chart.py", "f'{bar.name}: {bar.text}'.removeprefix(': ')"): "a bar without a name needs no colon",
    ("steps/run/time_limit.py", """re.compile('^  File "(.*)", line (\\\\d+) in ', re.MULTILINE)"""): "the trace of a Python that was stopped",
    ("steps/support/vocabulary.py", "text.split(', ')"): "a sentence of a feature file",
    ("steps/editing/step_fixes.py", "sentence.partition(' ')"): "a step sentence, by its words",
    ("steps/support/idle_facts.py", "'cancel' in other.sentence"): "a step sentence, by its words",
    ("steps/support/idle_facts.py", "other.sentence.startswith('an order of {units}')"): "a step sentence, by its words",
    ("sop_runs/engine_answers.py", "facet.removeprefix('source of the ')"): "the name of a facet, not a sentence",
    ("steps/lint/characters.py", "re.compile('LEFT(-POINTING)? (.*ANGLE (BRACKET|QUOTATION MARK)|ARROWHEAD)')"): "the Unicode name of a character",
    ("steps/lint/characters.py", "re.compile('RIGHT(-POINTING)? (.*ANGLE (BRACKET|QUOTATION MARK)|ARROWHEAD)')"): "the Unicode name of a character",
    ("steps/lint/characters.py", "re.compile('\\\\bGERSHAYIM$|DOUBLE .*(QUOTATION MARK|COMMA ORNAMENT)')"): "the Unicode name of a character",
    ("steps/lint/characters.py", "re.compile('\\\\b(HYPHEN|DASH|MINUS SIGN|MAQAF|MACRON|HORIZONTAL LINE EXTENSION|SHORT HORIZONTAL STROKE|BOX DRAWINGS (LIGHT|HEAVY) HORIZONTAL)$')"): "the Unicode name of a character",
    ("steps/lint/characters.py", "re.compile('\\\\b(RATIO|COLON|SOF PASUQ|TWO DOT PUNCTUATION)$|^(ARMENIAN FULL STOP|RUNIC MULTIPLE PUNCTUATION)$')"): "the Unicode name of a character",
    ("steps/lint/characters.py", "re.compile('APOSTROPHE|\\\\b(GERESH|SALTILLO|PRIME|LETTER (LEFT|RIGHT) HALF RING|(ACUTE|GRAVE) ACCENT|SHORT-TWIG-SOL S)$|^GREEK (TONOS|KORONIS|PSILI|DASIA|OXIA|VARIA)$|SINGLE .*(QUOTATION MARK|COMMA ORNAMENT|TURNED COMMA)')"): "the Unicode name of a character",
    ("sop_engine/text.py", "re.sub('\\\\be invoice', 'e-invoice', name.replace('_', ' '))"): "the name of a file, by its words",
    ("steps/lint/characters.py", "' WITH ' not in name"): "the Unicode name of a character",
}  # fmt: skip
"""What is taken apart with good reason: texts that people or other programs wrote."""


def takings(file: Path) -> Iterator[str]:
    """The places of *file* that take a sentence apart, each as its source."""
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            called, first = node.func, node.args[0]
            regular = isinstance(called.value, ast.Name) and called.value.id == "re" and called.attr in MATCHES
            worded = any(map(WORDS.search, texts(first))) if regular else called.attr in TAKES_APART and takes_words(called.value, first)
            if worded:
                yield ast.unparse(node)
        elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn):
            if any(map(is_worded, texts(node.left))) or (texts(node.left) and is_sentence(node.comparators[0])):
                yield ast.unparse(node)
        elif isinstance(node, ast.Name) and node.id == "ELSEWHERE":
            yield node.id


def takes_words(value: ast.expr, at: ast.expr) -> bool:
    """Whether a text is taken apart at words, or a sentence at anything but the ends of its lines."""
    return any(map(is_worded, texts(at))) or (is_sentence(value) and texts(at) != ["\n"])


def texts(node: ast.expr) -> list[str]:
    """The literal texts of an argument."""
    parts = node.elts if isinstance(node, ast.Tuple) else [node]
    return [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]


def is_worded(text: str) -> bool:
    """Whether *text* is a piece of a sentence, or what stands between two of its parts."""
    return text in SEPARATORS or bool(WORDS.search(text)) or (text != text.strip() and any(map(str.isalpha, text)))


def is_sentence(node: ast.expr) -> bool:
    """Whether a value is known as a sentence, or is the text of an error."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "str":
        return bool(node.args) and is_sentence(node.args[0])
    return (isinstance(node, ast.Attribute) and node.attr in SENTENCES) or (isinstance(node, ast.Name) and node.id in SENTENCES)


def places_found() -> set[tuple[str, str]]:
    """Every place in the product: module and source."""
    return {
        (file.relative_to(ROOT).as_posix(), taken)
        for package in PACKAGES
        for file in (ROOT / package).rglob("*.py")
        for taken in takings(file)
    }


def test_no_sentence_is_parsed_back_into_a_fact() -> None:
    assert {(module, source) for module, source in places_found() - ALLOWED.keys() if module not in ABOUT_STEP_SENTENCES} == set()


def test_what_is_allowed_is_there() -> None:
    assert ALLOWED.keys() - places_found() == set()


@pytest.mark.parametrize(
    "source",
    [
        "ELSEWHERE",
        "message.partition(': expected ')",
        "problem.message.rpartition(': ')",
        "reason.replace('during the run', 'since the run began')",
        "[r for r in reasons if 'did not pass' in r]",
        "'failed' in reason",
        "told.startswith('it is ')",
        "finding.message.endswith('here')",
        "str(error).rpartition('; name a folder')",
        "'late' in row.detail",
        "re.search('expected (.*), got (.*)', text)",
        "x.startswith(('it is dispatched', 'it is packed'))",
    ],
)
def test_the_search_finds_each_manner(source: str, tmp_path: Path) -> None:
    (tmp_path / "x.py").write_text(source, encoding="utf-8")

    assert list(takings(tmp_path / "x.py"))


@pytest.mark.parametrize(
    "source", ["path.partition('/')", "name.startswith('@')", "'x' in names", "text.split('\\n')", "re.compile('[a-z]+')"]
)
def test_the_search_lets_names_and_paths_be(source: str, tmp_path: Path) -> None:
    (tmp_path / "x.py").write_text(source, encoding="utf-8")

    assert list(takings(tmp_path / "x.py")) == []
