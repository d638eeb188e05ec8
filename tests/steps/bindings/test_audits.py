"""Step sentences about audits: what they compare, the rules that the features cover, and what they refuse."""

import subprocess
import sys
from datetime import date
from itertools import chain

import pytest

from orders.audit.rules.registry import RULES
from orders.audit.tables import Claim
from orders.intake.mapping.reading import read_mapping
from sop_engine import Invoicing, Reading
from steps.definitions.tables import CellError
from steps.driver.audits import audit_files
from steps.driver.http_driver import HttpDriver
from steps.driver.in_process import EngineDriver
from steps.driver.protocol import AuditAnswer, NotSupportedError
from steps.support.audit_tables import (
    ASSURE,
    AUDIT_DUTIES,
    AUDIT_FINDINGS,
    CLAIMS,
    DUTY_STATUSES,
    ERP,
    EXPORTS,
    FINDING_WORDS,
    SET_ASIDE,
    STRENGTHS,
    grounds_in,
)
from steps.support.audits import MAPPING, AuditPlan, aside_checks, duty_checks, finding_checks, run_of_plan
from steps.support.claims import Claims
from steps.support.order_steps import UntrueStepError
from tests.support.feature_runs import FEATURES, read

REFUSED = """\
| order | units | units cancelled | by         | OMS status | WMS status | posted           | e-invoice | cancelled        | result      |
| A     | 1     | 1               | the seller | PROCESSING | PACKED     | 2026-06-04 09:00 | -         | 2026-06-06 09:30 | carried out |
| B     | 1     | 1               | the seller | PROCESSING | PACKED     | 2026-06-31 09:00 | -         | 2026-06-06 09:30 | carried out |"""
REFUSAL = "The cancellation was carried out although the SOP does not allow it."
FINDING = f"""\
| order | finding                        | strength | rests on      | why       |
| A     | C-1 carried out though refused | must     | SC-ERP-FULL-3 | {REFUSAL} |"""
ASIDE = """\
| file       | row | reason                                          |
| assure.csv | 3   | "2026-06-31 09:00" is no date: June has 30 days |"""


def cells(text):
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()]


def refused():
    """An audit of one refused cancellation that was carried out, and of a row that is set aside."""
    plan = AuditPlan().invoiced_through(Invoicing.ERP).with_export(ASSURE, ASSURE.table.filled(cells(REFUSED)))
    return run_of_plan(plan, date(2026, 7, 15), Reading.AS_PRACTISED, EngineDriver())


def wrong(checks):
    return [check[0] for check in checks if check[1] != check[2]]


def after_rows_set_aside():
    """Claims in which the rows set aside are named."""
    claims = Claims()
    claims.check_all(refused().subject, aside_checks(refused(), SET_ASIDE.filled(cells(ASIDE))))
    return claims


def test_the_words_of_the_features_are_those_of_the_audit() -> None:
    assert list(FINDING_WORDS) == [f"{rule.id} {rule.finds}" for rule in RULES.values()]
    assert set(CLAIMS) == set(map(str, Claim))


def test_every_rule_strength_status_and_export_is_in_a_feature() -> None:
    """So that an analyst can read why a row is a finding of any rule."""
    audits = [step for file in sorted((FEATURES / "audit").glob("*.feature")) for example in read(file).examples for step in example.steps]
    actual = list(
        chain.from_iterable(step.table for step in audits if step.table and step.text in ("the audit finds", "the duties on that day are"))
    )

    assert {cell for row in actual for cell in row} >= {*FINDING_WORDS, *STRENGTHS, *DUTY_STATUSES}
    headings = [step.table[0] for step in audits if step.table and step.kind == "given"]
    for export in EXPORTS:
        assert any(set(heading) <= set(export.targets) for heading in headings), export.file


def test_what_is_found_passes_and_nothing_more_or_less_does() -> None:
    table = AUDIT_FINDINGS.filled(cells(FINDING))
    fewer = AUDIT_FINDINGS.filled(cells("\n".join([*FINDING.splitlines(), FINDING.splitlines()[1].replace("| A ", "| C ")])))

    assert wrong(finding_checks(refused(), table, after_rows_set_aside())) == []
    assert wrong(finding_checks(refused(), fewer, after_rows_set_aside())) == ["findings", "rows"]
    assert wrong(finding_checks(refused(), None, after_rows_set_aside())) == ["findings", "rows"]


