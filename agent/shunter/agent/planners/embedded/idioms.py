"""Runs of words that say more than their words, and words for the ends of an order."""

from __future__ import annotations

from collections.abc import Mapping

from shunter.agent.planners.embedded.stems import stem

_PHRASES = """
how many: count
number of: count
add up: sum
sum up: sum
put together: concatenate collect
into one: concatenate merge join
in one: concatenate merge collect
one after the other: concatenate
black and white: grayscale
read aloud: say
read out: say
out loud: say
read it out: say
web page: html
sound track: audio extract
how long: duration properties
how big: size byte width height
how large: size byte width height
look up: get retrieve
look for: grep search
what is said: transcribe speech
what's said: transcribe speech
files are in: contents
from when to when: segments
lines with: grep
lines that: grep
lines which: grep
lines containing: grep
lines mentioning: grep
first # seconds: trim
first # second: trim
first # minutes: trim
first # minute: trim
last # seconds: trim
last # minutes: trim
# seconds in: frame
# seconds into: frame
call * /: name
name * /: name
picture * second #: frame
image * second #: frame
picture * at #: frame
image * at #: frame
from # to the end: trim
from # on: trim
from # onwards: trim
at the # second: frame
search index: index
first # lines: head
first # line: head
last # lines: tail
last # line: tail
first # entries: head
last # entries: tail
what's in: contents
what is in: contents
take out: pick extract
out of it: pick
out of the folder: pick
most frequent: frequent
come up: frequent
use most: frequent
used most: frequent
most used: frequent
uses most: frequent
sorted keys: key
greater than: filter condition
more than: filter condition
less than: filter condition
at least: filter condition
at most: filter condition
mistakes in: lint
complains about: lint
complain about: lint
complaints about: lint
unit tests: test
without repeats: unique
# to #: trim
^ first: sort
^ on top: sort
^ at the top: sort
^ at the beginning: sort
^ to ^: sort
most to least: sort
least to most: sort
make one * of: concatenate merge
one text out of: concatenate
one file out of: concatenate merge
^ down to ^: sort
high to low: sort
low to high: sort
new to old: sort
old to new: sort
from a to z: sort
from z to a: sort
^ one first: sort
^ ones first: sort
a folder called: collect
a folder named: collect
all in one: concatenate merge collect
as a single: concatenate merge collect
at what time: segments
at what times: segments
at which time: segments
audio only: extract audio
audio track: extract audio
b&w: grayscale
back to back: concatenate
best matching: retrieve
blow up: resize
end to end: concatenate
frame rate: properties
frames per second: properties
how high: height properties
how often: frequent
how tall: height properties
how wide: width properties
in a folder: collect
in a new folder: collect
in one folder: collect
in order of: sort
in writing: transcribe
instead of: replace
into a folder: collect
into a new folder: collect
into a single: concatenate merge collect
into one folder: collect
into text: transcribe
just the sound: extract audio
key by key: merge
look into: contents
make smaller: resize
most common: frequent
most often: frequent
most used: frequent
on top of each other: merge
put into words: transcribe
side by side: diff
sound only: extract audio
spoken words: transcribe speech
static analysis: lint
tar up: tar pack
text to speech: say
the beginning of: head
the end of: tail
the start of: head
time stamps: segments
time codes: segments
top # lines: head
bottom # lines: tail
type up: transcribe
what columns: describe column
what's different: diff
what is different: diff
which columns: describe column
who said what when: segments
with times: segments
with timestamps: segments
with the times: segments
word count: count word
word by word: transcribe
write down: transcribe
write it down: transcribe
written down: transcribe
without colour: grayscale
without color: grayscale
without colours: grayscale
without colors: grayscale
zip up: zip pack
written version: transcribe
make * @: resize
to @: resize
case doesn't matter: case
save as /: write name
save it as /: write name
save them as /: write name
save that as /: write name
saved as /: write name
save * as /: write name
save * in /: write name
save * to /: write name
store * as /: write name
store * in /: write name
stored in /: write name
saved in /: write name
saved to /: write name
written to /: write name
written into /: write name
write it to /: write name
write them to /: write name
write that to /: write name
the last #: tail
the first #: head
check sum: checksum
check sums: checksum
md5 sum: checksum
md5 sums: checksum
sha1 sum: checksum
sha256 sum: checksum
sha256 sums: checksum
sha512 sum: checksum
its size: properties width height byte
their size: properties width height byte
their sizes: properties width height byte
the size of: properties width height byte
the sizes of: properties width height byte
% line: grep
% lines: grep
best passages: retrieve
which passages: retrieve
passages * about: retrieve
most * first: sort
fewest * first: sort
best # passages: retrieve
best matching passages: retrieve
top # passages: retrieve
most relevant passages: retrieve
type * up: transcribe
write * up: transcribe
write * out: transcribe
under the name: rename name
by the name of: rename name
with the name: rename name
no double: unique
no doubles: unique
no duplicates: unique
without doubles: unique
nice to read: pretty
easy to read: pretty
easier to read: pretty
nicely formatted: pretty
a page: html page
^ * first: sort
filter out: drop grep filter
strip out: drop grep
throw out: drop grep filter
throw away: drop grep filter
read * out: say
read * aloud: say
read * to me: say
say * aloud: say
speak * aloud: say
take * out of: pick extract
put * together: concatenate collect
put * in a folder: collect
put * into a folder: collect
put * in one folder: collect
put * into one folder: collect
put * in one file: concatenate
put * into one file: concatenate
lines in which: grep
line in which: grep
every line that: grep
every line with: grep
each line that: grep
any line that: grep
turn * into speech: say
turn * into text: transcribe
turn * black and white: grayscale
cut * into: chunk
rows in which: filter
entries where: filter
get rid of: trim drop
get rid of the first: trim
about the columns: describe
write * down: transcribe
put * in writing: transcribe
make * search: find retrieve
searchable: index
make * bigger: resize
make * smaller: resize
"""

PHRASES: Mapping[tuple[str, ...], tuple[str, ...]] = {
    tuple(line.partition(":")[0].split()): tuple(stem(word) for word in line.partition(":")[2].split())
    for line in _PHRASES.strip().splitlines()
}
"""Runs of words in lower case, with the stems that they are said for; # is a number, % a quoted text
or a code, / a file's name, @ a size, ^ a superlative, * up to four other words."""

GREATEST = frozenset(
    """highest greatest largest biggest newest latest longest heaviest oldest dearest priciest strongest best
    fastest tallest widest hottest richest busiest""".split()
)
LEAST = frozenset(
    """lowest smallest least earliest shortest lightest youngest cheapest weakest worst slowest coldest
    poorest""".split()
)
"""Words for the two ends of an order."""
