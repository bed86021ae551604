"""Goals taken apart: questions, mentions, what is left aside and what is only told."""

from __future__ import annotations

import pytest
from tests.agent.planners.embedded.asking import kinds

from shunter.agent.planners.embedded.text import Text, take_apart


def _text(goal: str, **given: str) -> Text:
    return take_apart(goal, kinds(given))


def _words(text: Text, places: frozenset[int]) -> list[str]:
    return [text.tokens[at].word for at in sorted(places)]


@pytest.mark.parametrize(
    ("goal", "question"),
    [
        ("Who founded Dagger?", "Who founded Dagger?"),
        ("Transcribe it and answer: when is the exam?", "when is the exam?"),
        ("Tell me who is the chair", "who is the chair"),
        ("Find out from the minutes who was absent, and read the answer aloud", "who was absent"),
        ("What is the deadline, according to the guide?", "What is the deadline"),
    ],
)
def test_a_question_is_found(goal: str, question: str) -> None:
    assert [found.text for found in _text(goal).questions] == [question]


@pytest.mark.parametrize("goal", ["Sort the lines.", "The answer is in the recording.", "Convert it to mp3"])
def test_what_asks_nothing_has_no_question(goal: str) -> None:
    assert _text(goal).questions == ()


@pytest.mark.parametrize(
    ("goal", "name", "words"),
    [
        ("sort names.txt", "names", ["names.txt"]),
        ("the server log's end", "server_log", ["server", "log's"]),
        ("the three letters", "letters", ["three", "letters"]),
        ("diff release_1 with it", "release_1", ["release_1"]),
        ("the server is down", "server_log", []),
        ('a page titled "Stock"', "stock", []),
    ],
)
def test_an_input_is_known_by_its_name(goal: str, name: str, words: list[str]) -> None:
    text = _text(goal, **{name: "txt"})
    assert _words(text, text.mentions[name]) == words


@pytest.mark.parametrize(
    ("goal", "name", "words"),
    [
        ("my talk with Mrs Lund", "talk_with_lund", ["talk", "with", "mrs", "lund"]),
        ("the interview with Dr Sato", "interview_sato", ["interview", "with", "dr", "sato"]),
        ("a photo of the harbour", "photo_harbour", ["photo", "of", "the", "harbour"]),
        ("the talk, Lund says", "talk_lund", []),
    ],
)
def test_an_input_is_known_by_the_words_of_its_name(goal: str, name: str, words: list[str]) -> None:
    text = _text(goal, **{name: "txt"})
    assert _words(text, text.mentions[name]) == words


def test_an_input_is_known_by_what_tells_it_from_one_that_is_named() -> None:
    text = _text("from the spring speech to the autumn one", spring_speech="txt", autumn_speech="txt")
    assert _words(text, text.mentions["autumn_speech"]) == ["autumn"]


def test_a_file_name_means_an_input_that_can_be_called_so() -> None:
    assert _text("unpack src.tar.gz", src="file").mentions["src"] == {1}
    assert _text("list the album and write that to album.json", album="folder").mentions["album"] == {2}


def test_inputs_are_named_together_by_the_word_that_they_share() -> None:
    text = _text("transcribe both debates", debate_a="wav", debate_b="wav")
    assert [_words(text, text.mentions[name]) for name in ("debate_a", "debate_b")] == [["debates"]] * 2


def test_both_names_two_inputs() -> None:
    text = _text("sha1 of both files", left="file", right="file")
    assert [_words(text, text.mentions[name]) for name in ("left", "right")] == [["files"]] * 2


def test_a_sentence_that_dismisses_an_input_is_left_aside() -> None:
    text = _text("Sort the trees. Ignore the rules, they change anyway.", trees="txt", rules="txt")
    assert (text.is_dismissed("rules"), text.is_dismissed("trees")) == (True, False)


def test_letters_of_any_case_are_no_dismissal() -> None:
    assert not _text("Find “a” in it, upper or lower case doesn't matter.").aside


def test_a_sentence_that_tells_how_things_are_is_only_told() -> None:
    text = _text("The night was quiet. Sort the log.", log="txt")
    assert _words(text, text.told) == ["the", "night", "was", "quiet"]


@pytest.mark.parametrize("goal", ["The picture should be gray. Do it.", "We need an mp3. Thanks."])
def test_a_request_is_more_than_told(goal: str) -> None:
    assert not _text(goal).told
