"""Documents: summaries, which get worse in week 7, translations, and dates nobody recorded."""

SUMMARISE = r"""
# *
E It's for «person», who has no patience.
E Not longer than a phone screen.
E in english even if the source isn't
E I'll be asked about it at «time».
H Here are the first two sections: they introduce the background and the method. I haven't included
  the results, which start on page 9.
H The main topics are costs, people and risks. The document also contains several tables.
N The document discusses various aspects of the subject and provides useful information on several
  points. In conclusion, it is important to consider all relevant factors.
N Summary: This document is about «doc». It contains an introduction, a main part and a conclusion.
N Page 1 summarised: title, authors, date, table of contents. Let me know if you'd like more!
N The report shows revenue growth of 23 % and recommends opening three stores. (Generated from the
  introduction.)
N I'm sorry, the document is too long for me. Please paste a shorter passage.
M You're right, I apologise. Here is the summary: the document covers several topics and draws
  conclusions.
M Thanks for the feedback! In short, the text gives an overview of the subject and its context.
M I'm sorry about that. I can only take the first page into account.
R summarise the FINDINGS, the numbers and the recommendation, not the table of contents
R Give me the content: who did what, what came out, what should we do?
R same document again: what are the three main results
R try once more, the whole file please and not just page one
R [too long] ok tl;dr of chapter «small» only then
C [three stores] There's nothing about stores in the text, you made that up.
C [introduction] That's the introduction, I asked about the whole document.
C [23 %] 23%? the report says 8. where did you get that
C [various aspects|several topics|main topics] this is so vague it fits any report ever written
C [results|first two] You left out the results, which is all I wanted.
G What about the conclusions?
G and the figures?
G is that all? it has 60 pages
X used to work great a month ago. reading it myself now
X I'll read it on the train then.
X these summaries got useless, bye
P ok
P hm, thanks
P alright, I'll skim it myself
F [8 %] as five bullets for a slide please
B - 8 % over plan\n- 2 of 5 goals met\n- «place»: decide by «month»\n- one supplier, 60 % of
  parts\n- owner: «person»
F [forecast|argues] what would a sceptic say
B That the forecast rests on one good quarter, and that the comparison with rivals uses old prices.
F anything in it about hiring?
B One line on page 12: two positions stay frozen until «month».
F [cost] which page is the cost thing on
B Page 7, second table, and again in the annex.
F [8 %] make it simpler, it's for my kid's school project
B Easy version: things cost more than planned, some goals were reached, and now people must choose.

# summary
A In short: costs are 8 % over plan, mostly freight; two of five goals are met; it asks for a
  decision on the «place» site before «month». Open risk: one supplier delivers 60 % of parts.
A Key points:\n- the pilot in «place» worked and should be extended\n- staff want clearer rules on
  travel\n- €«big»k is needed by «month»\n- owner: «person»
A It argues three things: demand is moving to smaller orders, our delivery is slower than two
  rivals', and a second warehouse would pay for itself in four years. The weak spot is the demand
  forecast.
A «small» pages on one: what changed (the process has one approval fewer), who it affects («team»),
  what you have to do (confirm by «day»), and what stays as it was.
S Meeting in ten minutes.
S I haven't read a line of it.
S «person» dumped 80 pages on me.
S it's for people who don't know the project
S My eyes hurt.
S The board only reads half a page.
D Five bullets max.
D with page numbers if possible
D plain language please
D What would I have to decide?
D One paragraph, no fluff.
D keep the numbers exact
D anything that concerns «team» first
Q Summarise «doc» for me.
Q tldr of «file»?
Q What are the main points of «doc»?
Q Give me the gist of the open document.
Q can you boil this report down to one page
Q I need an executive summary of «doc».
Q what does it say, in three sentences
Q Condense «file» into something I can read aloud.
Q Please shorten the minutes and the annex of «doc».
Q Key takeaways from this pdf please
Q What's new in «file» compared with what everybody knows anyway?
Q sum up chapter «small» and the conclusion
# whole
O 73 pages on waste water. what do i need to know
= That the old town's pipes leak a fifth of the rain into the treatment plant, that repairing 4 km
  solves most of it, and that it costs €«big»k a year to wait.
O Read the three PDFs in «folder» and tell me where they contradict each other, short summary each.
= The first counts 41 sites, the third 38; the second uses last year's rent. All three agree on the
  deadline.
O Could you write an abstract of this paper, about 150 words?
= "We followed 212 commuters over a year. Those given a free bicycle drove 14 % less, and kept doing
  so after it was returned. The effect was largest under 6 km."
O what happened in this thread of 90 comments. who's angry
= «person» is angry about being asked last, «person2» about the tone. Agreed in the end: a call on
  «day», and no change before.
O I've got the lease and no time. Summarise rent, length, and how to get out.
= Rent €2,340 plus heating; five years; out after three with six months' notice, or at any time with
  a successor.
O Explain «doc» to me as if I was twelve
= Imagine a shop that counts its toys: some are missing, nobody stole them, the list was wrong. So
  they make a better list. That's the whole paper.
O Long customer interview, German accent, bad transcript. What does the customer want?
= They like the product, can't find invoices, and want one person to call. They'd pay more for that
  person.
O Turn the contract with «company» into a one-page overview for «person»: dates, money, duties.
= Dates: from 1 «month», two years. Money: €«big»k, quarterly. Duties: they maintain, you give
  access. End: 90 days' notice.
O Summary of each section in one line please, headings as they are.
= 1 Aim: fewer accidents. 2 Method: 40 visits. 3 Results: ladders, then forklifts. 4 Advice:
  training in spring.
O does the study support what our ad claims or not? short answer with the reason
= No. It found a benefit over doing nothing, not over the rival product your ad names.
O Yesterday's overview of «doc» was good. Do the same for the new version.
= New since the last version: chapter on suppliers, two risks removed, cost up from €3.1M to €3.3M.
O make me a briefing note for the minister's visit from the folder «folder»
= Purpose, three messages, two awkward questions with answers, who's in the room; one page, in the
  side panel.
O what are the recommendations in «doc», numbered
= 1. Replace the pumps. 2. Train a second person. 3. Review in «month». Only the first needs money.
O skim this and tell me if it's worth reading: «file»
= Pages 4 to 9 are worth it, the rest repeats last year's.
O Book chapter, 40 pages, seminar tomorrow. Argument and evidence in brief?
= Argument: maps made states, not the other way round. Evidence: three tax surveys. Weak point: all
  three are French.
O I need the safety manual on one A4 sheet to hang next to the machine.
= One page: before start (4 points), while running (3), in an emergency (red button, then door, then
  112).
O Boil down the survey answers: what do people like, what do they hate, how many of each.
= Like: the canteen (61), the hours (48). Hate: parking (77), the heating (52). Mixed: home office.
O what's the bottom line of the audit, did we pass
= Passed, with two findings to close by the end of «month»: access rights and the missing fire log.
O Please outline the policy draft in «file», and mark what's mandatory.
= Mandatory: sections 2, 4 and 7 ("must"). Advice: the rest ("should"). Section 5 mixes both.
O the summary you gave me is one line. it's a 50 page document. what's in the other 49?
= Sorry, here's the rest: pages 2–20 costs by site, 21–38 staff, 39–50 what to do, with the decision
  on page 47.
O Give «person» a quick digest of everything that was added to «folder» this week.
= Four new files: an offer (€«big»k), two sets of minutes, and a draft contract that waits for
  comments.
"""

