"""The words by which an answer denies, evades or delivers, and by which a user takes or leaves it.

Everyday vocabulary of support and assistant chats, in English and, more thinly, in the other
languages most chats are in. No pattern holds an open-ended repeat, so each is linear in its text.
"""

from __future__ import annotations

import re

# "I cannot …": whoever speaks says that it did not or will not do the thing.
_OWN_DENIAL = re.compile(
    r"\b(?:(?:i|we)(?:'m| am| are|'re| was| were)? (?:\w+ ){0,2}?(?:unable|not able|not allowed|"
    r"not permitted|not authori[sz]ed|not trained|not familiar|not sure)|"
    r"(?:i|we) (?:\w+ )?(?:can't|cannot|can not|couldn't|could not|won't be able|wasn't able|"
    r"weren't able|won't|failed to|found no(?:thing)?\b|see no|have no|know no|find no)|"
    r"(?:i|we) (?:\w+ )?(?:do|does|did)(?:n't| not) (?:\w+ )?(?:have|support|find|see|know|"
    r"recogni[sz]e|get|offer|understand)|"
    r"(?:i|we)(?:'ve| have)(?:n't| not| never)|(?:is|are)(?:n't| not) (?:something|things?) (?:i|"
    r"we)\b|not something (?:i|we)\b|(?:is|are|lies|falls) (?:outside|beyond) (?:of )?(?:my|our|the "
    r"scope)|i'm only able|i am only able|as an ai\b|my apologies, but|sorry, but|(?:it )?(?:looks|"
    r"seems) like there (?:is|are)(?:n't| no))",
)
# The thing itself is said to be missing, refused or broken.
_PLAIN_DENIAL = re.compile(
    r"\b(?:unfortunately|(?:it|you|he|she|they|that|this) (?:\w+ )?(?:can't|cannot|can not|couldn't"
    r"|could not|won't be able)|"
    r"(?:do|does|did)(?:n't| not) (?:\w+ )?(?:have (?:access|any|the|information|permission|a "
    r"record|enough|that)|support|exist|appear)|"
    r"no (?:\w+ )?(?:results?|match(?:es|ing)?|records?|documents?|files?|data|information|rooms?|"
    r"availability|such|flights?|tickets?|entries|answers?|way|option|explanation|access)\b|"
    r"(?:is|are|was|were) (?:no|not any|nothing)\b|"
    r"(?:is|are|was|were|be)(?:n't| not) (?:\w+ )?(?:found|available|supported|possible|permitted|"
    r"allowed|authori[sz]ed|able|among|included|part of|in (?:the|your|our|my))|"
    r"not (?:yet |currently )?(?:found|available|supported|possible|permitted)|"
    r"(?:request|booking|attempt|payment|search|import|export|operation|upload|transaction"
    r"|reservation|it|this) (?:has |have |was |is )?(?:been )?(?:failed|unsuccessful|rejected|"
    r"denied|declined|timed out)|was unsuccessful|no longer available|unavailable|unauthori[sz]ed|"
    r"nothing (?:here|found|matches|matching|came up)|something went wrong|an error occurred)\b",
)
# The main other languages of chats: "I cannot", "I found no", "unfortunately".
_FOREIGN_DENIAL = re.compile(
    r"\b(?:no (?:he |hemos |se )?(?:encontr\w+|pued\w+|pud\w+|podemos|logr\w+|tengo|dispongo|existe|"
    r"es posible|hay (?:result|document|archiv|ning)\w*)|lamentablemente|desafortunadamente|"
    r"n(?:e |')(?:\w+ ){0,2}?(?:peux|pouvons|peut|ai|avons|trouve|trouvons|parviens|dispose|"
    r"suis|est|existe)\b.{0,25}?\b(?:pas|aucune?|rien|plus)|aucune? (?:résultat|document|fichier|"
    r"donnée|information)s?|malheureusement|"
    r"(?:konnte|konnten|kann|können|finde|finden|habe|haben|ist|sind|wurde|wurden)\b.{0,40}?\b"
    r"(?:nicht|nichts|keine?[nrms]?)|leider|"
    r"não (?:encontr\w+|consig\w+|consegu\w+|pos\w+|tenho|existe|há|foi possível|é possível)|"
    r"infelizmente|non (?:ho|abbiamo|sono|riesc\w+|poss\w+|trov\w+|esist\w+|è (?:possibile|"
    r"disponibile)|ci sono)|purtroppo|"
    r"(?:kan|kon|kunnen|konden|vind|heb|hebben|is|zijn)\b.{0,30}?\b(?:niet|niets|geen)|helaas|"
    r"(?:kan|kunde|kunne|hittade?|fant|fandt)\b.{0,20}?\b(?:inte|inga|inget|ikke|ingen)|tyvärr|"
    r"beklager|desværre|nie (?:mog\w+|można|znala\w+|udało|ma)|niestety|"
    r"не (?:удалось|могу|можем|наш\w+|найден\w*|получилось)|к сожалению|maalesef|bulamad\w+)\b|"
    r"見つかりません|できません|できかね|分かりません|わかりません|ありませんでした|"
    r"対応していません|残念ながら|"
    r"找不到|未找到|没有找到|無法|无法|不能|很遗憾|찾을 수 없|할 수 없|없습니다|불가능|للأسف|لا يمكن|لم أجد|नहीं मिल|नहीं कर",
)
_CONDITION = re.compile(
    r"\b(?:if|when|whenever|unless|in case|so that|ensure|ensures|until|whether|means?|because|"
    r"where|prevents?|why)\b",
)
_APOLOGY = re.compile(
    r"\b(?:sorry|apologi[sz]e|apologies|regret|i'm afraid|i am afraid|lo siento|disculp\w+|"
    r"désolée?s?|tut mir leid|entschuldig\w+|desculpe|lamento|mi dispiace|het spijt|przepraszam|"
    r"извините|üzgünüm)\b|申し訳|抱歉|对不起|죄송",
)
# What is said to anybody, whatever was asked.
_EVASION = re.compile(
    r"\b(?:(?:try|come back|check back)(?: it| that| this)? again (?:later|soon|in a)|please try "
    r"again|(?:try|use) (?:a different|another|other|different) (?:\w+ )?(?:keywords?|terms?|words?|"
    r"search|browser|device|spelling|filters?)|"
    r"(?:check|make sure|ensure|verify|confirm)(?: that| whether| if)? (?:the|your|you|it)\b"
    r"[^.]{0,40} (?:is|are|has been|have been|was|have) (?:\w+ )?(?:correct|valid|uploaded|up to "
    r"date|connected|stable|enabled|installed|active|working|right|set up|online|logged in)\w*|"
    r"check your (?:internet |network )?(?:connection|settings|spelling|input)|"
    r"thanks?(?: you)?(?: again)?(?: so much)? for (?:your|the|this|sharing|reporting|letting|"
    r"bringing|reaching|contacting|understanding)|"
    r"(?:we|i)(?:'re| are| am|'m) (?:always|constantly|continuously|committed)|"
    r"(?:your|the|all) (?:feedback|input|suggestions?|opinion|comments?|patience|understanding) "
    r"(?:is|are|has|have|will|helps?)|we (?:value|take|appreciate|strive)|"
    r"i (?:completely |totally |fully )?(?:understand|hear|appreciate) (?:your|the|how|that this)|"
    r"(?:sorry|apologi[sz]e|apologies) (?:for|about|to hear|that you)|"
    r"(?:please )?(?:contact|reach out to|get in touch with|consult|refer to|speak (?:to|with)|ask|"
    r"call|email|e-mail) (?:\w+ ){0,3}?(?:support|help ?desk|administrator|admin|customer (?:service|"
    r"care)|provider|manufacturer|vendor|team|hr|it department|documentation|manual|professional|"
    r"expert|representative)|"
    r"(?:visit|see|check|read|consult|look at|take a look at) (?:\w+ ){0,2}?(?:help (?:cent(?:er|re)|"
    r"pages?|section)|faqs?|knowledge base|\w+ page|website|web site|support site|documentation|"
    r"guided tour|user guide|manual)|"
    r"(?:you can|to) (?:learn|read|find out|see) (?:more|about)\b|"
    r"(?:clear|clearing|delete) (?:your |the )?(?:browser |browser's )?(?:cache|cookies)|"
    r"(?:restart|reinstall|reboot|refresh|reload|update) (?:your|the) (?:\w+ )?(?:browser|app|"
    r"application|device|computer|page|phone|router|system|software|session)|"
    r"log(?:ging)? out and (?:log(?:ging)? )?(?:back )?in|turn(?:ing)? it off and|"
    r"(?:usually|generally|often|typically) (?:means|caused by|happens|indicates|depends)|"
    r"(?:many|several|various|different|a number of) (?:possible )?(?:reasons|causes|factors)|"
    r"(?:transfer|transferring|connect|connecting|redirect|escalate|escalating|forward) (?:you|this|"
    r"your \w+) to|(?:human|live) agent|(?:i|we)(?:'ve| have) (?:noted|taken note|made a note)|"
    r"designed to help|(?:experiencing|due to) (?:high|heavy|unusual)|"
    r"(?:i|we) (?:can|could) help you (?:\w+ )?(?:write|draft|with something)|anything else|"
    r"verifique (?:se|que)|compruebe (?:que|si)|inténtelo|intente|vérifiez|réessayez|essayez|"
    r"bitte (?:prüfen|überprüfen|versuchen)|versuchen sie|stellen sie sicher|tente|verifica che|"
    r"riprova|provi|controleer|probeer|sprawdź|spróbuj|проверьте|попробуйте)\b|"
    r"確認してください|お試しください|请检查|请重试|请稍后|확인해",
)
_DONE = re.compile(
    r"\b(?:(?:has|have|had) (?:now |also |just )?been (?:success\w+ )?"
    r"\w+(?:ed|en|nt|ut|nd|ld|set|made)|success(?:ful|fully)|"
    r"(?:is|are|you're|you are) (?:now |all )*(?:booked|scheduled|reserved|confirmed|set|done|sent|"
    r"updated|cancelled|canceled|complete|completed|ready|saved|submitted|unlocked|registered|paid|"
    r"active|activated|fixed|live|created|deleted)|"
    r"(?:i|we)(?:'ve| have)(?: now| just| also)? (?:\w+ly )?(?:booked|scheduled|sent|made|created|"
    r"updated|added|removed|cancelled|canceled|reserved|submitted|saved|changed|set|moved|placed|"
    r"completed|drafted|attached|uploaded|exported|shared|renamed|filed|fixed|deleted|found|put|"
    r"written|corrected|converted|highlighted)|all done|booked\.|done[.!:,]|confirmed[.!])"
    r"|^(?:done|sent|booked|saved|moved|renamed|shared|created|added|updated|deleted|exported|"
    r"cancelled|canceled|scheduled|fixed|changed|set|removed|restored|invited|converted)\b",
)
_GIVEN = re.compile(
    r"\b(?:here(?:'s| is| are)|below (?:is|are)|the (?:answer|result|total|balance|reason|cause"
    r"|fix|solution) (?:is|was|are)|your \w+(?: \w+)? (?:is|are)|you can (?:\w+ )?(?:do|find|use|go|"
    r"click|open|change|set|run|try|call|add|select)|follow these|i found|we found|there (?:is|are) "
    r"\d+|try this|to do (?:this|that|so))\b",
)
_SUBSTITUTE = re.compile(
    r"\b(?:however|instead|but (?:you can|i can|here|i found|i did)|alternatively|in the meantime|"
    r"what i can do|the closest)\b",
)
_PARTIAL = re.compile(
    r"\b(?:only (?:part|some|half|the (?:first|last|main|title|summary))|partially|partly|part of "
    r"(?:it|this|that|them)|half (?:of|an|the)|first (?:part|half|two|three|few) (?:of|sections?|"
    r"pages?|items?|parts?)|the rest|the others?|the remaining|for the (?:second|other|last)|except "
    r"for|apart from|as a workaround|a workaround|(?:isn't|is not|not quite|not exactly) the same|"
    r"not yet|as far as (?:i|we) (?:can|know)|but not (?:the|yet|why|when|how|all|every)|"
    r"for the moment|at least|incomplete|not complete)\b",
)
_PRAISE = re.compile(
    r"\b(?:that(?:'s| is| has)? (?:\w+ )?(?:work\w*|helped|helps|did it|does it|fixed it|solved|it$|"
    r"perfect|exactly|great|awesome|better|clear\w*|what i (?:need|want)\w*|makes sense)|makes "
    r"sense|(?:it|this|that) work(?:s|ed)|works (?:now|great|perfectly|fine|like)|worked|problem "
    r"solved|perfect|exactly what|got it working|solved|awesome|excellent|brilliant|life ?saver|"
    r"love it|nice one|well done|good (?:job|one|catch|to know)|there it is|found it|got it|"
    r"you(?:'re| are) (?:the best|amazing|great|awesome|a star)|(?:very|super|so|really|most) "
    r"(?:helpful|useful|clear|kind)|great help|great,? (?:thanks|thank)|saved? (?:me|my)|"
    r"just what|spot on|perfecto|parfait|perfekt|perfeito|perfetto|génial|genial|funktioniert|"
    r"funciona|funcionou|ça marche|funziona|werkt|отлично|süper)\b|完璧|助かりました|完美|太好了|완벽",
)
_THANKS = re.compile(
    r"\b(?:than(?:ks?|x)|thx|tnx|ty|cheers|gracias|merci|danke|obrigad[oa]|grazie|bedankt|dank|tack|"
    r"takk|tak|dzięki|dziękuję|спасибо|teşekkür\w*)|ありがと|谢谢|감사",
)
_REJECTION = re.compile(
    r"\b(?:(?:that|this|it)(?:'s| is| was)?(?:n't| not)? (?:\w+ )?(?:wrong|incorrect|useless|"
    r"nonsense|no (?:help|use|good|answer)|not (?:right|correct|what|working|it|helpful|true|an "
    r"answer|the)|what i (?:asked|meant|wanted))|(?:that|this|it)(?: is|'s)?(?:n't| not|nt) (?:it|"
    r"right|correct|true|helpful|an answer|what|the (?:one|right|question|answer|point))|"
    r"that'?s (?:\w+ )?(?:something else|another|a different|old)|"
    r"(?:that|this|it|still) (?:does|did|do|is|was)?(?:n't| not) (?:\w+ )?(?:work\w*|help\w*|what|"
    r"right|correct|answer|find|open|load|change|do)|still (?:not|no|can't|doesn't|don't|the same|"
    r"wrong|nothing|get|getting|missing|broken|fails|failing)|not what i|not asking|(?:didn't|don't|"
    r"did not|not) (?:really )?answer|no[,.!]+ (?:i (?:said|meant|asked|need|want|don't)|that(?:'s| "
    r"is) (?:not|wrong)|not|it(?:'s| is| does)n?(?:'t| not))|i (?:said|meant|asked|already)|you "
    r"(?:missed|skipped|ignored|forgot|misunderstood|didn't|did not|can't help|cannot help|don't "
    r"(?:know|understand|get|listen)|got it wrong|made (?:a mistake|that up)|keep|just repeat\w*)|"
    r"doesn't work|didn't work|not working|same (?:error|answer|thing|text)|useless|pointless|waste "
    r"of|no help|not (?:helpful|helping|useful|worth)|is that (?:all|it)\b|wrong (?:file|one|"
    r"document|answer|date|number|version|person|place|language)|never ?mind|nvm|nevermind|forget "
    r"(?:it|about it)|(?:i |i'll |i'm )?giv(?:e|ing) up|thanks? (?:you )?(?:anyway|anyways|for "
    r"(?:trying|looking|nothing|checking))|that sucks|disappoint\w+|too bad|oh well|whatever|"
    r"ridiculous|unbelievable|switching (?:it|this|you) off|"
    r"no (?:me )?sirve|eso no es|olvídalo|déjalo|ce n'est pas|pas ça|laisse[zr]? tomber|vergiss es|"
    r"das (?:ist|war|stimmt|hilft|geht) (?:\w+ )?(?:falsch|nicht)|não é isso|esquece|deixa pra lá|"
    r"non è quello|lascia (?:stare|perdere)|dat (?:is|klopt|bedoel)\b.{0,12}? niet|laat maar)\b|"
    r"違います|もういい|不对|算了",
)
# The user will get it from somebody or somewhere else, or by own hands.
_ELSEWHERE = re.compile(
    r"\b(?:(?:i'll|i will|ill|i'm going to|i can|let me|i'd better|guess i'll|have to|rather|then "
    r"i) (?:just |then |go |go and |better |have to |try to )?(?:(?:do|write|find|make|fix|sort|type|"
    r"count|figure|search|look)\b.{0,25}?\b(?:myself|by hand|manually|elsewhere|another|some other|"
    r"the old way|out)|(?:ask|phone|ring|bother|write to|check with|talk to|speak to|go to|wait for|"
    r"try) (?!you\b|that\b|this\b|it\b)(?:\w+ )?\w+|(?:call|contact|e-?mail) (?!you\b|it\b|that\b)"
    r"(?:\w+ )?(?:support|them|someone|somebody|him|her|service|it|bank|airline|office)|look "
    r"elsewhere|find (?:another|someone|somebody|it))|(?:speak|talk) to (?:a|an|your) (?:real |human|"
    r"person|manager|supervisor|agent)|real person|by hand then|do it (?:myself|by hand|manually))\b",
)
_CLOSING = re.compile(
    r"\b(?:anything else|something else|good ?bye|bye|have a (?:nice|great|good|wonderful)"
    r"|you(?:'re| are) welcome|welcome|my pleasure|happy to help|glad (?:i|to|that)|no problem|take "
    r"care|let me know|feel free|don't hesitate|enjoy)\b",
)
_ANNOUNCING = re.compile(
    r"^\W*(?:please|kindly|sure|certainly|of course|ok|okay|let me|i can help|i can assist|i'd be"
    r"|i would be|i will|i'll|one moment|just a|may i|could|can|to (?:assist|help|proceed)|hello|hi"
    r"|good)\b",
)
_CONCRETE = re.compile(r"\d|`|[\"“«„].|\w > \w|→|%|\w[/_.]\w|\w\(\)|[=<]")
_STEPS = re.compile(
    r"\b[A-Z]\w+ > \w|`|^\s*\d{1,2}[.)] |^(?:open|click|go to|press|drag|hover|choose|select|tap|"
    r"right-?click|type|use|set|add|run|put|write|pick|turn|hold|press|enter|pin|install|call|pass|"
    r"move|switch|wrap|replace|remove|change|import|sort|divide|multiply|take|start|do|try|yes)\b|"
    r"\b(?:click|press|under|via|from the) [\"“A-Z`]|\bshortcut\b|\bctrl\b",
    re.MULTILINE | re.IGNORECASE,
)
_TOLD_HOW = re.compile(
    r"^(?:\W*(?:sure|certainly|of course|okay|ok)\W+)?(?:to \w+[^.]{3,60}, (?:\w+ )?(?:open|go|click|"
    r"use|select|choose|start|navigate|visit|log|right-click|tap|follow)|you can (?:\w+ )?(?:see|"
    r"find|check|look|do|use|change|copy|set|view|send)\b)",
)


