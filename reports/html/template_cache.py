"""Compiled templates, kept beside the templates as Python keeps compiled modules, so that a run does not compile them again."""

import marshal
import sys
from contextlib import suppress
from hashlib import sha256
from importlib.util import cache_from_source
from pathlib import Path
from types import CodeType

from jinja2 import __version__
from jinja2.bccache import Bucket, BytecodeCache, bc_magic

from sop_engine.files import atomic


class TemplateCache(BytecodeCache):
    """One file for each template, where Python keeps the bytecode of modules in *folder* (PYTHONPYCACHEPREFIX counts).

    A file counts only for the same text of the template and the same versions of Python and Jinja. *kind* is a name for the other things
    that compiled code depends on, the options of the environment. Nothing is written where Python writes no bytecode, or cannot.
    """

    def __init__(self, folder: Path, kind: str) -> None:
        self._folder = folder
        self._kind = kind

    def get_cache_key(self, name: str, filename: str | None = None) -> str:  # noqa: ARG002 - of the base class
        """Return the name of the template."""
        return name

    def load_bytecode(self, bucket: Bucket) -> None:
        """Load the compiled template into *bucket*, if there is one for its text."""
        with suppress(OSError, EOFError, ValueError, TypeError):
            content, digest = self._file(bucket).read_bytes(), _header(bucket)
            if content.startswith(digest):
                code = marshal.loads(content[len(digest) :])  # noqa: S302 - as Python loads its own bytecode from this folder
                bucket.code = code if isinstance(code, CodeType) else None

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Write the compiled template."""
        if sys.dont_write_bytecode:
            return
        file = self._file(bucket)
        with suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            with atomic(file) as (part,):
                part.write_bytes(_header(bucket) + marshal.dumps(bucket.code))

    def _file(self, bucket: Bucket) -> Path:
        return Path(cache_from_source(str(self._folder / f"{bucket.key}-{self._kind}.py")))


def _header(bucket: Bucket) -> bytes:
    """Return what a file begins with: a digest of the text of the template and of the versions of Python and Jinja."""
    return sha256(b" ".join((bc_magic, __version__.encode(), bucket.checksum.encode()))).digest()
