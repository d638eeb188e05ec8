"""Registers of clauses that are refused, in exact words and with the line."""

from pathlib import Path

import pytest

from tests.support.small_registers import CLAUSES, PACKED, reasons_of_refusal, write

STAGES = "expected one of `CREATED`, `UNFULFILLABLE`, `FULFILLABLE`, `PROCESSING`, `PACKED`, `READY_TO_DISPATCH`, `COMPLETED`, `CANCELLED`"
NOTE = 'task = ["credit-note", "grn"]'
IN_CLAUSES = {
    "an id is said twice": (
        ('id = "A-1"', 'id = "A-B-1"'),
        ["clauses.toml:36: `A-B-1` is defined twice, first in line 22; ids are never reused"],
    ),
    "a key is unknown in a heading": (
        ('text = "No facts."', 'text = "No facts."\nfcts = 1\nlne = 2'),
        [
            "clauses.toml:18: unknown key `fcts` in `A-B2`; did you mean `facts`?",
            "clauses.toml:18: unknown key `lne` in `A-B2`; did you mean `line`?",
        ],
    ),
    "a key is unknown in a clause": (
        ('restates = "A-1"', 'restats = "A-1"'),
        ["clauses.toml:22: unknown key `restats` in `A-B-1`; did you mean `restates`?"],
    ),
    "a key is like no other": (
        ('text = "No facts."', 'text = "No facts."\nzzz = 1'),
        ["clauses.toml:18: unknown key `zzz` in `A-B2`; expected one of `complete`, `facts`, `id`, `line`, `text`"],
    ),
    "a text is a number": (('line = "3"', "line = 3"), ["clauses.toml:22: `line` must be a text"]),
    "each text of a clause is checked": (
        (
            'actor = "client"\nsystem = "ERP"\ntext = "Note it, take it in."',
            "actor = 1\nsystem = 2\ntext = 3",
        ),
        ["clauses.toml:22: `actor` must be a text", "clauses.toml:22: `system` must be a text", "clauses.toml:22: `text` must be a text"],
    ),
    "its modality is a number": (
        ('modality = "may"', "modality = 1"),
        [
            "clauses.toml:36: `modality` must be a text",
            "clauses.toml:36: unknown modality of a task ``; expected one of `must`, `may`, `need-not`",
        ],
    ),
    "what it rules on is a number": (
        ('on = "order"', "on = 1"),
        [
            "clauses.toml:57: `on` must be a text",
            "clauses.toml:57: `R-2` decides nothing; add an outcome or tasks, or `not_operative` with the reason",
        ],
    ),
    "why it rules on nothing is a number": (
        ('not_operative = "greets"', "not_operative = 1"),
        ["clauses.toml:68: `not_operative` must be a text"],
    ),
    "a clause has no text": (('text = "An order."\n', ""), ["clauses.toml:57: `text` must be a text"]),
    "manner and restates are no texts": (
        ('restates = "A-1"\nmanner = "by hand"', "restates = 1\nmanner = 2"),
        ["clauses.toml:22: `manner` must be a text", "clauses.toml:22: `restates` must be a text"],
    ),
    "a heading has no text": (('text = "No facts."', 'text = ""'), ["clauses.toml:18: `text` must be a text"]),
    "line and complete of a heading are no texts": (
        ('text = "No facts."', 'text = "No facts."\nline = 1\ncomplete = true'),
        ["clauses.toml:18: `line` must be a text", "clauses.toml:18: `complete` must be a text"],
    ),
    "facts are unknown": (
        (PACKED, 'when = { stge = "PACKED", invoicng = "ERP", stage = ["PAKED", "PACKED", "zzz"] }'),
        [
            "clauses.toml:22: unknown fact `stge`; did you mean `stage`?",
            "clauses.toml:22: unknown fact `invoicng`; did you mean `invoicing`?",
            "clauses.toml:22: unknown stage `PAKED`; did you mean `PACKED`?",
            f"clauses.toml:22: unknown stage `zzz`; {STAGES}",
        ],
    ),
    "the facts of a heading are unknown": (
        ('facts = { scope = "full" }', 'facts = { quality_check = "pass" }'),
        ["clauses.toml:11: unknown fact `quality_check`; expected one of `canceller`, `scope`, `invoicing`, `stage`, `e_invoice`"],
    ),
    "facts are no table": ((PACKED, 'when = "PACKED"'), ["clauses.toml:22: `when` must be a table of facts"]),
    "an order has no facts": (
        ('text = "An order."\n', 'text = "An order."\nwhen = { stage = "PACKED" }\n'),
        ["clauses.toml:57: unknown fact `stage`; expected one of "],
    ),
    "like is unknown": (
        ('like = { stage = "PACKED",', 'like = { stage = "PACKD",'),
        ["clauses.toml:1: unknown stage `PACKD`; did you mean `PACKED`?"],
    ),
    "it rules on something unknown": (
        ('on = "order"', 'on = "ordr"'),
        ["clauses.toml:57: unknown `on` `ordr`; did you mean `order`?"],
    ),
    "it has no ruling and no reason for that": (
        ('not_operative = "greets"\n', ""),
        ["clauses.toml:68: `DOC-1` decides nothing; add an outcome or tasks, or `not_operative` with the reason"],
    ),
    "it rules and says that it does not": (
        ('text = "An order."\n', 'text = "An order."\nnot_operative = "no"\n'),
        ["clauses.toml:57: `R-2` decides something and has `not_operative`; remove one of them"],
    ),
    "the outcome is unknown": (
        ('outcome = "allowed"', 'outcome = "alowed"'),
        ["clauses.toml:22: unknown outcome `alowed`; did you mean `allowed`?"],
    ),
    "the outcome is unspecified": (
        ('outcome = "allowed"', 'outcome = "unspecified"'),
        ["clauses.toml:22: `unspecified` means that there is no outcome; remove `outcome`"],
    ),
    "a modality is none of a task": (
        ('modality = "must"', 'modality = "mustt"'),
        ["clauses.toml:22: unknown modality of a task `mustt`; did you mean `must`?"],
    ),
    "a task is unknown": (
        (NOTE, 'task = ["credit-not", "grm"]'),
        [
            "clauses.toml:22: unknown task `credit-not`; did you mean `credit-note`?",
            "clauses.toml:22: unknown task `grm`; did you mean `grn`?",
        ],
    ),
    "tasks are not none": (
        ('tasks = "none"', 'tasks = "some"'),
        ['clauses.toml:45: `tasks` can only be "none", and not together with `task`'],
    ),
    "tasks stand beside a task": (
        (NOTE, NOTE + '\ntasks = "none"'),
        ['clauses.toml:22: `tasks` can only be "none", and not together with `task`'],
    ),
    "over lists what is no id": (
        ('over = "A-1"', 'over = [1, { id = "A-1", gap = "GAP-01" }]'),
        ["clauses.toml:45: `over` must be a list of ids; if our reading overrides a clause, write it in a resolution of its gap"],
    ),
    "over names what is not there": (
        ('"A-B2-1", "R-1"]', '"A-B2-2", "R-1"]'),
        ["clauses.toml:22: `over` names `A-B2-2`; did you mean `A-B2-1`?"],
    ),
    "it rests on what is not there": (
        ('task = "use-as-reference"', 'task = "use-as-reference"\nrests_on = "A-B2-2"'),
        ["clauses.toml:36: `rests_on` names `A-B2-2`; did you mean `A-B2-1`?"],
    ),
    "a task falls due at an unknown time": (
        ('task = "use-as-reference"', 'task = "use-as-reference"\ndue = "latr"\ninstead_of = "grm"'),
        [
            "clauses.toml:36: unknown due `latr`; expected one of `now`, `when packing fails`",
            "clauses.toml:36: unknown instead_of `grm`; did you mean `grn`?",
        ],
    ),
    "there is no task to fall due": (
        ('task = "use-as-reference"', 'due = "now"\ninstead_of = "grn"'),
        [
            "clauses.toml:36: `due` belongs to a `task`, but there is none; add one or remove it",
            "clauses.toml:36: `instead_of` belongs to a `task`, but there is none; add one or remove it",
        ],
    ),
    "it restates what is not there": (
        ('restates = "A-1"', 'restates = "A-B2-2"'),
        ["clauses.toml:22: `restates` names `A-B2-2`; did you mean `A-B2-1`?"],
    ),
    "records have no id": (
        ('[[clause]]\nid = "DOC-1"', '[[clause]]\nid = 1\n[[clause]]\n[[clause]]\nid = "DOC-1"'),
        ["clauses.toml: a [[clause]] record has no id"] * 2,
    ),
    "a clause about returns stands below cancellations": (
        ('id = "R-1"\ntext = "A unit."', 'id = "A-B-R"\ntext = "A unit."'),
        [
            "clauses.toml:51: `A-B-R` is about returns but below `A-B`, which is about cancellations; move it",
            "clauses.toml:22: `over` names `R-1`; did you mean `R-2`?",
        ],
    ),
}


@pytest.mark.parametrize("name", IN_CLAUSES)
def test_a_register_of_clauses_that_does_not_fit_is_refused(name: str, tmp_path: Path) -> None:
    (before, after), expected = IN_CLAUSES[name]
    assert CLAUSES.count(before) == 1, "the test breaks one place"
    assert reasons_of_refusal(write(tmp_path, CLAUSES.replace(before, after))) == expected
