"""The words by which an answer denies, evades or delivers.

Everyday vocabulary of support and assistant chats, in English and, more thinly, in the other
languages most chats are in. Unbounded repeats are over single words only, and callers pass a
message's start and end, so hostile input costs no more than long input.
"""

from __future__ import annotations

import re

# "I cannot …": whoever speaks says that it did not or will not do the thing.
_OWN_DENIAL = re.compile(
    r"\b(?:(?:i|we)(?:'m| am| are|'re| was| were)? (?:\w+ ){0,2}?(?:unable|not able|not allowed|"
    r"not permitted|not authori[sz]ed|not trained)|(?:but|and) (?:couldn't|could not|(?:didn't|"
    r"did not) (?:find|get|see)|found no(?:thing)?|was unable)(?! be)|(?:i|we) (?:\w+ )?(?:can't|"
    r"cannot|can not|couldn't|could not|won't|wasn't able|weren't able|failed to|found "
    r"no(?:thing)?|see no|have no (?:access|information|data|record|way|\w+ access)|know no|find "
    r"no|can only|could only|only (?:see|have|know))(?! (?:\w+ )?(?:promise|guarantee|wait|stress|"
    r"imagine|help but|go wrong|emphasi[sz]e|thank))|(?:i|we) (?:\w+ )?(?:do|does|did)(?:n't| "
    r"not) (?:\w+ )?(?:have (?:\w+ )?(?:access|any|information|permission|records?|enough|data|"
    r"details|the)|support|find|see|know|recogni[sz]e|offer)|(?:is|are)(?:n't| not) (?:something|"
    r"things?) (?:i|we)|not something (?:i|we)|only \w+ (?:i|we) (?:can|could)|(?:is|are|lies|"
    r"falls) (?:outside|beyond) (?:of )?(?:my|our|the scope)|i'm only able|i am only able|as an "
    r"ai|sorry, but|(?:looks|seems) like there (?:is|are)(?:n't| no))\b|^(?:unable to|can't|"
    r"cannot|couldn't)\b",
)
# The thing itself is said to be missing, refused or broken.
_PLAIN_DENIAL = re.compile(
    r"\b(?:unfortunately(?! your (?:answer|guess))|(?:it|he|she|they|that|"
    r"this) (?:\w+ )?(?:can't|cannot|can not|"
    r"couldn't|could not|won't be able)|(?:do|does|did)(?:n't| not) (?:\w+ )?(?:have (?:access|"
    r"any|the|information|permission|a record|enough|that)|support|exist|appear)|no (?:\w+ "
    r")?(?:results?|match(?:es|ing)?|records?|documents?|files?|data|information|rooms?|"
    r"availability|such|flights?|tickets?|entries|answers?|way|option|explanation|access)\b|(?:is|"
    r"are|was|were) (?:no (?!more|doubt|need|problem|extra|additional|\w*charge|fee|cost|limit)|"
    r"not any\b|nothing\b)|(?:0|zero) (?:\w+ )?(?:results?|documents?|files?|match\w*|items?|"
    r"records?|entries)|too (?:long|large|big) (?:for|to)\b|(?:is|are|was|were|be)(?:n't| not) "
    r"(?:\w+ )?(?:found|available|supported|possible|permitted|allowed|authori[sz]ed|able|among|"
    r"included|part of|in (?:the|your|our|my))|not (?:yet |currently )?(?:found|available|"
    r"supported|possible|permitted)|(?:request|booking|attempt|payment|search|import|export|"
    r"operation|upload|transaction|reservation|it|this) (?:has |have |was |is )?(?:been "
    r")?(?:failed|unsuccessful|rejected|denied|declined|timed out)|was unsuccessful|no longer "
    r"available|unavailable|unauthori[sz]ed|nothing (?:here|found|matches|matching|came up)|"
    r"something went wrong|an error occurred)\b",
)
# The main other languages of chats: "I cannot", "I found no", "unfortunately".
_FOREIGN_DENIAL = re.compile(
    r"\b(?:no (?:he |hemos |se )?(?:encontr\w+|pued\w+|pud\w+|podemos|logr\w+|tengo|dispongo|"
    r"existe|es posible|hay (?:result|document|archiv|ning)\w*)|lamentablemente|"
    r"desafortunadamente|n(?:e |')(?:\w+ ){0,2}?(?:peux|pouvons|peut|ai|avons|trouve|trouvons|"
    r"parviens|dispose|suis|est|existe)\b.{0,25}?\b(?:pas|aucune?|rien|plus)|aucune? (?:résultat|"
    r"document|fichier|donnée|information)s?|malheureusement|(?:konnte|konnten|kann|können|finde|"
    r"finden|habe|haben|wurde|wurden)\b.{0,40}?\b(?:nicht|nichts|keine?[nrms]?)|leider|nicht "
    r"(?:möglich|verfügbar|vorhanden|gefunden)|não (?:encontr\w+|consig\w+|consegu\w+|pos\w+|"
    r"tenho|existe|há|foi possível|é possível)|infelizmente|non (?:ho|abbiamo|sono|riesc\w+|"
    r"poss\w+|trov\w+|esist\w+|è (?:possibile|disponibile)|ci sono)|purtroppo|(?:kan|kon|kunnen|"
    r"konden|vind|heb|hebben)\b.{0,30}?\b(?:niet|niets|geen)|helaas|(?:kan|kunde|kunne|hittade?|"
    r"fant|fandt)\b.{0,20}?\b(?:inte|inga|inget|ikke|ingen)|tyvärr|beklager|desværre|nie "
    r"(?:mog\w+|można|znala\w+|udało|ma)|niestety|не (?:удалось|могу|можем|наш\w+|найден\w*|"
    r"получилось)|к сожалению|maalesef|bulamad\w+)\b|見つかりません|できません|できかね|"
    r"分かりません|わかりません|ありませんでした|対応していません|残念ながら|找不到|未找到|"
    r"没有找到|無法|无法|不能|很遗憾|찾을 수 없|할 수 없|없습니다|불가능|للأسف|لا يمكن|لم أجد|"
    r"नहीं मिल|नहीं कर",
)
# What is quoted is said by someone else.
_QUOTED = re.compile(r"[\"“„«][^\"“”„«»]{0,200}[\"“”»]")
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
    r"again|(?:try|use) (?:a different|another|other|different) (?:\w+ )?(?:keywords?|terms?|"
    r"words?|search|browser|device|spelling|filters?)|(?:check|make sure|ensure|verify|"
    r"confirm)(?: that| whether| if)? (?:the|your|you|it)\b[^.]{0,40} (?:is|are|has been|have "
    r"been|was|have) (?:\w+ )?(?:correct|valid|uploaded|up to date|connected|stable|enabled|"
    r"installed|active|working|right|set up|online|logged in)\w*|check your (?:internet |network "
    r")?(?:connection|settings|spelling|input)|thanks?(?: you)?(?: again)?(?: so much)? for "
    r"(?:your|the|this|sharing|reporting|letting|bringing|reaching|contacting|understanding)|"
    r"(?:we|i)(?:'re| are| am|'m) (?:always|constantly|continuously|committed)|(?:your|the|all) "
    r"(?:feedback|input|suggestions?|opinion|comments?|patience|understanding) (?:is|are|has|have|"
    r"will|helps?)|we (?:value|take|appreciate|strive)|i (?:completely |totally |fully "
    r")?(?:understand|hear|appreciate) (?:your|the|how|that this)|(?:sorry|apologi[sz]e|"
    r"apologies) (?:for|about|to hear|that you)|(?:please )?(?:contact|reach out to|get in touch "
    r"with|consult|refer to|speak (?:to|with)|ask|call|email|e-mail) (?:\w+ ){0,3}?(?:support|"
    r"help ?desk|administrator|admin|customer (?:service|care)|provider|manufacturer|vendor|team|"
    r"hr|it department|documentation|manual|professional|expert|representative)|(?:visit|see|"
    r"check|read|consult|look at|take a look at) (?:\w+ ){0,2}?(?:help (?:cent(?:er|re)|pages?|"
    r"section)|faqs?|knowledge base|\w+ page|website|web site|support site|documentation|"
    r"user guide|manual)|(?:you can|to) (?:learn|read|find|find out|see|get) (?:more|about|"
    r"further|additional)\b|"
    r"(?:clear|clearing|delete) (?:your |the )?(?:browser |browser's )?(?:cache|cookies)|"
    r"(?:restart|reinstall|reboot|refresh|reload|update) (?:your|the) (?:\w+ )?(?:browser|app|"
    r"application|device|computer|page|phone|router|system|software|session)|log(?:ging)? out and "
    r"(?:log(?:ging)? )?(?:back )?in|turn(?:ing)? it off and|(?:usually|generally|often|"
    r"typically) (?:means|caused by|happens|indicates|depends)|(?:many|several|various|different|"
    r"a number of) (?:possible )?(?:reasons|causes|factors)|(?:transfer|transferring|connect|"
    r"connecting|redirect|escalate|escalating|forward) (?:you|this|your \w+) to|(?:human|live) "
    r"agent|(?:i|we)(?:'ve| have) (?:noted|taken note|made a note)|not (?:sure|familiar)|have you "
    r"tried|should (?:work|be fine)|(?:the|its) latest version|(?:don't|didn't|do not|did not) "
    r"(?:\w+ )?(?:understand|catch)|(?:experiencing|due to) (?:high|heavy|"
    r"unusual)|(?:i|we) (?:can|could) help you (?:\w+ )?(?:write|draft|with something)|anything "
    r"else|(?:could|can|may|might) (?:ask|contact) (?:your|the|our)|más información|mehr "
    r"informationen|plus d'informations?|mais informações|maggiori informazioni|meer informatie|"
    r"dank für (?:ihr|dein|die|das)\w*|bedankt voor|merci (?:pour|de) (?:votre|vos|ton)|gracias "
    r"por|obrigad[oa] (?:por|pel[oa])|grazie per|wir (?:arbeiten|schätzen|bemühen)|verifique "
    r"(?:se|que)|compruebe (?:que|si)|inténtelo|intente|vérifiez|réessayez|essayez|bitte "
    r"(?:prüfen|überprüfen|versuchen)|versuchen sie|stellen sie sicher|tente|verifica che|riprova|"
    r"provi|controleer|probeer|sprawdź|spróbuj|проверьте|попробуйте)\b|確認してください|"
    r"お試しください|请检查|请重试|请稍后|확인해",
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
    r"confirmed|purchased|bought|ordered|processed|issued|transferred|written|corrected|converted|"
    r"highlighted)|all done|booked\.|done[.!:,]|confirmed[.!])"
    r"|^(?:done|sent|booked|saved|moved|renamed|shared|created|added|updated|deleted|exported|"
    r"cancelled|canceled|scheduled|fixed|changed|removed|restored|invited|converted)\b",
)
_GIVEN = re.compile(
    r"\b(?:here(?:'s| is| are)|below (?:is|are)|the (?:answer|result|total|balance|reason|cause|"
    r"fix|solution) (?:is|was|are)|your \w+(?: \w+)? (?:is|are)|you can (?:\w+ )?(?:do|find|use|"
    r"go|click|open|change|set|run|try|call|add|select)|follow these|i found|we found|there (?:is|"
    r"are) \d+|try this|to do (?:this|that|so))\b",
)
_SUBSTITUTE = re.compile(
    r"\b(?:however|instead|but (?:you can|i can|here|i found|i did)|alternatively|in the meantime|"
    r"what i can do|the closest)\b",
)
_PARTIAL = re.compile(
    r"\b(?:only (?:part|some|half|the (?:first|last|main|title|summary))|partially|partly|part of "
    r"(?:it|this|that|them)|half (?:of|an|the)|first (?:part|half|two|three|few) (?:of|sections?|"
    r"pages?|items?|parts?)|the rest|the others?|the remaining|for the (?:second|other|last)|"
    r"except for|apart from|as a workaround|a workaround|(?:isn't|is not|not quite|not exactly) "
    r"the same|not yet|as far as (?:i|we) (?:can|know)|but not (?:the|yet|why|when|how|all|every)|"
    r"for the moment|at least|incomplete|not complete)\b",
)
_CLOSING = re.compile(
    r"\b(?:anything else|something else|good ?bye|bye|have a (?:nice|great|good|wonderful)|"
    r"you(?:'re| are) welcome|welcome|my pleasure|happy to help|glad (?:i|to|that)|no problem|"
    r"take care|let me know|feel free|don't hesitate|enjoy|de nada|de rien|avec plaisir|con gusto|"
    r"por nada|prego|di niente|gern geschehen|gerne?,|jederzeit|graag gedaan)\b",
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
    r"^(?:\W*(?:sure|certainly|of course|okay|ok)\W+)?(?:to \w+[^.:,]{3,60}(?:, |: )(?:\d\. "
    r")?(?:\w+ )?(?:open|go|click|use|select|choose|start|navigate|visit|log|right-click|tap|"
    r"follow|\d\.)|you can (?:\w+ )?(?:see|find|check|look|do|use|change|copy|set|view|send)\b|"
    r"(?:para|pour|per|um) \w+[^.:,]{3,60}, (?:use|usa|abr\w+|haga|ouvrez|cliquez|utilisez|apri|"
    r"clic\w+|öffnen|klicken))|\b(?:copy and paste|paste (?:it|this|the \w+)|copy (?:it|this|the "
    r"\w+) (?:in|to)|(?:be|ready to be) copied)\b",
)
_PLACE = re.compile(r"^\W*you can (?:\w+ )?(?:see|find|check|look|view)\b")
# A guess about what could have been looked up.
_GUESSED = re.compile(
    r"\b(?:appears? to|seems? to|(?:may|might|could) (?:have|be)|probably|presumably|likely|i "
    r"(?:guess|assume|suppose))\b",
)
_MISUNDERSTOOD = re.compile(
    r"\b(?:i|we) (?:\w+ )?(?:don't|didn't|do not|did not) (?:\w+ )?(?:understand|catch|follow)\b|"
    r"\b(?:can|could|would) you (?:please |kindly )?(?:rephrase|say (?:it|that) (?:again|in|"
    r"differently))\b|\bplease rephrase\b|\btry rephrasing\b",
)
_LETTER = re.compile(
    r"^\W*(?:dear|hi|hello|hey|good (?:morning|afternoon|evening)|hallo|liebe[r]?|bonjour|hola|"
    r"estimad[oa]|caro|cara|ciao|gentile|beste|geachte|sehr geehrte[r]?)\b[^\n,!]{0,40}(?:,|"
    r"!)?\s*\n|^[\"“«„‘]",
)
_CONCEDED = re.compile(
    r"\byou(?:'re| are) (?:absolutely |quite |completely )?(?:right|correct)\b|\bmy (?:mistake|"
    r"bad|error)\b"
)
# Who advertises asked for nothing.
_ADVERT_REFUSED = re.compile(
    r"\b(?:advertis\w+|spam\w*|scams?|phishing|promotions?|promotional|promote)\b",
)
_ADVERT = re.compile(
    r"(?:https?://|www\.|\b[\w-]+\.(?:com|net|org|io|biz|info|shop|online|example)\b)|!.*!",
    re.DOTALL,
)
_SEARCHED = re.compile(
    r"^\W*(?:\w+, )?(?:i|we)(?:'ve| have)? (?:searched|looked|checked|reviewed|tried|see)\b"
)


