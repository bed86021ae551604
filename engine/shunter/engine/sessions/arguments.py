"""From a request's data to the arguments of a call, with no artifact that the step wasn't given."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence

from shunter.engine.actions.model import Mount, SecretFile
from shunter.engine.actions.placing import StrayArtifact, value_from
from shunter.engine.run.content import check_content
from shunter.engine.run.mounted import artifact_below
from shunter.engine.run.redaction import tells_secret
from shunter.engine.secrets.revealed import Revealed
from shunter.engine.sessions.leaking import holds_secret
from shunter.engine.sessions.protocol import Room
from shunter.engine.sessions.refusal import Kind, Refused
from shunter.engine.store.errors import UnsafeOutput
from shunter.engine.store.names import shown
from shunter.engine.store.protocol import ArtifactStore
from shunter.engine.types.signature import Parameter, Signature
from shunter.engine.values import Artifact, Value
from shunter.engine.values.conform import Mismatch, conform

_OWN = {"/work/": "", "/out/": "out/", "/tmp/": "tmp/"}
"""The folders that a step writes in, by where they are below its working folder."""


class Arguments:
    """Reads arguments for a step that has `mounts` and `secrets`, and `room` to hand over what it made.

    It blocks. `revealed` are the secrets by their values, which no other argument may hold.
    """

    def __init__(
        self,
        mounts: Sequence[Mount],
        secrets: Sequence[SecretFile],
        revealed: Revealed,
        room: Room,
        store: ArtifactStore,
    ) -> None:
        self._mounts = mounts
        self._secrets = {file.path: file.secret for file in secrets}
        self._revealed = revealed
        self._room = room
        self._store = store

    def of(self, signature: Signature, given: Mapping[str, object]) -> dict[str, Value]:
        """A value for each parameter, in the signature's order; raises Refused."""
        self._check_names(signature, given)
        return {
            parameter.name: self._value(signature, parameter, given[parameter.name])
            if parameter.name in given
            else _fallback(signature, parameter)
            for parameter in signature.parameters
        }

    def _check_names(self, signature: Signature, given: Mapping[str, object]) -> None:
        known = [parameter.name for parameter in signature.parameters]
        for name in given.keys() - set(known):
            close = difflib.get_close_matches(name, known, n=1)
            takes = f"it takes {', '.join(known)}" if known else "it takes none"
            message = f"{signature.name} has no parameter {name[:80]!r}; {takes}"
            raise Refused(Kind.ARGUMENTS, message, hint=f"did you mean {close[0]}?" if close else None)

    def _value(self, signature: Signature, parameter: Parameter, data: object) -> Value:
        try:
            found = value_from(data, parameter.type, self._find, self._secrets)
            value = conform(found, parameter.type, parameter.name)
            check_content(value, parameter.type, self._store, parameter.name)
        except StrayArtifact:
            wanted = f"{signature.name} takes {parameter.type} for {parameter.name}"
            raise Refused(Kind.ARGUMENTS, f"{wanted}, and a file or folder is in it") from None
        except Mismatch as mismatch:
            raise Refused(Kind.ARGUMENTS, f"an argument of {signature.name}: {mismatch}") from None
        if tells_secret(value, self._revealed):
            raise _leak(f"{parameter.name} of {signature.name}")
        return value

    def _find(self, path: str) -> Artifact:
        try:
            own = _below_work(path)
            found = artifact_below(self._mounts, path, self._store) if own is None else self._room.borrow(own)
        except (UnsafeOutput, UnicodeEncodeError, ValueError) as problem:
            raise Refused(Kind.NOT_GIVEN, f"{path[:200]!r} can't be handed over: {problem}") from None
        if found is not None and own is not None and holds_secret(found, self._revealed, self._store):
            raise _leak(shown(path))
        if found is None:
            raise Refused(
                Kind.NOT_GIVEN,
                f"{path[:200]!r} is nothing that this step was given or made",
                hint="name an input below /in, a result of a call, or what is below /work",
            )
        return found


def _leak(where: str) -> Refused:
    hint = "hand a secret on as the secret that it is, to a parameter of that type"
    return Refused(Kind.LEAK, f"a secret that the step was given is in {where}", hint=hint)


def _fallback(signature: Signature, parameter: Parameter) -> Value:
    if parameter.required:
        raise Refused(Kind.ARGUMENTS, f"{signature.name} needs {parameter.name}: {parameter.type}")
    return parameter.fallback


def _below_work(path: str) -> str | None:
    """The path as seen from the working folder, None where it isn't in there; raises ValueError."""
    if "\0" in path:
        raise ValueError("no path has a NUL in it")
    for place, below in _OWN.items():
        if path.startswith(place):
            return below + path[len(place) :]
    return None
