"""An interruption that a library drops, as in its callbacks and imports: the audit ends nevertheless, and nothing is written."""

import signal
from contextlib import suppress
from pathlib import Path

import pytest

from sop_cli.audits import audit_run
from sop_cli.exit_status import INTERRUPTED, end_at_once
from sop_cli.main import main
from tests.support.audit_files import make_exports


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    make_exports(tmp_path / "exports")
    monkeypatch.chdir(tmp_path / "exports")
    return tmp_path


def interrupt_without_effect() -> None:
    with suppress(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_an_interruption_that_a_library_drops_ends_the_audit(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The audit went on, and wrote all its files."""
    monkeypatch.setattr(audit_run, "release_freed_memory", interrupt_without_effect)

    assert main(["audit", "--mapping", "allowed.toml"]) == INTERRUPTED
    assert capsys.readouterr().err.endswith("error: interrupted\n")
    assert not Path("build").exists()


def test_the_next_audit_of_the_process_is_not_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(audit_run, "release_freed_memory", interrupt_without_effect)
        assert main(["audit", "--mapping", "allowed.toml"]) == INTERRUPTED

    assert main(["audit", "--mapping", "allowed.toml"]) != INTERRUPTED
    assert Path("build").exists()


def test_the_modules_of_the_audit_are_imported_while_a_signal_ends_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """An import can drop the exception of a signal."""
    handlers: list[object] = []

    def observe(name: str) -> object:
        handlers.append(signal.getsignal(signal.SIGINT))
        assert name == "sop_cli.audits.audit_run"
        return audit_run

    monkeypatch.setattr("sop_cli.audits.audit.import_module", observe)
    main(["audit", "--mapping", "allowed.toml"])

    assert handlers == [end_at_once]
