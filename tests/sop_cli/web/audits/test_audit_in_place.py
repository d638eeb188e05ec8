"""What is wrong on the Audit screen stands at its place, before anything runs; and what is mended there goes on."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.sop_cli.web.audits.test_audit_choices import worklist_with
from tests.sop_cli.web.audits.test_audit_page import barriers, columns_of, drop
from tests.support.audit_files import DUE
from tests.support.browsing import running_browser
from tests.support.workbench import RunningWorkbench, copy_project, running_workbench
from tests.support.workbench_page import until, workbench_page

pytestmark = pytest.mark.slow
ALL = ".audit-file [role=status]"
TO_DO = "form div.error li"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium; the whole way is tried in Firefox too, elsewhere."""
    yield from running_browser()


@pytest.fixture(scope="module")
def workbench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningWorkbench]:
    with running_workbench(copy_project(tmp_path_factory.mktemp("in-place") / "project")) as running:
        yield running


@pytest.fixture
def page(browser: Any, workbench: RunningWorkbench) -> Iterator[Any]:
    """The screen with one export."""
    with workbench_page(browser, workbench, "#/audit") as opened:
        opened.locator("#audit-files").wait_for()
        send(opened, ("orders.csv", DUE))
        yield opened


HINDI = "ऑर्डर संख्या,रद्द की,रद्द का\nFN0003,1,विक्रेता\n"
BOOK = "Date,Particulars,Voucher Type,Voucher No.,Order No,Value\n4-Jun-26,Ajio B2B,Sales,INV-002,FN0002,100.00\n"
SAVED = """[audit]
[[source]]
file = "hindi.csv"
system = "Assure OMS"
rows = "cancellations"
confirmed = true
[source.columns]
order = "ऑर्डर संख्या"
units_cancelled = "रद्द की"
canceller = { column = "रद्द का", words = { "विक्रेता" = "seller" } }

[[source]]
file = "book.csv"
profile = "tally-daybook"
confirmed = true
[source.columns]
channel = { column = "Particulars", words = { "Ajio B2B" = "Ajio" } }
"""


def send(page: Any, *files: tuple[str, str]) -> None:
    drop(page, *files)
    until(page, f"document.querySelectorAll('{ALL}').length === 0")


def audit(page: Any) -> None:
    page.get_by_role("button", name="Audit", exact=True).click()


def to_do(page: Any) -> list[str]:
    """Return what is to be done before the audit, without the links."""
    return [text.removesuffix(" Go to it") for text in page.locator(TO_DO).all_inner_texts()]


def test_days_and_name_of_a_result_that_cannot_be_are_named_at_their_fields(page: Any, browser: Any, workbench: RunningWorkbench) -> None:
    first, last = (page.get_by_label(f"Orders cancelled after posting, {end}") for end in ("from", "to"))
    first.fill("2026-06-30")
    audit(page)
    assert to_do(page) == ["Orders cancelled after posting, to: choose the last day too, or neither"]
    assert page.evaluate("document.activeElement.id") == "audit-vms-to"
    last.fill("2026-06-01")
    page.get_by_label("Name of the result").fill("jüli")
    page.get_by_label("Day of the audit").fill("0026-07-15")
    assert page.locator("form .field-error:not(:empty)").all_inner_texts() == [
        "the year 26 cannot be one of orders: write 2017 to 2099",
        "write letters without accents, digits, - and _, at most 64 of them, a letter or digit first",
        "it is before the first day; exchange them",
    ]
    assert last.get_attribute("aria-invalid") == "true"
    page.locator("summary", has_text="Days between two events").click()
    days = page.get_by_label("From an order to its e-invoice, at most")
    assert days.input_value() == "7"
    days.fill("367")
    assert to_do(page)[-1] == "From an order to its e-invoice, at most: write a whole number of days from 0 to 366"
    assert barriers(page, browser) == []
    days.fill("9")
    page.get_by_label("Day of the audit").fill("2026-07-15")
    page.get_by_label("Name of the result").fill("days")
    first.fill("2026-06-01")
    last.fill("2026-06-19")
    assert to_do(page) == []
    audit(page)
    page.get_by_role("heading", name="Audit as of").wait_for()
    page.get_by_role("button", name="Save the mapping").click()
    assert "days_from_order_to_invoice = 9" in page.get_by_role("dialog").inner_text()

    list_for_vms = (workbench.home / "build/audits/days/cancelled-after-posting.csv").read_text(encoding="utf-8-sig")
    assert list_for_vms.splitlines()[1:] == []


