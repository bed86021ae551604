"""Media files written anew: another format, or a part of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shunter.sdk import Failure, File
from shunter.sdk import output as new_output

from .filters import PictureFilters, SoundFilters
from .formats import FORMATS, Format, common_name
from .source import Source, opened, seconds
from .span import Span
from .track import Track, add_picture, add_sound, sound_form
from .view import View, view

if TYPE_CHECKING:
    from av.container import OutputContainer


def transcode(file: File, name: str) -> File:
    """`file` in the format called `name`; one of sound alone needs sound, one of film a film."""
    form = FORMATS[name]
    seen = view(file).even() if form.video else None
    return _write(file, f"{file.stem}.{name}", form, Span(), seen)


def trim(file: File, *, start: float, end: float | None, picture: bool) -> File:
    """The part of `file` from `start` to `end`, in the same format; of its sound alone unless `picture`."""
    span = Span(start, end)
    with opened(file) as source:
        name = common_name(source.format, file.name)
        _ = source.need_video() if picture else source.need_audio()
        span.check_within(file.name, seconds(source))
    form = FORMATS.get(name)
    if form is None or (picture and form.video is None):
        raise Failure(f"{name} can't be cut: {file.name} has to be converted first, to {_writable(picture)}")
    return _write(file, file.name, form, span, view(file).even() if picture else None)


def _writable(picture: bool) -> str:  # noqa: FBT001 - private
    return ", ".join(name for name, form in FORMATS.items() if (form.video is not None) == picture)


def _write(file: File, name: str, form: Format, span: Span, seen: View | None) -> File:
    import av

    path = new_output(name)
    options = {"fflags": "+bitexact", **form.options}
    with opened(file) as source, av.open(str(path), "w", format=form.muxer, options=options) as target:
        tracks = _tracks(source, target, form, span, seen)
        if seen is not None and span.start > 0:
            source.container.seek(int((source.origin + span.start) * 1_000_000))
        _pump(source, target, tracks)
    if not any(track.frames for track in tracks):
        raise Failure(f"{file.name} has neither picture nor sound from second {span.start:g} on")
    return File(path)


def _tracks(
    source: Source, target: OutputContainer, form: Format, span: Span, seen: View | None
) -> list[Track]:
    tracks: list[Track] = []
    if seen is not None and form.video is not None:
        film = source.need_video()
        film.thread_type = "AUTO"
        filters = PictureFilters(film, seen, "yuv420p", span, source.origin)
        tracks.append(Track(film, filters, add_picture(target, form.video, film, seen.seen)))
    sound = source.audio if seen is not None else source.need_audio()
    if sound is not None:
        made = add_sound(target, form.audio, sound)
        tracks.append(Track(sound, SoundFilters(sound, sound_form(made), span, source.origin), made))
    return tracks


def _pump(source: Source, target: OutputContainer, tracks: list[Track]) -> None:
    """Everything through its track, until the tracks have what they want."""
    import av

    by_index = {track.source.index: track for track in tracks}
    for packet in source.container.demux([track.source for track in tracks]):
        track = by_index[packet.stream.index]
        try:
            frames = packet.decode()
        except av.InvalidDataError:
            print(f"skipped what can't be decoded at second {float(packet.pts or 0) * packet.time_base:.3f}")
            continue
        for frame in frames:
            target.mux(list(track.packets(frame)))
        if all(track.is_done for track in tracks):
            break
    for track in tracks:
        target.mux(list(track.packets(None)))
