"""The option ``--steps``: modules with step definitions, in addition to `steps.bindings` and to ``[tool.sop]``."""

from collections.abc import Callable
from typing import Any

import click


def steps_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option ``--steps`` to *command*, as its argument *step_modules*."""
    option = click.option(
        "--steps", "step_modules", multiple=True, metavar="MODULE",
        help="Also use this module with step definitions, such as my_shop.steps or my_shop/steps.py; can be repeated.",
    )  # fmt: skip
    return option(command)
