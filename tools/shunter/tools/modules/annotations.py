"""Types from Python annotations, read from the code without running it."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from shunter.engine import types as t
from shunter.engine.types import media

_NAMES: Mapping[str, t.Type] = {
    "str": t.Str(),
    "int": t.Int(),
    "float": t.Float(),
    "bool": t.Bool(),
    "Json": t.Json(),
    "File": t.File(),
    "Directory": t.Directory(),
    "Secret": t.Secret(),
}

EXPECTED = (
    'str, int, float, bool, Json, File, Directory, Secret, Annotated[File, "media/type"], list[T], T | None, '
    "Literal of texts, or a TypedDict of the same file"
)


class UnreadableAnnotation(ValueError):
    """An annotation is none of those that a function may use; `node` is where."""

    def __init__(self, node: ast.expr, message: str) -> None:
        super().__init__(message)
        self.node = node


class Names:
    """The aliases and records that a file defines at its top level."""

    def __init__(self, tree: ast.Module) -> None:
        self._aliases: dict[str, ast.expr] = {}
        self._records: dict[str, ast.ClassDef] = {}
        for statement in tree.body:
            self._collect(statement)

    def _collect(self, statement: ast.stmt) -> None:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                self._aliases[name] = value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                self._aliases[name] = value
            case ast.ClassDef(name=name, bases=bases) if any(
                _last_name(base) == "TypedDict" for base in bases
            ):
                self._records[name] = statement

    def type_of(self, node: ast.expr, open_names: frozenset[str] = frozenset()) -> t.Type:
        """The type that an annotation means; raises UnreadableAnnotation."""
        match node:
            case ast.Constant(value=str(text)):
                return self.type_of(_parse(text, node), open_names)
            case ast.BinOp(op=ast.BitOr()):
                return self._union(node, open_names)
            case ast.Subscript(value=head, slice=inside):
                return self._subscript(node, _last_name(head), inside, open_names)
        return self._named(node, _last_name(node), open_names)

    def is_nameless(self, node: ast.expr, open_names: frozenset[str] = frozenset()) -> bool:
        """Whether the annotation says `Nameless`: that the name of the file doesn't matter."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return self.is_nameless(_parse(node.value, node), open_names)
        names = {_last_name(part) for part in ast.walk(node) if isinstance(part, ast.expr)}
        followed = [name for name in names if name in self._aliases and name not in open_names]
        return "Nameless" in names or any(
            self.is_nameless(self._aliases[name], open_names | {name}) for name in followed
        )

    def cache_id(self, node: ast.expr, open_names: frozenset[str] = frozenset()) -> str | None:
        """What the annotation says by `CacheId("…")`; raises UnreadableAnnotation where that is no text."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return self.cache_id(_parse(node.value, node), open_names)
        for part in ast.walk(node):
            match part:
                case ast.Call(func=mark, args=arguments) if _last_name(mark) == "CacheId":
                    match arguments:
                        case [ast.Constant(value=str(text))] if text:
                            return text
                    raise UnreadableAnnotation(part, 'CacheId takes one literal text: CacheId("registry")')
                case ast.Name(id=name) if name in self._aliases and name not in open_names:
                    found = self.cache_id(self._aliases[name], open_names | {name})
                    if found is not None:
                        return found
        return None

    def _named(self, node: ast.expr, name: str, open_names: frozenset[str]) -> t.Type:
        if name in open_names:
            raise UnreadableAnnotation(node, f"{name} refers to itself")
        if name in self._records:
            return self._record(self._records[name], open_names | {name})
        if name in self._aliases:
            return self.type_of(self._aliases[name], open_names | {name})
        if name in _NAMES:
            return _NAMES[name]
        raise UnreadableAnnotation(node, f"can't use the type {ast.unparse(node)}; expected {EXPECTED}")

    def _record(self, definition: ast.ClassDef, open_names: frozenset[str]) -> t.Record:
        if len(definition.bases) > 1 or definition.keywords:
            message = f"{definition.name} has more than TypedDict as its base; write its fields out"
            raise UnreadableAnnotation(definition.bases[0], message)
        fields = {
            item.target.id: self.type_of(item.annotation, open_names)
            for item in definition.body
            if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)
        }
        return t.Record(tuple(fields.items()))

    def _union(self, node: ast.BinOp, open_names: frozenset[str]) -> t.Type:
        sides = [side for side in (node.left, node.right) if not _is_none(side)]
        if len(sides) != 1:
            raise UnreadableAnnotation(
                node, f"can't use {ast.unparse(node)}: only `T | None` can be joined with `|`"
            )
        return _or_null(self.type_of(sides[0], open_names))

    def _subscript(self, node: ast.expr, head: str, inside: ast.expr, open_names: frozenset[str]) -> t.Type:
        parts = inside.elts if isinstance(inside, ast.Tuple) else [inside]
        match head, parts:
            case (("list" | "List"), [item]):
                return t.ListOf(self.type_of(item, open_names))
            case "Optional", [item]:
                return _or_null(self.type_of(item, open_names))
            case "Literal", [_, *_] if all(
                isinstance(part, ast.Constant) and isinstance(part.value, str) for part in parts
            ):
                choices = [str(part.value) for part in parts if isinstance(part, ast.Constant)]
                return t.Enum(tuple(dict.fromkeys(choices)))
            case "Annotated", [base, *notes]:
                return _refined(self.type_of(base, open_names), notes, node)
        raise UnreadableAnnotation(node, f"can't use the type {ast.unparse(node)}; expected {EXPECTED}")


def _or_null(kind: t.Type) -> t.Type:
    return kind if isinstance(kind, t.Optional) else t.Optional(kind)


def _refined(base: t.Type, notes: list[ast.expr], node: ast.expr) -> t.Type:
    written = [note.value for note in notes if isinstance(note, ast.Constant) and isinstance(note.value, str)]
    match base:
        case _ if not written:
            return base
        case t.ListOf(t.File()) | t.Optional(t.File()):
            message = 'a media type belongs to the file itself: Annotated[File, "media/type"]'
            raise UnreadableAnnotation(node, message)
        case t.File():
            pass
        case _:
            return base
    try:
        return t.File(media.canonical(written[0]))
    except ValueError as error:
        raise UnreadableAnnotation(node, str(error)) from None


def _last_name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(attr=name):
            return name
    return ""


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _parse(text: str, node: ast.expr) -> ast.expr:
    try:
        parsed = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError):
        raise UnreadableAnnotation(node, f"not a type: {text!r}") from None
    for part in ast.walk(parsed):
        ast.copy_location(part, node)
    return parsed
