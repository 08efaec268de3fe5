skip = Skip to content
search = Search
search-label = Search the whole commons
search-hint = Search articles, themes…
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
about-kept = What is stored about you
about-kept-text = If you only read: nothing. A cookie remembers the language or the colours if you chose them by hand; it holds that word and nothing else.
about-check = How it can be checked
about-check-text = Everything that is shown comes from { $count-text } signed records. Whoever has them can verify each without trusting this node.
about-commons-key = Key of the commons
about-node-key = Key of this node
about-version = Version of Minga
