"""The words by which a user corrects an answer, asks again, says it anew or leaves.

Everyday vocabulary, in English and, more thinly, in the other languages most chats are in. All
patterns read plain lower-case text (see `outcome_signs.plain`) with its apostrophes put back.
"""

from __future__ import annotations

import re

_THAT = r"(?:that|this|it|these|those|they)"
_ARE_NOT = r"(?:(?:'s| is|'re| are| was| were)(?:n't| not)|isn't|ain't)"

_CORRECTION = re.compile(
    rf"\b{_THAT}(?:'s| is|'re| are| was| were) (?:\w+ )?(?:wrong|incorrect|untrue|false|"
    rf"something else|another|made up)\b|\b{_THAT}(?:'s| is|'re| are) (?:a |an |the )?(?:\w+ "
    rf")?(?:different|other|wrong)\b|\b(?:that|this|it){_ARE_NOT} (?:it\b|right|correct|true|"
    rf"what i|the (?:one|right|thing)|"
    r"mine|my (?:problem|question))|\bnot what i (?:asked|meant|wanted|said|need)|^\W*wrong\b|"
    r"\b(?<!the )(?:\w+ )?wrong (?:one|file|document|answer|date|number|version|person|place|"
    r"language|error|page|name|city|day|time|order|account)\b|\byou (?:got|have) (?:it|that|"
    r"this) (?:all )?wrong|\byou (?:misunderstood|misread|made (?:a mistake|that up|it up)|mixed "
    r"up)\b|\bi (?:didn't|did not|never) (?:ask (?:for|about)|say (?:that|this)|want (?:that|"
    r"this))\b|\b(?:doesn't|does not) exist\b|\bthere(?:'s| is) no such\b|\bno such (?:\w+ "
    r")?(?:option|menu|button|setting|parameter|function|file)|\byou say\b.{0,40}\bbut\b|(?<!so "
    r")(?<!do )\bi know (?:what|how)(?: \w+){1,4}? (?:is|are|works?)\b|\bi know how to\b|\bnot "
    r"asking (?:for|about|how)\b|\b(?:it|that) can't be\b|^\W*(?:the \w+ |it |that )?(?:\w+ "
    r")?(?:isn't|wasn't|aren't) (?:right|correct|true|my|our|the)\b|\bsame (?:result|error|thing|"
    r"problem|issue|answer|screen)\b|\bstill (?:not|no|doesn't|isn't|can't|the same|an error|"
    r"wrong|broken|failing|fails|nothing)\b|\b(?:it's|is|that's) not in (?:there|here|my)\b|"
    r"\bnothing (?:was|has been|is) \w+|^\W*(?:i've|i have) (?:already )?(?:done|tried|checked|"
    r"restarted|read|followed)\b|\bi already (?:did|tried|have)\b|\beso no es|das (?:ist|war|"
    r"stimmt) (?:\w+ )?(?:falsch|nicht)|ce n'est pas (?:ça|ce)|não é isso|non è (?:quello|questo)|"
    r"dat (?:is|klopt) niet\b|違います|不对",
)
# "No" turns an answer down, unless it replies to a question or an offer.
_NO = re.compile(
    rf"^\W*(?:no+|nope|nah)[\s.!]*$|^\W*(?:no+|nope|nah)[\s,.!]+(?:{_THAT}(?:'s| is|'re| are)|not|"
    rf"i "
    r"(?:said|meant|asked|have|want(?:ed)?|need)|the|your?)\b",
)
# Something else is wanted than before: a new constraint, not the same goal again.
_REFINES = re.compile(
    r"^\W*(?:(?:ok|okay|alright|hm+|well|oh|and|then|so|no|great|thanks?)\W+)*(?:how about|what "
    r"about|try|maybe|make it|in that case|is there (?:any|another)|any other|do you have any|"
    r"let's try)\b|\b(?:(?:how|what) about (?!the (?:other|rest|second))|(?:can|could) (?:you|we|"
    r"i) try|actually|on second thoughts?|chang(?:e|ed|ing) (?:it|that|this|the|my|to)|switch to|"
    r"just (?:remembered|realized|realised|noticed|heard|found out|got|saw)|remembered|(?:another|"
    r"different|other) (?:day|date|time|week|month|one|option|place|room|flight|city|name|"
    r"number))\b"
)
# Takes the answer, as it is or with thanks.
_TAKES = re.compile(
    r"\b(?:thank(?:s| you)|thx|perfect|great|awesome|excellent|sounds (?:good|great|fine)|that "
    r"works|yes please|yep|sure|no (?:problem|worries)|i (?:will|'ll) try)\b(?! for nothing)"
)
# Asks something, with or without a question mark.
_QUESTION = re.compile(
    r"[?？]|^\W*(?:(?:ok|okay|so|and|but|then|well|please|again)\W+)*(?:who|what|which|when|where|"
    r"why|how|is|are|does|do|did|can|could|will|would|has|have)\b",
)
_ASKED_AGAIN = re.compile(
    rf"^\W*(?:hello|hi|hey|anyone|anybody)\W*\?+|^\W*(?:and|so|well)\?|\byou (?:didn't|did not|"
    r"haven't|have not|never|still haven't) (?:\w+ )?(?:answer(?:ed)?|say|said|tell|told|"
    r"respond(?:ed)?|mention(?:ed)?|explain(?:ed)?)\b|\byou (?:just )?(?:skipped|skiped|ignored|"
    r"missed|left out|forgot|dodged|avoided)\b|"
    rf"\b{_THAT}(?: does|'s| is| did)?(?:n't| not) (?:really |even |actually )?(?:an? |the )?"
    r"(?:answer\w*|reply|help\w*)\b|\b(?:what|how) (?:am i|are we|do i|should i) (?:supposed|"
    r"meant) to do\b|\bsupposed to (?:do|make) (?:of |with )?(?:this|that|it)\b|\bis (?:that|this|"
    r"it) (?:a )?yes or|\byes or (?:a )?no\b\W*$|\bwhat (?:does|do|did) (?:that|this|it|you|these|"
    r"those) (?:\w+ )?mean\b|\bwhat do you mean\b|\b(?:i )?(?:still )?(?:don't|do not|can't|"
    r"cannot) (?:really )?(?:see|understand|get|follow|know) (?:how|what|why|it|that|this|any|"
    r"you)\b|\bhow (?:does|is) (?:that|this|it) (?:help|useful|answer|relevant)|\bis that (?:all|"
    r"it|everything)\b|\bwhat about the (?:other|rest|second|missing|remaining)\b|\bwhere(?:'s| "
    r"is| are) the (?:rest|other|second|actual|answer)\b|\b(?:makes no|doesn't make (?:any "
    r")?)sense\b|\bi'?m (?:confused|lost)\b|\b(?:too )?(?:vague|unclear|not clear)\b|\b(?:can|"
    r"could) you (?:clarify|be (?:more )?(?:specific|clear\w*))\b|\bor not\W*$|\bdid you even\b|"
    r"\bdo you (?:even|just)\b|\bor do you just\b|^\W*(?:what|huh|sorry|pardon|excuse "
    r"me)\W*\?+\W*$|\bwhen\?\?|^\W*still (?:waiting|there)\b|\bare you (?:still )?there\b|\bwas "
    r"(?:heißt|bedeutet) das|qué significa|que veut dire|何ですか",
)
# A follow-up question; after an answer that gave nothing it asks for what was missing.
_FOLLOWS_UP = re.compile(
    r"^\W*(?:and|but|so)\W+(?:why|when|where|how|what|which|who|will|is|are|can|does)\b",
)
_SAID_ANEW = re.compile(
    r"\b(?:let me|i'll|i will|to) (?:\w+ )?(?:rephrase|put it|say it|say that|try (?:this |that |"
    r"it )?again|ask (?:you )?(?:again|(?:in )?(?:another|a different|differently))|explain|"
    r"describe|repeat|restate|start (?:again|over))\b|\bput it (?:another way|differently|like "
    r"this|simply)\b|\bin other words\b|\bother way (?:round|around)\b|\bwhat i(?:'m| am)? "
    r"(?:\w+ )?(?:want|need|mean|meant|after|asking|looking for|wanted|asked)\b|\bi (?:mean|meant|"
    r"said|asked|already (?:said|told|gave|asked|tried|did))\b|\bas i (?:said|wrote|mentioned)\b|"
    r"\blike i said\b|\b(?:so |once |ok )?(?:again|once more)\b ?[:,]|\bonce more\b|\bto be "
    r"(?:clear|concrete|precise|specific|exact)\b|\b(?:the|my) question (?:was|is)\b|\bsimple "
    r"question\b|\bas in\b|\bi(?:'m| am) (?:only )?asking\b|\bjust the\b|\bok only this\b|\bin "
    r"(?:words|plain words|one sentence|short)\b|\b(?:actual|real|really|actually|for "
    r"real)\b.{0,30}\b(?:book|send|write|do|make|schedule)|\b(?:book|send|schedule|do) it for "
    r"real\b|\b(?:instead of|not|rather than) (?:telling|advice|tips|instructions|a list|the "
    r"table)\b|[,;] (?:so )?not (?:(?:the|a|an|just|only) )?\w+|\bnot (?:one by one|a \w+ per)\b|"
    r"^\W*(?:don't|do not) \w+ (?:it|that|them), |\b(?:nicht|keinen?|pas|non|niet) (?:\w+ )?\w+, "
    r"(?:sondern )?\w+|, pas (?:un|le|la|des)\b|\bwirklich\b|\bnoch (?:ein)?mal\b|\botra vez\b|"
    r"\bencore une fois\b|\bde novo\b|\bdi nuovo\b|\bnog een keer\b",
)
_LEAVING = re.compile(
    r"\b(?:never ?mind|nvm|forget (?:it|about it|this|that)|(?:i |i'll |i'm |we )?giv(?:e|ing) up|"
    r"useless|pointless|waste of (?:my |our )?time|not worth|(?:goes|going|getting|leads) nowhere|"
    r"no point|you (?:can't|cannot|can not|won't|couldn't) (?:\w+ )?help|no help|(?:i'm|im|"
    r"we're) (?:done with|out of here)|(?:don't|do not) bother|leave it|drop it|i(?:'ve| "
    r"have) had enough|olvídalo|déjalo|laisse[zr]? tomber|vergiss es|lass (?:es|gut sein)|esquece|"
    r"deixa pra lá|lascia (?:stare|perdere)|laat maar)\b|"
    r"^\W*whatever\b\W*(?:\w+\W*){0,2}$|もういい|算了",
)
# Gets it from somewhere else, or another way.
_ELSEWHERE = re.compile(
    r"\b(?:i'll|i will|ill|i'm going to|i'd better|we'll|guess i'll|will|gonna|have to|must) "
    r"(?:\w+ ){0,2}?(?:find (?:another|some other|a different|someone)|ask (?!you\b|that\b|this\b|"
    r"for\b)\w+|(?:call|phone|ring|contact|e-?mail|write to|talk to|speak to|check with) (?!you\b|"
    r"it\b|that\b|this\b)\w+|(?:look|search|try) (?:elsewhere|somewhere else|another|some other|"
    r"at (?:the|my|our) \w+)|(?:keep|go on|continue) (?:looking|searching|trying)|take (?:a|one|"
    r"another|the) \w+|request|scrape)\b|\bopening a ticket\b|\b(?:speak|talk) to (?:a|an|your) "
    r"(?:real |human|person|manager|supervisor|agent)|\breal person\b",
)
# By own hands, or with a sigh.
_BY_HAND = re.compile(
    r"\b(?:(?:do|doing|write|writing|make|fix|sort|count|search|look|read|reading|dig|go|find|"
    r"zoom|type)\b.{0,30}\b(?:my ?self|ourselves|by hand|manually|the old way|forever)|by hand "
    r"then|sigh|like (?:every|always)|(?:turn|switch)ing (?:\w+ ){1,3}off)\b|"
    r"^\W*(?:(?:ok|so|then)\W+)?(?:(?!(?:t?here|that|how|what|where|so|as|oh|ah)\b)\w+ ){1,2}it is"
    r"\W*$",
)
# "Never mind, please go ahead" takes back a remark, not the request.
_GOES_ON = re.compile(
    r"\b(?:never ?mind|nvm|forget (?:it|that|this|about it|my \w+))\b.{0,20}\b(?:please|go ahead|"
    r"can you|could you|does|what|how|just)\b"
)
# A calm leave-taking is a polite exit, not a voice raised.
_CALM = re.compile(
    r"^\W*(?:ok|okay|k|alright|all right|right|fine|well|hm+|mhm|oh|ah|sure|no problem|no worries|"
    r"that's (?:ok|okay|fine|alright)|thanks?|thank you|thx|got it|i see|understood|noted|cool|"
    r"good)\b",
)
_BARE_NEGATION = re.compile(
    r"\b(ca|do|wo|did|does|is|could|was|have|would|are|has|were|should)nt\b",
)
_BARE_IS = re.compile(r"\b(that|what|it|there|where|how|who)s\b")


