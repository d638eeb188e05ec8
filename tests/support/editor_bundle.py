"""Build the bundle of CodeMirror: `python -m tests.support.editor_bundle` writes `sop_cli/web/static/vendor`.

The versions are in `sop_cli/web/bundle/package.json` and `package-lock.json`; the same versions give the same bytes. After a change of
versions, `npm install --package-lock-only --omit-lockfile-registry-resolved` in that folder renews the lock.
"""

import hashlib
import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

WEB = Path(__file__).parents[2] / "sop_cli" / "web"
SOURCE, VENDOR = WEB / "bundle", WEB / "static" / "vendor"
BUNDLE, LICENCES, DIGEST = "codemirror.js", "codemirror.LICENSES.txt", "codemirror.sha256"
FILES_OF_SOURCE = ("entry.js", "package.json", "package-lock.json")
PATIENCE_S = 120
OPTIONS = ("--bundle", "--minify", "--format=esm", "--target=es2022", "--charset=utf8", "--legal-comments=none", "--metafile=meta.json")


class BuildError(Exception):
    """npm or esbuild failed; the message is its output."""


def build(folder: Path) -> dict[str, bytes]:
    """Return the files of `VENDOR` by name, built in the empty *folder*.

    Raises:
        BuildError: a package cannot be installed or the bundle cannot be built.
    """
    for name in FILES_OF_SOURCE:
        shutil.copy(SOURCE / name, folder)
    _run(folder, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1")
    _run(folder, "node", "node_modules/esbuild/bin/esbuild", "entry.js", f"--outfile={BUNDLE}", *OPTIONS)
    packages = packages_in(json.loads((folder / "meta.json").read_text(encoding="utf-8"))["inputs"])
    bundle = (folder / BUNDLE).read_bytes()
    licences = "\n".join(licence_of(folder / "node_modules" / package) for package in packages).encode()
    digest = f"{hashlib.sha256(bundle).hexdigest()}  {BUNDLE}\n{hashlib.sha256(licences).hexdigest()}  {LICENCES}\n"
    return {BUNDLE: bundle, LICENCES: licences, DIGEST: digest.encode()}


def packages_in(inputs: dict[str, object]) -> list[str]:
    """Return the names of the packages whose files are in the bundle."""
    names = {re.match(r"node_modules/((?:@[^/]+/)?[^/]+)/", path) for path in inputs}
    return sorted(name[1] for name in names if name)


def licence_of(package: Path) -> str:
    """Return name, version, licence and licence text of an installed *package*."""
    about = json.loads((package / "package.json").read_text(encoding="utf-8"))
    text = next(file for file in sorted(package.iterdir()) if file.name.upper().startswith("LICEN"))
    return f"## {about['name']} {about['version']} ({about['license']})\n\n{text.read_text(encoding='utf-8').strip()}\n"


def _run(folder: Path, *command: str) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    if done.returncode:
        raise BuildError(f"{' '.join(command)}:\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        for file_name, content in build(Path(scratch)).items():
            (VENDOR / file_name).write_bytes(content)
