"""Tables that no profile fits, saved mappings, and one order on the Audit screen, in Chromium and in Firefox."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.sop_cli.web.audits.test_audit_own_tables import OWN
from tests.sop_cli.web.audits.test_audit_page import EXPORTS, barriers, browser, columns_of, drop, workbench
from tests.support.audit_files import DUE, EXAMPLES
from tests.support.browsing import OVERFLOW, PHONE, WIDE
from tests.support.workbench import RunningWorkbench
from tests.support.workbench_page import until, workbench_page

__all__ = ["browser", "workbench"]
pytestmark = pytest.mark.slow
HOSTILE = "<img src=x onerror=alert(pwned=1)>"


class Keys:
    """A person who uses the keyboard alone."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def is_at(self, condition: str) -> bool:
        return bool(self.page.evaluate(f"(() => {{ const e = document.activeElement; return {condition}; }})()"))

    def tab_to(self, condition: str) -> None:
        for _ in range(150):
            if self.is_at(condition):
                return
            self.page.keyboard.press("Tab")
        pytest.fail(f"not reached by keyboard: {condition}")

    def choose(self, condition: str, value: str) -> None:
        """Choose *value* in a list with the arrow; typed letters would be taken for several searches on a busy machine."""
        self.tab_to(condition)
        for _ in range(80):
            if self.is_at(f"e.value === {value!r}"):
                return
            self.page.keyboard.press("ArrowDown")
        pytest.fail(f"not in the list: {value}")


def test_a_table_that_no_profile_fits_is_mapped_and_an_order_explained_by_keyboard_alone(  # noqa: PLR0915 - the whole way
    browser: Any, workbench: RunningWorkbench, tmp_path: Path
) -> None:
    (tmp_path / "own.csv").write_text(OWN)
    with workbench_page(browser, workbench, "#/audit") as page:
        page.locator("#audit-files").set_input_files(str(tmp_path / "own.csv"))
        page.get_by_label("What a row of it is").wait_for(timeout=120_000)
        page.locator("#audit-files").focus()

        keys = Keys(page)
        tab_to, choose = keys.tab_to, keys.choose

        choose("e.id.startsWith('kind-')", "requests to cancel")
        page.locator("table.columns").wait_for()
        assert page.evaluate("document.activeElement.id").startswith("kind-")
        for letter, text in zip(
            "ABCDEFG", ("order", "units", "units_cancelled", "canceller", "oms_status", "cancelled", "result"), strict=True
        ):
            choose(f"e.ariaLabel?.startsWith('Column {letter},')", text)
        choose("e.ariaLabel === 'Meaning of VENDOR'", "seller")
        tab_to("e.textContent === 'Add a word'")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.ariaLabel") == "Word in the file"
        page.keyboard.type("Anil Kumar")
        choose("e.ariaLabel === 'Meaning of this word'", "seller")
        choose("e.ariaLabel === 'Meaning of OK'", "carried out")
        choose("e.id.startsWith('format-')", "dd.mm.yyyy HH:MM")
        tab_to("e.tagName === 'SUMMARY' && e.textContent === 'More about this file'")
        page.keyboard.press("Enter")
        tab_to("e.id.startsWith('add-value-')")
        page.keyboard.press("Enter")
        choose("e.id.startsWith('value-')", "invoicing")
        choose("e.ariaLabel === 'Value of invoicing in every row'", "ERP")
        tab_to("e.id.startsWith('confirmed-')")
        page.keyboard.press("Space")
        tab_to("e.id === 'audit-name'")
        page.keyboard.type("own")
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Audit as of 20 Jun 2026").wait_for(timeout=120_000)
        tab_to("e.id === 'explain-order'")
        page.keyboard.type("fn0004")
        page.keyboard.press("Enter")
        page.locator("#life-title").wait_for(timeout=60_000)

        assert page.evaluate("document.activeElement.id") == "life-title"
        life = page.locator("section", has=page.locator("#life-title")).last.inner_text()
        assert "request to cancel 2 of 2 units: carried out" in life
        assert "SC-ERP-FULL" in life
        assert barriers(page, browser) == []
        page.set_viewport_size(PHONE)
        assert page.evaluate(OVERFLOW) <= 0
        page.set_viewport_size(WIDE)
        page.get_by_role("button", name="Save the mapping").click()
        page.get_by_role("button", name="Save audit.toml").click()
        page.get_by_text("Saved: audit.toml").wait_for()
        (source,) = tomllib.loads((workbench.home / "audit.toml").read_text())["source"]
        assert source["columns"]["canceller"]["words"] == {"VENDOR": "seller", "Anil Kumar": "seller"}
        assert source["columns"]["invoicing"] == {"value": "ERP"}
        page.get_by_label("Order", exact=True).fill("FN0005")
        page.get_by_role("button", name="Explain", exact=True).click()
        page.get_by_text("no file of this audit names it; did you mean").wait_for()


