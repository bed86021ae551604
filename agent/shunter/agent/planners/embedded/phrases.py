"""How values are said that aren't written literally: choices, flags, comparisons, languages."""

from __future__ import annotations

from collections.abc import Mapping

COMPARISONS: Mapping[str, tuple[str, ...]] = {
    "at_least": ("at least", "no less than", "no fewer than", "not less than", "not below", "not before",
                 "on or after", "no lower than", "no earlier than", "starting from", "since", ">=", "≥"),
    "at_most": ("at most", "no more than", "not more than", "up to", "not over", "not above", "not after",
                "on or before", "no higher than", "no later than", "until", "<=", "≤"),
    "greater": ("greater than", "more than", "larger than", "higher than", "bigger than", "older than",
                "longer than", "heavier than", "taller than", "later than", "better than", "faster than",
                "hotter than", "warmer than", "dearer than", "farther than", "further than",
                "more expensive than", "in excess of", "is over", "is above", "is past",
                "over", "above", "exceeds", "exceed", "exceeding", "exceeded", "beyond", "after", "past",
                "tops", ">"),
    "less": ("less than", "lower than", "smaller than", "fewer than", "younger than", "cheaper than",
             "shorter than", "lighter than", "earlier than", "worse than", "slower than", "colder than",
             "closer than", "nearer than",
             "is under", "is below", "under", "below", "beneath", "before", "<"),
    "differs": ("is not", "isn't", "are not", "aren't", "differs from", "other than", "not", "is no longer",
                "is anything but", "anything but", "is different from", "different from", "does not equal",
                "doesn't equal", "not equal to", "!=", "≠", "<>"),
    "is_empty": ("is empty", "is missing", "are empty", "is blank", "are blank", "was left blank",
                 "was left empty",
                 "is left blank", "is left empty", "was never filled in", "is not filled in",
                 "isn't filled in",
                 "wasn't filled in", "has no value", "is not set", "isn't set", "is not given", "isn't given",
                 "holds nothing", "contains nothing", "has nothing in it", "is absent", "is lacking",
                 "empty", "missing", "blank"),
    "is_filled": ("is filled", "is not empty", "isn't empty", "is not blank", "isn't blank", "is not missing",
                  "isn't missing", "is given", "is set", "is filled in", "was filled in", "has a value",
                  "has some value", "has been filled in", "holds something", "are filled",
                  "isn't left blank", "filled", "is present"),
    "contains": ("contains", "containing", "contain", "includes", "including", "mentions", "mentioning",
                 "mention", "include", "has the word", "has the text", "with the word"),
    "begins": ("starts with", "start with", "starting with", "begins with", "begin with", "beginning with"),
    "ends": ("ends with", "end with", "ending with", "ends in", "ending in", "end in"),
    "matches": ("matches", "matching", "match"),
    "equals": ("equals", "equal to", "is equal to", "is exactly", "is", "are", "=", "=="),
}  # fmt: skip
"""By the name of a choice: how it is said between a column and a value."""

NEED_NO_VALUE = frozenset({"is_empty", "is_filled"})

BEHIND_VALUE: Mapping[str, tuple[str, ...]] = {
    "at_least": ("or more", "or higher", "or older", "or above", "or over", "or later", "or longer",
                 "or better",
                 "or greater", "or larger", "or bigger", "and more", "and above", "and over", "and up",
                 "and older", "or up", "upwards", "onwards", "or newer", "and later", "and higher", "on"),
    "at_most": ("or less", "or fewer", "or lower", "or younger", "or below", "or under", "or earlier",
                "or shorter", "or smaller", "or cheaper", "and less", "and below", "and under", "and younger",
                "downwards", "and earlier", "and lower", "tops"),
}  # fmt: skip
"""By the name of a choice: how it is said behind a value: `5 or more`."""

SIGNS_OF = {"negative": ("less", "0"), "positive": ("greater", "0")}
"""Words for values, with the comparison that they stand for."""

