"""The files that come with the program and that pages are made of: templates, styles, scripts, the glossary.

One that is missing is an error: a page is never left out, or written smaller, because of it.
"""

from collections.abc import Callable, Iterable
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined

from reports.html.errors import ReportError
from sop_engine.text import counted

TEMPLATES: Traversable = files("reports").joinpath("templates")
GLOSSARY: tuple[Traversable, ...] = (files("reports").joinpath("glossary.md"), files("reports").joinpath("..", "docs", "glossary.md"))
"""Where an installed program has it, and where a checkout does."""


def template(name: str) -> str:
    """The text of the template, style or script *name*.

    Raises:
        ReportError: it is missing or cannot be read.
    """
    return _read_packaged(f"reports/templates/{name}", TEMPLATES.joinpath(*name.split("/")))


def joined_templates(names: Iterable[str]) -> str:
    """Templates one after the other, as one file."""
    return "\n".join(template(name).strip() for name in names)


def glossary_text() -> str:
    """The project's glossary as Markdown.

    Raises:
        ReportError: it is missing or cannot be read.
    """
    return _read_packaged("docs/glossary.md", next((file for file in GLOSSARY if file.is_file()), GLOSSARY[-1]))


def environment(finalize: Callable[[Any], Any] | None = None) -> Environment:
    """Templates that escape what they place and refuse what they do not know."""
    templates = Environment(
        loader=FunctionLoader(template),
        autoescape=True,
        undefined=StrictUndefined,  # a template typo fails the build
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals["counted"] = counted
    return templates


def _read_packaged(name: str, file: Traversable) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "is not UTF-8 text"
        raise ReportError(name, f"a file of the program cannot be read: {reason.lower()}", "install the program again") from error
