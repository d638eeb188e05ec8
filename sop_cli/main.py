"""Entry point of `sop`: finds the command, runs it, and prints an error with its remedy where it fails."""

import errno
import gc
import os
import re
import sys
import traceback
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path

import click

from sop_cli import __version__
from sop_cli.called_as import as_called, command_name, help_as_called, missing_package
from sop_cli.exit_status import (
    INTERNAL_ERROR,
    INTERRUPTED,
    MISUSE,
    READER_GONE,
    SUCCESS,
    end_at_once,
    forget_interruption,
    interrupt,
    interruption_status,
    signals_handled_by,
)

COMMANDS = {
    "verify": "Run the specification and write the living document.",
    "docs": "Write the living document of a run.",
    "lint": "Check the feature files without running them.",
    "decide": "Print the SOP's answer to one case, or to many.",
    "table": "Print all cases and their answers.",
    "simulate": "Simulate weeks of orders and measure them.",
    "audit": "Say what exports of real orders show against the SOP, and which credit notes are due.",
    "calibrate": "Fit the settings of an experiment to an event log.",
    "mutate": "Find changes of the rulebook that no example detects.",
    "questions": "Write the questions for the SOP's owner as a table, or read the answers back.",
    "answer": "Record the owner's answer to a gap, and bring the features in line with it.",
    "clause": "Correct a clause of the SOP's register, or add one.",
    "gap": "Add a gap to the register, or correct one.",
    "workbench": "Edit the specification in the browser.",
    "serve": "Answer over HTTP, by the contract for order-management systems.",
    "contract": "Print the contract for order-management systems, or a skeleton to fill.",
    "rulebook": "List the versions of the document, or begin a new one.",
    "diff": "Compare two states of the specification.",
    "approve": "Save the current answers, wording and examples as approved.",
    "gate": "Check whether a change of the specification may be merged.",
    "fmt": "Reformat feature files without changing a word.",
    "steps": "List the step sentences that a feature file can use.",
    "merge": "Merge the shards of `sop verify --shard` into one run.",
}
"""Each command and its short help. The module of the same name is imported only when the command is called."""

ROOM_OF = {
    "answer": "answers",
    "audit": "audits",
    "questions": "answers",
    "clause": "records",
    "gap": "records",
    "workbench": "web",
    "serve": "serve",
    "contract": "serve",
}
"""The room of each command whose module is not in `sop_cli.commands`."""
WITHOUT_RULEBOOK = ("contract", "fmt", "rulebook")
"""The commands that read no rulebook, or several."""
_RULEBOOK_OPTION, _RULEBOOK_VARIABLE = "--rulebook", "SOP_RULEBOOK"
"""The variable is `sop_engine.versions.VARIABLE`; an import of that package reads the rulebook."""
_LONGEST_NAME = 100
"""Characters at both ends of a long name that are printed in an error."""
_NOT_PRINTABLE = re.compile(r"[^\x20-\x7e\n]")
"""What may have to be escaped in a message; click removes escape sequences only where the output is no terminal."""
_LONG_NAME = re.compile(rf"(?<=`)[^`\n]{{{2 * _LONGEST_NAME + 1},}}(?=`)|\S{{{2 * _LONGEST_NAME + 1},}}")
_REMEDIES = {
    errno.ENOSPC: "free some space or choose another disk",
    errno.EDQUOT: "free some space or choose another disk",
    errno.EFBIG: "raise the limit of the size of a file (ulimit -f), or choose another place",
    errno.ENOENT: "check the path; nothing is there, and nothing can be made there",
    errno.ENOTDIR: "a part of the path is a file; name a folder in its place",
    errno.EISDIR: "name a file, not a folder",
    errno.EACCES: "choose a place that you may read and write",
    errno.EPERM: "choose a place that you may read and write",
    errno.EROFS: "choose a disk that can be written",
    errno.ENAMETOOLONG: "choose a shorter name",
    errno.ELOOP: "a link in the path leads back to itself; name the folder itself",
    errno.EBADF: "pipe something into the command, or name a file",
}
"""What to do after an error of the operating system, by its number."""


