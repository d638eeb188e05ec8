"""Lint of tags: each is in the closed list, written once, and a known failure gives its reason."""

import re
from collections.abc import Iterator

from sop_engine import load_rulebook
from sop_engine.ids import ID
from sop_engine.text import quoted
from sop_runs.record.status import KNOWN_FAILURE
from sop_runs.record.version_tags import SINCE, UNTIL, applies, contradictory_tags, is_version_tag
from steps.language.examples import FAILS, stated_failures
from steps.language.parser import Node
from steps.lint.checked_file import CheckedFile, Findings, comparable_tag

_SKIPPING = frozenset(
    [
        "broken",
        "disable",
        "disabled",
        "draft",
        "exclude",
        "excluded",
        "fail",
        "failing",
        "failure",
        "fixme",
        "flaky",
        "ignore",
        "ignored",
        "inprogress",
        "manual",
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
    "defect", "defects", "failure", "failures", "fixme", "flaky", "hold", "ignore", "ignored", "inactive", "incomplete", "later", "manual", "muted", "never", "obsolete", "onhold", "paused", "pending",
    "postponed", "quarantine", "quarantined", "skip", "skipif", "skipped", "skipping", "suspended", "tbd", "todo", "unfinished", "unstable",
    "wip", "xcontext", "xdescribe", "xfail", "xfeature", "xit", "xrule", "xscenario", "xtest",
})  # fmt: skip
"""Words of such tags, as in ``@known-bug`` or ``@skip:jira-123``."""
_NEGATIONS = r"((do|does|must|should|can|could|will|would|wo|ca|is)?(not|nt|never|no|without)(yet|to)?)"
_SKIP_PHRASE = re.compile(
    rf"{_NEGATIONS}(activ|automat|autorun|build|ci|complet|done|enabl|execut|finish|fix|implement|ready|run|support|test|valid|work)[a-z]*"
    r"|notyet|(allowed|allow|always|can|could|currently|expected|expect|known|may|might|must|should|will|would)(to)?"
    r"(be)?(break|broken|bug|defect|error|fail|issue|problem)[a-z]*"
)
"""Letters of a tag that say that something does not run, is not ready, or may fail: ``@DoNotRun``, ``@may-fail``."""
_SHORTEST_MISSPELT = 4
"""Letters of the shortest word of `_SKIP_WORDS` that is recognised with a letter doubled, or with two swapped."""
EVERY_SCENARIO_RUNS = (
    f"no tag leaves a scenario out; if it fails today, tag it {KNOWN_FAILURE} and write the reason below its name, else delete the tag"
)


def means_skipped(tag: str) -> bool:
    """Return whether other tools leave out the scenarios of *tag*, or expect them to fail: all its letters or one of its words say so."""
    words = (word.lower() for word in re.findall("[A-Z]?[a-z]+|[A-Z]+", tag))
    letters = comparable_tag(tag)
    return tag != KNOWN_FAILURE and (letters in _SKIPPING or _SKIP_PHRASE.fullmatch(letters) is not None or any(map(_is_skip_word, words)))


def _is_skip_word(word: str) -> bool:
    """Return whether *word* is one of `_SKIP_WORDS`, or one of them with a letter doubled or missing of two, or with letters swapped."""
    if word in _SKIP_WORDS or len(word) < _SHORTEST_MISSPELT:
        return word in _SKIP_WORDS
    right = [skip for skip in _SKIP_WORDS if len(skip) >= _SHORTEST_MISSPELT and skip[0] == word[0]]
    return any(_single(word) == _single(skip) or (sorted(word) == sorted(skip) and word[-1] == skip[-1]) for skip in right)


def _single(word: str) -> str:
    """Return *word* with each doubled letter once."""
    return re.sub(r"(.)\1+", r"\1", word)


def tag_findings(file: CheckedFile) -> Findings:
    """Yield the findings of rule unknown-tag, on features, rules, scenarios and Examples, and those of rule idle-tag for repeated tags."""
    yield from _repeated_tags(file)
    others = _tags_of_other_versions(file)
    for tag in _tag_nodes(file):
        name = tag["name"]
        if name not in file.known_tags and not (id(tag) in others and ID.fullmatch(name[1:])):
            near = nearest_tag(name, file)
            message = f"the tag {quoted(name)} is not known"
            remedy = f"did you mean `{near}`?" if near else "use the id of a clause, gap or section, or delete the tag"
            if means_skipped(name):
                near, remedy = None, EVERY_SCENARIO_RUNS
            yield file.finding(file.at(tag), "unknown-tag", message, remedy, near)


def _tags_of_other_versions(file: CheckedFile) -> set[int]:
    """Return the identities of the tags above which, or beside which, a tag says that nothing there stands in the version of the rulebook."""
    if not _has_version_tags(file):
        return set()
    book = load_rulebook()
    return {
        id(tag) for nodes, tags in _nested_nodes(file) if tags and not applies(tags, book.name, book.follows) for tag in nodes[-1]["tags"]
    }


def _has_version_tags(file: CheckedFile) -> bool:
    return SINCE in file.source.text or UNTIL in file.source.text


def _nested_nodes(file: CheckedFile) -> Iterator[tuple[list[Node], list[str]]]:
    """Yield each feature, Rule, scenario and table of Examples behind those that it is in, and the tags with versions of all of them."""
    own: dict[int, list[str]] = {}

    def with_tags(*nodes: Node | None) -> tuple[list[Node], list[str]]:
        present = [node for node in nodes if node is not None]
        for node in present:
            if id(node) not in own:
                own[id(node)] = [tag["name"] for tag in node["tags"] if is_version_tag(tag["name"])]
        return present, [name for node in present for name in own[id(node)]]

    if file.feature is not None:
        yield with_tags(file.feature)
        yield from (with_tags(file.feature, child["rule"]) for child in file.feature["children"] if "rule" in child)
    for block in file.blocks:
        yield with_tags(file.feature, block.rule, block.scenario)
        yield from (with_tags(file.feature, block.rule, block.scenario, examples) for examples in block.scenario["examples"])


def version_findings(file: CheckedFile) -> Findings:
    """Yield the findings of rule no-version, each at the tag that is innermost."""
    if not _has_version_tags(file):
        return
    book = load_rulebook()
    first = (*book.follows, book.name)[0]
    for nodes, tags in _nested_nodes(file):
        if not tags:
            continue
        pairs: dict[str, tuple[str, str]] = {}
        for pair in contradictory_tags(tags, book.name, book.follows):
            for name in pair:
                pairs.setdefault(name, pair)
        own = {tag["name"] for tag in nodes[-1]["tags"]}
        for tag in nodes[-1]["tags"]:
            name = tag["name"]
            pair_of_tag = pairs.get(name)
            if pair_of_tag is not None and (name == pair_of_tag[1] or pair_of_tag[1] not in own):
                message = f"the tags {' and '.join(pair_of_tag)} leave this out of every version, so it never runs"
                yield file.finding(file.at(tag), "no-version", message, "correct one of the two, or delete what no version has")
            elif pair_of_tag is None and name == f"{SINCE}{first}":
                message = f"every version has come since {first}, so the tag {quoted(name)} leaves nothing out"
                yield file.finding(file.at(tag), "no-version", message, "delete the tag")


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
        if stated_failures(scenario["description"]) and not any(tag["name"] == KNOWN_FAILURE for tag in scenario["tags"]):
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
    letters, tags_by_letters = comparable_tag(name), file.tags_by_letters
    near = letters if letters in tags_by_letters else file.most_similar(letters, tags_by_letters, cutoff=0.75)
    return tags_by_letters[near] if near else None
