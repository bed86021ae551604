"""Runs in a container: a command over a writable copy of its workspace.

Usage: python3 in_workspace.py text|json|FILE_NAME COMMAND …; the result is what it printed (as text, as JSON
data, or as a file of that name) and the workspace as it left it.
"""

import json
import os
import shutil
import subprocess
import sys

WORKSPACE = "/out/workspace"


def main(form: str, command: "list[str]") -> int:
    """Run `command`; its exit code, or 1 where what it printed isn't what was promised."""
    if os.path.isdir("/in/workspace"):
        shutil.copytree("/in/workspace", WORKSPACE, symlinks=True)
        for folder, _, names in os.walk(WORKSPACE):
            for path in [folder, *(os.path.join(folder, name) for name in names)]:
                if not os.path.islink(path):
                    os.chmod(path, os.stat(path).st_mode | 0o600)
    else:
        os.mkdir(WORKSPACE)
    name = form if form not in {"text", "json"} else "output"
    os.mkdir("/out/printed")
    printed = os.path.join("/out/printed", name)
    with open(printed, "wb") as stream:
        code = subprocess.run(command, stdout=stream, check=False).returncode
    if code != 0:
        with open(printed, "rb") as stream:
            shutil.copyfileobj(stream, sys.stdout.buffer)
        return code if code > 0 else 128 - code
    try:
        output = {"$file": printed} if form == name else _data(form, printed)
    except ValueError as error:
        sys.stderr.write(f"it printed something that isn't {'JSON' if form == 'json' else 'text'}: {error}\n")
        return 1
    with open("/out/result.json", "w") as document:
        json.dump({"result": {"output": output, "workspace": {"$directory": WORKSPACE}}}, document)
    return 0


def _data(form: str, path: str) -> object:
    with open(path, encoding="utf-8") as stream:
        content = stream.read()
    return content.removesuffix("\n") if form == "text" else json.loads(content)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
