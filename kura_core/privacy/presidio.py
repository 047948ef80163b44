"""Presidio's pattern recognisers, without the language models that its package imports."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import threading
from pathlib import Path
from types import ModuleType
from typing import Any

_PACKAGE = "presidio_analyzer"
# What the recogniser modules take from the package's top, in the order they build on each other.
_BASE_MODULES = (
    "analysis_explanation",
    "recognizer_result",
    "entity_recognizer",
    "local_recognizer",
    "pattern",
    "pattern_recognizer",
)
_GENERIC = "predefined_recognizers.generic"
RECOGNISERS = {
    "CreditCardRecognizer": f"{_GENERIC}.credit_card_recognizer",
    "CryptoRecognizer": f"{_GENERIC}.crypto_recognizer",
    "EmailRecognizer": f"{_GENERIC}.email_recognizer",
    "IbanRecognizer": f"{_GENERIC}.iban_recognizer",
    "IpRecognizer": f"{_GENERIC}.ip_recognizer",
    "MacAddressRecognizer": f"{_GENERIC}.mac_recognizer",
    "PhoneRecognizer": f"{_GENERIC}.phone_recognizer",
    "UsSsnRecognizer": "predefined_recognizers.country_specific.us.us_ssn_recognizer",
    "UuidRecognizer": f"{_GENERIC}.uuid_recognizer",
}
_importing = threading.Lock()


def recogniser_classes() -> dict[str, type[Any]]:
    """Presidio's recogniser classes by name, imported on the first call.

    `import presidio_analyzer` brings in spaCy, torch and transformers: seconds and hundreds of
    megabytes, none of which a pattern needs. So the recognisers' own modules are imported under a
    package that has their names but not its other parts, and is taken away again at once; where
    Presidio has been imported already, or is laid out otherwise, its package is used as it is.
    """
    with _importing:
        if _PACKAGE in sys.modules:
            return _from_the_package()
        try:
            return _from_the_modules()
        except ImportError:
            return _from_the_package()


def _from_the_package() -> dict[str, type[Any]]:
    package = importlib.import_module(f"{_PACKAGE}.predefined_recognizers")
    return {name: getattr(package, name) for name in RECOGNISERS}


def _from_the_modules() -> dict[str, type[Any]]:
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ImportError(f"the package {_PACKAGE} is not installed")
    root = Path(next(iter(spec.submodule_search_locations)))
    try:
        package = _bare_package(_PACKAGE, root)
        for parent in sorted({name.rpartition(".")[0] for name in RECOGNISERS.values()}):
            parts = parent.split(".")
            for depth in range(1, len(parts) + 1):
                _bare_package(".".join((_PACKAGE, *parts[:depth])), root.joinpath(*parts[:depth]))
        # IbanRecognizer and PhoneRecognizer name this class in a type hint, and nowhere else.
        engine = _bare_package(f"{_PACKAGE}.nlp_engine", root / "nlp_engine")
        engine.__dict__["NlpArtifacts"] = type("NlpArtifacts", (), {})
        for module in _BASE_MODULES:
            loaded = importlib.import_module(f"{_PACKAGE}.{module}")
            own = {name: value for name, value in vars(loaded).items() if name[0].isupper()}
            package.__dict__.update(own)
        return {
            name: getattr(importlib.import_module(f"{_PACKAGE}.{module}"), name)
            for name, module in RECOGNISERS.items()
        }
    finally:
        for name in [name for name in sys.modules if name.split(".")[0] == _PACKAGE]:
            del sys.modules[name]


def _bare_package(name: str, folder: Path) -> ModuleType:
    package = ModuleType(name)
    package.__path__ = [str(folder)]
    sys.modules[name] = package
    return package
