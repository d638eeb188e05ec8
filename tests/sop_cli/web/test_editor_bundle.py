"""The vendored bundle of CodeMirror: its digest, its licences, its lock, what it may do in a page, and that it can be built again."""

import hashlib
import json
import re
import shutil

import pytest

from tests.support.browsing import missing
from tests.support.editor_bundle import BUNDLE, DIGEST, LICENCES, SOURCE, VENDOR, build

LOCK = json.loads((SOURCE / "package-lock.json").read_text(encoding="utf-8"))
ALLOWED = {"MIT", "ISC", "BSD-3-Clause"}
USED_IN_BUILD_ONLY = re.compile(r"node_modules/(esbuild|@esbuild/.*)")


def bundled():
    """Version and licence of each package of the lock that is part of the bundle, by name."""
    packages = {path: package for path, package in LOCK["packages"].items() if path and not USED_IN_BUILD_ONLY.fullmatch(path)}
    return {path.removeprefix("node_modules/"): package for path, package in packages.items()}


def test_the_bundle_and_its_licences_are_those_that_were_built():
    for line in (VENDOR / DIGEST).read_text(encoding="utf-8").splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest, f"{name}: build it again"


def test_every_package_of_the_bundle_has_its_licence_text():
    text = (VENDOR / LICENCES).read_text(encoding="utf-8")
    headings = re.findall(r"^## (\S+) (\S+) \((\S+)\)\n\n((?:(?!^## ).*\n)+)", text, re.MULTILINE)

    listed = {name: (version, licence) for name, version, licence, _ in headings}
    # a package of which the bundle needs no line is in the lock only
    assert listed.items() <= {name: (package["version"], package["license"]) for name, package in bundled().items()}.items()
    assert set(bundled()) - set(listed) <= {"@lezer/lr"}
    assert {licence for _, licence in listed.values()} <= ALLOWED
    for name, _, _, terms in headings:
        assert "Copyright" in terms, name
        assert "Permission is hereby granted" in terms, name


def test_the_lock_has_exact_versions_digests_and_no_address():
    about = json.loads((SOURCE / "package.json").read_text(encoding="utf-8"))

    assert "://" not in json.dumps(LOCK)
    for path, package in LOCK["packages"].items():
        assert not path or package["integrity"].startswith("sha512-"), path
    for version in [*about["dependencies"].values(), *about["devDependencies"].values()]:
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)


def test_the_bundle_asks_for_nothing_and_evaluates_nothing():
    """Its only addresses are names of XML; it holds no request, no evaluation of text and no import of a further file."""
    text = (VENDOR / BUNDLE).read_text(encoding="utf-8")

    assert set(re.findall(r"[a-z]+://[^\"'`\s)]+", text)) <= {"http://www.w3.org/2000/svg"}
    for banned in (
        r"\bfetch\(",
        "XMLHttpRequest",
        "WebSocket",
        "EventSource",
        "sendBeacon",
        r"\beval\(",
        "new Function",
        r"\bimport\(",
        "@import",
    ):
        assert not re.search(banned, text), banned
    assert not re.search(r"\bimport\s*[{*\"']|\bfrom\s*\"", text)


def test_the_bundle_exports_what_its_source_names():
    names = re.findall(r"\b\w+\b", " ".join(re.findall(r"export \{(.*?)\}", (SOURCE / "entry.js").read_text(encoding="utf-8"), re.DOTALL)))
    exported = re.findall(r"export\{(.*?)\}", (VENDOR / BUNDLE).read_text(encoding="utf-8"), re.DOTALL)

    assert sorted(re.findall(r"as (\w+)", exported[-1])) == sorted(names)


@pytest.mark.peers
@pytest.mark.slow
def test_the_same_versions_give_the_same_bytes(tmp_path):
    if not (shutil.which("npm") and shutil.which("node")):
        missing("npm")

    assert build(tmp_path) == {name: (VENDOR / name).read_bytes() for name in (BUNDLE, LICENCES, DIGEST)}
