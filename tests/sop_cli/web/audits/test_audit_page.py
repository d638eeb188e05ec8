"""The Audit screen in Chromium and in Firefox: from dropped exports to a worklist, by mouse and by keyboard alone, in two tabs, and cancelled."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sop_cli.web.uploads_folder import UPLOADS_NAME
from tests.sop_cli.web.audits.test_audit import ALIKE
from tests.support.audit_files import DUE, EXAMPLES
from tests.support.browsing import OVERFLOW, PHONE, WIDE, axe_core, violations_here
from tests.support.firefox import BROWSERS
from tests.support.hostile_text import PAYLOADS
from tests.support.sent_files import many_orders
from tests.support.workbench import RunningWorkbench, copy_project, running_workbench
from tests.support.workbench_page import file_chooser, until, workbench_page

pytestmark = pytest.mark.slow
DROP = """async ([files]) => {
  const transfer = new DataTransfer();
  for (const [name, text] of files) transfer.items.add(new File([text], name));
  const zone = document.querySelector(".drop");
  for (const type of ["dragenter", "dragover", "drop"])
    zone.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: transfer }));
}"""
EXPORTS = [str(file) for file in sorted(EXAMPLES.glob("*.csv"))]
CLAIMED = (("2026-06-01", "2026-06-30"), ("2026-06-01", "2026-06-30"), ("2026-04-01", "2026-07-15"))


@pytest.fixture(scope="module", params=BROWSERS)
def browser(request: pytest.FixtureRequest) -> Iterator[Any]:
    """Each browser after the other."""
    yield from BROWSERS[request.param]()


@pytest.fixture
def workbench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningWorkbench]:
    """A workbench whose temporary files are the test's own."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    with running_workbench(copy_project(tmp_path / "project")) as running:
        yield running


def drop(page: Any, *files: tuple[str, str]) -> None:
    page.evaluate(DROP, [[list(file) for file in files]])


def sent_files(tmp_path: Path) -> list[str]:
    return sorted(file.name for file in (tmp_path / "temporary").glob(f"{UPLOADS_NAME}*/files/*/*"))


def barriers(page: Any, browser: Any) -> list[Any]:
    """Return what axe-core finds in Chromium; a tab of Firefox ends at the click after a run of axe-core."""
    return violations_here(page, axe_core()) if browser.browser_type.name == "chromium" else []


def columns_of(page: Any, name: str) -> Any:
    return page.locator(".audit-file", has=page.get_by_role("heading", name=name, exact=True))


def test_three_exports_become_a_worklist(browser: Any, workbench: RunningWorkbench, tmp_path: Path) -> None:  # noqa: PLR0915 - the whole way
    """By mouse: choose, confirm, audit, open, download, save the mapping, and compare next month."""
    with workbench_page(browser, workbench, "#/audit") as page:
        page.locator("#audit-files").set_input_files(EXPORTS)
        page.locator(".error", has_text="not UTF-8 (byte 288); if it comes from Excel on Windows, choose cp1252").wait_for()
        page.get_by_role("button", name="Audit", exact=True).click()
        page.get_by_text("1 thing to do first:").wait_for()
        ajio = columns_of(page, "dev2-ajio-orders.csv")
        ajio.get_by_label("Encoding").select_option("cp1252")
        ajio.locator("table").first.wait_for()
        assert "fits `dd/mm/yyyy`" in ajio.inner_text() or "declare the form" in ajio.inner_text()
        page.get_by_role("button", name="Audit", exact=True).click()
        page.get_by_text("2 things to do first:").wait_for()
        assert barriers(page, browser) == []
        page.set_viewport_size(PHONE)
        assert page.evaluate(OVERFLOW) <= 0
        page.set_viewport_size(WIDE)
        page.get_by_role("button", name="Go to it").first.click()
        assert page.evaluate("document.activeElement.id").startswith("format-")
        ajio.get_by_label("Form of dates", exact=True).select_option("dd/mm/yyyy")
        ajio.get_by_label("I have checked").check()
        for number, (first, last) in enumerate(CLAIMED):
            page.get_by_label("It holds everything").nth(number).check()
            page.get_by_label("from", exact=True).nth(number).fill(first)
            page.get_by_label("to", exact=True).nth(number).fill(last)
        page.get_by_label("Where e-invoices are made").select_option("ERP")
        page.get_by_label("Day of the audit").fill("2026-07-15")
        page.get_by_role("button", name="Audit", exact=True).click()
        result = page.locator("section", has=page.get_by_role("heading", name="Audit as of 15 Jul 2026"))
        result.wait_for(timeout=120_000)

        assert re.sub(r"\s+", " ", page.locator(".three-figures").inner_text()) in {
            "2 against the SOP 3 ₹12,800.00 credit notes due 8 of 57 rows rows set aside",
            "against the SOP 2 credit notes due 3 ₹12,800.00 rows set aside 8 of 57 rows",
        }
        assert [cell.split("\t")[0].strip() for cell in result.locator("tbody th").all_inner_texts()] == ["FN0001", "FN0008", "FN0009"]
        assert barriers(page, browser) == []
        page.set_viewport_size(PHONE)
        assert page.evaluate(OVERFLOW) <= 0
        page.set_viewport_size(WIDE)
        with page.expect_popup() as opened:
            result.get_by_role("link", name="Open the audit").click()
        opened.value.get_by_role("heading", name="Audit of orders, 15 Jul 2026").wait_for()
        assert opened.value.url == f"{workbench.url}/site/audits/2026-07-15/audit.html"
        opened.value.close()
        if browser.browser_type.name == "chromium":
            with page.expect_download() as download:
                result.get_by_role("link", name="Worklist (XLSX)").click()
            written = (workbench.home / "build/audits/2026-07-15/worklist.xlsx").read_bytes()
            assert Path(download.value.path()).read_bytes() == written
        page.get_by_role("button", name="Save the mapping").click()
        page.get_by_role("button", name="Save audit.toml").click()
        page.get_by_text("Saved: audit.toml").wait_for()
        assert 'format = "dd/mm/yyyy"' in (workbench.home / "audit.toml").read_text()

        page.get_by_label("Day of the audit").fill("2026-07-31")
        page.get_by_label("Compare with an earlier audit").select_option("2026-07-15")
        page.get_by_role("button", name="Audit", exact=True).click()
        page.get_by_role("heading", name="Audit as of 31 Jul 2026").wait_for(timeout=120_000)
        page.get_by_text("Since 2026-07-15: 0 closed").wait_for()
        assert page.locator(".results > li").count() == 2
        page.reload()
        page.locator(".results > li").nth(1).wait_for()
        until(page, "document.querySelectorAll('.audit-file').length === 0")
        if browser.browser_type.name == "chromium":
            page.wait_for_timeout(500)
            assert sent_files(tmp_path) == []


