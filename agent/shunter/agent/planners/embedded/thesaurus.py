"""Kinds of words: those that say nothing, ask politely, name things, formats, or what is left aside."""

from __future__ import annotations

from collections.abc import Mapping

from shunter.agent.planners.embedded.stems import stem


def _stems(words: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words.split())


STOP_WORDS = frozenset(
    """a an the this that these those it its them they their there here is are was were be been being am do
    does did have has had having will would shall should can could may might must of to in on at by for from
    with without into onto out up off over under about as and or but if so than then too also very just only
    any some all each every both either neither no not nor i me my mine you your yours he him his she her hers
    we us our ours who whom which what when where why how please let lets let's i'd i'll we'd like want need
    give make show tell use using used one ones thing things way result results back everything afterwards
    finally next again now ok okay thanks thank hi hello hey kindly such same other another own more most much
    many few less least new old good best after before while until between per via through because since once
    yet well even ever never always got go goes going come comes done according resulting following called
    named titled wants needs needed able could've against upon afterward later instead together don't doesn't
    nothing anything something along alongside whatever everyone somebody someone anyone plus several
    what's it's that's there's who's where's won't can't isn't aren't first's first-of-all whose""".split()
)
"""Words that don't tell one function from another by themselves."""

POLITE = _stems(
    """please could would can give make get show tell want need like let see watch look listen find take do
    have use know help try go start begin return produce create generate provide output deliver print display
    only just present report say said read open load save store write keep put turn leave end finish bring
    hand receive
    obtain prepare work process handle run check convert turn compute calculate determine"""
)
"""Verbs that begin a request, and ask for nothing by themselves where no function is described with them."""

NOUNS = _stems(
    """text file document table recording audio video image picture photo folder directory list row line word
    column film movie clip sound speech data value page episode part content name archive code project source
    second number pixel field record entry minute"""
)
"""Words for things rather than for what is done to them: they tell little."""

FORMATS: Mapping[str, str] = {
    "txt": "text/plain", "html": "text/html", "markdown": "text/markdown", "md": "text/markdown",
    "json": "application/json",
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

AFTER = frozenset("and then but as into to & plus +".split())
"""Words that begin what is done next."""

NEGATIONS = frozenset("don't not without never no dont nothing nobody".split())

CONDITIONAL = _stems(
    "contain match mention include have say start begin end line row where whose duplicate repeat"
)
"""What can be denied of lines and rows that are wanted: it still says that lines or rows are chosen."""

DISMISSALS = tuple(
    tuple(line.split())
    for line in """
nothing to do with
no need to
not necessary to
without touching
leave it alone
leave them alone
leave alone
leave it packed
leave it shut
leave it closed
keep it packed
leave them packed
leave it zipped
leave it untouched
leave it as it is
leave them as they are
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
