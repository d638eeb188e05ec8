"""`sop audit` called with a file, an encoding or a day that cannot be meant: the error says what is wrong with it, before all else."""

from pathlib import Path

import pytest

from sop_cli.exit_status import MISUSE
from sop_cli.main import main
from tests.support.audit_files import make_examples


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    make_examples(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def error(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["audit", *arguments]) == MISUSE
    printed = capsys.readouterr()
    assert printed.out == ""
    assert not Path("build").exists()
    return printed.err


def test_a_missing_file_is_missing_also_beside_a_mapping(capsys: pytest.CaptureFixture[str]) -> None:
    """The error said that the mapping has no source for it, and that it should be added there."""
    assert error(capsys, "dev1-asure.csv") == (
        "error: dev1-asure.csv: it cannot be read (no such file or directory); check the name and its permissions\n"
    )


def test_an_empty_file_is_empty_also_beside_a_mapping(capsys: pytest.CaptureFixture[str]) -> None:
    Path("july.csv").touch()

    assert error(capsys, "july.csv") == "error: july.csv: the file is empty; export it again\n"


@pytest.mark.parametrize("has_mapping", [True, False])
def test_an_unknown_encoding_is_refused_although_no_file_needs_it(capsys: pytest.CaptureFixture[str], *, has_mapping: bool) -> None:
    if not has_mapping:
        Path("audit.toml").unlink()

    message = error(capsys, "dev1-assure.csv", "--encoding", "cp125")

    assert message == 'error: --encoding: the encoding `cp125` is unknown; write one such as "utf-8", "utf-16" or "cp1252"\n'
    assert Path("audit.toml").exists() == has_mapping


@pytest.mark.parametrize("place", ["option", "mapping"])
def test_a_day_before_the_first_that_a_file_can_have_is_refused(capsys: pytest.CaptureFixture[str], place: str) -> None:
    """All rows were set aside, since their days are after the day of the audit."""
    if place == "mapping":
        mapping = Path("audit.toml")
        mapping.write_text(mapping.read_text("utf-8").replace("as_of = 2026-07-15", "as_of = 1026-07-15"), "utf-8")
    day = ["--as-of", "1026-07-15"] if place == "option" else []

    assert error(capsys, *day) == "error: the day of the audit is 1026-07-15, and no row can be of a year before 2017; write a later day\n"


def test_a_file_that_can_be_read_and_is_not_in_the_mapping_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    Path("july.csv").write_text("Order,Day\nFN1,2\n", "utf-8")

    assert error(capsys, "july.csv").startswith("error: audit.toml: it has no [[source]] for july.csv; add it")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--explain", "' "], "no order is named; give its number"),
        (["--vms-days", "2026-07-01", "2026-06-30"], "begins on 2026-07-01 and ends on 2026-06-30; give the earlier day first"),
    ],
)
def test_an_option_is_refused_before_a_file_is_read(capsys: pytest.CaptureFixture[str], options: list[str], message: str) -> None:
    assert message in error(capsys, "missing.csv", *options)


@pytest.mark.parametrize("arguments", [["dev1-assure.csv"], ["--mapping", "audit.toml"]])
def test_a_file_that_may_not_be_read_is_an_error_with_a_remedy(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    """The error of the option parser named none."""
    monkeypatch.setattr("os.access", lambda *_: False)
    Path(arguments[-1]).unlink()
    Path(arguments[-1]).mkdir()  # the superuser can read every file, but not a folder as one

    message = error(capsys, *arguments)

    assert "Invalid value" not in message
    assert message.startswith(f"error: {arguments[-1]}: ")
