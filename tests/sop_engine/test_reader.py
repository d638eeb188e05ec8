"""Two registers are read into exactly what they say, and each thing that does not fit is refused in exact words, at its line."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from sop_engine import Modality, Outcome, Rulebook, Task, TaskKey, Timing, load_rulebook
from sop_engine.errors import RulebookError
from sop_engine.reader import read_rulebook
from sop_engine.statement import CASE, ORDER, RETURN, Disposition, Gap, Ruling, Section, Statement, When

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

SELLER, BOTH = frozenset({"seller"}), frozenset({"full", "partial"})


def write(folder: Path, clauses: str = CLAUSES, gaps: str = GAPS) -> Path:
    """A rulebook in *folder*."""
    (folder / "clauses.toml").write_text(clauses, encoding="utf-8")
    (folder / "gaps.toml").write_text(gaps, encoding="utf-8")
    return folder


def test_a_rulebook_is_read_into_exactly_what_its_registers_say(tmp_path: Path) -> None:
    heading = When({"canceller": SELLER, "scope": BOTH})
    whole = When({"canceller": SELLER, "scope": frozenset({"full"})})
    first = hashlib.sha256(CLAUSES.encode()).hexdigest()
    created = When({"stage": frozenset({"CREATED"}), "canceller": SELLER})

    rulebook = read_rulebook(write(tmp_path))

    assert [gap.assumed for gap in rulebook.gaps] == [
        Ruling(0, gap.chosen, gap.leaves_open, gap.resolutions, gap.dispositions) for gap in rulebook.gaps
    ]
    assert replace(rulebook, gaps=tuple(replace(gap, assumed=None) for gap in rulebook.gaps)) == Rulebook(
        name="tiny",
        title="A tiny SOP",
        sha256=hashlib.sha256(first.encode() + GAPS.encode()).hexdigest(),
        sections=(
            Section("A", "clauses.toml:5", "1", "Sellers.", heading),
            Section("A-B", "clauses.toml:11", "2-3", "Whole orders.", whole, "it lists every step"),
            Section("A-B2", "clauses.toml:18", "", "No facts.", heading),
        ),
        clauses=(
            Statement(
                "A-B-1",
                "clauses.toml:22",
                line="3",
                section="A-B",
                modality="must",
                actor="client",
                system="ERP",
                text="Note it, take it in.",
                subject=CASE,
                when=When({**whole.facts, "stage": frozenset({"PACKED", "COMPLETED"}), "invoicing": frozenset({"ERP"})}),
                outcome=Outcome.ALLOWED,
                tasks=(Task(Modality.MUST, TaskKey.CREDIT_NOTE, "client", "ERP"), Task(Modality.MUST, TaskKey("grn"), "client", "ERP")),
                manner="by hand",
                over=("A-1", "A-B2-1", "R-1"),
                restates="A-1",
            ),
            Statement(
                "A-1",
                "clauses.toml:36",
                line="4",
                section="A",
                modality="may",
                actor="client",
                system="OMS",
                text="Look at it.",
                subject=CASE,
                when=heading,
                tasks=(Task(Modality.MAY, TaskKey("use-as-reference"), "client", "OMS"),),
            ),
            Statement(
                "A-B2-1",
                "clauses.toml:45",
                section="A-B2",
                text="Nothing follows.",
                subject=CASE,
                when=heading,
                tasks=(),
                over=("A-1",),
            ),
            Statement("R-1", "clauses.toml:51", text="A unit.", subject=RETURN, when=When({"quality_check": frozenset({"pass", "fail"})})),
            Statement("R-2", "clauses.toml:57", text="An order.", subject=ORDER),
            Statement(
                "Q-1",
                "clauses.toml:1",
                text="Like packed.",
                subject=CASE,
                when=When({"stage": frozenset({"COMPLETED"})}),
                like={"stage": "PACKED", "canceller": "seller"},
            ),
            Statement("DOC-1", "clauses.toml:68", text="Greets.", not_operative="greets"),
        ),
        gaps=(
            Gap(
                id="GAP-01",
                location="gaps.toml:2",
                title="A question",
                kind="silence",
                aspect="verdict",
                nearest="A-B-1",
                readings=("the first", "the second"),
                chosen="the first",
                why="it is nearer",
                question="Which?",
                subject=CASE,
                when=created,
                cases=16,
                leaves_open=("tasks",),
                resolutions=(
                    Statement("GAP-01.1", "gaps.toml:2", subject=CASE, when=created, outcome=Outcome.REFUSED, gap="GAP-01"),
                    Statement(
                        "GAP-01.2",
                        "gaps.toml:2",
                        modality="need-not",
                        actor="client",
                        system="ERP",
                        subject=CASE,
                        when=When({"stage": frozenset({"CREATED"}), "canceller": frozenset({"Ajio"})}),
                        tasks=(Task(Modality.NEED_NOT, TaskKey("grn"), "client", "ERP"),),
                        gap="GAP-01",
                    ),
                ),
            ),
            Gap(
                id="GAP-02",
                location="gaps.toml:26",
                title="Another",
                kind="choice",
                aspect="data",
                nearest="R-1",
                readings=(),
                chosen="so",
                why="because",
                question="How?",
                subject=RETURN,
                dispositions=(Disposition("pass", "saleable", offline_claim=False),),
            ),
        ),
        tasks=load_rulebook().tasks,
    )
    assert [statement.id for statement in rulebook.statements] == [*(c.id for c in rulebook.clauses), "GAP-01.1", "GAP-01.2"]


def test_a_rulebook_is_plain_data_for_a_reader_of_a_run(tmp_path: Path) -> None:
    plain = read_rulebook(write(tmp_path)).to_plain()

    assert list(plain) == [
        "name",
        "title",
        "dated",
        "follows",
        "lines",
        "sha256",
        "sections",
        "clauses",
        "gaps",
        "tasks",
        "actors",
        "systems",
    ]
    assert (plain["name"], plain["title"], len(str(plain["sha256"]))) == ("tiny", "A tiny SOP", 64)
    assert plain["sections"] == [
        {"id": "A", "line": "1", "text": "Sellers.", "facts": {"canceller": ["seller"], "scope": ["full", "partial"]}, "complete": None},
        {
            "id": "A-B",
            "line": "2-3",
            "text": "Whole orders.",
            "facts": {"canceller": ["seller"], "scope": ["full"]},
            "complete": "it lists every step",
        },
        {"id": "A-B2", "line": "", "text": "No facts.", "facts": {"canceller": ["seller"], "scope": ["full", "partial"]}, "complete": None},
    ]
    clauses, gaps = plain["clauses"], plain["gaps"]
    assert isinstance(clauses, list)
    assert isinstance(gaps, list)
    assert clauses[0] == {
        "id": "A-B-1",
        "line": "3",
        "section": "A-B",
        "modality": "must",
        "actor": "client",
        "system": "ERP",
        "text": "Note it, take it in.",
        "operative": True,
        "why_not_operative": None,
        "rules_on": "case",
        "over": ["A-1", "A-B2-1", "R-1"],
        "rests_on": None,
        "restates": "A-1",
        "when": {"canceller": ["seller"], "scope": ["full"], "stage": ["COMPLETED", "PACKED"], "invoicing": ["ERP"]},
        "outcome": "allowed",
        "tasks": [{"modality": "must", "task": task, "actor": "client", "system": "ERP", "when": "now"} for task in ("credit-note", "grn")],
        "manner": "by hand",
        "like": {},
    }
    assert clauses[-1] == {
        "id": "DOC-1",
        "line": "",
        "section": "",
        "modality": "",
        "actor": None,
        "system": None,
        "text": "Greets.",
        "operative": False,
        "why_not_operative": "greets",
        "rules_on": None,
        "over": [],
        "rests_on": None,
        "restates": None,
        "when": {},
        "outcome": None,
        "tasks": None,
        "manner": None,
        "like": {},
    }
    assert gaps[0] == {
        "id": "GAP-01",
        "title": "A question",
        "kind": "silence",
        "aspect": "verdict",
        "nearest": "A-B-1",
        "readings": ["the first", "the second"],
        "reading": 0,
        "chosen": "the first",
        "why": "it is nearer",
        "question": "Which?",
        "cases": 16,
        "rules_on": "case",
        "leaves_open": ["tasks"],
        "watch": None,
        "when": {"stage": ["CREATED"], "canceller": ["seller"]},
        "resolutions": [
            {
                "modality": None, "actor": None, "system": None, "over": [], "rests_on": None, "restates": None,
                "when": {"stage": ["CREATED"], "canceller": ["seller"]}, "outcome": "refused", "tasks": None, "manner": None, "like": {},
            },
            {
                "modality": "need-not", "actor": "client", "system": "ERP", "over": [], "rests_on": None, "restates": None,
                "when": {"stage": ["CREATED"], "canceller": ["Ajio"]}, "outcome": None,
                "tasks": [{"modality": "need-not", "task": "grn", "actor": "client", "system": "ERP", "when": "now"}],
                "manner": None, "like": {},
            },
        ],
        "dispositions": [],
        "alternatives": [],
    }  # fmt: skip
    assert len(gaps) == 2


def test_what_each_other_reading_of_a_gap_decides_is_plain_data(tmp_path: Path) -> None:
    """Under the reading that we assume, and under another one, where ours is among the others, also if it has no number."""
    more = (
        '[[gap.alternative]]\nreading = 2\nchosen = "the second"\nleaves_open = ["tasks"]\n\n'
        '[[gap.alternative.resolution]]\noutcome = "allowed"\n\n'
        '[[gap.alternative.disposition]]\nquality_check = "pass"\nstock = "saleable"\noffline_claim = true\n\n'
    )
    ruling = {
        "modality": None,
        "actor": None,
        "system": None,
        "over": [],
        "rests_on": None,
        "restates": None,
        "tasks": None,
        "manner": None,
    }
    ruling |= {"when": {"stage": ["CREATED"], "canceller": ["seller"]}, "like": {}}
    second = {
        "reading": 2,
        "chosen": "the second",
        "leaves_open": ["tasks"],
        "resolutions": [{**ruling, "outcome": "allowed"}],
        "dispositions": [{"quality_check": "pass", "stock": "saleable", "offline_claim": True}],
    }
    for number, text in ((0, GAPS), (1, GAPS.replace("leaves_open", "reading = 1\nleaves_open", 1))):
        write(tmp_path, gaps=text.replace('[[gap]]\nid = "GAP-02"', more + '[[gap]]\nid = "GAP-02"'))
        gap = read_rulebook(tmp_path).gaps[0]
        other = gap.with_ruling(next(ruling for ruling in gap.rulings if ruling.number == 2)).to_plain()

        assert (gap.to_plain()["reading"], gap.to_plain()["alternatives"]) == (number, [second])
        assert (other["reading"], other["chosen"], other["resolutions"]) == (2, "the second", second["resolutions"])
        assert [(entry["reading"], entry["chosen"]) for entry in other["alternatives"]] == [(number, "the first")]  # type: ignore[attr-defined]


def test_a_register_says_when_a_task_falls_due_what_it_is_the_alternative_to_and_what_a_sentence_rests_on(tmp_path: Path) -> None:
    more = 'task = "use-as-reference"\ndue = "when packing fails"\ninstead_of = "grn"\nrests_on = "A-B-1"'
    watched = GAPS.replace('why = "because"', 'why = "because"\nwatch = "the units"')
    assert watched != GAPS

    rulebook = read_rulebook(write(tmp_path, CLAUSES.replace('task = "use-as-reference"', more), watched))

    told = rulebook.clauses[1]
    assert told.tasks == (Task(Modality.MAY, TaskKey("use-as-reference"), "client", "OMS", Timing.WHEN_PACKING_FAILS, TaskKey("grn")),)
    assert (told.rests_on, told.to_plain()["rests_on"]) == ("A-B-1", "A-B-1")
    assert [gap.watch for gap in rulebook.gaps] == ["", "the units"]
    assert rulebook.gaps[1].to_plain()["watch"] == "the units"


def test_a_rulebook_without_a_name_is_called_like_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "of_ours"
    folder.mkdir()

    rulebook = read_rulebook(write(folder, CLAUSES.replace('name = "tiny"\ntitle = "A tiny SOP"\n', "")))

    assert (rulebook.name, rulebook.title) == ("of_ours", "")


def test_a_byte_order_mark_is_no_part_of_a_register(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "gaps.toml").write_bytes(b"\xef\xbb\xbf" + GAPS.encode())

    assert len(read_rulebook(tmp_path).gaps) == 2


def test_the_rulebook_of_the_project_is_the_one_by_default() -> None:
    rulebook = read_rulebook()

    assert (rulebook.name, len(rulebook.clauses), len(rulebook.sections)) == ("clients_v1", 65, 13)


STAGES = "expected one of `CREATED`, `UNFULFILLABLE`, `FULFILLABLE`, `PROCESSING`, `PACKED`, `READY_TO_DISPATCH`, `COMPLETED`, `CANCELLED`"
PACKED = 'when = { stage = ["PACKED", "COMPLETED"], invoicing = "ERP" }'
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
READING_2 = '[[gap.alternative]]\nreading = 2\nchosen = "the second"\n\n'
ANSWER_2 = '[gap.answer]\nreading = 2\nby = "A"\non = 2026-12-01\n\n'
SECOND = '[[gap]]\nid = "GAP-02"'
IN_GAPS = {
    "a reading is not there": (
        ('title = "A question"', 'title = "A question"\nreading = 3'),
        ["gaps.toml:2: `reading` of `GAP-01` must be the number of one of its 2 `readings`"],
    ),
    "an alternative has no number": (
        (SECOND, '[[gap.alternative]]\nchosen = "the second"\n\n' + SECOND),
        ["gaps.toml:2: `reading` of `GAP-01` must be the number of one of its 2 `readings`"],
    ),
    "a reading is decided twice": (
        (SECOND, READING_2 + READING_2 + SECOND),
        ["gaps.toml:2: `GAP-01` decides reading 2 twice; remove one, or correct its `reading`"],
    ),
    "an answer names a reading that cannot be tried": (
        (SECOND, ANSWER_2 + SECOND),
        ["gaps.toml:2: `GAP-01` is answered with a `reading` that cannot be tried; none of its readings can be; state `reading` first"],
    ),
    "an answer has no day": (
        (SECOND, READING_2 + ANSWER_2.replace("2026-12-01", '"2026-12-01"') + SECOND),
        ["gaps.toml:2: `on` in the answer to `GAP-01` must be a date, such as 2026-12-01"],
    ),
    "an answer has no name": (
        (SECOND, READING_2 + ANSWER_2.replace('"A"', '""') + SECOND),
        ["gaps.toml:2: `by` must be a text"],
    ),
    "a key of an answer is unknown": (
        (SECOND, READING_2 + ANSWER_2.replace("by = ", 'who = "B"\nby = ') + SECOND),
        ["gaps.toml:2: unknown key `who` in `GAP-01`; expected one of `by`, `evidence`, `id`, `on`, `reading`, `remark`"],
    ),
    "a key is unknown": (
        ('title = "Another"', 'title = "Another"\ntile = ""'),
        ["gaps.toml:26: unknown key `tile` in `GAP-02`; did you mean `title`?"],
    ),
    "a key of a resolution is unknown": (
        ('outcome = "refused"', 'outcome = "refused"\nzzz = ""'),
        [
            "gaps.toml:2: unknown key `zzz` in ``; expected one of `actor`, `due`, `instead_of`, `like`, `manner`, `modality`, `outcome`, `over`, `restates`, `rests_on`, `system`, `task`, `tasks`, `when`"
        ],
    ),
    "its texts are missing": (
        ('title = "Another"\nkind = "choice"\naspect = "data"\nnearest = "R-1"\nchosen = "so"\nwhy = "because"\nquestion = "How?"\n', ""),
        [f"gaps.toml:26: `{key}` must be a text" for key in ("title", "kind", "aspect", "nearest", "chosen", "why", "question")],
    ),
    "cases are no number": (
        ("cases = 16", 'cases = "many"'),
        ["gaps.toml:2: `cases` must be a whole number", "gaps.toml:2: `GAP-01` has a `when` but no number of `cases`; add `cases`"],
    ),
    "cases are not said": (("cases = 16\n", ""), ["gaps.toml:2: `GAP-01` has a `when` but no number of `cases`; add `cases`"]),
    "a fact of returns is unknown": (
        ('on = "return"', 'on = "return"\nwhen = { stage = "PACKED" }\ncases = 1'),
        ["gaps.toml:26: unknown fact `stage`; expected one of `quality_check`"],
    ),
    "what it is about is a number": (('on = "return"', "on = 1"), ["gaps.toml:26: `on` must be a text"]),
    "a resolution has no cases to resolve": (
        ('when = { stage = "CREATED", canceller = "seller" }\n', ""),
        ["gaps.toml:2: `GAP-01` has a resolution but no `when`; add the cases that it resolves"] * 2,
    ),
    "the outcome of a resolution is unknown": (
        ('outcome = "refused"', 'outcome = "refusd"'),
        ["gaps.toml:2: unknown outcome `refusd`; did you mean `refused`?"],
    ),
    "readings are one text": (
        ('readings = ["the first", "the second"]', 'readings = "the first"'),
        ["gaps.toml:2: `readings` must be a list of texts"],
    ),
    "what is left open is a number": (
        ('leaves_open = ["tasks"]', "leaves_open = [1]"),
        ["gaps.toml:2: `leaves_open` must be a list of texts"],
    ),
    "resolutions are texts": (
        ('on = "return"', 'on = "return"\nresolution = ["x"]'),
        ["gaps.toml:26: `resolution` must be written as [[gap.resolution]]"],
    ),
    "a disposition is not a table": (
        ('[[gap.disposition]]\nquality_check = "pass"\nstock = "saleable"\noffline_claim = false\n', "disposition = 1\n"),
        ["gaps.toml:26: `disposition` must be written as [[gap.disposition]]"],
    ),
    "a key of a disposition is unknown": (
        ("offline_claim = false", "offline_claim = false\ncolour = 1"),
        ["gaps.toml:26: unknown key `colour` in ``; expected one of `offline_claim`, `quality_check`, `stock`"],
    ),
    "a disposition says nothing": (
        ('quality_check = "pass"\nstock = "saleable"\noffline_claim = false\n', ""),
        [
            "gaps.toml:26: unknown quality_check `None`; expected one of `not recorded`, `pass`, `fail`, `missing`",
            "gaps.toml:26: `stock` must be a text",
            "gaps.toml:26: `offline_claim` must be true or false",
        ],
    ),
}


@pytest.mark.parametrize("name", IN_CLAUSES)
def test_a_register_of_clauses_that_does_not_fit_is_refused(name: str, tmp_path: Path) -> None:
    (before, after), expected = IN_CLAUSES[name]
    assert CLAUSES.count(before) == 1, "the test breaks one place"
    assert reasons_of_refusal(write(tmp_path, CLAUSES.replace(before, after))) == expected


@pytest.mark.parametrize("name", IN_GAPS)
def test_a_register_of_gaps_that_does_not_fit_is_refused(name: str, tmp_path: Path) -> None:
    (before, after), expected = IN_GAPS[name]
    assert GAPS.count(before) == 1, "the test breaks one place"

    assert reasons_of_refusal(write(tmp_path, gaps=GAPS.replace(before, after))) == expected


def test_a_register_without_records_is_refused(tmp_path: Path) -> None:
    assert reasons_of_refusal(write(tmp_path, 'title = "Empty"\nclause = []\n', "gap = 1\n")) == [
        "clauses.toml: has no [[section]] record",
        "clauses.toml: has no [[clause]] record",
        "gaps.toml: has no [[gap]] record",
    ]


def test_registers_that_are_missing_are_refused_together(tmp_path: Path) -> None:
    hint = "a rulebook is a folder with clauses.toml and gaps.toml"
    assert reasons_of_refusal(tmp_path) == [
        f"{name}: cannot be read (the file does not exist); {hint}" for name in ("clauses.toml", "gaps.toml")
    ]


def test_a_folder_that_only_says_that_it_fails_is_quoted() -> None:
    class Gone:
        name = "gone"

        def __truediv__(self, name: str) -> "Gone":
            return self

        def read_bytes(self) -> bytes:
            raise OSError("the network is down")

    assert reasons_of_refusal(Gone())[0] == (  # type: ignore[arg-type]
        "clauses.toml: cannot be read (the network is down); a rulebook is a folder with clauses.toml and gaps.toml"
    )


def test_a_register_that_is_no_text_or_no_toml_is_refused(tmp_path: Path) -> None:
    write(tmp_path, gaps="a = 1\na = 2\n")
    (tmp_path / "clauses.toml").write_bytes(b'a = "\xff"')

    assert reasons_of_refusal(tmp_path) == [
        "clauses.toml: it is not UTF-8 text (byte 6); write it as TOML in UTF-8",
        "gaps.toml: it is not TOML: Cannot overwrite a value (at line 2, column 6); write it as TOML in UTF-8",
    ]


def test_a_register_nested_without_end_is_refused(tmp_path: Path) -> None:
    (found,) = reasons_of_refusal(write(tmp_path, gaps="a = " + "[" * 20_000))

    assert found.startswith("gaps.toml: it is nested too deeply")


def test_a_refusal_names_the_rulebook_and_counts_its_reasons(tmp_path: Path) -> None:
    folder = tmp_path / "of_ours"
    folder.mkdir()

    with pytest.raises(RulebookError) as refusal:
        read_rulebook(write(folder, CLAUSES.replace('line = "3"', "line = 3")))

    assert str(refusal.value) == "the rulebook `of_ours` is refused for 1 reason:\n  clauses.toml:22: `line` must be a text"


def reasons_of_refusal(folder: Path) -> list[str]:
    with pytest.raises(RulebookError) as refusal:
        read_rulebook(folder)
    return list(refusal.value.findings)
