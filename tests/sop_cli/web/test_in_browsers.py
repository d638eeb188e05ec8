"""The page of the workbench in Chromium and in Firefox: it opens without errors, and asks nothing of any other computer."""

import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.support.browsing import PHONE, WIDE
from tests.support.firefox import BROWSERS
from tests.support.workbench import RunningWorkbench, copy_project, running_workbench
from tests.support.workbench_page import until

pytestmark = pytest.mark.slow
FEATURE = "features/ajio_cancellation/full_erp.feature"


@pytest.fixture(scope="module", params=BROWSERS)
def browser(request: pytest.FixtureRequest) -> Iterator[Any]:
    """Each browser after the other."""
    yield from BROWSERS[request.param]()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A tab that records what it loads, and what the page complains of."""
    context = browser.new_context(viewport=WIDE)
    page = context.new_page()
    page.complaints, page.loaded = [], []
    page.on("console", lambda message: page.complaints.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("request", lambda request: page.loaded.append(request.url))
    yield page
    context.close()


def test_each_screen_opens_without_errors_and_loads_nothing_from_elsewhere(page: Any, workbench: RunningWorkbench) -> None:
    page.goto(workbench.link)
    page.wait_for_selector("#screens a")
    names = page.eval_on_selector_all("#screens a[data-screen]", "links => links.map(link => link.dataset.screen)")
    for name in names:
        page.goto(f"{workbench.url}/#/{name}")
        page.wait_for_selector(f"#screens a[data-screen={name}][aria-current]")
        page.wait_for_selector("#screen :is(h1, .error)")
        assert page.locator("#screen .error").count() == 0, page.text_content("#screen")
        page.set_viewport_size(PHONE)
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, name
        page.set_viewport_size(WIDE)

    assert names == ["case", "feature", "questions", "review", "gate", "simulate", "audit"]
    assert page.complaints == []
    assert [url for url in page.loaded if not url.startswith((f"{workbench.url}/", "data:", "blob:"))] == []
    assert workbench.token not in "".join(page.loaded)


def test_the_token_is_taken_out_of_the_address_and_stays_with_the_tab(page: Any, workbench: RunningWorkbench) -> None:
    page.goto(workbench.link)
    page.wait_for_selector("#screens a")
    assert "token" not in page.url

    page.reload()
    page.wait_for_selector("#screens a")
    other = page.context.new_page()
    other.goto(workbench.url)

    assert "whole link" in other.text_content("#screen .error", timeout=10_000)


def test_the_link_to_the_content_stays_on_the_screen(page: Any, workbench: RunningWorkbench) -> None:
    page.goto(workbench.link)
    page.wait_for_selector("#screens a")
    page.evaluate("location.hash = '#/questions'")
    page.get_by_role("heading", level=1, name="Questions").wait_for()

    page.focus("a.skip")
    page.keyboard.press("Enter")

    until(page, "document.activeElement.id === 'screen'")
    assert page.url.endswith("#/questions")
    assert page.locator("#screens a[aria-current]").inner_text() == "Questions"


@pytest.mark.parametrize("place", ["%", "%ZZ", "100% of it", "%E0%A4%A"])
def test_a_place_that_is_not_well_encoded_is_one_that_there_is_not(page: Any, workbench: RunningWorkbench, place: str) -> None:
    page.goto(workbench.link)
    page.wait_for_selector("#screens a")

    page.evaluate("place => { location.hash = `#/questions/${place}` }", place)

    page.wait_for_selector("#screens a[data-screen=questions][aria-current]")
    page.wait_for_selector("#screen :is(h1, .error)")
    assert "This page has an error" not in page.text_content("#screen")


def test_two_analysts_in_one_file_lose_nothing_and_both_see_what_the_other_did(browser: Any, tmp_path: Path) -> None:
    """Each has a draft; the first save wins, the other is shown both changes, and goes on editing."""
    with running_workbench(copy_project(tmp_path / "project")) as workbench:
        contexts = [browser.new_context(viewport=WIDE) for _ in range(2)]
        first, second = pages = [context.new_page() for context in contexts]
        for number, page in enumerate(pages):
            page.goto(workbench.link)
            page.wait_for_selector("#screens a")
            page.goto(f"{workbench.url}/#/feature/{FEATURE}")
            page.click(".cm-content")
            page.keyboard.press("Control+End")
            page.keyboard.type(f"\n# note {number}")
        drafts = workbench.home / "build" / "workbench" / "drafts"
        wait_until(lambda: all(any(f"# note {number}" in draft.read_text() for draft in drafts.glob("*.json")) for number in range(2)))

        first.keyboard.press("Control+s")
        first.click("dialog button.main")
        second.wait_for_selector("text=This file changed on disk while you edited it")
        second.keyboard.press("Control+s")
        second.click("dialog button.main")
        second.wait_for_selector("dialog .three")
        compared = second.text_content("dialog")
        second.click("dialog >> text=Go on editing")

        text = (workbench.home / FEATURE).read_text()
        assert "# note 0" in text
        assert "# note 1" not in text
        assert "# note 0" in compared
        assert "# note 1" in compared
        assert "# note 1" in second.text_content(".cm-content")
        wait_until(lambda: [draft for draft in drafts.glob("*.json") if "# note 1" in draft.read_text()])
        for context in contexts:
            context.close()


def wait_until(is_so: Callable[[], object]) -> None:
    end = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)


class OtherSite(BaseHTTPRequestHandler):
    """A page of another origin."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<title>another site</title>")

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@pytest.fixture(scope="module")
def other_site() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), OtherSite) as server:
        Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


