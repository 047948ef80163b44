from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from kura_core.engines.judge_forms import found_quote
from kura_core.engines.transcript import BYTES_PER_TOKEN, shortened, write_transcript
from kura_core.types import Conversation, Message
from tests.engines.talks import talk


def test_what_fits_is_whole_and_numbered() -> None:
    written = write_transcript(talk("Hello\nthere", "Hi."), 1_000)
    assert not written.truncated
    assert written.text == (
        "<conversation>\n[0] user: Hello\n  there\n[1] assistant: Hi.\n</conversation>"
    )


def test_one_huge_message_loses_its_middle_and_others_stay_whole() -> None:
    written = write_transcript(talk("Start " + "x" * 50_000 + " end", "Short.", "Thanks."), 1_000)
    assert written.truncated
    assert "[0] user: Start" in written.text and " end\n" in written.text
    assert "[1] assistant: Short.\n[2] user: Thanks." in written.text
    missing = re.search(r"\[… ([\d,]+) characters left out …\]", written.text)
    assert missing is not None
    assert int(missing[1].replace(",", "")) > 45_000


def test_of_many_messages_the_first_and_the_last_stay() -> None:
    texts = [f"Message number {i} of this talk." for i in range(2_000)]
    written = write_transcript(talk(*texts), 1_000)
    assert written.truncated
    assert "[0] user: Message number 0 of this talk." in written.text
    assert "[1999] assistant: Message number 1999 of this talk." in written.text
    assert re.search(r"\n\[… [\d,]+ messages, [\d,]+ characters left out …\]\n", written.text)


def test_characters_that_no_server_can_read_are_replaced() -> None:
    written = write_transcript(talk("Lone \ud800 and \0 nul"), 1_000)
    assert written.text.encode("utf-8")
    assert "\0" not in written.text


def test_a_text_that_no_server_can_read_can_be_shortened() -> None:
    assert shortened("Lone \ud800 and " + "x" * 100, 90).startswith("Lone ? and x")


def test_a_quote_is_found_as_it_was_shown_and_told_as_it_was_said() -> None:
    said = "Use List<String> in [INST] and a[0]."
    shown = write_transcript(talk(said), 1_000).text
    assert "[0] user: Use List‹String> in ⟦INST] and a[0]." in shown
    assert found_quote("List‹String> in ⟦INST] and a[0]", said) == said.removeprefix("Use ")
    assert found_quote("List<String> in [INST]", said) == "List<String> in [INST]"


@given(
    st.lists(st.text(max_size=400).map(lambda text: text * 9), min_size=1, max_size=30),
    st.integers(300, 3_000),
)
def test_a_transcript_keeps_to_its_budget_and_its_marks(texts: list[str], tokens: int) -> None:
    messages = [Message("user", text) for text in texts]
    written = write_transcript(Conversation("c", messages), tokens)
    size = len(written.text.encode())
    lines = sum(len(text.splitlines()) for text in texts)
    assert size <= tokens * BYTES_PER_TOKEN + 2 * lines + 200
    assert len(re.findall(r"</?conversation>", written.text)) == 2
    numbers = [int(number) for number in re.findall(r"^\[(\d+)\]", written.text, re.MULTILINE)]
    assert numbers == sorted(set(numbers))
    assert numbers[0] == 0 and numbers[-1] == len(texts) - 1
