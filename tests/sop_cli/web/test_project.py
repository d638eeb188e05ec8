"""Files that the workbench saves: all or none, never over another content, complete whatever happens meanwhile."""

import errno
import json
import os
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path

import pytest
from filelock import FileLock

from sop_cli.answers.writing import ANSWERS_LOCK
from sop_cli.web import project as module
from sop_cli.web.drafts import DraftError, Drafts
from sop_cli.web.project import Change, ConflictError, FileContentError, FileNameError, Project, ReadOnlyError, Watch, digest_of
from sop_engine import files
from tests.support.workbench_server import ServedWorkbench, served_workbench

A, B, NEW = "features/a.feature", "features/part/b.feature", "features/new/part.feature"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    home = tmp_path / "project"
    (home / "features" / "part").mkdir(parents=True)
    (home / A).write_bytes(b"Feature: a\r\n  # a comment\r\n")
    (home / B).write_bytes(b"\xef\xbb\xbfFeature: b")
    return Project(home, None)


@pytest.fixture
def served(project: Project) -> Iterator[ServedWorkbench]:
    with served_workbench(project.home) as running:
        yield running


def change(project: Project, name: str, text: str) -> Change:
    """Return a change of what is there, or a new file."""
    file = project.home / name
    return Change(name, digest_of(file.read_bytes()) if file.exists() else None, text)


def contents(project: Project) -> dict[str, bytes]:
    return {
        file.relative_to(project.home).as_posix(): file.read_bytes() for file in (project.home / "features").rglob("*") if file.is_file()
    }


@pytest.mark.parametrize("data", [b"", b"x", b"a\r\nb\n\rc\r", b"\xef\xbb\xbf a", b"\0\x1b", "é\u2028\u0301 \n\n".encode(), b"\n" * 1000])
def test_what_was_read_is_saved_byte_by_byte(project: Project, data: bytes) -> None:
    (project.home / A).write_bytes(data)
    content = project.read(A)
    project.save([Change(A, content.digest, content.text)])

    assert (project.home / A).read_bytes() == data


def test_all_files_are_saved_or_none(project: Project) -> None:
    before = contents(project)
    stale = Change(A, "0" * 64, "stale")
    with pytest.raises(ConflictError) as conflict:
        project.save([change(project, B, "b"), change(project, NEW, "new"), stale])
    assert [(part.name, part.content and part.content.text) for part in conflict.value.conflicts] == [(A, before[A].decode())]
    assert contents(project) == before

    project.save([change(project, B, "b"), change(project, NEW, "new")])
    assert contents(project) == {A: before[A], B: b"b", NEW: b"new"}


@pytest.mark.parametrize("other", [b"by another program", b"", None], ids=["changed", "emptied", "deleted"])
def test_a_file_that_changed_while_the_save_was_being_written_is_not_overwritten(
    project: Project, monkeypatch: pytest.MonkeyPatch, other: bytes | None
) -> None:
    """At the last moment before the renames."""
    write = files._write_flushed

    def write_while_another_program_does(file: Path, data: bytes) -> None:
        write(file, data)
        (project.home / B).unlink(missing_ok=True)
        if other is not None:
            (project.home / B).write_bytes(other)

    asked = [change(project, A, "a"), change(project, B, "b")]
    before = contents(project)
    monkeypatch.setattr(files, "_write_flushed", write_while_another_program_does)

    with pytest.raises(ConflictError) as conflict:
        project.save(asked)

    assert [part.name for part in conflict.value.conflicts] == [B]
    assert contents(project) == {A: before[A]} | ({} if other is None else {B: other})


def test_a_new_file_is_not_written_over_one_that_appeared_meanwhile(project: Project) -> None:
    asked = change(project, NEW, "mine")
    (project.home / NEW).parent.mkdir()
    (project.home / NEW).write_text("of another")

    with pytest.raises(ConflictError):
        project.save([asked])
    assert (project.home / NEW).read_text() == "of another"


