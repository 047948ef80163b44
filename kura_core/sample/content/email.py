"""E-mail: sending it, which the assistant cannot do, and drafting it, which it does well."""

SEND = r"""
# *
N I've drafted the e-mail for you:\n\nSubject: «doc»\n\nHi «person»,\nplease find the document
  attached.\nBest regards\n\nYou can copy this into your e-mail client.
N I'm not able to send e-mails. I can help you write one, though! What would you like it to say?
N Your message to «person» is ready. Just open your mail program, paste the text and press Send.
N Sure! To send an e-mail, open your e-mail application, click "New message", enter the recipient
  and click "Send".
N I'm sorry, I don't have access to your mailbox.
N Done! I have prepared the e-mail to «person». Please note that I cannot deliver messages outside
  of this chat.
H I can't send it myself, but I've shared «doc» with «person» inside the workspace; a notification
  goes to them automatically.
H I've put the text and the file link into a draft in your "Outbox notes" folder. Sending it is
  still up to you.
M I understand the frustration. Sending e-mail isn't something I can do at the moment. Would you
  like me to improve the draft?
M Apologies! Here is the e-mail again, ready to be copied into your mail program.
M I'm afraid I can't connect to Outlook or any other mail service.
R I don't want a text to paste. I want the mail to leave my outbox with «doc» attached.
R so again: please email it to «person», subject line and file are above
R could you at least forward it through the workspace, so that it lands in their inbox?
R Then hook up to my Outlook and send it from there.
R ok what about scheduling the mail for tomorrow morning, can you do that
R send. the. email. to «person».
R just deliver the message, whatever route you have, mail or smtp or pigeon
C [draft|copy|paste] I didn't ask for a draft, I asked you to send it.
C [draft|text|drafted|ready] no i have the text already, i need it SENT
C [done] You say "done" but «person» never got a mail from you.
C it's not in my sent items. nothing was sent
C [new message|mail program|click] that's how *I* send email. i asked *you*
G Was it sent or not?
G did it go out? «person» says the inbox is empty
G why can't you mail things, you can see the file AND the address
X [copy|paste] so it's copy paste then. as always
X Right, I'll send it from my phone.
X what's the point of an assistant that can't mail anything
P [copy|paste|draft] ok i'll paste it into outlook then
P [copy|paste] fine, copying it over
P Ah okay, I'll send it on my own.
T [workspace] oh nice, they got it
T «person» just replied, thanks

# send
A «person» is a member of this workspace, so I've posted the note and the file to them as a comment
  on «doc». They are notified by e-mail within a few minutes.
S I'm on a train with terrible reception.
S The client's waiting.
S My mail app crashed this morning.
S I've finished «doc».
S We do this every «day» and it takes me an hour.
S «person» isn't in the workspace.
S I've got the text ready in the open document.
D Subject should be "«company», next steps".
D Attach the PDF, not a link.
D put me in cc
D Send it at «time» if possible, not earlier.
D Same text for everyone, first names changed.
D and ask for a read receipt
D nothing fancy, two lines
Q Please email «doc» to «person» at «company».
Q send this to «person» by mail
Q Can you send a mail to «team» with the file attached?
Q Mail the summary above to everyone who was in the meeting.
Q forward «file» to «company»
Q Shoot «person» an email saying we're late by a day.
Q Could you reply to «person»'s e-mail from this morning and confirm «day»?
Q I'd like you to send the signed NDA over to «company» via e-mail.
Q Fire off a reminder to everybody who hasn't sent their numbers.
Q how do i get you to send emails from my account
Q can u email the invoice to «company» for me
Q Send a thank-you note to the «company» people, from my address.
# whole
O Set up an automatic e-mail: whenever someone edits «file», write to «team».
O Email blast to the «small» suppliers in the sheet, each with their own price list. Go.
O every monday at 8 mail me the open contracts. possible?
O is there an integration with gmail or outlook so that you can send stuff directly
O You wrote such a nice mail. Now please press send :)
O I asked you to send «doc» on «day» and you said sure. «person» never received anything!
O Write to support@«site:norvane|quorrin|ostrel|vexley».example and complain about their delivery,
  in my name, and send it off.
O When I say "send it to «person»", what happens exactly? Because nothing arrives.
O Out of office: please answer all incoming mail this week with "back on «day»".
O email the quarterly figures to the board. yes all «small» of them. now please
O can you check my inbox and answer the one from «company», tell them yes
O Please invite «person» by e-mail to comment on «doc», with a personal line from me.
O Send myself a copy of this chat, by mail.
O I dictated a message, you have it, so please transmit it to «person» before «time».
"""

