"""Functions on container images that are archives."""

from __future__ import annotations

from typing import Annotated

from shunter.sdk import Directory, Failure, File, function


@function(timeout=1800)
def build(
    folder: Directory,
    base: Annotated[File, "application/x-tar"] | None = None,
    path: str = "/",
    variables: list[str] | None = None,
    command: list[str] | None = None,
    name: str = "image.tar",
) -> Annotated[File, "application/x-tar"]:
    """Build a container image out of a folder, on top of another image or on nothing.

    `docker load` takes the archive, and so do tools for OCI layouts. The same content gives the same bytes:
    times and owners are left out.

    Args:
        folder: What the image gets, as its topmost layer.
        base: The container image to build on, as `docker save` writes it; null to begin with nothing.
        path: Where the folder's content stands in the image.
        variables: Environment variables of the image, each as NAME=VALUE.
        command: What the image starts by itself, a program and its arguments.
        name: The name of the archive, which the image is tagged with too.
    Returns:
        The archive with the image.
    Example:
        shunter call container.build --folder site/ --base nginx.tar --path /srv/site --output site.tar
    """
    from .archive import Configuration, build_image

    for variable in variables or []:
        if not variable.partition("=")[0] or "=" not in variable:
            raise Failure(f"{variable!r} is no variable; expected NAME=VALUE")
    if ".." in path.split("/"):
        raise Failure(f"the path {path!r} leads upwards; expected one such as /app")
    return build_image(folder, base, path, Configuration(variables or [], command or []), name)
