"""Lint of tags: each is in the closed list and fits every example below it.

The id of a clause or gap fits an example that cites it, or that is about a case which the clause or gap covers. In the life of an
order these are the cases of its requests to cancel, which the lint computes from the Givens and Whens. Where there is no such case, a
step sentence is about the id (its definition says so), and the text of the scenario, its Rule or its Feature names it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from sop_engine import Canceller, EInvoice, Invoicing, QualityCheck, Reading, Scope, Stage, load_rulebook
from sop_engine.order import Cancellation, Order
from sop_engine.statement import RETURN, When
from sop_engine.text import counted, quoted
from sop_runs.record.status import KNOWN_FAILURE
from steps.language.examples import FAILS, said_failures
from steps.language.parser import Node
from steps.lint.checked_file import CheckedFile, Findings, MatchedExample, letters_of

AS_WRITTEN = "@as-written"
SIMULATION = "@simulation"
_FACT_OF: dict[type, str] = {
    Canceller: "canceller", Scope: "scope", Invoicing: "invoicing", Stage: "stage", EInvoice: "e_invoice", QualityCheck: "quality_check",
}  # fmt: skip
"""The fact of a case or a returned unit that a value of a step states, by its type."""

_EVENT_AFTERWARDS = {"GAP-46": "posted", "GAP-55": "pushed"}
"""Gaps about what happens to an order after its cancellation. In an order's life the case of the request does not show it."""

_SKIPPING = frozenset(
    [
        "broken",
        "disable",
        "disabled",
        "draft",
        "dontrun",
        "exclude",
        "excluded",
        "expectedfailure",
        "expectfail",
        "fail",
        "failing",
        "failure",
        "fixme",
        "flaky",
        "ignore",
        "ignored",
        "inprogress",
        "knownfailure",
        "knownissue",
        "manual",
        "norun",
        "noci",
        "notautomated",
        "notimplemented",
        "notready",
        "notrun",
        "notyet",
        "notyetimplemented",
        "off",
        "onhold",
        "parked",
        "pending",
        "postponed",
        "quarantine",
        "quarantined",
        "skip",
        "skipped",
        "skipci",
        "skiptest",
        "todo",
        "unfinished",
        "unimplemented",
        "wip",
        "workinprogress",
        "xfail",
        "xfailed",
    ]
)
"""Letters of tags with which other tools leave a scenario out, or expect it to fail."""
_SKIP_WORDS = frozenset({
    "blocked", "broken", "bug", "bugs", "deprecated", "disable", "disabled", "exclude", "excluded", "fail", "failed", "failing", "fails",
    "failure", "failures", "fixme", "flaky", "ignore", "ignored", "inactive", "incomplete", "later", "muted", "obsolete", "pending",
    "postponed", "quarantine", "quarantined", "skip", "skipif", "skipped", "skipping", "suspended", "tbd", "todo", "unfinished", "unstable",
    "wip", "xfail", "xfeature", "xit", "xrule", "xscenario",
})  # fmt: skip
"""Words of such tags, as in ``@known-bug`` or ``@skip:jira-123``."""
EVERY_SCENARIO_RUNS = (
    f"no tag leaves a scenario out; if it fails today, tag it {KNOWN_FAILURE} and write the reason below its name, else delete the tag"
)


def leaves_out(tag: str) -> bool:
    """Return whether other tools leave out the scenarios of *tag*, or expect them to fail: all its letters or one of its words say so."""
    words = (word.lower() for word in re.findall("[A-Z]?[a-z]+|[A-Z]+", tag))
    return tag != KNOWN_FAILURE and (letters_of(tag) in _SKIPPING or any(word in _SKIP_WORDS for word in words))


def tag_findings(file: CheckedFile) -> Findings:
    """Yield the findings of rule unknown-tag, on features, rules, scenarios and Examples, and those of rule idle-tag for repeated tags."""
    yield from _repeated_tags(file)
    for tag in _tag_nodes(file):
        name = tag["name"]
        if name not in file.known_tags:
            near = nearest_tag(name, file)
            message = f"the tag {quoted(name)} is not known"
            remedy = f"did you mean `{near}`?" if near else "use the id of a clause, gap or section, or delete the tag"
            if leaves_out(name):
                near, remedy = None, EVERY_SCENARIO_RUNS
            yield file.finding(file.at(tag), "unknown-tag", message, remedy, near)


