"""A picture in another size."""

from __future__ import annotations

from PIL import Image

from shunter.sdk import Failure

MAX_SIDE = 30_000


def scaled(image: Image.Image, width: int | None, height: int | None) -> Image.Image:
    """`image` in the size given; what is None follows in proportion."""
    for name, side in (("width", width), ("height", height)):
        if side is not None and not 1 <= side <= MAX_SIDE:
            raise Failure(f"{name} is {side}; expected 1 to {MAX_SIDE} pixels")
    wide = width if width is not None else max(1, round(image.width * (height or 1) / image.height))
    high = height if height is not None else max(1, round(image.height * (width or 1) / image.width))
    if max(wide, high) > MAX_SIDE:
        raise Failure(f"the picture would be {wide} x {high} pixels; each side may have {MAX_SIDE}")
    smooth = (
        image.convert("RGBA" if "transparency" in image.info else "RGB")
        if image.mode in {"P", "1"}
        else image
    )
    return smooth.resize((wide, high), Image.Resampling.LANCZOS)
