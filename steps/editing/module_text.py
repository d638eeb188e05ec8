"""The new text of the Python modules that name a renamed step sentence: its decorator, and the `follows` of others.

Only string literals change. The new text is compiled, and its syntax tree compared with the old one.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Sequence
from pathlib import Path

from steps.definitions.decorators import StepDefinition
from steps.definitions.registry import Registry
from steps.editing.new_sentence import RenameError, Renaming

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
"""A line as Python counts them: form feeds and the separators of Unicode end none."""


def python_lines(text: str) -> list[str]:
    """Return the lines of a Python module without their line ends, as Python counts them."""
    return [line.rstrip("\r\n") for line in _LINE.findall(text)[:-1]]


def new_modules(renaming: Renaming, registry: Registry) -> Iterator[tuple[Path, bytes, bytes]]:
    """Yield each module that changes, with its old and its new content; first that of the step definition.

    Raises:
        RenameError: a sentence is not one literal on one line, or the new text would be another program.
    """
    definition = renaming.definition
    followers = [other for other in registry.definitions if definition.expression in other.follows]
    namesake = next(
        (other for other in registry.definitions if other is not definition and other.expression == definition.expression), None
    )
    if followers and namesake:
        raise RenameError(f"{followers[0].place}: `follows` names `{definition}` and `{namesake}`; rename by hand")
    files = dict.fromkeys(Path(other.file) for other in (definition, *followers))
    for file in files:
        yield file, *_new_text(file, renaming, [other for other in followers if Path(other.file) == file])


def _new_text(file: Path, renaming: Renaming, followers: Sequence[StepDefinition]) -> tuple[bytes, bytes]:
    definition = renaming.definition
    try:
        old = file.read_bytes()
        encoding, _ = tokenize.detect_encoding(io.BytesIO(old).readline)
        text, tree = old.decode(encoding), ast.parse(old)
    except (OSError, SyntaxError, ValueError, LookupError) as error:
        raise RenameError(f"{definition.path}: the module cannot be read ({error}); correct it, or rename by hand") from None
    nodes = [node for other in followers for node in _literals(tree, other, definition.expression, follows=True)]
    if Path(definition.file) == file:
        nodes += _literals(tree, definition, definition.expression, follows=False)
    lines = _LINE.findall(text)
    for node in sorted(nodes, key=lambda literal: (literal.lineno, literal.col_offset), reverse=True):
        line = lines[node.lineno - 1].encode()
        start, end = node.col_offset, node.end_col_offset
        literal = _literal(line[start:end].decode(), renaming.new.name)
        lines[node.lineno - 1] = (line[:start] + literal.encode() + line[end:]).decode()
        node.value, node.kind = renaming.new.name, None
    return old, _checked("".join(lines), encoding, tree, definition)


def _literals(tree: ast.Module, definition: StepDefinition, sentence: str, *, follows: bool) -> Iterator[ast.Constant]:
    """Yield the literals of *sentence* in the decorator of *definition*: its first argument, or those of `follows`.

    Raises:
        RenameError: there is none.
    """
    count = 0
    for call in _decorators(tree, definition):
        arguments = [keyword.value for keyword in call.keywords if keyword.arg == "follows"] if follows else call.args[:1]
        for node in (node for argument in arguments for node in ast.walk(argument) if follows or node is argument):
            if isinstance(node, ast.Constant) and node.value == sentence and node.lineno == node.end_lineno:
                count += 1
                yield node
    if not count:
        reason = "the step sentence in `follows`" if follows else "the step sentence"
        raise RenameError(f"{definition.place}: {reason} is not one text in quotes on one line; write it so, or rename by hand")


def _decorators(tree: ast.Module, definition: StepDefinition) -> Iterator[ast.Call]:
    """Yield the decorator of a step definition; if the function has several of its sentence, that with its keyword."""
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)):
        if function.decorator_list and function.decorator_list[0].lineno == definition.line:
            calls = [decorator for decorator in function.decorator_list if isinstance(decorator, ast.Call) and decorator.args]
            same = [call for call in calls if isinstance(call.args[0], ast.Constant) and call.args[0].value == definition.expression]
            named = [call for call in same if ast.unparse(call.func).rpartition(".")[2] == definition.kind]
            yield from named or same


def _literal(old: str, value: str) -> str:
    """Return *value* as a literal with the quotes of the *old* one; a raw literal stays raw if it can."""
    quote = old[-1]
    if old[0] in "rR" and not value.endswith("\\") and quote not in value:
        return f"{old[0]}{quote}{value}{quote}"
    return quote + value.replace("\\", "\\\\").replace(quote, f"\\{quote}") + quote


def _checked(text: str, encoding: str, wanted: ast.Module, definition: StepDefinition) -> bytes:
    """Return the new text in its encoding, if it is the program *wanted*."""
    try:
        new = text.encode(encoding)
    except UnicodeEncodeError as error:
        raise RenameError(
            f"{definition.path}: {encoding} has no `{text[error.start]}`; save the module as UTF-8, or choose other words"
        ) from None
    try:
        is_same = ast.dump(ast.parse(new)) == ast.dump(wanted)
    except (SyntaxError, ValueError):
        is_same = False
    if not is_same:
        raise RenameError(f"{definition.place}: the module would be another program; rename by hand, and report this as an internal error")
    return new
