"""The screen of cases in a browser: an answer, an example that is saved or put into the editor, by keyboard alone, and axe."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.browsing import axe_core, violations_here
from tests.support.workbench import RULEBOOK, RunningWorkbench, copy_project, running_workbench
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


def test_a_new_feature_file_begins_with_an_example_by_keyboard(browser: Any, own_workbench: RunningWorkbench) -> None:
    features = own_workbench.home / "features"
    before = {file: file.read_bytes() for file in features.rglob("*") if file.is_file()}
    with workbench_page(browser, own_workbench, GAP_04) as page:
        page.get_by_role("button", name="Add another example").press("Enter")
        page.get_by_label("Name of the scenario").fill("Mine alone")
        page.get_by_role("button", name="Begin a new feature file with it").press("Enter")
        page.wait_for_selector("dialog")
        assert violations_here(page, axe_core()) == []
        page.get_by_label("Title").fill("Full ERP")
        page.keyboard.press("Enter")
        page.get_by_text("is there already").or_(page.get_by_text("there is a file")).or_(
            page.locator("#new-place .error")
        ).first.wait_for()
        assert page.locator("dialog").is_visible(), "the name is that of another file"
        page.get_by_label("Name of the file").fill("my_own")
        page.keyboard.press("Enter")
        page.wait_for_selector(".cm-content")
        text = page.evaluate("document.querySelector('.cm-content').cmTile.view.state.doc.toString()")
        assert text.startswith("Feature: Full ERP\n")
        assert "    Scenario: Mine alone\n      Given an order invoiced through the client's ERP\n" in text
        assert page.get_by_text("It is not on disk until you save it.").is_visible()
        page.reload()
        page.wait_for_selector(".cm-content")
        assert page.evaluate("document.querySelector('.cm-content').cmTile.view.state.doc.toString()") == text
    assert {file: file.read_bytes() for file in features.rglob("*") if file.is_file()} == before


def _draft_begun(page: Any, workbench: RunningWorkbench) -> None:
    """Begin a draft of the feature, and come back to the case."""
    page.evaluate("path => { location.hash = `#/feature/${path}` }", FEATURE)
    page.wait_for_selector(".cm-content")
    page.evaluate(
        "() => { const { view } = document.querySelector('.cm-content').cmTile; view.dispatch({changes: {from: 0, insert: '# mine\\n'}}) }"
    )
    until(page, "document.querySelector('.feature-main .title [role=status]').textContent.startsWith('changed')")
    page.evaluate("route => { location.hash = route; }", GAP_04)
    page.wait_for_selector("#screen button[aria-expanded]")
    assert workbench.ask("GET", f"/api/file?path={FEATURE}")[1]["draft"]["text"].startswith("# mine\n")


def test_an_example_goes_into_the_draft_of_its_file(browser: Any, own_workbench: RunningWorkbench) -> None:
    with workbench_page(browser, own_workbench) as page:
        _draft_begun(page, own_workbench)
        page.get_by_role("button", name="Add another example").click()
        page.get_by_text("the example is added to them").wait_for()
        page.get_by_role("button", name="Open in the editor").click()
        page.wait_for_selector(".cm-content")
        text = page.evaluate("document.querySelector('.cm-content').cmTile.view.state.doc.toString()")
        assert text.startswith("# mine\n")
        assert "Scenario: The seller cancels the full order (ERP, PROCESSING, e-invoice generated): allowed" in text


def test_an_example_in_a_draft_is_not_saved_over_what_another_program_saved(browser: Any, own_workbench: RunningWorkbench) -> None:
    disk = own_workbench.home / FEATURE
    with workbench_page(browser, own_workbench, allowed="409") as page:
        _draft_begun(page, own_workbench)
        other_content = disk.read_bytes().replace(b"Feature:", b"# theirs\nFeature:", 1)
        disk.write_bytes(other_content)
        page.get_by_role("button", name="Add another example").click()
        page.get_by_role("button", name="Save…").click()
        page.get_by_role("button", name="Save 1 file").click()
        page.get_by_role("heading", name=f"{FEATURE} changed on disk").wait_for()
        assert disk.read_bytes() == other_content
        page.get_by_role("button", name="Go on editing").click()
    assert disk.read_bytes() == other_content


def test_a_draft_that_is_saved_with_an_example_is_not_offered_again(browser: Any, own_workbench: RunningWorkbench) -> None:
    with workbench_page(browser, own_workbench) as page:
        _draft_begun(page, own_workbench)
        page.reload()  # the draft is that of a tab that has gone
        page.get_by_role("button", name="Add another example").click()
        page.get_by_role("button", name="Save…").click()
        page.get_by_role("button", name="Save 1 file").click()
        until(page, "document.activeElement.id === 'examples-title'")
        assert (own_workbench.home / FEATURE).read_text().startswith("# mine\n")
        page.evaluate("path => { location.hash = `#/feature/${path}` }", FEATURE)
        page.wait_for_selector(".cm-content")
        assert page.locator(".feature-main .warning").count() == 0
        assert page.locator(".feature-main .title [role=status]").inner_text() == "as on disk"


def test_the_answer_is_marked_as_old_when_a_register_changes(browser: Any, own_workbench: RunningWorkbench) -> None:
    register = own_workbench.home / RULEBOOK / "gaps.toml"
    with workbench_page(browser, own_workbench, GAP_04) as page:
        page.wait_for_selector("#case-answer .headline .outcome.allowed")
        green = page.locator("#case-answer .outcome").first.evaluate("element => getComputedStyle(element).color")
        register.write_text(
            register.read_text().replace("Can an order that the client's ERP invoices be PROCESSING", "Can such an order be PROCESSING")
        )
        page.get_by_role("alert").filter(has_text="The register changed on disk").wait_for()
        assert page.locator("#case-answer .outcome").first.evaluate("element => getComputedStyle(element).color") != green
        page.get_by_role("button", name="Show the answer as it is now").click()
        page.get_by_text("Can such an order be PROCESSING").first.wait_for()
        assert page.get_by_role("alert").count() == 0
        assert page.get_by_label("PROCESSING", exact=True).is_checked()
        assert page.locator("#case-answer .outcome").first.evaluate("element => getComputedStyle(element).color") == green


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