class Verbs(click.Group):
    """Command group that imports a command only when it is called, and suggests the nearest name for a misspelt one."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the commands in the order of the help text."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002
        """Return the command *name*, with help texts that name the command as it was called; None if there is none."""
        if name not in COMMANDS:
            return None
        with signals_handled_by(end_at_once):
            command = getattr(import_module(f"sop_cli.{ROOM_OF.get(name, 'commands')}.{name}"), name)
        if name not in WITHOUT_RULEBOOK and isinstance(command, click.Command):
            _add_rulebook_option(command)
        return _named_as_called(command) if isinstance(command, click.Command) else None

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help text of the group."""
        _named_as_called(self)
        super().format_help_text(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the commands with their short help, without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_as_called(text)) for name, text in COMMANDS.items()])

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Resolve as click does; an unknown command is an error with the nearest name."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            near = get_close_matches(args[0], COMMANDS, n=1)
            hint = f"did you mean `{near[0]}`?" if near else "expected one of " + ", ".join(COMMANDS)
            raise click.UsageError(f"there is no command `{args[0]}`; {hint}", ctx)
        if args and args[0] not in WITHOUT_RULEBOOK:
            _choose_rulebook(args[1:], ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=Verbs, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="sop")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """The SOP for clients as an executable specification: what happens when an Ajio order is cancelled or returned.

    \b
      sop verify     run the whole specification and write the living document
      sop decide     print the SOP's answer to one case
      sop table      print all cases
      sop simulate   simulate weeks of orders and measure them
      sop docs       write the pages of a run, compared with an earlier one
      sop gate       check whether a change of the specification may be merged

    Exit status: 0 success, 1 a check failed or the cancellation is not allowed, 2 invalid input or option, 3 an audit
    is done, but not all could be read, 70 internal error, 130 interrupted (Ctrl-C), 143 terminated, 141 the reader of
    the output is gone.
    """
    if os.environ.get("NO_COLOR"):
        ctx.color = False
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def main(arguments: Sequence[str] | None = None) -> int:  # noqa: PLR0911 (one return for each way to end)
    """Run the `sop` command with *arguments* (by default those of the process) and return the exit status."""
    gc.set_threshold(200_000, 50, 50)  # a command imports much, creates many objects and ends soon
    forget_interruption()
    try:
        with signals_handled_by(interrupt):
            status = cli.main(args=None if arguments is None else list(arguments), prog_name=command_name(), standalone_mode=False)
            sys.stdout.flush()
    except click.UsageError as error:
        _print_error(_usage_error_text(error), error.ctx)
        return MISUSE
    except click.ClickException as error:
        _print_error(error.format_message())
        return MISUSE
    except (click.Abort, KeyboardInterrupt):
        _print_error("interrupted")
        return interruption_status()
    except (BrokenPipeError, SystemExit):  # click raises SystemExit when the reader of stdout has closed it
        return READER_GONE
    except _bad_input() as error:
        _print_error(str(error))
        return MISUSE
    except ModuleNotFoundError as error:
        return _missing_package(error, arguments)
    except (OSError, MemoryError) as error:
        _print_error(_system_error_text(error))
        return MISUSE
    except Exception:  # noqa: BLE001 (the last resort: report an internal error with its traceback)
        _print_error("internal error, not caused by your input; please report the lines below")
        traceback.print_exc()
        return INTERNAL_ERROR
    if status == INTERRUPTED:
        return interruption_status()
    return status if isinstance(status, int) else SUCCESS


def _add_rulebook_option(command: click.Command) -> None:
    """Add the option to *command*, and to each of its commands if it is a group; `_choose_rulebook` has taken its value."""
    for part in (command, *(command.commands.values() if isinstance(command, click.Group) else ())):
        if all(_RULEBOOK_OPTION not in option.opts for option in part.params):
            part.params.append(
                click.Option(
                    [_RULEBOOK_OPTION], metavar="NAME|FOLDER", expose_value=False,
                    help="Version of the document to use, see `sop rulebook` (default: that of [tool.sop], otherwise clients_v1).",
                )
            )  # fmt: skip


