"""Functions on JSON documents."""

from __future__ import annotations

import json
from typing import Annotated, Any

from shunter.sdk import Failure, File, Json, function

Document = Annotated[File, "application/json"]


@function
def read(document: Document) -> Json:
    """Read a JSON file: its content as a value that other functions take.

    Args:
        document: The JSON file.
    Returns:
        The content.
    Example:
        shunter call json.read --document config.json
    """
    return _parsed(document)


@function
def write(value: Json, name: str = "data.json", *, sort_keys: bool = False) -> Document:
    """Write a value into a JSON file, indented for people to read.

    Args:
        value: The content: any JSON value, or the result of another function.
        name: The name of the file.
        sort_keys: Put the keys of every object in alphabetical order.
    Returns:
        The file.
    Example:
        shunter call json.write --value '{"b": 1}' --name config.json --output config.json
    """
    return File.write_text(name, _printed(value, sort_keys=sort_keys))


@function
def pretty(document: Document, *, sort_keys: bool = False) -> Document:
    """Format a JSON file: indent it for people to read; refuses a file that isn't valid JSON.

    Args:
        document: The JSON file.
        sort_keys: Put the keys of every object in alphabetical order.
    Returns:
        The same content, indented, under the same name.
    Example:
        shunter call json.pretty --document config.json --sort-keys true --output pretty.json
    """
    return File.write_text(document.name, _printed(_parsed(document), sort_keys=sort_keys))


@function
def get(document: Document, path: str) -> Json:
    """Look up a value in a JSON file by its path (query, extract).

    Args:
        document: The JSON file.
        path: Keys and positions, such as "servers[0].name"; [*] takes every element of a list and [-1]
            the last; a key with other characters is written ["like this"].
    Returns:
        The value; with [*] the list of the values.
    Example:
        shunter call json.get --document config.json --path "servers[*].name"
    """
    from .jsonpath import look_up

    return look_up(_parsed(document), path)


@function
def merge(documents: list[Document], name: str = "merged.json") -> Document:
    """Merge several JSON files into one: objects key by key, lists end to end.

    Args:
        documents: The JSON files, all objects or all lists; a later object's value wins, and objects
            inside objects are merged as well.
        name: The name of the result.
    Returns:
        The merged document.
    Example:
        shunter call json.merge --documents base.json --documents local.json --output merged.json
    """
    from .merging import merged

    return File.write_text(name, _printed(merged([(file.name, _parsed(file)) for file in documents])))


def _parsed(document: File) -> Any:
    try:
        return json.loads(document.read_text(), parse_constant=_refuse)
    except ValueError as error:
        raise Failure(f"{document.name} isn't JSON: {error}") from None
    except RecursionError:
        raise Failure(f"{document.name} is nested too deeply") from None


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def _printed(value: Any, *, sort_keys: bool = False) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=sort_keys) + "\n"
