"""Words that people say for those that functions are described with, and words that say nothing."""

from __future__ import annotations

from collections.abc import Mapping

from shunter.agent.planners.embedded.stems import stem


def _stems(words: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words.split())


_SAID_FOR = """
aggregate: group sum
alphabetical: sort
aloud: say
arrange: sort
average: mean
avg: mean
bundle: zip collect
caption: subtitle
change: diff difference
changed: diff difference
clean: format
combine: merge join concatenate
common: frequent
contain: grep
compress: zip
decompress: unpack
desaturate: grayscale
digest: checksum hash
discussed: answer
distinct: unique
downscale: resize
duration: properties
enlarge: resize
excerpt: trim
fetch: download
fuse: merge
gather: collect
glue: concatenate join
grab: take frame
hash: checksum
highest: max
lowest: min
indent: pretty
inside: contents
length: duration properties
mention: grep
link: join
longest: length
lookup: get
metadata: properties
monochrome: grayscale
movie: video
film: video
footage: video
narrate: say speech
often: frequent
ordered: sort
order: sort
per: group
photo: image picture
picture: image
podcast: audio recording
rank: sort
reformat: format
repeat: unique
rescale: resize
rip: extract
scale: resize
screenshot: frame
shorten: trim head
shrink: resize
skip: trim
size: width height byte
snapshot: frame
snippet: trim
song: audio recording
sound: audio
soundtrack: audio extract
speak: say speech
split: cut chunk
spoken: speech transcribe
spreadsheet: table csv
still: frame
store: write convert
substitute: replace
swap: replace
tabulate: table
tarball: archive
tgz: tar
thumbnail: resize
tidy: format
together: concatenate collect
total: sum
transcode: convert
unite: merge
unzip: unpack
utterance: segments
voice: speech say
webpage: html page
website: html
wordcount: count
zipped: zip
whose: filter condition
where: filter condition
over: filter condition
above: filter condition
below: filter condition
under: filter condition
"""

SAID_FOR: Mapping[str, tuple[str, ...]] = {
    stem(line.partition(":")[0]): tuple(dict.fromkeys(stem(word) for word in line.partition(":")[2].split()))
    for line in _SAID_FOR.strip().splitlines()
}
"""By stem: the stems that it is said for."""

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
sorted keys: key
greater than: filter condition
more than: filter condition
less than: filter condition
at least: filter condition
at most: filter condition
mistakes in: lint
unit tests: test
without repeats: unique
"""

PHRASES: Mapping[tuple[str, ...], tuple[str, ...]] = {
    tuple(line.partition(":")[0].split()): tuple(stem(word) for word in line.partition(":")[2].split())
    for line in _PHRASES.strip().splitlines()
}
"""Runs of words in lower case, with the stems that they are said for."""

STOP_WORDS = frozenset(
    """a an the this that these those it its them they their there here is are was were be been being am do
    does did have has had having will would shall should can could may might must of to in on at by for from
    with without into onto out up off over under about as and or but if so than then too also very just only
    any some all each every both either neither no not nor i me my mine you your yours he him his she her hers
    we us our ours who whom which what when where why how please let lets let's i'd i'll we'd like want need
    give make show tell use using used one ones thing things way result results back everything afterwards
    finally next again now ok okay thanks thank hi hello hey kindly such same other another own more most much
    many few less least new old good best after before while until between per via through because since once
    yet even ever never always got go goes going come comes done according resulting following called named
    titled wants needs needed able could've against upon afterward later instead together don't doesn't what's
    it's that's there's who's where's won't can't isn't aren't first's first-of-all whose""".split()
)
"""Words that don't tell one function from another by themselves."""

POLITE = _stems(
    """please could would can give make get show tell want need like let see watch look listen find take do
    have use know help try go start begin return produce create generate provide output deliver print display
    present report say read open load save store write keep put turn leave end finish bring hand receive
    obtain prepare work process handle run check"""
)
"""Verbs that begin a request, and ask for nothing by themselves where no function is described with them."""

NOUNS = _stems(
    """text file document table recording audio video image picture photo folder directory list row line word
    column film movie clip sound speech data value page episode part content name archive code project source
    second number pixel field record entry minute"""
)
"""Words for things rather than for what is done to them: they tell little."""

FORMATS: Mapping[str, str] = {
    "html": "text/html", "markdown": "text/markdown", "md": "text/markdown", "json": "application/json",
    "csv": "text/csv", "vtt": "text/vtt", "webvtt": "text/vtt", "mp3": "audio/mpeg", "ogg": "audio/ogg",
    "flac": "audio/flac", "wav": "audio/wav", "mp4": "video/mp4", "webm": "video/webm",
    "mkv": "video/x-matroska", "png": "image/png", "jpeg": "image/jpeg", "jpg": "image/jpeg",
    "webp": "image/webp", "gif": "image/gif", "bmp": "image/bmp", "tiff": "image/tiff",
    "zip": "application/zip", "tar": "application/gzip", "tgz": "application/gzip",
    "tar.gz": "application/gzip",
}  # fmt: skip
"""What formats are called, with their media types: whoever says one wants it, or has it."""

KIND_NOUNS: Mapping[str, frozenset[str]] = {
    "audio/": _stems("audio recording sound speech song podcast episode"),
    "video/": _stems("video film movie clip footage"),
    "image/": _stems("image picture photo"),
    "text/csv": _stems("table csv spreadsheet"),
    "text/html": _stems("html page"),
    "text/markdown": _stems("markdown"),
    "text/plain": _stems("text"),
    "application/json": _stems("json"),
    "application/zip": _stems("zip archive"),
    "application/gzip": _stems("archive tarball"),
}
"""What values are called by their kind: by the beginning of the media type."""

BEFORE = frozenset("of from whose which that where in within among out".split())
"""Words that begin what has to be done before the thing that was said last."""

AFTER = frozenset("and then as into to & plus".split())
"""Words that begin what is done next."""

NEGATIONS = frozenset("don't not without never no dont nothing nobody".split())

DISMISSALS = tuple(
    tuple(line.split())
    for line in """
nothing to do with
leave it alone
leave them alone
leave alone
don't bother
never mind
no need for
not needed
isn't needed
aren't needed
can wait
nobody needs
i don't need
we don't need
ignore
irrelevant
about something else
doesn't matter
don't matter
not part of
""".strip().splitlines()
)
"""What is said of things that have no part in the matter: of the whole sentence, that is."""
