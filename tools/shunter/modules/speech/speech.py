"""Speech to text by Whisper, and text to speech by espeak-ng; both work without network."""

from __future__ import annotations

from typing import Annotated, Literal, TypedDict

from shunter.sdk import Directory, Failure, File, function

Audio = Annotated[File, "audio/*"]
Wav = Annotated[File, "audio/wav"]
Model = Literal["tiny", "base", "small", "medium", "large-v3", "turbo"]


class Segment(TypedDict):
    """Some words of a recording, and when they are said, in seconds from its start."""

    start: float
    end: float
    text: str


class Properties(TypedDict):
    """What a recording is made of: `seconds` long, `sample_rate` samples a second."""

    seconds: float
    sample_rate: int
    channels: int
    codec: str


@function(timeout=120)
def say(text: str, voice: str = "en-us", speed: int = 150) -> Wav:
    """Read text aloud: turn text into speech, as a WAV recording.

    The voice is synthetic (espeak-ng). The same text gives the same bytes.

    Args:
        text: What to say.
        voice: A voice such as en-us, en-gb-x-rp, de, fr or it; a variant can follow, such as +f3 or +Mike.
        speed: Words a minute, 80 to 450.
    Returns:
        The recording: one channel, 22,050 samples a second, 16 bits.
    Example:
        shunter call speech.say --text "Hello, world." --output hello.wav
    """
    from .espeak import Espeak
    from .wav import wav_bytes

    if not 80 <= speed <= 450:
        raise Failure(f"speed is {speed}; expected 80 to 450 words a minute")
    if not text.strip():
        raise Failure("there is nothing to say: the text is empty")
    engine = Espeak(voice=voice, speed=speed)
    return File.write_bytes("speech.wav", wav_bytes(engine.speak(text), sample_rate=engine.sample_rate))


@function(timeout=3600, memory="4GiB")
def transcribe(
    audio: Audio, language: str = "en", vocabulary: str = "", model: Directory | None = None
) -> Annotated[File, "text/plain"]:
    """Transcribe a recording: turn speech into text.

    Uses Whisper. The model tiny.en is built in: small, fast, offline, and for English only. For other
    languages, or fewer mistakes, hand over a model of speech.fetch_model.

    Args:
        audio: The recording, in any usual format (wav, mp3, m4a, ogg, flac …).
        language: The language that is spoken, as a code such as en, de or fr.
        vocabulary: Names and terms that occur in it, so that they are spelled right: "Ada Lovelace, Haskell".
        model: A Whisper model for CTranslate2; the built-in tiny.en when not given.
    Returns:
        The transcript, one sentence a line, named after the recording: talk.wav becomes talk.txt.
    Example:
        shunter call speech.transcribe --audio talk.wav --output transcript.txt
    """
    from .heard import sentences
    from .whisper import listen

    heard = listen(audio, language=language, vocabulary=vocabulary, model=model, with_times=False)
    return File.write_text(f"{audio.stem}.txt", "".join(f"{sentence}\n" for sentence in sentences(heard)))


@function(timeout=3600, memory="4GiB")
def segments(
    audio: Audio, language: str = "en", vocabulary: str = "", model: Directory | None = None
) -> list[Segment]:
    """Transcribe a recording with times: which words are said from when to when.

    Args:
        audio: The recording.
        language: The language that is spoken, as a code such as en, de or fr.
        vocabulary: Names and terms that occur in it, so that they are spelled right.
        model: A Whisper model for CTranslate2; the built-in tiny.en (English) when not given.
    Returns:
        The passages in order, each with start and end in seconds and its text.
    Example:
        shunter call speech.segments --audio talk.wav
    """
    from .whisper import listen

    heard = listen(audio, language=language, vocabulary=vocabulary, model=model, with_times=True)
    return [Segment(start=found.start, end=found.end, text=found.text) for found in heard]


@function(timeout=3600, memory="4GiB")
def subtitles(
    audio: Audio, language: str = "en", vocabulary: str = "", model: Directory | None = None
) -> Annotated[File, "text/vtt"]:
    """Write subtitles (captions) for a recording, in the WebVTT format that browsers and players read.

    Args:
        audio: The recording.
        language: The language that is spoken, as a code such as en, de or fr.
        vocabulary: Names and terms that occur in it, so that they are spelled right.
        model: A Whisper model for CTranslate2; the built-in tiny.en (English) when not given.
    Returns:
        The subtitles, named after the recording: talk.wav becomes talk.vtt.
    Example:
        shunter call speech.subtitles --audio talk.wav --output talk.vtt
    """
    from .subtitles import write_vtt
    from .whisper import listen

    heard = listen(audio, language=language, vocabulary=vocabulary, model=model, with_times=True)
    return File.write_text(f"{audio.stem}.vtt", write_vtt(heard))


@function(timeout=600)
def to_wav(audio: Audio, sample_rate: int = 16000) -> Wav:
    """Convert a recording of any usual format to WAV: one channel, 16 bits.

    Args:
        audio: The recording.
        sample_rate: Samples a second of the result, 8,000 to 192,000.
    Returns:
        The recording as WAV, named after it: talk.mp3 becomes talk.wav.
    Example:
        shunter call speech.to_wav --audio talk.mp3 --output talk.wav
    """
    from .sound import decode
    from .wav import wav_bytes

    if not 8_000 <= sample_rate <= 192_000:
        raise Failure(f"sample_rate is {sample_rate}; expected 8,000 to 192,000 samples a second")
    return File.write_bytes(
        f"{audio.stem}.wav", wav_bytes(decode(audio, sample_rate), sample_rate=sample_rate)
    )


@function(timeout=600)
def properties(audio: Audio) -> Properties:
    """Tell how long a recording is (duration), its sample rate, channels and codec.

    Args:
        audio: The recording.
    Returns:
        Its length in seconds, samples a second, number of channels, and codec.
    Example:
        shunter call speech.properties --audio talk.wav
    """
    from .sound import inspect

    seconds, sample_rate, channels, codec = inspect(audio)
    return Properties(seconds=seconds, sample_rate=sample_rate, channels=channels, codec=codec)


@function(timeout=3600, cache="pinned", hosts=["huggingface.co", "*.huggingface.co", "*.hf.co"])
def fetch_model(size: Model = "small") -> Directory:
    """Download a Whisper speech model, for speech.transcribe; needs network.

    Args:
        size: The larger, the slower and the more right: tiny 75 MB, base 150 MB, small 500 MB,
            medium 1.5 GB, large-v3 3 GB; turbo (1.6 GB) is a fast large one. All know about 100 languages.
    Returns:
        The model's folder.
    Example:
        shunter call speech.fetch_model --size small --output models/
    """
    from .whisper import download

    return download(size)
