"""Runs of words that say more than their words, and words for the ends of an order."""

from __future__ import annotations

from collections.abc import Mapping

from shunter.agent.planners.embedded.outcomes import OUTCOMES
from shunter.agent.planners.embedded.stems import stem

_PHRASES = """
sound track: audio extract
case doesn't matter: case
check sum, check sums, md5 sum, md5 sums, sha1 sum, sha256 sum, sha256 sums, sha512 sum: checksum
cut * into: chunk
a folder called, a folder named, in a folder, in a new folder, in one folder, into a folder: collect
into a new folder, into one folder, put * in a folder, put * into a folder, put * in one folder: collect
put * into one folder: collect
one after the other, one text out of, back to back, end to end, put * in one file: concatenate
put * into one file: concatenate
put together, put * together: concatenate collect
make one * of, one file out of: concatenate merge
in one, all in one, as a single, into a single: concatenate merge collect
into one: concatenate merge join
files are in, files there are in, files lie in, files live in: listing contents
what * contains: contents
what's in, what is in: contents listing
look into: contents answer
how many, number of: count
word count: count word
about the columns, columns are like, column is like, what sort of values, what kind of values: describe
what columns, which columns: describe column
side by side, what's different, what is different: diff
strip out: drop grep
filter out, throw out, throw away: drop grep filter
how long: duration properties
audio only, audio track, just the sound, sound only: extract audio
rows in which, entries where: filter
greater than, more than, less than, at least, at most: filter condition
make * search: find retrieve
still * second #, still * minute #, shot * second #, shot * minute #, frame * second #: frame
frame * minute #, picture * minute #, image * minute #: frame
# seconds in, # seconds into, picture * second #, image * second #, picture * at #, image * at #: frame
at the # second: frame
most frequent, come up most, comes up most, come up often, use most, used most, most used, uses most: frequent
how often, most common: frequent
most often: frequent
look up: get retrieve
get whisper, get the whisper model, fetch whisper, get * whisper model, download whisper: fetch model download
look up ://, open ://, take ://, read ://: fetch
hit ://, ask ://, poll ://, ping ://: get json
black and white, b&w, without colour, without color, without colours, without colors: grayscale
turn * black and white: grayscale
% findings, % ones, % messages, % entries, % warnings, % errors: grep
lines saying, lines reading, lines with, lines that, lines which, lines containing: grep
lines mentioning, % line, % lines: grep
lines in which, line in which, every line that, every line with, each line that, any line that: grep
look for: grep search
taken together, put together as, combined: concatenate
folder that comes out, folder which comes out, folder it makes, folder that it makes: run folder result
folder it produces, folder that it produces, result folder: run folder result
sort * into, sorted into, sort into: sort label classify
lines where, line where, lines * where: grep filter
first # lines, first # line, first # entries, the beginning of, the start of, top # lines: head
the first #: head
the # at the top, # at the top, keep #, keep only #, just # of them: head
the # at the bottom, # at the bottom: tail
how high, how tall: height properties
web page: html
a page: html page
search index, searchable: index
sorted keys, sort keys, sort * keys, keys sorted: key
mistakes in, complains about, complain about, complaints about, static analysis: lint
key by key, on top of each other: merge
call * /, name * /: name
out of it, out of the folder: pick
take out, take * out of: pick extract
nice to read, easy to read, easier to read, nicely formatted, on one line, all on one line: pretty
lay * out so, so a person can read, so a human can read, so people can read: pretty
frame rate, frames per second: properties
its size, their size, their sizes, the size of, the sizes of: size width height byte properties
prefix, suffix, the end of * name, the end of * names, in front of * name, in front of * names: rename name
before * name, before * names, behind * name, behind * names, at the beginning of * name: rename name
to the name of, to the names of: rename name
under the name, by the name of, with the name: rename name
instead of: replace
blow up, make * @, to @, make * bigger: resize
make smaller, make * smaller: resize compress encode
best matching, best passages, which passages, passages * about, best # passages: retrieve
best matching passages, top # passages, most relevant passages: retrieve
read aloud, read out, out loud, read it out, text to speech, read * out, read * aloud, read * to me: say
say * aloud, speak * aloud, turn * into speech: say
from when to when, at what time, at what times, at which time, time stamps, time codes: segments
who said what when, with times, with timestamps, with the times: segments
how big, how large: size byte width height
^ first, ^ on top, ^ at the top, ^ at the beginning, ^ to ^, most to least, least to most: sort
second # to second #, minute # to minute #: trim
^ down to ^, high to low, low to high, new to old, old to new, from a to z, from z to a: sort
^ one first, ^ ones first, in order of, most * first, fewest * first, ^ * first: sort
add up, sum up: sum
last # lines, last # line, last # entries, the end of, bottom # lines, the last #: tail
tar up: tar pack
unit tests: test
write it out as, write that out as, write them out as, write out as, write it out to: convert
into one html page, into one page, into one web page, into a single page: concatenate page html
in writing, into text, put into words, type up, word by word, write down, write it down: transcribe
written down: transcribe
type * out, typed * out, typed * up: transcribe
typed up, typed out: transcribe
written down, written version, type * up, write * up, write * out, turn * into text: transcribe
write * down, put * in writing: transcribe
as text, in text form, as a text, in textual form, as plain text, speech to text: transcribe
what is said, what's said, spoken words: transcribe speech
opening # seconds, opening # minutes, initial # seconds, closing # seconds, final # seconds: trim
first # seconds, first # second, first # minutes, first # minute, last # seconds, last # minutes: trim
from # to the end, from # on, from # onwards, # to #, get rid of the first: trim
get rid of: trim drop
without repeats, no double, no doubles, no duplicates, without doubles: unique
how wide: width properties
save as /, save it as /, save them as /, save that as /, saved as /, save * as /, save * in /: write name
save * to /, store * as /, store * in /, stored in /, saved in /, saved to /, written to /: write name
written into /, write it to /, write them to /, write that to /: write name
zip up: zip pack
packed into, packed in, packed inside, hidden in, stored in the archive: contents
how many bytes: byte size
without opening, peek into, peek inside: contents
make * tarball, as * tarball, into * tarball: tar pack
out of the zip, out of the archive, out of the tarball, open up: unpack
strip * colours, strip * colors, strip * colour, strip * color, remove * colours, remove * colors: grayscale
drop * colours, drop * colors, lose * colours, drain * colour, drain * color, take * colour out: grayscale
look up * for, look * up for: join get retrieve
a # second, a # minute, # seconds long, # second long, # minutes long, first # s, last # s: trim
after minute #, after second #, before minute #, before second #, from minute #, from second #: trim
as a container image, into a container image, a container image out of, a docker image: build container
as a docker image: build container
size of each, size of every, size of all, size of both: size width height byte properties
in one zip, into one zip, in a zip, into a zip, in a single zip, into a single zip, as a zip: zip pack
in one archive, into one archive, into an archive, in an archive: zip pack
in a tarball, in one tarball, into one tarball: tar pack
later ones win, the last wins, the later one wins, takes precedence, take precedence, last one wins: merge
one table: join
of all * together, in all * together, taken together: concatenate
called /, named /: name
under %, under &, at &, value of &, values of &, what & holds, what & is: get
what is &, what's &, & set to, & is set, & was set, & says: get
make one table out of, make one table of: join
one below the other, one above the other, one under the other, one behind the other: concatenate
in a single text, into a single text, in one text, into one text, in a single file: concatenate
into a single file: concatenate
in a single document, into a single document, in one document, into one document: concatenate
in a folder by the name of, in a folder named, into a folder named, in a directory: collect
^ * at the top, ^ * on top, most * at the top, most * on top, fewest * at the top, fewest * on top: sort
nothing but, nothing except, nothing other than: only select keep
looking for: find search
all in one file, in one file, one file: concatenate
minute # and minute #, second # and second #, between minute #, between second #: trim
every ~ in, each ~ in, all ~ in, all the ~ in, every ~ file in, each ~ file in, all ~ files in: find
all the ~ files in, every one of the ~ files in: find
errors only, only errors, only the errors, just the errors, just errors, warnings only: grep
only warnings, only the warnings, just the warnings, just warnings: grep
every file in, each file in, all files in, all the files in, every file of, all files of: find listing
files in the folder: find listing
every file inside, all files inside, each file of: find listing
one folder, a single folder: collect
as one text, as one file: concatenate
get /, take /, grab /, extract /, pull /, read / from: pick
down the size of, bring down the size: resize
whatever is said, whatever they say: transcribe
over and over, again and again: frequent
words across, words over all, words in all: concatenate frequent
separated by %, separated with %, with % between, with % in between: concatenate separator
come first, comes first, goes first, go first: sort
find out: answer
for searching, for search: index
what does * contain, what do * contain, what is inside, what's inside, what it holds: contents
what they hold, what * holds: contents
list what is inside, list what's inside, list what is in, list what's in: listing contents
follows the style, follow the style, check the style, sticks to the style: lint
how many seconds, how many minutes: duration properties
run ruff, ruff over: lint
is * clean, are * clean: lint
audio book, audio version, spoken version, into audio: say speech audio
look for /, look for / in, look for / in the folder: pick find
values per column, values of each column, values in each column: describe
a @, as @: resize
no wider than, no taller than, no larger than # pixels, no bigger than # pixels: resize
audio file of, audio version of, an audio of: audio say extract speech
^ to the ^: sort
need /, want /: pick
^ group first, ^ groups first, ^ group on top, ^ total first, ^ count first: sort
^ sum first, ^ average first, ^ mean first, ^ number first, ^ amount first, ^ value first: sort
squeeze * into, squeezed into: zip pack
what comes out, what came out, what comes out of it: result
squash * @, squash * # by #, squeeze * @, squeeze * # by #: resize
without colours, colour out, color out, colours out, colors out: grayscale
how many pixels: width properties
what version, which version, the version in: get
entries under, items under, rows under, records under, values under, everything under, list under: get
under the key, what is under: get
which lines * have, which lines have, what lines have: grep
list the files, list all files, list its files, list their files, files in it: listing
/ from, / of the, / out of, / in the folder, / inside, / within, / under the: pick
at the top level, top level, below the folder, under the folder, inside the folder: find
what they say, what he says, what she says, what do they say, what does he say, what does she say: transcribe
differs from #, differs from %: filter condition
lay * over, laid over, layer * over, on top of the other: merge
shows at #, show at #, see at #, seen at #, visible at #, screen at #, shows after #: frame
look like after, looks like after, looks like at, look like at: frame
wrong with, anything wrong, bugs in, code smells: lint
than # bytes, over # bytes, above # bytes, under # bytes, below # bytes: filter condition
to hear, hear the, hear it, hear my, hear this: say aloud
can listen to, could listen to, can hear: say audio
rather listen, to listen to, listen to it: say audio
being said: transcribe
when is each, when each, when every: segments
an overview, overview of, profile the columns, profile the table, profile * columns: describe
a profile of, range of values, ranges of values: describe
bring * together, brought together, match * with, matched with, match * against: join concatenate
add * columns, add the * to, add * to each, add * to every: join
reduce * to, cut down to, narrow * down to, narrow down to: resize select keep
all i need are, all i need is, i only need the, i just need the: select keep
stick * together, strung together, one long: concatenate
in words, in lines, in characters: count
the top of: head
begins with, begin with, how * begin, how * begins, how * start, how * starts: head
towards the end, at the end of: tail
should say * instead: replace
put * wherever, wherever it says, everywhere it says, where it says, wherever it reads: replace
where it reads: replace
"""

PHRASES: Mapping[tuple[str, ...], tuple[str, ...]] = {
    tuple(phrase.split()): tuple(stem(word) for word in line.partition(":")[2].split())
    for line in [*_PHRASES.strip().splitlines(), *OUTCOMES.strip().splitlines()]
    for phrase in line.partition(":")[0].split(",")
}
"""Runs of words in lower case, with the stems that they are said for; # is a number, % a quoted text
or a code, & keys such as a.b, :// an address,
/ a file's name, @ a size, ~ the name of a format, ^ a superlative,
* up to four other words."""

GREATEST = frozenset(
    """highest greatest largest biggest newest latest longest heaviest oldest dearest priciest strongest best
    slowest farthest furthest deepest loudest hardest tallest widest hottest richest busiest""".split()
)
LEAST = frozenset(
    """lowest smallest least earliest shortest lightest youngest cheapest weakest worst fastest nearest
    closest quickest coldest poorest""".split()
)
"""Words for the two ends of an order."""
