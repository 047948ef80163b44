from collections.abc import Callable

import pytest

from kura_core.engines.addresses import host_of, refuse_inner_address, resolve_host
from kura_core.errors import ConfigError


def answering(*addresses: str) -> Callable[[str], list[str]]:
    return lambda host: list(addresses)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://api.example.com/v1", "api.example.com"),
        (" http://localhost:11434/v1 ", "localhost"),
        ("https://user:word@[::1]:8000", "::1"),
    ],
)
def test_the_host_of_an_address_is_told(url: str, host: str) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize(
    "url", ["", "api.example.com/v1", "file:///etc/passwd", "http://[", "ftp://a"]
)
def test_what_is_no_web_address_is_a_sentence(url: str) -> None:
    with pytest.raises(ConfigError, match="needed is an address that begins with https"):
        host_of(url)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.9",
        "192.168.1.4",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:127.0.0.1",
    ],
)
def test_an_address_inside_is_refused_whatever_its_name(address: str) -> None:
    with pytest.raises(ConfigError, match="inside this server's own network"):
        refuse_inner_address("https://looks-open.example.com/v1", answering(address))


def test_one_inner_address_among_open_ones_is_enough_to_refuse() -> None:
    with pytest.raises(ConfigError, match="inside"):
        refuse_inner_address("https://a.example.com", answering("8.8.8.8", "10.0.0.1"))


def test_an_open_address_passes() -> None:
    refuse_inner_address("https://a.example.com/v1", answering("8.8.8.8", "2606:4700::1111"))


def test_an_unknown_name_is_a_sentence() -> None:
    with pytest.raises(ConfigError, match="No server is known"):
        refuse_inner_address("https://nowhere.example", answering())


@pytest.mark.parametrize("url", ["http://localhost:8000", "http://2130706433/", "http://0x7f.1/"])
def test_this_machine_is_found_under_any_spelling(url: str) -> None:
    def resolve(host: str) -> list[str]:
        return ["127.0.0.1"] if host in ("2130706433", "0x7f.1") else resolve_host(host)

    with pytest.raises(ConfigError, match="inside"):
        refuse_inner_address(url, resolve)
