"""Chosen readings: whether the words of `chosen` say what the resolution of their gap decides.

The text is split at commas, colons, semicolons and full stops. In each part the outcomes and tasks are recognised, also negated, and
compared with the answers as practised to the gap's cases. A part that names a value of a fact is compared with those cases only:
``report if posted``.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sop_engine.case import FACT_TYPES
from sop_engine.decision import Answer, Modality, Outcome
from sop_engine.evaluation import Facts
from sop_engine.statement import CASE, RETURN, VERDICT, Gap
from sop_engine.tasks import TaskKey, TaskWords
from sop_engine.text import quoted_list

_OUTCOME_WORDS: Mapping[Outcome, str] = {
    Outcome.ALLOWED: "allowed|permitted|supported",
    Outcome.REFUSED: "refused|barred|forbidden|prohibited|rejected|denied",
    Outcome.FAILS_ON_SCREEN: "fails on (?:the )?screen",
    Outcome.FAILS_AT_PACKING: "fails at packing",
    Outcome.WITHOUT_EFFECT: "without effect",
}
_OPPOSITES = {Outcome.ALLOWED: Outcome.REFUSED, Outcome.REFUSED: Outcome.ALLOWED}
_NOT = r"(?P<negation>\b(?:not|never|no longer)\s+(?:be\s+)?)?"
_OUTCOMES = {outcome: re.compile(rf"{_NOT}\b(?:{words})\b", re.IGNORECASE) for outcome, words in _OUTCOME_WORDS.items()}
_NOTHING = re.compile(r"\bno (?:\w+ )?(?:action|step|task)s?\b|\bnothing (?:\w+ )?(?:to do|is due)\b", re.IGNORECASE)
_OPEN = re.compile(r"\bstays? open\b|\bunsettled\b|\bnot settled\b|\bleft open\b", re.IGNORECASE)
_LIKE = re.compile(r"\blike (\w+)")
_PARTS = re.compile(r"[,;:.]")


Situations = Sequence[tuple[Facts, Answer]]


def chosen_findings(gap: Gap, situations: Situations, tasks: Sequence[TaskWords]) -> Iterator[str]:
    """Yield a finding for each part of `chosen` that contradicts, or does not say, what is decided in *situations*.

    *situations* are those that the gap covers, each with its answer as practised; *tasks* are those of the rulebook.
    """
    if situations and gap.subject in (CASE, RETURN):
        own = tuple(task for task in tasks if task.subject == gap.subject)
        for reason in dict.fromkeys(_ChosenText(gap, situations, own).reasons()):
            yield f"{gap.location}: `{gap.id}` chooses {reason}; correct `chosen` or the resolution"


@dataclass(frozen=True, slots=True)
class _ChosenText:
    """The words of a gap's choice, and the situations that the gap covers with their answers, and the tasks that it can name."""

    gap: Gap
    situations: Situations
    tasks: Sequence[TaskWords]

    def reasons(self) -> Iterator[str]:
        parts = _PARTS.split(self.gap.chosen)
        for part in parts:
            situations, narrowed = self._situations_of(part)
            if self.gap.subject == CASE:
                yield from self._outcome_reasons(part, situations)
            if self.gap.decides:
                yield from self._task_reasons(part, situations)
            yield from self._disposition_reasons(part)
            if self.gap.subject == CASE and not narrowed:
                unnamed = self._unnamed_outcomes(part, situations)
                if unnamed and not [*self._outcome_reasons(part, situations)]:
                    yield f"`{part.strip()}`, but some of its cases are answered {quoted_list(unnamed)}"
        if self.gap.decides and self.gap.subject == CASE:
            yield from self._unsaid(parts)
            yield from self._like_reasons()

    def _situations_of(self, part: str) -> tuple[Situations, bool]:
        """Return the situations that *part* is about, and whether it names values of facts."""
        situations, narrowed = self.situations, False
        for fact in self.situations[0][0]:
            values = {facts[fact] for facts, _ in self.situations}
            rest, named = part, set()
            for value in sorted(values, key=len, reverse=True):
                if re.search(rf"\b{value}\b", rest):
                    named.add(value)
                    rest = re.sub(rf"\b{value}\b", "", rest)
            if named and named != values:
                narrowed = True
                situations = [(facts, answer) for facts, answer in situations if facts[fact] in named]
        return situations, narrowed

    def _outcome_reasons(self, part: str, situations: Situations) -> Iterator[str]:
        answered = {answer.outcome for _, answer in situations}
        for outcome in _outcomes_in(part):
            if outcome not in answered:
                yield f"`{part.strip()}`, but its cases are answered {quoted_list(sorted(map(str, answered)))}"

    def _unnamed_outcomes(self, part: str, situations: Situations) -> list[str]:
        named = _outcomes_in(part)
        return sorted({str(answer.outcome) for _, answer in situations if answer.outcome not in named}) if named else []

    def _task_reasons(self, part: str, situations: Situations) -> Iterator[str]:
        answers = [answer for _, answer in situations]
        settled = [answer for answer in answers if answer.tasks is not None]
        for task, negated in self._tasks_in(part):
            having = [answer for answer in settled if task in _required(answer)]
            if negated and having:
                yield f"`{part.strip()}`, but the task `{task.words}` is decided"
            elif not negated and (not having or (self.gap.subject == CASE and len(having) < len(answers))):
                yield f"`{part.strip()}`, but the task `{task.words}` is not decided for {'any' if not having else 'all'} of its cases"
        if _NOTHING.search(part) and any(answer.tasks != () for answer in answers):
            yield f"`{part.strip()}`, but {_decided_text(answers)}"
        if _OPEN.search(part) and settled:
            yield f"`{part.strip()}`, but {_decided_text(answers)}"

    def _disposition_reasons(self, part: str) -> Iterator[str]:
        stocks = {entry.stock for entry in self.gap.dispositions}
        for entry in self.gap.dispositions:
            if re.search(rf"\b{entry.quality_check}\b", part):
                wrong = [stock for stock in sorted(stocks - {entry.stock}) if re.search(rf"\b{stock} ?stock\b|\bto {stock}\b", part)]
                if wrong or (re.search(r"\boffline claim\b", part) and not entry.offline_claim):
                    yield f"`{part.strip()}`, but the disposition of `{entry.quality_check}` differs"

    def _unsaid(self, parts: Sequence[str]) -> Iterator[str]:
        """Yield what `chosen` has to say and does not: what is decided, at its beginning and, if it is about tasks, each of them."""
        unsettled = _OPEN.search(parts[0]) and all(answer.outcome is Outcome.UNSPECIFIED for _, answer in self.situations)
        if not (_outcomes_in(parts[0]) or self._tasks_in(parts[0]) or _NOTHING.search(parts[0]) or _LIKE.search(parts[0]) or unsettled):
            outcomes = quoted_list(sorted({str(answer.outcome) for _, answer in self.situations}))
            yield f"`{parts[0].strip()}`, which is no outcome, no task and no `like`; begin with what is decided: {outcomes}"
        if self.gap.aspect == VERDICT:
            return
        text, answers = self.gap.chosen, [answer for _, answer in self.situations]
        named = {task for part in parts for task, negated in self._tasks_in(part) if not negated}
        required = {task: None for answer in answers for task in _required(answer)}
        for task in required:
            if task not in named:
                yield f"`{text}`, which does not name the task `{task.words}`"
        if all(answer.tasks == () for answer in answers) and not _NOTHING.search(text):
            yield f"`{text}`, which does not say `no action`"
        if all(answer.tasks is None for answer in answers) and not _OPEN.search(text):
            yield f"`{text}`, which does not say that the tasks stay open"

    def _like_reasons(self) -> Iterator[str]:
        decided = {value for statement in self.gap.resolutions for value in statement.like.values()}
        named = set(_LIKE.findall(self.gap.chosen))
        for value in sorted(decided - named):
            yield f"`{self.gap.chosen}`, but it is answered like `{value}`"
        for value in sorted(named - decided):
            if any(value in list(words) for words in FACT_TYPES.values()):
                yield f"`like {value}`, but no resolution has this"

    def _tasks_in(self, part: str) -> list[tuple[TaskKey, bool]]:
        """Return the tasks named in *part*, each with whether it is negated: ``no credit note``, ``need not``."""
        tasks = []
        for task in self.tasks:
            names = f"{task.chosen or re.escape(task.short)}|{re.escape(task.words)}"
            match = re.search(rf"(\b(?:no|without|need not|never an?|not an?) (?:\w+ )?)?\b(?:{names})\b", part, re.IGNORECASE)
            if match:
                tasks.append((task.key, bool(match[1])))
        return tasks


def _outcomes_in(part: str) -> list[Outcome]:
    """Return the outcomes named in *part*; ``not allowed`` is a refusal, and the reverse."""
    matches = ((outcome, match) for outcome, words in _OUTCOMES.items() for match in words.finditer(part))
    return [_OPPOSITES.get(outcome, outcome) if match["negation"] else outcome for outcome, match in matches]


def _required(answer: Answer) -> list[TaskKey]:
    return [task.task for task in answer.tasks or () if task.modality is not Modality.NEED_NOT]


def _decided_text(answers: Sequence[Answer]) -> str:
    tasks = {task.words: None for answer in answers for task in _required(answer)}
    if tasks:
        return f"the tasks are {quoted_list(list(tasks))}"
    return "the tasks stay open" if any(answer.tasks is None for answer in answers) else "there is nothing to do"
