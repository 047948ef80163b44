"""UI feedback: what people like, hate and cannot find on the screen."""

FEEDBACK = r"""
# *
E I'm on «Firefox|Chrome|Safari|Edge» and a «small» year old laptop, if that matters to anyone.
E My whole team in «place» says the same, I'm only the one who writes.
E The interface was fine until the big redesign in «month», honestly.
E sorry for the rant but i look at this screen eight hours a day
E Who do I send UI wishes to, you or a person?
E Just passing UI feedback on, no need to answer with a novel.
E I even showed the screen to «person» and she laughed.
E second monitor is «small»k pixels wide, maybe that's why
E If there's a setting for it in the interface, I've looked in all the obvious corners.
E the UI does it in the browser and in the desktop program alike
E «person» from «team» told me to write it here instead of moaning at lunch.
E I teach evening classes with it and have to explain the layout to everybody.
E Not urgent, it only costs me a little bit of joy every day.
E the interface has been like that for «small» weeks now
E Screenshots on request, I've got a whole folder of them.
E the old layout had this right, why touch it
E On my wife's account the page looks different, by the way.
E Would be a small change to the UI for you and a big one for me.
E i know its a detail of the layout but details is what i see all day
E No complaint otherwise, the rest of the interface is good.
E I'd give the new design «small» out of fifteen points.
E My mother uses it too and with this layout she simply stopped.
E maybe make the new design optional so everybody is happy
E Same with the app, at least on android.
S Feedback on the new interface:
S UI feedback:
S About the redesign.
S A wish for the design team:
S Small UI remark.
S New layout, day «small».
S Interface question:
S The new look...
S usability thing:
S Suggestion for the UI:
S Another thing about the interface.
S Re: redesign
S so, the new UI
S Quick feedback on the design.
S UI wish no. «small»
S I have opinions on the new layout.
S new interface is live here since «day»
S my two cents on the layout:
N Thank you for your feedback! We are always working to improve the interface.
N I'm sorry to hear that. Have you tried clearing your browser's cache?
N You can change the look of the interface in the settings.
N The new layout was designed to help you find things faster. You can learn more in the guided tour.
N I don't have information about changes to the interface. Is there a document I can help you with?
N That should work. Please make sure you're using the latest version.
M I understand. Unfortunately I can't change the interface. Is there anything else?
M I'm sorry, there is no such option in the settings I know of.
M Thanks again for the feedback, it's very valuable to us.
M I apologise for the inconvenience. You can read about the layout in the help centre.
H I can't change that, but I've added your vote to the open suggestion; «big» people want the same.
H On the desktop that's possible under View > Layout. In the browser not yet, as far as I know.
H There's a workaround: browser zoom at 90 % and View > Density > Compact. It isn't the same, I
  know.
H I've passed it on. Whether and when it changes I can't tell you.
R [settings] I've been through all the settings. Which one exactly would change that on the screen?
R how do i get the old interface back then
R ok where do real suggestions for the layout go
R let me describe the screen again: list left, preview right, and what i mean sits in between
R Simple question: can this be changed by me, by an admin, or by nobody?
R not asking for the tour. i'm asking whether the screen can look different
R Is there a person in your design team who'd read this?
R [cache] new browser, new laptop, same screen. so what else could it be
C [cache] cache? it's not my browser, all of us see it
C [latest version] I am on the latest version, that's when it started
C [settings] that menu doesn't exist in my version
C [guided tour] I've done the tour. Three times. It's not in there.
C that's a different part of the screen
G but will it be fixed?
G [settings] and where is that setting exactly
G Does anyone read the feedback or do you just say that?
X will just zoom with ctrl plus forever
X ok back to paper
X I'll live with it, like with everything since the redesign.
P fine, thanks for passing it on
P ok then
T [>] oh there it is
T [>] looks much better
T [>] ah hidden in the menu, thanks
F [>] can my colleagues get that too
B Yes, an admin can make it the default under Admin > Appearance.
F [>] and on the phone?
B The phone follows your desktop setting after the next login.
F [>] does it stay like that after an update
B It's stored in your account, so it should.
F [feedback|passed|noted|filed|design team] and do i hear back from anyone
B You'll get a note under Help > My feedback when its state changes.
F [bug|fix] any idea when?
B The fix is planned for next week's release; I can't promise it.

# look
O dark mode please, my eyes are bleeding at night
= It exists: your picture > Appearance > Dark, or "as the system does".
O The dark theme turns signatures black on black, I can't see who signed.
= That's a bug, signatures should get a white backing. I've filed it; View > Paper white helps
  meanwhile.
O is there a dark mode or do i just not find the button
= There is: your picture, top right > Appearance > Dark.
O Dark mode switches itself off whenever I open the editor.
= The editor has its own switch: View > Editor > Follow theme.
O love the new dark theme!! finally. the yellow highlight is a bit radioactive though
= Glad you like it. Highlight colours can be toned down under Appearance > Highlights > Soft.
! praise
O contrast in dark mode is too low, grey text on grey cards
= Appearance > High contrast raises it above the accessibility threshold.
O The font on the overview is so thin that I need my glasses and my husband's.
= Appearance > Text weight > Medium should let you hand the second pair back.
O letters too small everywhere since the redesign, where do i make them larger
= Appearance > Text size, four steps. It changes menus as well as lists.
O Can I get the old typeface back? This one has the same l and I.
= Yes: Appearance > Typeface > Classic.
O line spacing in lists is huge, i see «small» files instead of thirty
= View > Density > Compact brings the rows closer together.
O I'd like a compact view, everything has so much white space now.
= View > Density > Compact. It works in lists, cards and the sidebar.
O At 150 % zoom the menu overlaps the title.
= Confirmed, it happens from 140 %. I've filed it as a bug with the width of your window.
O Please make the headings less shouty, they're as big as my thumb.
= View > Headings > Small. Only your own screen changes, not the document.
O The version with round corners everywhere feels like a toy, I preferred the sober look.
= Appearance > Theme > Plain has square corners and no shadows.
O I'm colour-blind, red and green labels are the same to me. Shapes please.
= Appearance > Labels > With shapes adds a circle, square or triangle to each colour.
O every click has like a half second animation, can i turn those off
= Appearance > Reduce motion.
O kudos for the new reading view. big margins, warm paper colour, just right
= Thank you, I've passed that on to the people who drew it.
! praise
O It looks cleaner, I'll give you that. Took me a day to get used to it.
= Thanks for saying so. If anything still slows you down, tell me and I'll note it.
! praise
O The new icon for the app looks like our competitor's, I open the wrong one daily.
= Noted for the design team. On desktop you can pick the old one: Settings > App icon.
O You asked for an opinion on the redesign: calmer, yes. Quicker, no.
= Noted word for word, thank you. If you tell me what got slower I'll add it.
! praise

# sidebar and navigation
O The sidebar eats a third of my screen, can I make it narrower?
= Drag its right edge; a double click on the edge shrinks it to icons.
O who decided to hide folders behind a hamburger menu
= Click the pin at the top of that menu and the folders stay open.
O Sidebar collapses each time I click a document. Each. Time.
= Pin it: the little pin beside the logo. It stays until you unpin it.
O Please bring back the tree on the left, the new flat list makes me feel lost.
= Sidebar > three dots > Show as tree.
O I like that pinned folders sit on top of the sidebar now.
= Nice to hear, I've passed it on to the design team.
! praise
O My favourites vanished from the left panel after yesterday's update.
= They moved under the star at the top. Click "keep in sidebar" there and they're back.
O can i drag the order of things in the side bar? alphabetical is dumb for my work
= Yes, after Sidebar > Sort > By hand.
O left menu flickers when hovering, looks like a disco
= Known bug with hardware acceleration; the fix comes this week.
O Everything moved again. Do you have any idea what it's like to retrain «small» volunteers?
= I can imagine. An admin can keep the old layout until summer: Admin > Appearance > Classic.
O breadcrumbs on top are gone so i never know which folder i'm in
= View > Path bar shows them again.
O Two sets of tabs, one on top of the other, is that really the final design?
= The upper one can go: View > Workspace tabs, off.
O can i set «folder» as start page
= Right click on the folder > Use as start page.
O Why is the start page full of "suggested for you" instead of my recent files?
= Scroll to the end of the suggestions, "hide", and recent files move to the top.
O new home screen is pretty but where is the upload button
= Behind the plus in the corner, or drop a file anywhere on the page.
O I want to choose what's on my dashboard, weather of «place» isn't it.
= Hover over the tile, three dots, Remove; "Add tile" offers recent files and tasks.
O The onboarding tour started for the fourth time. I've been here since «year»!
= Help > Tours > Never show. I've reported that it doesn't remember "skip".
O The logo animation at login, cute once, please stop.
= It's skipped when Appearance > Reduce motion is on.
O please move "log out" away from "profile", misclicked «small» times today
= Filed with the design team, with your count.
O where's the full screen button, it was top right until last «day»
= It's in the View menu now, or press F11.
O the settings page has «small» sections and no search
= Press / on that page: a search field appears. It ought to be visible, I've noted that.

# search box
O The search box is tiny, I can only see four words of what I typed.
= It grows when you press the arrow at its end; it then stays wide.
O Enter in the search bar opens the first hit rather than showing all results. Annoying.
= Settings > Search > Enter shows all results.
O Why does the results page forget my filters when I press back?
= A bug since the redesign, I've added your report to it.
O i miss a "clear" cross in the search field
= Esc clears it. The cross is noted as a wish.
O Search results look nicer now, with the preview on the right. Well done.
= Thanks, I've passed the praise on.
! praise
O Please highlight the word I searched for inside the preview pane.
= It's there but off: the marker icon at the top of the preview.
O could the search dropdown not cover the tabs, i always click the wrong one
= Filed as feedback with the design team; "suggestions off" in the field's menu hides it for now.

# phone and tablet
O On my phone the keyboard covers the comment box, so I type blind.
= Fixed in app version 8.2, which came out on «day». Please update in the store.
O the mobile app is sooo much nicer now, swiping between pages is great
= Lovely, passed on to the app team!
! praise
O Buttons on the tablet are too small for my fingers.
= App settings > Touch size > Large.
O landscape mode on ipad shows one giant toolbar and «small» lines of text
= Tap the little arrow at the toolbar's end, it folds to one row.
O The app's bottom bar hides the last row of every list.
= A bug on phones without a home button; the fix is in testing.
O can you add a widget for the home screen with my recent docs
= It exists since spring: long press on the home screen > Widgets > Folderwick.
O pinch to zoom doesnt work in tables on android
= Switch off App settings > Table gestures, then it does.
O When I rotate the phone the screen goes white for seconds.
= That's a known bug while long documents are laid out again; a fix is on its way.

# notices
O The red dot on the bell never goes away, there's nothing unread.
= Something archived is unread. Bell > Mark all, including archived, removes it.
O too many popups! "did you know", "try this", "rate us". let me work
= Settings > Notices > Tips off. Rating requests stop as well.
O Toast messages vanish before I finish reading them.
= Appearance > Notices stay > Until closed.
O could the little bell show who commented instead of just a number
= Bell > three dots > Show names.
O That green banner on top, how do I close it for good?
= It belongs to your admin. I've no way to hide it, but they can: Admin > Announcements.
O notification panel opens over the save button, so clever
= Drag it by its title to the left; it remembers the side. Also noted for the designers.
O the undo snackbar covers the footer on small laptops
= Appearance > Notices > Top right.

# editor
O Why did the toolbar move to the bottom?
= On windows narrower than 900 pixels it does. View > Toolbar > Top fixes its place.
O undo button is gone from the toolbar?? or am i blind
= Not blind: it's in the overflow menu. Drag it back with Toolbar > Customise.
O The cursor jumps to the top of the page while I'm typing in a table.
= Bug, confirmed, when two people edit the same table. The fix ships this week.
O Please put "strike through" back in the formatting bar, I use it all day.
= Toolbar > Customise lets you drag it in; until then Alt+Shift+5.
O Focus mode is lovely. No buttons, just text. Whoever made that deserves a raise.
= I'll pass it on, though not the raise.
! praise
O the formatting toolbar floats right over the line I'm editing
= View > Toolbar > Fixed.
O I can't tell which style is active, bold and not bold look identical up there.
= With Appearance > High contrast active buttons get a frame. I've filed the default as feedback.
O Where did the word count go? It used to sit in the corner.
= View > Status bar.
O colour picker only has «small» colours now and none of them is ours
= Admin > Brand > Colours adds your own to everyone's picker.
O The ruler above the page has disappeared on my big monitor.
= View > Ruler; above 200 % scaling it's off by default.
O can the page view remember where i was, it always opens at the top
= Settings > Editor > Reopen at last position.
O the page number box is read only now? i used to type a page and jump there
= Double click on it. Not obvious, I've passed that on.
O In split view both halves scroll together. Option to unlink?
= The chain icon between the halves.
O A minimap at the side for long documents would be a dream.
= View > Outline comes close; I've added your vote for a real minimap to the design team's list.
O The presentation view shows the toolbar to the whole audience.
= Press H during the presentation, it hides everything.

# buttons
O The save icon is a floppy disk. My interns asked what it was :D
= Ha. Passed on to the design team with their question.
! praise
O Delete sits right beside Share. Guess what I just did.
= Ouch. The document is in the bin for 30 days. I've filed the placement as feedback.
O "OK" and "Cancel" swapped places in this dialog but not in that one, pick one!
= You're right, it should be OK on the right. Filed as a bug with both dialogs.
O I keep pressing Publish instead of Preview as they look the same.
= Settings > Ask before publishing gives you a second chance; the colours are noted.
O could there be labels under the icons? i have to hover over each to know
= Appearance > Icons > With labels.
O Three dots, then three dots again, then "more". Could the menu be any deeper?
= Noted. Ctrl+Shift+P lists every command in one flat menu.
O Greyed out buttons should say why they're greyed out.
= Agreed, filed. For now I can tell you: which button is it?
O the blue share button is the best thing about the new layout, one click and done
= Thank you, passed on!
! praise
O tooltips cover the very thing they explain
= Appearance > Tooltips > Delay 2 s, or off.
O A confirm dialog before closing a tab would have saved my morning.
= Settings > Confirm before closing. And nothing is lost: File > Recover.
O icons for locked and shared are almost alike at that size, design team pls
= Filed with the design team. Appearance > Icon size > Large tells them apart.
O What's that purple dot next to some file names?
= It means somebody has it open right now. Hover to see who.

# keyboard
O Is there a list of keyboard shortcuts somewhere?
= Press ? anywhere outside a text field.
O ctrl+k opens your chat but in my editor it should insert a link, conflict!
= Settings > Shortcuts: give the chat another key and Ctrl+K inserts links again.
O Tab order in the share form is all over the place, I use no mouse.
= Thank you, that's a real accessibility bug. Filed as urgent with the form's name.
O My screen reader reads every icon as "button button".
= The labels were lost in the last release. The fix is out since «day»; reload with Ctrl+F5.
O Esc closes the entire document. I just wanted to close the little search.
= Settings > Shortcuts > Esc closes panels only.
O love that i can jump between folders with the arrow keys now
= Good to hear, passed on.
! praise
O please let me turn off single letter shortcuts, i keep archiving things by typing
= Settings > Shortcuts > Single letters off. Archived files are under Archive > Undo.
O Focus ring is invisible on the login screen, hard for keyboard people.
= Filed as an accessibility bug, thank you.

# speed
O Scrolling stutters in long documents since the new interface.
= View > Smooth rendering off helps on older graphics cards.
O the spinner spins forever when i open the home screen, refreshing helps
= One of your tiles points to a deleted folder. Remove it and the spinner ends.
O Home takes ages to show my tiles, couldn't you show the list first?
= Settings > Home > Simple list.
O It feels snappier this week, the pages open immediately. Thanks!
= Thanks! A new cache went live on «day».
! praise
O thumbnails load one by one like in 1998
= View > Thumbnails off makes lists instant. I've noted the nostalgia.

# lists
O Column widths reset each time I leave the folder view.
= Set them, then View > Save as default.
O I want to see the full file name in the list, not "Contract with Nor…".
= View > Wrap names.
O let me sort by two columns, owner then date, in the list view
= Click the first column, then Shift+click the second.
O Tile view shows the same grey icon for everything, useless without a preview.
= View > Thumbnails is off for you; switch it on.
O multi select with shift doesn't work in the grid, only in the list
= In the grid drag a frame or use Ctrl+click; Shift is filed as a bug.
O Please show file sizes again in the folder view.
= Right click on any column title > Size.
O frozen header row in tables would be so good. i scroll and get lost
= Table > Header row > Keep in view.
O The new kanban view for documents is neat, but cards can't be coloured.
= They take the colour of their first label. Give the label a colour.
O row height too big, checkbox too small, otherwise ok
= View > Density > Compact, and Appearance > Checkboxes > Large.
O Alternate row colours please, my eyes slide off the line.
= View > Striped rows.
O Could somebody align the checkboxes in the permissions window, it hurts
= Filed with a screenshot. It hurts us too.

# comments
O The comments panel can't be resized and the text wraps after two words.
= Drag the dotted handle at its top left corner. It's easy to miss, I've noted that.
O Resolved comments still clutter the margin, let me hide them.
= Comments > Filter > Open only.
O nice touch that replies now show faces
= Thanks, passed on!
! praise
O emoji picker in comments opens outside the window
= Known bug on small windows, fixed in the next release.
O I typed a long comment, clicked beside the box, gone. Save drafts!
= It's kept: Comments > Drafts. Not where one would look, I've filed that.
O Could comment bubbles have the colour of the person again?
= Comments > Colours > By person.

# dialogs
O The template picker only shows three at a time with a giant carousel.
= The grid icon above it shows all of them.
O upload window hides behind the main window on my second screen
= A bug with two screens of different scaling; reported with your case.
O Date picker starts the week on Sunday, we're in «place», please.
= Settings > Region > Week starts on Monday.
O Drag and drop of a folder shows a plus sign and then nothing happens.
= Folders need the desktop app or Chrome; the plus sign is misleading, filed.
O The share popup cuts off long names, so I shared it with the wrong Anna.
= Share > Stop sharing undoes it. I've filed the cut names as a bug.
O print preview and printed page differ, margins wrong
= In the print window choose "document margins", not "printer".
O can the login screen keep my workspace, typing it daily is silly
= Tick "remember this workspace", it's below the fold on small screens.
O The language menu lists flags, not names. Which flag is Catalan?
= It's the fourth in the second row. Names instead of flags: filed, you're not the first.
O the link dialog asks for a title first, i always paste the URL into the wrong field
= Paste the address onto selected text instead: no dialog at all.
O Progress bar goes to 100 then starts anew, at least be honest
= The second round is indexing. That the bar doesn't say so is filed as feedback.
O i zoom with ctrl+wheel and the whole page reflows, the text not
= View > Zoom > Document only.
O Clicking a link in a document opens it in the same tab and I lose my place.
= Settings > Links > New tab; once, Ctrl+click.
"""
