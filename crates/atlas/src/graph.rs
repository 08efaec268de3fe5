//! How things hang together: neighbourhoods, paths, communities, bridges, and where each thing is drawn.
//!
//! Pure: numbers of things in, numbers of things out. Every answer follows from the graph alone, whatever
//! order its links came in, so that it is the same on every node and at every visit.

use std::collections::VecDeque;

/// The number of a thing within a [`Graph`].
pub type Node = u32;

/// An undirected graph of things without loops or doubled links, in compressed rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graph {
    /// Where the neighbours of each thing begin; one more than there are things.
    begins: Vec<u32>,
    neighbours: Vec<Node>,
}

impl Graph {
    /// Builds the graph of `things` things; links to or from others are left out.
    #[must_use]
    pub fn new(things: usize, links: impl IntoIterator<Item = (Node, Node)>) -> Self {
        let there = |node: Node| (node as usize) < things;
        let mut both: Vec<(Node, Node)> = links
            .into_iter()
            .filter(|(from, to)| from != to && there(*from) && there(*to))
            .flat_map(|(from, to)| [(from, to), (to, from)])
            .collect();
        both.sort_unstable();
        both.dedup();
        let mut begins = vec![0_u32; things + 1];
        for (from, _) in &both {
            begins[*from as usize + 1] += 1;
        }
        for at in 1..begins.len() {
            begins[at] += begins[at - 1];
        }
        Self {
            begins,
            neighbours: both.into_iter().map(|(_, to)| to).collect(),
        }
    }

