menu-map = Map
map-title = Map of initiatives
map-lead = What people do together, and where. Every number counts all that there is, in the box and with the filters that you chose.
map-text = Words
map-any = Any
map-filter = Show
map-in-box = in this box;
map-everywhere = Everywhere
map-all = Without filters
map-about = Each lozenge gathers what lies near; touch it to come nearer. The map is Natural Earth’s, in the public domain, with towns of GeoNames (CC BY 4.0); it is served from here.
map-no-land = This node was built without its map of the world: the places are right, the land is missing.
map-empty = Nothing here yet
map-empty-why = Look in a larger box, or with fewer filters.
map-in = Nearer
map-out = Farther
map-west = West
map-east = East
map-north = North
map-south = South
initiative-kind = Kind
initiative-theme = Theme
initiative-country = Country
initiative-area = Province
initiative-activity = Activity
initiative-form = Legal form
initiative-status = Is it alive?
status-alive = Alive
status-paused = Resting
status-gone = No more
no-initiative = No such initiative is here
initiative-in = Written in { $language }.
initiative-silent = It does not say yet what it does.
initiative-offers = What it offers
initiative-needs = What it needs
initiative-alive = Is it alive?
initiative-unconfirmed = Nobody has said so yet.
initiative-history = History
initiative-withdrawn = withdrawn
initiative-imported = from a list
initiative-online = online
initiative-facts = Facts
initiative-address = Address
initiative-hours = Open
initiative-since = Since
initiative-links = Elsewhere
initiative-licence = Licence of these data
initiative-sources = From the list
initiative-original = As the list has it
initiative-where = Where
initiative-rough = within some { $metres } metres
initiative-near = What is near
confirm-open = Say whether it is alive
confirm-sign-in = Sign in to say whether it is alive
confirm-legend = What do you know?
confirm-note = How do you know?
confirm-note-hint = Everybody can read it.
confirm-button = Say so
bad-status = This is no answer to whether it is alive
bad-status-remedy = Choose alive, resting or no more.
bad-bbox = “{ $text }” is no box of the map: { $reason }
bad-bbox-remedy = Write west,south,east,north in degrees, as -81,-5,-75,2.
bad-map-limit = “{ $text }” is no number from 1 to 500
bad-map-cursor = This is no place where a list goes on
rule-unknown-kind = This is no kind of initiative
rule-unknown-kind-remedy = Choose one of the list.
rule-many-initiatives = Nobody says so much of initiatives within an hour
rule-many-initiatives-remedy = Go on a little later.
count-initiatives = { $count ->
    [one] One initiative
   *[other] { $count-text } initiatives
}
map-of = { $count ->
    [one] one in all
   *[other] { $count-text } in all
}
map-nearer = { $count } initiatives: come nearer
initiative-begin = Add to the map
initiative-new = Add an initiative
initiative-change = Change an initiative
initiative-edit = Change
initiative-form-lead = Name and kind are enough to begin; anybody may go on from there.
field-initiative-name = What is it called?
field-initiative-text = What does it do?
field-initiative-text-hint = In your own words; **bold** and lists are understood.
field-initiative-at = Where? Latitude, longitude
field-initiative-at-hint = In degrees, for example -0.2201,-78.5123. As exactly as its people wish.
field-initiative-radius = How exact is that?
radius-exact = To the door
radius-near = Some streets around
radius-town = The town or parish
radius-region = The region
field-initiative-locality = Town or parish
field-initiative-region = Province
field-initiative-online = It works online too
field-initiative-themes-hint = With commas between.
field-initiative-links-hint = One address a line. How to reach persons does not belong here.
field-initiative-since-hint = A year, or a day as 2013-05-01.
field-initiative-summary = What did you change, and why?
choose-none = Not said
initiative-public = What you publish can be read, copied and changed by everybody, under CC BY-SA 4.0 or the licence that it came with.
initiative-publish = Publish
initiative-leave = Leave without publishing
initiative-name-needed = Write what it is called
initiative-text-long = Write at most 10,000 characters
initiative-at-null = 0,0 lies in the sea; leave it empty if you do not know
initiative-at-elsewhere = That point lies in { $area }, and not in the country that you chose: are latitude and longitude the right way round?
initiative-at-wrong = Write latitude and longitude with a comma between, as -0.22,-78.51 ({ $reason })
initiative-link-wrong = “{ $link }” is no web address
initiative-clash = Somebody else changed “{ $field }” meanwhile: “{ $theirs }”. Look at it, and publish once more.
kind-initiative = Initiative
map-take = Take it away:
bad-format = “{ $text }” is no form in which initiatives are taken away
bad-format-remedy = Choose geojson, csv, kml or jsonl.
pairs-title = What may be there twice
pairs-lead = Names alike, near one another, or with the same site. The program proposes; whoever knows the place decides, and all of it can be undone.
pairs-none = Nothing seems to be there twice
pairs-none-why = When two initiatives look alike, they will be here to be compared.
count-pairs = { $count ->
    [one] One pair
   *[other] { $count-text } pairs
}
pair-names = names { $percent }% alike
pair-metres = { $metres } metres apart
pair-kilometres = { $kilometres } km apart
pair-site = same site: { $site }
same-one-title = Is it there twice?
same-one-lead = This is what looks most like it. Compare before you decide.
same-nothing = Nothing that is here looks like it.
field-same-with = Compare with another
field-same-with-hint = Copy the address of its page.
same-compare = Compare
same-unknown = “{ $text }” leads to no other initiative here
same-title = Are they the same?
same-unlike = The program sees no likeness; you decide.
same-told-apart = Somebody said that they are two
same-joined-already = They are one by now
same-see = See the one that stayed
same-caption = { $count ->
    [0] They disagree in nothing
    [one] They disagree in one place: choose
   *[other] They disagree in { $count } places: choose
}
same-stays = Which page stays?
same-stays-this = This one
same-name = Name
same-text = What it does
same-choose = choose
same-kept = Themes, links, activities, people and lists of both are kept. The other one’s address will lead to the one that stays; its history is kept too, and it can be undone.
field-same-note = How do you know?
same-join = They are the same: join
same-apart = They are two
same-changed = Somebody changed one of the two while you compared. Look once more, and decide.
same-summary-stays = Joined with “{ $title }”
same-summary-goes = The same as “{ $title }”
same-summary-parted = Taken apart again
same-joined = Joined with
same-part = Take apart
same-ask = Is it on the map twice?
same-here-already = { $count ->
    [one] It may be here already
   *[other] It may be here already: { $count } look alike
}
same-here-already-what = If it is one of these, complete it on its page. If it is another one, publish it: nothing was lost.
initiative-publish-anew = It is another one: publish
pin-find = Use where I am
pin-put = Touch the map to put the pin; then drag it as you like.
pin-name = The pin that you put
pin-at = The pin is at
pin-lost = Your device does not say where it is. Touch the map, or write the coordinates.
no-asset = There is no such part of the program
areas-title = Countries and provinces
areas-lead = What there is in each place, and where there is nothing yet.
areas-there = { $count ->
    [one] One country with initiatives
   *[other] { $count } countries with initiatives
}
areas-nowhere = In none yet.
areas-empty = { $count ->
    [one] One country without initiatives
   *[other] { $count } countries without initiatives
}
areas-empty-open = See which
no-area = “{ $code }” is no code of a country or a province
area-none = No initiatives here yet
area-on-map = See on the map
area-empty = Nobody has told yet what there is here
area-empty-why = If you know an initiative of this place, add it: a name and a pin are enough to begin.
area-there = What is there
area-all = See all { $count }
area-more = and { $count } more
area-search = Search the articles for “{ $name }”
area-provinces = { $count ->
    [one] One province
   *[other] { $count } provinces
}
map-filters = Filters
restore = Back to this text
restore-summary = Says again what it said on { $when }
initiative-busy = Many people change this at once; send the form once more
initiative-radius-wrong = Choose from the list how exact it is
rule-unseen-name = The name has signs that cannot be seen, or that turn the direction of writing
rule-unseen-name-remedy = Write it without them.
rule-behind = Somebody changed this initiative meanwhile
rule-behind-remedy = Look at it once more, and say it again.
same-here-already-program = Send anew=yes too if it is another one.
take-busy = Others are taking data away at the moment
take-busy-remedy = Wait some seconds, and try again.
initiative-sprint = Sprint
sprints-title = Mapping sprints
sprints-lead = Many people, in many cities, put on the map within hours what they know.
sprints-none = There is none yet
sprints-none-why = Call one: it takes a name, a time and what is looked for.
sprint-new = Call a sprint
sprint-change = Change the sprint
sprint-form-lead = Say what is looked for, and when; teams can join later.
sprint-publish = Publish
field-sprint-name = What is it called?
field-sprint-text = What is looked for, and what belongs in it?
field-sprint-text-hint = What everybody reads who adds something; **bold** and lists are understood.
field-sprint-begins = Begins
field-sprint-ends = Ends
field-sprint-time-hint = In universal time (UTC): Ecuador is five hours behind.
field-sprint-teams = Teams
field-sprint-teams-hint = One a line; behind “|”, where it is: Quito | -0.2201,-78.5123
sprint-time-wrong = Write day and hour, as 2026-11-28T09:00
sprint-ends-first = It ends before it begins
sprint-team-wrong = “{ $line }”: behind “|” come latitude and longitude
no-sprint = No such sprint is here
sprint-coming = not begun yet
sprint-open = open
sprint-over = over
sprint-add = Add what I know
sprint-add-lead = A name and a pin are enough. Where the connection breaks, it is kept on your device and sent later.
sprint-added = It is there. You can add another one.
sprint-enter = Add
sprint-report = Report
sprint-report-of = Report of “{ $title }”
sprint-review = Review what came in
sprint-review-lead = What nobody has looked at yet counts; what is left out bears its reason, which everybody can read.
sprint-reviewed = All of it is reviewed
sprint-board = Back to the board
sprint-counts = { $things ->
    [one] One thing
   *[other] { $things } things
}, { $people ->
    [one] one person
   *[other] { $people } people
}, { $countries ->
    [one] one country
   *[other] { $countries } countries
}
sprint-waiting = { $waiting } to review; { $out } left out
sprint-teams = Entries per team
sprint-team = Team
sprint-no-team = No team
sprint-entries = Entries
sprint-countries = Countries
sprint-people = Who took part
sprint-newest = The latest
sprint-gone = Withdrawn
sprint-left-out = left out
field-sprint-bring = Bring something that is here already
field-sprint-bring-hint = The address of its page, or its title: an article, an initiative, whatever it is.
sprint-bring = Bring it
field-sprint-reason = Why does it not belong?
sprint-reason-needed = Say why it does not belong
sprint-fits = It belongs
sprint-leave-out = Leave it out
sprint-all = { $count ->
    [one] One entry
   *[other] All { $count } entries
}
sprint-queue = Waiting for a connection:
sprint-sent = Sent:
sprint-kept = No connection: it is kept on this device, and will be sent by itself.
sprint-refused = It could not be added; mend it and send it again:
sprint-signed-out = Your session ended: sign in again, and they will be sent.
sprint-again = Send now
rule-not-the-convenor = That is decided by who called the sprint, or a steward
rule-not-the-convenor-remedy = Write to them on the sprint’s page.
rule-sprint-over = The sprint is over
rule-sprint-over-remedy = Add it to the map by yourself: it counts too.
rule-sprint-not-begun = The sprint has not begun
rule-sprint-not-begun-remedy = Come back when it has.
rule-entered-already = You brought it to this sprint already
sprint-mend = Mend it
sprint-drop = Drop it
initiative-languages = In other languages
initiative-translates = Translation from { $from } to { $to }
field-initiative-to = Say it in another language
field-initiative-to-hint = For example Kichwa, Spanish, qu.
initiative-translate = Translate
initiative-one-language = In none yet.
translate-which = Say in which language, for example “Kichwa” or “qu”
withdraw-initiative = Withdraw it
withdraw-initiative-title = Withdraw “{ $title }”
withdraw-initiative-lead = It leaves the map, the search and what is exported; no list will bring it back. Its address will say when and why. It cannot be undone. If it only ceased to work, say that it is no more alive.
withdraw-initiative-reason = Why?
withdraw-initiative-why = Say why
initiative-gone = This initiative was withdrawn on { $when }: { $reason }
initiative-gone-remedy = What is near is on the map.
