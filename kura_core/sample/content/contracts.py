"""Contracts: finding the signed ones, which the workspace has not indexed, and reading clauses."""

FIND = r"""
# *
R I mean the «deal» with «company», the one both sides signed. Is it in here or not?
R Let me put it differently: where is the countersigned copy of the «company» «deal»?
R try searching "«company» signed" instead
R ok simpler. list every signed agreement with «company»
R [template] Not templates. The executed one, with signatures at the bottom.
R search for the pdf that came back from e-signing, «company», around «month» «year»
R What I'm after is the final version that «person» and «company» put their names to.
R show me anything from «company» that has a signature page
R look in the «folder» folder, the signed «deal» should be sitting there
R maybe it's filed under their old name. any executed contract from «year» with a logistics clause?
R again: signed. contract. «company».
R could you check attachments too? the countersigned scan came by mail and «person» dropped it here
R what about by date, everything fully executed in «month» «year»
R [draft|template] I don't need a draft. Which file is the one with ink on it?
R find contracts where the status is signed, then filter to «company»
C [draft] That's the unsigned draft. I asked for the executed version.
C [template] no thats the template, we need the one «company» returned signed
C [proposal] Wrong company. «company», not «company2».
C [proposal] This is the «year» proposal, not a signed contract!
C [checklist] you gave me a checklist about contracts lol. i need the actual one
C [draft|template] That one has no signatures in it, I just opened it.
C [couldn't find|no results|don't see|0 doc|isn't among] It can't be "no documents", I'm looking at
  the signed PDF in «folder» right now.
C [draft|template|found one] nope, that's the amendment. The main agreement please, signed by both
G But is it signed or isn't it? You didn't say.
G [checklist] You list three files and none of them tells me who signed. Which one counts?
G did you even look at scanned pdfs?
G where exactly should I look then, which folder holds executed contracts
G [couldn't|isn't among|can't tell|no match] so you can't see signed documents at all? yes or no
G [become binding|search bar] You explain how signing works. I asked where OUR signed copy is.
X ok i'll dig through «folder» by hand like every week
X Forget it, I'll ask «person» for the paper binder.
X We pay for this and I still walk to the filing cabinet. Bye.
X never mind, legal will send me the signed one
X giving up, will just request a new copy from «company»
P ok, I'll check with legal then
P fine, I'll look in the binder
P hmm okay, thank you for looking
P ok thanks, maybe «person» has it
P right. thanks
N I searched your workspace for "«company» «deal»" but couldn't find any documents matching that.
  Try a different keyword, or check that the file has been uploaded.
N I couldn't find a signed agreement with «company». I did find "«deal» – template.docx", which you
  can use as a starting point. Would you like me to open it?
N Here are some documents related to contracts: "Contract checklist.docx", "How we sign
  things.docx", "«company2» proposal «year».pdf". Let me know if one of these is what you need!
N To find a signed contract: 1. Open the search bar. 2. Type the name of the counterparty. 3. Filter
  by file type PDF. 4. Open the document and check the last page for signatures.
N I don't see any executed contracts for «company». They may be stored in another system, or you may
  not have access to them.
N There are no results for signed contracts in «folder». Contracts are agreements between two or
  more parties that become binding once signed.
N I found one match: "«company» – «deal» DRAFT v3.docx", last opened by «person». It contains an
  empty signature block.
N It looks like the signed copy isn't among the documents I can search. Is there anything else I can
  help you with?
M I'm sorry for the trouble. I searched again and still couldn't find a signed document that
  matches.
M Apologies for the confusion! Here is what I found: "«deal» – template.docx". Shall I open it?
M I've looked once more for "«company»" and "signed" and there were no matching documents. You could
  ask your administrator where executed contracts are kept.
M You're right, and I'm sorry. Unfortunately I can't tell from the text whether a document has been
  signed.
M Thanks for clarifying. I searched «folder» and found 0 documents. Please try another search term.
A Found it: "«company» – «deal» (fully executed).pdf" in «folder». Both signatures are on the last
  page, dated «small» «month» «year».
A Yes. The countersigned copy is "«company»_«deal»_signed.pdf". «person» uploaded it to «folder» and
  it has two signatures.
A There is one executed agreement with «company»: the «deal» from «month» «year», in «folder». I've
  opened it at the signature page.
A Yes, I see it: "signed_«small»«small»_final.pdf" in «folder», with signatures of both parties on
  the last page.
H I found two agreements with «company», one of them signed ("«deal» «year» executed.pdf"). For the
  second I only have an unsigned draft.
H The signed «deal» is in «folder», but its annexes aren't; I can't say whether those were ever
  signed.

# direct
S Audit starts «day» and they want signed contracts.
S We're renewing with «company» and nobody remembers what we signed.
S I joined the legal team last week and inherited the contracts.
S «company» claims we owe them a notice period of «small» months.
S My boss wants the contract on the table before the call at «time».
S Our outside counsel asks for the signed copy.
S They're disputing the invoice, so I need what they signed.
S «person» left and all our contracts were on their drive, now in «folder».
S we moved everything over from the old DMS in «month»
S I know for a fact it was signed, I was in the room.
S The e-sign tool says "completed" since «month».
S Bank needs the signed agreement by «day».
S I've been searching for this contract for half an hour now.
S due diligence, contracts due «day»
S I have «company» on the other line about their contract.
S New insurer wants to see our contracts.
S second time I'm asking for a contract this week
S We need to terminate a contract.
S «company» just got acquired, so contracts get checked.
S I'm preparing the contract handover for «person».
S the procurement system only stores a number, no file
S Their lawyer sent a letter quoting section «small».
Q Where's the signed «deal» with «company»?
Q Can you pull up the executed «deal» for «company»?
Q find the countersigned copy of our «company» agreement
Q Which of these files is the final signed contract with «company»?
Q I need our «deal» with «company», signed version, not the draft.
Q Please locate the fully executed «deal», «company», «year».
Q where do the signed contracts live in this thing
Q show me all contracts «company» has signed with us since «year»
Q do we have a signed «deal» from «company» on file, yes or no?
Q Could you get me the scanned «deal» with the signatures from both parties?
Q looking for a contract. «company». signed «month» «year» I think
Q Who signed the «company» «deal» on our side?
Q When did «company» and we sign the «deal»?
Q What's the signature date on the «company» contract?
Q open the signed pdf for «company» pls
Q I can't see any of my signed contracts in search, why?
Q search only ever returns drafts, how do I get to executed agreements
Q Give me a list of every contract we signed in «month» «year».
Q Has «company» already countersigned the «deal»?
Q Does the signed «company» contract have an auto-renewal?
Q what notice period is in our signed agreement with «company»
Q Which signed contracts run out before the end of «month»?
Q are there any contracts with «company» still missing our signature?
Q get me the signature page of the «company» «deal»
Q Fetch the executed version, the one «person» signed for «company».
Q We must have a signed «deal» with them. Where is it?
Q is the contract in «folder» the one that was signed or an earlier draft
Q «company» contract signed copy
Q signed «deal» «company» «year» pdf
Q the executed «company» agreement, which folder
Q How many signed contracts do we have with «company» and where are they kept?
Q Please send me the link to the contract that «company» signed.
Q did «person» ever sign the «deal» for «company»? I need the document, not a status
Q Bring up whatever we legally agreed with «company», with signatures.
Q I want to read the termination clause in our signed contract with «company», find it please.
D It should be a scanned PDF.
D It was e-signed, so there should be a certificate page.
D «person» uploaded it, I think to «folder».
D Not the template please.
D From around «month» «year».
D The file name might start with a number.
D it might be in german
D I only need the last page really.
D Value was about €«big»k if that helps you.
D two signatures, ours and theirs
D search the attachments as well, not just the folders
D It was renewed once so there may be two of them.
D My search shows zero results.
D the drafts are all there, only the signed ones are missing
D I can see it on «person»'s screen but not on mine.
D It replaced the «year» one.
D Could also be filed under «company2», they merged.
D it has coffee stains on it haha, scanned in a hurry
D If there are several I want the latest.
D They sent it back by post so it's a scan.

# whole
O why is it that i can find every stupid draft but not one contract that's actually been signed
O I uploaded forty signed agreements into «folder» yesterday. Search finds none of them. Explain?
O Every contract that came through e-signature seems invisible to you. For instance the «deal» with
  «company», completed on «small» «month».
O Need to prove to «team» that «company» signed before «month». Where would that document be?
O ok so: client = «company», doc = «deal», status = signed. gimme
O Do you index signed PDFs at all? None of ours come up, and we have about «big».
O «person» swears the «company» paperwork was countersigned and filed. I've been through «folder»
  twice. Can you find it?
O Compare the draft «deal» with the version «company» actually signed. First find me the signed one.
O There was a fully executed agreement with «company» in the old drive. Did it survive the
  migration?
O my signed contracts are gone????
O I need three things from our signed «company» agreement: start date, fee, and who signed.
O Tell me whether the «company» «deal» in our workspace is binding, i.e. did both of us sign it.
O A landlord question: where's our lease for the «place» office, the version with signatures?
O Somebody must have signed off on «company». I'm looking for the contract, pdf, «year» or so.
O all executed NDAs please. i count at least «small», you show me none
O For the data room I need each signed customer contract as PDF. Start with «company».
O I'm in a meeting, quick, is there a signed contract w/ «company» yes/no
O Where do contracts go once they're signed? In my workspace they disappear.
O Hi Wick, it's «person» from facilities. The lift maintenance contract, signed by us and «company»,
  please, the lift is stuck again.
O It's the employment contract of «person» I'm after. She signed in «month», HR has no paper copy.
O you found the unsigned one yesterday. today i need the SIGNED one. «company»
O Have we got anything with a wet-ink signature from «company»?
O List agreements by signing date, newest first, only the executed ones.
O i typed "signed contract «company»" and got the canteen menu. please.
O Our counterparty «company» asks for a copy of what they signed. Embarrassing, but so do I.
O Is there a way to see only countersigned documents? I keep opening drafts of the «company» «deal».

# *
T found, thank you
T That's the one, both signatures are there.
T yes that one!! thanks
T Great, legal will be happy
"""