@pytest.mark.parametrize("kind", ["link", "folder"])
def test_what_took_the_place_of_a_file_is_named_and_stays(project: Project, tmp_path: Path, kind: str) -> None:
    asked, elsewhere = change(project, A, "a"), tmp_path / "elsewhere.feature"
    elsewhere.write_text("elsewhere")
    (project.home / A).unlink()
    (project.home / A).symlink_to(elsewhere) if kind == "link" else (project.home / A).mkdir()

    with pytest.raises(FileNameError, match=f"`{A}` is a {kind} now; .*remove it, then save again"):
        project.save([asked])
    assert elsewhere.read_text() == "elsewhere"


@pytest.mark.parametrize("mode", [0o444, 0o400])
def test_a_file_that_was_made_read_only_is_not_replaced_nor_any_other_with_it(project: Project, mode: int) -> None:
    """A file is replaced by a new one, which its rights alone do not prevent."""
    (project.home / A).chmod(mode)
    before = contents(project)

    with pytest.raises(FileNameError, match=f"`{A}` is read-only on disk; your text is kept: make the file writable"):
        project.save([change(project, B, "b"), change(project, A, "a")])
    assert contents(project) == before

    (project.home / A).chmod(0o644)
    project.save([change(project, A, "a")])
    assert (project.home / A).read_text() == "a"


def test_a_deleted_file_is_a_conflict_and_can_be_written_again(project: Project) -> None:
    asked = change(project, A, "a")
    (project.home / A).unlink()
    with pytest.raises(ConflictError) as conflict:
        project.save([asked])
    assert conflict.value.conflicts[0].content is None

    project.save([Change(A, None, "a")])
    assert (project.home / A).read_text() == "a"


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EIO])
@pytest.mark.parametrize(("operation", "number"), [*product(["open", "replace"], range(3)), ("mkdir", 0), ("mkdir", 1)])
def test_a_save_that_fails_leaves_every_file_as_it_was(
    served: ServedWorkbench, project: Project, error: int, operation: str, number: int
) -> None:
    """At the write or the rename of any file; the page gets the reason, and the server goes on."""
    changes = [change(project, name, "new") for name in (A, B, NEW)]
    original, calls = getattr(Path, operation), []

    def fail(self: Path, *arguments: object, **options: object) -> object:
        if operation == "open" and arguments != ("wb",):
            return original(self, *arguments, **options)
        calls.append(self)
        if len(calls) == number + 1:
            if operation == "open":
                with original(self, "wb") as file:
                    file.write(b"half")
            raise OSError(error, os.strerror(error), str(self))
        return original(self, *arguments, **options)

    before = contents(project), sorted((project.home / "features").rglob("*"))
    body = json.dumps({"changes": [{"path": part.name, "digest": part.digest, "text": part.text} for part in changes]}).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, operation, fail)
        answered = served.request("POST", "/api/save", body=body)

    assert len(calls) > number
    assert answered.status == 500
    assert os.strerror(error) in json.loads(answered.body)["detail"]
    assert (contents(project), sorted((project.home / "features").rglob("*"))) == before
    assert served.request("GET", "/api/project").status == 200


EVENTS = {"open", "os.rename", "os.remove", "os.mkdir", "os.chmod", "os.chown", "os.truncate"}


