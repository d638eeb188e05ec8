"""Compiled templates are kept, and count only for the text and the versions that they were compiled from."""

import sys
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from reports.html import template_cache
from reports.html.resources import add_filter
from reports.html.template_cache import TemplateCache


@pytest.fixture(autouse=True)
def written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python writes bytecode, beside the source."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)


def environment(folder: Path, text: str, kind: str = "plain") -> Environment:
    return Environment(loader=DictLoader({"a.j2": text}), autoescape=True, bytecode_cache=TemplateCache(folder, kind))


def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that are compiled from now on."""
    texts: list[str] = []
    original = Environment._generate

    def generate(self: Environment, source: object, name: str | None, filename: str | None, defer_init: bool = False) -> str:  # noqa: FBT001, FBT002
        texts.append(str(name))
        return original(self, source, name, filename, defer_init)

    monkeypatch.setattr(Environment, "_generate", generate)
    return texts


def test_a_template_is_compiled_once_for_its_text_options_and_versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = compiled(monkeypatch)
    for text, kind, number in (("A {{ x }}", "plain", 1), ("A {{ x }}", "plain", 1), ("B {{ x }}", "plain", 2), ("B {{ x }}", "final", 3)):
        assert environment(tmp_path, text, kind).get_template("a.j2").render(x="<") == f"{text[0]} &lt;"
        assert len(texts) == number
    monkeypatch.setattr(template_cache, "__version__", "0.1")
    environment(tmp_path, "B {{ x }}").get_template("a.j2")
    assert len(texts) == 4
    assert len(list((tmp_path / "__pycache__").iterdir())) == 2  # one for each kind


@pytest.mark.parametrize("content", [b"", b"\0" * 200, b"short"])
def test_a_damaged_file_is_compiled_again(tmp_path: Path, content: bytes) -> None:
    environment(tmp_path, "A").get_template("a.j2")
    (file,) = (tmp_path / "__pycache__").iterdir()
    for damaged in (content, file.read_bytes()[:40], file.read_bytes()[:32] + content):
        file.write_bytes(damaged)
        assert environment(tmp_path, "A").get_template("a.j2").render() == "A"


def test_nothing_is_written_where_python_writes_no_bytecode_or_cannot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "__pycache__").write_text("a file", encoding="utf-8")
    assert environment(tmp_path, "A").get_template("a.j2").render() == "A"
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    environment(tmp_path / "other", "A").get_template("a.j2")
    assert not (tmp_path / "other").exists()


def test_a_filter_of_a_constant_is_called_for_each_page_and_never_kept(tmp_path: Path) -> None:
    for answer in ("first", "second"):
        templates = environment(tmp_path, "{{ 'x' | named }}")
        add_filter(templates, "named", lambda text, answer=answer: f"{text} {answer}")
        assert templates.get_template("a.j2").render() == f"x {answer}"
