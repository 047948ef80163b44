"""Why a request was not met: what is not there, what cannot be done, or how it was answered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kura_core.engines.rules.judging import outcome_signs as signs
from kura_core.engines.rules.judging.cause_denials import Denial, read_complaints, read_denials
from kura_core.engines.rules.judging.cause_foreign import find_foreign_gap
from kura_core.engines.rules.judging.cause_wishes import Wish, ordered_deed, read_wish
from kura_core.engines.rules.judging.missing import (
    attribute_of,
    family_of,
    in_state,
    name_deed,
    name_thing,
    thing_of,
)
from kura_core.engines.rules.judging.missing_words import (
    ATTRIBUTE_KEYS,
    CARRIERS,
    DEEDS,
    EXTERNAL,
    FAMILY_NAMES,
    same,
)
from kura_core.engines.rules.language import detect_language
from kura_core.engines.rules.lexicon import FINDING_VERBS
from kura_core.engines.rules.segment import prose, sentences
from kura_core.engines.rules.words import base_verb, is_past, tokens
from kura_core.types import Cause, GapKind, Message, Outcome

_READ_MESSAGES = 24
_CHARACTERS = 1_500
_SENTENCES = 20
_BRIEF, _OPENING, _ENDING = 6, 3, 2
_LANGUAGE_MESSAGES = 12
_WORKFLOW = re.compile(
    r"\b(?:automatic\w*|whenever|every (?:time|day|week|month|hour|\w+day)|each (?:time|day|week|"
    r"month)|weekly|daily|monthly|recurring|in bulk|bulk|batch|all at once|workflow|remind me|"
    r"reminders?|on a schedule|as soon as|step by step|mass|blast)\b",
    re.IGNORECASE,
)

_AVAILABILITY = re.compile(r"\bwhen\b.{0,60}\b(?:available|free|busy|has time)\b", re.IGNORECASE)
_TIME_KEYS = frozenset(map(same, ("free", "slot", "meeting", "lunch", "room", "schedule", "time")))
# Who looked through documents and came back without any.
_SEARCHED = re.compile(
    r"\b(?:documents?|files?|records?|results?|match(?:es)?|entries|items?|copy|copies|draft|"
    r"versions?|data)\b",
    re.IGNORECASE,
)
_EARLIER = re.compile(
    r"\b(?:earlier|previous|past|prior|other) (?:conversations?|chats?|messages|sessions?|"
    r"discussions?)\b",
    re.IGNORECASE,
)
_LOOKED = re.compile(
    r"\b(?:search\w*|look\w*|checked)\b.{0,40}?\bfor [\"“](?P<thing>[^\"”]{2,60})[\"”]",
    re.IGNORECASE,
)
# "To schedule a meeting, open your calendar": the answer names what it was asked and did not do.
_TOLD_HOW = re.compile(
    r"^(?:\W*(?:sure|certainly|of course|okay|ok|sorry)\W+)?to (?P<verb>[a-z]+) "
    r"(?P<rest>[^,:]{3,60})[,:]\s*(?:\d\.|\w+ )",
    re.IGNORECASE,
)


@dataclass(slots=True, frozen=True)
class FoundCause:
    """Why one conversation failed, and what is missing; all None where it did not fail."""

    cause: Cause | None = None
    gap_kind: GapKind | None = None
    missing: str | None = None


def find_cause(
    messages: Sequence[Message],
    request: str | None,
    outcome: Outcome,
    outcome_message: int | None,
) -> FoundCause:
    """The cause of a failure, from the transcript alone; deterministic, English only.

    Is the information in the system? If not, an inventory gap. Can the system do what was asked
    with it? If not, a capability gap. What the words leave open is `undetermined`.
    """
    if outcome not in ("partly", "not achieved"):
        return FoundCause()
    language = _language(messages)
    if language not in (None, "en"):
        return _in_another_language(messages, outcome_message)
    found = _in_english(messages, request, outcome_message)
    if language is None and found.missing is None:
        foreign = find_foreign_gap(messages)
        return FoundCause(*foreign) if foreign else found
    return found


def _in_english(
    messages: Sequence[Message], request: str | None, outcome_message: int | None
) -> FoundCause:
    wish = read_wish(messages, request)
    said = _answers(messages, outcome_message)
    denials = [denial for text in said for denial in read_denials(text)]
    return (
        _refused(denials)
        or _cannot_do(denials, wish, request)
        or _not_there(denials, wish, said)
        or _complained(messages, wish, request)
        or _not_tried(said, wish, request)
        or FoundCause(_left_over(said, denials, wish, asked=request is not None))
    )


def _in_another_language(messages: Sequence[Message], outcome_message: int | None) -> FoundCause:
    found = find_foreign_gap(messages)
    if found:
        return FoundCause(*found)
    stock = any(map(signs.evades, _answers(messages, outcome_message)))
    return FoundCause("answer quality" if stock else "undetermined")


def _language(messages: Sequence[Message]) -> str | None:
    said = [item.content[:_CHARACTERS] for item in messages if item.role == "user"]
    return detect_language(" \n".join(prose(text) for text in said[:_LANGUAGE_MESSAGES]))


def _answers(messages: Sequence[Message], outcome_message: int | None) -> list[str]:
    """The sentences of the answers, those of the message that the outcome rests on first."""
    places = [
        place
        for place in range(max(0, len(messages) - _READ_MESSAGES), len(messages))
        if messages[place].role == "assistant"
    ]
    places.sort(key=lambda place: (place != outcome_message, place))
    found: list[str] = []
    for place in places:
        said = sentences(messages[place].content[:_CHARACTERS], _SENTENCES)
        # What a long answer denies midway is subject matter, and a letter is said by someone else.
        if len(said) > _BRIEF:
            said = [*said[:_OPENING], *said[-_ENDING:]]
        found.extend([] if signs.is_letter(messages[place].content) else said)
    return found


def _refused(denials: Sequence[Denial]) -> FoundCause | None:
    kinds = {denial.kind for denial in denials}
    if "policy" in kinds and "link" not in kinds:
        return FoundCause("policy refusal")
    if "user" in kinds:
        return FoundCause("user input")
    return FoundCause("undetermined") if "stock" in kinds and not kinds & {"deed", "link"} else None


def _cannot_do(denials: Sequence[Denial], wish: Wish, request: str | None) -> FoundCause | None:
    """A deed or another system is denied, or what was asked is a deed and any denial stands."""
    named: list[str] = []
    external = False
    for denial in denials:
        keys = {same(word) for word in tokens(denial.rest)}
        linked = denial.kind == "link" or (denial.kind == "sight" and bool(keys & EXTERNAL))
        linked = linked or (denial.kind == "fact" and _is_availability(denial, wish))
        if denial.kind == "deed" or linked:
            external = external or linked or bool(keys & EXTERNAL)
            name = _deed_name(denial, wish, request, linked=linked)
            named.extend([name] if name else [])
        elif wish.kind == "deed" and wish.name and denial.kind in ("fact", "sight"):
            named.append(wish.name)
    if not named:
        return None
    known = [name for name in named if name in FAMILY_NAMES]
    best = (known or named)[0]
    return FoundCause("capability gap", _kind_of_deed(best, external, request), best)


def _complained(messages: Sequence[Message], wish: Wish, request: str | None) -> FoundCause | None:
    """What users themselves say that the product cannot do, find or know."""
    complaints = [
        denial
        for message in messages[:_READ_MESSAGES]
        if message.role == "user"
        for text in sentences(message.content[:_CHARACTERS], _SENTENCES)
        for denial in read_complaints(text)
    ]
    return _cannot_do(complaints, wish, request) or _not_there(complaints, wish, ())


def _is_availability(denial: Denial, wish: Wish) -> bool:
    """Whether an answer does not know when somebody has time, which a calendar would tell."""
    asked = wish.kind == "deed" or wish.keys & _TIME_KEYS
    return bool(asked and _AVAILABILITY.search(denial.rest))


def _deed_name(denial: Denial, wish: Wish, request: str | None, *, linked: bool) -> str | None:
    if wish.name in FAMILY_NAMES:
        return wish.name
    keys = {same(word) for word in tokens(denial.rest)[:6]}
    if linked:
        if _AVAILABILITY.search(denial.rest):
            return wish.name or "book meetings"
        own = wish.name if wish.kind == "deed" else ordered_deed(request)
        return family_of(keys) or own or _prefixed("connect to", denial.rest)
    own = name_deed(denial.verb, denial.rest, denied=True)
    return own or (wish.name if wish.kind == "deed" else ordered_deed(request))


def _prefixed(opening: str, rest: str) -> str | None:
    name = name_thing(thing_of(rest))
    return f"{opening} {name}" if name else None


def _kind_of_deed(name: str, external: bool, request: str | None) -> GapKind:
    if request and _WORKFLOW.search(request):
        return "workflow"
    if name == "send e-mail":
        return "action"
    keys = {same(word) for word in tokens(name)}
    return "external system" if external or keys & EXTERNAL else "action"


def _not_there(denials: Sequence[Denial], wish: Wish, said: Sequence[str]) -> FoundCause | None:
    """Something is said not to be there or not to be known, and it is what was asked for."""
    unnamed: FoundCause | None = None
    for denial in denials:
        if denial.kind not in ("fact", "sight"):
            continue
        words = thing_of(denial.rest)
        keys = {same(word) for word in words}
        attribute = keys & ATTRIBUTE_KEYS
        if wish.kind == "attribute":
            name = attribute_of(denial.rest) or (
                name_thing(words) if len(words) > 1 and attribute else wish.name
            )
            return FoundCause("inventory gap", "metadata incomplete", name)
        own = [word for word in words if word.lower() not in CARRIERS]
        states = [word for word in tokens(denial.rest) if is_past(word) and base_verb(word)]
        about = {same(word) for word in [*own, *states]} & wish.keys
        if about:
            kind: GapKind = "search context missing" if denial.kind == "sight" else "not indexed"
            kind = "metadata incomplete" if attribute else kind
            return FoundCause("inventory gap", kind, _named(own, states, wish))
        if _EARLIER.search(denial.rest):
            return FoundCause("inventory gap", "search context missing", "earlier conversations")
        if unnamed is None and _SEARCHED.search(denial.rest):
            kind = "metadata incomplete" if attribute else "not indexed"
            said_so = name_thing(words) if own else None
            name = wish.name or _looked_for(said) or said_so
            unnamed = FoundCause("inventory gap", kind, name)
    return unnamed


def _looked_for(said: Sequence[str]) -> str | None:
    """What an answer searched for, by the last word of its quotation: the rest are names."""
    match = next((found for text in said if (found := _LOOKED.search(text))), None)
    words = tokens(match["thing"]) if match else []
    return name_thing(words[-1:])


def _named(own: list[str], states: list[str], wish: Wish) -> str | None:
    """The thing denied, by its state and its noun: "signed copy" of a contract → "signed
    contracts"."""
    nouns = [word for word in own if word not in states]
    state = next((word for word in states), None)
    if state is None and wish.state and nouns and same(nouns[-1]) == same(wish.thing or ""):
        state = wish.state
    noun = nouns[-1] if nouns else wish.thing
    if state:
        return in_state(state, noun or "document")
    return name_thing(own)


