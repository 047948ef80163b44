"""Keys, tokens and passwords; every value here is made up."""

from __future__ import annotations

import pytest

from kura_core.privacy.secret_formats import find_secrets

B32 = "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE"

SECRETS = [
    f"use ⟦sk-proj-{B32}⟧ here",
    f"⟦sk-ant-api03-{B32}⟧",
    f"⟦sk_live_{B32}⟧",
    "⟦AKIAIOSFODNN7EXAMPLE⟧",
    f"⟦ghp_{B32}abcd⟧",
    f"⟦github_pat_{B32}⟧",
    f"⟦glpat-{B32}⟧",
    "⟦xoxb-123456789012-abcdefGHIJ⟧",
    f"⟦AIza{B32}xyz⟧",
    f"⟦hf_{B32}⟧",
    "⟦eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N⟧",
    "Authorization: Bearer ⟦abcdef0123456789abcdef⟧",
    "password: ⟦hunter2⟧",
    "my password is ⟦Tr0ub4dor&3⟧!",
    "Password: ⟦sunflower⟧",
    "password ⟦4245⟧",
    "OPENAI_API_KEY=⟦abc123def456ghi⟧",
    '{"password": "⟦s3cret!pass⟧", "user": "x"}',
    "client secret: ⟦9f8e7d6c5b4a⟧",
    "postgres://bob:⟦pa55w0rd⟧@db.example.com/x",
    "https://api.example.com/v1?token=⟦abcdef123456⟧&page=2",
    "⟦-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----⟧ was it",
    "⟦-----BEGIN PRIVATE KEY-----\nMIIE, cut off⟧",
    "my pin is ⟦1234⟧",
    "CVV ⟦123⟧",
]


def found(text: str) -> set[str]:
    return {text[start:end] for start, end in find_secrets(text)}


@pytest.mark.parametrize("marked", SECRETS)
def test_secrets_are_found(marked: str) -> None:
    secret = marked[marked.index("⟦") + 1 : marked.index("⟧")]
    assert secret in found(marked.replace("⟦", "").replace("⟧", ""))


@pytest.mark.parametrize(
    "text",
    [
        "Password: incorrect",
        "password: ********",
        "Enter your password: and press enter",
        "password = getpass.getpass()",
        "password = settings.password",
        "api_key: ${API_KEY}",
        "the access token is expired",
        "tokens: 4096",
        "the secret is out",
        "passing 100 tests, a passport 12345678",
        "a pinned post from 2024",
        "https://example.com/a:b/c",
    ],
)
def test_talk_about_secrets_is_left_alone(text: str) -> None:
    assert found(text) == set()