    /// Returns how many things there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.begins.len().saturating_sub(1)
    }

    /// Returns whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns how many links there are, each counted once.
    #[must_use]
    pub fn links(&self) -> usize {
        self.neighbours.len() / 2
    }

    /// Returns what a thing is linked with, in ascending order; nothing for a thing that is not there.
    #[must_use]
    pub fn neighbours(&self, node: Node) -> &[Node] {
        let at = node as usize;
        match (self.begins.get(at), self.begins.get(at + 1)) {
            (Some(from), Some(to)) => &self.neighbours[*from as usize..*to as usize],
            _ => &[],
        }
    }

    fn nodes(&self) -> impl Iterator<Item = Node> + use<> {
        0..self.len() as Node
    }

    /// Returns a shortest way from one thing to another, both included; none where there is no way.
    ///
    /// Both ends search in turn, the one with less to look at first. Of several ways of the same length, one
    /// through things with lower numbers is taken.
    #[must_use]
    pub fn path(&self, from: Node, to: Node) -> Option<Vec<Node>> {
        let there = |node: Node| (node as usize) < self.len();
        if !there(from) || !there(to) {
            return None;
        }
        if from == to {
            return Some(vec![from]);
        }
        const UNSEEN: Node = Node::MAX;
        // From where each thing was reached, seen from either end.
        let mut came = [vec![UNSEEN; self.len()], vec![UNSEEN; self.len()]];
        let mut edge = [vec![from], vec![to]];
        came[0][from as usize] = from;
        came[1][to as usize] = to;
        loop {
            let side = usize::from(edge[0].len() > edge[1].len());
            if edge[side].is_empty() {
                return None;
            }
            let mut next = Vec::new();
            let mut met: Option<Node> = None;
            for node in std::mem::take(&mut edge[side]) {
                for other in self.neighbours(node) {
                    let at = *other as usize;
                    if came[side][at] != UNSEEN {
                        continue;
                    }
                    came[side][at] = node;
                    if came[1 - side][at] != UNSEEN {
                        met = Some(met.map_or(*other, |one| one.min(*other)));
                    }
                    next.push(*other);
                }
            }
            if let Some(middle) = met {
                let walk = |side: usize| {
                    let mut way = vec![middle];
                    let mut node = middle;
                    while came[side][node as usize] != node {
                        node = came[side][node as usize];
                        way.push(node);
                    }
                    way
                };
                let mut way = walk(0);
                way.reverse();
                way.extend(walk(1).into_iter().skip(1));
                return Some(way);
            }
            next.sort_unstable();
            edge[side] = next;
        }
    }

    /// Returns the things around one, with their distance from it in links, itself first: at most `most` of
    /// them, up to `far` links away.
    ///
    /// Nearer ones come first; of those equally near, the ones with more links to what is there already, then
    /// those with more links altogether.
    #[must_use]
    pub fn around(&self, node: Node, far: u32, most: usize) -> Vec<(Node, u32)> {
        if node as usize >= self.len() || most == 0 {
            return Vec::new();
        }
        let mut found = vec![(node, 0)];
        let mut ties = std::collections::HashMap::from([(node, 0_u32)]);
        let mut edge = vec![node];
        for distance in 1..=far {
            let mut next: Vec<Node> = Vec::new();
            let mut seen: std::collections::HashMap<Node, u32> = std::collections::HashMap::new();
            for one in &edge {
                for other in self.neighbours(*one) {
                    if !ties.contains_key(other) {
                        let count = seen.entry(*other).or_insert_with(|| {
                            next.push(*other);
                            0
                        });
                        *count += 1;
                    }
                }
            }
            next.sort_by_key(|one| {
                let shared = seen.get(one).copied().unwrap_or_default();
                (
                    std::cmp::Reverse(shared),
                    std::cmp::Reverse(self.neighbours(*one).len()),
                    *one,
                )
            });
            next.truncate(most - found.len());
            ties.extend(next.iter().map(|one| (*one, distance)));
            found.extend(next.iter().map(|one| (*one, distance)));
            edge = next;
            if found.len() >= most || edge.is_empty() {
                break;
            }
        }
        found
    }

    /// Returns the links among some things, each once, by their places in `nodes`.
    #[must_use]
    pub fn among(&self, nodes: &[Node]) -> Vec<(usize, usize)> {
        let place: std::collections::HashMap<Node, usize> = nodes
            .iter()
            .enumerate()
            .map(|(at, node)| (*node, at))
            .collect();
        let mut links = Vec::new();
        for (at, node) in nodes.iter().enumerate() {
            for other in self.neighbours(*node) {
                if let Some(to) = place.get(other).filter(|to| **to > at) {
                    links.push((at, *to));
                }
            }
        }
        links
    }

    /// Returns the connected part that each thing belongs to: the lowest number in it.
    #[must_use]
    pub fn parts(&self) -> Vec<Node> {
        let mut part = vec![Node::MAX; self.len()];
        let mut waiting = VecDeque::new();
        for first in self.nodes() {
            if part[first as usize] != Node::MAX {
                continue;
            }
            part[first as usize] = first;
            waiting.push_back(first);
            while let Some(node) = waiting.pop_front() {
                for other in self.neighbours(node) {
                    if part[*other as usize] == Node::MAX {
                        part[*other as usize] = first;
                        waiting.push_back(*other);
                    }
                }
            }
        }
        part
    }

    /// Returns the links whose loss would part what they hold together, and how many things hang on the smaller
    /// side of each: `(one, other, smaller)`, those with most first; and the things whose loss would do so.
    ///
    /// Source: Tarjan's depth-first search, without recursion.
    #[must_use]
    pub fn bridges(&self) -> (Vec<(Node, Node, u32)>, Vec<Node>) {
        let count = self.len();
        let mut entered = vec![0_u32; count];
        let mut low = vec![0_u32; count];
        let mut below = vec![1_u32; count];
        let mut cut = vec![false; count];
        let mut found: Vec<(Node, Node)> = Vec::new();
        let mut sizes: Vec<(Node, u32)> = Vec::new();
        let mut root_of = vec![0 as Node; count];
        let mut clock = 0;
        for root in self.nodes() {
            if entered[root as usize] != 0 {
                continue;
            }
            clock += 1;
            entered[root as usize] = clock;
            low[root as usize] = clock;
            root_of[root as usize] = root;
            let mut children = 0;
            // The thing, from where it was entered, and its next neighbour to look at.
            let mut stack: Vec<(Node, Node, usize)> = vec![(root, Node::MAX, 0)];
            while let Some((node, from, next)) = stack.last_mut() {
                let (node, from) = (*node, *from);
                let at = node as usize;
                match self.neighbours(node).get(*next) {
                    Some(other) => {
                        *next += 1;
                        let to = *other as usize;
                        if *other == from {
                            continue;
                        }
                        if entered[to] == 0 {
                            clock += 1;
                            entered[to] = clock;
                            low[to] = clock;
                            root_of[to] = root;
                            stack.push((*other, node, 0));
                        } else {
                            low[at] = low[at].min(entered[to]);
                        }
                    }
                    None => {
                        stack.pop();
                        if from == Node::MAX {
                            continue;
                        }
                        let above = from as usize;
                        low[above] = low[above].min(low[at]);
                        below[above] += below[at];
                        if low[at] > entered[above] {
                            found.push((from, node));
                        }
                        if from == root {
                            children += 1;
                        } else if low[at] >= entered[above] {
                            cut[above] = true;
                        }
                    }
                }
            }
            cut[root as usize] = children > 1;
            sizes.push((root, below[root as usize]));
        }
        let whole = |node: Node| {
            let root = root_of[node as usize];
            sizes
                .binary_search_by_key(&root, |(root, _)| *root)
                .map_or(0, |at| sizes[at].1)
        };
        let mut bridges: Vec<(Node, Node, u32)> = found
            .into_iter()
            .map(|(above, node)| {
                let hangs = below[node as usize];
                let smaller = hangs.min(whole(node) - hangs);
                (above.min(node), above.max(node), smaller)
            })
            .collect();
        bridges.sort_by_key(|(one, other, smaller)| (std::cmp::Reverse(*smaller), *one, *other));
        let points = self.nodes().filter(|node| cut[*node as usize]).collect();
        (bridges, points)
    }

    /// Returns the community of each thing, numbered from 0, the largest first.
    ///
    /// Things are moved, in the order of their numbers, to the neighbouring community where modularity grows
    /// most; then each community becomes one thing of a smaller graph, until nothing moves.
    ///
    /// Source: Blondel, Guillaume, Lambiotte, Lefebvre, “Fast unfolding of communities in large networks”, 2008.
    #[must_use]
    pub fn communities(&self) -> Vec<u32> {
        let mut weighted = Weighted::of(self);
        let mut of: Vec<u32> = self.nodes().collect();
        loop {
            let (moved, group) = weighted.settle();
            let (group, count) = renumbered(group);
            for one in &mut of {
                *one = group[*one as usize];
            }
            if !moved || count == weighted.begins.len() - 1 {
                break;
            }
            weighted = weighted.gathered(&group, count);
        }
        by_size(&of)
    }

    /// Returns, for things that link several communities, how evenly their links are spread over them: 0 where
    /// all go to one, towards 1 where each goes to another; with how many communities they touch. Those that
    /// hold most together come first: by the spread times the links.
    ///
    /// Source: the participation coefficient of Guimerà and Amaral, 2005.
    #[must_use]
    pub fn go_betweens(&self, communities: &[u32], most: usize) -> Vec<(Node, f64, usize)> {
        let mut found: Vec<(Node, f64, usize)> = Vec::new();
        let mut counts: std::collections::HashMap<u32, u32> = std::collections::HashMap::new();
        for node in self.nodes() {
            let links = self.neighbours(node);
            counts.clear();
            for other in links {
                *counts.entry(communities[*other as usize]).or_default() += 1;
            }
            if counts.len() > 1 {
                let all = (links.len() * links.len()) as f64;
                let same: u64 = counts.values().map(|n| u64::from(*n) * u64::from(*n)).sum();
                found.push((node, 1.0 - same as f64 / all, counts.len()));
            }
        }
        let weight =
            |(node, spread, _): &(Node, f64, usize)| *spread * self.neighbours(*node).len() as f64;
        found.sort_by(|one, other| {
            weight(other)
                .total_cmp(&weight(one))
                .then(one.0.cmp(&other.0))
        });
        found.truncate(most);
        found
    }
}

