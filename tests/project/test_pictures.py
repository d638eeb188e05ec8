"""The pictures of the README are small, described, and show the present pages."""

import json
import re

import pytest

from tests.support import draw_pages
from tests.support.draw_pages import DIGESTS, DOCS, MOST_BYTES, PICTURES, digests, pages

README = (DOCS.parent / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return dict(pages(tmp_path_factory.mktemp("pages")))


def test_the_pictures_show_the_present_pages(files: dict[str, bytes]) -> None:
    assert json.loads(DIGESTS.read_text(encoding="utf-8")) == digests(files), (
        "run `python -m tests.support.draw_pages`, and look at the pictures"
    )


def test_the_readme_opens_with_the_pictures_which_are_small_and_described() -> None:
    opening = README.partition("\n## ")[0]
    images = dict(re.findall(r"!\[([^]]+)\]\(docs/([^)]+)\)", opening))
    assert sorted(images.values()) == sorted(PICTURES)
    assert all(len(text) > 80 for text in images)
    for name in PICTURES:
        content = (DOCS / name).read_bytes()
        assert content.startswith(b"\x89PNG")
        assert len(content) < MOST_BYTES, name


def test_a_change_of_what_they_show_is_seen_and_another_run_is_not(files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    now = digests(files)
    other_run = {name: re.sub(rb"\d+ of \d+|Run \d", b"7 of 8", content) for name, content in files.items()}
    assert digests(other_run) == now
    for name, picture in PICTURES.items():
        spoilt = dict(files)
        spoilt[picture.page] = files[picture.page].replace(b"Who cancels", b"Who").replace(b"fails on screen", b"fails")
        assert digests(spoilt)[name] != now[name]
    monkeypatch.setattr(draw_pages, "joined_templates", lambda _: ".explorer, .cases { color: red; }")
    assert not set(digests(files).values()) & set(now.values())
