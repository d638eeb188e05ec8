"""Packaged files of which pages are made: templates, styles, scripts, the glossary.

A missing file is an error: no page is left out or shortened because of it.
"""

import re
from collections.abc import Callable, Iterable
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined, pass_context
from jinja2.compiler import CodeGenerator, Frame
from jinja2.nodes import Expr
from jinja2.runtime import Context
from markupsafe import Markup, escape

from reports.html.compact import compact_template
from reports.html.errors import ReportError
from reports.html.message_text import with_quotation_marks, with_unbroken_ids
from reports.html.template_cache import TemplateCache
from sop_engine.text import counted
from sop_engine.versions import with_version

TEMPLATES: Traversable = files("reports").joinpath("templates")
GLOSSARY: tuple[Traversable, ...] = (files("reports").joinpath("glossary.md"), files("reports").joinpath("..", "docs", "glossary.md"))
"""Place of the glossary in an installed program, and in a checkout."""
_has_special = re.compile("[&<>'\"]").search


def template(name: str) -> str:
    """Return the text of the template, style or script *name*.

    Raises:
        ReportError: it is missing or cannot be read.
    """
    return _read_packaged(f"reports/templates/{name}", TEMPLATES.joinpath(*name.split("/")))


def joined_templates(names: Iterable[str]) -> str:
    """Return templates joined to one file."""
    return "\n".join(template(name).strip() for name in names)


def glossary_text() -> str:
    """Return the project's glossary as Markdown.

    Raises:
        ReportError: it is missing or cannot be read.
    """
    return _read_packaged("docs/glossary.md", next((file for file in GLOSSARY if file.is_file()), GLOSSARY[-1]))


def compact(name: str) -> str:
    """Return the template *name* in fewer bytes."""
    return compact_template(template(name))


def _escaped(value: Any) -> str:
    """Return *value* with its special characters escaped; most values are texts without any, or numbers, and are not made a `Markup` in between."""
    if type(value) is str:
        return escape(value) if _has_special(value) else value
    if type(value) is int:
        return str(value)
    return value if type(value) is Markup else escape(value)


class _CodeGenerator(CodeGenerator):
    """Jinja's compiler of templates, for environments in which every value is escaped."""

    def _output_child_pre(self, node: Expr, frame: Frame, finalize: Any) -> None:  # noqa: ARG002 - of the base class
        self.write(f"environment.escaped({finalize.src or ''}")


class _Environment(Environment):
    """Jinja's environment for values that are objects: a name after a dot is an attribute, and a missing one an error, as in Python.

    A page asks for many thousands of attributes, and places as many values.
    """

    getattr = staticmethod(getattr)  # type: ignore[assignment]
    escaped = staticmethod(_escaped)
    code_generator_class = _CodeGenerator


def environment(finalize: Callable[[Any], Any] | None = None, load: Callable[[str], str] = template) -> Environment:
    """Return the Jinja environment: values are escaped, and an undefined name is an error; *load* returns the text of a template.

    Compiled templates are kept if the templates are files in a folder.
    """
    templates = _Environment(
        loader=FunctionLoader(load),
        autoescape=True,
        undefined=StrictUndefined,  # a template typo fails the build
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=TemplateCache(TEMPLATES, load.__name__ + "-escaped" + "-final" * (finalize is not None))
        if isinstance(TEMPLATES, Path)
        else None,
    )
    templates.globals["counted"] = counted
    add_filter(templates, "command", with_version)
    templates.filters |= {"whole": with_unbroken_ids, "ticks": with_quotation_marks}
    return templates


def add_filter(templates: Environment, name: str, function: Callable[[str], Any]) -> None:
    """Add a filter that is called when a page is rendered, never when a template is compiled: the result may differ in the next run."""

    @pass_context
    def called(_: Context, text: str) -> Any:
        return function(text)

    templates.filters[name] = called


def _read_packaged(name: str, file: Traversable) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "is not UTF-8 text"
        raise ReportError(name, f"a file of the program cannot be read: {reason.lower()}", "install the program again") from error
