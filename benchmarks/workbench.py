"""Measure the page of the workbench in Chromium: first paint, findings after a pause in typing, and the result of an affected example.

Times are what a user waits: from the key to the findings, or to the results, on the screen; the pause after which the page asks is
part of them. Findings are measured on every feature file and on one of 2,000 lines that is added to the copy of the project.

    python benchmarks/workbench.py [--turns 5]
"""

import argparse
import os
import shutil
import string
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY))

from tests.support.browsing import running_browser  # noqa: E402 (found only now)
from tests.support.workbench import RunningWorkbench, copy_project, running_workbench  # noqa: E402

LONG, LONG_LINES = "features/seller_cancellation/long.feature", 2_000
EXAMPLES = "features/seller_cancellation/partial_rms.feature"
SETTLES_MS = 1_500
"""Milliseconds in which the examples of a feature that is opened have run, so that nothing else goes on."""
PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"
WAIT = """name => { const start = performance.now(); window.measured = new Promise(done => { const look = () => {
    const last = performance.getEntriesByName(name).at(-1)?.startTime ?? 0;
    if (last > start) requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - window.lastKey))); else setTimeout(look, 1) };
    look() });
    window.lastKey = start;
    addEventListener('keydown', event => { window.lastKey = event.timeStamp }, {capture: true}) }"""
"""Start to wait for the next mark of a name; the time runs from the last key to the second frame after the mark."""


def write_long(home: Path) -> None:
    """Write a feature of 2,000 lines: scenarios as the others, each with a name of its own."""
    lines = ["Feature: A long feature", ""]
    number = 0
    while len(lines) < LONG_LINES:
        number += 1
        lines += [
            f"  Scenario Outline: Long {number} <stage>", "    Given an order invoiced through RMS", "    And the order is <stage>",
            "    When the seller cancels part of the order", "    Then the cancellation is <outcome>", "", "    Examples:",
            "      | stage       | outcome |", "      | FULFILLABLE | allowed |", "      | PACKED      | refused |", "",
        ]  # fmt: skip
    (home / LONG).write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8")


def opened(browser: Any, workbench: RunningWorkbench, path: str = "", line: int = 1) -> Any:
    """Return a page of the workbench; of a feature file if *path* is given, with its findings and results shown."""
    page = browser.new_context(viewport={"width": 1400, "height": 900}).new_page()
    page.goto(workbench.link)
    page.locator("#screens a").first.wait_for()
    if path:
        page.evaluate("place => { location.hash = place }", f"#/feature/{path}:{line}")
        page.locator(".cm-content").wait_for()
        page.get_by_role("region", name="Findings").get_by_role("heading").wait_for()
        page.wait_for_timeout(SETTLES_MS)
    return page


def first_paints(browser: Any, workbench: RunningWorkbench, turns: int) -> Iterator[float]:
    """Yield the first contentful paint of so many fresh pages, in milliseconds."""
    for _ in range(turns):
        page = opened(browser, workbench)
        while (paint := page.evaluate(PAINT)) is None:
            page.wait_for_timeout(20)
        yield paint
        page.context.close()


def waits(page: Any, mark: str, *keys: str) -> float:
    """Press *keys* and return the milliseconds from the last of them to what *mark* marks."""
    page.evaluate(WAIT, mark)
    for key in keys:
        page.keyboard.press(key)
    return float(page.evaluate("measured"))


def findings(browser: Any, workbench: RunningWorkbench, path: str, turns: int) -> list[float]:
    """Return the milliseconds from a key to the findings, in the last line of *path*; no text comes twice, as each is checked once only."""
    lines = (workbench.home / path).read_text(encoding="utf-8").count("\n")
    page = opened(browser, workbench, path, lines)
    page.keyboard.press("End")
    taken = []
    for letter in (string.ascii_letters * turns)[:turns]:
        taken += [waits(page, "findings", letter), waits(page, "findings", "x")]
        page.wait_for_timeout(600)
    page.context.close()
    forget_drafts(workbench)
    return taken


def forget_drafts(workbench: RunningWorkbench) -> None:
    """Remove the drafts, so that the next page shows the file as it is on disk."""
    shutil.rmtree(workbench.home / "build" / "workbench" / "drafts", ignore_errors=True)


def results(browser: Any, workbench: RunningWorkbench, turns: int) -> Iterator[float]:
    """Yield the milliseconds from a key in a cell to the result of its example."""
    text = (workbench.home / EXAMPLES).read_text(encoding="utf-8").splitlines()
    row = max(number for number, line in enumerate(text, 1) if "| FULFILLABLE | generated |" in line)
    for _ in range(turns):
        page = opened(browser, workbench, EXAMPLES, row)
        page.get_by_label("Row 1, e-invoice").focus()
        yield waits(page, "results", "Control+a", *"pushed")
        page.context.close()
        forget_drafts(workbench)


def in_words(taken: list[float]) -> str:
    """Return median and largest of times."""
    return f"median {median(taken):4.0f} ms, largest {max(taken):4.0f} ms"


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, default=5)
    turns = parser.parse_args().turns
    with tempfile.TemporaryDirectory() as folder:
        home = copy_project(Path(folder, "project"))
        features = sorted(path.relative_to(home).as_posix() for path in (home / "features").rglob("*.feature"))
        write_long(home)
        browsers = running_browser()
        browser = next(browsers)
        print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} processors; {turns} turns")
        with running_workbench(home) as workbench:
            print(f"first paint: {in_words([*first_paints(browser, workbench, turns)])}; wanted 500 ms")
            medians = {path: findings(browser, workbench, path, turns) for path in features}
            slowest = max(medians, key=lambda path: median(medians[path]))
            print(f"findings, {len(features)} features: {in_words([time for taken in medians.values() for time in taken])}; wanted 100 ms")
            print(f"findings, slowest feature {slowest}: {in_words(medians[slowest])}; wanted 100 ms")
            print(f"findings, {LONG_LINES:,} lines: {in_words(findings(browser, workbench, LONG, turns))}; wanted 300 ms")
            print(f"result of a changed example: {in_words([*results(browser, workbench, turns)])}; wanted 1,000 ms")
        print(f"load {os.getloadavg()[0]:.1f}")
        next(browsers, None)


if __name__ == "__main__":
    main()
