"""What an answer says cannot be done, cannot be seen or is not there, and what it says it of.

Everyday wording of English assistants; unbounded repeats are over single words only, and callers
pass single sentences.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from kura_core.engines.rules.words import base_verb, is_content, tokens

DenialKind = Literal["deed", "sight", "fact", "link", "policy", "stock", "user", "broken"]

_SENTENCE = 400
_SELF = (
    r"(?:i|we|it|(?:this|the) (?:\w+ )?(?:assistant|tool|app|application|system|ai|bot|chat|"
    r"integration|connector|version|plan)|and|but|still|that)"
)
_CANNOT = re.compile(
    rf"(?:\b{_SELF}(?: (?:am|are|is|was|were)|'m|'re|'s)?(?: \w+){{0,2}}? )?(?:\b(?:can't|cannot|"
    r"can not|couldn't|could not|won't be able to|won't let (?:me|us)|never|"
    r"(?:not|n't) (?:\w+ )?(?:able|allowed|permitted|authori[sz]ed|"
    r"set up|equipped|designed|trained) to|unable to|failed to|(?:(?:do|does|did)"
    r"(?:n't| not)|no|don't yet) (?:\w+ )?(?:have )?(?:the |a |any )?(?:ability|permission|tools?|"
    r"functionality|capability|capabilities|means|way|rights?|feature|option|authority) (?:to|for|"
    r"of)|have no (?:ability|permission|tools?|means|way|rights?|authority) (?:to|for|of)))\s+"
    r"(?P<rest>.+)",
    re.IGNORECASE,
)
_SUPPORT = re.compile(
    r"\b(?:do|does)(?:n't| not) (?:\w+ )?(?:support|offer|do|handle|provide|include) "
    r"(?P<rest>.+)|\b(?:there(?:'s| is)|we have|i have) (?:currently )?no (?:option|setting|"
    r"feature|function|button|way|integration|support) (?:for|to|with) (?P<way>.+)",
    re.IGNORECASE,
)
# "Sending e-mail isn't something I can do", "Sending it is still up to you".
_GERUND = re.compile(
    r"(?:^|[,.;:] |\b(?:but|and|that|unfortunately|sorry)\W+)(?P<rest>\w+ing\b[^,.;:]{0,50}?) "
    r"(?:(?:is|are)(?:n't| not) (?:\w+ )?(?:something|a thing|things?|possible|supported|"
    r"available|part of|in my|within|yet)|is (?:\w+ )?(?:up to you|left to you|your job)|"
    r"(?:is|are) (?:beyond|outside|out of))\b",
    re.IGNORECASE,
)
_NOT_MINE = re.compile(
    r"\b\w+ (?:is|are)(?:n't| not) (?:\w+ )?(?:something|things?) (?:i|we)\b", re.IGNORECASE
)
_SELF_SERVICE = re.compile(
    r"\byou(?:'ll| will| would)? (?:\w+ )?(?:have to|need to|must|should) (?P<rest>(?:\w+ ){1,6}?)"
    r"(?:yourself|manually|by hand|on your own)\b",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"\b(?:(?:can't|cannot|can not|couldn't|unable to|not able to) (?:\w+ )?(?:connect|link|log ?in"
    r"|sign ?in|hook (?:up|in)) (?:up )?(?:in )?(?:to|with|into)|no (?:\w+ )?(?:connection|link|"
    r"integration|connector) (?:to|with|for)|(?:n't|not) (?:\w+ )?(?:connected|linked|integrated|"
    r"hooked up) (?:to|with|into))\s+(?P<rest>.+)",
    re.IGNORECASE,
)
_ACCESS = re.compile(
    r"\b(?:have (?:no|\w+n't) (?:\w+ )?access|(?:don't|do not|doesn't|not|n't|no longer|no|without)"
    r" (?:\w+ ){0,3}?access|(?:no|n't|not) (?:\w+ ){0,2}?(?:visibility|insight)) (?:to|into|for|"
    r"of)\s+(?P<rest>.+)",
    re.IGNORECASE,
)
_NOT_THERE = re.compile(
    r"\b(?:i|we)(?:'ve| have| could| can)? (?:\w+ )?(?:found|see|find|have|know|know of|got) "
    r"(?:no|zero|0|nothing|none)\b(?P<rest>.*)|\b(?:i|we|it) (?:\w+ )?(?:do|did|does)(?:n't| not) "
    r"(?:\w+ )?(?:see|find|have|know|hold|contain|locate|get|show|recogni[sz]e|store|keep|track|"
    r"record) (?P<seen>.+)|\b(?:found|returned|were|was|are|is) (?:no|zero|0|not any) (?P<none>.+)|"
    r"\bthere(?:'s| is| are| was| were)n't (?:any |a )?(?P<no>.+)",
    re.IGNORECASE,
)
_NOT_AMONG = re.compile(
    r"(?:^|\b(?:that|like|but|unfortunately|sorry|afraid)\b\W*)(?P<rest>(?:the|your|this|that|"
    r"these|those|my|any|all|no|its|their|a)?\s?(?:[\w'-]+ ){1,5}?)(?:is|are|was|were)(?:n't| not)"
    r" (?:\w+ )?(?:among|in|part of|available|indexed|listed|found|stored|recorded|kept|on file|"
    r"known|there|here|included|tracked|uploaded|visible)\b",
    re.IGNORECASE,
)
_NO_MATCH = re.compile(
    r"\b(?:no|zero|0) (?P<rest>(?:[\w'-]+ ){1,5}?)(?:(?:is|are|was|were|has been|have been|could "
    r"be) )?(?:found|match\w*|available|exists?|came up|turned up|on file|indexed|recorded|stored)"
    r"\b|\bnothing (?:found|matches|matching|came up|turned up|on|about|for|in|like)\b"
    r"(?P<nothing>.*)",
    re.IGNORECASE,
)
_ONLY = re.compile(
    r"\b(?:i|we) (?:can )?only (?:see|read|have|get|search|know|take)\b(?P<only>[^,;.]*)"
    r"(?:[,;] (?:but )?not (?P<rest>.+))?|\bis (?:the only|all) (?:\w+ )?(?:i|we) (?:can|could|"
    r"have|know)\b",
    re.IGNORECASE,
)
_POLICY = re.compile(
    r"\b(?:against (?:my|our|the|company|airline) (?:\w+ )?(?:policy|policies|guidelines|rules|"
    r"terms)|(?:policy|policies|guidelines|rules|terms|regulations) (?:\w+ ){0,3}?(?:prevents?|"
    r"prohibits?|forbids?|(?:do|does)(?:n't| not) (?:allow|permit)|(?:is|are) not)|(?:not|n't) "
    r"(?:allowed|permitted|eligible|refundable|appropriate|comfortable)\b|non-refundable|(?:i|we) "
    r"(?:(?:won't|will not)(?! (?:be|have|find|see|know|get|need)\b)|refuse|decline|must decline|"
    r"have to decline|can't in good)|(?:only|is) (?:eligible|entitled|permitted) (?:for|to|if)|"
    r"(?:looks|sounds|seems) like (?:advertising|spam|a scam|promotion)|(?:can't|cannot|can not|"
    r"unable to|not able to|won't) (?:\w+ )?(?:help|assist)(?: you)?(?: with (?:that|this|such)\b|"
    r" promot\w+|[.!,]|$)|(?:can't|cannot|not able to|unable to|won't) (?:\w+ )?(?:give|provide|"
    r"offer|discuss|share|promote|post|engage|generate|create|produce) (?:\w+ ){0,3}?(?:(?:legal|"
    r"medical|financial|investment|tax|personal) (?:\w+ )?advice|promotions?|harmful|explicit|"
    r"offensive|illegal|sensitive|confidential|opinions?|content that|advice)|(?:consult|speak "
    r"(?:to|with)|see) a (?:\w+ )?(?:lawyer|attorney|doctor|physician|professional|accountant|"
    r"financial adviser))\b",
    re.IGNORECASE,
)
# Who complains of the product names it, or what it keeps them from.
_OF_PRODUCT = re.compile(
    r"\bwhy (?:can't|cannot|can not|doesn't|does|don't|won't|couldn't|didn't|is|isn't|do|can) "
    r"(?:\w+ )?(?:it|you|this|they|the (?:\w+ )?(?:ai|assistant|bot|app|tool|search|system|chat)|"
    r"i|we)\b|\b(?:it|you|the (?:\w+ )?(?:ai|assistant|bot|app|tool|search|system)) (?:\w+ )?"
    r"(?:can't|cannot|can not|doesn't|does not|don't|won't|couldn't|never|didn't)\b|"
    r"\b(?:i|we) (?:can't|cannot|can not|couldn't) .{2,60}\b(?:through|with|via|using|from|in) "
    r"(?:the |this )?(?:\w+ )?(?:ai|assistant|bot|app|tool|chat|system)\b",
    re.IGNORECASE,
)
_ASKED_WHY = re.compile(
    r"\b(can't|cannot|can not|doesn't|don't|won't|couldn't|didn't|isn't) (?:it|you|this|they|i|we|"
    r"the (?:\w+ )?(?:ai|assistant|bot|app|tool|search|system|chat)) ",
    re.IGNORECASE,
)
# A denial that gives a rule as its reason.
_RULE = re.compile(
    r"\b(?:policy|policies|eligib\w+|entitled|terms|regulations|guidelines|restrictions|"
    r"(?:do|does)(?:n't| not) (?:meet|qualify|violate)|conditions for|not authori[sz]ed)\b",
    re.IGNORECASE,
)
# Nothing is left of what one could have had; the system looked, and its answer is no.
_STOCK = re.compile(
    r"\b(?:(?:no|n't any|not|no longer|isn't|aren't) (?:\w+ ){0,4}?(?:availab\w+|in stock|vacan\w+)"
    r"(?! to (?:me|us)\b)|sold out|fully booked|out of stock|(?:not|n't) (?:be )?able to "
    r"(?:accommodate|accomodate|make|fit|seat)|unavailable (?:at|on|for|during))\b",
    re.IGNORECASE,
)
_STOCKED = re.compile(
    r"\b(?:dates?|times?|slots?|rooms?|tables?|seats?|flights?|appointments?|tickets?|viewings?|"
    r"products?|items?|sizes?|colou?rs?|requested|preferred|any ?more|accomm?odate|\d ?[ap]m)\b",
    re.IGNORECASE,
)
_UNKNOWN_USER = re.compile(
    r"\b(?:authenticate|verify|identify|confirm) (?:you|your (?:\w+ )?(?:identity|account|details|"
    r"information))\b|\b(?:incorrect|wrong|invalid) (?:\w+ )?(?:password|pin|code|number|answer|"
    r"id)\b|\b(?:pin|password|answer|details|information|name|number) (?:\w+ ){0,4}?(?:(?:do|does)"
    r"(?:n't| not) match|(?:is|are) (?:incorrect|wrong|invalid))",
    re.IGNORECASE,
)
_BROKEN = re.compile(
    r"\b(?:something went wrong|an? (?:\w+ )?error (?:occurred|has occurred)|(?:could|can) ?not be "
    r"(?:completed|processed|loaded|opened)|couldn't be (?:completed|processed|loaded|opened)|"
    r"(?:failed|timed out|crashed|rejected|unsuccessful|declined|denied)(?: again)?\b|try again "
    r"later|temporarily unavailable)",
    re.IGNORECASE,
)
# To see, to tell and to do are denied in the same words; the verb says which it is.
_SEEING = frozenset(
    "find see locate look search retrieve view read access check detect identify get fetch pull "
    "recognise recognize trace track spot show open list discover".split()
)
_TELLING = frozenset("tell say know determine confirm verify judge answer remember recall".split())
_SAYING = frozenset("provide give share offer display disclose".split())
_EMPTY = frozenset("do help assist promise guarantee wait be have imagine thank make take".split())
_ADVERBS = frozenset(
    "currently directly actually yet also even still really just not to personally "
    "automatically physically the then now you".split()
)


@dataclass(slots=True, frozen=True)
class Denial:
    """One denial: `rest` is what it is of, in the answer's words; `verb` what cannot be done."""

    kind: DenialKind
    rest: str
    verb: str | None = None


