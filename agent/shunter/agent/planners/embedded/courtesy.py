"""What is said out of courtesy, or to say what it is for: it asks for nothing."""

from __future__ import annotations

import re

_MIND = r"(?:would|do) you (?:kindly )?mind"
_ABLE = r"(?:could|would|can|will|might)"
_KIND = r"(?:kind|good|nice|sweet|helpful)"
_FITTING = (
    r"(?:great|good|nice|lovely|wonderful|helpful|handy|perfect|ideal|fantastic|brilliant|super|useful|best)"
)
_OBLIGED = r"(?:grateful|thankful|glad|happy|pleased|obliged|delighted)"
_PHRASES = (
    rf"(?:please )?{_ABLE} you (?:please )?be so {_KIND} (?:as )?(?:to|and)",
    rf"(?:please )?(?:be|were|are) (?:so|very) {_KIND} (?:as to|to|and)",
    rf"if you {_ABLE} be so {_KIND}(?: as to)?",
    rf"(?:it )?would be {_FITTING} (?:of you )?(?:if|to) (?:you {_ABLE}|we {_ABLE}|I {_ABLE}|get|have)?",
    rf"it'?d be {_FITTING} (?:of you )?(?:if|to) (?:you {_ABLE}|we {_ABLE}|I {_ABLE}|get|have)?",
    rf"(?:I|we)(?:'d|'ll| would| will| should| am|'m| are)? ?(?:be )?(?:very|most|really|ever so|so|quite)? ?{_OBLIGED} "
    rf"(?:(?:if|were) you {_ABLE}(?: to)?|if (?:I|we) {_ABLE} (?:have|get)|to (?:have|get|receive|see)|for|with)",
    rf"(?:I|we)(?:'d| would|'ll| will)? (?:really |very much |greatly |much )?appreciate (?:it )?(?:very much )?"
    rf"(?:if you {_ABLE})?",
    rf"(?:I|we) (?:was|were|am|are|'m)? ?(?:just )?(?:wondering|hoping|wonder|hope) (?:if|whether|that)? ?"
    rf"(?:you|it|I|we)(?: {_ABLE}(?: possibly)?(?: be possible to)?|'d|'ll)?",
    rf"do you (?:happen to )?(?:think|suppose|reckon) (?:that )?(?:you|we|I) {_ABLE}",
    rf"is (?:it|there any chance)(?: possible)? (?:(?:that )?you {_ABLE}|to|of)",
    rf"any chance (?:(?:that )?you {_ABLE}|of)",
    rf"(?:it )?{_ABLE} (?:it )?be possible (?:for you )?to",
    r"may (?:I|we) (?:ask|bother|trouble) you (?:to|for)",
    r"(?:I|we) (?:would|should) like to ask you (?:to|for)|(?:I|we)'d like to ask you (?:to|for)",
    r"(?:my|our) (?:request|wish|idea|plan|aim|goal|task) (?:is|would be)(?: this)?(?: to| for you to)?",
    r"what (?:I|we)(?:'d| would)? (?:really |actually )?(?:need|want|like|am after|'m after|are after)(?: to have| to get)? "
    r"(?:is|are|would be)",
    rf"{_MIND}",
    r"if (?:it|that)(?:'s| is|'d be| would be| were|'s not| isn't| is not)? ?(?:not )?(?:too|so) much "
    r"(?:to ask|trouble|bother|of a bother|work|effort|hassle)",
    r"if (?:it|that)(?:'s| is) (?:at all )?(?:possible|ok|okay|all right|alright|fine|no trouble|not a problem)(?: with you)?",
    r"if (?:at all )?possible|if you don'?t mind|if you please|if I may(?: ask)?|if you would|if you like|if need be",
    r"if you (?:have|find|get) (?:a|the) (?:moment|minute|second|chance|time)|if (?:time|you) (?:allows|permits|can)",
    r"when(?:ever)? you (?:have|find|get|'ve got) (?:a|the|some) (?:spare |free |quiet )?"
    r"(?:moment|minute|second|chance|time)|whenever (?:it )?(?:suits|is convenient)(?: you)?|when(?:ever)? you can",
    r"at your (?:earliest )?convenience|in your own time|no (?:rush|hurry)|take your time",
    r"as soon as (?:you can|possible)|asap|for my sake|do me a favou?r and|do me the favou?r of|as a favou?r",
    r"(?:many |a thousand )?thanks(?: a lot| a million| so much| very much| again| ever so much)?(?: in advance| for your help)?",
    r"thank you(?: so much| very much| kindly| ever so much)?(?: in advance| for your help| for that)?|much obliged|cheers|ta",
    r"good (?:morning|afternoon|evening|day)(?: to you| everyone| all)?|hello(?: there| again)?|hi(?: there| all)?|hey(?: there)?",
    r"dear (?:shunter|computer|assistant|all|team|sir|friend)|sorry to (?:bother|trouble) you(?: again)?|excuse me|pardon me",
    r"(?:I|we)(?:'d| would| should| shall|'ll)? (?:also |really |very much |only |just )?(?:need|like|want|love|wish) to "
    r"(?=know|see|have|find out|learn|hear|read|get|understand)",
    r"for me,? please|for us,? please",
)
_COURTESY = re.compile(
    r"(?<![\w-])(?:" + "|".join(_PHRASES).replace(" ", r"\s+").replace("'", "['’]") + r")(?![\w-])",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"(?:,?\s+(?:so that|so|because|in order that)\s+(?:I|we|they|he|she|it|everyone|everybody|people|nobody|no one|you|"
    r"my|our|the|others?|that)\s(?!would be)[^,.;:!?]*"
    r"|(?:^|(?<=[.!?;]\s))(?:before|since|because|now that|as)\s+(?:I|we|they|he|she|my|our)\s[^,.;:!?]*(?=,))"
    r"|(?:^|(?<=[.!?;]\s))(?:since|because|as|now that)\s+(?:I|we|they|he|she|my|our|the|it|this|there)\s[^,.;:!?]*?"
    r"(?=\s(?:I|we)(?:'d|\s(?:would|want|need|must|should|like)))"
    r"|(?:^|(?<=[.!?;]\s))before\s+(?:I|we)\s[^,.;:!?]*?(?=\s(?:I|we)(?:'d|\s(?:would|want|need|must|have to)))",
    re.IGNORECASE,
)
"""What something is for: `so that I can listen to it on the train`."""


def without_courtesies(text: str) -> str:
    """The text with blanks in the place of what is only courtesy; every other character stays where it is."""
    return _outside_quotes(_COURTESY, text)


def reasons(text: str) -> list[tuple[int, int]]:
    """Where the text says what something is for: begin and end of each such part."""
    return [match.span() for match in _REASON.finditer(text)]


_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|`[^`]*`|«[^»]*»")


def _outside_quotes(pattern: re.Pattern[str], text: str) -> str:
    quoted = [match.span() for match in _QUOTED.finditer(text)]

    def blank(match: re.Match[str]) -> str:
        inside = any(start < match.end() and match.start() < end for start, end in quoted)
        return match[0] if inside else " " * len(match[0])

    return pattern.sub(blank, text)
