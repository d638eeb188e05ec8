"""Time of lint for ten shapes of very large feature files at 1x, 10x and 100x of a size: it must grow no faster than the file.

Run it with ``python -P benchmarks/monsters.py``; it prints seconds for each shape and size.
"""

import time
from collections.abc import Callable

from sop_engine import load_rulebook
from steps.definitions.discovery import built_in_modules
from steps.definitions.registry import Registry
from steps.lint.linter import known_tags_of, lint_text

HEAD = "Feature: A monster\n\n"
SCENARIO = "  Scenario: One\n    Given the order is PACKED\n"
SHAPES: dict[str, tuple[int, Callable[[int], str]]] = {
    "long description line": (2_000, lambda size: f"Feature: f\n  {'word ' * (size // 5)}\n\n{SCENARIO}"),
    "tags": (900, lambda size: f"{HEAD}  {' '.join(f'@t{number}' for number in range(size))}\n{SCENARIO}"),
    "table rows": (500, lambda size: f"{HEAD}{SCENARIO}" + "      | a | b |\n" * size),
    "table columns": (500, lambda size: f"{HEAD}{SCENARIO}      |{' a |' * size}\n"),
    "scenarios": (100, lambda size: HEAD + "\n".join(SCENARIO.replace("One", f"One {number}") for number in range(size))),
    "one line": (2_000, lambda size: "x" * size),
    "comments": (1_000, lambda size: HEAD + "  # a comment\n" * size + SCENARIO),
    "docstring": (1_000, lambda size: f'{HEAD}{SCENARIO}      """\n' + "      a line\n" * size + '      """\n'),
    "Examples rows": (
        200,
        lambda size: f"{HEAD}{SCENARIO.replace('Scenario:', 'Scenario Outline:')}\n    Examples:\n" + "      | a |\n" * size,
    ),
    "long step": (2_000, lambda size: HEAD + SCENARIO.replace("PACKED", "PACKED " * (size // 7))),
    "rules": (200, lambda size: HEAD + "\n".join(f"  Rule: R{number}\n\n  {SCENARIO}" for number in range(size))),
}
"""Each shape with its size at 1x and the function that makes it."""


def main() -> None:
    """Print the table."""
    registry, tags = Registry.from_modules(built_in_modules()), known_tags_of(load_rulebook())
    lint_text(HEAD.encode(), "x.feature", registry, tags)  # so that the first shape does not pay for imports
    print(f"{'shape':24} {'bytes':>10} {'1x s':>8} {'10x s':>8} {'100x s':>8}")
    for name, (size, shape) in SHAPES.items():
        seconds = []
        for factor in (1, 10, 100):
            data = shape(size * factor).encode()
            started = time.process_time()
            lint_text(data, "x.feature", registry, tags)
            seconds.append(time.process_time() - started)
        print(f"{name:24} {len(data):10,} " + " ".join(f"{second:8.2f}" for second in seconds), flush=True)


if __name__ == "__main__":
    main()
