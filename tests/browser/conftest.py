"""One browser, one site and one set of scenario reports for all tests of this folder."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reports.site.builder import write_site
from steps.run.runner import run
from tests.support.browsing import running_browser
from tests.support.once import made_once
from tests.support.whole_site import REPORTS, write_whole_audit, write_whole_reports, write_whole_site

FEATURES = Path(__file__).parents[2] / "features"


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    """The system's Chromium, driven by Playwright."""
    yield from running_browser()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with every status, every case and every page; written once and never changed."""
    return made_once(tmp_path_factory, "whole-site", write_whole_site) / "site"


@pytest.fixture(scope="session")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the project's own specification; written once and never changed."""
    return made_once(tmp_path_factory, "own-site", write_own_site) / "site"


def write_own_site(folder: Path) -> None:
    write_site(run([FEATURES], out=folder / "runs").folder, folder / "site")


@pytest.fixture(scope="session")
def audit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of an audit with every section and a comparison; written once and never changed."""
    return made_once(tmp_path_factory, "whole-audit", write_whole_audit) / "audit.html"


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A scenario report of each kind; written once and never changed."""
    folder = made_once(tmp_path_factory, "whole-reports", write_whole_reports)
    return {kind: next((folder / kind).glob("*.html")) for kind in REPORTS}
