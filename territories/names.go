package territories

import (
	"math/bits"
	"slices"
	"strings"
)

// entry is a territory that can be found by name.
type entry struct {
	ref     Ref
	name    string
	folded  string // Fold(name)
	dep     string
	pop     int64
	history bool // an old région or a region of the federation: found only when asked
}

// nameIndex finds territories by the words of their names. The words are
// sorted, so that those with a prefix are one run.
type nameIndex struct {
	a       *Atlas
	entries []entry
	words   []string
	letters []uint32           // by word: which letters it has, to discard far spellings
	posts   [][]int32          // by word: the entries that have it, in order
	full    map[string][]int32 // by folded name, articles kept
	bare    map[string][]int32 // by folded name without its article, when it has one
}

// newNameIndex is built when a name is first asked for, in a few tens of
// milliseconds.
func newNameIndex(a *Atlas) *nameIndex {
	x := &nameIndex{a: a, full: make(map[string][]int32, 40_000), bare: make(map[string][]int32, 4_000)}
	x.entries = make([]entry, 0, len(a.communes)+10_000)
	for i := range a.communes {
		c := &a.communes[i]
		x.entries = append(x.entries, entry{ref: Ref{KindCommune, string(c.Code)}, name: c.Name, dep: c.Departement, pop: int64(c.Population)})
	}
	for _, k := range Kinds()[1:] {
		l := a.layers[k]
		for i, r := range l.refs {
			e := entry{ref: r, name: l.names[i], pop: l.pops[i], history: k == KindRegion2015 || k == KindFederation2012}
			switch k {
			case KindDepartement:
				e.dep = r.Code
			case KindEPCI, KindEPT, KindArrondissement, KindPostal:
				e.dep = a.mainDepartement(l.sets[i])
			}
			x.entries = append(x.entries, e)
		}
	}
	x.index()
	return x
}

// wordList gathers the entries of each word.
type wordList struct {
	ids   map[string]int
	posts [][]int32
}

func (l *wordList) add(w string, id int32) {
	at, ok := l.ids[w]
	if !ok {
		at = len(l.posts)
		l.ids[w], l.posts = at, append(l.posts, nil)
	}
	if p := l.posts[at]; len(p) == 0 || p[len(p)-1] != id {
		l.posts[at] = append(p, id)
	}
}

func (x *nameIndex) index() {
	list := &wordList{ids: make(map[string]int, 50_000)}
	for i := range x.entries {
		x.indexEntry(list, int32(i))
	}
	x.words = make([]string, 0, len(list.ids))
	for w := range list.ids {
		x.words = append(x.words, w)
	}
	slices.Sort(x.words)
	x.posts, x.letters = make([][]int32, len(x.words)), make([]uint32, len(x.words))
	for i, w := range x.words {
		x.posts[i], x.letters[i] = list.posts[list.ids[w]], lettersOf(w)
	}
}

// indexEntry makes a territory findable by its name and by its code, unless
// the code is that of another thing (84 is a région and a département).
func (x *nameIndex) indexEntry(list *wordList, id int32) {
	e := &x.entries[id]
	if e.ref.Kind == KindPostal {
		e.folded = e.ref.Code
		list.add(e.folded, id)
		return
	}
	e.folded = Fold(e.name)
	x.full[e.folded] = append(x.full[e.folded], id)
	if b := bareName(e.folded); b != e.folded {
		x.bare[b] = append(x.bare[b], id)
	}
	for rest := e.folded; rest != ""; {
		var w string
		w, rest, _ = strings.Cut(rest, " ")
		list.add(w, id)
	}
	switch e.ref.Kind {
	case KindFederation2012, KindRegion, KindRegion2015:
		return
	}
	list.add(strings.ToLower(e.ref.Code), id)
}

// articles are what a name may begin with and a person leave out.
var articles = []string{"le ", "la ", "les ", "l "}

func bareName(folded string) string {
	for _, a := range articles {
		if rest, ok := strings.CutPrefix(folded, a); ok && rest != "" {
			return rest
		}
	}
	return folded
}

// mainDepartement is where most inhabitants of a set live; of two as
// populated, the first by code.
func (a *Atlas) mainDepartement(s *Set) string {
	pops := make(map[string]int, 1)
	last, sum := "", 0
	s.Each(func(ord int) bool {
		c := &a.communes[ord]
		if c.Departement != last { // codes are sorted: a département is nearly one run
			pops[last] += sum
			last, sum = c.Departement, 0
		}
		sum += c.Population + 1
		return true
	})
	pops[last] += sum
	delete(pops, "")
	best := ""
	for d, n := range pops {
		if best == "" || n > pops[best] || n == pops[best] && d < best {
			best = d
		}
	}
	return best
}

