"""Pictures converted, resized, cropped and described."""

from __future__ import annotations

from typing import Annotated, Literal, TypedDict

from shunter.sdk import Failure, File, function

Picture = Annotated[File, "image/*"]
Format = Literal["png", "jpeg", "webp", "gif", "bmp", "tiff"]


class Properties(TypedDict):
    """What a picture is: size in pixels as it is shown, "png" or the like, and "gray" or "rgb"."""

    width: int
    height: int
    format: str
    color: str
    transparent: bool
    frames: int


@function(timeout=600)
def properties(image: Picture) -> Properties:
    """Tell the properties of a picture (describe, inspect an image or photo): width, height, format, colours.

    Args:
        image: The picture.
    Returns:
        Width and height (size, dimensions) in pixels, format such as "png", color "gray" or "rgb", whether it
        has transparent parts, and the number of frames, which is more than 1 for an animation.
    Example:
        shunter call image.properties --image photo.jpg
    """
    from .picture import opened

    with opened(image) as picture:
        return Properties(
            width=picture.width,
            height=picture.height,
            format=picture.format,
            color="gray" if picture.is_gray else "rgb",
            transparent=picture.is_transparent,
            frames=picture.frames,
        )


@function(timeout=600)
def convert(image: Picture, format: Format = "png") -> Picture:  # noqa: A002 - the caller's word
    """Convert a picture to another format (turn an image or photo into png, jpeg, webp, gif, bmp or tiff).

    Args:
        image: The picture; of an animation the first frame is taken.
        format: What to make. JPEG and BMP have no transparency: it becomes white.
    Returns:
        The picture, upright and without its metadata, named after it: photo.heic becomes photo.png.
    Example:
        shunter call image.convert --image logo.png --format webp --output logo.webp
    """
    from .picture import opened, saved

    with opened(image) as picture:
        return saved(picture.image, image, format)


@function(timeout=600)
def resize(image: Picture, width: int | None = None, height: int | None = None) -> Picture:
    """Resize a picture (scale, shrink, enlarge an image or photo; make a thumbnail) to a width or a height.

    Args:
        image: The picture.
        width: How many pixels wide it gets; when only this is given, the height follows in proportion.
        height: How many pixels high (tall) it gets; when only this is given, the width follows.
    Returns:
        The picture, in the same format and under the same name.
    Example:
        shunter call image.resize --image photo.jpg --width 800 --output small.jpg
    """
    from .picture import opened, saved
    from .scale import scaled

    if width is None and height is None:
        raise Failure("give a width, a height, or both, in pixels")
    with opened(image) as picture:
        return saved(scaled(picture.image, width, height), image, picture.format)


@function(timeout=600)
def crop(image: Picture, left: int, top: int, width: int, height: int) -> Picture:
    """Crop a picture (cut a part out of an image, photo or screenshot).

    Args:
        image: The picture.
        left: How many pixels to leave out at the left.
        top: How many pixels to leave out at the top.
        width: How many pixels wide the part is.
        height: How many pixels high the part is.
    Returns:
        The part, in the same format and under the same name.
    Example:
        shunter call image.crop --image shot.png --left 50 --top 20 --width 400 --height 300 --output part.png
    """
    from .picture import opened, saved

    with opened(image) as picture:
        if left < 0 or top < 0 or width < 1 or height < 1:
            raise Failure("left and top are 0 or more, width and height 1 or more")
        if left + width > picture.width or top + height > picture.height:
            raise Failure(
                f"the part reaches to {left + width} x {top + height}, "
                f"and {image.name} is {picture.width} x {picture.height} pixels"
            )
        return saved(picture.image.crop((left, top, left + width, top + height)), image, picture.format)


@function(timeout=600)
def grayscale(image: Picture) -> Picture:
    """Turn a picture into grayscale (black and white, monochrome; take the colours out of an image or photo).

    Args:
        image: The picture.
    Returns:
        The picture in shades of grey, in the same format and under the same name; transparency is kept.
    Example:
        shunter call image.grayscale --image photo.jpg --output gray.jpg
    """
    from .picture import opened, saved

    with opened(image) as picture:
        return saved(picture.image.convert("LA" if picture.is_transparent else "L"), image, picture.format)