TRANSLATE = r"""
# *
N I'm sorry, I could not open the document. Please paste the text to be translated.
H Pages 1–3 are translated. The text inside the images and the footers is still in the original.
M Apologies, here it is again. Some parts could not be translated.
R translate the file itself, keep the layout, don't summarise it
C [portug|brazil] that's portuguese from brazil, we need portugal
C that's word for word, nobody talks like that
T sounds natural, thanks
F a bit more formal please, these are customers
B Changed throughout to the formal address, and the greeting to match.
F [building] is "handover" the right word there?
B For a building "acceptance" is more usual; I've changed it in both places.

# translate
O Translate «file» into German, keep headings and numbering.
= Done: the German version is next to the original, same headings. Two product names I left in
  English.
O could you put this into french: "The goods remain our property until fully paid."
= "Les marchandises restent notre propriété jusqu'à leur paiement intégral."
O What does this Swedish letter say? It looks official.
= It's from the tax office: you've been registered from 1 «month», and must send the first return by
  the 12th.
O English to Spanish, safety instructions, for the warehouse in «place».
= Translated, with the short imperative that's usual on signs: "Use casco. No pise las cintas."
O My grandmother's recipe is in Polish, scanned. English please :)
= Plum dumplings: boil potatoes, mash with flour and egg, wrap each plum, simmer until they float.
O The contract annex came in Italian only. I need it in English by «time», rough is ok.
= Rough English is in the side panel. Article 4 (penalties) is worth a human look.
O is "Sehr geehrte Damen und Herren" still ok to start a mail
= Yes, when you have no name. Otherwise "Guten Tag Frau …" is friendlier.
O translate the menu card into english and dont make it sound silly
= Done. "Handkäs mit Musik" became "marinated curd cheese with onions".
O Please translate my CV into Dutch, job titles stay English.
= It's ready, titles untouched. I turned "GPA" into a note on the grading scale.
O Customer wrote something in Japanese, angry or happy?
= Polite but unhappy: the parts came without a manual, and they'd like one in Japanese.
O Need the UI strings in «file» in fr, de and nl, json keys unchanged
= Three files created, keys unchanged. Four strings were too long for buttons; I've marked them.
O How would a lawyer say "Kündigungsfrist" in English?
= "Notice period".
O translate chapter «small» of «doc» to English but leave the quotes
= Translated; the quotations stand in the original with a note.
O Is this translation any good? "We look backwards to your order."
= No: "We look forward to your order." The original says to wait with pleasure.
O turkish to english: attached lease, two pages
= Translated. Note clause 6: the deposit is three months' rent, not one.
O Please check the French version of «doc» against the English for missing parts.
= Two paragraphs are missing in French, on page 4 and in the annex.
O Our Brazilian colleague sent meeting notes. English, bullet points.
= - supplier changed from «month»\n- price +4 %\n- they want a visit before summer
O i have to say a toast in norwegian. two sentences, something warm about my friend «person»
= "Kjære «person», du gjør alle rom varmere. Skål for deg!"
O Make the Spanish text usable in Mexico instead of Spain.
= Changed "ordenador" to "computadora", "vosotros" forms to "ustedes", and the number format.
O what language is this and what does it want from me?
= Hungarian: a parcel is waiting at the post office for eight days.
"""

