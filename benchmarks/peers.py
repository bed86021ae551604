"""A line appended to each of 500 files, and the same by ninja and by Bazel, where they are installed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from command import SHUNTER, Cost, Words, in_turn, least, median, run
from rows import Floor, Row, Skipped

FILES = 500

_APPEND = "cat {source} > {target} && echo another line >> {target}"

_MANIFEST = f"""
[module]
name = "bench"
version = "0.1.0"
description = "The least that a step can do to a file."

[functions.append]
doc = "The file with a line more."
command = ["/bin/sh", "-c", '{_APPEND.format(source='"$1"', target="out/more.txt")}', "sh", "{{file}}"]
parameters.file = {{ type = "File[text/plain]" }}
returns = {{ type = "File[text/plain]", from = "out/more.txt" }}
"""
_PLAN = """
version: 1
inputs:
  files: {type: "list[File[text/plain]]"}
steps:
  - id: appended
    call: bench.append
    each: {file: {from: files}}
outputs: {appended: {from: appended}}
"""
_NINJA = f"""
rule append
  command = {_APPEND.format(source="$in", target="$out")}
"""
_BAZEL = f"""
[genrule(
    name = "append%d" % number,
    srcs = ["in/%d.txt" % number],
    outs = ["out/%d.txt" % number],
    cmd = "{_APPEND.format(source="$<", target="$@")}",
) for number in range({FILES})]
"""
_DEBIAN = Path("/usr/share/bazel")
"""Where Debian's Bazel has what others' has inside of its binary."""


@dataclass(frozen=True, slots=True)
class Peer:
    """One way to do it, in a folder with the files in `in/`. `end` is run when all is measured."""

    name: str
    folder: Path
    words: Words
    end: Words = ()

    def run(self) -> Cost:
        return run(self.words, self.folder)

    def change(self, turn: int) -> None:
        (self.folder / "in" / f"{turn}.txt").write_text(f"input {turn}, another one\n")


def rows(folder: Path) -> list[Row | Skipped]:
    """Shunter and each peer in turn, first cold, then with nothing changed, then with one file changed."""
    ways = [_shunter, _ninja, _bazel]
    peers = [peer for way in ways if isinstance(peer := way(_files(folder / way.__name__)), Peer)]
    try:
        cold = in_turn(1, *(peer.run for peer in peers))
        warm = in_turn(7, *(peer.run for peer in peers))
        changed = in_turn(5, *map(_changing, peers))
    finally:
        for peer in peers:
            if peer.end:
                run(peer.end, peer.folder)
    parts = {"cold": cold, "nothing changed": warm, "one changed": changed}
    found = [row for what, costs in parts.items() for row in _rows(what, peers, costs)]
    missing = [_MISSING[name] for name in _MISSING if name not in {peer.name for peer in peers}]
    return [*found, *missing]


_MISSING = {
    "ninja": Skipped(f"{FILES} files, against ninja", "it isn't installed; Debian's package is ninja-build"),
    "Bazel": Skipped(
        f"{FILES} files, against Bazel", "it isn't installed; Debian's package is bazel-bootstrap"
    ),
}


def _rows(what: str, peers: Sequence[Peer], costs: Sequence[list[Cost]]) -> list[Row]:
    (_, own), *others = zip(peers, costs, strict=True)
    return [
        Row(f"{FILES} files, {what}", median(own), Floor(median(theirs), peer.name), note=least(own))
        for peer, theirs in others
    ]


def _changing(peer: Peer) -> Callable[[], Cost]:
    turns = iter(range(FILES))

    def change_and_run() -> Cost:
        peer.change(next(turns))
        return peer.run()

    return change_and_run


def _files(folder: Path) -> Path:
    (folder / "in").mkdir(parents=True)
    folder.chmod(0o711)
    for number in range(FILES):
        (folder / "in" / f"{number}.txt").write_text(f"input {number}\n")
    return folder


def _shunter(folder: Path) -> Peer:
    (folder / "bench").mkdir()
    (folder / "bench/module.toml").write_text(_MANIFEST)
    (folder / "plan.yaml").write_text(_PLAN)
    options = ["--input", "files=in/*.txt", "--modules", "bench", "--home", "home", "--quiet"]
    return Peer("shunter", folder, [SHUNTER, "run", "plan.yaml", *options])


def _ninja(folder: Path) -> Peer | None:
    ninja = shutil.which("ninja")
    if ninja is None:
        return None
    builds = [f"build out/{number}.txt: append in/{number}.txt\n" for number in range(FILES)]
    (folder / "build.ninja").write_text("".join([_NINJA, *builds]))
    return Peer("ninja", folder, [ninja, "-j", str(_jobs()), "--quiet"])


def _bazel(folder: Path) -> Peer | None:
    """Its server is started beforehand, and its own downloads are none: what the rules need comes with it."""
    bazel = shutil.which("bazel")
    if bazel is None:
        return None
    (folder / "WORKSPACE").touch()
    (folder / "BUILD").write_text(_BAZEL)
    start = [bazel, "--nohome_rc", "--nosystem_rc", f"--output_user_root={folder.parent / 'bazel'}"]
    start += ["--max_idle_secs=120"]  # should nobody come to end it
    if _DEBIAN.is_dir():
        start += [f"--install_base={_DEBIAN}", "--trust_install_base"]
    run([*start, "info", "release"], folder)
    build = [*start, "build", "//:all", f"--jobs={_jobs()}", "--noshow_progress"]
    return Peer("Bazel", folder, build, end=[*start, "shutdown"])


def _jobs() -> int:
    return len(os.sched_getaffinity(0))