DRAFT = r"""
# *
N Certainly! A good e-mail has a clear subject, a greeting, a body and a closing.
H Here's a start:\n\nDear Sir or Madam,\nI am writing to you regarding the matter.\n\nTell me more
  and I'll fill it in.
M I apologise. Here is the e-mail again: "Dear Sir or Madam, I am writing to you regarding the
  matter."
C [sir or madam] no dear sir or madam, it's my colleague
R Write the actual mail, with the facts I gave you, not advice about mails.

# drafts
O Help me write an e-mail to «company»: the delivery came two weeks late and half of it was broken.
= Subject: Late and damaged delivery\n\nDear all,\nour order arrived two weeks late and about half
  of it was damaged. Please confirm by «day» whether you replace or refund it; photos are attached.
O How do I tell my boss by mail that I'd like to work from home on Fridays? Polite but not begging.
= Hi «person»,\nI'd like to work from home on Fridays from next month. My fixed meetings are Monday
  to Thursday and I'd stay reachable as usual. Could we try it for eight weeks?
> shorter, he never reads past line two
< Hi «person»,\nmay I work from home on Fridays for a trial of eight weeks? Meetings stay as they
  are.
O i need to turn down a candidate, she was really good though. make it kind
= Dear …,\nthank you for the time you took. We chose someone with more field experience, and it was
  close. I'd like to stay in touch for the role we open in autumn.
O draft a reply to «person»: no we can't move the launch, yes to the extra budget, and could she
  stop cc'ing the ceo
= Hi «person»,\nthe launch date stays, but the extra budget is approved. One request: let's keep the
  details between us until there's something for «team» to decide.
> less stiff, we share an office
< Hi «person»,\nlaunch stays, budget is yours. And could we leave the boss out of cc until there is
  news? Thanks!
O Write a mail to all staff about the new coffee machine rules. Funny please, «small» sentences max.
= Subject: She's new, be gentle\n\nThe new machine has arrived. She takes beans, not pods. She wants
  her tray emptied. She remembers who didn't.
> add something about the milk
< "She does not do milk. That is the fridge. They are not speaking."
O Could you polish this? "Dear «person», I am write you for ask if the payment is already come."
= "Dear «person», I'm writing to ask whether the payment has arrived yet."
O Second reminder for an unpaid invoice, «company», €«big». Firm, no threats.
= Subject: Second reminder, €«big»\n\nDear accounts team,\nthe invoice is now 30 days overdue.
  Please pay by «day», or tell me what's holding it up.
> and a subject for the third one, in case
< Subject: Final reminder before collection, €«big»
O I have to tell «company» that prices go up 6% and I hate it. Text please.
= Dear «person»,\nfrom «month» our prices rise by 6 %. Energy and freight cost us more than we can
  absorb. Orders placed before then keep the old price.
> can it sound a bit sorry
< Dear «person»,\nthis is not a mail I like to write: from «month» our prices rise by 6 %…
O apology mail. i forgot the call with «person» at «time». i have no excuse
= Hi «person»,\nI missed our call and there's no good excuse. I'm sorry for the wasted time. I'm
  free «day» whenever suits you.
> shorter. one line
< "I forgot our call, no excuse, I am sorry. «day»?"
O What's a good way to ask «person» for feedback on my draft without sounding needy?
= Hi «person»,\nwould you have ten minutes for my draft? I'm unsure about section two: is the
  argument clear?
O Short mail to the landlord, the lift has been broken for «small» days
= Dear Sir or Madam,\nthe lift has been out of order for «small» days. Please tell us by «day» when
  it will be repaired; one colleague uses a wheelchair.
O Turn these bullets into a mail to «team»: server move, saturday 6am, 2h downtime, no vpn
= Hi all,\non Saturday from 6 am we're moving servers. Expect about two hours without VPN. Nothing
  to do on your side.
O I want to introduce «person» to «person2» by e-mail, they both work on packaging.
= Hi both,\n«person», meet «person2», who rethinks packaging at «company». I'll leave you to it.
O make this sound like a grown up wrote it: "hey wheres my money lol"
= "Hello, could you let me know when I can expect the payment? Thank you."
O Our volunteer group needs an invitation mail for a litter pick on «month» 14.
= Subject: Two hours, many bags\n\nJoin us on 14 «month» at ten by the bridge. Gloves and soup are
  on us.
O Answer a customer who wants a refund after «small» months. We can't, but offer a discount.
= Dear customer,\nour refund period is 30 days, so I can't return the money, but I'd like to offer
  20 % off your next order.
O resignation email pls. nice place, better offer elsewhere, last day is the end of «month»
= Dear «person»,\nI'm resigning, my last day is the end of «month». I learned a lot here and will
  hand over properly. Thank you.
> hm warmer please, i'll miss them
< Dear «person»,\nthis is harder to write than I thought. I am leaving at the end of «month», and I
  will miss the Friday breakfasts most.
O Write something to wake up «small» suppliers who have ignored my survey twice.
= Subject: Four questions, two minutes\n\nYour answers decide which orders we place in «month». The
  link closes on «day».
O Formal letter style email to the embassy asking about visa processing time, in English.
= Dear Sir or Madam,\nI applied for a visa on 3 «month» and would be grateful for an estimate of the
  processing time.
O Congratulate «person» on the promotion. We used to be rivals. Subtle.
= Dear «person»,\ncongratulations, well deserved. You always did make me work harder.
> too subtle, add that I mean it
< Dear «person»,\ncongratulations, and I mean it: they chose well. You always did make me work
  harder.
"""
