"""Conditional sentences that say what steps would say: *If the order is PACKED, the request is refused*."""

import re
from collections.abc import Callable

from steps.lint.prose.claims import OPENING, SUBJECT
from steps.lint.prose.step_words import STATES

_ASSUMPTION = (
    r"(?:" + SUBJECT + r"(?:supposes?|imagine)(?!\s+an?(?:\s+(?!(?:is|was|has)\b)[\w'-]+(?<!s)){1,3}?"
    r"(?:\s+(?:in|on|of|at|with|without|who|that)\b|[.!]|$))"
    r"|assuming|presuming|supposing|(?:granted|granting|on\s+condition)\s+that"
    r"|provid(?:ed|ing)\s+(?:that|the|an?|its?|there|all|no|each|every|ajio))\b"
)
_ASSUMES = re.compile(OPENING + _ASSUMPTION, re.IGNORECASE)
_MAIN_CLAUSE = re.compile(
    r"(?:[,;]|(?<=\w\b):)\s+(?:then\s+)?(?:it|he|she|they|we|you|i|one|the|this|that|these|those|its|their|his|her|our|an?|no|nothing|each|every|all|both"
    r"|some|any|only|there|here|what|who|whoever|neither|ajio|increff|rms|assure)\b",
    re.IGNORECASE,
)
"""What follows the assumption in an ordinary sentence: *Assuming that …, the order …*."""
_CONJUNCTION = (
    r"(?:(?:only|even|but|and)\s+)?(?:if|when(?:ever)?|once|unless|until|till|as\s+soon\s+as|(?:as|so)\s+long\s+as|given\s+that"
    r"|in\s+(?:case|the\s+case|the\s+event)(?:\s+that)?|(?:each|every|the\s+first)\s+time|(?:from\s+)?the\s+(?:very\s+)?(?:moment|instant|minute)|after|before|while"
    r"|since|because|where|wherever|now\s+that|except\s+(?:when|if|where)|by\s+the\s+time|for\s+as\s+long\s+as|seeing\s+that|directly|immediately)\b"
)
_BEGINNING = re.compile(OPENING + r"(?:" + _CONJUNCTION + r"|" + _ASSUMPTION + r")\s*(?:that\b)?\s*", re.IGNORECASE)
_WITHOUT_CONJUNCTION = re.compile(
    OPENING + rf"(?:should|were|had|with|having|being)\s+(?:the|an?|its?|this|that|ajio|each|every|all)\b[^,;:]*?{STATES}", re.IGNORECASE
)
"""A condition about a state that begins with a verb or preposition: *Should the order be PACKED*, *With the order PACKED*."""
_BETWEEN_STATES = re.compile(
    rf",?\s+(?:(?:only|even)\s+)?(?:if|when(?:ever)?|once|unless|as\s+soon\s+as|except\s+(?:when|if)|provided(?:\s+that)?)\s+[^,;:]*?\b(?:is|are|becomes?)\s+{STATES}",
    re.IGNORECASE,
)
"""A condition about a state behind its main clause: *It is impossible if the order is PACKED*."""
_BETWEEN = re.compile(r",?\s+" + _CONJUNCTION + r"\s+", re.IGNORECASE)
"""A conjunction between the main clause and its condition."""
_CLAUSE_END = re.compile(r"[,;]\s+(?:then\s+)?|\s+then\s+", re.IGNORECASE)
_THEN = re.compile(r"[,;]\s+then\s+(?!(?:or|and)\b)", re.IGNORECASE)
_STATE = re.compile(
    r"\b(?:is|are|was|were|be|been|becomes?|gets?|stays?|remains?|turns?|reaches|reached)\s+"
    r"(?:(?:not|still|already|yet|now|again|at\s+least)\s+)*(?-i:[A-Z][A-Z_]{3,})\b",
    re.IGNORECASE,
)
"""A state of an order as the steps write it: *is PACKED*."""


def is_conditional_step(sentence: str, is_step: Callable[[str], bool], *, is_reason: bool) -> bool:
    """Return whether a sentence to its end states a condition, and perhaps its result, as steps would; *is_step* tests one clause.

    An assumption has no main clause. Any condition names a state as a step writes it, or all its clauses are step sentences, or
    its result begins with *then*. The reason of a known failure may name a state.
    """
    assumes = _ASSUMES.match(sentence) is not None
    if assumes and not _MAIN_CLAUSE.search(sentence):
        return True
    beginning = _BEGINNING.match(sentence)
    if not is_reason and (_WITHOUT_CONJUNCTION.match(sentence) or (beginning is None and _BETWEEN_STATES.search(sentence))):
        return True
    if beginning is None:
        clauses = _BETWEEN.split(sentence)
        return len(clauses) > 1 and all(map(is_step, clauses))
    rest = sentence[beginning.end() :]
    clauses = [clause for clause in _CLAUSE_END.split(rest) if clause]
    if not clauses:
        return False
    if not is_reason and _STATE.search(clauses[0]):
        return True
    has_then = bool(_THEN.search(rest))
    return has_then and any(map(is_step, clauses)) if assumes else has_then or all(map(is_step, clauses))
