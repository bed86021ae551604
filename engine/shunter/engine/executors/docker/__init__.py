"""Steps in containers of a Docker daemon, on this machine or another; see `docs/design/docker.md`."""

from shunter.engine.executors.docker.executor import DockerExecutor

__all__ = ["DockerExecutor"]
