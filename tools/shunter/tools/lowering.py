"""From a function call to an action: mounts, command line, identity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from shunter.engine.actions.image import Image, PulledImage
from shunter.engine.actions.model import (
    Action,
    Command,
    Inline,
    Mount,
    Network,
    OutPath,
    Prepared,
    ResultDocument,
    Returns,
    SecretFile,
    Session,
    Stdout,
)
from shunter.engine.digest import Digest, canonical_json, digest_json
from shunter.engine.egress.declared import hosts_of
from shunter.engine.store.protocol import ArtifactStore
from shunter.engine.types.signature import Signature
from shunter.engine.values import Directory, Secret, Value
from shunter.tools.arguments import argument_data, named_arguments, placed
from shunter.tools.bundled import sdk_folder
from shunter.tools.catalogue import Catalogue
from shunter.tools.command_line import file_name, shell_variables, stdin_of, words
from shunter.tools.environment import python_environment
from shunter.tools.images import image_of_call, registry_images
from shunter.tools.modules.function import CommandEntry, Function, PythonEntry, ScriptEntry
from shunter.tools.modules.module import Module
from shunter.tools.modules.source import source_artifact
from shunter.tools.script_call import script_call

PYTHON_COMMAND = ("/usr/bin/python3", "-B", "-P", "-S")
"""The system's own interpreter, as no home of the host is visible in a container, without its packages."""

IMAGE_PYTHON_COMMAND = ("python3", "-B", "-P")
"""An image's interpreter, wherever it has it, with the packages that the image was made for."""

_SDK_VERSION_OF_CALLS = 1


@dataclass(frozen=True)
class _Loaded:
    """A module with its source in the store."""

    module: Module
    source: Directory
    environments: dict[Image | None, tuple[Prepared, ...]]
    identities: dict[str, Digest] = field(default_factory=dict)

    def identity(self, function: Function) -> Digest:
        """What a command function is, whatever it is called with."""
        name = function.signature.name
        if name not in self.identities:
            self.identities[name] = digest_json(["command", self.source.digest, name])
        return self.identities[name]


