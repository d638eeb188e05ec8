"""The screen of cases in a browser: an answer, an example that is saved or put into the editor, by keyboard alone, and axe."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.browsing import axe_core, violations_here
from tests.support.workbench import RunningWorkbench, copy_project, running_workbench
from tests.support.workbench_page import until, workbench_page

pytestmark = pytest.mark.slow
FEATURE = "features/seller_cancellation/full_erp.feature"
GAP_04 = "#/case#case-seller-full-erp-processing-generated"


@pytest.fixture
def own_workbench(tmp_path: Path) -> Iterator[RunningWorkbench]:
    """A workbench whose files the test changes."""
    with running_workbench(copy_project(tmp_path / "project")) as running:
        yield running


def test_the_answer_follows_the_choices_and_the_address(browser: Any, workbench: RunningWorkbench) -> None:
    with workbench_page(browser, workbench, GAP_04) as page:
        page.wait_for_selector("#case-answer .headline .outcome.allowed")
        assert page.locator("#case-answer").inner_text().count("GAP-04") == 1
        page.get_by_label("PACKED", exact=True).check()
        page.wait_for_selector("#case-answer .headline .outcome.refused")
        assert page.locator("fieldset[data-fact=e_invoice]").is_hidden()
        assert page.url.endswith("#/case#case-seller-full-erp-packed-generated")
        page.get_by_label("PROCESSING", exact=True).check()
        page.get_by_label("as written").check()
        assert "as-written" in page.url
        until(page, "document.querySelector('#case-answer').textContent.includes('what to do is left open')")
        page.go_back()
        page.locator("fieldset[data-fact=e_invoice] input[value=any]").check()
        assert "What would settle the tasks" in page.locator("#case-answer").inner_text()


def test_an_example_is_added_by_keyboard_alone(browser: Any, own_workbench: RunningWorkbench) -> None:
    disk = own_workbench.home / FEATURE
    before = disk.read_text()
    with workbench_page(browser, own_workbench, GAP_04) as page:
        page.wait_for_selector("#screen button[aria-expanded]")
        page.keyboard.press("Tab")
        while page.evaluate("document.activeElement.getAttribute('aria-expanded')") is None:
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_selector("#screen pre")
        assert page.evaluate("document.activeElement.id") == "example-place"
        until(page, "document.querySelector('#example-result').classList.contains('passed')")
        while page.evaluate("document.activeElement.type") != "submit":
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_selector("dialog")
        assert disk.read_text() == before, "nothing is saved without asking"
        page.get_by_role("button", name="Save 1 file").press("Enter")
        until(page, "document.activeElement.id === 'examples-title'")
        until(page, "document.querySelectorAll('#screen section li').length > 3")
        assert page.locator("section li a", has_text="The seller cancels the full order (ERP, PROCESSING").count() == 1
    assert "Scenario: The seller cancels the full order (ERP, PROCESSING, e-invoice generated): allowed" in disk.read_text()


def test_an_example_goes_into_the_editor_unsaved(browser: Any, own_workbench: RunningWorkbench) -> None:
    before = (own_workbench.home / FEATURE).read_text()
    with workbench_page(browser, own_workbench, GAP_04) as page:
        page.get_by_role("button", name="Add another example").click()
        page.get_by_label("Name of the scenario").fill("<img src=x onerror=alert(1)> & mine")
        page.get_by_role("button", name="Open in the editor").click()
        until(page, "location.hash.startsWith('#/feature/features/seller_cancellation/full_erp.feature')")
    file = own_workbench.ask("GET", f"/api/file?path={FEATURE}")[1]
    assert "Scenario: <img src=x onerror=alert(1)> & mine\n" in file["draft"]["text"]
    assert file["text"] == (own_workbench.home / FEATURE).read_text() == before


def test_axe_finds_nothing(browser: Any, workbench: RunningWorkbench) -> None:
    with workbench_page(browser, workbench, "#/case#case-any-full-erp-processing-any") as page:
        page.get_by_role("button", name="Add another example").click()
        page.wait_for_selector("#screen pre")
        assert violations_here(page, axe_core()) == []
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def test_read_only_offers_no_example_to_add(browser: Any, tmp_path: Path) -> None:
    with running_workbench(copy_project(tmp_path / "project"), "--read-only") as running, workbench_page(browser, running, GAP_04) as page:
        page.wait_for_selector("section li a")
        assert page.get_by_role("button", name="Add").count() == 0
