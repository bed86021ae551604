"""Stems: one form for the words of a family, light enough that nobody is surprised."""

from __future__ import annotations

from functools import lru_cache

_IRREGULAR = {
    "transcript": "transcrib",
    "transcription": "transcrib",
    "conversion": "convert",
    "cropped": "crop",
    "grey": "gray",
    "wide": "width",
    "wider": "width",
    "tall": "height",
    "high": "height",
    "bytes": "byt",
    "greyscale": "grayscale",
    "found": "find",
    "shown": "show",
    "given": "giv",
    "built": "build",
    "sorting": "sort",
    "packed": "pack",
    "heard": "hear",
    "hears": "hear",
    "spoken": "speak",
    "wrote": "writ",
    "made": "mak",
    "taken": "tak",
    "cutting": "cut",
    "kept": "keep",
    "lint": "lint",
    "linter": "lint",
    "summaries": "summar",
    "summary": "summar",
    "summarise": "summar",
    "summarize": "summar",
    "frequency": "frequent",
    "frequencies": "frequent",
    "bigger": "big",
    "largest": "larg",
    "media": "media",
    "series": "series",
    "news": "news",
    "colour": "color",
    "indices": "index",
    "matrices": "matrix",
    "vertices": "vertex",
    "appendices": "appendix",
    "analyses": "analysis",
    "criteria": "criterion",
    "columns": "column",
    "formatter": "format",
    "differ": "differ",
    "description": "describ",
    "checksums": "checksum",
    "during": "during",
    "string": "string",
    "lasts": "lasts",
    "lasting": "lasts",
    "rating": "rating",
    "ratings": "rating",
    "finding": "finding",
    "heading": "heading",
    "headed": "heading",
    "headline": "heading",
    "thing": "thing",
    "something": "something",
    "archive": "archiv",
}


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The stem of a word in lower case."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    base = word.removesuffix("'s").removesuffix("’s")
    base = _singular(base)
    if base in _IRREGULAR:
        return _IRREGULAR[base]
    if len(base) > 5 and base.endswith("ied"):
        return base[:-3] + "y"
    for ending in ("ing", "ed"):
        if base.endswith(ending) and len(base) - len(ending) >= 3 and _has_vowel(base[: -len(ending)]):
            return _bare(_undoubled(base[: -len(ending)]))
    for ending in ("ation", "ion"):
        if base.endswith(ending) and len(base) - len(ending) >= 4:
            return _bare(base[: -len(ending)])
    return _bare(base)


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _undoubled(word: str) -> str:
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
        return word[:-1]
    return word


def _bare(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("e") else word


def _has_vowel(word: str) -> bool:
    return any(letter in "aeiouy" for letter in word)
