"""What nobody would do: calls that undo, repeat or rename what was done, and what the words forbid."""

from __future__ import annotations

from collections.abc import Iterator

from shunter.agent.planners.embedded.headings import names_later_column
from shunter.agent.planners.embedded.joints import Joint
from shunter.agent.planners.embedded.lexicon import name_stems
from shunter.agent.planners.embedded.readings import Reading
from shunter.agent.planners.embedded.roles import Role, role_of
from shunter.agent.planners.embedded.text import Text
from shunter.agent.planners.embedded.thesaurus import FORMATS
from shunter.agent.planners.embedded.yard import Node, Yard, family, sources_of
from shunter.engine.digest import JsonValue
from shunter.engine.types import Directory, File, ListOf, media

_DENIED = 2.0
"""What speaks against a conversion that the words forbid: `without unpacking it`."""
_NO_CHANGE = 1.5
"""What speaks against converting something to the format that it has, or doing the same to it again."""
_BECOMING, _LEADING = "as", 6
"""How what begins that gives another form to what was done before: `as a page`."""
_WRITTEN_AS_TEXT = frozenset({"application/yaml", "application/toml", "application/xml"})
"""Kinds of files that are plain text, whose names one may have."""
_FOUND_AGAIN = 1.2
"""What speaks against putting files into a folder only to look for them there."""
_UNFED, _BACK, _RENAMED, _TOO_EARLY = 0.3, 0.9, 1.5, 1.5
"""What speaks against a plan: `_UNFED` where `the length of the excerpt` is not that of the excerpt, `_BACK`
where a call only undoes a conversion that nobody asked for, `_RENAMED` where one names what could have been
named when it was made, `_TOO_EARLY` where a column is named that only a later call makes."""


def detours(yard: Yard, reading: Reading, text: Text) -> float:
    """What speaks against how calls follow on each other."""
    cost, tokens, denied = 0.0, text.tokens, text.denied
    first = {node.stretch: node for node in reversed(yard.nodes) if node.stretch is not None}
    for index, stretch in enumerate(reading.stretches):
        if index and stretch.joint is Joint.BEFORE:
            one, other = first[index].source, first[index - 1].source
            cost += _UNFED * (one not in yard.ancestors(other) and other not in yard.ancestors(one))
        if (
            index
            and stretch.joint is Joint.AFTER
            and _BECOMING in {token.word for token in tokens[stretch.start : stretch.start + _LEADING]}
        ):
            one, other = first[index].source, first[index - 1].source
            cost += _UNFED * 2 * (other not in yard.ancestors(one))
    for node in yard.nodes:
        cost += _DENIED * (
            node.stretch is None and not denied.isdisjoint(name_stems(node.signature.name.partition(".")[2]))
        )
        cost += _NO_CHANGE * (_changes_nothing(node, yard) or _repeats(node, yard))
        cost += _FOUND_AGAIN * _looks_for_known(node, yard)
        cost += _BACK * (node.stretch is not None and _undoes(node, yard))
        cost += _RENAMED * (_renames(node, yard) + _names_alike(node) + _is_named_before(node, yard))
        cost += _RENAMED * _is_misnamed(node, yard)
        cost += _TOO_EARLY * names_later_column(node, yard.nodes)
    return cost


def _changes_nothing(node: Node, yard: Yard) -> bool:
    """Whether a call converts to the format that something has: `mp4: its sound as mp3`."""
    wanted = FORMATS.get(str(node.with_.get("format")))
    kinds = [yard.type_of(source) for source in sources_of(node)]
    bare = [kind.item if isinstance(kind, ListOf) else kind for kind in kinds]
    return wanted is not None and any(isinstance(kind, File) and kind.media == wanted for kind in bare)


def _looks_for_known(node: Node, yard: Yard) -> bool:
    """Whether files are put into a folder, which nobody asked for, only to be looked for in it."""
    lists = isinstance(node.signature.returns, ListOf) or node.signature.returns == File("text/csv")
    made = (yard.node(source) for source in sources_of(node))
    return lists and any(
        one is not None
        and one.stretch is None
        and isinstance(one.signature.returns, Directory)
        and _gathers(one)
        for one in made
    )


