"""Measure size and speed of the site of a run, against pytest-html's page and Cucumber's HTML formatter for the same run.

One run of generated scenarios for each size. Sizes are of files; first content is Chromium's own `first-contentful-paint`, the
median of so many fresh pages, and a page with one letter is the reference for the machine; building is compared with
running, both in processor time. Cucumber's formatter is used if ``NPM_TOOLS`` is a folder with its npm packages.

    python benchmarks/pages.py [--turns 5] [SCENARIOS ...]
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "benchmarks")]

from run_speed import write_features, write_features_of_the_project  # noqa: E402 (found only now)

from reports.export.run_files import write_exports  # noqa: E402
from reports.site.builder import write_site  # noqa: E402
from sop_runs.record.verdict_text import reason_texts  # noqa: E402
from steps.definitions.discovery import BindingModules  # noqa: E402
from steps.run.runner import run as run_features  # noqa: E402

BUDGET = {1_000: (1_000_000, 0.3), 5_000: (4_000_000, 0.8)}
"""Goals: bytes of the whole site, and seconds to the first content of its slowest page."""
PATIENCE = 300_000
"""Milliseconds within which a page must show its first content."""
FORMAT = """
import {createWriteStream, readFileSync} from 'node:fs'
import {CucumberHtmlStream} from %s
const stream = new CucumberHtmlStream()
stream.pipe(createWriteStream('cucumber.html'))
for (const line of readFileSync('messages.ndjson', 'utf8').split('\\n')) if (line) stream.write(JSON.parse(line))
stream.end()
"""
PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"


def run(folder: Path, scenarios: int) -> tuple[Path, float]:
    """Run so many scenarios; return the folder of the run and its processor time."""
    (folder / "features").mkdir()
    write_features(folder / "features", scenarios)
    write_features_of_the_project(folder)
    bindings = BindingModules().with_named(["speed_bindings"], folder)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    result = run_features([folder / "features"], out=folder / "runs", bindings=replace(bindings, names=("speed_bindings",)))
    if not result.verdict.good:
        raise SystemExit(f"the run is not good: {reason_texts(result.verdict)}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return result.folder, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def cucumber_page(out: Path) -> Path | None:
    """Write the page of Cucumber's own formatter, if it is installed."""
    module = (
        Path(os.environ.get("NPM_TOOLS", "nowhere"))
        / "node_modules"
        / "@cucumber"
        / "html-formatter"
        / "dist"
        / "src"
        / "CucumberHtmlStream.js"
    )
    if not module.is_file() or shutil.which("node") is None:
        return None
    write_exports(out, ["messages.ndjson"])
    (out / "format.mjs").write_text(FORMAT % json.dumps(str(module)), encoding="utf-8")
    process = subprocess.run(["node", "format.mjs"], cwd=out, capture_output=True, check=False)
    return out / "cucumber.html" if process.returncode == 0 else None


def paint(browser: Any, page: Path, turns: int) -> float:
    """Measure the seconds to first content, median of fresh pages."""
    times = []
    for _ in range(turns):
        tab = browser.new_page()
        tab.goto(page.resolve().as_uri(), wait_until="commit", timeout=PATIENCE)
        while (first := tab.evaluate(PAINT)) is None:  # the pages' policy forbids `wait_for_function`
            tab.wait_for_timeout(50)
        times.append(first)
        tab.close()
    return median(times) / 1000


def measure(browser: Any, scenarios: int, turns: int) -> None:
    """Measure and print a line for each page."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        out, ran = run(folder, scenarios)
        started = time.process_time()
        site = write_site(out, folder / "site").parent
        built = time.process_time() - started
        files = {file.name: file.stat().st_size for file in site.iterdir() if not file.name.startswith(".")}
        total = sum(files.values())
        print(f"\n{scenarios:,} scenarios: run {ran:.1f} s, site {built:.1f} s of processor time ({built / ran:.2f} of the run)")
        print(f"  {'the whole site':40} {total / 1e6:7.3f} MB  in {len(files)} files")
        features = sorted((name for name in files if name.startswith("feature-")), key=files.__getitem__)
        pages = [name for name in files if name.endswith(".html") and name not in features]
        slowest = 0.0
        for page in (*sorted(pages, key=files.__getitem__, reverse=True), features[-1]):
            first = paint(browser, site / page, turns)
            slowest = max(slowest, first)
            print(f"  {page:40} {files[page] / 1e6:7.3f} MB  {first:6.2f} s")
        empty = folder / "empty.html"
        empty.write_text("<!doctype html><title>x</title><p>x", encoding="utf-8")
        print(f"  {'one letter, for reference':40} {0:7.3f} MB  {paint(browser, empty, turns):6.2f} s")
        for title, page in (("pytest-html", out / "pytest.html"), ("Cucumber's HTML formatter", cucumber_page(out))):
            if page is not None and page.is_file():
                print(f"  {title:40} {page.stat().st_size / 1e6:7.3f} MB  {paint(browser, page, turns):6.2f} s")
            else:
                print(f"  {title:40} not installed")
        if scenarios in BUDGET:
            limit, seconds = BUDGET[scenarios]
            budget_state = "kept" if total <= limit and slowest <= seconds else "not kept"
            print(
                f"  budget {budget_state}: {total / 1e6:.2f} of {limit / 1e6:.0f} MB, {slowest:.2f} of {seconds} s to the first content of the slowest page"
            )


def main() -> None:
    """Measure at each size."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - an extra

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenarios", nargs="*", type=int, default=[1_000, 5_000])
    parser.add_argument("--turns", type=int, default=5)
    options = parser.parse_args()
    if len(options.scenarios) > 1:  # a process each: the step definitions of a run stay in its process
        for scenarios in options.scenarios:
            subprocess.run([sys.executable, __file__, f"--turns={options.turns}", str(scenarios)], check=True)
        return
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for scenarios in options.scenarios:
            measure(browser, scenarios, options.turns)
        browser.close()


if __name__ == "__main__":
    main()
