"""Words that people say for those that functions are described with, and words that say nothing."""

from __future__ import annotations

from shunter.agent.planners.embedded.stems import stem

_SAID_FOR = """
aggregate: group sum
aloud: say aloud
arrange: sort
average: mean
avg: mean
bundle: zip collect
caption: subtitle caption
change: diff difference
changed: diff difference
clip: trim video
combine: merge join concatenate
common: frequent
compress: zip compress
convert: convert
decompress: unpack
desaturate: grayscale
digest: checksum hash
discussed: answer
distinct: unique
downscale: resize
duration: properties duration
enlarge: resize
excerpt: trim
extract: extract
fetch: download fetch
filter: filter where
film: video
footage: video
fuse: merge
glue: concatenate join together
grab: take frame
grep: grep search
gray: grayscale
hash: checksum hash
inside: contents
length: properties length
link: join
lookup: get
metadata: properties
monochrome: grayscale
movie: video
mp3: mp3 audio
narrate: say speech
order: sort
pack: zip pack
per: group
photo: image picture
picture: image picture
podcast: audio recording
rank: sort
reformat: format
rescale: resize
rip: extract
scale: resize
screenshot: frame
shorten: trim head
shrink: resize
snapshot: frame
snippet: trim
song: audio recording
sound: audio sound
soundtrack: audio extract
spectrogram: spectrogram
speak: say speech
split: cut chunk
spoken: speech transcribe
spreadsheet: table csv
still: frame still
store: write convert
substitute: replace
sum: sum total
swap: replace
tabulate: table
tgz: tar
thumbnail: resize
tidy: format
total: sum
transcode: convert
trim: trim cut
unite: merge
unzip: unpack
utterance: segments
video: video
voice: speech say
webpage: html page
webm: webm video
website: html
wordcount: count
whose: filter condition
over: filter condition
above: filter condition
below: filter condition
under: filter condition
tarball: archive
repeat: unique
aloud: say aloud
often: frequent
zip: zip
zipped: zip
"""

SAID_FOR = {
    stem(line.partition(":")[0]): tuple(dict.fromkeys(stem(word) for word in line.partition(":")[2].split()))
    for line in _SAID_FOR.strip().splitlines()
}
"""By stem: the stems that it is said for."""

_PHRASES = {
    ("how", "many"): ("count",),
    ("number", "of"): ("count",),
    ("put", "together"): ("concatenate", "collect"),
    ("black", "and", "white"): ("grayscale",),
    ("read", "aloud"): ("say",),
    ("read", "out"): ("say",),
    ("web", "page"): ("html",),
    ("how", "long"): ("duration", "properties"),
    ("same", "as"): ("diff",),
    ("look", "up"): ("get",),
    ("sum", "up"): ("sum",),
    ("sound", "track"): ("audio", "extract"),
    ("what's", "in"): ("contents",),
    ("what", "is", "in"): ("contents",),
    ("take", "out"): ("extract", "pick"),
    ("take", "out"): ("pick", "extract"),
    ("out", "of", "it"): ("pick",),
    ("out", "of", "the", "folder"): ("pick",),
    ("into", "one"): ("concatenat", "merg", "join"),
    ("in", "one"): ("concatenat", "merg"),
    ("one", "after", "the", "other"): ("concatenat",),
    ("greatest", "first"): ("descend",),
    ("highest", "first"): ("descend",),
    ("largest", "first"): ("descend",),
    ("biggest", "first"): ("descend",),
    ("newest", "first"): ("descend",),
    ("latest", "first"): ("descend",),
    ("sorted", "keys"): ("key",),
    ("greater", "than"): ("condit", "filter"),
    ("more", "than"): ("condit", "filter"),
    ("less", "than"): ("condit", "filter"),
    ("at", "least"): ("condit", "filter"),
    ("at", "most"): ("condit", "filter"),
    ("add", "up"): ("sum",),
}

PHRASES = {words: tuple(stem(word) for word in said) for words, said in _PHRASES.items()}
"""Runs of words (lower case), with the stems that they are said for."""

STOP_WORDS = frozenset(
    """a an the this that these those it its them they their there here is are was were be been being am do does
    did have has had having will would shall should can could may might must of to in on at by for from with
    without into onto out up off over under about as and or but if so than then too also very just only any some
    all each every both either neither no not nor i me my mine you your yours he him his she her hers we us our
    ours who whom which what when where why how please let lets let's i'd i'll we'd like want need give
    make show tell use using used one ones thing things way result results back me us everything
    afterwards finally next first's first-of-all now again ok okay thanks thank hi hello hey kindly such same
    other another own more most much many few less least new old good best after before while until between per
    via through because since once yet even ever never always got go goes going come comes done according
    resulting following called named titled want wants need needs needed able could've onto against upon them
    afterward later instead together don't doesn't what's it's that's there's who's where's won't can't isn't
    aren't""".split()
)
"""Words that don't tell one function from another by themselves."""

POLITE = frozenset(
    stem(word)
    for word in """please could would can give make get show tell want need like let see watch look listen find take do
    have use know help try go start begin return produce create generate provide output deliver print display
    present report say read open load save store write keep put turn leave end finish bring hand return receive
    obtain prepare work process handle run check""".split()
)
"""Verbs that begin a request and ask for nothing by themselves."""
