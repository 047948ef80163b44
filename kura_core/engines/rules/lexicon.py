"""Word lists of everyday English chat; nothing here belongs to one product or one trade."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


GREETINGS = _words(
    "hi hii hiii hello helo hey heya hai hiya yo greetings morning afternoon evening night day "
    "howdy dear there good goodmorning"
)
CLOSINGS = _words("bye goodbye cya cheers regards farewell later soon care goodnight")
THANKS = _words(
    "thanks thank thankyou thx thnx tnx ty tks thks tysm thankful grateful appreciate appreciated "
    "appreciation kudos"
)
AGREEMENT = _words(
    "yes yeah yea yep yup ya yess yesss yah sure ok okay okey k kk okk oki alright right correct "
    "fine great good nice cool perfect awesome excellent wonderful lovely amazing fantastic super "
    "indeed absolutely definitely certainly exactly true agreed confirm confirmed sounds works "
    "works no nope nah nopes not none nothing else all welcome done hmm hm mm mmm uh um ah oh ooh "
    "wow lol haha hahaha please pls plz proceed continue next go ahead on thats nvm nevermind"
)

# Words that carry no topic: determiners, pronouns, auxiliaries, prepositions, chat fillers.
STOP_WORDS = _words(
    "a about above after again against all almost also although always am an and another any "
    "anybody anyone anything anyway anyways are aren't around as ask asked at away back be because "
    "been before being below between both but by can can't cannot could couldn't did didn't do "
    "does doesn't doing don't done down during each either else even ever every everyone "
    "everything few for from get gets getting give go goes going gonna got had hasn't has have "
    "haven't having he help helps her here hers herself him himself his how however i i'd i'll i'm "
    "i've if im in instead into is isn't it it's its itself ive just keep kind know let let's lets "
    "like likes little look looking lot lots made make makes many may maybe me mean might mine "
    "more most much must my myself need needed needs neither never no nor not now of off oh ok "
    "okay on once one ones only onto or other others our ours ourselves out over own per perhaps "
    "please pls plz possible possibly put quite rather really said same say says see seem seems "
    "shall she should shouldn't show since so some somebody someone something somehow soon sort "
    "still such sure take tell than thank thanks that that's thats the their theirs them "
    "themselves then there there's these they thing things think this those though through thus "
    "til till to today together too tried try trying u until up upon ur us use used using very via "
    "wanna want wanted wanting wants was wasn't way we we'd we'll we're we've well went were "
    "weren't what what's whatever when where where's whether which while who who's whom whose why "
    "will wish with within without won't wondering would wouldn't yes yet you you'd you'll you're "
    "you've your yours yourself yeah yep nope hi hello hey bye goodbye sir madam mam hmm hm um uh "
    "welcome dont cant wont didnt doesnt isnt im ive whats hows wheres youre theyre dear kindly "
    "actually basically literally currently right good great fine nice cool perfect awesome able "
    "gimme lemme "
    "unable having hoping hope hoped love wonder guess suppose bit anymore already yesterday "
    "tomorrow tonight asap etc e.g i.e ah dr mr mrs ms sorry cheers bother hiya regards "
    "ya lol btw haha teh adn"
)

DETERMINERS = _words("a an the")
OWNERS = _words(
    "my our your his her their its this that these those some any every each own another certain "
    "such ur"
)
PREPOSITIONS = _words(
    "about above across after against along among around as at before behind below beneath beside "
    "between beyond by concerning despite down during except for from in inside into like near of "
    "off on onto out outside over past regarding since through throughout to toward towards under "
    "until till up upon using via w with within without per"
)
# A preposition that, before a name, a number or a date, opens a detail of one conversation.
DETAIL_PREPOSITIONS = _words(
    "on at from to by near in around for between until till before after during of with since"
)
CLAUSE_WORDS = _words(
    "because since so that but when while if which who where whose as although though unless "
    "whether before after until till then however otherwise cause cuz coz bc"
)
FILLERS = _words(
    "please pls plz kindly just also maybe possibly perhaps quickly actually really simply "
    "basically literally currently urgently asap immediately again now today tomorrow tonight "
    "yesterday soon sir madam mam somehow still even only ever already too very quite me us "
    "yourself myself right away ahead instead anymore following below above-mentioned"
)
PRONOUNS = _words(
    "i you he she it we they me him her us them this that these those one ones something anything "
    "everything nothing someone anyone everyone somebody anybody stuff thing things here there "
    "mine yours what which who same more all both another other others"
)
QUESTION_WORDS = _words("what which who whom whose when where why how")
AUXILIARIES = _words(
    "is are am was were be been being do does did have has had can could will would shall should "
    "may might must isn't aren't wasn't weren't don't doesn't didn't haven't hasn't hadn't can't "
    "couldn't won't wouldn't shouldn't cannot"
)
DATE_WORDS = _words(
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri "
    "sat sun january february march april june july august september october november december jan "
    "feb mar apr jun jul aug sep sept oct nov dec today tomorrow tonight yesterday noon midnight "
    "am pm morning afternoon evening weekend week month year oclock o'clock"
)
NUMBER_WORDS = _words(
    "two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty hundred "
    "thousand million first second third fourth fifth 1st 2nd 3rd"
)

# Verbs with which people ask for things, in the base form.
VERBS = _words(
    "accept access activate add address adjust advise allow analyse analyze animate announce "
    "answer append apply appeal appoint approve archive arrange ask assemble assess assign assist "
    "attach audit authenticate authorise authorize automate back ban block book borrow brainstorm "
    "break bring browse build buy calculate call cancel capture categorise categorize cast change "
    "charge chat check choose claim classify clean clear click clone close code collect combine "
    "comment commit compare compile complain complete compose compress compute concatenate "
    "configure confirm connect consolidate construct contact continue contribute control convert "
    "cook copy correct count cover create crop customise customize cut deactivate debug decide "
    "decline decode decorate decrease decrypt define delay delete deliver deploy deposit derive "
    "describe design detect determine develop diagnose differentiate disable disconnect drink "
    "eat spend stay insure recall rsvp discover "
    "discuss display dispute divide do donate double download draft draw drive drop duplicate edit "
    "elaborate eliminate email embed enable encode encrypt end enlarge enrol enroll enter escalate "
    "establish estimate evaluate exchange execute expand expect explain explore export express "
    "extend extract fetch figure file fill filter finalise finalize find finish fix flag fly "
    "follow forecast format forward generate get give go grade grant group grow guess guide handle "
    "hear help hide highlight hire identify illustrate implement import improve include increase "
    "index inform initialise initialize insert inspect install integrate interpret introduce "
    "investigate invite issue join keep know label launch lead learn leave lend let level link "
    "list "
    "listen load locate lock log login look lower mail make manage map mark match measure meet "
    "merge message migrate mock modify monitor move multiply mute name navigate negotiate notify "
    "obtain offer open operate optimise optimize order organise organize outline override "
    "overwrite paraphrase park parse pass paste pause pay perform permit pick place plan play plot "
    "point polish post postpone predict prepare prescribe present preview print prioritise "
    "prioritize process produce program project promote pronounce proofread propose protect prove "
    "provide publish pull purchase push qualify query quit quote raise rank rate read reactivate "
    "rearrange rebook receive recommend reconnect record recover redeem redesign redirect redo "
    "reduce refactor refill refresh refund refuse register reinstall reject release reload "
    "remember "
    "remind remove rename render renew rent repair repeat replace reply report reproduce request "
    "require reschedule resend reserve reset resize resolve respond restart restore restrict "
    "resume "
    "retrieve return reverse review revert revise rewrite roll rotate round run save say scan "
    "schedule scrape search secure see select sell send separate serve set settle setup share "
    "shift ship shop shorten show sign simplify simulate skip solve sort speak specify speed split "
    "stand start stop store stream structure study submit subscribe subtract suggest sum summarise "
    "summarize supply support suspend swap switch sync synchronise synchronize take talk teach "
    "tell terminate test text top trace track trade train transcribe transfer transform translate "
    "transpose travel trim troubleshoot try turn type unblock understand undo unfreeze uninstall "
    "unlink unlock unsubscribe update upgrade upload use validate verify view visit visualise "
    "visualize void vote wait wake walk watch win wire withdraw work wrap write zip zoom "
    "earn erase fail crash owe prefer steal expire"
)

# Verbs that are as often nouns ("a claim", "the order"): they may stand inside a noun phrase.
NOUN_VERBS = _words(
    "access address advice answer appeal audit back ban block book break call change charge chat "
    "check claim click code comment contact control copy count cover cut delay deposit design "
    "dispute download draft drive drop email end estimate exchange export file fill filter fix "
    "flag "
    "forecast format function grade grant group guess guide highlight hire import increase index "
    "issue label launch lead level link list load lock log login look mail map mark match measure "
    "message monitor move name offer order outline park pass paste pause permit place plan play "
    "plot "
    "point post present preview print process produce program project purchase query quote rank "
    "rate "
    "record refund release rent repair reply report request reset return review roll round run "
    "save "
    "scan schedule search share shift ship shop show sign sort split stand start stop store stream "
    "structure study supply support swap switch sync talk test text trace track trade train "
    "transfer "
    "travel try turn type update upgrade upload use view visit vote walk watch win wire work zip "
    "setup"
)
# Nouns too general to stand for a subject alone.
VAGUE_NOUNS = _words(
    "status information info detail details way ways kind type list lot number option options "
    "question questions problem problems issue issues place time times day date request requests "
    "service services thing things help need needs person people user users name part example item "
    "items stuff amount case reason result results line lines note page data something week month "
    "year months weeks days years hour hours minute minutes money order system process work use "
    "end "
    "set start point today couple set bit rest kind sort step steps "
    "numbers page pages word words id ids"
)
# Nouns in -ing whose verb the rules know.
GERUND_NOUNS = _words(
    "meeting meetings booking bookings billing training building buildings setting settings "
    "listing listings recording recordings parking pricing shipping banking marketing programming "
    "planning reading writing rating ratings saving savings spelling meaning opening tracking "
    "hosting testing coding streaming backing viewing timing"
)
# Nouns that have no plural in everyday use.
MASS_NOUNS = _words(
    "information advice data help support software hardware equipment luggage baggage insurance "
    "weather money travel music news access internet wifi email mail food health research "
    "programming homework traffic transport feedback storage security privacy cash credit trivia "
    "progress proof status life fraud time work weather milk water cheese rice sugar butter "
    "oil gas meat coffee tea beer bread flour salt sleep labor labour luck love fun "
)
# Abbreviations written in capitals whatever the user's shift key did.
ACRONYMS = _words(
    "api url pdf csv sql html css json xml ui ux ai pin id faq usb gps atm cv hr sms vpn ssl sso "
    "2fa iban vat tv pc kpi crm sdk http https ip csv nda pto rsvp mpg gb mb usd eur diy gpu cpu "
    "os qr pr hr ceo seo erp ocr"
)
# Tools and languages as their makers write them; in a name they stand before what they are for.
TECH_NAMES = {
    "python": "Python", "javascript": "JavaScript", "typescript": "TypeScript", "java": "Java",
    "c++": "C++", "c#": "C#", "php": "PHP", "ruby": "Ruby", "kotlin": "Kotlin", "sql": "SQL",
    "mysql": "MySQL", "postgresql": "PostgreSQL", "mongodb": "MongoDB", "html": "HTML",
    "css": "CSS", "json": "JSON", "react": "React", "vue": "Vue", "angular": "Angular",
    "node.js": "Node.js", "django": "Django", "flask": "Flask", "numpy": "NumPy",
    "pandas": "pandas", "bash": "Bash", "linux": "Linux", "docker": "Docker", "git": "Git",
    "github": "GitHub", "excel": "Excel", "powerpoint": "PowerPoint", "latex": "LaTeX",
    "wordpress": "WordPress", "android": "Android", "iphone": "iPhone", "ios": "iOS",
    "windows": "Windows", "whatsapp": "WhatsApp", "youtube": "YouTube", "google": "Google",
    "aws": "AWS", "wifi": "Wi-Fi", "outlook": "Outlook", "skype": "Skype", "uber": "Uber",
}  # fmt: skip
# States of a person, which say nothing about a thing.
MOODS = _words("happy sad bored hungry sure ready interested")
# Adjectives and adverbs that may open a noun phrase but never close one.
DESCRIBING_WORDS = _words(
    "new good best better free full next last latest recent same different big small large high "
    "low "
    "cheap cheapest expensive long short easy hard simple quick fast slow available possible "
    "current "
    "correct wrong right open nice great other own old online additional extra main real whole "
    "certain specific particular interesting important several multiple various total nearby near "
    "early late earliest local daily weekly monthly hungry bored happy sad sure ready interested "
    "able unable actual medium pending failed missing lost stolen broken blocked able named called "
    "made done given based related required needed added used twice born true false"
)
# Two-word verbs and the nouns made of them, kept together as one word.
COMPOUNDS = frozenset(
    tuple(pair.split("-"))
    for pair in (
        "top-up top-ups sign-up log-in log-out sign-in sign-out check-in check-out set-up pick-up "
        "back-up follow-up turn-on turn-off turn-up turn-down fill-out fill-in roll-over print-out "
        "cash-out opt-out opt-in sum-up start-up shut-down speed-up slow-down clean-up break-down "
        "drop-off wake-up one-way two-way jump-start pay-off look-up"
    ).split()
)
# Verbs of looking for something, and of arranging to have it.
FINDING_VERBS = _words(
    "find search look locate browse discover show list see view check know learn explore compare"
)
BOOKING_VERBS = _words("book reserve order buy purchase rent hire")

# Irregular and doubled forms the suffix rules of `words.base_verb` cannot undo.
IRREGULAR_VERBS = {
    "bought": "buy", "paid": "pay", "sent": "send", "made": "make", "found": "find",
    "got": "get", "gave": "give", "wrote": "write", "written": "write", "ran": "run",
    "took": "take", "taken": "take", "forgot": "forget", "chose": "choose", "left": "leave",
    "told": "tell", "saw": "see", "built": "build", "kept": "keep", "broke": "break",
    "stole": "steal", "paying": "pay", "buying": "buy", "lying": "lie", "dying": "die",
}  # fmt: skip

# Past participles of what befalls a thing: "my card was stolen" → "Stolen card".
MISHAPS = {
    "stolen": "Stolen", "lost": "Lost", "misplaced": "Lost", "missing": "Missing",
    "broken": "Broken", "broke": "Broken", "damaged": "Damaged", "cracked": "Cracked",
    "blocked": "Blocked", "locked": "Locked", "frozen": "Frozen", "hacked": "Hacked",
    "compromised": "Compromised", "declined": "Declined", "rejected": "Rejected",
    "denied": "Denied", "delayed": "Delayed", "cancelled": "Cancelled", "canceled": "Cancelled",
    "expired": "Expired", "suspended": "Suspended", "disabled": "Disabled", "deleted": "Deleted",
    "corrupted": "Corrupted", "forgotten": "Forgotten", "forgot": "Forgotten",
    "overcharged": "Overcharged", "slow": "Slow", "wrong": "Wrong", "incorrect": "Incorrect",
    "pending": "Pending", "late": "Late", "stuck": "Stuck", "failed": "Failed",
    "disputed": "Disputed", "duplicated": "Duplicated", "empty": "Empty",
    "unavailable": "Unavailable",
}  # fmt: skip

LANGUAGE_NAMES = {
    "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "ca": "Catalan", "cs": "Czech",
    "da": "Danish", "de": "German", "el": "Greek", "es": "Spanish", "et": "Estonian",
    "fa": "Persian", "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi",
    "hr": "Croatian", "hu": "Hungarian", "id": "Indonesian", "it": "Italian", "ja": "Japanese",
    "kk": "Kazakh", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian", "nl": "Dutch",
    "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian",
    "sk": "Slovak", "sl": "Slovenian", "sr": "Serbian", "sv": "Swedish", "th": "Thai",
    "tr": "Turkish", "uk": "Ukrainian", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip

COMPLAINT_WORDS = _words(
    "useless ridiculous frustrating frustrated frustrates frustration annoying annoyed annoys "
    "terrible horrible awful pathetic stupid garbage crap rubbish unacceptable disappointed "
    "disappointing disappointment angry furious upset hate worst hopeless nonsense joke waste "
    "wasting wasted unhappy irritating irritated fed sick nightmare scam unbelievable incompetent "
    "dumb idiot idiotic wtf ffs omg ugh argh damn dammit hell bullshit shit fuck fucking sucks "
    "sucked lousy outrageous absurd appalling poor bad"
)
