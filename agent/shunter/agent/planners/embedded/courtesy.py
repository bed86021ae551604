"""What is said out of courtesy, or to say what it is for: it asks for nothing."""

from __future__ import annotations

import re

_PARTS = {
    "ABLE": r"(?:could|would|can|will|might)",
    "KIND": r"(?:kind|good|nice|sweet|helpful)",
    "FITTING": r"(?:great|good|nice|lovely|wonderful|helpful|handy|perfect|ideal|fantastic|brilliant|best)",
    "OBLIGED": r"(?:grateful|thankful|glad|happy|pleased|obliged|delighted)",
    "HOPING": r"(?:wondering|hoping|wonder|hope)",
    "ALSO": r"(?:then|just|easily)",
    "MUCH": r"(?:a lot|a great deal|greatly|much|very much)",
    "ONTO": r"(?:in|into|to|with|on|onto)",
    "VERY": r"very|most|really|so|quite",
    "US": r"(?:I|we)",
    "DOING": r"(?:making|preparing|writing|building|compiling|planning|organising)",
    "TIME": r"(?:moment|minute|second|chance|time)",
}
_PHRASES = r"""
(?:please )?ABLE you (?:please )?be so KIND (?:as )?(?:to|and)
(?:please )?(?:be|were|are) (?:so|very) KIND (?:as to|to|and)
if you ABLE be so KIND(?: as to)?
(?:it )?would be FITTING (?:of you )?(?:if|to) (?:(?:you|we|I) ABLE|get|have)?
it'd be FITTING (?:of you )?(?:if|to) (?:(?:you|we|I) ABLE|get|have)?
US(?:'d|'ll| would| will| am|'m| are)? ?(?:be )?(?:VERY)? ?OBLIGED if you(?: ABLE|'d)(?: to)?
US(?:'d|'ll| would| will| should| am|'m| are)? ?(?:be )?(?:VERY)? ?OBLIGED were you to
US(?:'d|'ll| would| will| should) (?:be )?(?:VERY)? ?OBLIGED if US ABLE (?:have|get)
US(?:'d|'ll| would| will| should) (?:be )?(?:VERY)? ?OBLIGED (?:to (?:have|get|receive|see)|for|with)
US(?:'d| would|'ll| will)? (?:really |very much |greatly )?appreciate (?:it )?(?:very much )?(?:if you ABLE)?
US (?:was|were|am|are|'m)? ?(?:just )?HOPING (?:if|whether|that)? ?(?:you|it|US)(?: ABLE(?: possibly)?|'d)?
do you (?:happen to )?(?:think|suppose|reckon) (?:that )?(?:you|we|I) ABLE
is (?:it|there any chance)(?: possible)? (?:(?:that )?you ABLE|to|of)
any chance (?:(?:that )?you ABLE|of)
(?:it )?ABLE (?:it )?be possible (?:for you )?to
may US (?:ask|bother|trouble) you (?:to|for)
US(?:'d| would| should) like to ask you (?:to|for)
(?:my|our) (?:request|wish|idea|plan|aim|goal|task) (?:is|would be)(?: this)?(?: to| for you to)?
what US(?:'d| would)? (?:really |actually )?(?:need|want|like)(?: to have| to get)? (?:is|are|would be)
US(?: are| am|'re|'m)? (?:(?:only|just|really|mostly|mainly) )?(?:care about|interested in)
what US(?:'m| am|'re| are) after (?:is|are|would be)
(?:would|do) you (?:kindly )?mind
if (?:it|that)(?:'s| is|'d be| would be|'s not| isn't)? ?(?:not )?(?:too|so) much (?:to ask|trouble|bother)
if (?:it|that)(?:'s| is) (?:at all )?(?:possible|ok|okay|all right|alright|fine|no trouble)(?: with you)?
if (?:at all )?possible|if you don'?t mind|if you please|if I may(?: ask)?|if you would|if you like|if need be
if you (?:have|find|get) (?:a|the) TIME|if (?:time|you) (?:allows|permits|can)
when(?:ever)? you (?:have|find|get|'ve got) (?:a|the|some) (?:spare |free |quiet )?TIME
whenever (?:it )?(?:suits|is convenient)(?: you)?|when(?:ever)? you can
in the end|at the end of the day|when all is said and done
at your (?:earliest )?convenience|in your own time|no (?:rush|hurry)|take your time
as soon as (?:you can|possible)|asap|for my sake|do me a favou?r and|do me the favou?r of|as a favou?r
(?:many |a thousand )?thanks(?: a lot| a million| so much| very much| again)?(?: in advance| for your help)?
thank you(?: so much| very much| kindly)?(?: in advance| for your help| for that)?|much obliged|cheers|ta
good (?:morning|afternoon|evening|day)(?: to you| everyone| all)?
hello(?: there| again)?|hi(?: there| all)?|hey(?: there)?
dear (?:computer|assistant|all|team|sir|friend)|excuse me|pardon me
sorry to (?:bother|trouble) you(?: again)?
US(?:'d| would| should|'ll)? (?:also |really |just )?(?:need|like|want) to(?= know| see| have| find out)
US(?:'d| would| should|'ll)? (?:also |really |just )?(?:need|like|want) to(?= learn| hear| read| get)
for me,? please|for us,? please
(?:that |which |so )?US can (?:ALSO )?(?:paste|drop|attach|share|forward)\b[^,.;:!?]*
(?:that |which |so )?US can (?:ALSO )?(?:present|open|show|use|print|read)\b[^,.;:!?]*
(?:ready )?(?:to|for) (?:be )?(?:paste|pasted|pasting|share|shared|sharing|attach|attached) ONTO\b[^,.;:!?]*
,? ?US(?:'ll| will) (?:ALSO )?(?:paste|drop|attach|share|forward) (?:it|them|that)\b[^,.;:!?]*
(?:[–—-] ?)?(?:the |my |our )?(?:[a-z]+ ){1,3}(?:wants?|needs?|likes?|prefers?) (?:it|them) (?:that|this) way
,? ?US(?:'m|'re| am| are) DOING (?:a|an|the|our|my)\b[^,.;:!?]*
it(?: would|'d| will|'ll) help (?:me |us )?(?:MUCH )?to (?:know|have|get|see)
it(?: would|'d| will|'ll) help (?:me |us )?(?:MUCH )?if you (?:could|can|would)
"""


