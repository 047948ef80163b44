"""Study help: essays, exams and maths."""

ESSAY = r"""
# *
N An essay consists of an introduction, a body and a conclusion.
H On the language: fine. On the content I can't say much without your course's criteria.
M I'm sorry. Try to be clear and concise.
R don't rewrite it, tell me what's weak in the argument
C [rewrit|shorten|concise] that changed my meaning completely
C that's general advice, i asked about mine
F [thesis|essay|paragraph] is the conclusion ok?
B It repeats the introduction. End with what follows from your argument for today.
F [thesis|essay] what grade would it get
B I'd guess a solid B: good evidence, thin counterargument.
F [words|paragraph|abstract] can you check the commas only
B Three were missing, all before "which". Marked in yellow.
T [introduc|paragraph|letter|words|proof] feels like mine but better, thanks

# essay
O can you give feedback on my essay about the french revolution, is the thesis clear
= The thesis comes only in paragraph three. Move it up and name bread prices as the cause you argue
  for.
O My introduction is boring: "Since the dawn of time, people have communicated." Help.
= Start with one case: the first text message, sent in 1992, said "Merry Christmas". Then widen.
O Shorten this to 500 words without losing the argument, it's 640 now.
= 498 words. I cut the second example and joined paragraphs four and five.
O is "I" allowed in a lab report
= In most sciences sparingly; use "we" or the passive for methods, "I" for your own judgement. Ask
  your tutor.
O make my motivation letter for the exchange in «place» less stiff
= Opened with the evening class you taught, cut three "highly motivated", kept the facts.
O Does my essay on social media answer the question "to what extent"?
= Not yet. It says yes and no; add how far: for whom, and under which conditions.
O counterargument paragraph for "uniforms in schools", i'm in favour but need the other side
= "Critics hold that uniforms suppress expression. Yet the cost argument cuts both ways…", with two
  sources to look for.
O How do I cite a podcast in APA?
= Host, A. (Host). (2024, March 3). Title of episode [Audio podcast episode]. In Title of podcast.
  Publisher.
O My supervisor wrote "so what?" in the margin of chapter «small». What does that mean?
= That the result stands alone. Add who should care, and what would be different if you're right.
O outline for 2000 words on renewable energy in island states please
= Hook, problem (diesel costs), three cases, obstacles, what transfers; about 300 words each.
O i need better transitions between my paragraphs, it's all "furthermore"
= Link by content: "That price shock explains why…", "None of this held in the north, where…".
O Is this plagiarism: I changed every third word and cited nothing
= Yes. Close the source, write it from memory, and cite it anyway.
O personal statement for nursing school. i'm 34 with two kids and think it sounds like excuses
= It sounds like evidence. Say what the nights taught you before saying why they were hard.
O my thesis statement: "climate change is bad". too weak right?
= Too weak. "Cities should pay for shade before sea walls, since heat kills more" can be argued
  with.
O Proofread the abstract but keep British spelling.
= Four slips fixed, "analyse" and "behaviour" kept.
O What's a good title for a paper on bees in car parks?
= "Parked Pollinators: Bee Diversity on Urban Asphalt"
O write me the essay on macbeth, 800 words, due in an hour
= I'd rather help you write it: pick one scene, what does he fear there? I'll turn your answer into
  an outline.
O literature review feels like a shopping list of papers
= Group by disagreement, not by author: who thinks the effect is real, who doesn't, and what decides
  it.
O does the paragraph on slavery sources sound disrespectful? please read it carefully
= One phrase does: "the cargo". Say "the people held on board".
O Turn my bullet points on inflation into one proper paragraph
= Done: 120 words, your order kept, one example added in brackets for you to check.
"""

