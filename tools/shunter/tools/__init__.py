"""Modules and their functions: manifests, signatures, the catalogue, and the lowering of a call."""
