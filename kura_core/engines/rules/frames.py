"""The ways in which people word a request in English, and what follows each of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["do", "find", "thing", "fix", "where", "when", "price", "if"]


@dataclass(slots=True, frozen=True)
class Frame:
    """A request's wording taken off. `rest` is what is asked for, in the user's own words.

    Kind says how to read it: `do` a verb phrase (or a thing); `find`, `thing`, `fix`, `price`
    and `where` a noun phrase; `if` a clause; `when` a clause with its question word.
    """

    kind: Kind
    rest: str
    strength: float
    names_verb: bool = False


_ASKER = r"(?:i|we|id|i'd|im|i'm|we'd|we're|ive|i've)"
_YOU = r"(?:you|u|ya|someone|anyone|anybody|somebody)"
_SOFT = (
    r"(?:please |pls |plz |kindly |maybe |possibly |perhaps |just |also |really |actually |still "
    r"|even |currently |then |now |quickly |only |very much |simply |seem to |be able to |able to "
    r"|go ahead and |go about |try to |try and )*"
)
# A question word counts where a clause begins, not in "it crashes when I run it".
_AT_START = (
    r"(?:^|[,.;:!?] |\b(?:and|so|but|know|me|wondering|asking|ask|see|check|out|sure|hi|hello|hey"
    r"|please) )"
)
_NOT = r"(?:can't|cant|cannot|can not|couldn't|couldnt|could not|am unable to|are unable to)"
_NOT_MORE = (
    r"(?:'m unable to|unable to|am not able to|'m not able to|not able to|wasn't able to|"
    r"weren't able to|never manage to|don't know how to|dont know how to|do not know how to|"
    r"have no idea how to|don't see how to|failed to|keep failing to)"
)

# (pattern, kind, strength, whether a verb must follow). The first that matches wins.
_WORDINGS: tuple[tuple[str, Kind, float, bool], ...] = (
    (
        r"\bwhy (?:can't|cant|cannot|couldn't|won't|wont|doesn't|doesnt|don't|dont|didn't|does"
        r"|do|did|can|would) (?:it|you|u|i|we|they|this|that|(?:the|your|my|our|this) \w+)"
        rf" (?:not )?{_SOFT}",
        "do", 2.6, True,
    ),
    (rf"\b(?:i|we|you|it|u) (?:{_NOT}|{_NOT_MORE}) {_SOFT}(?:to )?", "do", 2.4, True),
    (rf"\b(?:i'm|we're|im) (?:unable|not able|failing) to {_SOFT}", "do", 2.4, True),
    (
        r"\b(?:having|have|had|got|getting|facing|experiencing) (?:\w+ ){0,2}?(?:trouble"
        r"|troubles"
        r"|difficulty|difficulties|problem|problems|issue|issues|error|errors) "
        r"(?:with |in |on |about |regarding |when |while |trying to |to )",
        "fix", 2.6, False,
    ),
    (
        r"\b(?:have|got|had|with) (?:a|an|some|another|one|few|a few) (?:\w+ )?(?:question"
        r"|questions"
        r"|query|inquiry|complaint|doubt|concern|request) (?:about|on|regarding|concerning|with"
        r"|for|related to|around) ",
        "thing", 2.2, False,
    ),
    (
        rf"\bhelp (?:me |us )(?:out )?{_SOFT}(?:to |with |in |on |about )?{_SOFT}",
        "do", 2.8, False,
    ),
    (
        r"\b(?:need|want|like|require|get|some|your|looking for) (?:\w+ ){0,2}?(?:help"
        r"|assistance|support"
        r"|guidance|advice|information|info|details) (?:with|in|to|for|on|about|regarding"
        r"|how to"
        rf"|of) {_SOFT}",
        "do", 2.7, False,
    ),
    (rf"\b(?:help|assist me|assistance) (?:with|in|to) {_SOFT}", "do", 2.4, False),
    (
        r"\b(?:is|are|was) there (?:a|any|some|an) (?:\w+ )?(?:way|ways|option|method"
        r"|possibility|chance)"
        rf" (?:to|for me to|for us to|i can|that i can|i could|you can|you could|of) {_SOFT}",
        "do", 2.6, True,
    ),
    (
        rf"\bhow (?:do|can|could|should|would|might|may|did|does) (?:i|we|you|u|one"
        rf"|someone) {_SOFT}",
        "do", 2.6, True,
    ),
    (
        rf"\bhow (?:i|we|you|one) (?:can|could|should|would|might|may|do|to|need to|have "
        rf"to) {_SOFT}",
        "do", 2.6, True,
    ),
    (rf"\bhow (?:to|2) {_SOFT}", "do", 2.6, True),
    (rf"\b(?:want|need|like|wanted) {_YOU} to {_SOFT}", "do", 2.8, True),
    (
        rf"\b(?:can|could|would|will|cud|wud) {_YOU} {_SOFT}(?:help )?(?:tell|let|inform"
        rf"|advise) me "
        r"(?:know )?(?:about )?(?=what|how|where|when|if|whether|which|who|why)",
        "do", 2.2, False,
    ),
    (
        rf"\b(?:can|could|would|will|cud|wud) {_YOU} {_SOFT}(?:tell|inform) me (?:about |of "
        rf"|more about )?",
        "thing", 2.2, False,
    ),
    (rf"\b(?:can|could|would|will|cud|wud) {_YOU} {_SOFT}", "do", 2.5, True),
    (r"\bwould you mind ", "do", 2.5, True),
    (
        rf"\b{_ASKER} (?:am |are |'m |was |were )?(?:\w+ly )?(?:really |just |also )?(?:want"
        rf"|wants|wanted"
        r"|need|needs|needed|wish|like|love|prefer|hope|have|got|would like|would love|would "
        r"prefer"
        r"|trying|try|tried|looking|hoping|planning|interested|here|calling|writing|ready"
        r"|about|attempting|seeking|wanting|willing|looking forward|wondering how|not sure how"
        rf"|curious how|'d like|'d love) (?:to|2|in) {_SOFT}",
        "do", 2.7, False,
    ),
    (rf"\b(?:wanna|gotta) {_SOFT}", "do", 2.5, True),
    (rf"\b(?:i'm|im|i am|we're|we are) (?:going to|gonna) {_SOFT}", "do", 1.2, True),
    (rf"\b(?:will|would|am) (?:i|we) (?:be )?(?:able|allowed) to {_SOFT}", "do", 2.4, True),
    (rf"\b(?:trying|looking|hoping|want|need|like|wish|wants) to {_SOFT}", "do", 2.3, True),
    (
        r"\b(?:looking|look|searching|search|hunting) (?:for|up|into|out for) (?!to )|\bin "
        r"search of ",
        "find", 2.4, False,
    ),
    (
        rf"\b(?:can|could|may|should) (?:i|we) {_SOFT}|\b(?:am i|is it) (?:able|possible|ok"
        rf"|okay|allowed) to {_SOFT}",
     "do", 2.4, True),
    (
        r"\b(?:tell|inform) (?:me|us) (?:more |all |something )?(?:about )?(?=\w)",
        "thing", 2.0, False,
    ),
    (rf"\b(?:let me|let us|lets|let's) {_SOFT}", "do", 1.8, True),
    (
        r"\bhow much (?:is|are) (?:it for )?(?=a |an |the )|\bhow much (?:does|do|would|will"
        r"|did) (?=.{2,60}\bcosts?\b)",
        "price", 2.0, False,
    ),
    (
        r"\b(?:where(?:'s| is| are| can i find| do i find| can i see| was| were)|wheres) ",
        "where", 2.2, False,
    ),
    (rf"\bwhere (?:do|can|could|should|would|to) (?:i |we |you )?{_SOFT}", "do", 2.2, True),
    (
        rf"{_AT_START}(?:what's|whats|what is|what are|what was|what were|what about|how "
        rf"about|what's up with"
        r"|whats up with|who is|who's|who are|who was) ",
        "thing", 1.9, False,
    ),
    (
        rf"{_AT_START}((?:what time|when|how long|how often|how far|how many|how much|how "
        rf"soon|who)\b) ",
        "when", 1.9, False,
    ),
    (rf"{_AT_START}how (?=does|do|did|is|are|can)|\bhow come ", "thing", 1.9, False),
    (
        r"\b(?:is|are|were) there (?:a|an|any|some|anything|something|another)? ?|\b(?:do"
        r"|does|did) "
        r"(?:you|u|they|it|we) (?:guys |still |also )?(?:have|offer|support|provide|accept"
        r"|sell|carry) ",
        "find", 1.9, False,
    ),
    (r"\bdo (?:you|u) know (?:of |about |any |if |how )?", "thing", 1.6, False),
    (r"\b(?:i want|we want|i need|we need|i would like|we would like|i'd like|we'd like|id like"
     r"|i require|we require|i wish|i wants|i needs|i'll have|i will have|i'll take|need|want) "
     r"(?:to have |for |have |get )?",
     "thing", 2.3, False),
    (r"\bwhy (?:is|are|was|were|am|has|have|had|isn't|aren't) (?:not )?", "thing", 2.2, False),
    (rf"{_AT_START}(?:what|which) (?=\w)", "thing", 1.6, False),
)  # fmt: skip
_FRAMES: tuple[tuple[re.Pattern[str], Kind, float, bool], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), kind, strength, names_verb)
    for pattern, kind, strength, names_verb in _WORDINGS
)

_TELLING = re.compile(
    r"^(?:know|find out|understand|learn|see|check|ask|figure out|find|tell|determine|inquire"
    r"|enquire"
    r"|inquiring|asking)(?: about| more about)? (?=what|how|where|when|if|whether|which|who|why"
    r"|about)",
    re.IGNORECASE,
)
_IF = re.compile(r"^(?:if|whether) ", re.IGNORECASE)


def find_frame(sentence: str) -> Frame | None:
    """The request frame of a sentence and what follows it, or None where there is none.

    "Could you tell me how I can reset my password?" is read through to "reset my password".
    """
    found: Frame | None = None
    text = sentence.replace("’", "'")
    for _ in range(3):
        step = _first_frame(text)
        if step is None:
            break
        strength = step.strength if found is None else max(found.strength, step.strength)
        found = Frame(step.kind, step.rest, strength, step.names_verb)
        # Read on only where one wording plainly wraps another.
        text = step.rest
        told = _TELLING.match(text)
        if told is not None:
            text = text[told.end() :]
            if _IF.match(text):
                return Frame("if", _IF.sub("", text), strength)
            found = Frame("thing", text, strength)
        if not _OPENS_FRAME.match(text):
            break
    return found


_OPENS_FRAME = re.compile(
    r"(?:how|what|what's|whats|where|when|why|which|who|help|is there|are there|i |we |if there"
    r"|trying"
    r"|looking|can|could|you )",
    re.IGNORECASE,
)


def _first_frame(text: str) -> Frame | None:
    for pattern, kind, strength, names_verb in _FRAMES:
        match = pattern.search(text)
        if match is None or match.end() == 0:
            continue
        rest = text[match.start(1) if kind == "when" else match.end() :].strip()
        if any(letter.isalpha() for letter in rest):
            return Frame(kind, rest, strength, names_verb)
    return None
