"""The functions of a Python file, read from its text: the code is never run outside a container."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from shunter.engine.egress.declared import check_declared
from shunter.engine.small_file import read_small_file
from shunter.engine.types.signature import REQUIRED, NoDefault, Parameter, Signature
from shunter.engine.values import Value
from shunter.engine.values.conform import Mismatch, conform
from shunter.engine.values.literal import literal_value
from shunter.tools.errors import SourceError
from shunter.tools.modules.annotations import Names, UnreadableAnnotation
from shunter.tools.modules.docstring import Docstring, read_docstring
from shunter.tools.modules.function import Function, PythonEntry
from shunter.tools.modules.options import all_hosts, limits_of, parse_cache

MAX_BYTES = 4 << 20

_OPTIONS = {"timeout", "memory", "disk", "cache", "effects", "hosts", "hosts_of_calls", "image"}


def read_python(module: str, folder: Path, file: str) -> Mapping[str, Function]:
    """The `@function` functions of `folder/file`, by name; raises SourceError."""
    path = folder / file
    try:
        tree = _parsed(path)
        return dict(_functions(tree, _Reader(module, path, file, tree)))
    except (RecursionError, MemoryError):
        raise SourceError(path, "can't be read: nested too deeply") from None


def _parsed(path: Path) -> ast.Module:
    try:
        content = read_small_file(path, most=MAX_BYTES)
        with warnings.catch_warnings(action="ignore"):  # they are for the author, and not for callers
            return ast.parse(content, filename=str(path))
    except OSError as error:
        raise SourceError(path, f"can't be read: {error.strerror}") from None
    except SyntaxError as error:
        raise SourceError(path, f"not Python: {error.msg}", line=error.lineno) from None
    except ValueError as error:
        raise SourceError(path, f"not Python: {error}") from None


def _functions(tree: ast.Module, reader: _Reader) -> Iterator[tuple[str, Function]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            mark = _decorator(node)
            if mark is not None:
                yield node.name, reader.function(node, mark)


class _Reader:
    def __init__(self, module: str, path: Path, file: str, tree: ast.Module) -> None:
        self._module = module
        self._path = path
        self._file = file
        self._names = Names(tree)

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, mark: ast.expr) -> Function:
        if isinstance(node, ast.AsyncFunctionDef):
            raise self._error(node, f"{node.name} is async; write it as a plain function")
        doc = read_docstring(ast.get_docstring(node))
        if not doc.text:
            raise self._error(node, f"{node.name} has no docstring", hint="say in one sentence what it does")
        if node.returns is None:
            raise self._error(node, f"{node.name} doesn't say what it returns", hint="write `-> TYPE`")
        options = self._options(mark)
        try:
            returns = self._names.type_of(node.returns)
        except UnreadableAnnotation as error:
            raise self._error(error.node, f"{node.name} returns: {error}") from None
        parameters, nameless = self._parameters(node, doc)
        bare = Signature(f"{self._module}.{node.name}", parameters, returns)
        function = self._assembled(node, doc, bare, options, nameless)
        return replace(function, cache_ids=self._cache_ids(node, bare))

    def _assembled(
        self,
        node: ast.FunctionDef,
        doc: Docstring,
        bare: Signature,
        options: Mapping[str, object],
        nameless: frozenset[str],
    ) -> Function:
        try:
            timeout, memory, disk = (options.get(name) for name in ("timeout", "memory", "disk"))
            if not isinstance(timeout, int | float | None):
                raise ValueError("timeout is a number of seconds")
            if not isinstance(memory, str | None) or not isinstance(disk, str | None):
                raise ValueError("memory and disk are texts such as 2GiB")
            image = options.get("image")
            if not isinstance(image, str | None):
                raise ValueError("image is a text such as python:3.12-slim")
            cache, ttl = parse_cache(str(options.get("cache", "pure")))
            limits = limits_of(timeout, memory, disk)
            of_calls = _texts("hosts_of_calls", options)
            signature = Signature(
                bare.name,
                bare.parameters,
                bare.returns,
                doc=doc.text,
                returns_doc=doc.returns,
                example=doc.example,
                hosts=all_hosts(_texts("hosts", options), of_calls),
                effects=_texts("effects", options),
                hosts_of_calls=of_calls,
            )
            check_declared(signature)
        except ValueError as error:
            raise self._error(node, f"{node.name}: {error}") from None
        return Function(
            signature, PythonEntry(self._file, node.name), limits, cache, ttl, nameless, image=image
        )

    def _cache_ids(self, node: ast.FunctionDef, signature: Signature) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for argument in (*node.args.args, *node.args.kwonlyargs):
            if argument.annotation is None:
                continue
            try:
                cache_id = self._names.cache_id(argument.annotation)
            except UnreadableAnnotation as error:
                raise self._error(error.node, f"{node.name}: the parameter {argument.arg}: {error}") from None
            if cache_id is not None and argument.arg not in signature.secrets:
                raise self._error(argument, f"{node.name}: CacheId is for secrets, not for {argument.arg}")
            if cache_id is not None:
                found[argument.arg] = cache_id
        return found

    def _options(self, mark: ast.expr) -> Mapping[str, object]:
        if not isinstance(mark, ast.Call):
            return {}
        try:
            options = {word.arg or "**": ast.literal_eval(word.value) for word in mark.keywords}
        except (ValueError, TypeError):
            raise self._error(mark, "the options of @function must be literals") from None
        unknown = sorted(options.keys() - _OPTIONS)
        if unknown or mark.args:
            raise self._error(mark, f"@function takes no {unknown[0] if unknown else 'positional arguments'}")
        return options

    def _parameters(
        self, node: ast.FunctionDef, doc: Docstring
    ) -> tuple[tuple[Parameter, ...], frozenset[str]]:
        arguments = node.args
        if arguments.vararg or arguments.kwarg or arguments.posonlyargs:
            raise self._error(
                node, f"{node.name} takes *args, **kwargs or positional-only parameters; name each one"
            )
        defaults: list[ast.expr | None] = [None] * (len(arguments.args) - len(arguments.defaults))
        pairs = [*zip(arguments.args, [*defaults, *arguments.defaults], strict=True)]
        pairs += zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        parameters = tuple(self._parameter(node.name, argument, default, doc) for argument, default in pairs)
        nameless = {
            item.arg
            for item, _ in pairs
            if item.annotation is not None and self._names.is_nameless(item.annotation)
        }
        return parameters, frozenset(nameless)

    def _parameter(
        self, function: str, argument: ast.arg, default: ast.expr | None, doc: Docstring
    ) -> Parameter:
        if argument.annotation is None:
            raise self._error(argument, f"{function}: the parameter {argument.arg} has no type")
        try:
            kind = self._names.type_of(argument.annotation)
            value: Value | NoDefault = REQUIRED
            if default is not None:
                value = conform(literal_value(ast.literal_eval(default)), kind)
        except UnreadableAnnotation as error:
            raise self._error(error.node, f"{function}: the parameter {argument.arg}: {error}") from None
        except Mismatch as error:
            raise self._error(argument, f"{function}: the default of {argument.arg}: {error}") from None
        except (ValueError, TypeError):
            raise self._error(
                argument, f"{function}: the default of {argument.arg} must be a literal"
            ) from None
        return Parameter(argument.arg, kind, value, doc.arguments.get(argument.arg, ""))

    def _error(self, node: ast.AST, message: str, *, hint: str | None = None) -> SourceError:
        return SourceError(self._path, message, line=getattr(node, "lineno", None), hint=hint)


def _decorator(node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.expr | None:
    for mark in node.decorator_list:
        called = mark.func if isinstance(mark, ast.Call) else mark
        if (isinstance(called, ast.Name) and called.id == "function") or (
            isinstance(called, ast.Attribute) and called.attr == "function"
        ):
            return mark
    return None


def _texts(name: str, options: Mapping[str, object]) -> tuple[str, ...]:
    value = options.get(name, ())
    if not isinstance(value, list | tuple):
        raise ValueError(f"{name} is a list of texts, got {value!r}")
    texts = tuple(item for item in value if isinstance(item, str))
    if len(texts) < len(value):
        raise ValueError(f"{name} is a list of texts, got {value!r}")
    return texts
