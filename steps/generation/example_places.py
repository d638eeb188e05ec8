"""Places for the example of a case: the Rules of the feature files to which it can be added, the best first, and the text with it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from sop_engine import Decision, PossibleCase, Reading, load_rulebook
from sop_engine.case import FACT_TYPES, FACTS
from sop_engine.engine import Engine
from sop_engine.errors import SopError
from sop_engine.ids import is_gap
from sop_engine.possible_cases import CaseWords
from sop_engine.reader import read_rulebook
from sop_engine.text import quoted
from sop_engine.versions import CLAUSES, GAPS, content_of, find_version
from sop_runs.record.schema import Background, FeatureDocument, WrittenRule, WrittenScenario
from sop_runs.record.version_tags import applies
from steps.generation.answer_steps import all_steps
from steps.generation.case_scenarios import AS_WRITTEN, TAKEN_AS_WRITTEN, scenarios_of
from steps.generation.feature_text import FeatureText
from steps.generation.proposals import FEATURE_WORDS, GIVENS
from steps.generation.version_copies import sides_of
from steps.language.formatter import FormattingError, format_text
from steps.lint.checked_file import CheckedFile, MatchedExample
from steps.lint.fitting_tags import is_taken_as_written, stated_facts


class InsertionError(SopError):
    """A Rule that a file does not have, or that an example cannot be added to."""


@dataclass(frozen=True, slots=True)
class ExamplePlace:
    """A Rule of a feature file, or a feature without Rules.

    Attributes:
        path: the file, below the folder of the features.
        line: line of the Rule, or of the Feature.
        feature: name of the feature.
        rule: name of the Rule; empty for a feature without Rules.
        own, inherited: the tags of the Rule, and those of the Feature.
        background: the steps that run before those of its scenarios.
        last: line of its last scenario, after which an example is added.
    """

    path: str
    line: int
    feature: str
    rule: str
    own: tuple[str, ...]
    inherited: tuple[str, ...]
    background: frozenset[str]
    last: int


@dataclass(frozen=True, slots=True)
class AddedExample:
    """A feature file with an example: the whole text, the lines of the example, and the first of them."""

    text: str
    scenario: str
    first: int
    last: int


def cases_of(matched: MatchedExample, reading: Reading) -> frozenset[CaseWords]:
    """Return the cases that *matched* is about in *reading*: those that its facts allow, or those of the requests of its Whens."""
    facts = stated_facts(matched)
    if "scope" in facts:
        words = [facts.get(name, frozenset(map(str, FACT_TYPES[name]))) for name in FACTS]
        return frozenset(product(*words)) if is_taken_as_written(matched) is (reading is Reading.AS_WRITTEN) else frozenset()
    orders, cases, before = matched.life.orders, set(), 0
    for number in sorted(orders) if reading is Reading.AS_PRACTISED else ():
        requests = orders[number].cancellations
        if matched.example.steps[number].kind == "when":
            cases |= {request.decision.case.key for request in requests[before:]}
        before = len(requests)
    return frozenset(cases)


def places(files: Iterable[CheckedFile], decisions: Sequence[Decision], possible: PossibleCase) -> list[ExamplePlace]:
    """Return the places of *files* for an example of *possible*, answered by *decisions*; the best is the first.

    A place fits better the more of its tags the answer cites, and the less the cases of its other examples differ.
    """
    reading = decisions[0].reading
    given = _givens(possible, reading)
    cited = {f"@{identifier}" for decision in decisions for identifier in (*decision.clauses, *decision.gaps, *decision.notes)}
    cited |= {
        f"@{section.id}" for section in load_rulebook().sections if all(section.facts.covers(other.case.facts) for other in decisions)
    }
    scored = [
        ((-_score(place, cited), _distance(file, place, possible, reading)), place)
        for file in files
        if any("scope" in stated_facts(matched) for matched in file.matched)
        for place in _places_in(file)
        if place.background <= given and (AS_WRITTEN not in (*place.own, *place.inherited) or reading is Reading.AS_WRITTEN)
    ]
    return [place for _, place in sorted(scored, key=lambda pair: pair[0])]


def with_example(  # noqa: PLR0913 (what an example is made of)
    text: str, document: FeatureDocument, place: ExamplePlace, decisions: Sequence[Decision], unique: Callable[[str], str], name: str = ""
) -> AddedExample:
    """Return *text*, the feature file of *document*, with an example of *decisions* at *place*; formatted if it was.

    Args:
        text: the file; it may have changed since *place* was computed: the Rule is found by its name.
        document: what *text* says.
        place: the Rule.
        decisions: the answers to the cases.
        unique: returns a name that no scenario of the specification has.
        name: the name of the scenario, instead of one that says case and answer; only for one scenario.

    Raises:
        InsertionError: the text no longer has the Rule, or the cases have different answers.
    """
    candidates = [other for other in _places_of(place.path, document) if (other.rule, other.feature) == (place.rule, place.feature)]
    if not candidates:
        what = f"the Rule {quoted(place.rule)}" if place.rule else f"a scenario in the Feature {quoted(place.feature)}"
        raise InsertionError(f"`{place.path}` no longer has {what}; choose another place")
    here = min(candidates, key=lambda other: abs(other.line - place.line))
    edit = FeatureText(text, document)
    block = _block(here, decisions, name, lambda wanted: unique(edit.unique(wanted)))
    end = edit.end_of(here.last)
    edit.replace(end, end, ["", *block, ""], like=here.last)
    new = edit.new_text()
    new = format_text(new, place.path) if _is_formatted(text, place.path) else new
    lines = FeatureText(new, document).lines
    filled = [number for number, line in enumerate(lines, 1) if line.strip()]
    before = sum(bool(line.strip()) for line in edit.lines[: end - 1])
    first, last = filled[before], filled[before + sum(map(bool, block)) - 1]
    return AddedExample(new, "\n".join(lines[first - 1 : last]), first, last)


def with_first_example(  # noqa: PLR0913 (as with_example)
    text: str, document: FeatureDocument, path: str, decisions: Sequence[Decision], unique: Callable[[str], str], name: str = ""
) -> str:
    """Return *text*, a new feature file of *document* that ends with an empty scenario, with an example of *decisions* in the place of that one.

    The other arguments and the errors are those of `with_example`.
    """
    place = next(_places_of(path, document), None)
    if place is None:
        raise InsertionError(f"`{path}` has no scenario that an example could replace; begin the new file again")
    around = ["Feature: F", "", *(["  Rule: R", ""] if place.line != document.line else [])]
    block = _block(place, decisions, name, unique)
    laid_out = format_text("\n".join([*around, *block, ""]), path).splitlines()[len(around) :]
    end = "\r\n" if "\r\n" in text else "\n"
    return end.join([*text.splitlines()[: place.last - 1], *laid_out, ""])


def _block(place: ExamplePlace, decisions: Sequence[Decision], name: str, unique: Callable[[str], str]) -> list[str]:
    """Return the lines of the example of *decisions* at *place*, called *name*, or else as `unique` makes of what it says.

    Raises:
        InsertionError: the cases have different answers.
    """
    answers, tags = {("case", decision.case.key): decision for decision in decisions}, (*place.own, *place.inherited)
    named = (lambda _: " ".join(name.split())) if name else unique
    blocks = [*scenarios_of(answers, set(place.background), tags, named)]
    if len(blocks) > 1:
        raise InsertionError(f"these cases have {len(blocks)} different answers, each with an example of its own; state another fact first")
    version_tags = " ".join(_version_tags(tags, decisions))
    if version_tags:
        blocks[0][:1] = [f"{version_tags} {blocks[0][0]}"] if blocks[0][0].startswith("@") else [version_tags, blocks[0][0]]
    return blocks[0]


def _givens(possible: PossibleCase, reading: Reading) -> set[str]:
    """Return the Givens that are true of every case of *possible*."""
    facts = possible.facts
    stated = {f"{GIVENS[fact]} {FEATURE_WORDS.get(facts[fact][0], facts[fact][0])}" for fact in GIVENS if len(facts[fact]) == 1}
    return stated | ({TAKEN_AS_WRITTEN} if reading is Reading.AS_WRITTEN else set())


def _places_in(file: CheckedFile) -> Iterator[ExamplePlace]:
    """Yield the places of *file* whose tags stand in the version of the rulebook."""
    document, book = file.source.document, load_rulebook()
    if document is not None:
        places_of = _places_of(file.source.path, document.recorded)
        yield from (place for place in places_of if applies((*place.own, *place.inherited), book.name, book.follows))


def _places_of(path: str, document: FeatureDocument) -> Iterator[ExamplePlace]:
    direct = [child for child in document.children if isinstance(child, WrittenScenario)]
    steps = _steps_of(document.background)
    if direct:
        yield ExamplePlace(path, document.line, document.name, "", (), (*document.tags,), frozenset(steps), direct[-1].line)
    for rule in document.children:
        if isinstance(rule, WrittenRule) and rule.children:
            background = frozenset((*steps, *_steps_of(rule.background)))
            yield ExamplePlace(
                path, rule.line, document.name, rule.name, (*rule.tags,), (*document.tags,), background, rule.children[-1].line
            )


def _steps_of(background: Background | None) -> list[str]:
    return [step.text for step in background.steps] if background is not None else []


def _score(place: ExamplePlace, cited: set[str]) -> int:
    """Return how well the tags of *place* fit an answer that cites *cited*; a gap counts most, and a tag that is not cited against it."""
    tags = (*place.own, *place.inherited)
    hits = sum(3 if is_gap(tag[1:]) else 1 for tag in tags if tag in cited)
    return hits - 2 * sum(tag not in cited for tag in tags if tag != AS_WRITTEN)


def _distance(file: CheckedFile, place: ExamplePlace, possible: PossibleCase, reading: Reading) -> int:
    """Return in how many facts *possible* differs from the nearest example at *place*."""
    end = min((line for line in _starts(file) if line > place.last), default=None)
    near = (matched for matched in file.matched if place.line < matched.example.line and (end is None or matched.example.line < end))
    own, distances = possible.facts, [len(FACTS) + 1]
    for matched in near:
        facts = stated_facts(matched)
        if "scope" in facts:
            differing = sum(bool(facts.get(name)) and facts[name].isdisjoint(own[name]) for name in FACTS)
            distances.append(differing + (is_taken_as_written(matched) is not (reading is Reading.AS_WRITTEN)))
    return min(distances)


def _starts(file: CheckedFile) -> list[int]:
    document = file.source.document
    return [child.line for child in document.recorded.children if isinstance(child, WrittenRule)] if document else []


def _version_tags(tags: Sequence[str], decisions: Sequence[Decision]) -> list[str]:
    """Return the tags with which an example below *tags* leaves out the other versions of the document, where these answer otherwise."""
    return [
        side.opposite
        for side in sides_of(load_rulebook())
        if any(applies(tags, name, follows) and _answers_otherwise(name, decisions) for name, follows in side.versions)
    ]


def _answers_otherwise(version: str, decisions: Sequence[Decision]) -> bool:
    folder = find_version(version)
    engine = _engine_of(version, content_of(folder / CLAUSES), content_of(folder / GAPS))
    return any(all_steps(engine.decide(decision.case, decision.reading)) != all_steps(decision) for decision in decisions)


@lru_cache(maxsize=8)
def _engine_of(version: str, *_contents: bytes) -> Engine:
    """Return the engine of the rulebook *version*; kept as long as the contents of its registers stay the same."""
    return Engine.of(read_rulebook(find_version(version)))


def _is_formatted(text: str, path: str) -> bool:
    try:
        return format_text(text, path) == text
    except FormattingError:
        return False
