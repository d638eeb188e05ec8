"""Sentences that say what a step would say."""

import re

OPENING = r"(?:(?:please|now|also|next|finally|first|here|always|and|so|in\s+the\s+end)\b,?\s+)*"
SUBJECT = (
    r"(?:(?:i|we|you|let\s+us|let's)(?:'ll)?\s+(?:(?:would|should|can|do|will|also|now|must|then|next|finally|always|again|still|only"
    r"|(?:have|need|want|are\s+going)\s+to)\s+)*)?"
)
_CLAUSE = r"(?=\s+(?:that|the|this|these|its?|an?|no|nothing|all|every|each|there|both|for|if|whether|ajio|increff)\b)"
"""What follows the verb of a claim: its clause or object."""
_CLAIM = re.compile(
    OPENING
    + r"(?:"
    + SUBJECT
    + r"(?:expects?(?!\s+(?:few|fewer|many|most|more|some|several|little)\b)|expecting|expectation|assert(?:s|ion)?"
    r"|verif(?:y|ies)|ensures?|validates?\s+that|(?:makes?|be)\s+(?:quite\s+)?(?:sure|certain)|confirms?\s+that|confirm|(?:proves|tests?)\s+that"
    r"|sees?\s+(?:to\s+it\s+)?that|(?:looks?|watch|observes?|demonstrates?|guarantees|requires|establishes)\s+that"
    r"|(?:guarantee|require|prove|establish|ascertain|certify)"
    + _CLAUSE
    + r"|(?:double|cross|re)-?\s?check"
    + _CLAUSE
    + r"|checks?\s+(?:that|if|whether)|check\s+(?:the|it|its|for|all|every|each|no)|assumes?|presumes?"
    r"|(?:expected|asserted)\s+(?:that|to|an?|the|no|it)|(?:verified|ensured|confirmed|checked|proven|established)\s+that)"
    r"|(?:i|we)(?:\s+would|'d)?\s+(?:want|need|like|wish|demand)\s+(?:that|(?:[\w'-]+\s+){1,6}?to\s+(?:be|have))"
    r"|(?:must|should|shall|ought\s+to)\s+(?:not\s+|never\s+)?(?:be|have)"
    r"|pre-?conditions?|post-?conditions?|expected\s+(?:results?|outcomes?)|acceptance\s+criteri(?:a|on)"
    r"|it(?:\s+is|\s+was|'s|\s+has\s+to\s+be)\s+(?:expected|assumed|asserted|verified|checked|confirmed|ensured|supposed)(?!\s+by\b)"
    r"|it(?:\s+is|'s)\s+(?:required|necessary|essential|mandatory|guaranteed|proven|established|certain)\s+that)\b",
    re.IGNORECASE,
)
"""The beginning of a sentence that says what a step would say."""
_LABEL = re.compile(
    OPENING + r"(?:arrange|act|setup|set-up|action|(?:actual\s+)?results?|outcomes?|should|must|(?:test\s+)?(?:steps|cases?)|tests?|checks?"
    r"|expected|asserted|verified|ensured|confirmed|checked|acceptance|criteri(?:a|on)|requirements?|ac|tc|req)(?:\s*[-#]?\s*\d+)?\s*:",
    re.IGNORECASE,
)
"""The words before a colon that announce a step; without the colon they also begin ordinary sentences."""
_ABOUT_READING = (
    r"(?!\s+(?:not\s+)?(?:be\s+)?(?:read|see|seen|compared?|consult(?:ed)?|confused?|understood|mistake|mistaken|remember(?:ed)?)\b)"
)
_SHOULD = re.compile(
    OPENING
    + r"(?:it|he|she|they|i|we|you|one|there|nothing|everything|(?:the|this|that|these|those|its|their|an?|no|every|each|all|any|both)"
    r"(?:\s+(?!(?:that|which|who|whose|if|when|where|as|says?|said|states?|asks?|means?|it|they|we|is|are|was|were|not)\b)[\w'-]+){0,4}?)"
    r"\s+(?:(?:should|shall|ought\s+to)\b"
    + _ABOUT_READING
    + r"|(?:must|has\s+to|have\s+to|needs?\s+to|is\s+to|are\s+to|will)\s+(?:not\s+)?"
    r"(?:be|become|get|stay|remain|read|say|show|equal|reach|have)\s+(?:(?:at|in|still|then|now)\s+)?(?-i:[A-Z]{4,})\b"
    r"|(?<=\bthere\s)(?:must|has\s+to|have\s+to|needs?\s+to)\s+(?:not\s+)?be\b)",
    re.IGNORECASE,
)
_REASON = re.compile(r"\b(?:but|yet|although|though|because|until|instead|whereas|however|since)\b", re.IGNORECASE)
"""A sentence with *should* and one of these words compares, as the reason of a known failure does."""
_UNFINISHED = r"(?:open|missing|pending|outstanding|overdue|due|left(?!\s+out)|on\s+hold|undone)"
_MAY = r"(?:may|must|can|shall|should|will|is\s+to|are\s+to|has\s+to|have\s+to|needs?\s+to)"
_NOTHING_IS = re.compile(
    OPENING + rf"(?:no(?:\s+(?!(?:one|body)\b)[\w'-]+){{1,3}}?\s+(?:is|are|remains?|stays?)\s+(?:still\s+|yet\s+|then\s+)?{_UNFINISHED}\b"
    rf"|there\s+(?:is|are|remains?|{_MAY}\s+(?:be|remain))\s+(?:no|not\s+any)\s+(?:[\w'-]+\s+)?{_UNFINISHED}\b"
    rf"|(?:nobody|no\s+one|(?:neither|none)(?:\s+[\w'-]+){{0,3}}?)\s+(?:{_MAY}\s+have|has)\s+(?:an?|any)\s+{_UNFINISHED}\b"
    rf"|(?:an?\s+|the\s+|any\s+)?{_UNFINISHED}\s+[\w'-]+\s+(?:must|may|shall|should|can|are|is)\s*(?:not|never)\s+(?:to\s+)?(?:be|exist|remain|stay|arise|appear)\b)",
    re.IGNORECASE,
)
"""A state that is not there: *No duty is open*, *Open duties must not exist*."""
_EACH_MUST = re.compile(
    OPENING + r"(?:every|each|all|both|any)(?:\s+of)?(?:\s+(?:the|its|these|those))?(?:\s+[\w'-]+)?"
    r"\s+(?:duty|duties|orders?|requests?|cancellations?|units?|notes?|e-invoices?|reports?|stages?|outcomes?)\s+"
    r"(?:must|has\s+to|have\s+to|needs?\s+to|is\s+to|are\s+to)\s+(?:then\s+|now\s+)?(?:be|have\s+been)\s+(?!read\b|seen\b|compared\b)\w",
    re.IGNORECASE,
)
"""A result of all: *Every duty must be closed*."""
_LET = re.compile(
    OPENING + r"(?:let\s+(?!us\b)(?:the|an?|its?|this|that|there|each|every|all|ajio)\b[^,;:]{0,40}?\bbe\b"
    r"|(?:take|consider|picture|imagine|have|use|choose|pick)\s+(?:an?|the|one|this)\b[^,;:]{0,40}?(?-i:\b(?:[A-Z]{4,})\b))",
    re.IGNORECASE,
)
"""A fact in the form of a request: *Let the order be PACKED*, *Take an order that is PACKED*."""
_NOTHING_MAY = re.compile(
    OPENING + r"(?:no(?:\s+(?!(?:one|body)\b)[\w'-]+){1,4}?|nothing|none(?:\s+of(?:\s+[\w'-]+){1,4}?)?|neither(?:\s+[\w'-]+){1,4}?)"
    r"\s+(?:may|must|is\s+to|are\s+to|has\s+to|have\s+to|needs?\s+to)\s+(?:still\s+|ever\s+|then\s+)?"
    r"(?:be\s+(?:still\s+|then\s+)?(?:" + _UNFINISHED + r"|(?-i:[A-Z]{4,}))\b|(?:remain|stay|exist|follow|arise|appear|have)\b)",
    re.IGNORECASE,
)
"""A state that must not be: *No duty may be open*. A sentence about an action that must not be done states a rule."""


def is_claim(sentence: str, whole: str, *, is_reason: bool) -> bool:
    """Return whether a sentence says what a step would say; *whole* is the sentence to its end, which may be in another line."""
    if _CLAIM.match(sentence) or _LABEL.match(sentence):
        return True
    if _SHOULD.match(sentence):
        return not is_reason and not _REASON.search(whole)
    return any(pattern.match(sentence) for pattern in (_NOTHING_MAY, _NOTHING_IS, _EACH_MUST, _LET))
