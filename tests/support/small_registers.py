"""Two small registers as text, and the reasons why a reader refuses them."""

from pathlib import Path

import pytest

from sop_engine.errors import RulebookError
from sop_engine.reader import read_rulebook

CLAUSES = """\
name = "tiny"
title = "A tiny SOP"

[[section]]
id = "A"
line = "1"
text = "Sellers."
facts = { canceller = "seller", scope = ["full", "partial"] }

[[section]]
id = "A-B"
line = "2-3"
text = "Whole orders."
facts = { scope = "full" }
complete = "it lists every step"

[[section]]
id = "A-B2"
text = "No facts."

[[clause]]
id = "A-B-1"
line = "3"
modality = "must"
actor = "client"
system = "ERP"
text = "Note it, take it in."
when = { stage = ["PACKED", "COMPLETED"], invoicing = "ERP" }
outcome = "allowed"
task = ["credit-note", "grn"]
over = ["A-1", "A-B2-1", "R-1"]
restates = "A-1"
manner = "by hand"

[[clause]]
id = "A-1"
line = "4"
modality = "may"
actor = "client"
system = "OMS"
text = "Look at it."
task = "use-as-reference"

[[clause]]
id = "A-B2-1"
text = "Nothing follows."
tasks = "none"
over = "A-1"

[[clause]]
id = "R-1"
text = "A unit."
on = "return"
when = { quality_check = ["pass", "fail"] }

[[clause]]
id = "R-2"
text = "An order."
on = "order"

[[clause]]
id = 'Q-1'
text = "Like packed."
when = { stage = "COMPLETED" }
like = { stage = "PACKED", canceller = ["seller"] }

[[clause]]
id = "DOC-1"
text = "Greets."
not_operative = "greets"
"""
GAPS = """\
[[gap]]
id = "GAP-01"
title = "A question"
kind = "silence"
aspect = "verdict"
nearest = "A-B-1"
chosen = "the first"
why = "it is nearer"
question = "Which?"
readings = ["the first", "the second"]
when = { stage = "CREATED", canceller = "seller" }
cases = 16
leaves_open = ["tasks"]

[[gap.resolution]]
outcome = "refused"

[[gap.resolution]]
modality = "need-not"
actor = "client"
system = "ERP"
task = "grn"
when = { canceller = "Ajio" }

[[gap]]
id = "GAP-02"
title = "Another"
kind = "choice"
aspect = "data"
nearest = "R-1"
chosen = "so"
why = "because"
question = "How?"
on = "return"

[[gap.disposition]]
quality_check = "pass"
stock = "saleable"
offline_claim = false
"""


def write(folder: Path, clauses: str = CLAUSES, gaps: str = GAPS) -> Path:
    """A rulebook in *folder*."""
    (folder / "clauses.toml").write_text(clauses, encoding="utf-8")
    (folder / "gaps.toml").write_text(gaps, encoding="utf-8")
    return folder


PACKED = 'when = { stage = ["PACKED", "COMPLETED"], invoicing = "ERP" }'


def reasons_of_refusal(folder: Path) -> list[str]:
    with pytest.raises(RulebookError) as refusal:
        read_rulebook(folder)
    return list(refusal.value.findings)