def plain(text: str) -> str:
    """Lower case with straight apostrophes: what every pattern but the one for steps reads."""
    return text.lower().replace("’", "'")


def denies(text: str, *, own_only: bool = False) -> bool:
    """Whether a sentence says that something could not be had or done.

    What stands under a condition ("if it cannot be found …") denies nothing. `own_only` hears
    only a speaker who denies in the first person: in long explanations the rest is subject matter.
    """
    text = _QUOTED.sub(" ", plain(text))
    patterns = (_OWN_DENIAL,) if own_only else (_OWN_DENIAL, _FOREIGN_DENIAL, _PLAIN_DENIAL)
    for pattern in patterns:
        match = pattern.search(text)
        if match and not _CONDITION.search(text, 0, match.start()):
            return True
    return False


def concedes(text: str) -> bool:
    """Whether a sentence takes back what was said before."""
    return bool(_CONCEDED.search(plain(text)))


def looked(text: str) -> bool:
    """Whether a sentence tells where was looked, which is no result yet."""
    return bool(_SEARCHED.match(plain(text)))


def apologises(text: str) -> bool:
    """Whether a sentence says sorry."""
    return bool(_APOLOGY.search(plain(text)))


def evades(text: str) -> bool:
    """Whether a sentence would fit any question: stock advice, sympathy, a referral elsewhere."""
    return bool(_EVASION.search(plain(text)))


