"""Conversions that nobody asks for, and values that go where they're wanted."""

from __future__ import annotations

import pytest
from tests.agent.goals.suite import bundled

from shunter.agent.planners.embedded.bridges import Bridges
from shunter.agent.planners.embedded.fitting import fit, fit_into
from shunter.engine.types import parse_type
from shunter.engine.types.signature import Parameter

BRIDGES = Bridges(bundled().values())


def _chains(given: str, wanted: str) -> list[list[str]]:
    ways = BRIDGES.ways(parse_type(given), parse_type(wanted))
    return [[signature.name for signature, _ in chain] for chain, _ in ways]


def _parameter(function: str, name: str) -> Parameter:
    return next(one for one in bundled()[function].parameters if one.name == name)


@pytest.mark.parametrize(
    ("given", "wanted", "chain"),
    [
        ("File[video/mp4]", "File[audio/*]", ["media.extract_audio"]),
        ("File[video/mp4]", "File[text/*]", ["media.extract_audio", "speech.transcribe"]),
        ("File[application/json]", "File[text/csv]", ["table.from_json"]),
        ("File[application/zip]", "Directory", ["archive.unpack"]),
        ("list[File[text/plain]]", "Directory", ["files.collect"]),
        ("File[text/plain]", "str", ["text.to_string"]),
        ("Directory", "File[audio/*]", ["files.find"]),
    ],
)
def test_the_likeliest_way_between_two_types(given: str, wanted: str, chain: list[str]) -> None:
    assert _chains(given, wanted)[0] == chain


def test_nothing_is_put_into_a_folder_only_to_be_found_there() -> None:
    chains = _chains("File[video/mp4]", "list[File[image/*]]")
    assert not any("files.find" in chain for chain in chains)


def test_no_way_leads_from_a_picture_to_a_recording() -> None:
    audio = _parameter("speech.transcribe", "audio")
    assert BRIDGES.distance(parse_type("File[image/png]"), audio) is None


def test_no_text_is_taken_for_data_and_none_is_written_that_was_just_read() -> None:
    assert _chains("File[text/plain]", "File[text/csv]") == []
    assert ["text.to_string", "text.from_string"] not in _chains("File[text/csv]", "File[text/plain]")


def test_no_project_is_made_of_texts() -> None:
    project = _parameter("python.lint", "source")
    assert BRIDGES.distance(parse_type("list[File[text/plain]]"), project) is None
    assert BRIDGES.distance(parse_type("list[File[text/x-python]]"), project) == 1


def test_conversions_that_reach_out_are_no_bridges() -> None:
    names = {signature.name for signature in bundled().values() if signature.hosts}
    assert names
    assert not any(names & set(chain) for chain in _chains("File[text/plain]", "Directory"))


@pytest.mark.parametrize(
    ("given", "wanted", "each"),
    [
        ("File[text/csv]", "File[text/*]", False),
        ("list[File[text/csv]]", "File[text/csv]", True),
        ("File[text/plain]", "list[File[text/*]]", False),
    ],
)
def test_a_value_fits_as_it_is_or_in_a_list_or_for_each(given: str, wanted: str, *, each: bool) -> None:
    way = fit("it", parse_type(given), parse_type(wanted))
    assert way is not None
    assert way.each is each


@pytest.mark.parametrize(
    ("function", "port", "given", "fits"),
    [
        ("archive.contents", "archive", "File[application/zip]", True),
        ("archive.contents", "archive", "File[text/csv]", False),
        ("archive.contents", "archive", "File", True),
        ("media.properties", "file", "File[video/mp4]", True),
        ("media.properties", "file", "list[File[image/png]]", False),
        ("files.checksum", "file", "File[text/csv]", True),
    ],
)
def test_a_file_of_any_type_is_declined_where_the_documentation_names_others(
    function: str, port: str, given: str, *, fits: bool
) -> None:
    parameter = bundled()[function].parameter(port)
    assert parameter is not None
    assert (fit_into(parameter, "it", parse_type(given)) is not None) is fits
