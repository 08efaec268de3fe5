skip = Skip to content
search = Search
search-label = Search the whole commons
search-hint = Search articles, people, themes…
menu = Menu
menu-main = Main
foot-about = A commons that anyone may read, copy and take away. This page contacts nobody else: no tracking, no advertising, no foreign fonts.
foot-take = To take away
foot-commons = What this commons is
foot-api = Interface for programs
foot-feed = Feed of changes
foot-view = How it looks
theme-light = Light
theme-dark = Dark
theme-auto = As my device
pages = Pages of the list
next = Next
problem-remedy = What each address takes and answers stands in /api/v1/openapi.json.
problem-mend = Mend what is said of each field, and send it again.
problem-404 = There is nothing here
problem-410 = This was withdrawn
problem-4xx = That did not work
problem-5xx = Something failed here
problem-home = To the first page
problem-404-path = Nothing stands at “{ $path }”. Search for it, or begin at the first page.
problem-405 = { $path } does not take this method
problem-no-room = The machine has no room to write, or may not.
problem-busy = The machine is busy with something that takes long.
problem-search = The search cannot answer.
problem-failed = The node could not read what it needs.
problem-failed-remedy = Try again in a moment. Whoever keeps this node finds the reason in its log.
bad-limit = limit={ $text } is no number from 1 to { $most }
bad-search-cursor = after= is no mark that this search gave
bad-search-cursor-remedy = begin at the first results
type-not-found = Nothing stands there
type-not-found-why = The address leads to nothing here, or to something that its asker may not see.
type-method-not-allowed = Another method
type-method-not-allowed-why = The address takes other methods; the header Allow lists them.
type-bad-limit = A limit that cannot be
type-bad-limit-why = limit= is to be a whole number from 1 on.
type-bad-cursor = A mark of another list
type-bad-cursor-why = after= or since= is to be what an earlier answer of the same list gave as next.
type-bad-space = No such name of a space
type-bad-space-why = A space is named by lower-case letters, digits and hyphens, like public.
type-bad-title = A title that cannot be
type-bad-title-why = A title has 1 to 255 bytes and none of the signs [ ] {"{"} {"}"} | < > #.
type-bad-revision = No revision
type-bad-revision-why = A revision is named by the 64 hexadecimal digits of its hash.
type-bad-hash = No file
type-bad-hash-why = A file is named by the 64 hexadecimal digits of its SHA-256.
type-withdrawn = Withdrawn
type-withdrawn-why = Its author or a steward withdrew it. It does not come back under this address.
type-disk-full = No room
type-disk-full-why = The disk of the node is full. Reading goes on; writing does when there is room.
type-unwritable = Not to be written
type-unwritable-why = The node may not write its data folder.
type-database-locked = Busy
type-database-locked-why = Another program holds the database. Try again in a moment.
type-database-unreachable = No database
type-database-unreachable-why = The server of the database does not answer. Try again in a moment.
type-search-unavailable = No search
type-search-unavailable-why = The search index cannot answer. Reading goes on.
type-stopping = Stopping
type-stopping-why = The node is being stopped. Try again in a moment.
search-empty = Type what you look for in the box above. Accents, endings and small typing errors do not matter.
search-example-1 = commons energy
search-why-1 = both words
search-example-2 = "peer production"
search-why-2 = exactly these words, in this order
search-example-3 = cooperatives -platform
search-why-3 = without the second word
search-example-4 = agro*
search-why-4 = every word that begins so
results-title = { $count ->
    [0] No results for “{ $query }”
    [one] One result for “{ $query }”
   *[other] { $count-text } results for “{ $query }”
}
results-all = { $count ->
    [one] One page
   *[other] { $count-text } pages
}
results-best = { $shown-text } of { $count-text }, best first
results-count = { $count-text } results
did-you-mean = Did you mean
also-searched = Hardly any page is spelt so. These results also answer
search-relaxed = No page has all of these words; these have some of them.
search-none = No page has these words
search-none-why = Try fewer or other words, or look through the themes.
search-wider = Search everything
search-themes = See the themes
narrow = Narrow the results
narrow-summary = Narrow: kind, language, theme
facet-kind = Kind
facet-language = Language
facet-theme = Theme
facet-all = All
about-title = What this commons is
about-lead = A body of knowledge that its members write, keep and decide about together. Everybody may read it, and take all of it away.
about-use = May I use this?
about-use-text = Yes, as its licence says: every page names its authors, where its text comes from, and the licence under which anybody may use, change and share it. What is brought in keeps the licence that it had.
about-kept = What is stored about you
about-kept-text = If you only read: nothing. A cookie remembers the language or the colours if you chose them by hand; it holds that word and nothing else.
about-check = How it can be checked
about-check-text = Everything that is shown comes from { $count-text } signed records. Whoever has them can verify each without trusting this node.
about-commons-key = Key of the commons
about-node-key = Key of this node
about-version = Version of Minga
menu-sign-in = Sign in
menu-join = Join
menu-inbox = Inbox
foot-decisions = Who keeps it, and what was decided
foot-privacy = What we store about you
foot-report = Report something on this page
problem-401 = This page is for those who have an account and are signed in.
problem-401-remedy = Sign in, or join.
problem-token = This token is not known here, or not any more
problem-token-remedy = Make another on the page “My account”.
problem-form = This form was opened in another place, or too long ago. Nothing was done.
problem-form-remedy = Open it again. What you wrote is below: copy it before you leave this page.
problem-form-written = What you wrote
type-signed-out = Signed out
type-signed-out-why = The address is for people with an account: a session, or a token in the header Authorization.
type-bad-token = No such token
type-bad-token-why = The token of the header Authorization is not known here, or was ended.
type-foreign-form = A form from elsewhere
type-foreign-form-why = A form is taken only from a page that this node showed to the same browser. Programs send a token in the header Authorization instead.
form-mistakes = { $count ->
    [one] Not done yet: one thing to mend
   *[other] Not done yet: { $count-text } things to mend
}
form-kept = Nothing you wrote was lost.
form-optional = (optional)
type-mistakes = Something in what was sent is to be mended
type-mistakes-why = Each mistake is named with its field and a sentence; nothing was changed.
problem-401-title = Please sign in
search-begin = Write “{ $query }”
about-change = Change the name and this sentence
menu-stewards = Stewards
form-see = See it
body-large = What was sent is larger than { $most } MiB, the most that is taken here.
body-large-remedy = Send it in parts, or what is longer as a file.
body-late = What was sent did not come within a minute. Try it again.
body-fields = The form has over { $most } fields.
body-json = What was sent is no JSON object of texts, numbers, truth values and lists of these.
body-parts = The form is not well formed: its parts cannot be told apart.
language-und = language not given