class CatalogueLowering:
    """Lowers calls of a catalogue's functions; a module enters the store when it is called first.

    `images` are the images of registries by the names that modules give them.
    """

    def __init__(
        self, catalogue: Catalogue, store: ArtifactStore, images: Mapping[str, PulledImage] | None = None
    ) -> None:
        self._images = images or {}
        self._catalogue = catalogue
        self._store = store
        self._loaded: dict[str, _Loaded] = {}
        self._used: dict[str, Mapping[str, str]] = {}

    def __call__(self, signature: Signature, arguments: Mapping[str, Value]) -> Action:
        """The action for a call; `arguments` holds every parameter."""
        name, _, short = signature.name.partition(".")
        loaded = self._load(name)
        function = loaded.module.functions[short]
        named = named_arguments(arguments, function.nameless)
        image = image_of_call(function, arguments, self._images)
        if isinstance(function.entry, PythonEntry):
            action = self._python_call(loaded, function, function.entry, named, image)
        elif isinstance(function.entry, ScriptEntry):
            action = script_call(function, function.entry, named, self._store)
        else:
            action = self._command_call(loaded, function, function.entry, named, image)
        action = _given_secrets(_reaching(action, function, arguments), function, named)
        return self._calling(action, loaded, function, arguments)

    def _calling(
        self, action: Action, loaded: _Loaded, function: Function, arguments: Mapping[str, Value]
    ) -> Action:
        """`action` with what it may call while it runs, which is then a part of what it is."""
        if not loaded.module.uses:
            return action
        callable_ = [
            each.signature
            for name in loaded.module.uses
            for _, each in sorted(self._catalogue.module(name).functions.items())
        ]
        session = Session(
            tuple(callable_),
            function.signature.effects,
            hosts_of(function.signature.hosts_of_calls, arguments),
            self._locked(loaded.module.name),
        )
        return replace(action, session=session)

    def _locked(self, name: str) -> Mapping[str, str]:
        """What the results of the modules that the module `name` uses are made of, besides arguments."""
        if name not in self._used:
            used = self._catalogue.used(name)
            images = registry_images(function for module in used for function in module.functions.values())
            self._used[name] = {
                "the SDK": f"{_SDK_VERSION_OF_CALLS} {self._sdk.digest}",
                **{f"the module {module.name}": self._load(module.name).source.digest for module in used},
                **{f"the image {image}": self._images[image].digest for image in images},
            }
        return self._used[name]

    @cached_property
    def _sdk(self) -> Directory:
        return source_artifact(sdk_folder(), self._store, prefix="shunter/sdk/")

    def _load(self, name: str) -> _Loaded:
        if name not in self._loaded:
            module = self._catalogue.module(name)
            self._loaded[name] = _Loaded(module, module.source(self._store), {})
        return self._loaded[name]

    def _environment(self, loaded: _Loaded, image: Image | None) -> tuple[Prepared, ...]:
        """The module's packages, installed for the interpreter of `image`."""
        if image not in loaded.environments:
            environment = python_environment(loaded.module, self._store, image=image)
            loaded.environments[image] = () if environment is None else (Prepared("/env", environment),)
        return loaded.environments[image]

    def _python_call(
        self,
        loaded: _Loaded,
        function: Function,
        entry: PythonEntry,
        arguments: Mapping[str, Value],
        image: Image | None,
    ) -> Action:
        prepared = self._environment(loaded, image)
        python = PYTHON_COMMAND if image is None else IMAGE_PYTHON_COMMAND
        document = canonical_json(
            {"file": f"/module/{entry.file}", "function": entry.name, "arguments": argument_data(arguments)}
        )
        path = ":".join(["/sdk", *(each.path for each in prepared)])
        return Action(
            label=function.signature.name,
            identity=digest_json(
                [
                    "python",
                    _SDK_VERSION_OF_CALLS,
                    loaded.source.digest,
                    self._sdk.digest,
                    entry.file,
                    entry.name,
                ]
            ),
            arguments=arguments,
            command=Command(
                (*python, "/sdk/shunter/sdk/__main__.py", "/in/call.json"), (("PYTHONPATH", path),)
            ),
            returns=Returns(function.signature.returns, ResultDocument()),
            mounts=(*placed(arguments), Mount("/module", loaded.source), Mount("/sdk", self._sdk)),
            inline=(Inline("/in/call.json", document),),
            prepared=prepared,
            limits=function.limits,
            image=image,
            cache=function.cache,
            ttl=function.ttl,
        )

    def _command_call(
        self,
        loaded: _Loaded,
        function: Function,
        entry: CommandEntry,
        arguments: Mapping[str, Value],
        image: Image | None,
    ) -> Action:
        shell = isinstance(entry.command, str)
        source = (
            Stdout(file_name(entry, arguments))
            if entry.source == "stdout"
            else OutPath(entry.source.removeprefix("out/"))
        )
        return Action(
            label=function.signature.name,
            identity=loaded.identity(function),
            arguments=arguments,
            command=Command(
                words(entry, arguments),
                tuple(shell_variables(arguments)) if shell else (),
                stdin_of(entry, arguments),
            ),
            returns=Returns(function.signature.returns, source),
            mounts=(*placed(arguments), Mount("/module", loaded.source)),
            prepared=self._environment(loaded, image),
            limits=function.limits,
            image=image,
            cache=function.cache,
            ttl=function.ttl,
        )


def _given_secrets(action: Action, function: Function, arguments: Mapping[str, Value]) -> Action:
    """`action` with the secrets among its arguments."""
    found = tuple(
        SecretFile(name, value, function.cache_ids.get(name))
        for name, value in arguments.items()
        if isinstance(value, Secret)
    )
    return replace(action, secrets=found) if found else action


def _reaching(action: Action, function: Function, arguments: Mapping[str, Value]) -> Action:
    """`action` with the hosts that this call of `function` reaches itself.

    Raises Mismatch for one that is none.
    """
    signature = function.signature
    if not signature.hosts:
        return action
    own = [entry for entry in signature.hosts if entry not in signature.hosts_of_calls]
    hosts = hosts_of(own, arguments)
    return replace(action, network=Network.PROXY, hosts=hosts) if hosts else action