def test_a_saved_mapping_fills_everything_and_what_no_longer_fits_is_said(browser: Any, workbench: RunningWorkbench) -> None:
    with workbench_page(browser, workbench, "#/audit", allowed="400 (Bad Request)") as page:
        page.locator("#audit-files").set_input_files([*EXPORTS, str(EXAMPLES / "audit.toml")])
        page.locator("#saved-title").wait_for(timeout=120_000)
        until(
            page,
            "document.querySelectorAll('.audit-file [role=status]').length === 0 && document.querySelectorAll('table.columns').length > 2",
        )
        assert page.get_by_label("Where e-invoices are made").input_value() == "ERP"
        assert page.get_by_label("Day of the audit").input_value() == "2026-07-15"
        assert columns_of(page, "dev2-ajio-orders.csv").get_by_label("Encoding").input_value() == "cp1252"
        assert page.get_by_text("What does not fit").count() == 0
        page.get_by_role("button", name="Audit", exact=True).click()
        page.get_by_role("heading", name="Audit as of 15 Jul 2026").wait_for(timeout=120_000)
        page.get_by_role("button", name="Explain order FN0009").click()
        page.get_by_role("heading", name="The SOP's answer to dev1-assure.csv row 10").wait_for(timeout=60_000)

        columns_of(page, "dev1-assure.csv").get_by_role("button", name="Remove").click()
        misfits = page.locator(".saved .asks")
        misfits.get_by_text("dev1-assure.csv is not here: choose it too").wait_for()
        drop(
            page,
            (
                "audit.toml",
                f'[[source]]\nfile = "{HOSTILE}.csv"\nprofile = "assure-cancellations"\n[source.columns]\nlocation = "{HOSTILE}"\n',
            ),
        )
        misfits.get_by_text(f"{HOSTILE}.csv is not here").wait_for()
        head, row = DUE.splitlines()
        drop(page, (f"{HOSTILE}.csv", f"{head},{HOSTILE}\n{row},{HOSTILE}\n"))
        columns_of(page, f"{HOSTILE}.csv").locator("table.columns").first.wait_for(timeout=120_000)
        until(page, "!document.querySelector('.saved .asks').textContent.includes('onerror')")
        drop(
            page,
            (
                "audit.toml",
                f'[[source]]\nfile = "{HOSTILE}.csv"\nprofile = "assure-cancellations"\n[source.columns]\nlocation = "{HOSTILE} 2"\n',
            ),
        )
        misfits.get_by_text(f"it has no column “{HOSTILE} 2” for location").wait_for(timeout=60_000)
        drop(page, ("audit.toml", f"[audit]\n'{HOSTILE}' = 1\n"))
        page.locator(".saved .error", has_text="unknown key").wait_for(timeout=60_000)
        page.locator(".saved").get_by_role("button", name="Remove").click()
        assert page.evaluate("document.activeElement.id") == "audit-files"
        drop(page, ("own.csv", f"No,{HOSTILE},Day\nFN1,{HOSTILE},2026-06-04\n"))
        own = columns_of(page, "own.csv")
        own.get_by_label("What a row of it is").select_option("credit notes")
        own.get_by_label(f"Column B, {HOSTILE}, is taken for").select_option("number")
        assert barriers(page, browser) == []
        assert page.evaluate("window.pwned") is None


def test_a_known_export_can_be_another_table_and_the_row_of_the_header_be_chosen(browser: Any, workbench: RunningWorkbench) -> None:
    with workbench_page(browser, workbench, "#/audit") as page:
        page.locator("#audit-files").wait_for()
        drop(page, ("orders.csv", f"x,y,z\n{DUE}"))
        page.get_by_role("button", name="It is another table").click(timeout=120_000)
        page.get_by_label("What a row of it is").select_option("orders, or lines of orders")
        row = page.get_by_label("Row with the names of the columns")
        assert row.input_value() == "2"
        row.press("ControlOrMeta+a")
        row.press_sequentially("1")
        row.press("Tab")
        page.get_by_role("combobox", name="Column A, x, is taken for").wait_for(timeout=60_000)
        assert page.get_by_label("What a row of it is").input_value() == "orders, or lines of orders"
        page.get_by_role("button", name="Audit", exact=True).click()
        page.get_by_text("choose the column for order").wait_for()
        page.get_by_role("button", name="It is a known export after all").click()
        page.get_by_text("Read as: Cancellations of Assure OMS").wait_for(timeout=60_000)
        assert page.evaluate("document.activeElement.textContent") == "It is another table"


def test_a_first_row_that_can_be_one_of_values_is_named_at_its_field(browser: Any, workbench: RunningWorkbench, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("SELLER,Kurta,done\nSELLER,Shirt,late\nAJIO,Saree,done\n")
    with workbench_page(browser, workbench, "#/audit") as page:
        page.locator("#audit-files").set_input_files(str(tmp_path / "own.csv"))
        page.get_by_label("What a row of it is").select_option("requests to cancel", timeout=120_000)

        doubt = page.locator(".field", has=page.get_by_label("Row with the names of the columns")).locator(".asks")
        assert doubt.inner_text().startswith("Row 1 can be a row of values")
        assert doubt.inner_text().endswith("export the file with the names of its columns.")
        assert barriers(page, browser) == []
        page.set_viewport_size(PHONE)
        assert page.evaluate(OVERFLOW) <= 0


def test_a_screenshot_is_no_error_of_the_page_and_a_style_of_its_own_is(browser: Any, workbench: RunningWorkbench, tmp_path: Path) -> None:
    """The driver adds an empty style before each screenshot, which the page's policy blocks."""
    with workbench_page(browser, workbench, "#/audit") as page:
        page.locator("#audit-files").wait_for()
        page.locator("#audit-files").focus()
        page.screenshot(path=tmp_path / "page.png")
        assert page.evaluate("document.activeElement.id") == "audit-files"
        page.wait_for_timeout(500)
    with pytest.raises(AssertionError):
        add_own_style(browser, workbench)


def add_own_style(browser: Any, workbench: RunningWorkbench) -> None:
    with workbench_page(browser, workbench) as page:
        page.evaluate("document.head.append(Object.assign(document.createElement('style'), { textContent: 'body { color: red }' }))")
        page.wait_for_timeout(500)
