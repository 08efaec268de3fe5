tab-network = Network
network-title = The network
network-lead = { $things } things and { $links } real links between them: articles, themes, initiatives, people and collectives.
network-way = How are two things connected?
network-from = From
network-to = To
network-hint = A title, or the address of a page of this site.
network-find = Find the way
network-unknown = Nothing here is called “{ $text }”
network-no-way = No way leads from “{ $from }” to “{ $to }”
network-no-way-why = A link from one page to another opens one.
network-steps = { $count ->
    [0] They are the same
    [one] One step
   *[other] { $count } steps
}
network-communities = { $count ->
    [one] One community
   *[other] { $count } communities
}
network-communities-what = What is linked more with one another than with the rest, the largest first; of each, what has most links.
network-around-what = Around
network-things = Things
network-kinds = What they are
network-between = What holds communities together
network-between-what = Things whose links are spread over many communities.
network-thing = What
network-touches = Communities it touches
network-links = Links
network-bridges = Bridges
network-bridges-what = Single links: without them, a part would come loose.
network-no-bridges = There is none on which five things or more hang.
network-one = One side
network-other-end = The other
network-hangs = Things that would come loose
network-empty = Nothing here yet
network-empty-why = Every page that links to another weaves the network.
network-of = Around “{ $title }”
network-count = { $count ->
    [0] No links
    [one] One link
   *[other] { $count } links
}
network-read = See its page
network-alone = It is linked with nothing
network-alone-why = Put a link or a theme on its page, and it will be here with its neighbours.
network-picture = What is nearest, always in the same place; the list says the same.
network-near = One step away
network-farther = Two steps away
network-more = and { $count } more one step away.
network-article = Article
network-category = Theme
network-initiative = Initiative
network-person = Person
network-organization = Collective
network-other = Something else
relation-mentions = mentions
relation-mentioned = mentioned in
relation-theme = has the theme
relation-theme-of = is a theme of
relation-translates = translation
relation-in = takes part
network-articles = { $count ->
    [one] one article
   *[other] { $count-text } articles
}
network-categorys = { $count ->
    [one] one theme
   *[other] { $count-text } themes
}
network-initiatives = { $count ->
    [one] one initiative
   *[other] { $count-text } initiatives
}
network-persons = { $count ->
    [one] one person
   *[other] { $count-text } people
}
network-organizations = { $count ->
    [one] one collective
   *[other] { $count-text } collectives
}
network-others = { $count ->
    [one] something else
   *[other] { $count-text } other things
}
