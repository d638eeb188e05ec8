"""Every package of the locks has a licence under which the project may use it, as its installed metadata says."""

import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest

LOCKS = sorted(Path(__file__).parents[2].glob("requirements*.lock"))
ALLOWED = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "MIT", "MPL-2.0", "PSF-2.0", "Zlib",
}  # fmt: skip
"""Licences by their SPDX identifiers; MPL-2.0 is for packages that are used unchanged."""
CLASSIFIERS = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
"""Older metadata: the last words of a classifier."""
FIELDS = {"BSD": "BSD-3-Clause"}
"""Older metadata: the field `License`, where it is not an SPDX identifier."""
READ_IN_PACKAGE = {
    "r4pm": "MIT OR Apache-2.0",  # its files of licences
    "zen-engine": "MIT",  # its file LICENSE
    "tzdata": "Apache-2.0",  # only on Windows
}
"""Packages whose metadata states no licence, or that are not installed on every platform."""
PIN = re.compile(r"^([a-z0-9-]+)==\S+", re.MULTILINE)


def packages() -> list[str]:
    """Return the names in all locks."""
    return sorted({name for lock in LOCKS for name in PIN.findall(lock.read_text(encoding="utf-8"))})


def licences(package: str) -> Iterator[str]:
    """Yield the SPDX identifiers of *package*, or the words of its metadata where they are unknown."""
    if package in READ_IN_PACKAGE:
        stated = READ_IN_PACKAGE[package]
    else:
        about = metadata(package)
        words = [word.rpartition(" :: ")[2] for word in about.get_all("Classifier") or () if word.startswith("License ::")]
        field = (about["License"] or "").strip()
        stated = about["License-Expression"] or " AND ".join(CLASSIFIERS.get(word, word) for word in words) or FIELDS.get(field, field)
    yield from (word.strip("() ") for word in re.split(r" (?:AND|OR) ", stated) if word)


@pytest.mark.parametrize("package", packages())
def test_the_licence_of_a_package_is_allowed(package: str) -> None:
    try:
        actual = list(licences(package))
    except PackageNotFoundError:
        pytest.fail(f"{package} is not installed here; write its licence into READ_IN_PACKAGE")

    assert actual, f"{package} states no licence; read its files, and write it into READ_IN_PACKAGE"
    assert set(actual) <= ALLOWED, f"{package} has a licence that is not in the list"


def test_a_package_with_another_licence_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    for stated in ("GPL-3.0-only", "MIT AND AGPL-3.0-or-later"):
        monkeypatch.setitem(READ_IN_PACKAGE, "simpy", stated)
        assert not set(licences("simpy")) <= ALLOWED