def _gathers(node: Node) -> bool:
    return any(isinstance(one.type, ListOf) for one in node.signature.parameters if one.required)


def _repeats(node: Node, yard: Yard) -> bool:
    """Whether a call does once more what made what it takes: formats what was just formatted."""
    made = [yard.node(source) for source in sources_of(node)]
    own = _literals(node)
    return any(one is not None and one.signature is node.signature and _literals(one) == own for one in made)


def _literals(node: Node) -> dict[str, JsonValue]:
    return {name: value for name, value in node.with_.items() if not isinstance(value, dict)}


def _undoes(node: Node, yard: Yard) -> bool:
    """Whether a call gives back what was converted for it."""
    origins = (origin for source in sources_of(node) for origin in _converted_unasked(source, yard))
    kinds = [kind for origin in origins if (kind := yard.type_of(origin)) is not None]
    return any(
        family(kind) == family(node.type) and isinstance(kind, ListOf) == isinstance(node.type, ListOf)
        for kind in kinds
    )


def _converted_unasked(source: str, yard: Yard) -> Iterator[str]:
    """What a value was made of by conversions that nobody asked for."""
    node = yard.node(source)
    if node is not None and node.stretch is None:
        for origin in sources_of(node):
            yield origin
            yield from _converted_unasked(origin, yard)


def _renames(node: Node, yard: Yard) -> bool:
    """Whether a call only names what an earlier call made, which takes names itself."""
    made = (yard.node(source) for source in sources_of(node))
    return _takes_name(node, required=True) and any(
        one is not None and _takes_name(one, required=False) and _may_be_called(one, node) for one in made
    )


def _names(node: Node) -> set[str]:
    """The names that a call gives to what it makes."""
    given = [node.with_.get(one.name) for one in node.signature.parameters if role_of(one) is Role.FILE_NAME]
    return {name for name in given if isinstance(name, str) and "{" not in name}


def _is_named_before(node: Node, yard: Yard) -> bool:
    """Whether a call gives a name that an earlier one has given to something else."""
    names = _names(node)
    return any(not names.isdisjoint(_names(other)) for other in yard.nodes if other.id < node.id)


def _is_misnamed(node: Node, yard: Yard) -> bool:
    """Whether a file gets a name of another kind: nobody calls a recording `reply.txt`."""
    kinds = [yard.type_of(source) for source in sources_of(node)]
    kinds = [kind.item if isinstance(kind, ListOf) else kind for kind in kinds]
    known = [kind.media for kind in kinds if isinstance(kind, File) and kind.media is not None]
    said = {media.of_name(name) for name in _names(node)} - {None}
    if not said or len(known) != 1 or not _takes_name(node, required=True):
        return False
    both_text = known[0].startswith("text/") and all(
        str(one).startswith("text/") or one in _WRITTEN_AS_TEXT for one in said
    )
    return not both_text and not any(
        media.covers(known[0], str(one)) or media.covers(str(one), known[0]) for one in said
    )


def _may_be_called(made: Node, node: Node) -> bool:
    """Whether what was made could have the name that a later call gives it: no text is called `all.yaml`."""
    name = next(
        (
            node.with_.get(one.name)
            for one in node.signature.parameters
            if one.required and role_of(one) is Role.FILE_NAME
        ),
        None,
    )
    kind, said = made.signature.returns, media.of_name(str(name))
    if not isinstance(kind, File) or kind.media is None or said is None:
        return True
    return media.covers(kind.media, said) or (kind.media == "text/plain" and said.startswith("text/"))


def _names_alike(node: Node) -> bool:
    """Whether each of several files is given the same name."""
    names = [node.with_.get(one.name) for one in node.signature.parameters if role_of(one) is Role.FILE_NAME]
    return bool(node.each) and any(isinstance(name, str) and "{" not in name for name in names)


def _takes_name(node: Node, *, required: bool) -> bool:
    return any(
        parameter.required is required and role_of(parameter) is Role.FILE_NAME
        for parameter in node.signature.parameters
    )
