"""The way to the network: which hosts an action may reach, and the proxy that lets it reach no other.

`host` says what a host is and which covers which, `declared` which hosts a call names. `proxy` serves one
step: it reads requests (`request`, `body`), decides by name, resolves and connects (`route`), and keeps what
was asked (`record`).
"""
