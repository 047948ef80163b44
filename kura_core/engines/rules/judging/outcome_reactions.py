"""The words by which a user takes an answer, turns it down or leaves.

Everyday vocabulary, in English and, more thinly, in the other languages most chats are in.
Unbounded repeats are over single words only, and no more than a message's start is read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kura_core.engines.rules.judging.outcome_answers import READ_CHARACTERS
from kura_core.engines.rules.judging.outcome_signs import plain
from kura_core.engines.rules.request import is_social
from kura_core.engines.rules.words import content_stems, jaccard, tokens
from kura_core.types import Message

# Share of topic words from which a message is the request once more.
_SAME = 0.6
# Where a message asks or offers something: its end.
_TAIL = 120

_PRAISE = re.compile(
    r"\b(?:that(?:'s| is| has)? (?:\w+ )?(?:work\w*|helped|helps|did it|does it|fixed it|solved|"
    r"it$|perfect|exactly|great|awesome|better|clear\w*|what i (?:need|want)\w*|makes sense)|"
    r"makes sense|(?:it|this|that) work(?:s|ed)|works (?:now|great|perfectly|fine|like)|worked|"
    r"problem solved|perfect|exactly what|got it working|solved|awesome|excellent|brilliant|life "
    r"?saver|love it|nice one|well done|good (?:job|one|catch|to know)|there it is|found it|got "
    r"it|you(?:'re| are) (?:the best|amazing|great|awesome|a star)|(?:very|super|so|really|most) "
    r"(?:helpful|useful|clear|kind)|great help|great,? (?:thanks|thank)|saved? (?:me|my)|just "
    r"what|spot on|perfecto|parfait|perfekt|perfeito|perfetto|génial|genial|funktioniert|funciona|"
    r"funcionou|ça marche|funziona|werkt|отлично|süper)\b|完璧|助かりました|完美|太好了|완벽",
)
_THANKS = re.compile(
    r"\b(?:sounds (?:good|great|fine|nice|perfect)|than(?:ks?|x)|thx|tnx|ty|cheers|gracias|merci|"
    r"danke|obrigad[oa]|grazie|bedankt|dank|tack|takk|tak|dzięki|dziękuję|спасибо|teşekkür\w*)|"
    r"ありがと|谢谢|감사",
)
_REJECTION = re.compile(
    r"\b(?:(?:that|this|it)(?:'s| is| was)?(?:n't| not)? (?:\w+ )?(?:wrong|incorrect|useless|"
    r"nonsense|no (?:help|use|good|answer)|not (?:right|correct|what|working|it|helpful|true|an "
    r"answer|the)|what i (?:asked|meant|wanted))|(?:that|this|it)(?: is|'s)?(?:n't| not|nt) (?:it|"
    r"right|correct|true|helpful|an answer|what|the (?:one|right|question|answer|point))|that'?s "
    r"(?:\w+ )?(?:something else|another|a different|old)|(?:that|this|it|still) (?:does|did|do|"
    r"is|was)?(?:n't| not) (?:\w+ )?(?:work\w*|help\w*|what|right|correct|answer|find|open|load|"
    r"change|do)|still (?:not|no|can't|doesn't|don't|the same|wrong|nothing|get|getting|missing|"
    r"broken|fails|failing)|not what i|not asking|(?:didn't|don't|did not|not) (?:really )?answer|"
    r"i (?:said|meant|asked|already)|you (?:missed|skipped|ignored|forgot|misunderstood|didn't|"
    r"did not|can't help|cannot help|don't (?:know|understand|get|listen)|got it wrong|made (?:a "
    r"mistake|that up)|keep|just repeat\w*)|doesn't work|didn't work|not working|same (?:error|"
    r"answer|thing|text)|useless|pointless|waste of|no help|not (?:helpful|helping|useful|worth)|"
    r"is that (?:all|it)\b|wrong (?:file|one|document|answer|date|number|version|person|place|"
    r"language)|never ?mind|nvm|nevermind|forget (?:it|about it)|(?:i |i'll |i'm )?giv(?:e|ing) "
    r"up|thanks? (?:you )?(?:anyway|anyways|for (?:trying|looking|nothing|checking))|that sucks|"
    r"disappoint\w+|too bad|oh well|whatever|ridiculous|unbelievable|switching (?:it|this|you|the "
    r"\w+) off|no (?:me )?sirve|eso no es|olvídalo|déjalo|ce n'est pas|pas ça|laisse[zr]? tomber|"
    r"vergiss es|das (?:ist|war|stimmt|hilft|geht) (?:\w+ )?(?:falsch|nicht)|não é isso|esquece|"
    r"deixa pra lá|non è quello|lascia (?:stare|perdere)|dat (?:is|klopt|bedoel)\b.{0,12}? niet|"
    r"laat maar)\b|違います|もういい|不对|算了",
)
# "No, I want …" turns an answer down, unless it replies to a question or an offer.
_NO = re.compile(
    r"\bno[,.!]+ (?:i (?:said|meant|asked|need|want|don't)|that(?:'s| is) (?:not|wrong)|not|"
    r"it(?:'s| is| does)n?(?:'t| not))\b",
)
_OFFER = re.compile(r"[?？]|\b(?:do you|would you|shall i|should i|can i|may i|anything else)\b")
# The user will get it from somebody or somewhere else, or by own hands.
_ELSEWHERE = re.compile(
    r"\b(?:(?:i'll|i will|ill|i'm going to|i can|let me|i'd better|guess i'll|have to|rather|then "
    r"i) (?:just |then |go |go and |better |have to |try to )?(?:(?:do|write|find|make|fix|sort|"
    r"type|count|figure|search|look)\b.{0,25}?\b(?:myself|by hand|manually|elsewhere|another|some "
    r"other|the old way|out)|(?:ask|phone|ring|bother|write to|check with|talk to|speak to|wait "
    r"for|try) (?!you\b|that\b|this\b|it\b)(?:\w+ )?\w+|(?:call|contact|e-?mail) (?!you\b|it\b|"
    r"that\b)(?:\w+ )?(?:support|them|someone|somebody|him|her|service|it|bank|airline|office)|"
    r"look elsewhere|find (?:another|someone|somebody|it))|(?:speak|talk) to (?:a|an|your) "
    r"(?:real |human|person|manager|supervisor|agent)|real person|by hand then|\w+ (?:it|this|"
    r"that) (?:myself|by hand|manually))\b",
)
_BARE_NEGATION = re.compile(
    r"\b(ca|do|wo|did|does|is|could|was|have|would|are)nt\b",
)


def _spelled(text: str) -> str:
    """Plain text with the apostrophe that hasty users leave out ("cant") put back."""
    return _BARE_NEGATION.sub(r"\1n't", plain(text))


def turns_down(text: str, *, asked: bool = False) -> bool:
    """Whether a user turns an answer down, gives up, or leaves to get the thing elsewhere.

    `asked` says that the words reply to a question, which a "no" answers rather than rejects.
    """
    text = _spelled(text)
    if not asked and _NO.search(text):
        return True
    return bool(_REJECTION.search(text) or _ELSEWHERE.search(text))


def reaction_after(messages: Sequence[Message], after: int, request: str) -> int:
    """The user's words after a message: 2 praise, 1 thanks or assent, 0 nothing of either, -1 a
    complaint, the request again, or leaving for somewhere else."""
    found = 0
    asked = set(content_stems(request[:READ_CHARACTERS]))
    for place in range(after + 1, len(messages)):
        if messages[place].role != "user":
            continue
        text = messages[place].content[:READ_CHARACTERS]
        tail = plain(messages[place - 1].content[-_TAIL:])
        if turns_down(text, asked=bool(_OFFER.search(tail))):
            return -1
        if _PRAISE.search(plain(text)):
            found = 2
        elif _THANKS.search(plain(text)):
            found = max(found, 1)
        elif not is_social(tokens(text), text) and jaccard(asked, content_stems(text)) >= _SAME:
            return -1
    return found
