"""Functions that ask a model: against an endpoint that answers from a script, through the proxy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from shunter.agent import Workspace
from shunter.agent.approval import Allowed
from shunter.agent.endpoints import Bytes, Say, ScriptedEndpoint, Status, Vectors
from shunter.agent.executors import ExecutorKind
from shunter.engine.actions.failure import Failure
from shunter.engine.run.outcome import Outcome
from shunter.engine.values import File, Secret, Value

KEY = "sk-test-0123456789"
SCHEMA: Value = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "year": {"type": "integer"}},
    "required": ("name", "year"),
    "additionalProperties": False,
}


@dataclass
class Model:
    """Calls functions with an endpoint, a model and a key that is in a file."""

    workspace: Workspace
    key: Path

    def call(self, function: str, endpoint: ScriptedEndpoint, **arguments: Value) -> tuple[Outcome, Any]:
        ready = self.workspace.call(function)
        inputs = {name: item.default for name, item in ready.checked.inputs.items() if not item.required}
        given: dict[str, Value] = {
            "endpoint": endpoint.base_url,
            "model": "scripted",
            "key": Secret(f"file:{self.key}"),
        }
        run = self.workspace.run(ready, {**inputs, **given, **arguments}, allowed=Allowed(everything=True))
        call = run.report.steps[0].calls[0]
        return call.outcome, call.value if call.failure is None else call.failure

    def refusal(self, function: str, endpoint: ScriptedEndpoint, **arguments: Value) -> str:
        _, failure = self.call(function, endpoint, **arguments)
        assert isinstance(failure, Failure)
        return failure.stderr

    def text(self, content: str, name: str = "notes.txt") -> File:
        return self.workspace.store.put_bytes(content.encode(), name)


@pytest.fixture
def model(workspace: Workspace, tmp_path: Path) -> Model:
    (tmp_path / "key").write_text(KEY + "\n")
    return Model(workspace, tmp_path / "key")


@pytest.fixture
def dockers_model(docker_daemon: str, open_folder: Path, tmp_path: Path) -> Iterator[Model]:
    """The same under Docker, with a store of its own."""
    (tmp_path / "key").write_text(KEY + "\n")
    with Workspace(home=open_folder / "home", executor=ExecutorKind.DOCKER) as workspace:
        yield Model(workspace, tmp_path / "key")


@pytest.mark.parametrize("fixture", ["model", "dockers_model"])
def test_a_prompt_is_completed_once_with_the_key_in_the_header(
    fixture: str, request: pytest.FixtureRequest
) -> None:
    model: Model = request.getfixturevalue(fixture)
    with ScriptedEndpoint([Say("Hello!")], key=KEY) as endpoint:
        arguments = {"prompt": "Say hello.", "system": "Be brief."}
        assert model.call("llm.complete", endpoint, **arguments) == (Outcome.EXECUTED, "Hello!")
        model.key.write_text("sk-rotated-key-9876\n")
        assert model.call("llm.complete", endpoint, **arguments) == (Outcome.CACHED, "Hello!")
        (sent,) = endpoint.requests
        assert [turn["content"] for turn in sent.messages] == ["Be brief.", "Say hello."]
        assert sent.body["model"] == "scripted"


def test_a_wrong_key_is_told_without_the_key(model: Model) -> None:
    with ScriptedEndpoint([Say("Hello!")], key="sk-another-key-000") as endpoint:
        said = model.refusal("llm.complete", endpoint, prompt="Say hello.")
    assert "answered 401 Unauthorized" in said
    assert KEY not in said


def test_a_key_that_comes_back_is_a_leak(model: Model) -> None:
    with ScriptedEndpoint([Say(f"your key is {KEY}")], key=KEY) as endpoint:
        _, failure = model.call("llm.complete", endpoint, prompt="What is my key?")
    assert failure.kind.value == "leak"


def test_what_passes_is_tried_again(model: Model) -> None:
    with ScriptedEndpoint(
        [Status(429, retry_after="0"), Status(503, retry_after="0"), Say("Hi.")]
    ) as endpoint:
        assert model.call("llm.complete", endpoint, prompt="Say hi.")[1] == "Hi."
    with ScriptedEndpoint(otherwise=Status(503, "busy", retry_after="0")) as endpoint:
        assert "answered 503" in model.refusal("llm.complete", endpoint, prompt="Say hi again.")
        assert len(endpoint.requests) == 3


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Say("Hel", finish="length"), "the answer was cut off; give it more with max_tokens"),
        (Say(""), "the model gave no answer"),
        (Bytes(b"<html>"), "didn't answer with JSON"),
        (Bytes(b"{}"), "the endpoint's answer has no message"),
    ],
)
def test_an_answer_that_is_none_is_a_failure(model: Model, reply: Say | Bytes, said: str) -> None:
    with ScriptedEndpoint([reply]) as endpoint:
        assert said in model.refusal("llm.complete", endpoint, prompt=f"Say {said}.")


@pytest.mark.parametrize("refuses", [(), ("json_schema",), ("json_schema", "json_object")])
def test_data_is_extracted_in_whatever_form_the_endpoint_takes(
    model: Model, refuses: tuple[str, ...]
) -> None:
    answer = Say('Here it is:\n```json\n{"name": "Ada", "year": 1815}\n```') if len(refuses) == 2 else None
    with ScriptedEndpoint([answer or Say({"name": "Ada", "year": 1815})], refuses=refuses) as endpoint:
        text = model.text(f"Ada was born in 1815. {refuses}")
        _, data = model.call("llm.extract", endpoint, text=text, schema=SCHEMA)
    assert data == {"name": "Ada", "year": 1815}


def test_data_of_another_form_is_a_failure(model: Model) -> None:
    with ScriptedEndpoint([Say({"name": "Ada", "year": "1815"})]) as endpoint:
        said = model.refusal("llm.extract", endpoint, text=model.text("Ada, 1815"), schema=SCHEMA)
    assert said == "the model's answer isn't of the schema: data.year must be integer"
    with ScriptedEndpoint([Say("Ada")]) as endpoint:
        said = model.refusal("llm.extract", endpoint, text=model.text("Ada"), schema=SCHEMA)
    assert said == "the model didn't answer with JSON; it began with 'Ada'"


def test_a_text_gets_one_of_the_labels(model: Model) -> None:
    with ScriptedEndpoint([Say({"label": "spam"}), Say({"label": "news"})]) as endpoint:
        mail = model.text("Win a prize!", "mail.txt")
        assert model.call("llm.classify", endpoint, text=mail, labels=("spam", "ham"))[1] == "spam"
        other = model.text("The news.", "mail.txt")
        said = model.refusal("llm.classify", endpoint, text=other, labels=("spam", "ham"))
        assert "data.label must be one of" in said
        assert "there are 1 labels" in model.refusal(
            "llm.classify", endpoint, text=mail, labels=("spam", "spam")
        )


def test_texts_become_vectors_in_their_order(model: Model) -> None:
    with ScriptedEndpoint([Vectors(((0.0, 1.0), (1.0, 0.5)))], key=KEY) as endpoint:
        assert model.call("llm.embed", endpoint, texts=("one", "two"))[1] == ((0.0, 1.0), (1.0, 0.5))
        assert endpoint.requests[0].body["input"] == ["one", "two"]
    with ScriptedEndpoint([Vectors(((0.0, 1.0),))]) as endpoint:
        assert "gave 1 embeddings for 2 texts" in model.refusal("llm.embed", endpoint, texts=("one", "two"))


TALK = "Docker put software into containers.\n\nDagger was founded by Solomon Hykes.\n\nIt rained in Lyon.\n"


def _page(model: Model, endpoint: ScriptedEndpoint, question: str) -> str:
    _, value = model.call(
        "rag.answer_with_model", endpoint, documents=(model.text(TALK, "talk.txt"),), question=question
    )
    assert isinstance(value, File), value
    with model.workspace.store.open(value) as stream:
        return stream.read().decode()


def test_a_model_answers_from_passages_that_are_shown(model: Model) -> None:
    with ScriptedEndpoint([Say("Solomon Hykes founded it. [1]")], key=KEY) as endpoint:
        page = _page(model, endpoint, "Who founded Dagger?")
        told = endpoint.requests[0].messages[1]["content"]
    assert page.startswith(
        "Solomon Hykes founded it. [1]\n\nQuestion: Who founded Dagger?\n\n## Passages\n\n[1] talk.txt, line 1:\n"
    )
    assert "> Docker put software into containers. Dagger was founded by Solomon Hykes." in page
    assert told.startswith("[1] talk.txt:\n")


def test_a_model_that_finds_nothing_says_so(model: Model) -> None:
    with ScriptedEndpoint([Say("NO ANSWER.")]) as endpoint:
        assert _page(model, endpoint, "When was Dagger founded?").startswith(
            "The documents don't answer this question."
        )
        assert "No passage has a word of it" in _page(
            model, endpoint, "Zebras?"
        )  # for which no model is asked
        assert len(endpoint.requests) == 1


@pytest.mark.parametrize(
    ("answer", "said"), [("Solomon.", "cites no passage"), ("Him. [7]", "cites [7]; it was shown 1")]
)
def test_an_answer_that_rests_on_nothing_is_a_failure(model: Model, answer: str, said: str) -> None:
    with ScriptedEndpoint([Say(answer)]) as endpoint:
        document = (model.text(TALK, "talk.txt"),)
        failed = model.refusal(
            "rag.answer_with_model", endpoint, documents=document, question=f"Dagger, {answer}?"
        )
    assert said in failed