def _not_tried(said: Sequence[str], wish: Wish, request: str | None) -> FoundCause | None:
    """Told how to do or to find it oneself, or given a guess: the system does not have it."""
    how = [match for text in said if (match := _TOLD_HOW.match(text))]
    told = bool(how) or any(signs.tells_how(text) for text in said)
    if wish.kind == "deed" and wish.name and (told or any(map(signs.hands_over, said))):
        return FoundCause("capability gap", _kind_of_deed(wish.name, False, request), wish.name)
    if wish.kind == "attribute" and (told or any(map(signs.guesses, said))):
        return FoundCause("inventory gap", "metadata incomplete", wish.name)
    if wish.kind == "how":
        return None
    for match in how:
        verb = base_verb(match["verb"])
        if verb in FINDING_VERBS:
            state = next((w for w in tokens(match["rest"]) if is_past(w)), None)
            name = _named(thing_of(match["rest"]), [state] if state else [], wish)
            return FoundCause("inventory gap", "not indexed", name)
        name = name_deed(verb, match["rest"]) if verb in DEEDS else None
        if name:
            return FoundCause("capability gap", _kind_of_deed(name, False, request), name)
    return None


def _left_over(said: Sequence[str], denials: Sequence[Denial], wish: Wish, *, asked: bool) -> Cause:
    if not asked and wish.kind == "other" and any(map(signs.misunderstands, said)):
        return "user input"
    stock = any(map(signs.evades, said))
    if wish.kind in ("find", "attribute") and not stock:
        return "undetermined"
    if denials and all(denial.kind == "broken" for denial in denials):
        return "undetermined"
    if stock or any(map(signs.states, said)):
        return "answer quality"
    return "undetermined"
