"""What a module uses: which functions its own may call, and what their keys then cover."""

from __future__ import annotations

from pathlib import Path

import pytest

from shunter.engine.actions.key import action_key
from shunter.engine.actions.model import Action
from shunter.engine.digest import Digest, digest_bytes
from shunter.engine.store.local import LocalStore
from shunter.tools.catalogue import Catalogue
from shunter.tools.errors import ManifestError
from shunter.tools.lowering import CatalogueLowering

MANIFEST = """\
[module]
name = "{name}"
version = "0.1.0"
description = "A module."
uses = {uses}

[functions.act]
doc = "Act."
command = ["echo", "{says}"]
effects = {effects}
returns = {{type = "str"}}

[functions.other]
doc = "Act otherwise."
command = ["echo"]
returns = {{type = "str"}}
"""


def _module(where: Path, name: str, *uses: str, says: str = "hi", effects: tuple[str, ...] = ()) -> None:
    folder = where / name
    folder.mkdir(exist_ok=True)
    text = MANIFEST.format(name=name, uses=list(uses), says=says, effects=list(effects))
    (folder / "module.toml").write_text(text)


def _lowered(where: Path, store: LocalStore, name: str) -> Action:
    catalogue = Catalogue([where])
    return CatalogueLowering(catalogue, store)(catalogue[name], {})


def _key(where: Path, store: LocalStore) -> Digest:
    return action_key(_lowered(where, store, "a.act"), lambda _: digest_bytes(b"here"))


def test_what_a_module_uses_is_known_through_all_others(tmp_path: Path) -> None:
    for name, uses in (("a", ["b", "d"]), ("b", ["c"]), ("c", []), ("d", ["c"])):
        _module(tmp_path, name, *uses)
    assert [module.name for module in Catalogue([tmp_path]).used("a")] == ["b", "c", "d"]
    assert Catalogue([tmp_path]).used("c") == ()


def test_a_module_may_use_itself(tmp_path: Path) -> None:
    _module(tmp_path, "a", "a")
    assert [module.name for module in Catalogue([tmp_path]).used("a")] == ["a"]


def test_modules_that_use_each_other_are_refused(tmp_path: Path) -> None:
    for name, uses in (("a", ["b"]), ("b", ["c"]), ("c", ["b"])):
        _module(tmp_path, name, *uses)
    with pytest.raises(ManifestError, match="modules use each other: b → c → b") as refused:
        Catalogue([tmp_path]).module("a")
    assert refused.value.hint == "put what they share into a third module, or make one of the two"
    catalogue = Catalogue([tmp_path])
    assert list(catalogue) == []
    assert set(catalogue.broken) == {"a", "b", "c"}


def test_a_module_that_is_not_there_is_named_with_what_is_close(tmp_path: Path) -> None:
    _module(tmp_path, "texts")
    _module(tmp_path, "a", "text")
    with pytest.raises(ManifestError, match="a/module.toml: uses: there is no module 'text'") as refused:
        Catalogue([tmp_path]).module("a")
    assert refused.value.hint == "did you mean texts?"


def test_the_functions_of_the_named_modules_may_be_called_and_no_others(
    tmp_path: Path, store: LocalStore
) -> None:
    for name, uses in (("a", ["b"]), ("b", ["c"]), ("c", [])):
        _module(tmp_path, name, *uses, effects=("mail",) if name == "a" else ())
    session = _lowered(tmp_path, store, "a.act").session
    assert session is not None
    assert [each.name for each in session.functions] == ["b.act", "b.other"]
    assert session.effects == ("mail",)
    assert _lowered(tmp_path, store, "c.act").session is None


@pytest.mark.parametrize("changed", ["b", "c"])
def test_a_change_of_what_is_used_however_far_is_a_change_of_the_user(
    tmp_path: Path, store: LocalStore, changed: str
) -> None:
    for name, uses in (("a", ["b"]), ("b", ["c"]), ("c", []), ("d", [])):
        _module(tmp_path, name, *uses)
    before = _key(tmp_path, store)
    _module(tmp_path, "d", says="bye")
    assert _key(tmp_path, store) == before
    _module(tmp_path, changed, *(["c"] if changed == "b" else []), says="bye")
    assert _key(tmp_path, store) != before


REACHING = """\
[module]
name = "a"
version = "0.1.0"
description = "A module."
uses = {uses}

[functions.act]
doc = "Act."
command = ["echo", "{{url}}"]
hosts = ["a.org"]
hosts_of_calls = ["b.org", "{{url}}"]
parameters.url = {{type = "str"}}
returns = {{type = "str"}}
"""


def test_hosts_of_calls_are_allowed_with_the_function_and_reached_by_what_it_calls_alone(
    tmp_path: Path, store: LocalStore
) -> None:
    _module(tmp_path, "a")
    _module(tmp_path, "b")
    (tmp_path / "a/module.toml").write_text(REACHING.format(uses=["b"]))
    catalogue = Catalogue([tmp_path])
    signature = catalogue["a.act"]
    assert signature.hosts == ("a.org", "b.org", "{url}")
    action = CatalogueLowering(catalogue, store)(signature, {"url": "https://c.org/x"})
    assert (action.hosts, action.reach) == (("a.org",), ("a.org", "b.org", "c.org"))


def test_hosts_of_calls_belong_to_a_module_that_calls(tmp_path: Path) -> None:
    _module(tmp_path, "a")
    (tmp_path / "a/module.toml").write_text(REACHING.format(uses=[]))
    with pytest.raises(ManifestError, match="a.act has hosts_of_calls, and its module calls no other") as why:
        Catalogue([tmp_path]).module("a")
    assert why.value.hint == (
        "name the modules that it calls in `uses`, or declare `hosts`, which it reaches itself"
    )
