"""Words as they are compared: lower case, without endings, without the ones that say nothing."""

from __future__ import annotations

import re

WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)*")

STOP_WORDS = frozenset(
    """
    a about after all also am an and any are as at be because been before being both but by can could did
    do does doing done each every for from had has have having he her here hers him his how i if in into
    is it its itself just later let like many may me might more most much must my no nor not now of off on
    once one only or other our out over own she should so some such than that the their them then there
    these they this those through to too under until up us very was we were what when where which while
    who whom whose why will with would you your
    """.split()
)

# Words that a question has for its own sake and that an answer hardly repeats.
QUESTION_WORDS = frozenset(
    """
    according date day document documents exactly file files give happen happened kind mention mentioned
    name named people person please place question recording say says said sort speaker talk tell text
    thing time type year
    """.split()
)

IRREGULAR = {
    "began": "begin",
    "begun": "begin",
    "bought": "buy",
    "built": "build",
    "came": "come",
    "gave": "give",
    "given": "give",
    "grew": "grow",
    "held": "hold",
    "kept": "keep",
    "led": "lead",
    "left": "leave",
    "made": "make",
    "met": "meet",
    "paid": "pay",
    "ran": "run",
    "sold": "sell",
    "taught": "teach",
    "took": "take",
    "taken": "take",
    "went": "go",
    "won": "win",
    "wrote": "write",
    "written": "write",
}

ENDINGS = ("ings", "ing", "ers", "ies", "ied", "ed", "er", "es", "ly", "s", "e", "y")


def terms(text: str) -> list[str]:
    """The stems of every word of `text` that carries meaning, in order."""
    return [stem(word) for word in words(text) if word not in STOP_WORDS]


def question_terms(question: str) -> list[str]:
    """The stems that an answer should have: `terms` without the question's own words, each once."""
    found = [word for word in words(question) if word not in STOP_WORDS]
    telling = [word for word in found if word not in QUESTION_WORDS] or found
    return list(dict.fromkeys(stem(word) for word in telling))


def words(text: str) -> list[str]:
    """Every word of `text` in lower case, without the genitive's ending."""
    return [re.sub(r"[’']s?$", "", match.group().lower()) for match in WORD.finditer(text)]


def stem(word: str) -> str:
    """`word` without its ending, so that "founded", "founder" and "founds" are one."""
    if word in IRREGULAR:
        word = IRREGULAR[word]
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word
