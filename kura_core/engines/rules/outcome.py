"""Whether the user got what they asked for, as far as rules can tell (DESIGN, "Outcome")."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kura_core.engines.rules.request import is_social
from kura_core.engines.rules.segment import clip, sentences
from kura_core.engines.rules.words import content_stems, jaccard, tokens
from kura_core.types import Message, Outcome

QUOTE_WORDS = 30
# Only the end of a conversation decides; this also bounds the work.
READ_MESSAGES = 24

_FAILED = re.compile(
    r"\b(?:(?:i|we)(?:'m| am| are|'re| was| were)? (?:\w+ )?(?:unable|not able|not allowed|not "
    r"permitted)|"
    r"(?:i|we|it|you) (?:\w+ )?(?:can't|cannot|can not|couldn't|could not|won't be able)|"
    r"(?:do|does|did)(?:n't| not) (?:\w+ )?(?:have (?:access|any|the|information|permission|a "
    r"record|enough|that)|support|exist|find|see any|appear|"
    r"recogni[sz]e|know)|no (?:results?|match(?:es|ing)?|record|records|documents?|files?|data"
    r"|information|rooms?|"
    r"availability|such|flights?|tickets?)\b.{0,30}?(?:found|available|match\w*|exists?|$)|(?:is"
    r"|are|was|were) (?:no|not any)\b.{0,40}?(?:available|match\w*|"
    r"found|that)|not (?:found|available|supported|possible|permitted|authori[sz]ed|yet supported"
    r"|currently)|"
    r"(?:request|booking|attempt|payment|search|import|export|operation|upload|transaction"
    r"|reservation|it|this) "
    r"(?:has |have |was |is )?(?:failed|unsuccessful|rejected|denied|declined|timed out)|was "
    r"unsuccessful|unfortunately|"
    r"outside (?:of )?(?:my|the)|beyond (?:my|the) (?:capabilit|scope)\w*|not something i|no "
    r"longer available|unavailable|"
    r"as an ai|unauthori[sz]ed)\b",
    re.IGNORECASE,
)
_ERROR = re.compile(
    r"\b(?:something went wrong|went wrong on|an error (?:occurred|while)|(?:ran into"
    r"|encountered) (?:an|some) (?:error|issue|problem))\b",
    re.IGNORECASE,
)
_ERROR_WORDS = 10
_APOLOGY = re.compile(
    r"\b(?:sorry|apologi[sz]e|apologies|regret|i'm afraid|i am afraid)\b", re.IGNORECASE
)
_DONE = re.compile(
    r"\b(?:(?:has|have|had) (?:now |also |just )?been (?:success\w+ )?"
    r"\w+(?:ed|en|nt|ut|nd|ld|set|made)"
    r"|success(?:ful|fully)|"
    r"(?:is|are|you're|you are) (?:now |all )*(?:booked|scheduled|reserved|confirmed|set|done"
    r"|sent|updated|cancelled|canceled|"
    r"complete|completed|ready|saved|submitted|unlocked|registered|paid|active|activated|fixed"
    r"|live|created|deleted)|"
    r"(?:i|we)(?:'ve| have)(?: now| just| also)? (?:\w+ly )?(?:booked|scheduled|sent|made|created"
    r"|updated|added|removed|cancelled|canceled|"
    r"reserved|submitted|saved|changed|set|moved|placed|completed|drafted|attached|uploaded"
    r"|exported|shared|renamed|"
    r"filed|fixed|deleted|found|put|written|corrected|converted|highlighted)|all done|booked\."
    r"|done[.!]|confirmed[.!])",
    re.IGNORECASE,
)
_GIVEN = re.compile(
    r"\b(?:here(?:'s| is| are)|below (?:is|are)|the (?:answer|result|total|balance|reason|cause"
    r"|fix|solution) (?:is|was|are)|"
    r"your \w+(?: \w+)? (?:is|are)|you can (?:\w+ )?(?:do|find|use|go|click|open|change|set|run"
    r"|try|call|add|select)|"
    r"follow these|i found|we found|there (?:is|are) \d+|try this|to do (?:this|that|so))\b|```"
    r"|^\s*(?:\d+[.)]|[-*•]) ",
    re.IGNORECASE | re.MULTILINE,
)
_WORKAROUND = re.compile(
    r"\b(?:however|instead|but (?:you can|i can|here|i found|i did)|alternatively|as a workaround"
    r"|in the meantime|what i can do|"
    r"only (?:part|some|the first)|partially|partly|most of|the closest|except for|apart from)\b",
    re.IGNORECASE,
)
_PRAISE = re.compile(
    r"\b(?:that(?:'s| is| has)? (?:\w+ )?(?:work\w*|helped|helps|did it|fixed it|solved|perfect"
    r"|exactly|great|awesome|what i (?:need|want)\w*)|"
    r"it work(?:s|ed)|works (?:now|great|perfectly|fine|like)|problem solved|perfect|exactly what"
    r"|got it working|solved|awesome|"
    r"brilliant|life ?saver|you(?:'re| are) (?:the best|amazing|great|awesome)|very helpful"
    r"|super helpful|so helpful|great help)\b",
    re.IGNORECASE,
)
_REJECTION = re.compile(
    r"\b(?:(?:that|this|it)(?:'s| is| was)?(?:n't| not)? (?:\w+ )?(?:wrong|incorrect|not (?:right"
    r"|correct|what|working|it|helpful|true)|"
    r"what i (?:asked|meant|wanted))|(?:that|this|it|still) (?:does|did|do|is|was)?(?:n't| not) "
    r"(?:\w+ )?(?:work\w*|help\w*|what|right|correct|"
    r"answer|find|open|load|change|do)|still (?:not|no|can't|doesn't|the same|wrong|nothing|get"
    r"|getting|missing|broken|fails|failing)|"
    r"not what i|no[,.!]+ (?:i (?:said|meant|asked|need|want|don't)|that(?:'s| is) (?:not|wrong)"
    r"|not|it(?:'s| is| does)n?(?:'t| not))|i (?:said|meant|asked|already)|you (?:missed|forgot"
    r"|misunderstood|didn't|did not|"
    r"got it wrong|made a mistake)|doesn't work|didn't work|not working|same error|useless|wrong "
    r"(?:file|one|document|answer|"
    r"date|number|version|person|place)|never ?mind|forget it|give up|thanks anyway|thank you "
    r"anyway|i'll (?:do it|look|try|ask|find)\b.{0,30}"
    r"(?:myself|elsewhere|someone|manually)|that sucks|disappoint\w+|too bad|oh well)\b",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"\b(?:anything else|something else|good ?bye|bye|have a (?:nice|great|good|wonderful)"
    r"|you(?:'re| are) welcome|welcome|my pleasure|"
    r"happy to help|glad (?:i|to|that)|no problem|take care|let me know if|feel free|enjoy)\b",
    re.IGNORECASE,
)


_ASKING = re.compile(
    r"^\W*(?:please|kindly|sure|certainly|of course|ok|okay|let me|i can help|i can assist|i'd be"
    r"|i would be|i will|i'll|"
    r"one moment|just a|may i|could|can|to (?:assist|help|proceed)|hello|hi|good)\b",
    re.IGNORECASE,
)


@dataclass(slots=True, frozen=True)
class Judgement:
    """An outcome with the assistant message (its index) and the words it rests on."""

    outcome: Outcome
    message_index: int | None = None
    quote: str | None = None


@dataclass(slots=True, frozen=True)
class _Answer:
    index: int
    failed: str | None
    done: str | None
    given: str | None
    workaround: bool


def judge_outcome(messages: Sequence[Message], request: str) -> Judgement:
    """The outcome of a conversation against its request, from its words alone.

    Evidence, strongest last: the last answers that say or deny something, then the user's own
    reaction after them. An ending without a word is no evidence of failure.
    """
    first = max(0, len(messages) - READ_MESSAGES)
    answers = [
        answer
        for index in range(first, len(messages))
        if messages[index].role == "assistant"
        and (answer := _read_answer(index, messages[index].content)) is not None
    ]
    telling = [answer for answer in answers if answer.failed or answer.done or answer.given]
    if not telling:
        return Judgement("cannot tell")
    last = telling[-1]
    reaction = _reaction(messages, last.index, request)
    done = next((item for item in reversed(telling) if item.done), None)
    failed = next((item for item in reversed(telling[-3:]) if item.failed), None)
    if last.failed:
        if last.done or (last.workaround and reaction > 0):
            return Judgement("partly", last.index, last.failed)
        if done is not None and last.index - done.index <= 4 and reaction >= 0:
            return Judgement("partly", last.index, last.failed)
        return Judgement("not achieved", last.index, last.failed)
    quote = last.done or last.given
    if reaction < 0:
        outcome: Outcome = "partly" if last.done else "not achieved"
        return Judgement(outcome, last.index, quote)
    if last.done:
        return Judgement("achieved", last.index, quote)
    if failed is not None and done is None and reaction <= 1:
        return Judgement("partly" if reaction else "cannot tell", last.index, quote)
    if reaction > 0:
        return Judgement("achieved", last.index, quote)
    return Judgement("cannot tell")


def _read_answer(index: int, content: str) -> _Answer | None:
    """What an assistant message states; None for questions, small talk and goodbyes only."""
    stated = [
        text
        for text in sentences(content, limit=25)
        if not text.endswith("?")
        and not (len(text) < 90 and _CLOSING.search(text) and not _DONE.search(text))
    ]
    if not stated and "```" not in content:
        return None
    failed = next((text for text in stated if _denies(text)), None)
    if failed is None and len(stated) == 1 and _APOLOGY.search(stated[0]):
        failed = stated[0]
    done = next((text for text in stated if text != failed and _DONE.search(text)), None)
    given = next((text for text in stated if text != failed and _GIVEN.search(text)), None)
    if given is None and failed is None:
        given = next((text for text in stated if _states(text)), None)
    if (
        given is None
        and failed is None
        and ("```" in content or sum(len(text) for text in stated) > 160)
    ):
        given = stated[0] if stated else content.strip()[:120]
    workaround = any(_WORKAROUND.search(text) for text in stated)
    shown = [clip(text, QUOTE_WORDS) if text else None for text in (failed, done, given)]
    return _Answer(index, shown[0], shown[1], shown[2], workaround)


def _denies(text: str) -> bool:
    """Whether a sentence says that something could not be done; explaining an error does not."""
    if _FAILED.search(text):
        return True
    return len(text.split()) <= _ERROR_WORDS and bool(_ERROR.search(text))


def _states(text: str) -> bool:
    """Whether a sentence tells something, rather than asking for it or announcing it."""
    return len(text.split()) >= 5 and not _ASKING.match(text)


def _reaction(messages: Sequence[Message], after: int, request: str) -> int:
    """The user's words after an answer: 2 praise, 1 thanks, 0 nothing, -1 complaint or "
    "rephrasing."""
    found = 0
    asked = set(content_stems(request))
    for message in messages[after + 1 :]:
        if message.role != "user":
            continue
        text = message.content[:1_000]
        if _REJECTION.search(text):
            return -1
        if _PRAISE.search(text):
            found = 2
        elif "thank" in text.lower() or "thx" in text.lower():
            found = max(found, 1)
        elif not is_social(tokens(text), text) and jaccard(asked, content_stems(text)) >= 0.6:
            return -1
    return found
