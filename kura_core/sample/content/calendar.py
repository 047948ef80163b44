"""Calendar: booking meetings, which the assistant cannot do, and reading notes, which it can."""

BOOK = r"""
# *
N I can't access calendars, but here is a text you could send: "Are you free on «day» at «time»?"
N Great! I've noted a meeting with «person» on «day» at «time». Is there anything else I can help
  with?
N To schedule a meeting, open your calendar, choose a free slot, add the participants and click
  Save.
N I don't have information about when «person» is available.
N I'm sorry, booking meetings isn't something I'm able to do right now.
N Here is an agenda for your meeting:\n1. Welcome\n2. Main topics\n3. Next steps
H I can't place it in your calendar, but I've made an .ics file for «day» at «time» that you can
  open.
H From the shared roster «day» after «time» looks free for both. I can't send the invitation myself.
M I'm sorry, I still can't see or change calendars. You could ask «person» directly.
M I apologise if that was unclear: the meeting isn't in your calendar, I only wrote it down here.
M Unfortunately I have no connection to calendar applications yet.
R Please put it in the calendar: «day», «time», «person», one hour. An invite, with a link.
R can you see my calendar? then find a free slot and block it
R [room] ok forget the room, just send an invitation for «day»
R [agenda] what i want is a meeting in everyone's calendar, not an agenda
R try «day» instead, any time after lunch, and book it for real
R [open your calendar] let me rephrase. schedule it. i don't want instructions
C [noted] You "noted" it but my calendar is empty.
C [text|agenda] that's a text. I wanted an invite sent out
C No, not «time», and you didn't book the other one either!
C «person» got no invitation. nothing was scheduled
G So is the meeting booked or not?
G did «person» get the invite?
G can you book or can't you, simple question
X ok calendar app it is
X I'll phone «person» and fix a date the old way.
X then why does the button say "assistant". bye
P okay, I'll put it in myself
P fine i'll ask «person»
P Alright, I'll do it in Outlook.
T [sheet] great, see it in the sheet

# book
A The room list is a document here, so I could add your booking: «day», «time», room Maple. «person»
  sees it in the same sheet.
S We're five people in three time zones.
S «person» is impossible to catch.
S I'm back from leave on «day».
S The client from «company» flies in.
S My calendar's a mess.
S Quarterly planning is coming up.
D 45 minutes should do.
D Room with a screen please.
D not before «time», kids
D add a video link
D «person2» is optional.
D Avoid «day2», that's my no-meeting day.
D Attach «doc» to the invite.
D and a reminder ten minutes before
D weekly from then on
Q Book a meeting with «person» on «day» at «time».
Q can you find a slot for «person», «person2» and me next week
Q Schedule a call with «company» about the «deal».
Q Please set up half an hour with «team» before the end of «month».
Q move my «time» to «day»
Q put a weekly check-in with «person» in the calendar
Q When are «person» and I both free?
Q invite everybody in «folder» to a kickoff on «day»
Q Cancel my appointments on «day» and tell people I'm ill.
Q Reserve the big meeting room for «day» «time».
Q Block «day» morning for focus time.
Q Get «person» on the calendar for a performance review, sometime in «month».
Q need a date for the retro, whole squad
Q Arrange a demo with «company», they prefer mornings.
# whole
O is my calendar connected? it keeps telling me it "noted" stuff but there's nothing in it
O Double booked at «time» on «day»! Shift the less important one, please.
O What's on my schedule for «day»?
O Reschedule: the «company» workshop from «day» to the week after, everyone informed.
O Why can you read my documents and not my calendar? I want you to plan the week for me.
O set up 1:1s with all «small» of my reports, 30 min each, spread over two weeks
O find a time that works for «place» and «place2», we always get the timezones wrong
O Could you send out a doodle or something for the offsite in «month»?
O «person» asks for 20 minutes on «doc». Accept and book it.
O add the deadlines from this project plan to my calendar as events
O I need an interview panel booked for the candidate on «day», three people, back to back.
O remind me every «day» to chase «company». with an actual calendar entry
O Lunch with «person», «day», noon, somewhere quiet. Calendar + table if you can.
O plan the board meeting. «small» members, none of them ever free
O who's out next week? then pick a day for the team sync and book it
O Turn this e-mail thread into an appointment. They already agreed on «day».
O my «time» with «company» has to go, can you push it by an hour and notify them
O Book me and «person» a room in «place» for «day», all day.
"""

