"""Prints the SHA-256 of every file of the folder that `FOLDER` names, as sha256sum does."""

import hashlib
import os
from pathlib import Path

folder = Path(os.environ["FOLDER"])
for path in sorted(path for path in folder.rglob("*") if path.is_file()):
    print(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder)}")
