"""The sandbox: containers through bubblewrap, on the host's own system folders; begin at `executor.py`."""
