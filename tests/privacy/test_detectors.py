"""What is personal data, and what only looks like it."""

from __future__ import annotations

import time

import pytest

from kura_core.privacy.detectors import find_spans

ORDINARY = """
Meet me on 2020-05-18 at 10:30, or 18/05/2020 14:30
From 01/02/2020 - 03/04/2020 please
12.05.2020 14.30 Uhr
2020-05-18T21:29:38Z and 2020-05-18 21:29:38.123456
version 1.2.3.4 and v10.0.19045.3803 and Python 3.11.4
Section 4.4.1.2 of the contract
it costs $1,234,567.89 or 1.234.567,89 € or 1 234 567 rubles
call me when it is below $1000000
order 123-4567890-1234567 has not arrived
order number 5551234567
Order #112-0045529-8273641
invoice INV-2023-000123 is wrong
error code 0x80070005 and ERROR 1045 (28000)
tracking number 9400111899223197428490
ticket 4111111111111111
std::vector<int> a = b::c; x[1::2] y[::2] ::before { }
@app.route("/x") def f(a: int, b: int) -> None:
import react@18.2.0 and lodash@4.17.21
logo@2x.png and git@github.com:org/repo.git
127.0.0.1:8000 and 0.0.0.0 and netmask 255.255.255.0
pi is 3.14159265358979
coordinates 40.7128, -74.0060 or 40.7128 -74.0060
1 2 3 4 5 6 7 8 9 10
10 20 30 40 50 60 70
100 200 300 400 500
timestamp 1590000000 and 1590000000123
ISBN 978-3-16-148410-0
sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
password is incorrect and I forgot my password. reset password? password: required
the password must be at least 8 characters
password = os.environ["DB_PASSWORD"]
password: str = Field(...)
api_key = get_key()
the token limit is 4096 tokens; max_tokens=128000
api_key=YOUR_API_KEY
key: value, primary key id 123456
my pin is wrong, use GPIO pin 17
2^32 = 4294967296
between 1990-2000 and 2010-2020, 1999-2000-2001-2002
a 3840x2160 screen, 1920 1080 2560 1440
flight BA 2490 on 12-05-2020
SELECT * FROM t WHERE id = 123456789
5-7 business days, 20-30 min, 10-15 km
population 331 449 281
http://localhost:8501/path?x=1 and https://docs.python.org/3.11/library/re.html
10:30:00 and 10:30:00:25
row 1234 5678 9012 3456 is a bad row
task-1234567890-abcdef and sk-learn and risk-based
uuid 550e8400-e29b-41d4-a716-446655440000
ертең ыстық болады ма, 明天会下雨吗
""".strip().splitlines()

PERSONAL = [
    ("mail me: ⟦Ann.Lee+x@mail.example.co.uk⟧.", "EMAIL"),
    ("⟦größe@bücher.example.com⟧ please", "EMAIL"),
    ("I paid with ⟦4111 1111 1111 1111⟧ exp 12/26", "CARD"),
    ("⟦4111-1111-1111-1111⟧", "CARD"),
    ("amex ⟦378282246310005⟧", "CARD"),
    ("⟦2223003122003222⟧ was refused", "CARD"),
    ("my card number is ⟦4111111111111112⟧ (mistyped)", "CARD"),
    ("card ⟦501864667909⟧", "CARD"),
    ("call ⟦+44 20 7946 0958⟧ now", "PHONE"),
    ("⟦(415) 555-2671⟧", "PHONE"),
    ("my number is ⟦415-555-2671⟧", "PHONE"),
    ("⟦415.555.2671⟧", "PHONE"),
    ("phone: ⟦5551234567⟧", "PHONE"),
    ("Fax: ⟦463-612-6138 x036⟧", "PHONE"),
    ("⟦06 12 34 56 78⟧", "PHONE"),
    ("⟦4155552671⟧", "PHONE"),
    ("pay ⟦DE89 3704 0044 0532 0130 00⟧ from today", "IBAN"),
    ("my iban is ⟦de89370400440532013000⟧ thanks", "IBAN"),
    ("my IBAN is ⟦GB12 3456 7890 1234 5678 90⟧ and so on", "IBAN"),
    ("from ⟦192.168.1.17⟧ on", "IP"),
    ("it is ⟦2001:db8::ff00:42:8329⟧", "IP"),
    ("the server ⟦8.8.4.4⟧", "IP"),
    ("⟦123-45-6780⟧ is hers", "SSN"),
    ("social security number ⟦219 09 9999⟧", "SSN"),
    ("my SSN: ⟦219099998⟧", "SSN"),
]


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert find_spans(text) == []


@pytest.mark.parametrize(("marked", "kind"), PERSONAL)
def test_personal_data_is_found_to_the_character(marked: str, kind: str) -> None:
    text = marked.replace("⟦", "").replace("⟧", "")
    found = [(span.type, text[span.start : span.end]) for span in find_spans(text)]
    assert found == [(kind, marked[marked.index("⟦") + 1 : marked.index("⟧")])]


def test_several_in_one_text_come_in_its_order() -> None:
    text = "a@b.com or 415-555-2671, card 4111111111111111, from 10.20.30.40"
    assert [span.type for span in find_spans(text)] == ["EMAIL", "PHONE", "CARD", "IP"]


def test_a_short_answer_is_read_with_its_question() -> None:
    assert find_spans("it is 5551234") == []
    (span,) = find_spans("it is 5551234", before="What is your phone number?")
    assert span.type == "PHONE"


def test_a_long_text_is_not_read_with_what_stood_before_it() -> None:
    text = "There are 5551234 rows in the table that I uploaded, and the export stops at about half"
    assert find_spans(text, before="Can I call you?") == []


def test_strict_finds_what_standard_leaves() -> None:
    text = (
        "id 550e8400-e29b-41d4-a716-446655440000 at https://a.example/c?d=1, 00:1A:2B:3C:4D:5E "
        "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa 0x52908400098527886E0F7030069857D2E4169EE7 12345678"
    )
    assert find_spans(text) == []
    spans = find_spans(text, strict=True)
    kinds = ["UUID", "URL", "MAC", "WALLET", "WALLET", "NUMBER"]
    assert [span.type for span in spans] == kinds
    assert text[spans[1].start : spans[1].end] == "https://a.example/c?d=1"


@pytest.mark.parametrize(
    "piece",
    ["QUJDRA+/", "1234567890", "1234 ", "a@", "a", "1.", "a:", "password ", "x://", "ab12",
     "fe80::1:", "-----BEGIN PRIVATE KEY-----", "?token=", "bearer ", "eyJaaaaaaaaa.", "+"],
)  # fmt: skip
def test_time_grows_with_the_length_of_a_message_and_no_faster(piece: str) -> None:
    find_spans("warm up: a@b.com 415-555-2671", strict=True)

    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        start = time.process_time()
        find_spans(text, strict=True)
        return time.process_time() - start

    # Quadratic time would be 256 times as much; a fixed sum covers what is too short to measure.
    assert seconds(320_000) < 64 * seconds(20_000) + 0.5