IMPLIED: Mapping[str, str] = {
    "older": "age", "younger": "age", "oldest": "age", "youngest": "age", "aged": "age",
    "cheaper": "price", "dearer": "price", "cost": "price", "costs": "price", "costing": "price",
    "expensive": "price", "cheapest": "price", "dearest": "price", "priciest": "price", "priced": "price",
    "heavier": "weight", "lighter": "weight", "heaviest": "weight", "lightest": "weight",
    "weigh": "weight", "weighs": "weight", "weighing": "weight",
    "taller": "height", "tallest": "height", "hotter": "temperature", "colder": "temperature",
    "warmer": "temperature", "hottest": "temperature", "coldest": "temperature", "warmest": "temperature",
}  # fmt: skip
"""Words for comparisons, with the column that is meant where none is named."""

LACKING = ("without", "missing", "lacking", "with no", "that have no", "has no", "have no")
"""How it is said that the column which follows is empty."""

CHOICES: Mapping[str, tuple[str, ...]] = {
    "mean": ("average", "averages", "mean", "avg"),
    "sum": ("sum", "total", "totals", "add up", "sum up", "summing", "adding up", "altogether", "sums"),
    "count": ("count", "how many", "number of", "counts"),
    "min": (
        "minimum",
        "min",
        "smallest",
        "lowest",
        "cheapest",
        "earliest",
        "lightest",
        "shortest",
        "youngest",
        "coldest",
    ),
    "max": (
        "maximum",
        "max",
        "largest",
        "highest",
        "greatest",
        "biggest",
        "latest",
        "most expensive",
        "heaviest",
        "longest",
        "oldest",
        "tallest",
        "hottest",
        "dearest",
    ),
    "left": (
        "left join",
        "keep all",
        "keeping all",
        "keep every",
        "keeping every",
        "even if",
        "even those",
        "also those",
        "also the ones",
        "including those",
        "whether or not",
        "that have no",
        "that has no",
        "without a match",
        "with no match",
        "unmatched",
        "keep the ones",
        "retaining",
        "retain",
        "nobody",
        "without losing",
        "not losing",
        "don't lose",
        "don't drop",
        "do not drop",
        "do not lose",
        "preserving",
        "including the",
        "has none",
        "have none",
        "no partner",
        "no counterpart",
        "without a partner",
        "without a counterpart",
        "isn't in",
        "aren't in",
        "stay in",
        "should stay",
        "must stay",
        "no matter whether",
        "every row of",
    ),
    "jpeg": ("jpeg", "jpg", "jpegs", "jpgs"),
    "tiff": ("tiff", "tif"),
}
"""By the name of a choice: other words for it."""

FLAGS: Mapping[str, tuple[str, ...]] = {
    "descending": ("descending", "desc", "downward", "highest first", "greatest first", "largest first",
                   "biggest first",
                   "newest first", "latest first", "longest first", "most expensive first", "reverse",
                   "reversed", "downwards", "from high to low", "decreasing", "most first", "best first",
                   "highest to lowest",
                   "largest to smallest", "biggest to smallest", "newest to oldest", "most to least"),
    "reverse": ("the other way round", "other way around", "z first", "descending", "desc", "backward", "reverse", "reversed", "backwards", "from z to a",
                "largest first",
                "highest first", "greatest first", "biggest first", "decreasing", "z to a",
                "highest to lowest", "largest to smallest"),
    "unique": ("unique", "duplicates", "duplicate", "distinct", "repeats", "repeated", "repetitions",
               "each once", "each of them once", "once each", "deduplicated", "deduplicate", "dedupe",
               "only once", "once", "uniq", "double", "doubles", "twice", "repetition", "-u"),
    "numeric": ("numerically", "numeric", "as numbers", "by number", "numerical"),
    "ignore_case": ("ignoring case", "ignore case", "case-insensitive", "case insensitive", "capital",
                    "capitalisation", "capitalization",
                    "regardless of case", "upper or lower case", "upper and lower case",
                    "lower or upper case",
                    "any case", "-i", "case doesn't matter", "no matter the case", "whatever the case",
                    "capitals",
                    "lowercase", "uppercase",
                    "case-insensitively", "ignoring the case",
                    "case ignored", "in any case", "whatever case", "either case",
                    "upper case", "lower case", "capitalised", "capitalized", "case insensitively",
                    "case is irrelevant", "case does not matter", "regardless of the case",
                    "disregarding case", "irrespective of case"),
    "invert": ("no empty", "no blank", "not containing", "don't contain", "do not contain", "don't match", "do not match", "drop",
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
