"""Workspace matters that mostly end well: sharing and permissions, billing and accounts."""

SHARING = r"""
# *
N You can manage permissions in the settings of the workspace.
N I'm sorry, I don't have permission to see who has access to this document.
H Half of it is done: the folder is set. For the single files inside I'd need their owners.
M I'm sorry, please contact the owner of the folder.
R who exactly can open it right now, names please
C [folder] that's the folder, i mean the single file inside
P ok, I'll ask the owner
T [share|add|open|request] works, they can see it now

# share
O How do I share «folder» with someone outside the company, read only?
= Open the folder, Share > Guest, enter the address, choose "Can view". Guests see only that folder.
O «person» gets "access denied" on «file», I gave her edit rights though
= The file sits in a folder with "members only". Move it or add her to the folder, then her edit
  right works.
O who can see my HR documents?? i think it's everyone
= The folder is visible to all «small» members. Share > Restrict > "Only people invited" closes it
  at once.
O Remove «person» from everything, his contract ended on «day».
= Admin > People > Deactivate ends all access at once; documents go to the manager you pick.
O can i make a link that expires after a week
= Yes: Share > Link > Expires, choose 7 days. After that it shows an "ended" page.
O Can guests download the PDF or just look at it?
= Just look, unless you tick "allow download" in the share window.
O I accidentally shared the salary sheet with the whole workspace. Undo, fast!
= Share > Stop sharing. Done within a second. The access log shows two people opened it.
O What's the difference between editor and manager of a folder?
= Editors change files; managers can also invite people and delete the folder.
O Give the agency from «place» access to the brand files until the end of «month».
= Share > Guest with an end date. They'll be removed by themselves on the last of «month».
O why do i have to request access to a doc that I CREATED
= It was moved into «folder», where you aren't a member. The owner there, «person», can add you.
O Make «small» interns see «folder» but not its subfolder "Pay".
= Share the folder, then open "Pay" > Restrict. Restricted subfolders don't inherit.
O the public link of our press kit shows a login page
= "Public links" was turned off for your workspace. An admin can allow it under Admin > Sharing.
O Which files are shared with people at «company»?
= Admin > Shared outside, filter by their domain: «small» files, the list can be downloaded.
O lock this document so nobody edits it while the lawyers read it
= Menu > Lock. Only you and admins can unlock it; everyone else sees a padlock.
O Approve the access request of «person», I can't find the button on mobile.
= On mobile it's behind the bell: tap the request, then Allow.
O Can two groups have different rights on the same signed contract?
= Yes, add both groups under Share and set view for one, edit for the other.
O if i share a folder do the old files in it get shared too
= Yes, everything in it, except restricted subfolders.
O Ownership of «file» should move from me to «person» before my leave.
= Share > the three dots beside their name > Make owner. You stay an editor.
O someone anonymous is looking at my doc, purple badger. who's that
= Visitors by public link get an animal. Turn the link off and the badger leaves.
O How do I stop members from inviting guests?
= Admin > Sharing > Guests: "Admins only".
O What happens to links I've sent if I rename the folder?
= They keep working, links go by id and not by name.
O Please list everyone with edit access to «doc».
= Four people: you, «person», «person2» and the group "«team»".
"""

BILLING = r"""
# *
N For questions about billing please visit the billing page.
N I'm sorry, I can't see invoices or payments.
H I can tell you the plan (team, yearly), but not why the amount differs; billing support sees that.
M I'm sorry, I have no access to payment details.
R [charged|price|fees] The amount on the invoice, why is it higher than last month's?
C i'm not on the free plan, i pay since «month»
P ok writing to billing
T [invoice] found the invoice, thanks

# bill
O Where do I download the invoice for «month»?
= Admin > Billing > Invoices; each has a PDF button on the right.
O charged twice this month, €«big» each!!
= One is the renewal, the other a pending authorisation that drops off in three to five days.
O Change our card please, the old one expires.
= Admin > Billing > Payment method > Replace. The next charge uses the new one.
O How many seats are we paying for and who's not using theirs?
= «small» unused in the last 60 days. Admin > People, sort by "last active".
O cancel my subscription, and dont make me call someone
= Billing > Plan > Cancel. No call. You keep access until the end of the paid period.
O Is there a discount for charities?
= Yes, 40 % on the team plan. Send the registration number through Billing > Discounts.
O I can't log in, it says my account doesn't exist, but I get your invoices.
= The account uses a different address. Try the one the invoice is addressed to, then "Forgot
  password".
O switch from monthly to yearly, what do we save
= Two months' fees. The change takes effect on the next billing date.
O Our VAT number's missing from the invoice, accounting sends it back.
= Billing > Company details. Then use "reissue" on the invoice.
O reset 2fa, new phone, old one is in a lake
= Use one of the recovery codes. Without them an admin can reset it under People > Security.
O Does the business plan include the API?
= Yes, with 120 requests a minute. Team has read-only access.
O why did the price per user go up
= List prices rose by 6 % in January; contracts with a term keep the old price until renewal.
O Merge my two accounts, I signed up with the private address by mistake.
= Move the documents by sharing them with the work account as owner, then delete the private one.
O Trial ends «day». What happens to our files if we don't pay?
= They become read-only for 90 days and can be exported all that time.
O Purchase order number must be on the bill, where do I put it?
= Billing > Company details > Reference. It's printed on all future invoices.
O downgrade to free possible with «big» documents?
= Yes, but only the newest 200 stay editable.
O Rename our workspace after the merger with «company».
= Admin > General > Name. Old links keep working.
O i forgot which email i used to register
= Search your mail for "Welcome to Folderwick"; the address it went to is the one.
O Refund for «month», the service was down for two days.
= Open Billing > Invoices > Request credit. Outages over four hours are credited by day.
O Can we pay by bank transfer rather than card?
= On yearly business plans, yes. Choose "invoice" as the payment method.
O student discount?? i'm at uni in «place»
= The education plan is free with a university address. Add it under Account > E-mail.
O How do I close my account and delete everything about me?
= Account > Delete. Documents you own go to the workspace, your profile is erased within 30 days.
"""
