"""Languages, with care for short texts."""

from __future__ import annotations

import pytest

from kura_core.engines.rules.language import detect_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("How do I export my data?", "en"),
        ("reset password", "en"),
        ("Je voudrais annuler mon abonnement, comment faire ?", "fr"),
        ("Können Sie mir bitte bei der Rechnung helfen?", "de"),
        ("Quiero cancelar mi suscripción lo antes posible", "es"),
        ("как удалить мой аккаунт", "ru"),
        ("12345 ???", None),
        ("", None),
    ],
)
def test_language_is_told_or_left_open(text: str, language: str | None) -> None:
    assert detect_language(text) == language
