"""Command functions: from their entry in the manifest to a checked function."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shunter.engine import types as t
from shunter.engine.egress.declared import check_declared
from shunter.engine.types import media
from shunter.engine.types.signature import REQUIRED, Parameter, Signature
from shunter.engine.values.conform import Mismatch, conform
from shunter.engine.values.literal import literal_value
from shunter.tools.modules.function import CommandEntry, Function
from shunter.tools.modules.manifest import CommandFunction
from shunter.tools.modules.options import all_hosts, limits_of, parse_cache

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def command_function(module: str, name: str, entry: CommandFunction) -> Function:
    """The function that a manifest declares; raises ValueError, saying what of it is off."""
    signature = Signature(
        f"{module}.{name}",
        tuple(_parameter(key, entry) for key in entry.parameters),
        entry.returns.type,
        doc=entry.doc.strip(),
        returns_doc=entry.returns.doc,
        example=entry.example,
        hosts=all_hosts(entry.hosts, entry.hosts_of_calls),
        effects=entry.effects,
        hosts_of_calls=entry.hosts_of_calls,
    )
    check_declared(signature)
    _check_words(entry)
    _check_flags(entry, signature)
    _check_placeholders(entry, signature)
    _check_source(entry)
    cache, ttl = parse_cache(entry.cache)
    return Function(
        signature,
        CommandEntry(
            entry.command, entry.stdin, entry.returns.source, entry.returns.name or _file_name(name, entry)
        ),
        limits_of(entry.limits.timeout, entry.limits.memory, entry.limits.disk),
        cache,
        ttl,
        nameless=frozenset(key for key, declared in entry.parameters.items() if not declared.named),
        cache_ids=_cache_ids(entry, signature),
        image=entry.image,
    )


def _parameter(name: str, entry: CommandFunction) -> Parameter:
    declared = entry.parameters[name]
    if "default" not in declared.model_fields_set:
        return Parameter(name, declared.type, REQUIRED, declared.doc)
    try:
        default = conform(literal_value(declared.default), declared.type)
    except Mismatch as mismatch:
        raise ValueError(f"the default of {name}: {mismatch}") from None
    return Parameter(name, declared.type, default, declared.doc)


def _cache_ids(entry: CommandFunction, signature: Signature) -> dict[str, str]:
    declared = {key: item.cache_id for key, item in entry.parameters.items() if item.cache_id is not None}
    for key in sorted(declared.keys() - set(signature.secrets)):
        raise ValueError(f"`cache_id` belongs to a Secret, and {key} is {entry.parameters[key].type}")
    return declared


def _check_words(entry: CommandFunction) -> None:
    if not entry.command or not all(entry.command):
        raise ValueError("the command, or a group in it, has no words")
    if not isinstance(entry.command[0], str):
        raise ValueError("the command begins with a group; it begins with the program")


def _check_flags(entry: CommandFunction, signature: Signature) -> None:
    for flag in _flags(entry):
        parameter = signature.parameter(flag)
        if parameter is not None and parameter.type not in (t.Bool(), t.Optional(t.Bool())):
            raise ValueError(f"`?{flag}` wants a parameter of type bool, and {flag} is {parameter.type}")


def _check_placeholders(entry: CommandFunction, signature: Signature) -> None:
    known = {parameter.name for parameter in signature.parameters}
    used = {*_placeholders(entry), *_flags(entry), *([entry.stdin] if entry.stdin else [])}
    unknown = sorted({*used, *PLACEHOLDER.findall(entry.returns.name or "")} - known)
    if unknown:
        there = f"there are {', '.join(sorted(known))}" if known else "there are none"
        raise ValueError(f"the command uses {unknown[0]!r}, which is no parameter ({there})")
    told = used | set(PLACEHOLDER.findall(entry.image or ""))
    unused = sorted(known - told) if isinstance(entry.command, tuple) and not _is_given(entry) else []
    if unused:
        raise ValueError(f"the command doesn't use the parameter {unused[0]!r}")


def _is_given(entry: CommandFunction) -> bool:
    """Whether the command comes from whoever calls: it finds the other arguments by their places."""
    return PLACEHOLDER.fullmatch(str(entry.command[0])) is not None


def _placeholders(entry: CommandFunction) -> Iterator[str]:
    for word in entry.command if isinstance(entry.command, tuple) else ():
        for part in (word,) if isinstance(word, str) else word:
            yield from PLACEHOLDER.findall(part)


def _flags(entry: CommandFunction) -> Iterator[str]:
    for word in entry.command if isinstance(entry.command, tuple) else ():
        if not isinstance(word, str) and word[0].startswith("?"):
            yield word[0][1:]


def _check_source(entry: CommandFunction) -> None:
    kind = entry.returns.type
    if entry.returns.source == "stdout":
        if not (isinstance(kind, t.File) or t.is_plain(kind)):
            raise ValueError(f"stdout can't be {kind}: it can be a File, text or JSON data")
    elif not isinstance(kind.inner if isinstance(kind, t.Optional) else kind, t.File | t.Directory):
        raise ValueError(f"what is left in {entry.returns.source} is a File or a Directory, not {kind}")
    elif not {"..", "."}.isdisjoint(entry.returns.source.split("/")):
        raise ValueError(f"the result's path has `.` or `..` in it: {entry.returns.source}")


def _file_name(name: str, entry: CommandFunction) -> str:
    kind = entry.returns.type
    return name + (media.extension(kind.media) if isinstance(kind, t.File) else "")