def completes(text: str) -> bool:
    """Whether a sentence reports that something was done."""
    match = _DONE.search(plain(text))
    return match is not None and not _CONDITION.search(plain(text), 0, match.start())


def hands_over(text: str) -> bool:
    """Whether a sentence presents a result."""
    return bool(_GIVEN.search(plain(text)))


def states(text: str) -> bool:
    """Whether a sentence tells something, rather than asking for it or announcing it."""
    return len(text.split()) >= 5 and not _ANNOUNCING.match(plain(text))


def substitutes(text: str) -> bool:
    """Whether a sentence offers one thing in place of another."""
    return bool(_SUBSTITUTE.search(plain(text)))


def is_partial(text: str) -> bool:
    """Whether a sentence owns that part of the thing is missing."""
    return bool(_PARTIAL.search(plain(text)))


def is_concrete(text: str) -> bool:
    """Whether a text holds figures, names in quotes, code or a path."""
    return bool(_CONCRETE.search(text))


def gives_steps(text: str) -> bool:
    """Whether a text tells what to press, type or do."""
    return bool(_STEPS.search(text))


def tells_how(text: str) -> bool:
    """Whether a sentence sends the user off to do the thing; naming the very place does not."""
    match = _TOLD_HOW.search(plain(text))
    return bool(match) and not (_PLACE.match(plain(text)) and is_concrete(text))


def guesses(text: str) -> bool:
    """Whether a text only supposes."""
    return bool(_GUESSED.search(plain(text)))


def misunderstands(text: str) -> bool:
    """Whether a text asks the user to say it in other words."""
    return bool(_MISUNDERSTOOD.search(plain(text)))


def turns_away(answer: str, message: str) -> bool:
    """Whether an answer refuses a message as advertising, and the message looks like it."""
    return bool(_ADVERT_REFUSED.search(plain(answer)) and _ADVERT.search(plain(message)))


def is_letter(text: str) -> bool:
    """Whether a text opens as a letter or a quotation: what it says is said by someone else."""
    return bool(_LETTER.match(plain(text[:200])))


def closes(text: str) -> bool:
    """Whether a sentence is a goodbye, a welcome or an offer of more help."""
    return bool(_CLOSING.search(plain(text)))