def _repeated_tags(file: CheckedFile) -> Findings:
    """Yield a finding for a tag that is also above, or before on the same node."""
    repeated: dict[int, tuple[Node, Node]] = {}
    for block in file.blocks:
        above = [node for node in (file.feature, block.rule, block.scenario) if node is not None]
        for nodes in ([*above, examples] for examples in block.scenario["examples"] or [{"tags": ()}]):
            first: dict[str, Node] = {}
            for tag in (tag for node in nodes for tag in node["tags"]):
                other = first.setdefault(tag["name"], tag)
                if other is not tag and tag["name"] in file.known_tags:
                    repeated[id(tag)] = (tag, other)
    for tag, other in repeated.values():
        message = f"the tag {tag['name']} is already in line {other['location']['line']}, which covers this place"
        yield file.finding(file.at(tag), "idle-tag", message, "delete one of the two")


def known_failure_findings(file: CheckedFile) -> Findings:
    """Yield the findings of rule no-reason: a known failure is tagged at its own scenario of one example, which gives the reason."""
    feature = file.feature
    if feature is None:
        return
    scenarios = {id(tag): block.scenario for block in file.blocks for tag in block.scenario["tags"]}
    for tag in _tag_nodes(file):
        if tag["name"] != KNOWN_FAILURE:
            continue
        scenario = scenarios.get(id(tag))
        if scenario is None:
            message = f"{KNOWN_FAILURE} covers more than one scenario, so it would hide a new failure"
            yield file.finding(file.at(tag), "no-reason", message, "tag each scenario that fails, and write the reason below its name")
        elif (rows := sum(len(examples["tableBody"]) for examples in scenario["examples"])) > 1:
            message = f"{KNOWN_FAILURE} covers {rows:,} rows of this outline, so it would hide a new failure"
            yield file.finding(file.at(tag), "no-reason", message, "make a scenario of its own, with the tag, for each row that fails")
        elif not any(line.strip() and not line.strip().startswith(FAILS) for line in scenario["description"].splitlines()):
            message = f"the scenario {quoted(scenario['name'])} is expected to fail and gives no reason"
            yield file.finding(file.at(tag), "no-reason", message, "write the reason below the name of the scenario, before its first step")
    for block in file.blocks:
        scenario = block.scenario
        if said_failures(scenario["description"]) and not any(tag["name"] == KNOWN_FAILURE for tag in scenario["tags"]):
            message = f"the description says what fails (`{FAILS} …`), but the scenario is not tagged {KNOWN_FAILURE}"
            yield file.finding(file.at(scenario), "no-reason", message, f"delete the line, or tag the scenario {KNOWN_FAILURE}")


def _tag_nodes(file: CheckedFile) -> Iterator[Node]:
    feature = file.feature
    if feature is not None:
        yield from feature["tags"]
        for child in feature["children"]:
            yield from child.get("rule", {"tags": ()})["tags"]
        for block in file.blocks:
            yield from block.scenario["tags"]
            for examples in block.scenario["examples"]:
                yield from examples["tags"]


def nearest_tag(name: str, file: CheckedFile) -> str | None:
    """Return the known tag most similar to *name*: one with the same letters and digits, else the nearest; None if none is similar."""
    letters, tags_by_letters = letters_of(name), file.tags_by_letters
    near = letters if letters in tags_by_letters else file.near(letters, tags_by_letters, cutoff=0.75)
    return tags_by_letters[near] if near else None


