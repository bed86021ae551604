"""Synthetic speech by the espeak-ng library that the package espeakng-loader carries."""

from __future__ import annotations

import ctypes
import os

from shunter.sdk import Failure

SYNCHRONOUS = (
    2  # AUDIO_OUTPUT_SYNCHRONOUS: samples go to the callback, and the call returns when all are there
)
RATE = 1  # espeakRATE
UTF8 = 1  # espeakCHARS_UTF8
SEED = 1


class Espeak:
    """The library, ready to speak with one voice; there can be one at a time."""

    def __init__(self, *, voice: str, speed: int) -> None:
        import espeakng_loader

        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        folder = os.path.dirname(espeakng_loader.get_data_path())
        self.sample_rate: int = self._library.espeak_Initialize(SYNCHRONOUS, 0, folder.encode(), 0)
        if self.sample_rate <= 0:
            raise RuntimeError(f"espeak-ng didn't start: its data in {folder} can't be read")
        if self._library.espeak_SetVoiceByName(voice.encode()):
            raise Failure(f"there is no voice {voice!r}; expected one such as en-us, en-gb, de, fr, es or it")
        self._library.espeak_SetParameter(RATE, speed, 0)
        self._library.espeak_ng_SetRandSeed(SEED)  # its noise would differ from run to run

    def speak(self, text: str) -> bytes:
        """`text` as samples: 16 bits, one channel, `sample_rate` of them a second."""
        samples = bytearray()

        @ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
        def take(wave: int | None, count: int, _events: int | None) -> int:
            if wave and count > 0:
                samples.extend(ctypes.string_at(wave, 2 * count))
            return 0

        self._library.espeak_SetSynthCallback(take)
        encoded = text.encode() + b"\0"
        if self._library.espeak_Synth(encoded, len(encoded), 0, 1, 0, UTF8, None, None):
            raise RuntimeError("espeak-ng refused the text")
        return bytes(samples)
