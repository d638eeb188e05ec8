"""A second version of the document with a ninth stage, ON_HOLD after PROCESSING: its records, and the feature that needs them."""

from pathlib import Path

from sop_engine.versions import CLAUSES, GAPS

NAME, WORDS = "ON_HOLD", "the warehouse holds the order back"
STAGE = f'[[stage]]\nid = "{NAME}"\nwords = "{WORDS}"\n\n'
AFTER_PROCESSING = '[[stage]]\nid = "PACKED"'
GAP = """
[[gap]]
id = "GAP-58"
title = "Ajio cancels an order that the warehouse holds back"
kind = "silent"
aspect = "verdict"
nearest = "The sections on Ajio name no order that is held back."
readings = ["It is refused.", "It is answered like PROCESSING."]
reading = 1
chosen = "the cancellation is refused"
why = "Goods that are held back are not to be moved."
question = "May Ajio cancel an order that the warehouse holds back?"
when = { canceller = "Ajio", stage = "ON_HOLD" }
cases = 16

[[gap.resolution]]
outcome = "refused"

[[gap.alternative]]
reading = 2
chosen = "the cancellation is answered like PROCESSING"

[[gap.alternative.resolution]]
like = { stage = "PROCESSING" }
"""
NEXT_RECORD = {
    "SC-ERP-FULL-4": ("43", '[[section]]\nid = "SC-ERP-PART"'),
    "SC-ERP-PART-3": ("57", '[[section]]\nid = "SC-RMS"'),
    "SC-RMS-FULL-3": ("65", '[[section]]\nid = "SC-RMS-PART"'),
    "SC-RMS-PART-3": ("71", '[[clause]]\nid = "AC-0"'),
}
"""The new clauses: the line of each, and the beginning of the record before which it is written."""
CLAUSE = """[[clause]]
id = "{id}"
line = "{line}"
modality = "must-not"
actor = "seller"
system = "Assure OMS"
text = "While the warehouse holds the order back, the seller cannot cancel it ({id})."
when = {{ stage = "ON_HOLD" }}
outcome = "refused"

"""
FEATURE = """@since-clients_v2
Feature: Cancelling an order that the warehouse holds back

  Version 2 has the stage ON_HOLD. The seller cannot cancel such an order. The SOP
  does not say whether Ajio can; we assume that it cannot (GAP-58).

  Rule: The seller cannot cancel an order that is held back

    Scenario Outline: The seller cancels an order that is held back
      Given an order invoiced through <invoicing>
      And the order is ON_HOLD
      When the seller cancels <scope>
      Then the cancellation is refused
      And the SOP says so in <clauses>
      And it follows that the client has nothing to do

      @SC-ERP-FULL-4
      Examples: The full order, the client's ERP
        | invoicing        | scope          | clauses       |
        | the client's ERP | the full order | SC-ERP-FULL-4 |

      @SC-ERP-PART-3
      Examples: Part of the order, the client's ERP
        | invoicing        | scope             | clauses       |
        | the client's ERP | part of the order | SC-ERP-PART-3 |

      @SC-RMS-FULL-3
      Examples: The full order, RMS
        | invoicing | scope          | clauses       |
        | RMS       | the full order | SC-RMS-FULL-3 |

      @SC-RMS-PART-3
      Examples: Part of the order, RMS
        | invoicing | scope             | clauses       |
        | RMS       | part of the order | SC-RMS-PART-3 |

  @GAP-58
  Rule: The SOP does not say whether Ajio can cancel an order that is held back; we assume that it cannot

    Scenario: Ajio cancels an order that is held back
      Given the order is ON_HOLD
      When Ajio cancels the full order or part of the order
      Then the cancellation is refused
      And the client has nothing to do
      And no clause says so
      And it is our reading of GAP-58

    @as-written
    Scenario: As written, whether Ajio can cancel an order that is held back is an open question
      Given the SOP is taken as written
      And the order is ON_HOLD
      When Ajio cancels the full order or part of the order
      Then the outcome of the cancellation is an open question
      And what the client must do is an open question
      And no clause says so
      And the question is registered as GAP-58
"""
"""Asserts every part of the answers to the 32 cases of the stage."""


def changed(folder: Path, *changes: tuple[str, str], file: str = CLAUSES) -> Path:
    """Replace texts in a register of the rulebook in *folder*, each once, and return the folder."""
    text = (folder / file).read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after, 1)
    (folder / file).write_text(text, encoding="utf-8")
    return folder


def with_on_hold(folder: Path, before: str = AFTER_PROCESSING) -> Path:
    """Add the stage before the record that begins with *before*, and what decides its cases; return the folder."""
    clauses = [(record, CLAUSE.format(id=name, line=line) + record) for name, (line, record) in NEXT_RECORD.items()]
    changed(folder, (before, STAGE + before), *clauses)
    (folder / GAPS).write_text((folder / GAPS).read_text(encoding="utf-8") + GAP, encoding="utf-8")
    return folder