def _plain(text: str) -> str:
    """Lower case with straight apostrophes: what every pattern but the one for steps reads."""
    return text.lower().replace("’", "'")


def denies(text: str, *, plain: bool = True) -> bool:
    """Whether a sentence says that something could not be had or done.

    What stands under a condition ("if it cannot be found …") denies nothing. `plain=False` hears
    only a speaker who denies in the first person: in long explanations the rest is subject matter.
    """
    text = _plain(text)
    patterns = (_OWN_DENIAL, _FOREIGN_DENIAL, _PLAIN_DENIAL) if plain else (_OWN_DENIAL,)
    for pattern in patterns:
        match = pattern.search(text)
        if match and not _CONDITION.search(text, 0, match.start()):
            return True
    return False


def apologises(text: str) -> bool:
    """Whether a sentence says sorry."""
    return bool(_APOLOGY.search(_plain(text)))


def evades(text: str) -> bool:
    """Whether a sentence would fit any question: stock advice, sympathy, a referral elsewhere."""
    return bool(_EVASION.search(_plain(text)))


def completes(text: str) -> bool:
    """Whether a sentence reports that something was done."""
    return bool(_DONE.search(_plain(text)))


def hands_over(text: str) -> bool:
    """Whether a sentence presents a result."""
    return bool(_GIVEN.search(_plain(text)))