def spelled(text: str) -> str:
    """Lower case, with the apostrophes that hasty users leave out ("cant", "thats") put back."""
    text = text.lower().replace("’", "'").replace("`", "'")
    return _BARE_IS.sub(r"\1's", _BARE_NEGATION.sub(r"\1n't", text))


def corrects(text: str, *, asked: bool) -> bool:
    """Whether a (spelled) text says that an answer is wrong or another thing than was asked for.

    `asked` says that the text replies to a question, which a mere "no" answers rather than rejects.
    """
    return bool(_CORRECTION.search(text)) or (not asked and bool(_NO.search(text)))


def takes(text: str) -> bool:
    """Whether a (spelled) text takes what was answered."""
    return bool(_TAKES.search(text))


def questions(text: str) -> bool:
    """Whether a (spelled) text asks something."""
    return bool(_QUESTION.search(text))


def refines(text: str) -> bool:
    """Whether a (spelled) text changes what is asked for or adds a constraint."""
    return bool(_REFINES.search(text))


def asks_again(text: str) -> bool:
    """Whether a (spelled) text says that an answer lacks something or cannot be understood."""
    return bool(_ASKED_AGAIN.search(text))


def follows_up(text: str) -> bool:
    """Whether a (spelled) text goes on asking about what was said."""
    return bool(_FOLLOWS_UP.search(text))


def says_anew(text: str) -> bool:
    """Whether a (spelled) text announces that the same thing is said in other words."""
    return bool(_SAID_ANEW.search(text))


def leaves(text: str, *, asked: bool) -> bool:
    """Whether a (spelled) text says that the user stops trying; a calm goodbye does not.

    `asked` says that the text replies to a question: to go another way then answers it.
    """
    if _GOES_ON.search(text):
        return False
    if _LEAVING.search(text) or _BY_HAND.search(text):
        return True
    return bool(_ELSEWHERE.search(text)) and not asked and not _CALM.match(text)
