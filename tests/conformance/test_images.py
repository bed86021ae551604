"""What a step finds that runs in an image."""

from __future__ import annotations

import asyncio
import secrets
from http.server import BaseHTTPRequestHandler

import pytest
from tests.conformance.steps import entries, execute, processes_with, shell, step, text
from tests.engine.images.making import (
    Entry,
    busybox,
    docker_archive,
    file,
    folder,
    image,
    layer,
    oci_archive,
    symlink,
)
from tests.serving import serving

from shunter.engine.actions.image import ArchivedImage, image_platform
from shunter.engine.actions.model import Inline, Limits, Mount
from shunter.engine.errors import ImageUnavailable
from shunter.engine.executors.promises import Promise
from shunter.engine.executors.protocol import Ending, Executor
from shunter.engine.store.local import LocalStore
from shunter.engine.store.tree import FileEntry, FolderEntry, tree_of


def _image(
    store: LocalStore, *more: Entry, env: tuple[str, ...] = ("PATH=/bin", "OWN=image")
) -> ArchivedImage:
    layers = [busybox(), *([layer(*more)] if more else [])]
    return ArchivedImage(store.put_bytes(docker_archive(image(*layers, env=env)), "image.tar"))


def _said(executor: Executor, store: LocalStore, script: str, own: ArchivedImage) -> list[str]:
    execution = execute(executor, shell(script, image=own))
    assert execution.exit_code == 0, (execution, text(store, execution.stderr))
    return text(store, execution.stdout).splitlines()


@pytest.mark.promise(Promise.HOST_FILES)
def test_a_step_sees_the_image_and_nothing_of_the_host(executor: Executor, store: LocalStore) -> None:
    own = _image(store, file("etc/motd", "hello"))
    said = _said(executor, store, "cat /etc/motd; echo; ls /", own)
    assert said[0] == "hello"
    assert set(said[1:]) - {"sys"} == {"bin", "dev", "etc", "in", "out", "proc", "run", "tmp", "work"}
    assert _said(executor, store, "ls -A /sys 2>/dev/null; true", own) == []


@pytest.mark.promise(Promise.ROOT)
def test_a_layer_of_an_oci_archive_is_seen_as_well(executor: Executor, store: LocalStore) -> None:
    made = image(
        busybox(), layer(file("a", "below"), file("b", "x")), layer(file("a", "above"), file(".wh.b"))
    )
    own = ArchivedImage(store.put_bytes(oci_archive(made), "image.tar"))
    assert _said(executor, store, "cat /a; echo; ls /b 2>&1 || true", own) == [
        "above",
        "ls: /b: No such file or directory",
    ]


@pytest.mark.promise(Promise.ENVIRONMENT)
def test_the_images_variables_come_first_and_its_path_counts(executor: Executor, store: LocalStore) -> None:
    own = _image(store, env=("PATH=/bin:/own", "OWN=image", "HOME=/root", "TZ=Mars", "LC_ALL=de_DE"))
    script = 'echo "$PATH $OWN $HOME $TZ $LC_ALL $(pwd)"'
    assert _said(executor, store, script, own) == ["/bin:/own image /work/tmp UTC C.UTF-8 /work"]


@pytest.mark.promise(Promise.USER)
def test_a_step_has_the_same_user_as_everywhere(executor: Executor, store: LocalStore) -> None:
    own = _image(store, file("etc/passwd", "someone:x:1000:1000::/:/bin/sh\n"))
    assert _said(executor, store, "id", own)[0].startswith("uid=1000(step) gid=1000(step)")


@pytest.mark.promise(Promise.ROOT)
def test_a_file_that_only_its_owner_may_read_is_readable(executor: Executor, store: LocalStore) -> None:
    own = _image(
        store, file("secret", "for root", mode=0o600, owner=0), folder("closed"), file("closed/a", "x")
    )
    assert _said(executor, store, "cat /secret; cat /closed/a", own) == ["for rootx"]


@pytest.mark.promise(Promise.SYSTEM)
def test_an_image_cannot_be_written(executor: Executor, store: LocalStore) -> None:
    own = _image(store, file("a", "x", mode=0o666, owner=1000))
    script = "for path in /a /new /bin/new /etc/passwd /run/new; do (echo x >> $path) 2>&1; done; true"
    said = _said(executor, store, script, own)
    assert len(said) == 5
    assert all(line.endswith(("Read-only file system", "Permission denied")) for line in said)
    assert _said(executor, store, "cat /a", own) == ["x"]


@pytest.mark.promise(Promise.OUTPUTS)
def test_outputs_and_temporary_files_are_where_they_always_are(executor: Executor, store: LocalStore) -> None:
    own = _image(
        store, folder("tmp"), file("tmp/hidden", "x"), file("out/hidden", "x"), file("work/hidden", "x")
    )
    execution = execute(
        executor,
        shell(
            "ls /tmp /out /work; echo a > /tmp/a; mkdir /out/f; /bin/busybox mv /tmp/a /out/f/a", image=own
        ),
    )
    assert text(store, execution.stdout).split() == ["/out:", "/tmp:", "/work:", "out", "tmp"]
    assert list(entries(execution)) == ["f", "f/a"]


