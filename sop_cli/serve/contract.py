"""`sop contract`: print the published contract, or a skeleton of an adapter to it."""

from enum import StrEnum
from importlib.resources import files
from importlib.resources.abc import Traversable

import click

from sop_cli.decision_text import OneOf
from sop_cli.exit_status import SUCCESS

CONTRACT_FILE = "oms-contract-1.openapi.json"


class Language(StrEnum):
    """Languages of which there is a skeleton."""

    PYTHON = "python"
    NODE = "node"


SKELETONS = {Language.PYTHON: "oms.py", Language.NODE: "oms.mjs"}
"""The file of each skeleton: in `docs/your-oms` of the project, in `sop_cli/serve/skeletons` of a wheel."""


@click.command(short_help="Print the contract for order-management systems, or a skeleton to fill.")
@click.option("--skeleton", type=OneOf(Language), help="Print a small server to fill in, in this language, instead of the contract.")
def contract(skeleton: Language | None) -> int:
    """Print the contract by which `sop verify --driver` asks an order-management system (OpenAPI 3.1).

    With --skeleton: a server of one file, which needs nothing but the language, and in which your system's answers are to be filled in.

    Exit status: 0 done, 2 invalid option, 70 internal error, 130 interrupted.
    """
    file = files("sop_engine").joinpath("schemas", CONTRACT_FILE) if skeleton is None else _skeleton(SKELETONS[skeleton])
    click.echo(file.read_text(encoding="utf-8"), nl=False)
    return SUCCESS


def _skeleton(name: str) -> Traversable:
    packed = files("sop_cli").joinpath("serve", "skeletons", name)
    return packed if packed.is_file() else files("sop_cli").joinpath("..", "docs", "your-oms", name)
