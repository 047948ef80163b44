"""What every test runs under: no network, no keys, its own workspace, equal examples each time."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

# Read by the libraries when they are imported, so set before any test module is.
os.environ.update(
    HF_HUB_OFFLINE="1",
    HF_DATASETS_OFFLINE="1",
    TRANSFORMERS_OFFLINE="1",
    TOKENIZERS_PARALLELISM="false",
)
for name in [*os.environ]:
    if name.startswith("KURA_") or name.endswith("_API_KEY"):
        del os.environ[name]

settings.register_profile("kura", derandomize=True, deadline=None, database=None)
settings.load_profile("kura")

LOOPBACK = {"localhost", "127.0.0.1", "::1", "0.0.0.0", ""}


@pytest.fixture(scope="session", autouse=True)
def _own_workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KURA_HOME", str(tmp_path_factory.mktemp("kura-home")))
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Only this machine can be reached from a test: anything else fails it, with the host named."""
    connect, getaddrinfo = socket.socket.connect, socket.getaddrinfo

    def only_here(host: Any) -> None:
        name = host.decode() if isinstance(host, bytes) else host
        if name is not None and name not in LOOPBACK:
            raise AssertionError(f"a test reached for the network: {name}")

    def guarded_connect(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            only_here(address[0])
        connect(self, address)

    def guarded_getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        only_here(host)
        return getaddrinfo(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)
        yield