/// A graph whose links have weights, and whose things have links to themselves.
struct Weighted {
    begins: Vec<u32>,
    links: Vec<(u32, u64)>,
    own: Vec<u64>,
    /// Twice the weight of all links.
    total: u64,
}

impl Weighted {
    fn of(graph: &Graph) -> Self {
        Self {
            begins: if graph.begins.is_empty() {
                vec![0]
            } else {
                graph.begins.clone()
            },
            links: graph.neighbours.iter().map(|to| (*to, 1)).collect(),
            own: vec![0; graph.len()],
            total: graph.neighbours.len() as u64,
        }
    }

    fn of_node(&self, node: usize) -> &[(u32, u64)] {
        &self.links[self.begins[node] as usize..self.begins[node + 1] as usize]
    }

    /// Moves things to the communities of their neighbours until nothing is gained; returns whether any moved.
    fn settle(&self) -> (bool, Vec<u32>) {
        /// Rounds that still gain, but next to nothing, end here.
        const ROUNDS: usize = 32;
        let count = self.own.len();
        let degree: Vec<u64> = (0..count)
            .map(|node| self.own[node] + self.of_node(node).iter().map(|(_, w)| w).sum::<u64>())
            .collect();
        let mut group: Vec<u32> = (0..count as u32).collect();
        let mut held = degree.clone();
        let mut to_group = vec![0_u64; count];
        let mut touched: Vec<u32> = Vec::new();
        let mut moved = false;
        for _ in 0..ROUNDS {
            let mut again = false;
            for node in 0..count {
                let home = group[node];
                touched.clear();
                for (other, weight) in self.of_node(node) {
                    let theirs = group[*other as usize];
                    if to_group[theirs as usize] == 0 {
                        touched.push(theirs);
                    }
                    to_group[theirs as usize] += weight;
                }
                held[home as usize] -= degree[node];
                // Twice the gain times the total, in whole numbers: no rounding decides where a thing belongs.
                let gain = |group: u32, to: u64| {
                    i128::from(to) * i128::from(self.total)
                        - i128::from(held[group as usize]) * i128::from(degree[node])
                };
                let mut best = (gain(home, to_group[home as usize]), home);
                touched.sort_unstable();
                for theirs in &touched {
                    let gained = gain(*theirs, to_group[*theirs as usize]);
                    if gained > best.0 {
                        best = (gained, *theirs);
                    }
                }
                for theirs in &touched {
                    to_group[*theirs as usize] = 0;
                }
                group[node] = best.1;
                held[best.1 as usize] += degree[node];
                again |= best.1 != home;
            }
            moved |= again;
            if !again {
                break;
            }
        }
        (moved, group)
    }

