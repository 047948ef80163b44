"""Bulk export: getting many documents out at once, which mostly works."""

BULK = r"""
# *
E It's for «team», they need the export by «day».
E I've never done a bulk export before so small steps please.
E I'm admin, if that's needed.
E last year's colleague knew how to export, she's gone
E around «big» files, mostly scans
E we're on the business plan i think
E Doing this export from «place» over a slow line.
E I looked in the help and found a page about printing.
E not today, but before «month»
E «person» said you'd know.
E must not lose the dates if at all possible
H The documents can all be exported as «format»; the comments and versions can't, as far as I can
  see.
H I've queued the export of «folder». One subfolder belongs to «team», you'd need their approval for
  it.
N To export a document, open it, choose File > Download and repeat for each document.
N I'm sorry, the export could not be completed. Please try again later.
N Exporting in bulk lets you download several documents at once. Is there something else I can help
  with?
M Apologies, the export failed again. Please contact your administrator.
M I'm sorry, I can't see why the export job stopped.
R All «big» at once, not one by one. As a zip.
R So not a download per file: one export job over the whole folder, please.
R can you start the export again, only for «folder» this time
R let me put it like this: where in the menus is the export that takes a folder?
C [repeat for each] that's a single download, i have «big» files
C [one by one] nobody opens «big» documents by hand
G where does the finished export end up?
G how long does an export like that take, roughly
F does the export keep the folder structure
B Yes, if "keep folder structure" is on; otherwise all files land in one level with numbered names.
F and the permissions, are they exported too?
B They're listed in the manifest, one row per person and folder.
F is the download link safe to forward
B It works for members of your workspace only and expires after seven days.
F can i do that export every month automatically
B Yes, choose "schedule" in the same window and pick monthly.
F What about files in the bin, are they exported?
B They're left out unless you tick "include deleted".
F would the export count against our quota
B No, exports are free on your plan.
T [Export] download's running
T [Export] got the zip, thanks
T wonderful, that saves us days

# export
S We're leaving our old archive.
S The auditors want a copy of everything.
S Retention rules: seven years on our own disks.
S I have to hand over to «company» on «day».
S My contract here ends in «month».
S It's for a legal hold.
S For the tax office.
S backup day
D with the folder structure
D about «big» files
D Names must stay as they are.
D one zip would be best
D comments included please
D including subfolders
D the scanned ones as well
D my laptop has only «small» GB free
A Tick the folder, choose Export > Everything inside, then «format». You get a mail with the link
  when it's ready; for about «big» files that takes around ten minutes.
A Use Admin > Export: choose the folders, switch on "keep folder structure", and it builds one zip
  per 2 GB.
A In the list, select what you need (or a tag or owner filter, then Select all «big»), and press
  Export. The job runs in the background and mails you the zip.
Q How do I export all documents in «folder» as «format»?
Q bulk export to «format», where's the button
Q Can I download everything in «folder» in one go?
Q I need an export of «big» files, what's the way?
Q export the whole workspace please
Q What's the fastest way to get «big» documents out?
Q can u export only files with the tag "«company»"
Q Mass download of the signed contracts as PDF, how?
Q export keeps giving me one file at a time but i want «folder» complete
Q I'd like all invoices from «year» in one archive.
Q batch export of every document «person» owns
Q Get me a zip of «folder», will you?
Q How can «team» pull all of «folder» without clicking «big» times?
Q Full dump of our documents, «format» if possible.

# whole
O Is it possible to export «folder» every «day» automatically?
= Yes: Export > Schedule, weekly, «day». It goes to the same place each time.
O The bulk export stops at «big» files, why?
= A job takes 5,000 files or 2 GB, whichever comes first. Split by subfolder, or use "schedule",
  which splits by itself.
O Where do I find the export I started on «day»?
= Admin > Jobs. Yours is finished; the link is good until next week.
O Does the export include older versions of each file?
= Only with "all versions" ticked; they come as name (1), name (2) and so on.
O How do I get a list of all files with owner and size, as «format»?
= Tick "manifest only" in the export window: a CSV with path, owner, tags and size, no files.
O download as zip fails for big folders
= Above 2 GB the browser gives up. Use Admin > Export instead; it makes parts of 2 GB in the
  background.
O Can «person» run a full export or only admins?
= Admins, and people an admin gives "may export" under Admin > Roles.
O Exported zip won't open on my Mac, says it's damaged. «small» GB.
= It's a Zip64 file; the Mac's own tool stops at 4 GB. `ditto -xk export.zip out` opens it.
O is there something like a takeout for the whole company account
= Yes, Admin > Export > Everything. Members' private folders are included only if they agree.
O We want to move «big» documents to another system. Which export keeps tags, owners and links?
= The "migration" format: files plus a JSON each with tags, owner, links and dates.
O file names with umlauts come out broken in the export, ideas?
= Switch on "UTF-8 names" in the export window. Older unzip programs need it off.
O How can I export the comments of a document together with it, for «team»?
= Tick "include comments" before you start; they come as a sheet, one row a comment.
O Export finished, mail arrived, link expired before I clicked. Again from scratch?
= No: Admin > Jobs > Renew link. The file is kept for 30 days.
O I ticked forty folders and pressed export, now it says "queued" for «small» hours. Normal?
= With forty folders, yes: two jobs run at a time. Yours is third in line.
O get all tables out of «small» reports as one xlsx pls
= Export > Tables only > One workbook. Each report gets a sheet.
O Please tell me whether an export is logged somewhere. Compliance asks.
= Every export is in Admin > Audit log with person, time, folders and number of files.
O one PDF per contract, named after the counterparty, from everything in «folder». doable?
= Yes: Export > PDF > Name pattern, then {counterparty}. Files without one keep their name.
O To leave no trace: after exporting «folder», can I bulk delete it?
= Select all > Delete; it's gone for good after 30 days in the bin. The audit log keeps that it
  existed.
O Two exports, same folder, different number of files. «big» yesterday, «small» fewer today.
= That many were moved to the bin overnight by a clean-up rule; the second export is right. The
  audit log lists them.
O My export contains only shortcuts, no documents.
= The folder holds links to another one. Tick "follow shortcuts".
O can the export go straight to our S3 bucket instead of my downloads
= Yes: Admin > Export > Targets > S3. Give it a role, not a key.
O Data room for the deal with «company»: zip of selected folders, watermarked. How?
= Select the folders, Export > PDF > Watermark; {recipient} prints the name on each page.
O Need everything from «month» to «month2» «year» and nothing else, as «format».
= Filter by upload date first, Select all, Export. The filter carries over into the job.
O the csv export has semicolons, excel here wants commas. setting?
= Export > Options > Separator. It follows your region otherwise.
O I exported the e-mails folder and attachments are missing.
= Tick "with attachments"; they land in a subfolder per message.
O Our works council wants to know who exported what. And how do I export that, haha.
= Admin > Audit log, filter "export", then the arrow top right: CSV.
O How big may an archive get before it's split in parts?
= 2 GB a part. Parts open on their own, no need to join them.
O is it normal that my laptop downloads «small» files named part-00«small».zip
= Yes, those are the 2 GB parts of one export. Each opens on its own.
O Pull all photos out of the site reports for «place», as a bundle.
= Export > Images only, with the folder "«place»" ticked. You'll get originals, not thumbnails.
O I don't want docx, I want plain markdown for «big» wiki pages. Possible in bulk?
= Yes, Export > Markdown. Images go to a folder beside it, links are rewritten.
O schedule: full dump on the last «day» of the month, 2 am, to the ftp of «company»
= Done as far as I can: Export > Schedule is filled in. Enter the FTP password and save.
O Which plan do I need for exporting more than «big» documents in a job?
= Business takes 5,000 a job, enterprise has no limit.
O pause my export please, the network here is dying
= Admin > Jobs > Pause. It resumes where it stopped.
O Does the bulk download respect confidential labels? «person» mustn't get HR files.
= Yes, files above a person's label are left out and counted in the manifest.
O Checksum file for the archive? Our recipient insists.
= Tick "checksums": a SHA256SUMS file is put beside the parts.
O Print-ready PDFs of all «big» data sheets, same margins, single download.
= Export > PDF > Page setup "as first document", then Export all.
O i selected all (ctrl+a) and it only took the first 50 documents for the export
= Ctrl+A takes what's on screen. Click "select all «big»" in the bar that appears, then Export.
O before we close the account: every file, every comment, every version. can you export all that at
  once
= Admin > Export > Everything, with versions and comments ticked. For «big» files allow a day.
O Export went to «person»'s mail instead of mine, how come?
= It goes to whoever scheduled it first. Change it under Schedule > Recipient.
O can i export a saved search? it has «big» hits and i want them as files
= Open the search, three dots > Export results.
"""
