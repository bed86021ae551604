"""Work to be interrupted: a plan written from a seed, and what has to come out of it, computed without shunter."""

from __future__ import annotations

import hashlib
import json
import os
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.manifests import module_text, shell_function

GATHER = r"""
mkdir -p /out/all/deep/er
number=0
printf '%s\n' "$files" | while read -r file; do cp "$file" "/out/all/deep/$number"; number=$((number + 1)); done
cp -r "$folder" /out/all/given
ln -s deep/er /out/all/link
printf '#!/bin/sh\n' > /out/all/run
chmod 755 /out/all/run
"""
"""A folder of files, with all that a folder can hold."""

MARK = 'sleep "$pause"; printf %s "$text" | sha256sum | cut -c 1-64 > /out/mark.txt; echo marked'
LINK = 'sha256sum < "$file" | cut -c 1-64 > /out/link.txt'
GROW = 'for number in 1 2 3 4; do cat "$file"; done > /out/big.bin'
FOLDER_SUMS = 'cd "$folder" && find . -type f | LC_ALL=C sort | xargs sha256sum'
TOTAL = f'({FOLDER_SUMS}; sha256sum < "$big") | sha256sum | cut -c 1-64'
JOIN = "printf '%s' \"$texts\" | tr '\\n' ','"
TEXT = '{type = "str"}'

MANIFEST = module_text(
    "soak",
    shell_function(
        "mark", MARK, '{type = "File[text/plain]", from = "out/mark.txt"}', text="str", pause="float"
    ),
    shell_function(
        "link", LINK, '{type = "File[text/plain]", from = "out/link.txt"}', file="File[text/plain]"
    ),
    shell_function(
        "gather", GATHER, '{type = "Directory", from = "out/all"}', files="list[File]", folder="Directory"
    ),
    shell_function("grow", GROW, '{type = "File", from = "out/big.bin"}', file="File"),
    shell_function("total", TOTAL, TEXT, folder="Directory", big="File"),
    shell_function("join", JOIN, TEXT, texts="list[str]"),
)

PIECE = 300_000
"""Bytes of the file that is given; what is made of it is larger than what is read at once."""


@dataclass(frozen=True)
class Task:
    """`words` run it in the folder `here`; `all`, `files` and `big` are what has to come out.

    `files` are the paths and the content of the folder that comes out.
    """

    here: Path
    words: tuple[str, ...]
    all: str
    files: dict[str, bytes]
    big: bytes

    def problems(self, out: Path) -> list[str]:
        """What is wrong with the outputs that were written to `out`."""
        found = []
        if _content(out / "all.txt").decode("utf-8", "replace").strip() != self.all:
            found.append("the text that came out is wrong")
        if _content(out / "big.bin") != self.big:
            found.append("the large file that came out is wrong")
        folder = out / "folder"
        there = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
        if {
            name: path.read_bytes() for name, path in there.items() if not name.startswith("link/")
        } != self.files:
            found.append("the folder that came out is wrong")
        elif os.readlink(folder / "link") != "deep/er" or not os.access(folder / "run", os.X_OK):
            found.append("a symlink or a mode in the folder that came out is wrong")
        return found


def write_task(here: Path, seed: str) -> Task:
    """Write the module, the inputs and the plan that `seed` gives into the folder `here`."""
    chance = random.Random(seed)
    (here / "soak").mkdir(parents=True, exist_ok=True)
    (here / "soak" / "module.toml").write_text(MANIFEST)
    given = {f"{number}.txt": f"{seed} {number}\n".encode() for number in range(chance.randint(3, 20))}
    (here / "given").mkdir(exist_ok=True)
    for old in (here / "given").iterdir():
        old.unlink()
    for name, content in given.items():
        (here / "given" / name).write_bytes(content)
    piece = chance.randbytes(PIECE)
    (here / "piece.bin").write_bytes(piece)
    chains = [
        _Chain(
            f"c{number}",
            [f"{seed} {number} {item}" for item in range(chance.randint(2, 4))],
            chance.randint(1, 3),
        )
        for number in range(chance.randint(2, 3))
    ]
    (here / "plan.yaml").write_text(_plan(chains, chance))
    big = piece * 4
    totals = [chain.total(given, big) for chain in chains]
    words = ("plan.yaml", "--input", "given=given", "--input", "piece=piece.bin", "--modules", "soak")
    return Task(here, words, ",".join(totals), chains[0].files(given), big)


@dataclass(frozen=True)
class _Chain:
    """A fan-out, followed by steps on each of its files, gathered in a folder at the end."""

    name: str
    texts: Sequence[str]
    length: int

    def steps(self, chance: random.Random) -> list[dict[str, object]]:
        """The steps as a plan has them."""
        pause = round(chance.uniform(0, 0.1), 3)
        steps: list[dict[str, object]] = [
            {
                "id": f"{self.name}_0",
                "call": "soak.mark",
                "each": {"text": list(self.texts)},
                "with": {"pause": pause},
            }
        ]
        for number in range(1, self.length + 1):
            before = {"from": f"{self.name}_{number - 1}"}
            steps.append({"id": f"{self.name}_{number}", "call": "soak.link", "each": {"file": before}})
        files = {"files": {"from": f"{self.name}_{self.length}"}, "folder": {"from": "given"}}
        steps.append({"id": f"{self.name}_all", "call": "soak.gather", "with": files})
        both = {"folder": {"from": f"{self.name}_all"}, "big": {"from": "big"}}
        steps.append({"id": f"{self.name}_total", "call": "soak.total", "with": both})
        return steps

    def files(self, given: dict[str, bytes]) -> dict[str, bytes]:
        """The files of its folder."""
        found = {f"given/{name}": content for name, content in given.items()} | {"run": b"#!/bin/sh\n"}
        for number, text in enumerate(self.texts):
            content = text.encode()
            for _ in range(self.length + 1):
                content = _hex(content) + b"\n"
            found[f"deep/{number}"] = content
        return found

    def total(self, given: dict[str, bytes], big: bytes) -> str:
        """Its digest of folder and file."""
        listed = sorted(self.files(given).items(), key=lambda item: item[0].encode())
        lines = [_hex(content) + b"  ./" + name.encode() + b"\n" for name, content in listed]
        return _hex(b"".join(lines) + _hex(big) + b"  -\n").decode()


def _plan(chains: Sequence[_Chain], chance: random.Random) -> str:
    """JSON is YAML as well."""
    steps: list[dict[str, object]] = [{"id": "big", "call": "soak.grow", "with": {"file": {"from": "piece"}}}]
    for chain in chains:
        steps += chain.steps(chance)
    totals = [{"from": f"{chain.name}_total"} for chain in chains]
    steps.append({"id": "all", "call": "soak.join", "with": {"texts": totals}})
    outputs = {"all": {"from": "all"}, "folder": {"from": f"{chains[0].name}_all"}, "big": {"from": "big"}}
    inputs = {"given": {"type": "Directory"}, "piece": {"type": "File"}}
    return json.dumps({"version": 1, "inputs": inputs, "steps": steps, "outputs": outputs}, indent=1)


def _hex(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