    /// Makes one thing of each group.
    fn gathered(&self, group: &[u32], count: usize) -> Self {
        let mut own = vec![0_u64; count];
        let mut links: Vec<(u32, u32, u64)> = Vec::with_capacity(self.links.len());
        for (node, home) in group.iter().enumerate() {
            own[*home as usize] += self.own[node];
            for (other, weight) in self.of_node(node) {
                let theirs = group[*other as usize];
                if theirs == *home {
                    own[*home as usize] += weight;
                } else {
                    links.push((*home, theirs, *weight));
                }
            }
        }
        links.sort_unstable();
        let mut begins = vec![0_u32; count + 1];
        let mut joined: Vec<(u32, u64)> = Vec::new();
        let mut last = None;
        for (from, to, weight) in links {
            match joined.last_mut().filter(|_| last == Some((from, to))) {
                Some((_, sum)) => *sum += weight,
                None => {
                    joined.push((to, weight));
                    begins[from as usize + 1] += 1;
                }
            }
            last = Some((from, to));
        }
        for at in 1..begins.len() {
            begins[at] += begins[at - 1];
        }
        Self {
            begins,
            links: joined,
            own,
            total: self.total,
        }
    }
}

/// Numbers groups from 0 in the order in which they first appear; returns how many there are.
fn renumbered(group: Vec<u32>) -> (Vec<u32>, usize) {
    let mut number = vec![u32::MAX; group.len()];
    let mut count = 0;
    let group = group
        .into_iter()
        .map(|one| {
            let to = &mut number[one as usize];
            if *to == u32::MAX {
                *to = count;
                count += 1;
            }
            *to
        })
        .collect();
    (group, count as usize)
}

