"""Files and directories as a function sees them."""

import os

from shunter.sdk.failure import Failure
from shunter.sdk.outputs import new_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from io import BufferedReader
    from pathlib import Path


class _Artifact:
    """Something at an absolute path; usable wherever Python takes a path."""

    __slots__ = ("_location",)

    def __init__(self, path: "str | os.PathLike[str]") -> None:
        self._location = os.path.abspath(os.fspath(path))

    def __fspath__(self) -> str:
        return self._location

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._location!r})"

    @property
    def path(self) -> "Path":
        """Where it is. An input can only be read."""
        from pathlib import Path

        return Path(self._location)

    @property
    def name(self) -> str:
        """The last part of its path, such as "talk.wav"."""
        return os.path.basename(self._location)


class File(_Artifact):
    """A file: an input, or one that the function made anywhere below its working folder."""

    __slots__ = ()

    @property
    def stem(self) -> str:
        """The name without its last extension: "talk" of "talk.wav"."""
        return os.path.splitext(self.name)[0]

    @property
    def suffix(self) -> str:
        """The last extension with its dot, ".wav" of "talk.wav", or ""."""
        return os.path.splitext(self.name)[1]

    @property
    def size(self) -> int:
        """The number of bytes."""
        return os.stat(self._location).st_size

    def open(self) -> "BufferedReader":
        """The file, open for reading bytes."""
        return open(self._location, "rb")

    def read_bytes(self) -> bytes:
        """All of its bytes."""
        with self.open() as stream:
            return stream.read()

    def read_text(self) -> str:
        """All of its text, read as UTF-8, line ends as they are, without a byte order mark.

        Raises Failure when it isn't UTF-8.
        """
        data = self.read_bytes()
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            byte = f"byte 0x{error.object[error.start]:02x} at position {error.start}"
            raise Failure(f"{self.name} is not text in UTF-8: {byte}") from None

    @classmethod
    def write_text(cls, name: str, text: str) -> "File":
        """A new output file called `name` that holds `text` in UTF-8, line ends as they are.

        Raises Failure for half a character, as names of files that aren't UTF-8 have them.
        """
        try:
            data = text.encode()
        except UnicodeEncodeError as error:
            half = f"{error.object[error.start]!r} at position {error.start}"
            raise Failure(f"{name} can't hold the text in UTF-8: there is half a character, {half}") from None
        return cls.write_bytes(name, data)

    @classmethod
    def write_bytes(cls, name: str, data: bytes) -> "File":
        """A new output file called `name` that holds `data`."""
        path = new_path(name)
        with open(path, "wb") as stream:
            stream.write(data)
        return cls(path)


class Nameless:
    """Mark of a parameter: the names of its files don't matter, so that a renamed file isn't computed again.

    `Annotated[File, "text/*", Nameless]` gives the function a file called "file" with its extension.
    """


class Directory(_Artifact):
    """A folder: an input, or one that the function made below its working folder."""

    __slots__ = ()

    @classmethod
    def create(cls, name: str) -> "Directory":
        """A new, empty output folder called `name`."""
        path = new_path(name)
        os.mkdir(path)
        return cls(path)

    def files(self) -> list[File]:
        """Every file below it, sorted by path; links to folders aren't followed."""
        found = [os.path.join(folder, name) for folder, _, names in os.walk(self) for name in names]
        inside = sorted(found, key=lambda path: path.split(os.sep))
        return [File(path) for path in inside if os.path.isfile(path)]

    def file(self, relative: str) -> File:
        """The file at the path `relative`, such as "src/main.py".

        Raises Failure when there is none, or when the path leads out of the folder.
        """
        path = os.path.normpath(os.path.join(self._location, relative))
        inside = os.path.realpath(path).startswith(os.path.realpath(self._location) + os.sep)
        if not inside or not os.path.isfile(path):
            raise Failure(f"there is no file {relative!r} in {self.name}")
        return File(path)

    def relative(self, file: File) -> str:
        """The path of `file` as seen from this folder, such as "src/main.py"."""
        return os.path.relpath(file, self._location)
