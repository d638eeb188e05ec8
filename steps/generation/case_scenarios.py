"""Scenarios of cases and returned units with the engine's answers: the lines of one for each set with the same answer, and its name."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import product

from sop_engine.boxes import Box, boxes
from sop_engine.case import FACT_TYPES, FACTS
from sop_engine.decision import Answer, Decision, Reading
from sop_engine.returns import ReturnDecision
from steps.generation.answer_steps import ThenStep, all_steps, answer_in_few_words
from steps.generation.proposals import FEATURE_WORDS, GIVENS

CaseOrUnit = tuple[str, tuple[str, ...]]
"""Subject and values."""
Answers = Mapping[CaseOrUnit, Answer]
AS_WRITTEN, TAKEN_AS_WRITTEN = "@as-written", "the SOP is taken as written"
"""The tag of a scenario about an answer as written, and its first Given."""
HANDLES = "the client handles the returned unit"
FACT_COLUMNS = {"canceller": "canceller", "scope": "scope", "invoicing": "invoicing", "stage": "stage", "e_invoice": "e-invoice"}


def is_return(answers: Answers) -> bool:
    """Return whether *answers* are about returned units."""
    return any(isinstance(answer, ReturnDecision) for answer in answers.values())


def name_of(answers: Answers) -> str:
    """Return the name of a scenario that says which cases, or which returned units, have which answer."""
    in_words = answer_in_few_words(dict.fromkeys(answers.values()))
    if is_return(answers):
        checks = " or ".join(dict.fromkeys(values[0] for _, values in answers))
        return f"A returned unit whose quality check is {checks}: {in_words}"
    words = {name: [*dict.fromkeys(values[place] for _, values in answers)] for place, name in enumerate(FACTS)}
    who = " or ".join(FEATURE_WORDS.get(word, word) for word in words["canceller"])
    what = " or ".join(FEATURE_WORDS.get(word, word) for word in words["scope"])
    rest = [
        f"{'e-invoice ' if name == 'e_invoice' else ''}{' or '.join(words[name])}"
        for name in ("invoicing", "stage", "e_invoice")
        if len(words[name]) < len(FACT_TYPES[name])
    ]
    sentence = f"{'as written, ' if _is_as_written(answers.values()) else ''}{who} cancels {what}"
    return f"{sentence[0].upper()}{sentence[1:]} ({', '.join(rest) or 'any order'}): {in_words}"


def scenarios_of(answers: Answers, background: set[str], inherited: Sequence[str], unique: Callable[[str], str]) -> Iterator[list[str]]:
    """Yield the lines of a scenario, or an outline, for each set of cases or returned units with the same answer.

    Args:
        answers: the cases or returned units with their answers.
        background: the steps that run before those of every scenario.
        inherited: the tags of the Rule and the Feature.
        unique: returns a name that no other scenario of the feature has.
    """
    if is_return(answers):
        for key, answer in answers.items():
            own, given = {key: answer}, f"a returned unit whose quality check is {key[1][0]}"
            yield _scenario_lines_of(unique(name_of(own)), [given], HANDLES, all_steps(answer), _tags(own, inherited))
        return
    for box, covered in boxes_with_one_answer(answers):
        yield _case_lines(box, unique(name_of(covered)), covered, background, inherited)


def boxes_with_one_answer(answers: Answers) -> Iterator[tuple[Box, Answers]]:
    """Yield the cases of *answers* as boxes whose cases have the same Then steps, each with its answers."""
    groups: dict[tuple[ThenStep, ...], list[CaseOrUnit]] = {}
    for key, answer in answers.items():
        groups.setdefault(all_steps(answer), []).append(key)
    for members in groups.values():
        for box in boxes([values for _, values in members], FACT_TYPES):
            yield box, {key: answers[key] for key in members if _is_in(box, key[1])}


def _case_lines(box: Box, name: str, answers: Answers, background: set[str], inherited: Sequence[str]) -> list[str]:
    """Return the lines of a scenario about the cases of *box*, which have one of *answers*: an outline if a fact has several, but not all, words."""
    steps = all_steps(next(iter(answers.values())))
    several = [fact for fact in FACTS if 1 < len(box[fact]) < len(FACT_TYPES[fact])]
    words = {fact: f"<{FACT_COLUMNS[fact]}>" if fact in several else FEATURE_WORDS.get(box[fact][0], box[fact][0]) for fact in FACTS}
    givens = [TAKEN_AS_WRITTEN] if _is_as_written(answers.values()) else []
    givens += [f"{GIVENS[fact]} {words[fact]}" for fact in GIVENS if len(box[fact]) < len(FACT_TYPES[fact])]
    canceller = words["canceller"] if len(box["canceller"]) == 1 else "the seller or Ajio"
    scope = words["scope"] if len(box["scope"]) == 1 else "the full order or part of the order"
    stated = [given for given in givens if given not in background]
    keyword, tags = "Scenario Outline" if several else "Scenario", _tags(answers, inherited)
    lines = _scenario_lines_of(name, stated, f"{canceller} cancels {scope}", steps, tags, keyword)
    if several:
        rows = product(*((FEATURE_WORDS.get(word, word) for word in box[fact]) for fact in several))
        table = [[FACT_COLUMNS[fact] for fact in several], *rows]
        lines += ["", "  Examples: The cases with this answer", *(f"    | {' | '.join(row)} |" for row in table)]
    return lines


def _scenario_lines_of(  # noqa: PLR0913 (the parts of a scenario)
    name: str, givens: Sequence[str], when: str, steps: Sequence[ThenStep], tags: Sequence[str], keyword: str = "Scenario"
) -> list[str]:
    lines = [*([" ".join(tags)] if tags else []), f"{keyword}: {name}"]
    lines += [f"  {'And' if place else 'Given'} {given}" for place, given in enumerate(givens)]
    lines.append(f"  When {when}")
    for place, step in enumerate(steps):
        first, *table = step.lines("And" if place else "Then")
        lines += [f"  {first}", *(f"    {row}" for row in table)]
    return lines


def _tags(answers: Answers, inherited: Sequence[str]) -> list[str]:
    """Return the clauses that *answers* cite as tags, without those that are inherited."""
    clauses = dict.fromkeys(clause for answer in answers.values() for clause in answer.clauses)
    tags = [*([AS_WRITTEN] if _is_as_written(answers.values()) else []), *(f"@{clause}" for clause in clauses)]
    return [tag for tag in tags if tag not in inherited]


def _is_as_written(answers: Iterable[Answer]) -> bool:
    """Return whether *answers* are those of the clauses alone."""
    return any(isinstance(answer, Decision) and answer.reading is Reading.AS_WRITTEN for answer in answers)


def _is_in(box: Box, values: tuple[str, ...]) -> bool:
    return all(value in box[fact] for fact, value in zip(FACTS, values, strict=True))