/// Numbers groups by their size, the largest first; of equal ones the one with the lowest member.
fn by_size(group: &[u32]) -> Vec<u32> {
    let count = group.iter().max().map_or(0, |most| *most as usize + 1);
    let mut sizes = vec![0_u32; count];
    for one in group {
        sizes[*one as usize] += 1;
    }
    // Groups were numbered by their first members, so that the order of equal ones is theirs.
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by_key(|one| (std::cmp::Reverse(sizes[*one]), *one));
    let mut number = vec![0_u32; count];
    for (to, one) in order.into_iter().enumerate() {
        number[one] = to as u32;
    }
    group.iter().map(|one| number[*one as usize]).collect()
}

/// Returns where each of some things is drawn, within a square from 0 to 1: what is linked lies near, nothing on
/// another.
///
/// `seeds` are numbers that belong to the things themselves (the first bytes of their ids): each begins at the
/// place that its own gives, so that a thing that comes or goes moves the others little. `links` are pairs of
/// places in `seeds`. The first thing stays in the middle.
///
/// Source: Fruchterman and Reingold, “Graph drawing by force-directed placement”, 1991.
#[must_use]
pub fn layout(seeds: &[u64], links: &[(usize, usize)]) -> Vec<(f64, f64)> {
    const ROUNDS: u32 = 240;
    let count = seeds.len();
    let mut at: Vec<(f64, f64)> = seeds
        .iter()
        .map(|seed| {
            let part = |bits: u64| (bits & 0xffff_ffff) as f64 / 4_294_967_296.0;
            (part(*seed), part(*seed >> 32))
        })
        .collect();
    if let Some(first) = at.first_mut() {
        *first = (0.5, 0.5);
    }
    if count < 2 {
        return at;
    }
    let apart = 0.9 / (count as f64).sqrt();
    for round in 0..ROUNDS {
        let reach = 0.12 * (1.0 - f64::from(round) / f64::from(ROUNDS)) + 0.002;
        let mut moves = vec![(0.0, 0.0); count];
        for one in 0..count {
            for other in one + 1..count {
                let (dx, dy) = (at[one].0 - at[other].0, at[one].1 - at[other].1);
                // Two in one place are parted along a line that their order gives.
                let (dx, dy) = if dx == 0.0 && dy == 0.0 {
                    (1e-4, 1e-4 * (one + 1) as f64)
                } else {
                    (dx, dy)
                };
                let square = dx * dx + dy * dy;
                let push = apart * apart / square;
                moves[one].0 += dx * push;
                moves[one].1 += dy * push;
                moves[other].0 -= dx * push;
                moves[other].1 -= dy * push;
            }
        }
        for (one, other) in links {
            let (dx, dy) = (at[*one].0 - at[*other].0, at[*one].1 - at[*other].1);
            let pull = (dx * dx + dy * dy).sqrt() / apart;
            moves[*one].0 -= dx * pull;
            moves[*one].1 -= dy * pull;
            moves[*other].0 += dx * pull;
            moves[*other].1 += dy * pull;
        }
        for (place, (dx, dy)) in at.iter_mut().zip(&moves).skip(1) {
            let length = (dx * dx + dy * dy).sqrt().max(1e-12);
            let step = length.min(reach) / length;
            // A pull towards the middle keeps what hangs on nothing in the picture.
            place.0 += dx * step + (0.5 - place.0) * 0.01;
            place.1 += dy * step + (0.5 - place.1) * 0.01;
        }
    }
    // To the edges of the square, the first still in its middle.
    let far = at
        .iter()
        .map(|(x, y)| (x - 0.5).abs().max((y - 0.5).abs()))
        .fold(1e-9, f64::max);
    at.iter()
        .map(|(x, y)| (0.5 + (x - 0.5) / far * 0.48, 0.5 + (y - 0.5) / far * 0.48))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two rings of five, joined by one link through a thing of its own.
    fn dumbbell() -> Graph {
        let ring = |first: u32| (0..5).map(move |n| (first + n, first + (n + 1) % 5));
        Graph::new(12, ring(0).chain(ring(5)).chain([(0, 10), (10, 5)]))
    }

    #[test]
    fn links_are_kept_once_and_without_loops() {
        let graph = Graph::new(3, [(0, 1), (1, 0), (0, 1), (2, 2), (1, 9)]);
        assert_eq!((graph.len(), graph.links()), (3, 1));
        assert_eq!(graph.neighbours(0), [1]);
        assert!(graph.neighbours(2).is_empty() && graph.neighbours(9).is_empty());
        assert!(Graph::default().is_empty());
    }

    #[test]
    fn a_way_is_the_shortest() {
        let graph = dumbbell();
        assert_eq!(graph.path(1, 9), Some(vec![1, 0, 10, 5, 9]));
        assert_eq!(graph.path(3, 3), Some(vec![3]));
        assert_eq!(graph.path(0, 11), None);
        assert_eq!(graph.path(0, 99), None);
    }

    #[test]
    fn what_lies_around_comes_nearest_first() {
        let graph = dumbbell();
        assert_eq!(graph.around(10, 1, 60), [(10, 0), (0, 1), (5, 1)]);
        assert_eq!(graph.around(10, 2, 60).len(), 7);
        assert_eq!(graph.around(10, 9, 4).len(), 4);
        assert_eq!(graph.around(11, 2, 60), [(11, 0)]);
        assert_eq!(graph.among(&[0, 10, 5]), [(0, 1), (1, 2)]);
    }

    #[test]
    fn bridges_and_cut_points_are_found() {
        let (bridges, points) = dumbbell().bridges();
        assert_eq!(bridges, [(0, 10, 5), (5, 10, 5)]);
        assert_eq!(points, [0, 5, 10]);
    }

    #[test]
    fn rings_are_communities_whatever_the_order_of_their_links() {
        let graph = dumbbell();
        let found = graph.communities();
        assert!((1..5).all(|node| found[node] == found[0]), "{found:?}");
        assert!((6..10).all(|node| found[node] == found[5]), "{found:?}");
        assert_ne!(found[0], found[5]);
        let mut links: Vec<_> = (0..12)
            .flat_map(|n| graph.neighbours(n).iter().map(move |m| (n, *m)))
            .collect();
        links.reverse();
        assert_eq!(Graph::new(12, links).communities(), found);
        let between = graph.go_betweens(&found, 9);
        assert!([0, 5, 10].contains(&between[0].0), "{between:?}");
        assert!(Graph::default().communities().is_empty());
    }

    #[test]
    fn nothing_is_drawn_on_another_and_the_picture_stays() {
        let graph = dumbbell();
        let nodes: Vec<u32> = (0..12).collect();
        let links = graph.among(&nodes);
        let seeds: Vec<u64> = (0..12_u64)
            .map(|n| (n + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15))
            .collect();
        let places = layout(&seeds, &links);
        assert_eq!(places, layout(&seeds, &links));
        for (one, (x, y)) in places.iter().enumerate() {
            assert!((0.0..=1.0).contains(x) && (0.0..=1.0).contains(y));
            for (x2, y2) in &places[one + 1..] {
                assert!((x - x2).hypot(y - y2) > 0.02);
            }
        }
        let same = layout(&[7, 7, 7], &[(0, 1)]);
        assert!(same.iter().all(|(x, y)| x.is_finite() && y.is_finite()));
    }
}
