from __future__ import annotations

import pytest

from kura_core.engines.languages import language_code, language_name


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("en", "en"), ("EN-us", "en"), ("English", "en"), ("german", "de"), ("zh_CN", "zh"),
        ("Mandarin Chinese", "zh"), ("pt-BR", "pt"), ("Klingon", None), ("", None), ("??", None),
    ],
)  # fmt: skip
def test_languages_become_codes(written: str, code: str | None) -> None:
    assert language_code(written) == code


def test_a_code_is_shown_by_its_name() -> None:
    assert [language_name(code) for code in ("en", "zh", "pt", "xx")] == [
        "English", "Chinese", "Portuguese", "xx"
    ]  # fmt: skip
