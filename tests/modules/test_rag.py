"""rag: cut, index, retrieve, and answers that rest on what the documents say."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.modules.conftest import Call, CallFailed

Write = Callable[[str, str], Path]

TALK = """Docker put software into containers. Dagger was founded by Solomon Hykes, the founder of Docker.
A container engine runs one program at a time, and it knows nothing of the pipeline around it.
"""
NOTES = """# Meeting notes

Who runs the build? Nobody knows.

- Dr. Ada Park joined the team in March 2021. She wrote the scheduler.
- The cache holds 4,000 results, because every step is keyed by content.
- We met in Lisbon. The office moved to Porto later.
"""


@pytest.fixture
def documents(write: Write) -> list[Path]:
    return [write("talk.txt", TALK), write("notes.md", NOTES)]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Who founded Dagger?", "Dagger was founded by Solomon Hykes, the founder of Docker."),
        ("who is the founder of dagger", "Dagger was founded by Solomon Hykes, the founder of Docker."),
        (
            "Who wrote the scheduler?",
            "Dr. Ada Park joined the team in March 2021. She wrote the scheduler.",
        ),
        ("When did Ada Park join the team?", "Dr. Ada Park joined the team in March 2021."),
        ("Where did we meet?", "We met in Lisbon."),
        (
            "How many results does the cache hold?",
            "The cache holds 4,000 results, because every step is keyed by content.",
        ),
        (
            "Why does the cache hold results?",
            "The cache holds 4,000 results, because every step is keyed by content.",
        ),
        (
            "What does a container engine run?",
            "A container engine runs one program at a time, and it knows nothing of the pipeline around it.",
        ),
    ],
)
def test_the_answer_is_the_sentence_that_holds_it(
    call: Call, documents: list[Path], question: str, answer: str
) -> None:
    page = call("rag.answer", documents=documents, question=question)
    assert (page.name, page.read_text().splitlines()[0]) == ("answer.md", f"{answer} [1]")


@pytest.mark.parametrize(
    "question",
    [
        "Who founded Nixpkgs?",
        "When was Dagger founded?",
        "How many people founded Dagger?",
        "Why was Dagger founded?",
        "Who runs the build?",
        "What is the capital of France?",
        "?",
    ],
)
def test_nothing_is_invented_where_the_documents_have_no_answer(
    call: Call, documents: list[Path], question: str
) -> None:
    page = call("rag.answer", documents=documents, question=question).read_text()
    assert page.startswith("The documents don't answer this question.\n")


def test_a_heading_is_no_answer_but_leads_to_one(call: Call, write: Write) -> None:
    page = write("a.md", "# The cache\n\nThe cache is keyed by content.\n")
    found = call("rag.answer", documents=[page], question="What is the cache keyed by?").read_text()
    assert found.startswith("The cache is keyed by content. [1]\n")
    assert (
        call("rag.answer", documents=[page], question="The cache?")
        .read_text()
        .startswith("The cache is keyed")
    )


def test_a_definition_is_the_sentence_about_the_thing(call: Call, write: Write) -> None:
    page = write(
        "a.md",
        "No artifact is copied.\n\nArtifacts are files known by their content, of any length at all.\n",
    )
    found = call("rag.answer", documents=[page], question="What is an artifact?").read_text()
    assert found.startswith("Artifacts are files known by their content, of any length at all. [1]\n")


def test_code_is_searched_and_never_the_answer(call: Call, write: Write) -> None:
    page = write("a.md", "```\nthe widget spins\n```\n\nIt spins.\n")
    found = call("rag.answer", documents=[page], question="What does the widget do?").read_text()
    assert found.startswith("The documents don't answer this question.\n")
    assert "> ``` the widget spins" in found


def test_a_thing_is_not_taken_for_a_person(call: Call, write: Write) -> None:
    page = write("a.txt", "The tool reads plans that are written in YAML or in a Lisp file.\n")
    found = call("rag.answer", documents=[page], question="Who writes the plans?").read_text()
    assert found.startswith("The documents don't answer this question.\n")


def test_the_page_shows_answer_question_and_passages(call: Call, documents: list[Path]) -> None:
    page = call("rag.answer", documents=documents, question="Who  founded Dagger?", passages=1)
    assert page.read_text() == (
        "Dagger was founded by Solomon Hykes, the founder of Docker. [1]\n\n"
        "Question: Who founded Dagger?\n\n"
        "## Passages\n\n"
        "[1] talk.txt, line 1:\n\n"
        "> Docker put software into containers. Dagger was founded by Solomon Hykes, the founder of Docker. "
        "A container engine runs one program at a time, and it knows nothing of the pipeline around it.\n"
    )


def test_a_passage_says_in_which_document_and_line_it_stands(call: Call, documents: list[Path]) -> None:
    page = call("rag.answer", documents=documents, question="Who wrote the scheduler?").read_text()
    assert "[1] notes.md, line 5:" in page


def test_a_speaker_who_says_who_they_are_answers_for_themselves(call: Call, write: Write) -> None:
    talk = write("talk.txt", "Hello. My name is Mary Shaw. Tools matter. Last year I founded Acme.\n")
    page = call("rag.answer", documents=[talk], question="Who founded Acme?").read_text()
    assert page.startswith("My name is Mary Shaw. Last year I founded Acme. [1]\n")


def test_a_question_in_the_documents_is_answered_by_what_follows(call: Call, write: Write) -> None:
    faq = write("faq.md", "## Who maintains the parser?\n\nJane Doe and two others.\n")
    page = call("rag.answer", documents=[faq], question="Who maintains the parser?").read_text()
    assert page.startswith("Jane Doe and two others. [1]\n")


def test_two_documents_of_one_name_are_told_apart(call: Call, write: Write) -> None:
    twins = [write("1/a.txt", "Cats sleep.\n"), write("2/a.txt", "Dogs bark at Rex.\n")]
    page = call("rag.answer", documents=twins, question="What do dogs do?").read_text()
    assert "[1] a.txt (2), line 1:" in page


def test_no_documents_give_no_answer(call: Call) -> None:
    page = call("rag.answer", documents=[], question="Who?").read_text()
    assert (
        page
        == "The documents don't answer this question.\n\nQuestion: Who?\n\nNo passage has a word of it.\n"
    )


@pytest.mark.parametrize("arguments", [{"question": " "}, {"question": "Who?", "passages": 0}])
def test_a_senseless_request_is_refused(
    call: Call, documents: list[Path], arguments: dict[str, object]
) -> None:
    with pytest.raises(CallFailed) as caught:
        call("rag.answer", documents=documents, **arguments)
    assert "Traceback" not in str(caught.value)


def test_chunks_keep_sentences_whole_and_overlap(call: Call, write: Write) -> None:
    text = write("a.txt", "One two three. Four five.\nSix seven eight. Nine.\n")
    chunks = [
        json.loads(line)
        for line in call("rag.chunk", documents=[text], size=5, overlap=2).read_text().splitlines()
    ]
    assert chunks == [
        {"document": "a.txt", "line": 1, "text": "One two three. Four five."},
        {"document": "a.txt", "line": 1, "text": "Four five. Six seven eight."},
        {"document": "a.txt", "line": 2, "text": "Nine."},
    ]


def test_a_sentence_that_is_too_long_is_cut(call: Call, write: Write) -> None:
    text = write("a.txt", " ".join(str(number) for number in range(25)))
    chunks = [
        json.loads(line)["text"]
        for line in call("rag.chunk", documents=[text], size=10, overlap=9).read_text().splitlines()
    ]
    assert [len(chunk.split()) for chunk in chunks] == [10, 10, 5]
    assert " ".join(chunks).split() == [str(number) for number in range(25)]


def test_chunks_of_two_documents_do_not_mix(call: Call, documents: list[Path]) -> None:
    chunks = [
        json.loads(line)
        for line in call("rag.chunk", documents=documents, size=1000, overlap=0).read_text().splitlines()
    ]
    assert [chunk["document"] for chunk in chunks] == ["talk.txt", "notes.md"]


def test_an_index_finds_the_passage(call: Call, documents: list[Path]) -> None:
    index = call("rag.index", chunks=call("rag.chunk", documents=documents, size=20, overlap=0))
    hits = call("rag.retrieve", index=index, question="When did Ada join?", top=2)
    assert hits[0]["document"] == "notes.md"
    assert "March 2021" in hits[0]["text"]
    assert hits[0]["score"] > 0
    assert call("rag.retrieve", index=index, question="xylophone") == []


def test_indexing_once_more_gives_the_same_bytes(call: Call, call_again: Call, documents: list[Path]) -> None:
    chunks = call("rag.chunk", documents=documents)
    assert (
        call("rag.index", chunks=chunks).read_bytes() == call_again("rag.index", chunks=chunks).read_bytes()
    )


def test_another_json_file_is_no_index(call: Call, write: Write) -> None:
    with pytest.raises(CallFailed, match=r"^a\.json is no search index; expected one that rag\.index made$"):
        call("rag.retrieve", index=write("a.json", "{}"), question="x")
    with pytest.raises(CallFailed, match=r"^a\.jsonl, line 2 is no passage"):
        call("rag.index", chunks=write("a.jsonl", '{"document": "a", "line": 1, "text": "x"}\n[]\n'))


def test_an_overlap_as_long_as_the_passage_is_refused(call: Call, documents: list[Path]) -> None:
    with pytest.raises(CallFailed, match=r"^size is 5 and overlap 5; expected size > overlap ≥ 0$"):
        call("rag.chunk", documents=documents, size=5, overlap=5)