def read_denials(sentence: str) -> list[Denial]:
    """Every denial in one sentence of an answer, the most telling first; [] where it has none."""
    text = sentence[:_SENTENCE].replace("’", "'")
    found: list[Denial] = []
    if _POLICY.search(text) or (_RULE.search(text) and _CANNOT.search(text)):
        return [Denial("policy", "")]
    if _UNKNOWN_USER.search(text):
        return [Denial("user", "")]
    if _STOCK.search(text) and _STOCKED.search(text):
        return [Denial("stock", "")]
    link = _LINK.search(text) or None
    if link:
        found.append(Denial("link", link["rest"], "connect"))
    access = _ACCESS.search(text)
    if access and not link:
        found.append(Denial("sight", access["rest"], "access"))
    for pattern in (_GERUND, _SELF_SERVICE, _SUPPORT):
        match = pattern.search(text)
        if match:
            said = match["rest"] or match.groupdict().get("way") or ""
            # "doesn't support recurring events": the thing itself.
            thing = pattern is _SUPPORT and not said.split(" ")[0].endswith("ing")
            found.extend([Denial("deed", said, "support")] if thing else _of_verb(said))
    if not found and _NOT_MINE.search(text):
        found.append(Denial("deed", ""))
    cannot = _CANNOT.search(text)
    if cannot and not link and not access:
        found.extend(_of_verb(cannot["rest"]))
    for pattern in (_NOT_THERE, _NO_MATCH, _NOT_AMONG):
        match = pattern.search(text)
        if match:
            said = next((group for group in match.groups() if group), "")
            found.append(Denial("fact", said))
    only = _ONLY.search(text)
    if only:
        found.append(Denial("fact", only["rest"] or only["only"] or ""))
    if not found and _BROKEN.search(text):
        found.append(Denial("broken", ""))
    return found