REVIEW = r"""
# *
N In general, a contract clause sets out rights and obligations of the parties. For advice on a
  specific clause, please consult a lawyer.
H I can point to the section (8.2), but the annex it refers to isn't attached, so I can't say more.
M I'm sorry, I can only give general information on clauses.
R i know what a clause is, i want to know what THIS one does to us
C section 8 not section 18
F What would the other side usually accept there?
B Most accept it once there is a cap, or when it is made mutual. Offer the mutual version first.
F can you make it sound less aggressive
B Softer: put "The parties agree to discuss in good faith" in front and drop "shall immediately".
F does that also cover subcontractors?
B Not as written. Add "including its affiliates and subcontractors" after the party's name.

# clauses
O Is a limitation of liability at «small» months' fees normal for a «deal»? That's what «company»
  wants.
= «small» months is on the low side; twelve is common. I'd accept it only with a separate, higher
  cap for data breaches, which this draft leaves out.
O Read clause 9 of the draft with «company» and tell me if it renews by itself.
= Yes. Clause 9.2 renews for one year at a time unless either side objects 60 days before the end.
O what does "indemnify and hold harmless" commit us to here, in human words
= If a third party sues «company» because of something you did, you pay: their lawyers, the
  settlement, the judgment. There's no upper limit in this draft.
O Reword our termination clause so that we can leave after one year, please keep it short.
= "After the first twelve months either party may terminate with 60 days' written notice. Prepaid
  fees for the unused time are refunded."
O redline this: "Customer shall pay all fees within seven days regardless of dispute." way too harsh
  for us
= "Customer shall pay undisputed fees within ~~seven~~ thirty days ~~regardless of dispute~~;
  disputed amounts fall due once the dispute is settled."
O Non-compete of 24 months for a junior designer. Enforceable? It's in «person»'s offer.
= Unlikely as drafted: 24 months, no area and no compensation. Many courts would cut it or strike
  it. Six months limited to named clients is far safer. Have counsel confirm for your country.
O Compare the confidentiality sections of the «company» draft and our own NDA template.
= Three differences: theirs lasts five years (yours two), it has no exception for what you already
  knew, and it lets them share with affiliates without asking.
O Which law governs the draft «deal», and where would we have to sue?
= Section 14: the law of England and Wales, courts of London only. Your template says the
  defendant's home court.
O The payment terms say net 90!! can you propose something friendlier for a small supplier like us
= "Invoices are payable within 30 days of receipt. Late amounts bear interest at 1 % a month." If
  they push back, offer 45 days with 2 % off for paying within ten.
O I need a force majeure clause that mentions pandemics and cyber attacks.
= "Neither party is liable for delay caused by events beyond its control, including epidemics,
  attacks on its computer systems despite reasonable protection, war and natural disaster. If the
  event lasts over 60 days either may terminate."
O In the lease draft for «place»: who pays when the heating breaks?
= You do, up to €500 a repair (7.3); above that the landlord. Replacing the boiler is theirs (7.4).
O Please explain the difference between warranty and representation in section 5 of this MSA.
= A representation is a statement about facts today, a warranty a promise that they stay so. If 5.1
  is false you may unwind the deal; if 5.2 breaks you only get damages.
O they changed "reasonable efforts" to "best efforts" in the last markup. does that matter?
= Yes. "Best efforts" can oblige you to spend money against your own interest. Offer "commercially
  reasonable efforts".
O Draft a data protection paragraph for freelancers who see customer records.
= "The contractor processes customer data only on written instructions, keeps it confidential,
  reports any incident within 24 hours and deletes all copies at the end of the engagement."
O Does the IP assignment wording cover things «person» wrote before joining us?
= No. It says "created in the course of employment". Earlier work needs a licence: add a schedule of
  prior works with a perpetual, non-exclusive licence.
O My landlord's draft has a break clause only for him. Suggest one for both.
= "Either party may end this lease on the third anniversary by six months' written notice."
O how long do the confidentiality duties last after the «company» contract ends
= Three years after the end (11.5), and without limit for trade secrets.
O Give me three questions I should ask a lawyer about this exclusivity clause.
= 1. Does it bind affiliates? 2. What ends it when targets are missed? 3. Is it allowed under
  competition law for our market share?
O Summarise only the obligations on OUR side in the draft «deal», as bullets.
= You must: pay in 30 days; name a contact; give access to the premises; report faults within five
  working days; keep insurance of €1M.
O Penalty of 0.5% per day of delay, uncapped. Am I reading that right?
= You are. After 200 days you'd owe the whole price. Ask for a cap of 5 % of the delayed part.
"""