@pytest.mark.parametrize(
    ("column", "old", "new"),
    [
        ("order", "| A ", "| C "),
        ("finding", "C-1 carried out though refused", "C-4 turned away though allowed"),
        ("strength", "| must ", "| ask "),
        ("rests on", "| SC-ERP-FULL-3 ", "| SC-ERP-FULL-3, GAP-28 "),
        ("why", REFUSAL, "The cancellation was carried out"),
        ("why", REFUSAL, f"{REFUSAL} Ask."),
    ],
    ids=str,
)
def test_each_cell_of_a_finding_is_compared(column, old, new) -> None:
    table = AUDIT_FINDINGS.filled(cells(FINDING.replace(old, new)))

    assert wrong(finding_checks(refused(), table, after_rows_set_aside())) == ["rows", column]


def test_a_row_set_aside_that_no_then_names_is_not_passed_over() -> None:
    checks = finding_checks(refused(), AUDIT_FINDINGS.filled(cells(FINDING)), Claims())

    assert wrong(checks) == ["rows set aside that no Then names"]
    assert checks[0][2] == ['assure.csv row 3: "2026-06-31 09:00" is no date: June has 30 days']
    assert wrong(aside_checks(refused(), SET_ASIDE.filled(cells(ASIDE)))) == []
    assert wrong(aside_checks(refused(), SET_ASIDE.filled(cells(ASIDE.replace("| 3 ", "| 2 "))))) == ["rows", "row"]


def test_duties_are_compared_both_ways() -> None:
    one = AUDIT_DUTIES.filled([["order", "status"], ["A", "open"]])

    assert wrong(duty_checks(refused(), None)) == []
    assert wrong(duty_checks(refused(), one)) == ["duties", "rows"]


def test_the_files_are_read_as_those_of_a_client(tmp_path) -> None:
    """The mapping that is written is one that `sop audit` takes."""
    plan = AuditPlan()
    for export in EXPORTS:
        names = [column.name for column in export.table.columns]
        words = [column.kind.words[0] if column.kind.words else "-" for column in export.table.columns]
        row = ["A" if name == "order" else word for name, word in zip(names, words, strict=True)]
        plan = plan.with_export(export, export.table.filled([names, row]))
    plan = plan.with_claim("returns", date(2026, 6, 1), date(2026, 6, 30)).with_stock_in_erp()
    for name, text in plan.files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    mapping = read_mapping(tmp_path / MAPPING)

    assert [source.file.name for source in mapping.sources] == [export.file for export in EXPORTS]
    assert mapping.sources[-1].complete_of is Claim.RETURNS
    assert mapping.stock_in_erp
    assert isinstance(audit_files(tmp_path / MAPPING, date(2026, 7, 15), Reading.AS_PRACTISED), AuditAnswer)


def test_a_file_is_given_once_and_a_claim_belongs_to_a_file() -> None:
    day, table = date(2026, 6, 1), ERP.table.filled([["document"], ["invoice"]])
    plan = AuditPlan().with_export(ERP, table)

    with pytest.raises(UntrueStepError, match=r"already a table for daybook\.csv"):
        plan.with_export(ERP, table)
    with pytest.raises(UntrueStepError, match="does not give a file"):
        AuditPlan().with_claim("documents", day, day)
    with pytest.raises(UntrueStepError, match="does not give a file"):
        plan.with_claim("documents", day, day).with_claim("documents", day, day)


def test_an_id_that_is_not_in_the_register_is_refused() -> None:
    with pytest.raises(CellError, match="unknown clause or gap `SC-ERP-FULL-9`"):
        grounds_in("SC-ERP-FULL-3, SC-ERP-FULL-9")


def test_no_server_makes_audits() -> None:
    class Server:
        class record:  # noqa: N801 (as the attribute)
            title = "A server 1"

    with pytest.raises(NotSupportedError, match="not supported by A server 1: the contract has no operation for audits"):
        HttpDriver(Server()).audit(None, date(2026, 7, 15), Reading.AS_PRACTISED)


def test_without_its_package_an_audit_is_not_supported(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr("steps.driver.audits.find_spec", lambda _: None)

    with pytest.raises(NotSupportedError, match="the audit needs the package `pyarrow` of the extra `logs`"):
        audit_files(tmp_path / MAPPING, date(2026, 7, 15), Reading.AS_PRACTISED)


def test_no_other_feature_imports_what_audits_need() -> None:
    program = "import sys; from steps.definitions.discovery import built_in_modules as load; load(); print({'pyarrow', 'numpy', 'duckdb'} & set(sys.modules))"

    assert subprocess.run([sys.executable, "-P", "-c", program], capture_output=True, text=True, check=True).stdout == "set()\n"
