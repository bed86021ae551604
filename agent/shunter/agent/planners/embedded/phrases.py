"""How values are said that aren't written literally: choices, flags, comparisons, languages."""

from __future__ import annotations

from collections.abc import Mapping

COMPARISONS: Mapping[str, tuple[str, ...]] = {
    "at_least": ("at least", "no less than", ">=", "≥"),
    "at_most": ("at most", "no more than", "up to", "<=", "≤"),
    "greater": ("greater than", "more than", "larger than", "higher than", "bigger than", "older than",
                "is over", "is above", "over", "above", "exceeds", "exceeding", "beyond", "after", ">"),
    "less": ("less than", "lower than", "smaller than", "fewer than", "younger than", "cheaper than",
             "is under", "is below", "under", "below", "before", "<"),
    "differs": ("is not", "isn't", "are not", "aren't", "differs from", "other than", "not", "!=", "≠", "<>"),
    "is_empty": ("is empty", "is missing", "are empty", "is blank", "empty", "missing", "blank"),
    "is_filled": ("is filled", "is not empty", "isn't empty", "is given", "is set", "filled", "is present"),
    "contains": ("contains", "containing", "contain", "includes", "including", "mentions", "mentioning"),
    "matches": ("matches", "matching", "match"),
    "equals": ("equals", "equal to", "is equal to", "is exactly", "is", "are", "=", "=="),
}  # fmt: skip
"""By the name of a choice: how it is said between a column and a value."""

NEED_NO_VALUE = frozenset({"is_empty", "is_filled"})

LACKING = ("without", "missing", "lacking", "with no", "that have no", "has no", "have no")
"""How it is said that the column which follows is empty."""

CHOICES: Mapping[str, tuple[str, ...]] = {
    "mean": ("average", "averages", "mean", "avg"),
    "sum": ("sum", "total", "totals", "add up", "sum up", "summing", "adding up", "altogether", "sums"),
    "count": ("count", "how many", "number of", "counts"),
    "min": ("minimum", "min", "smallest", "lowest", "cheapest", "earliest"),
    "max": ("maximum", "max", "largest", "highest", "greatest", "biggest", "latest", "most expensive"),
    "left": ("left join",),
    "jpeg": ("jpeg", "jpg", "jpegs", "jpgs"),
    "tiff": ("tiff", "tif"),
}
"""By the name of a choice: other words for it."""

FLAGS: Mapping[str, tuple[str, ...]] = {
    "descending": ("descending", "highest first", "greatest first", "largest first", "biggest first",
                   "newest first", "latest first", "longest first", "most expensive first", "reverse",
                   "reversed", "downwards", "from high to low", "decreasing", "most first", "best first",
                   "highest to lowest",
                   "largest to smallest", "biggest to smallest", "newest to oldest", "most to least"),
    "reverse": ("descending", "reverse", "reversed", "backwards", "from z to a", "largest first",
                "highest first", "greatest first", "biggest first", "decreasing", "z to a",
                "highest to lowest", "largest to smallest"),
    "unique": ("unique", "duplicates", "duplicate", "distinct", "repeats", "repeated", "repetitions",
               "each once", "each of them once", "once each", "deduplicated", "deduplicate", "dedupe",
               "only once", "uniq", "double", "doubles", "twice", "repetition", "-u"),
    "numeric": ("numerically", "numeric", "as numbers", "by number", "numerical"),
    "ignore_case": ("ignoring case", "ignore case", "case-insensitive", "case insensitive", "capital",
                    "capitalisation", "capitalization",
                    "regardless of case", "upper or lower case", "upper and lower case",
                    "lower or upper case",
                    "-i", "case doesn't matter", "no matter the case", "whatever the case", "capitals",
                    "lowercase", "uppercase",
                    "case-insensitively", "ignoring the case",
                    "case ignored", "in any case", "whatever case", "either case",
                    "upper case", "lower case", "capitalised", "capitalized", "case insensitively",
                    "case is irrelevant", "case does not matter", "regardless of the case",
                    "disregarding case", "irrespective of case"),
    "invert": ("not containing", "don't contain", "do not contain", "don't match", "do not match", "drop",
               "not matching", "except", "remove", "without", "other than", "don't mention", "leave out",
               "strip out", "strip", "throw out", "throw away",
               "filter out", "get rid of", "delete", "discard", "skip", "omit", "exclude", "excluding", "-v",
               "not contain", "not match", "not mention"),
    "regex": ("regular expression", "regex", "regexp"),
    "sort_keys": ("sorted keys", "sort keys", "sort the keys", "keys sorted", "keys in order",
                  "sorting keys", "keys in alphabetical order", "keys alphabetically", "alphabetical keys",
                  "keys in the order of the alphabet", "keys by name", "sorting the keys"),
}  # fmt: skip
"""By the name of a parameter: how it is said that it should be true."""

LANGUAGES: Mapping[str, str] = {
    "german": "de", "french": "fr", "spanish": "es", "italian": "it", "english": "en", "dutch": "nl",
    "portuguese": "pt", "polish": "pl", "russian": "ru", "japanese": "ja", "chinese": "zh", "swedish": "sv",
    "danish": "da", "finnish": "fi", "greek": "el", "turkish": "tr", "ukrainian": "uk", "czech": "cs",
}  # fmt: skip
