"""Tags, resolved once: a plan records the digest, and what ran is found again without a registry."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from shunter.engine.actions.image import PulledImage
from shunter.engine.errors import ImageUnavailable
from shunter.engine.images.reference import DIGEST, Reference, parse_reference

_FILE: Final = "images/tags.json"
_PAUSES: Final = (0.2, 1.0)


def pulled_image(
    written: str, pins: Mapping[str, str], *, home: Path, pauses: Sequence[float] = _PAUSES
) -> PulledImage:
    """The image that `written` names: by its own digest, by the one in `pins`, else as its registry says now.

    A registry that can't be reached is helped out by what it said last, which `home` remembers. `pauses` are
    the seconds between attempts. Raises ImageUnavailable.
    """
    try:
        reference = parse_reference(written)
    except ValueError as error:
        raise ImageUnavailable(f"the image {written!r} can't be used: {error}") from None
    digest = reference.digest or pins.get(written) or _resolved(reference, home, pauses)
    if DIGEST.fullmatch(digest) is None:
        raise ImageUnavailable(f"the plan has no digest for the image {written}: {digest!r}")
    return PulledImage(reference.repository, digest)


def _resolved(reference: Reference, home: Path, pauses: Sequence[float]) -> str:
    from shunter.engine.images.registry import Registry

    known = _known(home)
    try:
        with Registry(reference.registry, pauses=pauses) as registry:
            digest = registry.resolve(reference)
    except ImageUnavailable:
        if (last := known.get(str(reference))) is None:
            raise
        return last
    if known.get(str(reference)) != digest:
        _remember(home, {**known, str(reference): digest})
    return digest


def _known(home: Path) -> dict[str, str]:
    try:
        data = json.loads((home / _FILE).read_bytes())
        return {str(name): digest for name, digest in data.items() if DIGEST.fullmatch(digest)}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def _remember(home: Path, tags: Mapping[str, str]) -> None:
    """Whoever comes last wins: what another process resolved meanwhile is resolved again."""
    import os

    target = home / _FILE
    try:
        target.parent.mkdir(mode=0o755, exist_ok=True)
        draft = target.with_name(f"tags.{os.getpid()}")
        draft.write_text(json.dumps(tags, indent=1))
        draft.replace(target)
    except OSError:
        return  # it is only there for a bad day
