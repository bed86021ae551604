"""Images: from a registry or an archive to a folder of the store that a container can have as its root."""