def states(text: str) -> bool:
    """Whether a sentence tells something, rather than asking for it or announcing it."""
    return len(text.split()) >= 5 and not _ANNOUNCING.match(_plain(text))


def substitutes(text: str) -> bool:
    """Whether a sentence offers one thing in place of another."""
    return bool(_SUBSTITUTE.search(_plain(text)))


def is_partial(text: str) -> bool:
    """Whether a sentence owns that part of the thing is missing."""
    return bool(_PARTIAL.search(_plain(text)))


def is_concrete(text: str) -> bool:
    """Whether a text holds figures, names in quotes, code or a path."""
    return bool(_CONCRETE.search(text))


def gives_steps(text: str) -> bool:
    """Whether a text tells what to press, type or do."""
    return bool(_STEPS.search(text))


def tells_how(text: str) -> bool:
    """Whether a sentence sends the user off to do the thing."""
    return bool(_TOLD_HOW.match(_plain(text)))


def closes(text: str) -> bool:
    """Whether a sentence is a goodbye, a welcome or an offer of more help."""
    return bool(_CLOSING.search(_plain(text)))


def praises(text: str) -> bool:
    """Whether a user says that the answer did it."""
    return bool(_PRAISE.search(_plain(text)))


def thanks(text: str) -> bool:
    """Whether a user says thank you."""
    return bool(_THANKS.search(_plain(text)))


def rejects(text: str) -> bool:
    """Whether a user turns an answer down or gives up."""
    return bool(_REJECTION.search(_plain(text)))


def goes_elsewhere(text: str) -> bool:
    """Whether a user leaves to get the thing somewhere else."""
    return bool(_ELSEWHERE.search(_plain(text)))