@pytest.mark.promise(Promise.HOST_FILES)
@pytest.mark.parametrize("place", ["proc", "dev", "run", "in", "work", "etc", "tmp", "out"])
def test_symlinks_of_the_image_lead_no_mount_astray(
    executor: Executor, store: LocalStore, place: str
) -> None:
    own = _image(store, folder("elsewhere"), symlink(place, "/elsewhere"))
    script = "ls /elsewhere; cat /in/a; cat /etc/passwd | /bin/busybox head -1; [ -e /proc/self/exe ] && echo x > /out/b"
    mount = Mount("/in/a", store.put_bytes(b"input\n", "a"))
    execution = execute(executor, shell(script, image=own, mounts=[mount]))
    assert text(store, execution.stdout) == "input\nroot:x:0:0:root:/:/bin/sh\n", text(
        store, execution.stderr
    )
    assert list(entries(execution)) == ["b"]


@pytest.mark.promise(Promise.INPUTS)
def test_inputs_are_mounted_at_places_that_the_image_has_not(executor: Executor, store: LocalStore) -> None:
    own = _image(store)
    note = store.put_bytes(b"note", "note")
    folder_ = store.put_tree(tree_of([("d", FolderEntry()), ("d/x", FileEntry(note.digest, note.size))]))
    action = shell(
        "cat /in/note /module/d/x /in/call.json /env/d/x",
        image=own,
        mounts=[Mount("/in/note", note), Mount("/module", folder_)],
        inline=[Inline("/in/call.json", b"{}")],
    )
    execution = execute(executor, action, [("/env", folder_)])
    assert text(store, execution.stdout) == "notenote{}note"


@pytest.mark.promise(Promise.INPUTS)
def test_a_file_is_fed_to_the_standard_input(executor: Executor, store: LocalStore) -> None:
    own = _image(store)
    execution = execute(executor, step("/bin/cat", image=own, stdin=store.put_bytes(b"fed", "a")))
    assert text(store, execution.stdout) == "fed"


@pytest.mark.promise(Promise.ENDINGS)
def test_a_command_that_the_image_has_not_ends_with_127(executor: Executor, store: LocalStore) -> None:
    execution = execute(executor, step("python3", "-V", image=_image(store)))
    assert (execution.ending, execution.exit_code) == (Ending.EXITED, 127)
    assert "python3" in execution.detail


@pytest.mark.promise(Promise.NETWORK)
def test_an_image_has_no_network(executor: Executor, store: LocalStore) -> None:
    script = "ls /sys/class/net 2>/dev/null; cat /proc/net/dev | /bin/busybox tail -n +3 | /bin/busybox cut -d: -f1"
    assert [line.strip() for line in _said(executor, store, script, _image(store))] == ["lo"]


@pytest.mark.promise(Promise.ROOT)
def test_what_is_no_image_is_told(executor: Executor, store: LocalStore) -> None:
    own = ArchivedImage(store.put_bytes(b"hello", "notes.tar"))
    with pytest.raises(ImageUnavailable, match=r"notes.tar is no archive of an image"):
        execute(executor, shell("true", image=own))


@pytest.mark.promise(Promise.ROOT)
def test_the_platform_is_the_images_own(executor: Executor, store: LocalStore) -> None:
    own = ArchivedImage(store.put_bytes(b"image", "image.tar"))
    assert executor.platform(own) == image_platform(own)
    assert executor.platform(None) != executor.platform(own)


class _Hello(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "3")
        self.end_headers()
        self.wfile.write(b"hi\n")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Nothing."""


@pytest.mark.promise(Promise.HOSTS)
def test_an_image_without_a_python_reaches_its_declared_host_and_no_other(
    executor: Executor, store: LocalStore
) -> None:
    with serving(_Hello) as port:
        own, other = f"a.localhost:{port}", f"b.localhost:{port}"
        script = (
            f"wget -q -O - http://{own}/x; wget -q -O - http://{other}/x || echo refused; ls /proc/self/fd"
        )
        execution = execute(executor, shell(script, image=_image(store), hosts=[own]))
    said = text(store, execution.stdout).split()
    assert said == ["hi", "refused", "0", "1", "2", "3"], text(store, execution.stderr)
    asked = [(one.host, one.verdict.value) for one in execution.asked]
    assert asked == [(own, "reached"), (other, "refused")]


@pytest.mark.promise(Promise.HOSTS)
def test_in_an_image_without_a_python_a_step_with_hosts_ends_as_any_other(
    executor: Executor, store: LocalStore
) -> None:
    own, fed = _image(store), store.put_bytes(b"fed\n", "a")
    execution = execute(executor, shell("cat; exit 7", image=own, hosts=["a.org"], stdin=fed))
    assert (execution.ending, execution.exit_code) == (Ending.EXITED, 7)
    assert text(store, execution.stdout) == "fed\n"
    missing = execute(executor, step("no-such-program", image=own, hosts=["a.org"]))
    assert (missing.ending, missing.exit_code) == (Ending.EXITED, 127)
    late = execute(executor, shell("sleep 60", image=own, hosts=["a.org"], limits=Limits(seconds=1)))
    assert late.ending is Ending.TIMED_OUT


@pytest.mark.promise(Promise.CANCELLING)
@pytest.mark.promise(Promise.HOSTS)
@pytest.mark.parametrize("seconds", [0.0, 0.05, 0.2, 0.4, 0.6])
def test_a_step_is_cancelled_while_its_way_out_is_opened(
    executor: Executor, store: LocalStore, seconds: float
) -> None:
    own, marker = _image(store), f"98765.{secrets.randbelow(10**9):09}"

    async def cancel() -> None:
        task = asyncio.create_task(executor.execute(shell(f"sleep {marker}", image=own, hosts=["a.org"]), ()))
        await asyncio.sleep(seconds)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, 30)

    asyncio.run(cancel())
    assert processes_with(marker) == []