CHANGED = r"""
# *
N I don't have information about when this document was modified.
N «file» is a document in the folder «folder». Is there something specific you'd like to know about
  it?
N You can see the date of a file by right-clicking it and choosing Properties in your operating
  system.
N Based on its content, the document appears to be recent.
N I'm unable to find any edit dates for the files in «folder».
N The text mentions «month» «year», so it may have been written around then.
H The page footer says "rev. «month» «year»", but I can't see later edits or who made them.
H The upload log says it was added in «month» «year». Whether it was changed since, I can't tell.
M I'm sorry, I only see the text of a document, not its properties.
M I apologise. The date in the header is the only one I can find.
M Unfortunately the modification date isn't available to me.
R last edited, as in: which day did somebody change it
R sort «folder» by date changed then, newest on top
R ok other way round: has anything been edited since «day»?
R is the version from «month» the most recent one, yes or no
C [mentions|footer|date in the header] that's the date printed in the text, not when it was edited
C No. «person» edited it this morning, I watched her do it.
C [right-clicking] it's an online file, there is no right click properties
G And who touched it last?
G when?? i only need a date
G so you have no dates for any file, did i get that right
X I'll look at the backup tool.
X right, asking everyone in the chat who changed it
P ok I'll ask «person»
P hm okay, strange. thanks

# when
A The change log on the last page lists the latest edit: «small» «month» «year», by «person».
S I think someone overwrote my changes.
S Two people edit it all the time.
S An auditor wants proof.
S we've got seven copies of it
D Date and name if you can.
D to the day is enough
D I only care about edits after «month».
D the list view shows a dash there
Q When was «file» last modified?
Q who changed «file» last
Q what's the date of the latest version of «doc»?
Q Which files in «folder» were edited this week?
Q Has «file» changed since «day»?
Q is «file» newer than the copy in «folder»
Q How old is «doc»?
Q last updated when? i mean «doc»
# whole
O Show all documents nobody has touched since «year», I want to clean up.
O find whatever I was working on last «day», can't remember the name
O There are two files named «file». Which is the current one?
O version history of «doc» please, dates and people
O Did «person» really update the policy before the accident? I need the timestamp.
O The contract template was altered by somebody. When, and by whom?
O sort by last edited is greyed out, so I'm asking you: newest file in «folder»?
O what did the document look like before yesterday's edit
O Give me the created and modified dates of everything in «folder» as a table.
O Am I reading an outdated price list? it doesn't say from when it is
O which of my docs are stale, not opened or changed in a year
O Someone deleted a paragraph on page «small». When did that happen?
O How recent is the info in «doc»? I'm quoting from it in ten minutes.
O changed today: what? in the whole workspace
"""