// postalName shows a postal code with its most populated communes.
func (a *Atlas) postalName(code string, s *Set) string {
	ords := a.byPopulation(s)
	var names []string
	for _, o := range ords[:min(len(ords), 2)] {
		names = append(names, a.communes[o].Name)
	}
	if len(ords) > 2 {
		names = append(names, "…")
	}
	return code + " " + strings.Join(names, ", ")
}

func (a *Atlas) byPopulation(s *Set) []int {
	ords := make([]int, 0, s.Len())
	s.Each(func(ord int) bool { ords = append(ords, ord); return true })
	slices.SortStableFunc(ords, func(i, j int) int { return a.communes[j].Population - a.communes[i].Population })
	return ords
}

// prefixed is the run of words that begin with a prefix.
func (x *nameIndex) prefixed(prefix string) (from, to int) {
	from, _ = slices.BinarySearch(x.words, prefix)
	to = from
	for to < len(x.words) && strings.HasPrefix(x.words[to], prefix) {
		to++
	}
	return from, to
}

// having lists the entries with a word that begins so, in order.
func (x *nameIndex) having(prefix string) []int32 {
	from, to := x.prefixed(prefix)
	if to-from == 1 {
		return x.posts[from]
	}
	var out []int32
	for i := from; i < to; i++ {
		out = append(out, x.posts[i]...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// matching lists the entries that have, for each word, one that begins so.
func (x *nameIndex) matching(words []string) []int32 {
	if len(words) == 0 {
		return nil
	}
	sorted := slices.Clone(words)
	slices.SortFunc(sorted, func(v, w string) int { return len(w) - len(v) })
	out := x.having(sorted[0])
	for _, w := range sorted[1:] {
		if len(out) == 0 {
			return nil
		}
		out = x.narrow(out, w)
	}
	return out
}

// narrow keeps the entries that have a word beginning so; a short list is
// checked name by name rather than against a long one.
func (x *nameIndex) narrow(ids []int32, w string) []int32 {
	kept := make([]int32, 0, len(ids))
	for _, id := range ids {
		e := &x.entries[id]
		if hasWordPrefix(e.folded, w) || strings.HasPrefix(strings.ToLower(e.ref.Code), w) {
			kept = append(kept, id)
		}
	}
	return kept
}

func hasWordPrefix(folded, w string) bool {
	return strings.HasPrefix(folded, w) || strings.Contains(folded, " "+w)
}

// near lists the entries that have, for each word, one of a near spelling.
func (x *nameIndex) near(words []string) []int32 {
	var out []int32
	for i, w := range words {
		ids := x.spelledLike(w)
		if i == 0 {
			out = ids
			continue
		}
		out = slices.DeleteFunc(out, func(id int32) bool { _, ok := slices.BinarySearch(ids, id); return !ok })
	}
	return out
}

func (x *nameIndex) spelledLike(w string) []int32 {
	allowed := 1
	if len(w) >= 8 {
		allowed = 2
	}
	var out []int32
	mask := lettersOf(w)
	for i, have := range x.words {
		if bits.OnesCount32(mask^x.letters[i]) > 2*allowed { // an edit changes two letters at most
			continue
		}
		if have == w || len(w) > 3 && withinEdits(w, have, allowed) {
			out = append(out, x.posts[i]...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// lettersOf is the set of bytes of a word, modulo 32.
func lettersOf(w string) uint32 {
	var m uint32
	for i := range len(w) {
		m |= 1 << (w[i] & 31)
	}
	return m
}

// withinEdits reports that at most n letters are wrong, missing, added or
// swapped with their neighbour.
func withinEdits(s, t string, n int) bool {
	if len(s)-len(t) > n || len(t)-len(s) > n {
		return false
	}
	return edits(s, t) <= n
}

// edits is the distance of optimal string alignment, in bytes: the names are
// folded.
func edits(s, t string) int {
	const most = 64
	if len(s) > most || len(t) > most {
		return max(len(s), len(t))
	}
	var before, last, row [most + 1]int
	for j := range len(t) + 1 {
		last[j] = j
	}
	for i := 1; i <= len(s); i++ {
		row[0] = i
		for j := 1; j <= len(t); j++ {
			cost := 1
			if s[i-1] == t[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(t)]
}