def test_what_is_edited_wrongly_in_a_file_is_named_before_the_run(page: Any) -> None:
    page.get_by_label("Read column A, Channel Order ID").uncheck()
    page.get_by_label("Form of dates", exact=True).select_option("other")
    page.get_by_label("It holds everything").check()
    page.get_by_label("from", exact=True).fill("0026-06-01")
    page.get_by_label("to", exact=True).fill("2026-06-30")
    audit(page)

    assert to_do(page) == [
        "orders.csv: choose the column for order",
        "orders.csv: write the form of its dates",
        "orders.csv: what it holds completely: the year 26 cannot be one of orders: write 2017 to 2099",
    ]
    page.get_by_role("button", name="Remove").click()
    assert to_do(page) == []
    send(page, ("orders.csv", DUE))
    assert to_do(page) == []


def test_the_second_of_two_files_of_one_name_is_taken_when_the_first_is_removed(page: Any) -> None:
    send(page, ("orders.csv", DUE.replace("FN0003", "FN0099")))
    assert page.locator(".audit-file .error").all_inner_texts() == ["two files have this name; rename one, or remove it"]
    page.get_by_role("button", name="Remove").first.click()
    columns_of(page, "orders.csv").locator("table.columns").wait_for()

    assert page.locator(".audit-file .error").count() == 0
    assert page.locator(".audit-file").count() == 1


def test_a_copy_of_the_worklist_with_notes_is_read_back(page: Any, workbench: RunningWorkbench, tmp_path: Path) -> None:
    page.get_by_label("Name of the result").fill("june")
    audit(page)
    page.get_by_role("heading", name="Audit as of").wait_for()
    with page.expect_download() as download:
        page.locator(".downloads").get_by_role("link", name="Worklist (XLSX)").click()
    download.value.save_as(tmp_path / "downloaded.xlsx")
    worklist_with("asked Meera", tmp_path / "downloaded.xlsx", tmp_path / "worklist.xlsx")
    page.locator("#audit-files").set_input_files(str(tmp_path / "worklist.xlsx"))
    columns_of(page, "worklist.xlsx").get_by_text("A worklist of this program, with 1 note.").wait_for()
    page.get_by_label("Day of the audit").fill("2026-07-20")
    page.get_by_label("Name of the result").fill("july")
    audit(page)
    page.get_by_role("heading", name="Audit as of 20 Jul 2026").wait_for()

    assert "asked Meera" in (workbench.home / "build/audits/july/audit.html").read_text()
    shutil.copytree(workbench.home / "build/audits/july", workbench.home / "build/audits/of-another-tab")
    page.evaluate("dispatchEvent(new Event('focus'))")
    page.locator("#audit-since option", has_text="of-another-tab").wait_for(state="attached")
    page.get_by_role("button", name="Remove").first.click()
    audit(page)
    assert to_do(page) == ["choose an export of orders too: a worklist has only notes"]


def test_a_saved_mapping_finds_names_with_signs_of_vowels_and_keeps_a_personal_column(page: Any) -> None:
    """The values of the personal column are not shown; the saved mapping says what it is for."""
    send(page, ("hindi.csv", HINDI), ("book.csv", BOOK), ("audit.toml", SAVED))
    page.locator("section.saved").get_by_text("filled in from it for 2 sources").wait_for()
    until(page, f"document.querySelectorAll('{ALL}').length === 0")
    file = columns_of(page, "hindi.csv")

    assert [text for text in page.locator("section.saved li").all_inner_texts() if not text.startswith("orders.csv")] == []
    assert [select.input_value() for select in file.locator("table.columns select").all()] == ["order", "units_cancelled", "canceller"]
    page.locator("summary", has_text="More about this file").last.click()
    assert columns_of(page, "book.csv").get_by_text("Kept from audit.toml as it is: Particulars for channel.").is_visible()
    for box in page.get_by_label("I have checked").all():
        box.check()
    page.get_by_role("button", name="Save the mapping").click()
    assert 'channel = {column = "Particulars", words = {"Ajio B2B" = "Ajio"}}' in page.get_by_role("dialog").inner_text()


def test_a_reload_is_asked_about_while_files_are_not_audited_yet(page: Any, workbench: RunningWorkbench) -> None:
    """The link of a new start is not."""
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_label("Name of the result").click()
    page.evaluate("setTimeout(() => location.reload())")
    until(page, "document.querySelectorAll('.audit-file').length === 1")
    page.wait_for_timeout(300)

    assert asked == ["beforeunload"]
    assert page.locator(".audit-file").count() == 1
    page.evaluate("token => setTimeout(() => { location.hash = `token=${token}`; })", workbench.token)
    page.locator(".audit-file").wait_for(state="detached")
    assert asked == ["beforeunload"]