EXAM = r"""
# *
N To prepare for an exam, make a plan, revise regularly and sleep well.
H Here's a start with five questions. The rest of the material I couldn't open.
M I'm sorry. Here are some general study tips.
R questions, not tips! like in the real test, with answers below
C that isn't on the syllabus
F harder ones please
B 1. Explain without the textbook's example. 2. What would break if the assumption failed?
F quiz me one at a time
B Question 1: what happens first? Answer in a sentence and I'll go on.
F what if i only have tonight
B Then: past paper first, mark the gaps, learn only those, sleep.
T ok feeling less doomed

# exam
O flashcards for cell biology chapter «small» please, mitosis and so on
= 1. Order of phases? Prophase, metaphase, anaphase, telophase. 2. Where do chromatids part?
  Anaphase. (18 more below)
O Quiz me on the causes of the first world war, multiple choice.
= 1. Which event set off the July crisis? a) Sarajevo b) Tangier c) Fashoda d) Agadir
O Exam in contract law on «day». Make me practice cases about offer and acceptance.
= Case 1: A advertises a bike, B posts a cheque, A sells to C. Was there a contract with B?
O study plan: three exams in «small» days, stats, micro and accounting. i work mornings
= Afternoons in 90-minute blocks, hardest first: stats every day, micro and accounting in turn, last
  day mixed papers.
O anatomy mnemonics for the cranial nerves??
= "Oh, Oh, Oh, To Touch And Feel Very Good Velvet, Such Heaven."
O Turn my lecture notes on thermodynamics into twenty questions with short answers.
= 1. What stays constant in an adiabatic process? Entropy, if it's reversible. (19 more)
O what will likely come up in the macroeconomics final, here's the last three years
= IS-LM in all three, the Phillips curve in two, growth never yet. I'd bet on growth.
O explain osmosis the way an examiner wants it, 4 marks
= Movement of water (1) through a partially permeable membrane (1) from higher to lower water
  potential (1), passively (1).
O I have an oral exam about my thesis. Which nasty questions should I expect?
= Why this sample? What would prove you wrong? What would you do differently? Who disagrees with
  you?
O mock test please, network protocols, 15 questions mixed difficulty
= 1. Which layer does TCP belong to? 2. Why three packets in the handshake? (13 more)
O how do i stop blanking in exams
= Start with a question you can do, write keywords for the rest, come back. Practise that once under
  time.
O Vocabulary list unit «small» French as cards, with example sentences
= "rater: to miss. J'ai raté le bus." (39 more)
O Summarise the lecture slides on photosynthesis so I can revise on the bus
= Light splits water, makes ATP and NADPH; the Calvin cycle spends both to fix carbon. Where:
  thylakoid, stroma.
O check my answers to the practice paper, i think i messed up question «small»
= Seven of nine are right. In that one you swapped the axes, so elasticity is 2, not 0.5.
O driving theory test tomorrow lol, ask me ten things
= 1. What's the stopping distance at 50 km/h on a dry road?
O Which topics in organic chemistry give the most points for the least time?
= Naming, functional groups and the three standard mechanisms: half of the points in past papers.
O Nursing pharmacology: make a table of drug classes, effects, side effects to memorise
= | Class | Effect | Watch for |\n|---|---|---|\n| ACE inhibitors | lower pressure | cough,
  potassium |
O mark scheme style answer for "evaluate the role of women in the revolution", 12 marker
= Two sides, three pieces of evidence each, and a judgement that weighs them; here's a model of 220
  words.
O revision timetable for someone with adhd, maths and physics, four weeks
= 25-minute blocks, two subjects a day, every fourth day nothing, a tick list instead of times.
O Is it better to reread or to test myself? one week left
= Test yourself. Rereading feels better and sticks less.
"""

MATHS = r"""
# *
N To solve an equation, isolate the variable on one side.
H I can do the first step: write down what's given and what's asked. After that I get two different
  answers.
M Sorry, let me try again: the answer is 0.
R show each step, i want to see where the minus goes
C the answer sheet says something else
F [/|divid] why can you divide by that
B Because it isn't zero there: x = 0 was ruled out above.
F [x^2|D =] another one like that to practise
B Try x² − 5x + 6 = 0; you should get 2 and 3.
T [chain] ohhh the chain rule. thanks
T ohhh now it clicks

# maths
O integrate x * e^x, i always get stuck at by parts
= u = x, dv = e^x dx: x·e^x − ∫e^x dx = (x − 1)e^x + C.
O Why is 0! equal to 1?
= There's exactly one way to arrange nothing. It also keeps n! = n·(n−1)! true at n = 1.
O solve 2x^2 - 7x + 3 = 0 with steps please
= D = 49 − 24 = 25, x = (7 ± 5)/4, so 3 and 1/2.
O What is an eigenvector good for, intuitively?
= A direction the matrix only stretches. In those directions a complicated map becomes
  multiplication.
O probability homework: «small» red and 6 blue balls, draw two, chance both are red?
= Multiply: r/(r+6) · (r−1)/(r+5), with r red balls; the second draw has one red fewer.
O bayes theorem with the medical test example, i don't get why it's only 9 percent
= Of 1,000 people 1 is ill; about 10 healthy ones also test positive. So 1 in 11 positives is really
  ill.
O derivative of ln(cos x)?
= Chain rule: (−sin x)/cos x = −tan x.
O My proof by induction: is the step from n to n+1 complete? sum of odd numbers = n^2
= Add 2n+1 to both sides: n² + 2n + 1 = (n+1)². Say where you use the assumption and it's complete.
O limits!! lim x->0 sin(3x)/x
= sin(3x)/(3x) → 1, so the limit is 3.
O explain standard deviation vs standard error to a psych student
= Deviation: how people differ. Error: how far your average may be off; it shrinks with √n.
O how do i row reduce a 3x3 matrix without going crazy
= Clear column 1 below the first pivot, then column 2 below the second, then work up. Never divide
  early.
O convert 0.1 repeating to a fraction and show why
= x = 0.111…, 10x = 1.111…, subtract: 9x = 1, x = 1/9.
O Vectors: angle between (1,2,2) and (2,0,1)?
= Dot product 4, lengths 3 and √5: cos φ = 4/(3√5) ≈ 0.596, φ ≈ 53°.
O is 0.999... really 1, my brother says no
= Really. 1/3 = 0.333…, times three. Ask him for a number in between.
O can you help with complex numbers, write 1 + i in polar form
= Length √2, angle 45°: √2·e^(iπ/4).
O trig identity: show (1 - cos 2x)/2 = sin^2 x
= cos 2x = 1 − 2 sin² x; put it in and the ones cancel.
O Why do we use n-1 in the sample variance?
= The mean was fitted to the same data, so deviations come out too small; n−1 corrects it on
  average.
O word problem: train leaves «place» at «time», other one an hour later and 20 km/h faster. when do
  they meet
= It catches up by the difference: lead of one hour at v, closing at 20 km/h, so v/20 hours after
  the second starts.
"""
