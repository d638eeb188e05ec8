"""Data that all pages share: the run, the SOP with the results of the run, and the address of everything."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from reports.document.assembly import living_document
from reports.document.content import LivingDocument
from reports.document.glossary import glossary
from reports.document.placement import Placement
from reports.examples.views import ScenarioView
from reports.export.step_definitions import SENTENCES, Sentence, read_sentences
from reports.html.errors import ReportError
from reports.html.links import Links
from sop_engine import load_rulebook
from sop_runs.change.snapshot import Snapshot, snapshot_of_run
from sop_runs.change.snapshot_changes import Changes, changes
from sop_runs.record.reader import RunRecord
from sop_runs.record.verdict import Verdict, judge


class Context(msgspec.Struct, frozen=True):
    """Data of one run for all pages.

    ``record`` is the run record, ``verdict`` the verdict on it, ``document`` the SOP in document order with results, ``scenarios``
    every scenario in the order of the files, ``placement`` the clause or gap under which each is shown, ``cases`` whether the
    answers to all cases can be shown (not if the run had another rulebook), ``links`` the address of everything. ``changes`` is
    the difference to what the run is compared with (None: there is no comparison, and ``no_comparison`` may have the reason),
    ``source`` the lines of the reader's own copy of the SOP, ``simulations`` a folder of simulation results, ``audits`` one of audits, ``folder`` that of
    the run, if it has one and ``sentences`` the step sentences listed there. ``other_version`` is the version of the document that the run
    used, if that is why it is not compared.
    """

    record: RunRecord
    verdict: Verdict
    document: LivingDocument
    scenarios: tuple[ScenarioView, ...]
    placement: Placement
    cases: bool
    links: Links
    changes: Changes | None = None
    no_comparison: str = ""
    source: tuple[str, ...] | None = None
    simulations: Path | None = None
    audits: Path | None = None
    folder: Path | None = None
    sentences: tuple[Sentence, ...] = ()
    other_version: str = ""

    @property
    def version(self) -> str:
        """The version of the document that this process reads."""
        return load_rulebook().name


def context_of(  # noqa: PLR0913 - the inputs of the pages
    record: RunRecord,
    *,
    verdict: Verdict | None = None,
    base: Snapshot | str | None = None,
    source: Sequence[str] | None = None,
    simulations: Path | None = None,
    audits: Path | None = None,
    folder: Path | None = None,
) -> Context:
    """Collect the data of all pages about *record*.

    *verdict* is the verdict on the run (the record alone is judged if not given), *base* what it is compared with, or why nothing is.

    Raises:
        RunRecordError: the list of sentences in *folder* cannot be used.
    """
    verdict = verdict or judge(record)
    cases = load_rulebook().sha256 == record.head.rulebook.sha256
    words = [term for chapter in glossary() for word in chapter.words for term in word.terms]
    links = Links(record.rulebook, [feature.path for feature in record.features], words=words, cases=cases)
    document, scenarios, placement = living_document(record, verdict, links)
    lines = None if source is None else tuple(source)
    base = None if record.head.driver is not None else base  # the answers of another system are not changes of this project's
    other_version = _other_version(record, base)
    base = None if other_version else base
    no_comparison = base if isinstance(base, str) else ""
    comparison = changes(base, snapshot_of_run(record, with_table=base.behaviour is not None)) if isinstance(base, Snapshot) else None
    sentences = _sentences_of_run(folder, record)
    return Context(
        record, verdict, document, scenarios, placement, cases, links, comparison, no_comparison, lines, simulations, audits, folder, sentences,
        other_version,
    )  # fmt: skip


def _other_version(record: RunRecord, base: Snapshot | str | None) -> str:
    """Return the version of the document that the run used, if it is not the present one and *base* has all answers of a rulebook.

    Such a run has answers only in its claims, and most that changed would be missing.
    """
    used, present = record.head.rulebook, load_rulebook()
    is_other = used.name != present.name and used.sha256 != present.sha256
    return used.name if is_other and isinstance(base, Snapshot) and base.behaviour is not None else ""


def _sentences_of_run(folder: Path | None, record: RunRecord) -> tuple[Sentence, ...]:
    """Return the step sentences of the run; none for a record without its folder, or one that ends before the first example.

    Raises:
        SopError: the list of them is missing or cannot be used.
    """
    if folder is None or not record.scenarios:
        return ()
    if not (folder / SENTENCES).exists():
        raise ReportError(
            SENTENCES,
            "the list of step sentences of the run is missing",
            "keep all files of a run folder together, or run `sop verify` again",
        )
    return read_sentences(folder)
