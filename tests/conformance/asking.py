"""What a hostile step says to its session, from inside: prints what came of each attempt as JSON."""

import contextlib
import json
import os
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

FOLDER = "/run/shunter"
own = Path(FOLDER, "token").read_text()
others = json.loads(Path("/in/tokens.json").read_text())


def send(*pieces: bytes, pause: float = 0.0) -> bytes:
    """All that comes back; "cut" where the connection was reset."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(f"{FOLDER}/socket")
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            for piece in pieces:
                connection.sendall(piece)
                time.sleep(pause)
        answer = b""
        with contextlib.suppress(ConnectionResetError):
            while piece := connection.recv(65536):
                answer += piece
        return answer


def said(answer: bytes) -> list[Any]:
    """Status and kind, and the value where there is one."""
    head, _, body = answer.partition(b"\r\n\r\n")
    document = json.loads(body) if body else {}
    status = int(head.split()[1]) if head else 0
    return [status, document["error"]["kind"]] if "error" in document else [status, document.get("value")]


def request(
    document: object, token: str | None = own, method: str = "POST", path: str = "/v1/calls"
) -> list[Any]:
    body = json.dumps(document).encode()
    bearer = f"Authorization: Bearer {token}\r\n" if token is not None else ""
    head = f"{method} {path} HTTP/1.1\r\nHost: x\r\n{bearer}Content-Length: {len(body)}\r\n\r\n"
    return said(send(head.encode() + body))


def call(function: str = "toy.echo", **arguments: object) -> list[Any]:
    return request({"function": function, "arguments": arguments})


def read(path: str, kind: str = "$file") -> list[Any]:
    return call("toy.read" if kind == "$file" else "toy.look", item={kind: path})


def refused(action: Callable[[], object]) -> str | None:
    try:
        action()
    except OSError as error:
        return error.strerror
    return "done"


def many() -> list[object]:
    """Two thousand connections that say nothing, and a call beside them."""
    held = []
    with contextlib.suppress(OSError):
        for _ in range(2000):
            connection = socket.socket(socket.AF_UNIX)
            connection.setblocking(False)
            connection.connect(f"{FOLDER}/socket")
            held.append(connection)
    answer = call(text="still there")
    for connection in held:
        connection.close()
    return [len(held) > 64, answer]


def at_once() -> list[str]:
    answers: list[list[Any]] = []

    def ask(number: int) -> None:
        answers.append(call(text=str(number % 3)))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted({json.dumps(answer) for answer in answers})


def swapped() -> list[int]:
    """A folder that becomes a symlink again and again while it is handed over."""
    os.makedirs("/work/real/in")
    Path("/work/real/in/file").write_text("mine")
    os.symlink("/etc", "/work/aside")
    stop = threading.Event()

    def swap() -> None:
        while not stop.is_set():
            os.rename("/work/real/in", "/work/real/out")
            os.symlink("/etc", "/work/real/in")
            os.unlink("/work/real/in")
            os.rename("/work/real/out", "/work/real/in")

    thread = threading.Thread(target=swap)
    thread.start()
    answers = [read("/work/real/in/passwd") for _ in range(20)]
    stop.set()
    thread.join()
    return sorted({answer[0] for answer in answers})


os.symlink("/etc/passwd", "/work/link")
os.symlink("/etc", "/work/etc")
os.makedirs("/work/folder/sub")
os.symlink("/etc/passwd", "/work/folder/sub/link")
os.mkfifo("/work/fifo")
os.makedirs("/work/good/sub")
Path("/work/good/sub/file").write_text("good")
os.symlink("sub/file", "/work/good/link")
Path("/work/file").write_text("own")
Path("/work/tmp/other").write_text("tmp")
post = b"POST /v1/calls HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + own.encode() + b"\r\n"
first = call("toy.copy", item={"$file": "/work/file"})
given = first[1]["$file"]

json.dump(
    {
        "own": call(text="hi"),
        "no token": request({"function": "toy.echo"}, None),
        "an empty token": request({"function": "toy.echo"}, ""),
        "a wrong token": request({"function": "toy.echo"}, own[:-1] + "!"),
        "another step's token": request({"function": "toy.echo"}, others["other"]),
        "a revoked token": request({"function": "toy.echo"}, others["ended"]),
        "an undeclared function": call("other.thing"),
        "more hosts": call("toy.get", host="elsewhere.example.org"),
        "more effects": call("toy.send"),
        "a secret by its source": call("toy.use", secret={"$secret": "env:HOME"}),
        "a secret by its path": call("toy.use", secret={"$secret": "/run/secrets/token"}),
        "a secret as text": call("toy.use", secret="file:/etc/passwd"),
        "no such path": request({}, path="/v2/calls"),
        "another method": request({}, method="DELETE"),
        "no function": request({"arguments": {}}),
        "more than a call": request({"function": "toy.echo", "arguments": {}, "as": "root"}),
        "not an object": request([1]),
        "own file": read("/work/file"),
        "file in tmp": read("/tmp/other"),
        "input": read("/in/tokens.json")[0],
        "the system's file": read("/etc/passwd"),
        "the token's file": read(f"{FOLDER}/token"),
        "an input that is none": read("/in/other.txt"),
        "a result that is none": read(f"{FOLDER}/artifacts/9/file"),
        "above": read("/work/../etc/passwd"),
        "above an input": read("/in/../etc/passwd"),
        "twice a slash": read("/work//file"),
        "a NUL": read("/work/fi\0le"),
        "half a character": read("/work/\ud800"),
        "a link out": read("/work/link"),
        "through a link": read("/work/etc/passwd"),
        "a folder with a link out": read("/work/folder", "$directory"),
        "a folder": read("/work/good", "$directory"),
        "a fifo": read("/work/fifo"),
        "a folder as a file": read("/work/good")[0],
        "swapped": swapped(),
        "given": [Path(given).read_text(), read(given)],
        "given, written": refused(lambda: Path(given).write_text("x")),
        "given, changed": refused(lambda: os.chmod(given, 0o777)),
        "given, removed": refused(lambda: os.unlink(given)),
        "socket removed": refused(lambda: os.unlink(f"{FOLDER}/socket")),
        "folder written": refused(lambda: Path(FOLDER, "artifacts/new").write_text("x")),
        "no HTTP": said(send(b"\x16\x03\x01 hello\r\n\r\n")),
        "half a head": said(send(b"GET / HTTP/1.1\r\nHost")),
        "two lengths": said(send(post + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}")),
        "both lengths": said(
            send(post + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
        ),
        "a negative length": said(send(post + b"Content-Length: -1\r\n\r\n")),
        "a second request": said(send(post + b"Content-Length: 2\r\n\r\n{}" + post * 3)),
        "no JSON": said(send(post + b'Content-Length: 5\r\n\r\n{"a":')),
        "deep JSON": said(send(post + b"Content-Length: 200000\r\n\r\n" + b"[" * 200000)),
        "a long head": said(send(post + b"X: " + b"x" * 200000 + b"\r\n\r\n")),
        "a giant": said(send(post + b"Content-Length: 99999999999\r\n\r\n", *[b"x" * (1 << 20)] * 64)),
        "an endless one": said(
            send(
                post + b"Transfer-Encoding: chunked\r\n\r\n",
                *[b"100000\r\n" + b"x" * 0x100000 + b"\r\n"] * 64,
            )
        ),
        "a slow one": said(send(*[bytes([byte]) for byte in post[:40]], pause=0.1)),
        "at once": at_once(),
        "many": many(),
    },
    sys.stdout,
)
