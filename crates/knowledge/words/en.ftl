menu-knowledge = Knowledge
menu-themes = Themes
menu-all = All
menu-changes = Changes
menu-random = Random
menu-care = Care
kind-article = Article
kind-category = Theme
kind-file = File
kind-user = Person’s page
kind-template = Template
kind-project = About the wiki
kind-redirect = Redirect
kinds-article = Articles
kinds-category = Themes
kinds-file = Files
kinds-user = People’s pages
kinds-template = Templates
all-title = All pages, A to Z
loom-knowledge = Knowledge
loom-map = Map
loom-designs = Designs
loom-workshops = Workshops
loom-value = Value
loom-decide = Decide
not-yet-map = Who does what, where: not in this commons yet.
not-yet-designs = Open designs: not in this commons yet.
not-yet-workshops = Who can make it nearby: not in this commons yet.
not-yet-value = Where the income went: not in this commons yet.
not-yet-decide = What we decide together: not in this commons yet.
home-title = What we know how to do, held in common
home-lead = { $articles ->
    [one] One article
   *[other] { $articles-text } articles
} in { $themes ->
    [one] one theme
   *[other] { $themes-text } themes
} and { $languages ->
    [one] one language
   *[other] { $languages-text } languages
}. Everything can be read, copied and taken away; each page says under which terms, and where it comes from.
starter-notice = These are starter texts, so that no page is empty.
starter-notice-how = They disappear with the first article of your own. To bring in a wiki:
count-articles = { $count ->
    [one] One article.
   *[other] { $count-text } articles.
}
home-read = To read
home-empty = There is nothing to read here yet
home-empty-why = Whoever keeps this commons can bring in a wiki, or write the first article.
all-articles = { $count ->
    [one] The one article
   *[other] All { $count-text } articles, A to Z
}
home-missing = What is not there yet
home-missing-title = Nobody has written “{ $title }”
home-missing-why = { $count ->
    [one] One page mentions it and leads nowhere.
   *[other] { $count-text } pages mention it and lead nowhere.
}
home-missing-see = See who mentions it
home-missing-others = Other gaps
home-new = Recently
all-changes = All changes
by-theme = By theme
by-language = By language
all-themes = { $count ->
    [one] The one theme
   *[other] All { $count-text } themes
}
a-to-z = A to Z
you-are-in = You are in
original = original
contents = Contents
contents-summary = Contents: { $sections ->
    [one] one section
   *[other] { $sections-text } sections
}, about { $minutes ->
    [one] one minute
   *[other] { $minutes-text } minutes
}
is-redirect = This page only sends readers on, to:
page-empty = This page has no text
page-empty-why = It exists, and nobody has written on it yet.
themes = Themes
licence = Licence
text-by = Text:
how-to-cite = How to cite
revision = This revision
shown-since = From
origin = Origin
length = Length
words-minutes = { $words ->
    [one] one word
   *[other] { $words-text } words
}, { $minutes ->
    [one] one minute
   *[other] { $minutes-text } minutes
}
see-history = History of this page
imported-from = imported from { $site }
provenance-imported = imported
provenance-translated = translated
provenance-machine = machine-assisted
provenance-written = written here
this-page = This page
tab-read = Read
tab-history = History
tab-links = What links here
tab-source = Source
file-missing = The file itself is not here
file-missing-why = Only its page was brought along. With the media of the old wiki, repeat the import with --files.
file-open = Open the file
file-by = By
translation-of = A translation of
revision-number = its revision { $number-text }
imported-revised = brought from { $site }, revised here since
brought-revised = brought from elsewhere, revised here since
pictures = Pictures on this page
file-shows = what it shows
file-type = Type
file-size = Size
file-dimensions = Dimensions
file-download = Download
file-snippet = To put it into a text
kilobytes = { $count-text } kB
megabytes = { $count-text } MB
category-total = { $count ->
    [0] No page is in this theme.
    [one] One page is in this theme.
   *[other] { $count-text } pages are in this theme.
}
subthemes = Themes within it
pages-in-theme = Pages
none-here = Nothing here.
search-in-theme = Search in this theme
feed-theme = Feed of this theme
history-of = History of “{ $title }”
count-revisions = { $count ->
    [one] One revision.
   *[other] { $count-text } revisions, newest first.
}
minor = minor
shown = shown
withdrawn = This revision was withdrawn.
bytes = { $count-text } bytes
bytes-change = { $change } bytes
compare = Compare
diff-of = What changed in “{ $title }”
diff-said = { $added ->
    [one] One word added
   *[other] { $added-text } words added
}, { $removed ->
    [one] one removed
   *[other] { $removed-text } removed
}.
diff-none = The two revisions have the same text.
bad-title = “{ $title }” cannot be the title of a page.
programs-here = What programs read and do is at /api/v1/openapi.json; all that is public is taken along by “minga export”.
bad-title-rule = A title has 1 to 255 bytes and none of the signs # < > [ ] { "{" } { "}" } |. Leave those signs out, or search for the page by its words.
bad-revision = “{ $text }” is no revision. Choose one in the history of the page.
bad-hash = A file is named by 64 hexadecimal digits.
no-such-revision = This page has no such revision.
links-to = What links to “{ $title }”
used-by = Pages that show or use it
count-uses = { $count ->
    [0] No page shows or uses it.
    [one] One page shows or uses it.
   *[other] { $count-text } pages show or use it.
}
count-links = { $count ->
    [0] No page links here.
    [one] One page links here.
   *[other] { $count-text } pages link here.
}
redirects-here = Redirects
links-none = No page mentions this one
links-none-why = Readers will hardly find it. Mention it where it belongs.
mentions = Pages that mention it
source-of = Source of “{ $title }”
source-raw = only the text
count-themes = { $count ->
    [one] One theme.
   *[other] { $count-text } themes.
}
order = Order
order-size = most pages
order-name = by name
themes-none = There are no themes yet
themes-none-why = A theme appears as soon as a page names it.
themes-rest = The smaller themes, by name
count-pages = { $count ->
    [one] One page.
   *[other] { $count-text } pages.
}
without-redirects = Redirects are left out.
kinds = Kinds of pages
count-changes = { $count ->
    [0] No changes.
    [one] One change, newest first.
   *[other] { $count-text } changes, newest first.
}
as-feed = As a feed
changes-none = Nothing has changed yet
new-page = new
page-gone = A page that is no longer here
bad-since = since={ $text } is no number of a record
bad-since-remedy = begin with since=0
bad-space = space={ $space } is no name of a space
no-such-space = the space “{ $space }” is not here
since-beyond = since={ $since } is after the last record of the space “{ $space }”, { $last }
care-lead = What a steward would look at: pages that lead nowhere, are found by nobody, or wait for a decision.
care-cycles = Redirects in a circle
care-cycles-why = Each sends its reader to the next, and the last to the first.
care-missing = Redirects to pages that do not exist
care-missing-why = The page was never written, or stands under another title.
care-malformed = Redirects that cannot be read
care-malformed-why = Their target is misspelt or has a sign that no title may have.
care-conflicts = Revisions that wait
care-conflicts-why = Somebody changed the page here while a newer text came from the old wiki. The local text is shown.
care-titles = Titles that two pages want
care-titles-why = A withdrawn revision gave one page its older title back, which another page has by now. Give one of the two another title.
care-faults = Markup that was not understood
care-faults-why = The page is shown as far as it was understood. Most of it is quickly mended where the page is edited.
fault-line = line { $line }
fault-kinds = Kinds of faults
fault-all = All
fault-mend = mend it
edit-line = On line { $line } of the page stands this:
fault-bad-link = a link that leads to no possible title
fault-bad-redirect = a redirect whose target cannot be read
fault-doubled-brackets = brackets doubled around an address
fault-left-out = embedded content that was left out
fault-more-problems = more faults than are listed
fault-outside-image = a picture of another site
fault-semantic-property = a property of Semantic MediaWiki
fault-too-deep = markup nested too deep
fault-unclosed-bold = bold that does not end
fault-unclosed-comment = a comment that does not end
fault-unclosed-italic = italics that do not end
fault-unclosed-link = a link that does not end
fault-unclosed-table = a table that does not end
fault-unclosed-tag = a tag that does not end
fault-unclosed-template = a template that does not end
fault-unknown-tag = an unknown tag
fault-unknown-template = an unknown template
fault-unopened-link = the end of a link without a beginning
fault-unopened-tag = the end of a tag without a beginning
fault-unopened-template = the end of a template without a beginning
care-same = Titles that differ only in case
care-same-why = Often two pages on one subject.
care-wanted = Most wanted pages
care-wanted-why = They are mentioned and do not exist.
care-files = Files that are missing
care-files-why = Pages show them. Bring them along with --files, or upload them to the wiki first.
care-dead = Dead ends
care-dead-why = Articles that mention no other page.
care-orphans = Orphans
care-orphans-why = Articles that no other page mentions.
care-nothing = Nothing to do here.
count-first = The first { $count-text }; more appear as these are mended.
author-unknown = author not named
count-rows = { $count ->
    [one] One row.
   *[other] { $count-text } rows.
}
no-page = There is no page “{ $title }”
no-page-invite = Nobody has written this page
no-page-mentioned = { $count ->
    [one] One page mentions it.
   *[other] { $count-text } pages mention it.
}
no-page-why = Perhaps it stands under another title.
search-this = Search for it
links-here = What links here
near-titles = Titles that are near
redirected-from = Redirected from
redirect-cycle = This page sends its readers in a circle
redirect-cycle-why = These pages redirect to one another, so that none of them shows a text:
redirect-malformed = This page should redirect, but where to cannot be read
redirect-title = Its target, “{ $target }”, cannot be the title of a page.
redirect-piped = Its target, “{ $target }”, has a “|” and a second text, which a redirect cannot have.
redirect-unclosed = Its target, “{ $target }”, is not closed by two brackets.
redirect-none = It names no page.
redirect-missing = This page redirects to one that does not exist
redirect-missing-why = It should lead to “{ $title }”, which nobody has written.
see-source = See its source
tab-edit = Write
write-it = Write it
write-sign-in = Whoever writes has an account
write-sign-in-why = So that everybody can see who wrote what. Joining takes a minute.
write-not-now = This account may not publish at the moment
edit-title = Write “{ $title }”
edit-whole = The whole page.
edit-section = One section of the page.
edit-this-section = write
new-title = A new page
draft-from = Your draft of { $when }.
draft-kept = Draft kept at { $when }.
draft-keep = Keep as draft
draft-drop = Drop the draft
draft-go-on = Go on writing
draft-untitled = Without a title yet
drafts-title = My drafts
drafts-lead = What you began to write and have not published. Nobody else sees it.
drafts-none = You have no drafts.
no-such-draft = There is no such draft.
base-needed = The revision that the change was made from is missing (base): the page's form has it, and the API as “revision”.
gone-title = “{ $title }” was withdrawn
gone-steward = The page “{ $title }” was withdrawn on { $when } by { $name }, who looks after this commons.
gone-author = The page “{ $title }” was withdrawn on { $when } by its author.
gone-reason = The reason: “{ $reason }”.
gone-what = Nothing of its text is left here.
gone-anew = Another text may be written under this title, if it is not what was withdrawn.
gone-write = Write a new one
withdraw-page = Withdraw this page
withdraw-not = Leave it as it is
withdraw-title = Withdraw “{ $title }”
withdraw-what = { $count ->
    [one] The page is withdrawn with its only revision.
   *[other] The page is withdrawn with its { $count-text } revisions.
}
withdraw-address = Its address will say that it was withdrawn, by whom and why.
withdraw-links = { $count ->
    [one] One page links here; its link will lead to no text any more.
   *[other] { $count-text } pages link here; their links will lead to no text any more.
}
withdraw-public = The decision and its reason are public.
withdraw-forever = The text is erased on this node and cannot be brought back. Copies that others made before are not erased.
count-drafts = { $count ->
    [one] One kept draft
   *[other] { $count-text } kept drafts
}
rule-many-drafts = An account keeps at most 100 drafts.
rule-many-drafts-remedy = Publish or drop some at /drafts.
rule-draft-blocked = While you may not publish, you can keep no new drafts.
rule-draft-blocked-remedy = Decisions are at /decisions, with their reasons.
preview = Preview
preview-again = Preview again
preview-title = Preview
preview-none = Press “Preview” to see how it will look.
field-title = Title
field-title-hint = As people would look for it.
field-title-new = New title
field-text = Text
field-text-markdown = Markdown: ## heading, **bold**, [link](wiki:Title), picture ![what it shows](wiki:File:Name.jpg), footnote[^1] with its line [^1]: author, title, DOI or ISBN or address.
field-text-wikitext = Wikitext, as in the wiki that it came from: == heading ==, [[link]], <ref>source</ref>.
field-summary = What did you change, and why?
field-summary-hint = One line, for those who follow this page.
field-themes-hint = With commas between.
field-language = Language of the text
field-language-hint = By its name or its code: Español, Kichwa, en…
field-licence-hint = Under which others may use the text. It cannot be taken back later.
field-minor = Small change.
field-minor-hint = Spelling or layout only; followers are not told.
field-follow = Follow this page
field-attribution = Author, and where it stands
field-machine = Which machine, and for what?
field-why = Why
field-takes-in = Title of the page whose text comes over
provenance-where = Where does this text come from?
provenance-where-hint = Readers see it beside your revision.
provenance-i-wrote = I wrote it.
provenance-i-wrote-hint = From what I know or did.
provenance-i-translated = I translated it.
provenance-i-translated-hint = From another language of this page, or from a named work.
provenance-i-brought = I brought it from elsewhere.
provenance-i-brought-hint = Its author and licence are named, and the licence is the one of this page.
provenance-machine-helped = A machine helped, and I checked it.
provenance-machine-helped-hint = Name it; say what it did.
provenance-machine-named = with the help of a machine: { $machine }
provenance-needed = Say where the text comes from.
publish = Publish
publish-under = By publishing you share your words under { $licence }, and nobody can take that back.
publish-under-chosen = By publishing you share your words under the licence chosen above, and nobody can take that back.
leave-unpublished = Leave without publishing
title-needed = Give the page a title.
title-exists = There is a page “{ $title }” already.
text-needed = There is no text yet.
text-too-long = The text has over 4 MiB. Publish what is longer as a file.
marks-left = The text still has lines that begin with <<<<<<< or >>>>>>>. Keep what is right between them, and take the marks out.
footnote-missing = Line { $line } cites footnote { $note }, and no line begins with “[^{ $note }]:”. Add it, or take the mark out.
language-needed = Give the code of the language: es, en, qu …
attribution-needed = Name the author, and where it stands.
machine-needed = Write its name and what it did, for example “spelling, with LibreOffice 24”.
summary-long = Write at most { $most } characters.
no-such-section = This section is not in the text any more
page-left = “{ $title }” was changed or taken away while you wrote
page-busy = Too many others write this page at the moment. Try again.
conflict-title = Somebody else changed the same place while you wrote
conflict-how = { $count ->
    [one] Everything else is merged. Choose what is kept of the one place that is left.
   *[other] Everything else is merged. Choose what is kept of each of the { $count-text } places that are left.
}
conflict-many = Everything else is merged. { $count-text } places are left, between the marks <<<<<<< and >>>>>>>: keep what is right, take the marks out, and publish.
conflict-undo = What was changed since touches the same place
conflict-now = As it is now
conflict-before = As it was before
conflict-place = Place { $number } of { $count }
conflict-both = Both
conflict-both-what = one after the other
conflict-nothing = Nothing: it was taken out.
conflict-settle = Put it together
conflict-settled = It is put together, and not published yet
conflict-settled-how = Read it once more, change what you like, and publish.
conflict-mine = As you have it
conflict-theirs = As they have it
mark-mine = yours
mark-theirs = theirs
mark-now = now
mark-before = before
summary-revert = Back to the text of { $when }
summary-undo = Undoes the change of { $when }
summary-rename = Was “{ $title }”
summary-takes-in = Takes in “{ $title }”
rename-title = Another title for “{ $title }”
rename-link = Another title
rename-hint = Under the old one a redirect stays, so that links go on working.
rename-button = Rename
rename-same = This is its title now.
takes-in-title = Two pages say the same?
takes-in-why = Take the text of another page into this one. You can shorten it before you publish; the other page becomes a redirect, and its history stays.
takes-in-button = Take it in
rule-takes-in-itself = That is this page, or one that leads to it already: there is nothing to take in. Write the title of another one.
takes-in-heading = Take “{ $title }” into “{ $into }”
takes-in-below = The whole page, with the other’s text beneath its own.
takes-in-absent = There is no page “{ $title }” here: look how it is written
takes-in-said = The text of “{ $title }” stands beneath this page’s already. When you publish, “{ $title }” becomes a redirect to this page.
takes-in-then = Order and shorten what both say before you publish. The history of both stays.
rename-or-join = Change its title, or join it with another
join-into = Take “{ $from }” into “{ $into }”
blame-link = Who wrote which paragraph
blame-of = Who wrote “{ $title }”
blame-lead = Beside each paragraph, who first wrote it as it is now.
blame-text = Paragraph
blame-who = Written by
author-gone = somebody who left
compare-chosen = Compare the two that are chosen
compare-from = from { $when }
compare-to = to { $when }
older = from
newer = to
revert-to = back to this text
undo-this = undo this change
rule-protected = Only stewards change this page at the moment
rule-protected-remedy = Write to them in its discussion.
rule-title-taken = This title is another page’s already
rule-title-taken-remedy = Choose another one, or revise that page.
rule-no-licence = The text needs a licence
rule-no-licence-remedy = Say under which one others may use it.
rule-licence-changed = The text is under another licence, which cannot be changed
rule-licence-changed-remedy = Publish it under the licence that it has, or a later version of it.
rule-licence-other = The licences of the two pages do not allow that
rule-licence-other-remedy = Link to the other page instead.
rule-too-fast = New members publish so many pages an hour, and no more
rule-too-fast-remedy = Your text is kept as a draft. Go on a little later, or ask a steward.
rule-many-links = A new member’s text brings many addresses of other sites at once
rule-many-links-remedy = Take some out, or ask a steward.
translate-link = Translate
language-es = Spanish
language-en = English
language-qu = Kichwa
language-pt = Portuguese
language-fr = French
language-de = German
language-it = Italian
language-ay = Aymara
language-gn = Guarani
language-ca = Catalan
language-eu = Basque
language-gl = Galician
language-nl = Dutch
language-ru = Russian
language-zh = Chinese
language-ja = Japanese
language-ar = Arabic
translate-title = Translate “{ $title }”
translate-from = The original is in { $language }.
translate-into = “{ $title }” in { $language }
translate-there = Already translated
translate-missing = Languages it is not in yet
translate-other = Another language
translate-begin = Begin
translate-title-hint = In the language that you translate into.
translate-parts-hint = Paragraph beside paragraph, with their marks. What you empty is left out; an empty line in a field makes a new paragraph.
translate-part = Paragraph { $number }
translate-part-more = Only here
translate-part-new = New in the original
translate-part-gone = Not in the original any more
translate-part-changed = Changed in the original
translate-whole = As one text
translate-by-part = Paragraph beside paragraph
translate-text-hint = It begins with the original: write over it, part by part.
translate-same = The text is the original still. Translate it first.
translate-changed = The original was changed since it was translated.
translate-title-taken = “{ $title }” is another page’s title already. You could use “{ $other }”.
field-machine-hint = If one helped: its name and what it did. Readers see it.
translation-old = behind
translation-behind = { $number ->
    [one] The original was changed since its first revision, of which this is the translation
   *[other] The original was changed since its revision { $number-text }, of which this is the translation
}
translation-behind-what = What was changed
translation-update = Bring it up to date
translation-revise = Revise
translation-there = This page stands in your language too
translation-fallback = This page stands in { $language }; nobody has translated it into yours yet.
conflict-remedy = Merge both texts, and publish with the revision as base.
contributions-link = What they wrote
contributions-of = What { $name } wrote
hide-why = Withdraws this revision for the commons: its text leaves the node, and the decision stands among the others, with your reason.
act-hide = Withdraw this revision
act-protect = Protect: stewards alone change it
act-unprotect = Open it to every member again
act-roll-back = Undo everything by this person
roll-back-why = Every page whose text is theirs goes back to the last one that is not; pages that they alone wrote, and their remarks, are withdrawn.
roll-back-own = Undo your own changes one by one
rolled-back = Undone
rolled-back-count = { $count ->
    [0] No page showed a text of theirs.
    [one] One page was brought back.
   *[other] { $count-text } pages were brought back.
}
rolled-back-left = These could not be brought back by themselves:
upload-title = Bring a picture or a document
upload-lead = What a camera wrote beside a picture, where and when it was taken, is left out.
upload-link = Bring a picture or a document
upload-button = Publish
field-file = File
field-file-hint = PNG, JPEG, GIF, WebP or PDF, at most { $most } MiB.
field-file-title = Name
field-file-title-hint = Left empty, it is called as on your device. Texts show it by this name.
field-file-author = Who made it
field-file-author-hint = A name, and where it stands if it is from elsewhere.
field-file-about = What it shows
field-file-about-hint = Also for those who cannot see it.
file-needed = Choose a file.
file-kind = This is none of the kinds that are taken: PNG, JPEG, GIF, WebP, PDF.
file-drawing = Drawings in SVG can run programs. Save it as PNG or PDF.
file-not-whole = This file begins as one kind and is not that to its end: it broke off, or two files stand in one. Save it anew.
file-runs = This document runs something when it is opened. Save it without that, for example by printing it into a PDF.
file-large = The file is too large. Make it smaller, or split it.
file-author-needed = Say who made it.
changes-filter = Show
changes-new = new pages alone
changes-no-minor = without small changes
changes-no-imports = without what was brought in
changes-by = By whom
changes-by-hint = Their address in this commons, such as ana-paz.
changes-any-language = in any language
changes-none-such = No change is like this
changes-followed = What I follow
changes-waits = Not looked at yet
look = Looked at: it is fine
looked-at = looked at
look-own = Somebody else looks at what you wrote
look-not-known = Whoever is new here does not mark changes yet
look-not-known-remedy = Write a little; after some revisions you can.
contributions-elsewhere = Also those as { $names }.
feed-unknown = This feed is not known, or its account was erased
mend-restore = “{ $title }” gets its text of { $when } back ({ $count ->
    [one] one word
   *[other] { $count-text } words
})
mend-lead = Let it lead to “{ $title }”
mend-otherwise = Let it lead elsewhere
mend-target = To which page?
mend-button = Let it lead there
mend-restored = Its own text is back
mend-round = “{ $title }” leads back to this page
mend-round-remedy = Choose a page with a text of its own.
limits-title = Limits for those who are new
limits-lead = Enough for an afternoon of writing, and too little for a machine that advertises. Stewards set them.
limits-known-after = Revisions after which somebody is known
limits-per-hour = Revisions an hour
limits-per-hour-here = Revisions an hour of one page
limits-new-links = New addresses of other sites in one revision
limits-off = No limits
limits-none = There are no limits.
limits-wrong = “{ $field }”: write a number from { $least } to 1,000,000.
care-limits = Limits for those who are new
care-waits = Changes that nobody has looked at
cite = Cite a source
cite-how = The footnote is put where the pen is in the text, or at its end.
cite-author = Who wrote it
cite-title = Title
cite-published = Where it came out
cite-published-hint = A publisher, or a journal with its number.
cite-year = Year
cite-doi = DOI
cite-doi-hint = Begins with 10.
cite-isbn = ISBN
cite-url = Address on the web
cite-button = Put the footnote in
cite-empty = Give a title, a DOI, an ISBN or an address.
cite-doi-wrong = This is no DOI: it begins with 10., and has a slash, as 10.1000/182.
cite-isbn-wrong = This is no ISBN: it has 10 or 13 digits, and the last one checks the others.
cite-url-wrong = This is no address that begins with https://
discuss-passage = Say something of this passage
revision-by = By
changes-all-looked-at = Everything was looked at
menu-write = Write
write-page = Write a page
starter-hide = Hide them now
write-own-key = You keep the key of this account yourself: nothing can be signed here
write-own-key-how = Write the text into a file, and publish it with your key:
quoted = “{ $text }”
diff-steps = From change to change
diff-before = The change before
diff-after = The next
read-as-of = Read it as it became
as-of = As it was on { $when }
as-of-compare = What changed since
as-of-now = The page of today
licence-shares-alike = name who made it, and share what you make of it alike
licence-names = name who made it
licence-gives-all = without conditions
licence-peers = free for persons, co-operatives and non-profits; others ask
rule-title-kind = This title would stand among pages of another kind, or has signs that nobody sees
rule-title-kind-remedy = Choose one that does not begin like User:, File:, Category: or Template:.
rule-in-anothers-name = The fields “contributor” and “source” are the commons’ own, for what it brings in
rule-in-anothers-name-remedy = Name the author in “attribution”, with the provenance “imported”.
limits-kept = Saved. From now on these limits hold.
text-page-gone = The page is not here any more: somebody withdrew it while you wrote. Your text is still below; copy it, or keep it as a draft.
text-revision-gone = The revision that you began from is not here any more. Your text is still below: copy it, and open the page once more.
text-section-gone = The section that you edited is not here any more. Your text is still below: copy it, and open the whole page.
