"""What any conversation may use: names of invented firms, people and files, and small words."""

from __future__ import annotations


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("/"))


VALUES: dict[str, tuple[str, ...]] = {
    "company": _list(
        "Norvane / Ostrel GmbH / Pellwick / Tarnholt / Quorrin / Halvorsen Quay / Brindlemoor / "
        "Castwell & Rowe / Vexley Ltd / Aldermoss / Zintra / Corbray / Mirelle SA / Oakhurst "
        "Fyne / Dunlavey Partners / Saltmarsh Group / Ferrowick / Tessaly / Kopparlund AB / "
        "Marlowe Bryce / Istrane / Wendover Pike / Lindqvale / Harrowgate & Sons / Umbrel / "
        "Pascoe Winters / Galdor / Everlane BV / Rothmere / Sunniva Group / Breckon / Yarrowby "
        "/ Tolland / Ambervale Inc / Nettleship / Crestfold / Jarrah / Petrel & Co / Fenwick "
        "Osgood / Ivelle / Stannard"
    ),
    "deal": _list(
        "NDA / master services agreement / MSA / supplier agreement / framework agreement / SOW "
        "/ service agreement / licence agreement / service contract / data processing agreement "
        "/ DPA / reseller agreement / consultancy contract / maintenance contract / partnership "
        "agreement / amendment no. 2 / purchase contract / contract / supply contract / "
        "distribution agreement"
    ),
    "person": _list(
        "Mirela / Jonas / Priya / Tomasz / Anneke / Declan / Sunniva / Rafael / Ottilie / Kwame / "
        "Bettina / Yusuf / Ingrid / Callum / Noor / Stefan / Harriet / Dev / Lucia / Magnus / "
        "Farida / Ewan / Paloma / Viktor / Tamsin / Idris / Greta / Marcus / Leonie / Hamish"
    ),
    "month": _list(
        "January / February / March / April / May / June / July / August / September / October / "
        "November / December"
    ),
    "day": _list("Monday / Tuesday / Wednesday / Thursday / Friday"),
    "year": _list("2019 / 2020 / 2021 / 2022 / 2023 / 2024 / 2025"),
    "time": _list("9 / 9:30 / 10 / 10:30 / 11 / 11:15 / 1 / 1:30 / 2 / 2:30 / 3 / 3:45 / 4 / 4:30"),
    "team": _list(
        "finance / procurement / the board / legal / sales / HR / the auditors / marketing / "
        "facilities / the Leeds office / compliance / product / the regional leads / operations"
    ),
    "doc": _list(
        "the Q3 board report / the onboarding handbook / the travel policy / the tender document / "
        "the audit findings / the supplier survey / the safety manual / the market study / "
        "the grant proposal / the annual report / the retention policy / the incident report / "
        "the roadmap deck / the pricing memo / the feasibility study / the strategy paper / "
        "the customer interviews / the works council minutes / the research report / the budget"
    ),
    "file": _list(
        "handbook_v7.docx / price-list-2026.xlsx / Board_Minutes_Feb.docx / tender_response.docx / "
        "budget FY26.xlsx / house-rules.docx / product-spec-r4.docx / floorplan_B2.pdf / "
        "retention_policy.docx / pitch deck final FINAL.pptx / risk-register.xlsx / roster_wk9.xlsx"
        " / quality_manual.pdf / offer_letter.docx / Lieferliste.xlsx / launch-plan.docx / "
        "insurance_schedule.pdf / meeting-rooms.xlsx / site_survey.pdf / brand guide v2.pdf"
    ),
    "folder": _list(
        "Legal / Contracts 2025 / Finance shared / HR-private / Suppliers / Projects / Archive / "
        "Clients A-M / Board / Onboarding / Tenders / Vendor files / Marketing assets / Old drive"
    ),
    "place": _list("Leeds / Rotterdam / Porto / Malmö / Denver / Cork / Lyon / Perth / Kraków"),
    "endpoint": (
        "/v2/documents", "/v2/search", "/v2/folders", "/v2/files/upload", "/v2/webhooks",
        "/v2/users", "/v2/exports", "/v2/comments", "/v2/permissions", "/v2/oauth/token",
        "/v2/templates", "/v2/batch", "/v2/events",
    ),
    "client": _list(
        "Python requests / the node SDK / axios / curl / our Go service / Postman / a Java client"
        " / a PHP script / the .NET SDK / a Rust job / the Python SDK / a no-code tool / n8n"
    ),
    "format": _list("CSV / PDF / JSON / XLSX / zip / DOCX / Parquet / Markdown"),
    "small": _list("3 / 4 / 5 / 6 / 7 / 8 / 9 / 11 / 12 / 14"),
    "big": _list("140 / 220 / 380 / 450 / 612 / 780 / 900 / 1,150 / 1,400 / 2,300 / 3,100 / 4,800"),
}

COMMON = """
# *
T thanks
T thank you!
T perfect
T great, thanks
T brilliant
T that did it
T lovely, ta
T works now
T awesome
T cheers
T got it
T Perfect, thank you so much.
T nice one
T That's what I needed.
T ah ok makes sense
T super
T excellent
T you're a lifesaver
T wow ok. thanks
T ok great
T Very helpful.
T yep that's it
P ok thanks
P ok
P thanks anyway
P alright
P ok, thank you
P fine
P hm ok
P I see, thanks.
P okay thx
P right, ok
P Thank you.
P ok cool
P noted
P understood, thanks
P k
P all right then
P ok got it
P thanks for trying
P mhm
P Okay, thanks for looking.
P oh ok
P well, thanks
X forget it
X never mind
X useless
X I give up.
X I'll do it myself
X ok forget it, doing it by hand
X nvm, I'll ask someone else
X This is a waste of my time.
X whatever
X I'll ask IT instead.
X sigh. never mind
X not worth it, bye
X ok you can't help. bye
X Never mind, I'll call someone.
X i'll find another way
G hello??
G You didn't answer my question.
G that's not an answer
G and? what about the other half
G I still don't see how that helps.
G sorry what does that mean
G you skipped the actual question
G so is that a yes or a no
G what am I supposed to do with this?
C no
C That's wrong.
C no, not what I asked
C That isn't it.
C nope, that's something else
C wrong one
M I'm sorry for the confusion. Could you tell me a little more about what you're looking for?
M I apologise for the inconvenience. I've shared everything I was able to find on this.
"""

_EN = (
    "You're welcome! Let me know if there's anything else.",
    "Happy to help!",
    "Glad I could help. Have a great day!",
    "You're welcome!",
    "Anytime. Just ask if you need anything else.",
)
CLOSING: dict[str, tuple[str, ...]] = {
    "en": _EN,
    "de": ("Gern geschehen!", "Gern, melden Sie sich jederzeit."),
    "es": ("¡De nada!", "Con gusto, aquí estoy si necesitas algo más."),
    "fr": ("Avec plaisir !", "Je vous en prie."),
    "pt": ("De nada!", "Disponha!"),
    "it": ("Prego!", "Di nulla, a disposizione."),
    "nl": ("Graag gedaan!",),
    "ja": ("どういたしまして。", "お役に立てて何よりです。"),
    "pl": ("Nie ma za co!",),
}
