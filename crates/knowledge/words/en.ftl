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
starter-notice-how = They disappear as soon as the commons holds something of its own. To bring in a wiki:
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
words-minutes = { $words-text } words, { $minutes ->
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
bad-title-rule = A title has 1 to 255 bytes and none of the signs # < > [ ] { "{" } { "}" } |. Search for its words instead.
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
