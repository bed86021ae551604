"""A script's arguments as people give them: text, or what a text names; of the type that is declared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shunter.engine import types as t
from shunter.engine.errors import UsageError
from shunter.engine.store.protocol import ArtifactStore
from shunter.instructions.gptscript.program import Program
from shunter.instructions.inputs import Wanted, bind_inputs
from shunter.instructions.offers import Offer, paths_or_texts
from shunter.tools.modules.function import WORKSPACE


def argument_offers(
    program: Program, given: Sequence[tuple[str, str]], store: ArtifactStore
) -> dict[str, Offer]:
    """A value for each argument that was given; raises UsageError and InputError.

    An argument is text, unless it names a file or folder, or declares a type.
    """
    known = wanted_types(program)
    unknown = [name for name, _ in given if name not in known]
    if unknown:
        there = ", ".join(f"--{name}" for name in known) or "none"
        raise UsageError(
            f"{program.path.name} has no argument {unknown[0]!r}", hint=f"its arguments: {there}"
        )
    typed = {name: kind for name, kind in known.items() if kind is not None}
    offers = paths_or_texts([(name, text) for name, text in given if name not in typed], store)
    named = {name for name, _ in given}
    values = bind_inputs(
        {name: Wanted(kind) for name, kind in typed.items() if name in named},
        [(name, text) for name, text in given if name in typed],
        store,
        flag="--{name}",
    )
    return offers | {name: Offer(typed[name], value) for name, value in values.items()}


def wanted_types(program: Program) -> dict[str, t.Type | None]:
    """What can be given, with the types that are declared."""
    wanted: dict[str, t.Type | None] = {name: program.types.get(name) for name in program.arguments}
    if program.uses_workspace:
        wanted.setdefault(WORKSPACE, t.Directory())
    return wanted


def missing_arguments(program: Program, given: Mapping[str, object]) -> list[str]:
    """The arguments without a value that the script can't do without: those of a declared type."""
    needed = [name for name, kind in program.types.items() if not isinstance(kind, t.Optional)]
    if program.direct is not None:
        needed = [item.name for item in program.direct.signature.parameters if item.required]
    if program.needs_workspace:
        needed.append(WORKSPACE)
    return [name for name in dict.fromkeys(needed) if name not in given]