NOTES = r"""
# *
N Meeting notes are a written record of what was discussed. They usually contain the participants,
  decisions and action items.
H I found two actions, both without an owner. The second half of the recording has no transcript.
M I'm sorry, I can only see the first page of those minutes.
R no, list who promised to do what, from the notes i have open
C those are last month's minutes, wrong meeting
F who has the most to do?
B «person», with three of the five actions.
F as a table please, owner / task / due
B | Owner | Task | Due |\n|---|---|---|\n| «person» | revised plan | «day» |\n| «person2» | quote |
  open |
F did anyone disagree in the meeting?
B Yes: «person2» thought the date too early; it's in the third paragraph.

# notes
O Pull the action items out of the minutes from «day» please.
= Actions: «person» sends the revised plan by «day»; «person2» asks «company» for a quote; everyone
  fills in the risk sheet before «month».
O what did i promise in yesterday's meeting lol
= Two things: the cost sheet by «day», and to ask «person» about the venue.
O Who agreed to talk to «company»? It's somewhere in the kickoff notes.
= «person2» did, third paragraph: "I'll ring them this week."
O List decisions only, no discussion, from the steering committee protocol.
= 1. Launch stays in «month». 2. The pilot gets €«big»k. 3. «person» owns the contract.
O here are my scribbles, make proper minutes: «person» late again. budget ok'd. «company» wants more
  time. next mtg «day»
= Minutes\nPresent: all, «person» from 9:10. 1. Budget approved. 2. «company» asks for more time,
  granted until «month».\nNext meeting: «day».
O Which points from the last three weekly syncs are still open?
= Two: the risk sheet (open since «month») and who talks to «company».
O turn the transcript of the call with «company» into to-dos with owners
= «person»: offer with two prices. «person2»: check delivery dates. You: send the slides by «day».
O Did we decide anything about the contract renewal in the «month» meeting?
= Yes: renew for one year, not three; «person» tells «company».
O I missed the all-hands. What concerns «team»?
= For «team» two points: the budget is frozen until «month», and «person» takes over planning.
O notes are 14 pages. what do I, «person», have to do by when
= «person»: revise the plan (by «day»), name a deputy (no date), read the tender (before «month»).
O Make a checklist out of the workshop protocol in «folder».
= [ ] book the room\n[ ] invite «person»\n[ ] order samples\n[ ] summary to everyone by «day»
O Minutes from the board: extract every number that was approved.
= €«big»k for the pilot, 2 positions, 3.5 % raise, 14 «month» for the launch.
O Compare the tasks from this week's notes with last week's. What slipped?
= Slipped: the risk sheet and the call with «company». Done: everything else.
O can you tell me what was said about hiring, it's in the meeting notes on top
= Frozen until «month», except the two engineers already promised.
O Please sort the follow-ups by person.
= «person»: plan, risk sheet. «person2»: quote, call with «company». Nobody yet: the venue.
O what were the next steps after the client workshop in «place»
= A second date in «month», a price list from us, and names of three testers from them.
O Write minutes from these keywords: heating, quote too high, «person» calls two others, vote in
  «month»
= Heating: the quote was found too high. «person» calls two other firms. Vote in «month».
O Was there an owner for the data migration task in our retro notes?
= No. It's listed as "all", which in practice means nobody.
O summarize who volunteered for what at the parents' evening, notes attached
= Cake: «person». Tables: «person2» and a neighbour. Music: nobody yet.
"""
