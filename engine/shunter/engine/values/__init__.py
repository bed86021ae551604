"""Runtime values: plain data, artifacts by digest, secrets by their source."""

from shunter.engine.values.encode import decode, encode
from shunter.engine.values.model import Artifact, Directory, File, Secret, Value, artifacts, secrets

__all__ = ["Artifact", "Directory", "File", "Secret", "Value", "artifacts", "decode", "encode", "secrets"]
