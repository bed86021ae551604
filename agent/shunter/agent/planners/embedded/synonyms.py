"""Words that people say for those that functions are described with."""

from __future__ import annotations

from collections.abc import Mapping

from shunter.agent.planners.embedded.stems import stem

_SAID_FOR = """
ask, discussed: answer
tarball: archive
sound: audio
soundtrack: audio extract
podcast, song: audio recording
mono: channel wav
stereo: channel properties
hash: checksum
digest, fingerprint: checksum hash
gather: collect
append, stitch: concatenate
together: concatenate collect
glue: concatenate join
inside: contents
encode, export, transcode: convert
render: convert page html
resample: convert to_wav sample rate
wordcount: count
tally: count group
region: crop part
split: cut chunk
statistic: describe
compare, differ: diff
change, changed: diff difference
fetch: download get
discard, delete, exclude, omit, remove: drop grep filter
length: duration properties
rip, separate: extract
strip: extract drop grep
above, below, over, under, where, whose: filter condition
locate: find
search: find retrieve
dir, directory: folder
clean, layout, reformat, tidy: format
capture, poster, screenshot, snapshot, still: frame
common, occur, often: frequent
lookup: get
download: get fetch
black-and-white, b/w, black-white, desaturate, gray, greyscale, monochrome: grayscale
contain, mention: grep
breakdown, per: group
aggregate: group sum
beginning, opening: head
website: html
webpage: html page
picture: image
pic, img: image picture
vid: video
photo: image picture
searchable: index
attach, enrich, link: join
merge: join concatenate
jpg: jpeg
longest: length
issue, problem: lint
inventory: listing
md: markdown
highest: max
average, avg: mean
fuse, overlay, unite: merge
combine: merge join concatenate
lowest: min
section: part crop
piece: passage chunk
extract: pick unpack take
beautify, human-readable, indent, prettify: pretty
readable: pretty indent
duration, info, information, bitrate, metadata: properties
dimension, resolution: properties width height
parse: read
become, exchange, substitute, swap: replace
downscale, downsize, enlarge, reduce, rescale, scale, shrink, thumbnail: resize
relevant: retrieve
aloud, loud, pronounce, recite: say
audiobook, narrate, narration, speak, tts: say speech
said: transcribe speech
utterance, timing: segments
timecode, timestamp: segments time
only: select keep
alphabetical, arrange, order, ordered, rank: sort
voice: speech say
spoken: speech transcribe say
caption, subs: subtitle
total: sum
flatten, tabulate: table
spreadsheet: table csv
bottom, final: tail
grab: take frame download get
tgz: tar
tif: tiff
excerpt, skip, snip, snippet: trim
shorten: trim head
distinct, duplicate, repeat, uniq: unique
dedupe, deduplicate: unique sort
double, twice: unique duplicate
decompress, expand, uncompress, untar, unzip: unpack
film, footage, movie: video
webvtt: vtt
size: width height byte
dump, serialise, serialize: write
store: write convert
compress, zipped: zip
bundle: pack zip collect
alphabetise, alphabetize: sort
overview: describe
bug, smell: lint
deaf: subtitle
pull, obtain, curl, wget, load, snag: download get fetch extract
hook: webhook send
fire, submit, deliver, push, notify, forward, transmit, announce, dispatch, inform: send post
execute, launch, invoke: run
profile, statistics, schema, dictionary: describe column
tabular: table
indentation, indentated, unindent: indent pretty
retain, preserve: keep
restrict, limit, confine: filter keep
weed: drop filter
strip: extract drop grep
pare, narrow: select keep
arrangement, sequence, sequenc, sift: sort
ascending, descending: sort
subtotal, headcount, subtotals: group sum count
marry, tie, connect, supplement, complement, complete, augment, associate: join
lookup, correlate, cross-reference: join
transliterate: transcribe
dictate, dictated: transcribe speech
verbatim, typescript: transcribe
vocalise, vocalize, utter, announce: say
colourless, colorless, grayscaled, greyscaled, achromatic: grayscale
miniature, thumb, icon-sized, upscale, upsize: resize
recode, re-encode, reencode, transcoded: convert
still, shot, snapshot: frame
frontmost: head
scan, comb, hunt, trawl: search grep find
spot, discover: find
scrap, erase, purge, eliminate: drop grep
repetition, dup, dupe, dups, dupes: unique
verify: test check
unittests, pytest: test
ruff: lint format
bundle: zip collect
squash: zip compress
gzip: tar
ship: pack
straighten, neaten: format
measurement: properties width
across: width
summary, summarise: describe
type: kind
col, cols: column
bit: part
lasts: duration
whether, decide: label classify
letter: character
query: retrieve search get
api: get json
hit, quote, quotation: passage
sentiment, categorise, categorize, classification: classify label
embedding, vector: embed vectors
prompt: complete
llm: language model
package: pack
crack, unwrap, extracted, unbundle, unbox: unpack
catalogue, catalog, enumerate: listing contents
fold, consolidate, unify: merge concatenate
blend: merge
chain, concat, cat: concatenate
indexable: index
embed: embed
relabel: rename
retitle: rename
slice, segment: trim cut passage
chop: trim cut
dissect, divide: cut chunk
webpage, webpages, browsable: html page
printable: html
grid: table
inspect, examine: properties describe
recite: say
discrepancy, deviation, delta, modification, revision: diff difference
tag: label classify
temp: temperature
hashsum, sha, integrity: checksum
"""


def _said_for(lines: str) -> Mapping[str, tuple[str, ...]]:
    """What words are said for; of a word that stands in several lines, what all of them say."""
    found: dict[str, dict[str, None]] = {}
    for line in lines.strip().splitlines():
        words, _, said = line.partition(":")
        for word in words.split(","):
            found.setdefault(stem(word.strip()), {}).update((stem(other), None) for other in said.split())
    return {word: tuple(said) for word, said in found.items()}


SAID_FOR: Mapping[str, tuple[str, ...]] = _said_for(_SAID_FOR)
"""By stem: the stems that it is said for."""
