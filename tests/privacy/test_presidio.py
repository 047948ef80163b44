"""Presidio's recognisers come without what they do not need, and leave no trace of how."""

from __future__ import annotations

import subprocess
import sys

PROBE = """
import socket, sys
def refuse(*_): raise AssertionError("tried to reach the network")
socket.socket.connect = socket.getaddrinfo = refuse
from kura_core.privacy.detectors import find_spans
assert not [n for n in sys.modules if n.startswith(("presidio", "phonenumbers", "tldextract"))]
assert find_spans("Hello, where is my contract?") == []
assert not [n for n in sys.modules if n.startswith(("presidio", "phonenumbers", "tldextract"))]
kinds = [s.type for s in find_spans("a@example.co.uk 415-555-2671 DE89370400440532013000")]
assert kinds == ["EMAIL", "PHONE", "IBAN"], kinds
assert not [n for n in ("torch", "spacy", "transformers", "presidio_analyzer") if n in sys.modules]
"""


def test_recognisers_are_imported_when_needed_without_language_models_or_network() -> None:
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
