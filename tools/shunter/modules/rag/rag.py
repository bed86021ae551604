"""Search and question answering over text documents, by words alone or with a model."""

from __future__ import annotations

import json
from typing import Annotated, TypedDict

from shunter.sdk import CacheId, Failure, File, Secret, function

Text = Annotated[File, "text/*"]
Chunks = Annotated[File, "application/jsonl"]
Index = Annotated[File, "application/json"]
Key = Annotated[Secret, CacheId("model endpoint")]


class Passage(TypedDict):
    """A piece of a document; `line` is where it begins, counted from 1."""

    document: str
    line: int
    text: str
    score: float


@function
def chunk(documents: list[Text], size: int = 120, overlap: int = 30) -> Chunks:
    """Cut text documents into overlapping passages for search.

    Sentences stay whole. The result has one JSON object a line: document, line and text.

    Args:
        documents: The text files to cut up.
        size: How many words a passage has at most.
        overlap: How many words of a passage are repeated in the next one at most.
    Returns:
        The passages, as JSON lines.
    Example:
        shunter call rag.chunk --documents notes.txt --size 80 --output chunks.jsonl
    """
    from .chunks import cut
    from .sentences import read_sentences

    if size < 1 or not 0 <= overlap < size:
        raise Failure(f"size is {size} and overlap {overlap}; expected size > overlap ≥ 0")
    chunks = cut(read_sentences(documents), size=size, overlap=overlap)
    lines = [json.dumps(found._asdict(), ensure_ascii=False) + "\n" for found in chunks]
    return File.write_text("chunks.jsonl", "".join(lines))


@function
def index(chunks: Chunks) -> Index:
    """Build a search index (BM25) from the passages of rag.chunk.

    Args:
        chunks: Passages as JSON lines, each with document, line and text.
    Returns:
        The index; it holds the passages as well.
    Example:
        shunter call rag.index --chunks chunks.jsonl --output index.json
    """
    from .library import Library

    return File.write_text("index.json", Library.of_chunks(chunks).to_json())


@function
def retrieve(index: Index, question: str, top: int = 5) -> list[Passage]:
    """Find the passages that fit a question or search words best, in an index of rag.index.

    Args:
        index: The search index.
        question: A question, or search words.
        top: How many passages to return at most.
    Returns:
        The passages, best first, each with its document, line, text and score.
    Example:
        shunter call rag.retrieve --index index.json --question "Who founded Dagger?" --top 3
    """
    from .library import Library

    hits = Library.read(index).search(question, top=max(top, 0))
    return [
        Passage(document=chunk.document, line=chunk.line, text=chunk.text, score=round(score, 4))
        for chunk, score in hits
    ]


@function
def answer(documents: list[Text], question: str, passages: int = 3) -> Annotated[File, "text/markdown"]:
    """Answer a question from text documents, and quote the passages that the answer rests on.

    The answer is a sentence of the documents, word for word: no model is used and nothing is invented.
    When the documents don't answer the question, the result says so. Use it on transcripts, notes, web
    pages or reports.

    Args:
        documents: The text files to look in.
        question: The question, such as "Who founded Dagger?".
        passages: How many passages to quote at most.
    Returns:
        A Markdown page: the answer first, then the numbered passages with document and line.
    Example:
        shunter call rag.answer --documents talk.txt --question "Who founded Dagger?" --output answer.md
    """
    from .page import write_page
    from .sentences import read_sentences

    _check(question, passages)
    return File.write_text("answer.md", write_page(question, read_sentences(documents), passages=passages))


@function(cache="pinned", hosts=["{endpoint}"])
def answer_with_model(
    documents: list[Text], question: str, endpoint: str, model: str, key: Key | None = None, passages: int = 5
) -> Annotated[File, "text/markdown"]:
    """Let a language model answer a question from text documents, and cite the passages that it rests on.

    The passages that share most with the question are sent to the model, which answers in its own words and
    names those that it used. Where they don't answer the question, the result says so.

    Args:
        documents: The text files to look in.
        question: The question, such as "Who founded Dagger?".
        endpoint: The base URL of an OpenAI-compatible endpoint, such as https://models.example.org/v1.
        model: The model's name.
        key: The endpoint's key, where it wants one.
        passages: How many passages the model is shown at most.
    Returns:
        A Markdown page: the answer first, then the passages that it cites, with document and line.
    Example:
        shunter call rag.answer_with_model --documents a.txt --question Who? --model m --endpoint http://host/v1
    """
    from shunter.sdk.model_endpoint import ModelEndpoint

    from .cited import cited_answer

    _check(question, passages)
    page = cited_answer(question, documents, ModelEndpoint(endpoint, model, key), passages=passages)
    return File.write_text("answer.md", page)


def _check(question: str, passages: int) -> None:
    if not question.strip():
        raise Failure("the question is empty")
    if passages < 1:
        raise Failure(f"passages is {passages}; expected 1 or more, as an answer is shown with its source")
