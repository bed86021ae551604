"""WAV files from samples."""

from __future__ import annotations

import io
import wave


def wav_bytes(samples: bytes, *, sample_rate: int) -> bytes:
    """A WAV file that holds `samples`: 16 bits, one channel, `sample_rate` of them a second."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as stream:
        stream.setnchannels(1)
        stream.setsampwidth(2)
        stream.setframerate(sample_rate)
        stream.writeframes(samples)
    return buffer.getvalue()