def fitting_findings(file: CheckedFile) -> Findings:
    """Yield the findings of the rules wrong-reading and idle-tag, one for each tag; its first scenario is named."""
    unfit: dict[int, tuple[Node, list[_Tagged]]] = {}
    for tag, tagged in _tagged_scenarios(file):
        if tagged.unfit_by(tag["name"]):
            unfit.setdefault(id(tag), (tag, []))[1].append(tagged)
    for tag, scenarios in unfit.values():
        names = scenarios[0].place_of(tag["name"])
        names += f" (and {counted(len(scenarios) - 1, 'more scenario')})" if len(scenarios) > 1 else ""
        if tag["name"] == AS_WRITTEN:
            message = f"the tag {AS_WRITTEN} is wrong on {names}: the SOP is not taken as written there"
            remedy = "begin the scenario with `Given the SOP is taken as written`, or delete the tag"
            yield file.finding(file.at(tag), "wrong-reading", message, remedy)
        elif tag["name"] == SIMULATION:
            message = f"the tag {SIMULATION} does not fit {names}, which is about one request to cancel: nothing is simulated there"
            yield file.finding(file.at(tag), "idle-tag", message, "delete the tag, or begin the scenario with `Given the experiment …`")
        else:
            message = f"the tag {tag['name']} does not fit {names}, which neither cites it nor is about a case that it covers"
            remedy = "delete the tag, move it to the scenario or the Examples that it fits, or cite it in a Then"
            event = _EVENT_AFTERWARDS.get(tag["name"][1:])
            if event is not None and any(example.requests for example in scenarios[0].examples):
                message = (
                    f"the tag {tag['name']} does not fit {names}: no step there is about an order that is {event} after its cancellation"
                )
            if not any(example.is_about_a_case for example in scenarios[0].examples):
                message = f"the tag {tag['name']} does not fit {names}: no step there is about it"
                remedy = "delete the tag, move it to the scenario that it fits, or cite it in a Then"
                if any(example.is_about(tag["name"][1:]) for example in scenarios[0].examples):
                    message = f"the tag {tag['name']} is not explained by {names}: no text there names it"
                    remedy = "delete the tag, cite it in a Then, or give the reason in the text of the scenario or its Rule, with the id"
            yield file.finding(file.at(tag), "idle-tag", message, remedy)


@dataclass(frozen=True, slots=True)
class _Tagged:
    """A scenario below a tag: its name, those of its examples that have the tag, and the text of scenario, Rule and Feature."""

    name: str
    examples: "Sequence[_TaggedExample]"
    text: str

    def unfit_by(self, tag: str) -> "list[_TaggedExample]":
        """Return the examples that *tag* does not fit."""
        if tag == AS_WRITTEN:
            return [example for example in self.examples if Reading.AS_WRITTEN not in example.values]
        if tag == SIMULATION:
            return [example for example in self.examples if "scope" in example.facts]
        covered = _covered_by_tag().get(tag)
        return [] if covered is None else [example for example in self.examples if not example.fits(tag[1:], covered, self.text)]

    def place_of(self, tag: str) -> str:
        """Return the name of the scenario; with its rows that *tag* does not fit, if it fits others."""
        unfit = self.unfit_by(tag)
        if len(unfit) == len(self.examples):
            return quoted(self.name)
        more = f" (and {counted(len(unfit) - 1, 'more row')})" if len(unfit) > 1 else ""
        return f"the row in line {unfit[0].matched.example.row}{more} of {quoted(self.name)}"


def _tagged_scenarios(file: CheckedFile) -> Iterator[tuple[Node, _Tagged]]:
    """Yield each tag with each scenario below it of which every tagged example matches step definitions."""
    examples: dict[int, list[_TaggedExample]] = {}
    declaring = frozenset(definition.module for definition in file.registry.definitions if definition.about)
    for matched in file.matched:
        examples.setdefault(matched.example.line, []).append(_TaggedExample(matched, declaring))
    for block in file.blocks:
        scenario = block.scenario
        nodes = [node for node in (file.feature, block.rule, scenario) if node is not None]
        written = examples.get(scenario["location"]["line"], [])
        text = " ".join(node[part] or "" for node in nodes for part in ("name", "description"))
        rows = [row for table in scenario["examples"] for row in _rows_of(table)]
        if written and len(written) == len(rows or [None]):
            for tag in (tag for node in nodes for tag in node["tags"]):
                yield tag, _Tagged(scenario["name"], written, text)
            for table in scenario["examples"]:
                tagged = [example for example in written if example.matched.example.row in _rows_of(table)]
                for tag in table["tags"] if tagged else ():
                    yield tag, _Tagged(scenario["name"], tagged, text)


