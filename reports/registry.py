"""Every page of the site: whatever module stands in :mod:`reports.pages` and has a ``PAGE``."""

from importlib import import_module
from pkgutil import iter_modules

from reports import pages
from reports.sheets import Page


def every_page() -> tuple[Page, ...]:
    """The pages in the order of the navigation."""
    found = [import_module(f"reports.pages.{module.name}") for module in iter_modules(pages.__path__)]
    return tuple(sorted((module.PAGE for module in found if hasattr(module, "PAGE")), key=lambda page: page.order))