def _pattern(lines: str) -> re.Pattern[str]:
    text = "|".join(line for line in lines.splitlines() if line)
    for name, part in _PARTS.items():
        text = re.sub(rf"\b{name}\b", part.replace("\\", r"\\"), text)
    text = text.replace(" ", r"\s+").replace("'", "['’]")
    return re.compile(rf"(?<![\w-])(?:{text})(?![\w-]|\.\w)", re.IGNORECASE)


_COURTESY = _pattern(_PHRASES)
_SUBJECTS = "I|we|they|he|she|it|everyone|everybody|people|nobody|no one|you|my|our|the|others?|that"
_NARRATORS = "I|we|they|he|she|my|our|the|it|this|there"
_BEGINS = r"(?:^|(?<=[.!?;]\s))"
_REASON = re.compile(
    rf",?\s+(?:so that|so(?!\s+that)|because|in order that)\s+(?:{_SUBJECTS})\s(?!would be)[^,.;:!?]*"
    rf"|{_BEGINS}(?:before|since|because|now that|as)\s+(?:I|we|they|he|she|my|our)\s[^,.;:!?]*(?=,)"
    rf"|{_BEGINS}(?:since|because|as|now that)\s+(?:{_NARRATORS})\s[^,.;:!?]*?"
    r"(?=\s(?:I|we)(?:'d|\s(?:would|want|need|must|should|like)))"
    rf"|,\s+since\s+[^,.;:!?]*"
    r"|,\s+which\s+(?:I|we|they)\s(?:have|need|want|must|can|will|should|would|are|am)\b[^,.;:!?]*"
    rf"|{_BEGINS}(?:just\s+)?(?:testing|trying|exploring|evaluating|experimenting|playing|seeing)(?:\s+out)?"
    r"\s(?:whether|if|how|what|this|that|with|around)\s[^.;:!?]*(?=:)"
    rf"|{_BEGINS}(?:for|to)\s[^,.;:!?]*?(?=,?\s(?:I|we)(?:'d|'ll|\s(?:would|want|need|must|should|have to)))"
    rf"|{_BEGINS}before\s+(?:I|we)\s[^,.;:!?]*?(?=\s(?:I|we)(?:'d|\s(?:would|want|need|must|have to)))",
    re.IGNORECASE,
)
"""What something is for: `so that I can listen to it on the train`."""


_TICKET = re.compile(r"\A\s*[A-Z][A-Z0-9]{1,9}-\d{1,6}(?=\s*[:–—]|\s-\s|\s+background\b)")
"""The key of a ticket, at the head of what is asked for in it: `OPS-12: …`."""


def without_courtesies(text: str) -> str:
    """The text with blanks in the place of what is only courtesy; every other character stays where it is."""
    return _outside_quotes(_COURTESY, _TICKET.sub(lambda key: " " * len(key[0]), text))


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
