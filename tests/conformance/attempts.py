"""Runs in a container that may reach one host, tries to reach others by every way, and prints what came of it."""

import errno
import json
import os
import socket
import stat
import struct
import sys
from collections.abc import Callable

PORT, NAME, PATH = int(sys.argv[1]), sys.argv[2], sys.argv[3]
OUTSIDE = ("203.0.113.1", 80)


def attempt(function: Callable[..., object], *arguments: object) -> str:
    """ "ok", or the name of the error."""
    try:
        function(*arguments)
    except socket.gaierror:
        return "no name"
    except TimeoutError:
        return "timeout"
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, str(error))
    return "ok"


def connect(family: int, address: tuple[str, int] | str) -> None:
    with socket.socket(family, socket.SOCK_STREAM) as way:
        way.settimeout(3)
        way.connect(address)


def datagram(address: tuple[str, int]) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
        way.sendto(b"x", address)
        way.settimeout(0.3)
        way.recvfrom(100)


def raw() -> None:
    socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP).close()


def frames() -> None:
    socket.socket(socket.AF_PACKET, socket.SOCK_RAW).close()


def add_address() -> None:
    """Ask the kernel for an address on the loopback."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as way:
        body = struct.pack("=BBBBI", socket.AF_INET, 8, 0, 0, 1)
        body += struct.pack("=HH4s", 8, 2, socket.inet_aton("10.9.9.9"))
        way.send(struct.pack("=IHHII", 16 + len(body), 20, 0x605, 1, 0) + body)
        code = struct.unpack_from("=i", way.recv(4096), 16)[0]
        if code:
            raise OSError(-code, "refused")


def listen() -> None:
    with socket.socket() as way:
        way.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        way.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        way.bind(("127.0.0.1", 3128))
        way.listen()


def proxied(*parts: str) -> str:
    """The status line that the proxy answers to what is sent to it."""
    with socket.create_connection(("127.0.0.1", 3128)) as way:
        way.settimeout(10)
        way.sendall("".join(parts).encode())
        said = b""
        while piece := way.recv(1 << 16):
            said += piece
    head, _, body = said.partition(b"\r\n\r\n")
    return head.split(b"\r\n")[0].decode() + " | " + body.decode()


def get(url: str, host: str) -> str:
    return f"GET {url} HTTP/1.1\r\nHost: {host}\r\n\r\n"


def redirected() -> str:
    from urllib.request import urlopen

    try:
        with urlopen(f"http://{own}/redirect") as answer:
            return str(answer.read())
    except OSError as error:
        return str(error)


def everything(top: str) -> list[str]:
    return [os.path.join(where, name) for where, _, names in os.walk(top) for name in names]


own, other = f"a.localhost:{PORT}", f"b.localhost:{PORT}"
json.dump(
    {
        "the server": attempt(connect, socket.AF_INET, ("127.0.0.1", PORT)),
        "the server by IPv6": attempt(connect, socket.AF_INET6, ("::1", PORT)),
        "outside": attempt(connect, socket.AF_INET, OUTSIDE),
        "outside by IPv6": attempt(connect, socket.AF_INET6, ("2001:db8::1", 80)),
        "a datagram outside": attempt(datagram, OUTSIDE),
        "a datagram to the server": attempt(datagram, ("127.0.0.1", PORT)),
        "a name server": attempt(datagram, ("203.0.113.1", 53)),
        "a name": attempt(socket.getaddrinfo, "example.org", 80),
        "raw": attempt(raw),
        "frames": attempt(frames),
        "a new address": attempt(add_address),
        "an abstract socket": attempt(connect, socket.AF_UNIX, "\0" + NAME),
        "a socket of the host": attempt(connect, socket.AF_UNIX, PATH),
        "the proxy's place": attempt(listen),
        "descriptors": sorted(map(int, os.listdir("/proc/self/fd")))[:-1],
        "sockets": [path for path in everything("/run") if stat.S_ISSOCK(os.lstat(path).st_mode)],
        "interfaces": [name for _, name in socket.if_nameindex()],
        "own": proxied(get(f"http://{own}/x", own)),
        "other": proxied(get(f"http://{other}/x", other)),
        "other by its field": proxied(get(f"http://{own}/x", other)),
        "address": proxied(get(f"http://127.0.0.1:{PORT}/x", f"127.0.0.1:{PORT}")),
        "tunnel": proxied(f"CONNECT {other} HTTP/1.1\r\nHost: {other}\r\n\r\n"),
        "tunnel to the address": proxied(f"CONNECT 127.0.0.1:{PORT} HTTP/1.0\r\n\r\n"),
        "metadata": proxied(get("http://169.254.169.254/", "169.254.169.254")),
        "smuggled": proxied(
            get(f"http://{own}/first", own), get("/second", other), get(f"http://{other}/x", other)
        ),
        "redirected": redirected(),
    },
    sys.stdout,
)