def killed_at(number: int, work: Callable[[], None]) -> bool:
    """Do *work* in a fork that kills itself at its operation *number* on files; return whether that was before its end."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of later Pythons, about threads
        pid = os.fork()
    if not pid:
        count = 0

        def note(event: str, _: tuple[object, ...]) -> None:
            nonlocal count
            if event in EVENTS:
                count += 1
                if count == number:
                    os.kill(os.getpid(), 9)

        try:
            sys.addaudithook(note)
            work()
        finally:
            os._exit(0)
    return os.waitpid(pid, 0)[1] != 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_save_that_is_killed_leaves_each_file_before_or_after_and_the_next_one_works(project: Project) -> None:
    before = contents(project)
    after = {A: b"a" * 5000, B: b"b" * 5000, NEW: b"new" * 5000}
    states = set()
    for number in range(1, 200):
        asked = [change(project, name, data.decode()) for name, data in after.items()]
        if not killed_at(number, lambda: project.save(asked)):  # noqa: B023 - is used at once
            break
        now = {name: data for name, data in contents(project).items() if name.endswith(".feature")}
        assert all(data in {before.get(name), after[name]} for name, data in now.items())
        assert now.keys() >= before.keys()
        states.add(tuple(sorted(name for name, data in now.items() if data == after[name])))
        project.save([change(project, name, data.decode()) for name, data in before.items()])
        (project.home / NEW).unlink(missing_ok=True)

    assert number > 10
    assert len(states) > 1
    assert {name: data for name, data in contents(project).items() if name.endswith(".feature")} == after


def test_what_a_killed_save_leaves_is_no_file_of_the_project(project: Project) -> None:
    leftover, new, other = (project.home / "features" / name for name in (".a.feature.1.0.part", ".a.feature.2.0.part", ".notes.part"))
    for file in (leftover, new, other):
        file.write_text("half")
    for file in (leftover, other):
        os.utime(file, (1, 1))

    assert sorted(project.files()) == [A, B]
    project.remove_leftovers()
    assert [file.exists() for file in (leftover, new, other)] == [False, True, True]


def test_saves_of_many_tabs_at_once_lose_nothing(project: Project) -> None:
    """Each tab reads, adds its line and saves, again after a conflict."""

    def add(line: str) -> int:
        for attempt in range(1000):
            content = project.read(A)
            try:
                project.save([Change(A, content.digest, f"{content.text}{line}\n")])
            except ConflictError:
                continue
            return attempt
        raise AssertionError(line)

    lines = [f"# line {number}" for number in range(60)]
    with ThreadPoolExecutor(8) as pool:
        attempts = list(pool.map(add, lines))

    assert sorted(project.read(A).text.splitlines()[2:]) == sorted(lines)
    assert sum(attempts) > 0


def test_while_another_process_writes_nothing_is_saved(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONGEST_WAIT_S", 0.05)
    (project.home / "build").mkdir()
    before = contents(project)
    with FileLock(project.home / ANSWERS_LOCK), pytest.raises(Exception, match="another process writes"):
        project.save([change(project, A, "a")])

    assert contents(project) == before


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ([Change(A, None, "a"), Change(A, None, "b")], FileNameError),
        ([Change(A, None, "x" * 2_000_001)], FileContentError),
        ([Change(A, None, "\ud800")], FileContentError),
        ([Change("features/x/../a.feature", None, "a")], FileNameError),
        ([Change("features/Gone Name.feature", "0" * 64, "a")], FileNameError),
    ],
)
def test_a_change_that_cannot_be_saved_is_refused(project: Project, changes: list[Change], error: type[Exception]) -> None:
    before = contents(project)
    with pytest.raises(error):
        project.save(changes)

    assert contents(project) == before


def test_an_empty_list_of_changes_changes_nothing(project: Project) -> None:
    before = contents(project)
    project.save([])

    assert contents(project) == before


@pytest.mark.parametrize(("data", "reason"), [(b"\xff", "not UTF-8 at byte 0"), (b"x" * 2_000_001, "more than 2,000,000 bytes")])
def test_a_file_that_cannot_be_edited_as_text_is_refused_and_stays(project: Project, data: bytes, reason: str) -> None:
    (project.home / A).write_bytes(data)

    with pytest.raises(FileContentError, match=reason):
        project.read(A)
    with pytest.raises(FileContentError, match=reason):
        project.save([change(project, A, "a")])
    assert (project.home / A).read_bytes() == data


def test_read_only_writes_nothing_at_all(project: Project) -> None:
    project.read_only = True
    with pytest.raises(ReadOnlyError):
        project.save([change(project, A, "a")])
    with served_workbench(project.home, read_only=True) as served:
        statuses = [
            served.request(method, f"/api/{path}", body=json.dumps(body).encode()).status
            for method, path, body in [
                ("POST", "save", {"changes": [{"path": A, "digest": digest_of((project.home / A).read_bytes()), "text": ""}]}),
                ("PUT", "draft", {"path": A, "text": "a"}),
                ("PUT", "draft", {"path": A}),
            ]
        ]

    assert statuses == [403, 403, 403]
    assert sorted(entry.name for entry in project.home.iterdir()) == ["features"]


def test_changes_on_disk_are_numbered_and_say_who_saved_them(served: ServedWorkbench, project: Project) -> None:
    def changes(since: int) -> dict[str, object]:
        served.workbench.watch.next_look = 0
        return json.loads(served.request("GET", f"/api/changes?since={since}").body)

    first = json.loads(served.request("GET", "/api/project").body)["revision"]
    body = {"changes": [{"path": A, "digest": digest_of((project.home / A).read_bytes()), "text": "saved here"}], "tab": "tab 1"}
    assert served.request("POST", "/api/save", body=json.dumps(body).encode()).status == 200
    saved = changes(first)
    (project.home / B).unlink()
    (project.home / A).write_text("saved by another program")
    (project.home / "features" / "c.feature").write_text("Feature: c")
    later = changes(saved["revision"])

    assert saved["changes"] == [{"path": A, "digest": digest_of(b"saved here"), "by": "tab 1"}]
    assert [(part["path"], part["by"], part["digest"] is None) for part in later["changes"]] == [
        (A, None, False), ("features/c.feature", None, False), (B, None, True),
    ]  # fmt: skip
    assert changes(later["revision"])["changes"] == []
    assert changes(first)["changes"] == later["changes"]


def test_a_file_that_is_deleted_directly_after_it_was_saved_is_missed(served: ServedWorkbench, project: Project) -> None:
    """Between two looks at the files it was gone, saved and gone again."""
    (project.home / A).unlink()
    served.workbench.watch.look_now()
    served.workbench.watch.next_look = float("inf")
    revision = served.workbench.watch.revision
    body = {"changes": [{"path": A, "digest": None, "text": "again"}], "tab": "one"}
    assert served.request("POST", "/api/save", body=json.dumps(body).encode()).status == 200
    (project.home / A).unlink()
    served.workbench.watch.next_look = 0

    changes = json.loads(served.request("GET", f"/api/changes?since={revision}").body)["changes"]

    assert changes == [{"path": A, "digest": None, "by": None}]


def test_a_change_during_the_listing_is_listed_next_time(
    served: ServedWorkbench, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The revision of an answer is that of the changes that it lists."""
    watch, digests = served.workbench.watch, Project.digests

    def digests_while_another_tab_looks(self: Project, names: Iterable[str] | None = None) -> Mapping[str, str]:
        (project.home / B).unlink(missing_ok=True)
        watch.look_now()
        return digests(self, names)

    monkeypatch.setattr(Project, "digests", digests_while_another_tab_looks)
    (project.home / A).write_text("other")
    watch.next_look = 0
    first = json.loads(served.request("GET", "/api/changes?since=0").body)
    second = json.loads(served.request("GET", f"/api/changes?since={first['revision']}").body)

    assert [change["path"] for change in (*first["changes"], *second["changes"])] == [A, B]


