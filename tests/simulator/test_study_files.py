"""A study is read from its file as it was written, or refused with file, reason and remedy."""

import json
import os

import pytest
from msgspec import structs

from simulator.experiment.experiment import load
from simulator.study.study import run_study
from simulator.study_data import Estimate, Study, read_study, to_json
from simulator.typed_json import decode
from sop_engine import SopError
from sop_engine.input_files import UnreadableFileError
from tests.support.changed_studies import SMALL, changed, sample
from tests.support.study_samples import estimate


@pytest.fixture(scope="module")
def written():
    """Studies of the three kinds, as `sop simulate` makes them."""
    return [run_study(load(name, SMALL)) for name in ("ordinary_week_erp", "erp_against_rms", "sla_squeeze")]


def test_what_is_written_is_read_as_it_was(written, tmp_path):
    for made in written:
        (tmp_path / "study.json").write_text(to_json(made), encoding="utf-8")
        assert read_study(tmp_path / "study.json") == made
        assert to_json(read_study(tmp_path / "study.json")) == to_json(made)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "it is empty"),
        (b"{", "it is not JSON: expecting property name"),
        (b"[]", "Expected an object, got a list"),
        (b"null", "Expected an object, got null"),
        (b"NaN", "it is not JSON: "),
        (b"\xff\xfe", "it is not UTF-8 text (byte 1)"),
        (b'{"version": 1, "name": "\xff"}', "it is not UTF-8 text"),
        (b'{"version": 1, "name": "\\ud800"}', "it has half a surrogate pair"),
        (b"\xef\xbb\xbf{}", "missing required field `version`"),
        (b"[" * 100_000, "it is nested too deeply"),
        (b'{"version": 1, "settings": [{"value": ' + b"[" * 100_000, "it is nested too deeply"),
        (b'{"version": 1, "more": ' + b'{"a":' * 100_000, "it is nested too deeply"),
        (b'{"version": 1, "more": 1', "it is not JSON: expecting ',' delimiter (line 1, column 25)"),
        (b'{"version": 1, "more": 1}', "unknown field `more`"),
        (b'{"version": 1, "\\u001b[2J": 1}', "unknown field `\\x1b[2J`"),
    ],
)
def test_what_is_no_study_is_refused_with_file_reason_and_remedy(content, words, tmp_path):
    file = tmp_path / "study.json"
    file.write_bytes(content)

    with pytest.raises(SopError) as refused:
        read_study(file)
    assert str(refused.value).startswith(f"{file.as_posix()}: ")
    assert words in str(refused.value)
    assert str(refused.value).endswith("; run the experiment again with `sop simulate`")
    assert str(refused.value).isprintable()


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 400, "1e", "0x1", "+1", "01", "--1"])
@pytest.mark.parametrize("place", ["variants.0.estimates.orders.mean", "settings.0.value", "variants.0.replications.1.measures.orders"])
def test_what_is_no_finite_number_is_refused(number, place):
    text = json.dumps(changed(sample(), place, lambda inner, last: inner.__setitem__(last, "HERE"))).replace('"HERE"', number)

    with pytest.raises(ValueError, match=r"it is not JSON|the number `1e999` is too large|a number has 400 digits"):
        decode(text.encode(), Study)


@pytest.mark.parametrize("end", [b"x", b"{}", b",", b"\0", b"\x1a"])
def test_what_follows_the_end_is_refused(end, tmp_path):
    (tmp_path / "study.json").write_bytes(json.dumps(sample()).encode() + b"\n" + end)

    with pytest.raises(UnreadableFileError, match="it is not JSON: extra data"):
        read_study(tmp_path / "study.json")


@pytest.mark.skipif(os.name != "posix", reason="pipes are made as POSIX has them")
def test_neither_a_folder_nor_a_pipe_nor_nothing_is_a_study(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")

    for name in ("pipe", ".", "/dev/null"):
        with pytest.raises(UnreadableFileError, match=r"(is a directory|it is not a regular file); run the experiment again"):
            read_study(tmp_path / name)
    for name in ("nothing", "loop"):
        with pytest.raises(UnreadableFileError, match=f"{name}: .*; run the experiment again"):
            read_study(tmp_path / name)


def test_an_interval_leaves_out_0_where_it_is_clear():
    assert [Estimate(mean, 2.0, 5).is_clear for mean in (-3.0, -2.0, 0.0, 2.0, 2.1)] == [True, False, False, False, True]
    assert not Estimate(9.0, None, 1).is_clear
    assert (Estimate(9.0, 2.0, 5).low, Estimate(9.0, 2.0, 5).high) == (7.0, 11.0)
    assert (Estimate(9.0, None, 1).low, Estimate(9.0, None, 1).high) == (9.0, 9.0)


def test_estimates_of_samples_are_what_a_study_has():
    assert set(estimate(1, 1)) == {field.name for field in structs.fields(Estimate)}
