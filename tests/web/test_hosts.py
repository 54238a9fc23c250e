import ipaddress
import socket

import pytest

from calmcast.web.hosts import is_public, network_address, welcome


@pytest.mark.parametrize("host", ["localhost:8765", "127.0.0.1:8765", "[::1]:8765", "LOCALHOST:8765"])
def test_this_machine_is_welcome_by_its_names(host: str) -> None:
    assert welcome(host, 8765, lan=False)
    assert welcome(host, 8765, lan=True)


@pytest.mark.parametrize(
    "host",
    ["", "evil.example:8765", "localhost", "localhost:80", "localhost:8765:8765", "localhost.evil.example:8765",
     "evil@localhost:8765", "127.0.0.1.evil.example:8765", "[::1:8765", "::1:8765", "localhost:\u0668765",
     "localhost:8765/", "local host:8765", "evil.local:8765"],
)  # fmt: skip
def test_strangers_are_not(host: str) -> None:
    assert not welcome(host, 8765, lan=False)
    assert not welcome(host, 8765, lan=True)


def test_the_network_comes_by_number_and_by_this_machines_name() -> None:
    name = socket.gethostname().removesuffix(".local")
    for host in ("192.168.1.20:8765", "[fe80::1]:8765", f"{name}:8765", f"{name}.local:8765"):
        assert welcome(host, 8765, lan=True)
        assert welcome(host, 8765, lan=False) == (name == "localhost" and host.startswith("localhost:"))


def test_port_80_need_not_be_said() -> None:
    assert welcome("localhost", 80, lan=False)


def test_the_address_in_the_network_is_no_loopback() -> None:
    address = network_address()
    assert address is None or not ipaddress.ip_address(address).is_loopback


def test_addresses_at_home_are_not_public() -> None:
    assert not is_public("192.168.1.20")
    assert is_public("8.8.8.8")
