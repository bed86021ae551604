"""A picture opened for reading, upright, and written again without what isn't seen."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from shunter.sdk import Failure, File

MAX_PIXELS = 200_000_000
"""A picture of more pixels is taken for one that is made to exhaust memory."""

EXTENSIONS = {"jpeg": "jpg", "tiff": "tif"}
OPTIONS: dict[str, dict[str, object]] = {
    "jpeg": {"quality": 90},
    "webp": {"quality": 90, "method": 4},
    "png": {"optimize": False},
    "tiff": {"compression": "tiff_deflate"},
}
_NO_TRANSPARENCY = frozenset({"jpeg", "bmp"})


@dataclass(frozen=True)
class Picture:
    """An upright picture; `format` is that of its file, in lower case."""

    image: Image.Image
    format: str
    frames: int

    @property
    def width(self) -> int:
        """Pixels."""
        return self.image.width

    @property
    def height(self) -> int:
        """Pixels."""
        return self.image.height

    @property
    def is_gray(self) -> bool:
        """Whether it has no colours."""
        return self.image.mode in {"1", "L", "LA", "I", "I;16", "F"}

    @property
    def is_transparent(self) -> bool:
        """Whether it may have transparent parts."""
        return self.image.mode in {"RGBA", "LA", "PA"} or "transparency" in self.image.info


@contextmanager
def opened(file: File) -> Iterator[Picture]:
    """The first frame of `file`, turned as it is meant to be seen; raises Failure where it is no picture."""
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(str(file.path)) as image:
                name = (image.format or "").lower()
                frames = getattr(image, "n_frames", 1)
                upright = ImageOps.exif_transpose(image)
                upright.load()
        yield Picture(upright, name, frames)
    except UnidentifiedImageError:
        raise Failure(f"{file.name} can't be read as a picture: it is none, or broken") from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Failure(f"{file.name} has more than {MAX_PIXELS} pixels") from None
    except (OSError, SyntaxError, ValueError) as error:
        raise Failure(f"{file.name} can't be read as a picture: {error}") from None


def saved(image: Image.Image, source: File, name: str) -> File:
    """`image` as a file of the format `name`, called as `source` is; metadata isn't written."""
    known = name if name in {"png", "jpeg", "webp", "gif", "bmp", "tiff"} else "png"
    buffer = BytesIO()
    fitted = _fitted(image, known)
    fitted.info.clear()
    fitted.save(buffer, known.upper(), **OPTIONS.get(known, {}))
    return File.write_bytes(_name(source, known), buffer.getvalue())


def _fitted(image: Image.Image, name: str) -> Image.Image:
    """`image` in a mode that the format has; what is transparent becomes white where it can't be kept."""
    if name in _NO_TRANSPARENCY and (image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info):
        layer = image.convert("RGBA")
        ground = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(ground, layer).convert("L" if image.mode == "LA" else "RGB")
    if name in {"jpeg", "bmp"} and image.mode not in {"L", "RGB"}:
        return image.convert("RGB")
    if name in {"webp", "png"} and image.mode in {"P", "CMYK", "YCbCr", "F", "LAB", "HSV"}:
        return image.convert("RGBA" if "transparency" in image.info else "RGB")
    if name == "webp" and image.mode not in {"RGB", "RGBA"}:
        return image.convert("RGBA" if image.mode == "LA" else "RGB")
    return image.copy()


def _name(source: File, name: str) -> str:
    suffix = source.name.rpartition(".")[2].lower()
    same = suffix in {name, EXTENSIONS.get(name, name)} or (suffix, name) == ("jpeg", "jpeg")
    return source.name if same else f"{source.stem}.{EXTENSIONS.get(name, name)}"
