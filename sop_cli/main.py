"""The entry point: finds the command, runs it, and words every way it can end."""

import gc
import os
import sys
import traceback
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module

import click

from sop_cli import __version__
from sop_cli.exit_status import GOOD, INTERRUPTED, MISUSE, OUR_FAULT

COMMANDS = {
    "verify": "Run the specification and write the living document.",
    "docs": "Write the living document of a run.",
    "lint": "What is wrong with the feature files, without running them.",
    "decide": "What the SOP says of one case, or of many.",
    "table": "All 256 cases and their decisions.",
    "simulate": "Run an experiment: weeks of orders, set in motion.",
    "mutate": "Change the rulebook in every way and see whether the features notice.",
    "diff": "Say what changed between two states of the specification.",
    "approve": "Keep the present answers and examples as approved.",
    "gate": "Say whether a change of the specification may go in.",
    "fmt": "Lay out feature files in one way, without changing a word.",
    "steps": "The sentences that a feature file can use.",
    "merge": "Make one run of the shards of `sop verify --shard`.",
}
"""Each verb and its help in short. The module of the same name is imported only when its verb is asked for."""


class Verbs(click.Group):
    """The commands, loaded one at a time, with a hint for a misspelt one."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The verbs in the order a new user meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002
        """The command of a verb, or ``None``."""
        if name not in COMMANDS:
            return None
        command = getattr(import_module(f"sop_cli.commands.{name}"), name)
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The verbs with their help in short, without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """As click's own, with "did you mean"."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            near = get_close_matches(args[0], COMMANDS, n=1)
            hint = f"did you mean `{near[0]}`?" if near else "expected one of " + ", ".join(COMMANDS)
            raise click.UsageError(f"there is no command `{args[0]}`; {hint}", ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=Verbs, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="sop")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """The SOP for clients, executable: what happens when an Ajio order is cancelled or returned.

    \b
      sop verify     run the whole specification and write the living document
      sop decide     ask what the SOP says of one case
      sop table      see all 256 cases
      sop simulate   run weeks of orders and measure them
      sop docs       write the pages of a run, against an earlier one
      sop gate       say whether a change of the specification may go in
    """
    gc.set_threshold(50_000, 50, 50)  # a command makes much, and ends soon
    if os.environ.get("NO_COLOR"):
        ctx.color = False
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def main(arguments: Sequence[str] | None = None) -> int:  # noqa: PLR0911 (every way to end, one return each)
    """The `sop` command with *arguments* (by default those of the process); returns the exit status."""
    _speak_utf8()
    try:
        status = cli.main(args=None if arguments is None else list(arguments), prog_name="sop", standalone_mode=False)
        sys.stdout.flush()
    except click.UsageError as error:
        _print_error(error.format_message(), error.ctx)
        return MISUSE
    except click.ClickException as error:
        _print_error(error.format_message())
        return MISUSE
    except (click.Abort, KeyboardInterrupt):
        _print_error("interrupted")
        return INTERRUPTED
    except (BrokenPipeError, SystemExit):  # click leaves by SystemExit when the reader of stdout has gone away
        _give_up_stdout()
        return GOOD
    except _bad_input() as error:
        _print_error(str(error))
        return MISUSE
    except ModuleNotFoundError as error:
        _print_error(f"`{error.name}`: a part of the program is missing; install the program again")
        return MISUSE
    except OSError as error:
        _give_up_stdout()
        place = f"`{error.filename}`: " if error.filename else ""
        _print_error(f"{place}{error.strerror or error}; free the space or choose a place that can be written")
        return MISUSE
    except Exception:  # noqa: BLE001 (the last resort: say that it is our fault, and show where)
        _print_error("this is a fault of ours, not yours; please report the lines below")
        traceback.print_exc()
        return OUR_FAULT
    return status if isinstance(status, int) else GOOD


def _bad_input() -> type[Exception]:
    """SopError, looked up only when something has gone wrong: the rulebook comes with it, and `--help` needs none."""
    return import_module("sop_engine.errors").SopError  # type: ignore[no-any-return]


def _print_error(message: str, ctx: click.Context | None = None) -> None:
    hint = f"\nsee `{ctx.command_path} --help`" if ctx is not None else ""
    click.echo(f"error: {message}{hint}", err=True)


def _speak_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _give_up_stdout() -> None:
    """Nothing more can be written there: keep the interpreter from trying again at exit."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return


def run() -> None:
    """The console script."""
    sys.exit(main())


if __name__ == "__main__":
    run()
