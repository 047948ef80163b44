"""Words that name the same missing thing, and the attributes that files and records have."""

from __future__ import annotations

from kura_core.engines.rules.words import stem

# Each group's first word stands for the others, by stem.
_SAME = (
    "contract agreement dpa nda msa sow lease deed",
    "signed executed countersigned",
    "email mail mailbox inbox outlook gmail",
    "meeting appointment calendar calender demo standup kickoff retro 1:1s 1:1 invitation "
    "check-in workshop",
    "modification modified edit edited edits change changed changes update updated altered touched "
    "revision revised",
    "date dates timestamp timestamps",
    "invoice bill",
    "picture image photo photograph",
    "document file doc docs",
    "delete remove erase",
    "buy purchase",
    "folder directory",
    "log logs logging",
)
SAME_AS = {stem(word): stem(group.split()[0]) for group in _SAME for word in group.split()}
# The word by which a group is named.
PLAINLY = {stem(group.split()[0]): group.split()[0] for group in _SAME[:2]}

# What a search returns, whatever was looked for: says nothing of the thing.
CARRIERS = frozenset(
    "document documents file files copy copies result results match matches item items record "
    "records entry entries page pages version versions doc docs information info details data "
    "anything something text content contents thing things one ones hit hits source sources "
    "material materials answer answers reference references mention scan scans pdf".split()
)
# Documents by what they are for: the likeliest thing to be looked for in a text that names one.
KINDS = frozenset(
    same_word
    for same_word in "contract agreement dpa nda msa sow lease deed invoice receipt report policy "
    "certificate manual handbook minutes presentation spreadsheet proposal quote order letter form "
    "statement payslip licence license permit recording transcript ticket guide schedule photo "
    "picture drawing plan budget brochure datasheet specification".split()
)
# What anybody can be sent.
MESSAGES = frozenset(
    "message messages note notes reminder reminders text copy link file document summary memo "
    "reply thank-you".split()
)
# What is known about a thing beside the thing itself.
ATTRIBUTES = frozenset(
    "date dates timestamp timestamps author authors owner owners creator editor editors version "
    "versions history property properties metadata size age attribute attributes timeline "
    "revision revisions".split()
)
# What happens to a record, and the noun that its date is called by.
EVENTS = {
    "modify": "modification", "change": "modification", "edit": "modification",
    "update": "modification", "alter": "modification", "revise": "modification",
    "touch": "modification", "overwrite": "modification", "create": "creation",
    "write": "creation", "make": "creation", "upload": "upload", "add": "upload",
    "sign": "signature", "publish": "publication", "expire": "expiry", "end": "end",
    "start": "start", "renew": "renewal", "send": "sending", "receive": "receipt",
    "deliver": "delivery", "ship": "shipping", "pay": "payment", "approve": "approval",
    "review": "review", "release": "release", "issue": "issue", "delete": "deletion",
}  # fmt: skip
# What lives in another system than the assistant's own.
EXTERNAL = frozenset(
    stem(word)
    for word in "outlook gmail mailbox inbox calendar calender calendars exchange jira slack teams "
    "salesforce hubspot crm erp sap zendesk servicenow github gitlab trello asana notion dropbox "
    "sharepoint onedrive confluence whatsapp twitter facebook linkedin instagram bank paypal "
    "stripe printer phone smartphone browser terminal server email zoom spotify youtube "
    "meeting appointment".split()
)
# Deeds outside of a chat; what is merely written or shown is none.
DEEDS = frozenset(
    "send email mail forward reply transmit deliver shoot fire dispatch notify book schedule "
    "reschedule arrange reserve cancel delete remove rename move share invite approve submit order "
    "buy purchase pay transfer remind call post publish sign unlock reset refund upgrade register "
    "merge connect block put add set push shift press rebook subscribe unsubscribe activate "
    "export import deactivate install deploy upload print withdraw deposit lock turn switch plan "
    "organise organize mail-merge assign enrol enroll escalate hire rent confirm attach".split()
)
# The two deeds that people ask of every assistant: the words by which either is known.
FAMILIES = (
    ("send e-mail", frozenset({"email"}), frozenset(
        "send email forward reply transmit deliver shoot fire dispatch notify answer write blast "
        "press invite set compose access connect remind".split()
    )),
    ("book meetings", frozenset({stem("meeting")}), frozenset(
        "book schedule reschedule arrange plan organise organize invite block move push set put "
        "shift cancel add create make change access connect see find get remind turn send place "
        "reserve accept".split()
    )),
)  # fmt: skip

FAMILY_NAMES = frozenset(name for name, _, _ in FAMILIES)


def same(word: str) -> str:
    """The stem of a word, or of the word that stands for its synonyms."""
    key = stem(word)
    return SAME_AS.get(key, key)


ATTRIBUTE_KEYS = frozenset(map(same, ATTRIBUTES))