REQUESTS_OF_ANOTHER_SITE = """async ([url, token]) => Promise.all([
  [`${url}/`, {}],
  [`${url}/api/project`, { headers: { "X-Sop-Token": token } }],
  [`${url}/static/app.js`, { mode: "no-cors" }],
  [`${url}/api/save`, { method: "POST", body: '{"changes": []}', mode: "no-cors" }],
  [`${url}/api/save`, { method: "POST", body: "{}", headers: { "Content-Type": "application/json", "X-Sop-Token": token } }],
].map(([address, options]) => fetch(address, { ...options, signal: AbortSignal.timeout(5000) }).then((response) => response.text(), () => "")))"""
FRAME_OF_ANOTHER_SITE = """(url) => new Promise((resolve) => {
  const frame = document.createElement("iframe");
  const look = () => { try { resolve(frame.contentDocument?.body?.textContent ?? "closed"); } catch { resolve("closed"); } };
  frame.onload = look;
  setTimeout(look, 5000);
  frame.src = url;
  document.body.append(frame);
})"""


def test_a_page_of_another_site_can_neither_read_nor_write(page: Any, workbench: RunningWorkbench, other_site: str) -> None:
    """Although it has the token."""
    before = {path: path.read_bytes() for path in (workbench.home / "features").rglob("*.feature")}
    page.goto(other_site)

    assert page.evaluate(REQUESTS_OF_ANOTHER_SITE, [workbench.url, workbench.token]) == [""] * 5
    assert page.evaluate(FRAME_OF_ANOTHER_SITE, workbench.url) in {"", "closed"}
    assert "SOP workbench" not in "".join(frame.title() for frame in page.frames)
    assert {path: path.read_bytes() for path in (workbench.home / "features").rglob("*.feature")} == before


def test_a_workbench_that_is_suspended_is_said_to_be_until_it_answers_again(browser: Any, workbench: RunningWorkbench) -> None:
    """As by Ctrl-Z in its terminal: its connections stay open, and nothing comes."""
    context = browser.new_context()
    page = context.new_page()
    page.clock.install()
    page.goto(workbench.link)
    page.wait_for_selector("#screens a")
    page.route("**/api/changes?*", lambda _: None)
    page.clock.run_for(40_000)
    page.get_by_text("has not answered for a while").wait_for()

    page.unroute("**/api/changes?*")
    end = time.monotonic() + 60
    while not page.get_by_text("The workbench answers again.").count():
        assert time.monotonic() < end
        page.clock.run_for(1_000)  # the last look may wait until its limit
        page.wait_for_timeout(30)

    assert page.get_by_text("has not answered for a while").count() == 0
    context.close()