def test_an_audit_by_keyboard_alone(browser: Any, workbench: RunningWorkbench, tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(ALIKE)
    with workbench_page(browser, workbench, "#/audit") as page:
        page.locator("#audit-files").wait_for()

        def tab_to(condition: str, key: str = "Tab") -> None:
            for _ in range(120):
                if page.evaluate(f"(() => {{ const e = document.activeElement; return {condition}; }})()"):
                    return
                page.keyboard.press(key)
            pytest.fail(f"not reached by keyboard: {condition}")

        tab_to("e.id === 'audit-files'")
        if browser.browser_type.name == "chromium":
            with file_chooser(page) as chooser:
                page.keyboard.press("Enter")
            chooser.value.set_files(str(tmp_path / "orders.csv"))
        else:
            page.locator("#audit-files").set_input_files(str(tmp_path / "orders.csv"))
        page.locator("table.columns").first.wait_for()
        unticked = page.locator("table.columns tr:is(.alike, .synonym) input[type=checkbox]")
        assert [box.is_checked() for box in unticked.all()] == [False, False]
        tab_to("e.ariaLabel === 'Read column B, Order Qtty'")
        page.keyboard.press("Space")
        tab_to("e.ariaLabel === 'Column C, Cancelled Quantity, is taken for'")
        tab_to("e.id.startsWith('confirmed-')")
        page.keyboard.press("Space")
        tab_to("e.id === 'audit-as-of'")
        page.keyboard.type("07152026")
        tab_to("e.id === 'audit-name'")
        page.keyboard.type("keys")
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Audit as of").wait_for(timeout=120_000)

        assert page.evaluate("document.activeElement.id") == "new-audit"
        assert page.get_by_role("heading", name="Audit as of 15 Jul 2026").is_visible()
        saved = (workbench.home / "build/audits/keys/audit.html").read_text()
        assert "Order Qtty" not in saved.partition("Columns not read")[2]
        tab_to("e.textContent === 'Open the audit'")
        tab_to("e.textContent === 'Remove'", "Shift+Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "audit-files"
        until(page, "document.querySelectorAll('.audit-file').length === 0")
        page.wait_for_timeout(500)
        assert sent_files(tmp_path) == []


def test_dropped_files_with_hostile_names_are_text_and_errors_stand_at_their_file(
    browser: Any, workbench: RunningWorkbench, tmp_path: Path
) -> None:
    """Names and contents; 200 payloads in the cells and in a header."""
    payloads = [text.replace("\n", " ").replace('"', "'") for text in PAYLOADS[:: len(PAYLOADS) // 200][:200]]
    head, row = DUE.splitlines()
    rows = [row.replace("FN0003", f'"{text}"') for text in payloads]
    content = "\n".join([f'{head},"{payloads[1]}","<img src=x onerror=alert(pwned=1)>"', *(f"{line},a,b" for line in rows), ""])
    with workbench_page(browser, workbench, "#/audit", allowed="400 (Bad Request)") as page:
        dialogs: list[str] = []
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        page.locator("#audit-files").wait_for()
        name = "<img src=x onerror=alert(pwned=1)>.csv"
        drop(
            page,
            (name, content),
            ("../../etc/passwd", "a,b"),
            ("empty.csv", ""),
            ("a\u202eb.csv", "x"),
            (name, content),
            ("orders.zip", "PK"),
        )
        columns_of(page, name).first.locator("table").first.wait_for(timeout=120_000)
        until(page, "document.querySelectorAll('.audit-file [role=status]').length === 0")

        errors = page.locator(".audit-file .error").all_inner_texts()
        assert len(errors) == 5
        assert [text for text in errors if "\n" in text] == []
        assert "two files have this name" in errors[3]
        assert "archive" in errors[4]
        for text in errors[:3]:
            assert re.search("rename|empty|archive|header", text), text
        for place in (5, 4, 3, 2, 1):
            page.get_by_role("button", name="Remove").nth(place).click()
        assert columns_of(page, name).get_by_text("2 columns not read").is_visible()
        page.get_by_label("Name of the result").fill("hostile")
        page.get_by_role("button", name="Audit", exact=True).click()
        page.get_by_role("heading", name="Audit as of").wait_for(timeout=120_000)
        with page.expect_popup() as opened:
            page.get_by_role("link", name="Open the audit").click()
        opened.value.get_by_role("heading").first.wait_for()
        assert opened.value.evaluate("window.pwned") is None
        assert page.evaluate("window.pwned") is None
        assert dialogs == []
        opened.value.close()
    assert sorted(entry.name for entry in tmp_path.iterdir() if "errors" not in entry.name) == ["project", "temporary"]


def test_an_audit_goes_on_while_the_screen_is_left_and_a_cancelled_one_leaves_nothing(
    browser: Any, workbench: RunningWorkbench, tmp_path: Path
) -> None:
    large = many_orders(tmp_path / "orders.csv", 30_000)
    with workbench_page(browser, workbench, "#/audit") as page:
        page.locator("#audit-files").set_input_files(str(large))
        page.locator("table.columns").wait_for(timeout=120_000)
        page.get_by_label("Day of the audit").fill("2026-07-15")
        page.get_by_role("button", name="Audit", exact=True).click()
        page.get_by_text(re.compile(r"writing \S+ …")).wait_for(timeout=120_000)
        page.get_by_role("link", name="Gate").first.click()
        page.get_by_role("heading", name="Gate").wait_for()
        page.get_by_role("link", name="Audit", exact=True).click()
        page.get_by_role("progressbar").wait_for()
        assert page.get_by_role("button", name="Audit", exact=True).is_disabled()
        assert page.get_by_label("Day of the audit").input_value() == "2026-07-15"
        page.get_by_role("button", name="Cancel").click()
        page.get_by_text("Cancelled; nothing was written.").wait_for()
        page.get_by_text("Nothing has been audited here yet.").wait_for()

        until(page, "!document.querySelector('#screen button.main').disabled")
        page.wait_for_timeout(1000)
        folder = workbench.home / "build" / "audits"
        assert [entry.name for entry in folder.iterdir()] == []
        assert sent_files(tmp_path) == ["orders.csv"]


def test_two_tabs_have_their_own_files_and_a_result_is_replaced_only_after_asking(browser: Any, workbench: RunningWorkbench) -> None:
    with (
        workbench_page(browser, workbench, "#/audit", allowed="400 (Bad Request)") as first,
        workbench_page(browser, workbench, "#/audit") as second,
    ):
        for number, page in enumerate((first, second)):
            page.locator("#audit-files").wait_for()
            drop(page, ("orders.csv", DUE.replace("FN0003", f"FN100{number}")))
            page.locator("table.columns").wait_for(timeout=120_000)
            page.get_by_label("Day of the audit").fill("2026-07-15")
        for page in (first, second):
            page.get_by_role("button", name="Audit", exact=True).click()
        first.get_by_role("heading", name="Audit as of").wait_for(timeout=120_000)
        second.locator(".error", has_text="there is a result 2026-07-15 already").wait_for(timeout=120_000)

        page = workbench.home / "build/audits/2026-07-15/audit.html"
        assert "FN1000" in page.read_text()
        second.get_by_role("button", name="Audit", exact=True).click()
        second.get_by_role("heading", name="Replace a result?").wait_for()
        second.get_by_role("dialog").get_by_role("button", name="Audit", exact=True).click()
        second.get_by_role("heading", name="Audit as of").wait_for(timeout=120_000)
        assert "FN1001" in page.read_text()
        assert "FN1000" not in page.read_text()


def test_a_read_only_workbench_offers_no_saving(browser: Any, tmp_path: Path) -> None:
    with (
        running_workbench(copy_project(tmp_path / "project"), "--read-only") as workbench,
        workbench_page(browser, workbench, "#/audit") as page,
    ):
        page.locator("#audit-files").wait_for()
        drop(page, ("orders.csv", DUE))
        page.locator("table.columns").wait_for(timeout=120_000)
        assert page.get_by_role("button", name="Save the mapping").count() == 0
        page.get_by_text("This workbench is read only: a result is there until the workbench ends").wait_for()
        page.get_by_role("button", name="Audit", exact=True).click()
        page.get_by_role("heading", name="Audit as of").wait_for(timeout=120_000)
        with page.expect_popup() as opened:
            page.get_by_role("link", name="Open the audit").click()
        opened.value.get_by_role("heading").first.wait_for()
        opened.value.close()
        assert not (workbench.home / "build/audits").exists()