def _choose_rulebook(args: Sequence[str], ctx: click.Context) -> None:
    """Let this process and its children read the rulebook that the option names; before a command, and with it the engine, is imported.

    Raises:
        click.UsageError: the name is empty, or the process has already read another rulebook.
    """
    named = ""
    for number, arg in enumerate(args):
        if arg == "--":
            break
        if arg == _RULEBOOK_OPTION or arg.startswith(f"{_RULEBOOK_OPTION}="):
            named = arg.partition("=")[2] if "=" in arg else next(iter(args[number + 1 :]), "")
            if not named.strip():
                raise click.UsageError(f"{_RULEBOOK_OPTION} has no name; `sop rulebook` lists the versions", ctx)
    if not named:
        return
    engine = sys.modules.get("sop_engine.engine")
    if engine is None:
        os.environ[_RULEBOOK_VARIABLE] = named
    elif str(import_module("sop_engine.versions").find_version(named)) != str(engine.FOLDER):
        raise click.UsageError(f"this process has read the rulebook in `{engine.FOLDER}`; ask for another one in a new process", ctx)


def _usage_error_text(error: click.UsageError) -> str:
    """Return the message of *error*; of a group that was called without a command, the names of its commands instead of its help."""
    ctx = error.ctx
    if isinstance(error, click.NoSuchOption) and ctx is not None:
        return _no_option_text(error.option_name, ctx)
    if not isinstance(error, click.exceptions.NoArgsIsHelpError) or ctx is None or not isinstance(ctx.command, click.Group):
        return error.format_message()
    return f"`{ctx.command.name}` needs one of its commands: {', '.join(f'`{name}`' for name in ctx.command.list_commands(ctx))}"


def _no_option_text(name: str, ctx: click.Context) -> str:
    """Return the message for an unknown option, with the nearest one that the command has."""
    options = [option for parameter in ctx.command.get_params(ctx) for option in (*parameter.opts, *parameter.secondary_opts)]
    near = get_close_matches(name, [option for option in options if option.startswith("--")], n=1)
    hint = f"; did you mean `{near[0]}`?" if near else ""
    return f"`{ctx.command_path}` has no option `{name}`{hint}"


def _system_error_text(error: OSError | MemoryError) -> str:
    """Return the message for *error* with its place and remedy."""
    if isinstance(error, MemoryError):
        return "there is not enough memory for this; give less input, or free some memory"
    try:
        Path.cwd()
    except FileNotFoundError:
        return "the current folder was deleted; change to another one"
    place = f"`{error.filename}`: " if error.filename else ""
    has_own_text = error.errno not in _REMEDIES or error.errno == errno.EBADF  # pyarrow puts a report of its own into the others
    reason = error.strerror or error if has_own_text else os.strerror(error.errno or 0)
    return f"{place}{reason}; {_REMEDIES.get(error.errno or 0, 'choose a place that can be read and written')}"


def _bad_input() -> type[Exception]:
    """Import SopError only when an error was raised: its package loads the rulebook, which `--help` does not need."""
    return import_module("sop_engine.errors").SopError  # type: ignore[no-any-return]


def _missing_package(error: ModuleNotFoundError, arguments: Sequence[str] | None) -> int:
    outcome = missing_package(error, sys.argv[1:] if arguments is None else None)
    if isinstance(outcome, int):
        return outcome
    _print_error(outcome)
    return MISUSE


def _print_error(message: str, ctx: click.Context | None = None) -> None:
    hint = f"\nsee `{ctx.command_path} --help`" if ctx is not None else ""
    short = _LONG_NAME.sub(lambda match: f"{match[0][:_LONGEST_NAME]}…{match[0][-_LONGEST_NAME:]}", as_called(message))
    click.echo(f"error: {_NOT_PRINTABLE.sub(_as_escape, short)}{hint}", err=True)


def _as_escape(match: re.Match[str]) -> str:
    """Return a character that cannot be printed as an escape: ``\\u001b``."""
    return match[0] if match[0].isprintable() else f"\\u{ord(match[0]):04x}"


def _named_as_called(command: click.Command) -> click.Command:
    """Name the command in the help texts of *command* as it was called."""
    command.help = help_as_called(command.help or "")
    for part in command.commands.values() if isinstance(command, click.Group) and command.name != cli.name else ():
        _named_as_called(part)
    for option in command.params:
        if isinstance(option, click.Option):
            option.help = help_as_called(option.help or "")
    return command


if __name__ == "__main__":
    sys.exit("error: `python -m sop_cli.main` is not the command; write `python -m sop_cli`")
