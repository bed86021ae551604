"""speech: recordings are made, heard and converted, without network."""

from __future__ import annotations

import wave
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.modules.conftest import Call, CallFailed

from shunter.agent import Workspace
from shunter.agent.approval import Allowed
from shunter.engine.actions.failure import FailureKind
from shunter.engine.egress.host import covers
from shunter.engine.egress.record import Verdict
from shunter.engine.egress.resolver import FixedResolver
from shunter.engine.egress.route import Route
from shunter.engine.executors.sandbox.executor import SandboxExecutor

Write = Callable[[str, str], Path]

EXAMPLES = Path(__file__).parents[2] / "docs/examples"
TALK = EXAMPLES / "talk.wav"
NAMES = "Solomon Hykes, Docker, Dagger"

pytestmark = pytest.mark.timeout(600)  # whichever comes first installs the packages


@pytest.fixture
def silence(tmp_path: Path) -> Path:
    path = tmp_path / "silence.wav"
    with wave.open(str(path), "wb") as stream:
        stream.setparams((1, 2, 16000, 0, "NONE", ""))
        stream.writeframes(b"\0" * 64000)
    return path


def test_the_sample_recording_is_heard_word_for_word_and_answers_the_question(call: Call) -> None:
    transcript = call("speech.transcribe", audio=TALK, vocabulary=NAMES)
    assert transcript.name == "talk.txt"
    assert transcript.read_text() == (EXAMPLES / "talk.txt").read_text()
    answer = call("rag.answer", documents=[transcript], question="Who founded Dagger?").read_text()
    assert answer.startswith("Dagger was founded by Solomon Hykes, the founder of Docker. [1]\n")


def test_without_a_vocabulary_only_the_name_is_spelled_by_ear(call: Call) -> None:
    heard = call("speech.transcribe", audio=TALK).read_text()
    assert heard.replace("Hikes", "Hykes") == (EXAMPLES / "talk.txt").read_text()


def test_the_sample_recording_is_what_the_committed_command_makes(call: Call) -> None:
    text = (EXAMPLES / "talk.txt").read_text().rstrip("\n")
    speech = call("speech.say", text=text, voice="en-us+Mike", speed=150)
    made = call("speech.to_wav", audio=speech)
    assert call("speech.properties", audio=made) == call("speech.properties", audio=TALK)


def test_passages_carry_their_times(call: Call) -> None:
    found = call("speech.segments", audio=TALK, vocabulary=NAMES)
    assert [passage["text"] for passage in found] == (EXAMPLES / "talk.txt").read_text().splitlines()
    times = [time for passage in found for time in (passage["start"], passage["end"])]
    assert times == sorted(times)
    assert 20 < times[-1] < 27


def test_subtitles_are_webvtt(call: Call) -> None:
    found = call("speech.subtitles", audio=TALK, vocabulary=NAMES)
    lines = found.read_text().splitlines()
    assert (found.name, lines[:2]) == ("talk.vtt", ["WEBVTT", ""])
    assert lines[2].startswith("00:00:0")
    assert " --> 00:00:0" in lines[2]
    assert lines[3] == "Docker put software into containers."


def test_saying_it_once_more_gives_the_same_bytes(call: Call, call_again: Call) -> None:
    first, second = call("speech.say", text="Hello, world."), call_again("speech.say", text="Hello, world.")
    assert (first.name, first.read_bytes()) == ("speech.wav", second.read_bytes())


def test_voice_and_speed_are_heard(call: Call) -> None:
    first = call("speech.say", text="Hello, world.")
    assert call("speech.say", text="Hello, world.", speed=300).stat().st_size < first.stat().st_size
    assert call("speech.say", text="Hello, world.", voice="de").read_bytes() != first.read_bytes()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"text": "Hello", "voice": "nobody"}, "^there is no voice 'nobody'; expected one such as en-us"),
        ({"text": "Hello", "speed": 1}, "^speed is 1; expected 80 to 450 words a minute$"),
        ({"text": " "}, "^there is nothing to say"),
    ],
)
def test_what_cannot_be_said_is_refused(call: Call, arguments: dict[str, object], message: str) -> None:
    with pytest.raises(CallFailed, match=message):
        call("speech.say", **arguments)


def test_silence_gives_an_empty_transcript(call: Call, silence: Path) -> None:
    assert call("speech.transcribe", audio=silence).read_text() == ""
    assert call("speech.segments", audio=silence) == []


def test_a_recording_is_measured_and_converted(call: Call, silence: Path) -> None:
    found = call("speech.properties", audio=silence)
    assert found == {"seconds": 2.0, "sample_rate": 16000, "channels": 1, "codec": "pcm_s16le"}
    converted = call("speech.to_wav", audio=silence, sample_rate=8000)
    assert converted.name == "silence.wav"
    assert call("speech.properties", audio=converted)["sample_rate"] == 8000


@pytest.mark.parametrize("function", ["speech.transcribe", "speech.to_wav", "speech.properties"])
def test_what_is_no_recording_is_refused(call: Call, write: Write, function: str) -> None:
    with pytest.raises(CallFailed, match=r"\Aletter\.wav can't be read as a recording: .+\Z"):
        call(function, audio=write("letter.wav", "Dear Sir"))


def test_the_built_in_model_refuses_other_languages_and_says_what_helps(call: Call, silence: Path) -> None:
    with pytest.raises(
        CallFailed, match=r"^the built-in model tiny\.en understands English only.*fetch_model"
    ):
        call("speech.transcribe", audio=silence, language="de")


def test_a_folder_without_a_model_is_refused(call: Call, silence: Path, tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    with pytest.raises(CallFailed, match=r"is no Whisper model; it has no file model\.bin"):
        call("speech.transcribe", audio=silence, model=tmp_path / "model")


def test_a_model_is_asked_for_at_the_hosts_that_are_declared_and_nowhere_else(workspace: Workspace) -> None:
    nowhere = SandboxExecutor(workspace.store, route=Route(FixedResolver({}), variables={}))
    with Workspace(home=workspace.store.home, executor=nowhere) as cut_off:
        ready = cut_off.call("speech.fetch_model")
        run = cut_off.run(ready, cut_off.inputs(ready, size="tiny"), allowed=Allowed(ready.requires))
    ((call,),) = (step.calls for step in run.report.steps)
    assert {(asked.host, asked.verdict) for asked in call.asked} == {("huggingface.co:443", Verdict.UNKNOWN)}
    assert call.failure is not None
    assert call.failure.kind is FailureKind.UNREACHABLE
    assert "the model tiny couldn't be downloaded from huggingface.co" in call.failure.stderr
    hosts = [*ready.requires.hosts]
    for wanted in ("cdn-lfs.huggingface.co:443", "cas-server.xethub.hf.co:443"):
        assert any(covers(host, wanted) for host in hosts)
