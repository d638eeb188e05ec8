"""Results of all feature files while only some run again: each with the run that it is from."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from sop_engine.text import counted, visible
from sop_runs.record.reader import RunRecord
from sop_runs.record.status import as_expected

MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class FileResult:
    """Result of a feature file: the run, the numbers of its examples and of those that failed, and of its findings."""

    run_id: str
    examples: int
    failed: int
    findings: int

    @property
    def good(self) -> bool:
        """Whether every example ran as expected and the file has no finding."""
        return not self.failed and not self.findings


@dataclass(slots=True)
class LastResults:
    """The last result of each feature file, by its name in the record."""

    by_file: dict[str, FileResult] = field(default_factory=dict)

    def add(self, run_id: str, record: RunRecord, names: Collection[str] | None) -> None:
        """Add the results of a complete run of the files *names*, None for all, and drop those of files that are gone."""
        failed: dict[str, list[bool]] = {}
        for scenario in record.scenarios:
            failed.setdefault(scenario.feature, []).append(not as_expected(scenario))
        before = self.by_file
        self.by_file = {}
        for feature in record.features:
            of_file, findings = failed.get(feature.path, []), len(feature.findings)
            if names is None or feature.path in names or feature.path not in before:
                self.by_file[feature.path] = FileResult(run_id, len(of_file), sum(of_file), findings)
            else:  # every run looks for findings in all files
                self.by_file[feature.path] = replace(before[feature.path], findings=findings)

    def rest(self, names: Collection[str]) -> Mapping[str, FileResult]:
        """Return the results of the files that are not in *names*."""
        return {name: result for name, result in self.by_file.items() if name not in names}


def rest_lines(rest: Mapping[str, FileResult]) -> Iterator[str]:
    """Yield the last results of the files that did not run again; nothing if there are none."""
    if not rest:
        return
    examples, files = sum(result.examples for result in rest.values()), len(rest)
    runs = sorted({result.run_id for result in rest.values()})
    bad = {name: result for name, result in sorted(rest.items()) if not result.good}
    when = f"in run {runs[0]}" if len(runs) == 1 else f"in {len(runs)} earlier runs, the oldest {runs[0]}"
    failed, findings = sum(result.failed for result in bad.values()), sum(result.findings for result in bad.values())
    outcome = ", ".join(filter(None, (f"{failed:,} failed" * bool(failed), counted(findings, "finding") * bool(findings)))) or "all passed"
    yield f"not run again: {counted(examples, 'example')} of {counted(files, 'other file')}; {outcome} {when}"
    yield from (f"  {visible(name)}" for name in list(bad)[:MOST_NAMED])
    if len(bad) > MOST_NAMED:
        yield f"  … and {len(bad) - MOST_NAMED} more"
