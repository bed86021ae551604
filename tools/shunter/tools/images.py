"""Images as modules name them: in a registry, or as the argument that is an archive."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from shunter.engine import types as t
from shunter.engine.actions.image import ArchivedImage, Image, PulledImage
from shunter.engine.types.signature import Signature
from shunter.engine.values import File, Value
from shunter.tools.errors import ModuleError
from shunter.tools.modules.function import Function

_PARAMETER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def check_image(image: str | None, signature: Signature) -> None:
    """Raise ValueError where `image` is neither the name of one nor a parameter that takes an archive."""
    if image is None:
        return
    name = parameter_of(image)
    if name is None:
        from shunter.engine.images.reference import parse_reference

        parse_reference(image)
        return
    parameter = signature.parameter(name)
    if parameter is None or not isinstance(parameter.type, t.File):
        raise ValueError(f"the image is in {image}, which is no parameter of type File")


def parameter_of(image: str) -> str | None:
    """The parameter that `image` stands for; None where it names an image of a registry."""
    match = _PARAMETER.fullmatch(image)
    return match[1] if match else None


def registry_images(functions: Iterable[Function]) -> list[str]:
    """The images of registries that calls of `functions` run in, as they are written, each once."""
    written = (function.image for function in functions)
    return sorted({image for image in written if image is not None and parameter_of(image) is None})


def image_of_call(
    function: Function, arguments: Mapping[str, Value], pulled: Mapping[str, PulledImage]
) -> Image | None:
    """What a call runs in; `pulled` are the images of registries by how they are written."""
    if function.image is None:
        return None
    name = parameter_of(function.image)
    if name is not None:
        archive = arguments[name]
        assert isinstance(archive, File)
        return ArchivedImage(archive)
    if function.image not in pulled:
        raise ModuleError(f"{function.signature.name} runs in {function.image}, which hasn't been resolved")
    return pulled[function.image]
