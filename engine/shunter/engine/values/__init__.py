"""Runtime values: plain data and artifacts by digest."""

from shunter.engine.values.encode import decode, encode
from shunter.engine.values.model import Artifact, Directory, File, Value, artifacts

__all__ = ["Artifact", "Directory", "File", "Value", "artifacts", "decode", "encode"]