def test_a_tab_is_notified_that_another_one_edits_its_draft_until_it_keeps_one_again(served: ServedWorkbench) -> None:
    def put(**draft: str | list[str] | None) -> None:
        assert served.request("PUT", "/api/draft", body=json.dumps({"path": A, **draft}).encode()).status == 200

    def taken(tab: str) -> list[str]:
        return json.loads(served.request("GET", f"/api/changes?since=0&tab={tab}").body)["taken"]

    put(text="text", tab="one")
    put(text="text", tab="two", taken=["one"])
    assert (taken("one"), taken("two"), taken("")) == ([A], [], [])
    put(text="text and more", tab="one")
    assert taken("one") == []
    drafts = json.loads(served.request("GET", f"/api/file?path={A}").body)["drafts"]
    assert [(draft["tab"], draft["text"]) for draft in drafts] == [("one", "text and more"), ("two", "text")]


def test_a_change_that_keeps_size_and_time_but_not_the_file_is_noticed(project: Project) -> None:
    watch = Watch(project)
    file = project.home / A
    status = file.stat()
    other = file.with_name("other")
    other.write_bytes(file.read_bytes().replace(b"a", b"b"))
    os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
    other.replace(file)
    watch.look()

    assert watch.since(0) == [A]


def test_each_tab_has_a_draft_of_its_own_and_the_newest_one_is_offered(tmp_path: Path) -> None:
    drafts = Drafts(tmp_path / "drafts")
    for number, tab in enumerate(("one", "two")):
        drafts.put(A, f"base {tab}", f"text of {tab}", tab)
        for file in (tmp_path / "drafts").iterdir():
            os.utime(file, ns=(number, number)) if file.stat().st_mtime_ns > 10 else None
    assert drafts.get(A) == {"base": "base two", "text": "text of two", "tab": "two"}
    drafts.discard(A, "two")

    assert drafts.get(A) == {"base": "base one", "text": "text of one", "tab": "one"}
    assert [*drafts.names()] == [A]
    drafts.discard(A, "one")
    drafts.discard(A, "one")
    assert (drafts.get(A), drafts.names()) == (None, {})


