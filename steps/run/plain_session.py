"""A pytest session without a plan: `pytest features/`, one file, ``-k``, the test explorer of an editor.

It is as strict as `sop verify`: every specification of a collected file is loaded and linted as a whole, with the step
definitions that its settings name.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from itertools import groupby
from pathlib import Path

import pytest
from _pytest.faulthandler import fault_handler_stderr_fd_key
from _pytest.pathlib import fnmatch_ex

from sop_engine.text import visible
from sop_runs.problem import Problem
from sop_runs.record.verdict_text import other_versions_text, outside_features_text
from steps.definitions.discovery import BindingModules
from steps.definitions.own_fixtures import reserved_for_node
from steps.definitions.settings import binding_modules
from steps.language.feature_set import feature_set_of
from steps.language.file_names import (
    FEATURES_FOLDER,
    NOT_SEARCHED,
    feature_files_below,
    file_findings,
    has_similar_ending,
    is_feature_file,
    why_unread,
    why_unread_place,
)
from steps.language.selection import Selection, check_tags
from steps.run.items import LINT, FeatureFile, FindingsItem
from steps.run.specification import Specification
from steps.run.time_limit import LONGEST_S, PLAIN_REMEDY, Limit, is_debugged


@dataclass(slots=True)
class PlainSession:
    """The specifications of a session by their folders, each loaded when the first of its files is collected."""

    config: pytest.Config
    _loaded: dict[Path, tuple[Specification, BindingModules]] = field(default_factory=dict)
    _collected: set[tuple[Path, str]] = field(default_factory=set)
    """Folder of the specification and path in it of each feature file whose examples were collected."""

    def specification_of(self, file: Path) -> tuple[Path, Specification] | None:
        """Return folder and specification of a feature file; None if the file is not read, such as one below a link.

        Raises:
            SopError: the specification, its settings or its step definitions cannot be read, or a tag is unknown.
        """
        root = _home_above(file) or file.parent
        if root not in self._loaded:
            self._loaded[root] = self._load(root)
        specification, _ = self._loaded[root]
        return (root, specification) if Path(os.path.relpath(file, root)).as_posix() in specification.hashes else None

    def collecting(self, file: FeatureFile) -> None:
        """Note that the examples of *file* are collected: pytest makes a node of each file of a folder, also of those not named."""
        self._collected.add((file.root, file.path_in_root))

    def _load(self, root: Path) -> tuple[Specification, BindingModules]:
        named, tags = self.config.getoption("--sop-bindings"), self.config.getoption("--sop-tags")
        bindings = BindingModules(tuple(named.split(","))) if named else binding_modules(root, ())
        feature_set = feature_set_of([root])
        specification = Specification.load(feature_set.files, root, bindings, Selection(tags=tags), feature_set.surroundings)
        if tags is not None:
            check_tags(tags, import_module("steps.lint.linter").known_tags_of(specification.rulebook))
        manager = self.config.pluginmanager
        for module in bindings.load():  # so that pytest finds their ordinary fixtures by name
            if not manager.is_registered(module):
                manager.register(module, module.__name__)
        return specification, bindings

    def findings_items(self, session: pytest.Session) -> Iterator[FindingsItem]:
        """Yield a failing test for each specification with findings that no collected file shows: in modules, in names, in other files."""
        listed = {item.parent.path for item in session.items if isinstance(item, FindingsItem) and isinstance(item.parent, FeatureFile)}
        reserved = _reserved_fixtures(session)
        for root, (specification, bindings) in self._loaded.items():
            others = [(root / path, finding) for path, findings in specification.findings.items() for finding in findings]
            in_modules = {finding.message for finding in specification.binding_findings}
            findings: list[tuple[Path, Problem]] = [
                *((bindings.file_of(finding.path), finding) for finding in specification.binding_findings),
                *(place for place in reserved.get(root, ()) if place[1].message not in in_modules),
                *((root / finding.path, finding) for finding in specification.surroundings.file_findings),
                *((file, finding) for file, finding in others if file not in listed),
            ]
            if findings:
                yield _findings_item(session, root, findings)
        for root in _named_folders(self.config) - self._loaded.keys():
            findings = [(root / finding.path, finding) for finding in file_findings(root, root)]
            if findings:
                yield _findings_item(session, root, findings)

    def notes(self) -> Iterator[str]:
        """Yield lines on each collected specification: feature files beside it, and how many examples are not of this version."""
        for root, (specification, _) in self._loaded.items():
            others = sum((root, example.path) in self._collected for example in specification.other_versions)
            notes = [outside_features_text(specification.surroundings.beside)] * bool(specification.surroundings.beside)
            for note in (*notes, *[other_versions_text(others)] * bool(others)):
                yield visible(f"{os.path.relpath(root, self.config.rootpath)}: {note}")


def _reserved_fixtures(session: pytest.Session) -> dict[Path, list[tuple[Path, Problem]]]:
    """Return the findings of rule reserved-fixture by specification: fixtures of conftest files and of plugins."""
    by_root: dict[Path, dict[tuple[Path, Problem], None]] = {}
    for parent, items in groupby(session.items, key=lambda item: item.parent):
        if isinstance(parent, FeatureFile):
            by_root.setdefault(parent.root, {}).update(dict.fromkeys(reserved_for_node(next(items))))
    return {root: list(findings) for root, findings in by_root.items()}


def is_needed_folder(path: Path, config: pytest.Config) -> bool:
    """Return whether *path* is a folder of a specification with feature files that pytest would not search because of its name."""
    if FEATURES_FOLDER not in path.parts or path.name in NOT_SEARCHED or path.is_symlink() or not path.is_dir():
        return False
    unsearched = any(fnmatch_ex(pattern, path) for pattern in config.getini("norecursedirs"))
    return unsearched and _home_above(path) is not None and next(feature_files_below(path), None) is not None


def time_limit_of_session(config: pytest.Config) -> Limit | None:
    """Return the time limit of an example; None if the user wants none, or is debugging.

    Raises:
        pytest.UsageError: it is not a number of seconds that is allowed.
    """
    seconds: float = config.getoption("--sop-limit")
    if not 0 <= seconds <= LONGEST_S:
        raise pytest.UsageError(f"--sop-limit={seconds:g} is not allowed; expected 0 (no limit) to {LONGEST_S:g} seconds")
    if seconds == 0 or config.getoption("trace", default=False) or is_debugged():
        return None
    descriptor = config.stash.get(fault_handler_stderr_fd_key, None)  # the terminal, also while pytest captures what tests write
    return Limit(seconds, waits=True, stderr=2 if descriptor is None else descriptor, remedy=PLAIN_REMEDY)


def unread_arguments(config: pytest.Config) -> Iterator[str]:
    """Yield the reason for each file that an argument of pytest names and that is not read although it looks like a feature file.

    A line of a feature file is such an argument too, as in the message of a failure.
    """
    for argument in config.args:
        name = argument.partition("::")[0]
        path = config.invocation_params.dir / name
        file, _, line = name.rpartition(":")
        if (
            line.isdecimal()
            and is_feature_file(Path(file))
            and not os.path.lexists(path)
            and (config.invocation_params.dir / file).is_file()
        ):
            yield visible(f"{name}: pytest takes no line; run `sop verify {name}`, or choose by name with -k")
        if path.is_dir() or path.suffix == ".py" or not os.path.lexists(path):
            continue
        home = _home_above(Path(os.path.normpath(path)))
        reason = (why_unread_place(Path(os.path.normpath(path)), home) if home else None) if is_feature_file(path) else why_unread(path)
        if reason and (home or has_similar_ending(path.name)):
            yield visible(f"{name}: {reason[0]}; {reason[1]}")


def _home_above(file: Path) -> Path | None:
    """Return the nearest folder named `features` above *file*, without following links, as pytest names the file."""
    return next((folder for folder in file.parents if folder.name == FEATURES_FOLDER), None)


def _named_folders(config: pytest.Config) -> set[Path]:
    """Return the features folders that the arguments of pytest name, or in which they name a folder."""
    paths = (config.invocation_params.dir / argument.partition("::")[0] for argument in config.args)
    folders = (_home_above(Path(os.path.normpath(path)) / "x") for path in paths if path.is_dir())
    return {folder for folder in folders if folder is not None}


def _findings_item(session: pytest.Session, root: Path, findings: list[tuple[Path, Problem]]) -> FindingsItem:
    nodeid = f"{Path(os.path.relpath(root, session.config.rootpath)).as_posix()}::{LINT}"
    item: FindingsItem = FindingsItem.from_parent(session, name=LINT, path=root, nodeid=nodeid, findings=findings)
    return item
