"""Checks of a rulebook's words against its answers: forces, source lines, chosen readings."""

from collections.abc import Iterable

from sop_engine.chosen_readings import Situations, chosen_findings
from sop_engine.decision import Reading
from sop_engine.errors import RulebookError
from sop_engine.evaluation import Facts
from sop_engine.forces import force_findings
from sop_engine.reader import Rulebook
from sop_engine.source_lines import line_findings
from sop_engine.statement import Gap
from sop_engine.verification import Proof, prove, situations_of


def prove_with_words(rulebook: Rulebook) -> Proof:
    """Verify *rulebook*, and that its words agree with its answers.

    Raises:
        RulebookError: it does not hold; with every reason, its place and a remedy.
    """
    _refuse(rulebook, [*force_findings(rulebook), *line_findings(rulebook)])
    proof, situations = prove(rulebook), situations_of(rulebook)
    answered = ((gap, _answered_situations(proof, gap, situations.get(gap.subject, ()))) for gap in rulebook.gaps)
    _refuse(rulebook, [finding for gap, answers in answered for finding in chosen_findings(gap, answers, rulebook.tasks)])
    return proof


def _answered_situations(proof: Proof, gap: Gap, situations: Iterable[Facts]) -> Situations:
    """Return those of *situations* that *gap* covers, each with its answer as practised."""
    if gap.when is None:
        return []
    covered = [facts for facts in situations if gap.when.covers(facts)]
    return [(facts, proof.answer(gap.subject, Reading.AS_PRACTISED, tuple(facts.values()))) for facts in covered]


def _refuse(rulebook: Rulebook, findings: Iterable[str]) -> None:
    reasons = list(findings)
    if reasons:
        raise RulebookError(rulebook.name, reasons)