def read_complaints(sentence: str) -> list[Denial]:
    """What a user says that the product cannot do, find or know; [] where nothing of the kind."""
    text = sentence[:_SENTENCE].replace("’", "'")
    if not _OF_PRODUCT.search(text):
        return []
    kinds = ("deed", "fact", "sight", "link")
    return [
        denial for denial in read_denials(_ASKED_WHY.sub(r"it \1 ", text)) if denial.kind in kinds
    ]


def _of_verb(rest: str) -> list[Denial]:
    """The denials of a verb phrase: "see or change calendars" denies two things."""
    words = tokens(rest)
    while words and words[0].lower() in _ADVERBS:
        words = words[1:]
    if not words:
        return []
    if words[0].lower() == "be":
        return [Denial("broken", "")]
    verb = base_verb(words[0]) or words[0].lower()
    if len(words) > 3 and words[1].lower() in {"or", "and"} and base_verb(words[2]):
        return [*_of_verb(" ".join(words[2:])), *_kind_of(verb, " ".join(words[3:]))]
    return _kind_of(verb, " ".join(words[1:]))


def _kind_of(verb: str, said: str) -> list[Denial]:
    if verb in _SEEING:
        return [Denial("sight" if verb in {"access", "see", "open"} else "fact", said, verb)]
    if verb in _TELLING or verb in _SAYING:
        return [Denial("fact", said, verb)]
    if verb in _EMPTY or not any(is_content(word) for word in (verb, *tokens(said))):
        return [Denial("deed", "", None)]
    return [Denial("deed", said, verb)]
