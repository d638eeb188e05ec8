"""Two registers are read into a rulebook with exactly their content."""

import hashlib
from dataclasses import replace
from pathlib import Path

from sop_engine import Modality, Outcome, Rulebook, Task, TaskKey, Timing, load_rulebook
from sop_engine.reader import read_rulebook
from sop_engine.statement import CASE, ORDER, RETURN, Disposition, Gap, Ruling, Section, Statement, When
from tests.support.small_registers import CLAUSES, GAPS, write

SELLER, BOTH = frozenset({"seller"}), frozenset({"full", "partial"})


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


def test_a_register_says_when_a_task_falls_due_what_it_is_the_alternative_to_and_what_a_sentence_rests_on(tmp_path: Path) -> None:
    more = 'task = "use-as-reference"\ndue = "when packing fails"\ninstead_of = "grn"\nrests_on = "A-B-1"'
    watched = GAPS.replace('why = "because"', 'why = "because"\nwatch = "the units"')
    assert watched != GAPS

    rulebook = read_rulebook(write(tmp_path, CLAUSES.replace('task = "use-as-reference"', more), watched))

    clause = rulebook.clauses[1]
    assert clause.tasks == (Task(Modality.MAY, TaskKey("use-as-reference"), "client", "OMS", Timing.WHEN_PACKING_FAILS, TaskKey("grn")),)
    assert (clause.rests_on, clause.to_plain()["rests_on"]) == ("A-B-1", "A-B-1")
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