def test_a_draft_that_goes_on_with_another_replaces_it(served: ServedWorkbench) -> None:
    def put(**draft: str | list[str] | None) -> None:
        assert served.request("PUT", "/api/draft", body=json.dumps({"path": A, **draft}).encode()).status == 200

    put(text="of a tab that was killed", tab="old")
    put(text="of a tab that was killed", tab="older")
    put(text="of this tab", tab="new", taken=["old", "older", "new"])
    put(tab="new")

    assert json.loads(served.request("GET", f"/api/file?path={A}").body)["draft"] is None


def test_a_save_discards_the_draft_of_its_tab_only(served: ServedWorkbench, project: Project) -> None:
    for tab in ("one", "two"):
        served.request("PUT", "/api/draft", body=json.dumps({"path": A, "base": "b", "text": f"of {tab}", "tab": tab}).encode())
    body = {"changes": [{"path": A, "digest": digest_of((project.home / A).read_bytes()), "text": "of one"}], "tab": "one"}
    served.request("POST", "/api/save", body=json.dumps(body).encode())

    assert json.loads(served.request("GET", f"/api/file?path={A}").body)["draft"] == {"base": "b", "text": "of two", "tab": "two"}


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b"null", b"\xff", b'{"name": 1}', b"[" * 100_000])
def test_a_damaged_draft_is_no_draft(tmp_path: Path, damage: bytes) -> None:
    drafts = Drafts(tmp_path)
    drafts.put(A, None, "text")
    (file,) = tmp_path.iterdir()
    file.write_bytes(damage)

    assert (drafts.get(A), drafts.names()) == (None, {})
    drafts.put(A, None, "again")
    assert drafts.get(A) == {"base": None, "text": "again", "tab": ""}


@pytest.mark.parametrize("name", ["", "..", "/etc/passwd", "a" * 10_000, "\0", "\ud800", "*", "[a]", "é\u202e"])
@pytest.mark.parametrize("tab", ["", "../../x", "\0", "\ud800"])
def test_a_draft_of_any_name_stays_in_its_folder(tmp_path: Path, name: str, tab: str) -> None:
    drafts = Drafts(tmp_path / "deep" / "drafts")
    drafts.put(name, None, "text \ud800", tab)

    assert drafts.get(name) == {"base": None, "text": "text \ud800", "tab": tab}
    assert [*drafts.names()] == [name]
    assert len([entry for entry in tmp_path.rglob("*") if entry.is_file()]) == 1
    drafts.discard(name, tab)
    assert drafts.names() == {}


def test_too_many_and_too_large_drafts_are_refused_and_the_others_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sop_cli.web.drafts.MOST_DRAFTS", 2)
    drafts = Drafts(tmp_path)
    drafts.put(A, None, "a")
    drafts.put(B, None, "b")
    with pytest.raises(DraftError, match="there are 2 drafts"):
        drafts.put(NEW, None, "c")
    with pytest.raises(DraftError, match="too large"):
        drafts.put(A, None, "x" * 2_000_001)
    drafts.put(A, None, "a again")

    assert [drafts.get(name) and drafts.get(name)["text"] for name in (A, B, NEW)] == ["a again", "b", None]