def _rows_of(table: Node) -> frozenset[int]:
    return frozenset(row["location"]["line"] for row in table["tableBody"])


@dataclass(frozen=True, slots=True)
class _Covered:
    """The cases or returned units that a clause, gap or section covers; None if it covers none."""

    when: When | None
    is_return: bool
    is_section: bool = False


@cache
def _covered_by_tag() -> Mapping[str, _Covered]:
    """Return what each tag of the rulebook covers."""
    book = load_rulebook()
    clauses = {f"@{clause.id}": _Covered(clause.when if clause.decides else None, clause.subject == RETURN) for clause in book.clauses}
    gaps = {f"@{gap.id}": _Covered(gap.when, gap.subject == RETURN) for gap in book.gaps}
    returns = {clause.section for clause in book.clauses if clause.subject == RETURN}
    return clauses | gaps | {f"@{section.id}": _Covered(section.facts, section.id in returns, is_section=True) for section in book.sections}


@dataclass(frozen=True)
class _TaggedExample:
    """An example, and what its steps cite and are about; the modules *declaring* have step sentences that say what they are about."""

    matched: MatchedExample
    declaring: frozenset[str]

    @cached_property
    def values(self) -> list[object]:
        """Every value of the steps; of a list, its members."""
        values: list[object] = []
        for match in self.matched.matches:
            for value in match.arguments.values():
                values += value if isinstance(value, (list, tuple)) else [value]
        return values

    @cached_property
    def facts(self) -> dict[str, frozenset[str]]:
        """What the Givens and Whens state about one case or one returned unit: fact to words. Empty if there is none."""
        facts: dict[str, frozenset[str]] = {}
        for step, match in self.matched.steps:
            if step.kind != "then":
                for value in match.arguments.values():
                    for word in value if isinstance(value, tuple) else (value,):
                        name = _FACT_OF.get(type(word))
                        if name is not None:
                            facts[name] = facts.get(name, frozenset()) | {str(word)}
        return facts if facts.keys() & {"scope", "quality_check"} else {}

    @property
    def requests(self) -> Sequence[Cancellation]:
        """The requests to cancel in an order's life."""
        orders = self.matched.life.orders
        return orders[max(orders)].cancellations if orders else ()

    @property
    def is_about_a_case(self) -> bool:
        """Whether there is one case, one returned unit, or a request in an order's life."""
        return bool(self.facts or self.requests)

    def fits(self, identifier: str, covered: _Covered, text: str) -> bool:
        """Return whether the tag *identifier* fits: the steps cite it, are about a case that it covers, or are about it as *text* says."""
        if identifier in self.values:
            return True
        if self.facts and covered.when is not None and covered.is_return == ("quality_check" in self.facts):
            return all(self.facts.get(name, values) & values for name, values in covered.when.facts.items())
        is_shown = (
            covered.when is not None
            and identifier not in _EVENT_AFTERWARDS
            and not covered.is_return
            and any(covered.when.covers(request.decision.case.facts) for request in self.requests)
        )
        is_named = covered.is_section or identifier in load_rulebook().ids_in(text)
        return is_shown or self.matched.life.error is not None or (is_named and self.is_about(identifier))

    def is_about(self, identifier: str) -> bool:
        """Return whether the definition of a step says that it is about *identifier*, or all are of modules whose definitions never do."""
        matches = self.matched.matches
        is_unknown = not self.is_about_a_case and self.declaring.isdisjoint(match.definition.module for match in matches)
        order: Order | None = None
        for number, match in enumerate(matches):
            order = self.matched.life.orders.get(number, order)
            is_unknown = is_unknown or match.is_about(identifier, order)
        return is_unknown
