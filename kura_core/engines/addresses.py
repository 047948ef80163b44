"""Which servers strangers may name: those that anyone on the internet can reach."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from urllib.parse import urlsplit

from kura_core.errors import ConfigError

Resolve = Callable[[str], list[str]]


def host_of(url: str) -> str:
    """The host a base URL names, as `api.example.com`.

    Raises ConfigError when it is not an http or https address.
    """
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname
    except ValueError:
        parts, host = urlsplit(""), None
    if parts.scheme not in ("http", "https") or not host:
        raise ConfigError(
            f"Got {url!r} as the base URL; needed is an address that begins with https:// (or "
            "http://), as https://api.example.com/v1."
        )
    return host


def resolve_host(host: str) -> list[str]:
    """The IP addresses of a host name; none when it is not known."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return sorted({str(address[0]) for *_, address in found})


def refuse_inner_address(url: str, resolve: Resolve = resolve_host) -> None:
    """Raise ConfigError when a base URL leads to the server itself or into its own network.

    On a public server such an address would let a stranger reach what only the server can. Every
    address the name stands for must be one of the open internet.
    """
    host = host_of(url)
    found = resolve(host)
    if not found:
        raise ConfigError(
            f"No server is known by the name {host!r}; check the base URL for a slip of the pen."
        )
    if not all(_is_open(address) for address in found):
        raise ConfigError(
            f"The base URL leads to {host!r}, which is inside this server's own network. A public "
            "server of Kura only calls servers on the open internet: give one of those, or run "
            "Kura on your own machine."
        )


def _is_open(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    inner = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None
    return (inner or ip).is_global and not (inner or ip).is_multicast
