package territories

import (
	"cmp"
	"slices"
	"strings"
)

// Hit is a territory found by name. Departement is the code of its
// département (for a grouping or a postal code, that of most of its
// inhabitants), empty above that level: homonyms are told apart by it. The
// name of a postal code is the code with its main communes.
type Hit struct {
	Ref         Ref    `json:"ref"`
	Name        string `json:"name"`
	Departement string `json:"departement,omitempty"`
	Population  int64  `json:"population"`
}

// SearchOptions narrows a search. Its zero value gives the ten best among the
// territories of today; the old régions and the federation's must be asked
// for by their kind.
type SearchOptions struct {
	Kinds       []Kind // only these
	Departement string // only inside this département
	Limit       int    // 10 when 0, at most 100
}

func (o SearchOptions) limit() int {
	if o.Limit <= 0 {
		return 10
	}
	return min(o.Limit, 100)
}

func (o SearchOptions) takes(e *entry) bool {
	if len(o.Kinds) == 0 && e.history || len(o.Kinds) > 0 && !slices.Contains(o.Kinds, e.ref.Kind) {
		return false
	}
	return o.Departement == "" || e.dep == o.Departement
}

// Search finds territories by the beginning of their words, in any order:
// "st etienne", "romans isere", "CC du royans", "26100", "2A". Accents, case,
// hyphens and "Saint/St" do not count; a département after the name (its code
// or its name, in brackets or not) picks among homonyms, and so does a postal
// code. The best matches come first, then the most populated. When nothing
// matches, spellings one or two letters away are tried.
func (a *Atlas) Search(query string, opt SearchOptions) []Hit {
	x := a.names()
	words := queryWords(query)
	if len(words) == 0 || len(words) > 12 || len(query) > 200 {
		return nil
	}
	var found []int32
	if n := len(words); n > 1 && (codeLike(words[0]) || codeLike(words[n-1])) {
		found = a.searchPlaced(x, words, opt)
	}
	if len(found) == 0 {
		found = x.ranked(words, x.matching(words), opt)
	}
	if len(found) == 0 {
		found = a.searchPlaced(x, words, opt)
	}
	if len(found) == 0 {
		found = x.ranked(words, x.near(words), opt)
	}
	out := make([]Hit, 0, opt.limit())
	for _, id := range found[:min(len(found), opt.limit())] {
		out = append(out, x.hit(id))
	}
	return out
}

func (x *nameIndex) hit(id int32) Hit {
	e := &x.entries[id]
	h := Hit{Ref: e.ref, Name: e.name, Departement: e.dep, Population: e.pop}
	if s, ok := x.a.of(e.ref); ok && e.ref.Kind == KindPostal {
		h.Name = x.a.postalName(e.ref.Code, s)
	}
	return h
}

// queryWords folds a query and shortens the types of groupings as their names
// do.
func queryWords(query string) []string {
	if len(query) > 400 {
		query = query[:400]
	}
	q := " " + Fold(query) + " "
	for _, r := range [][2]string{
		{" communaute de communes ", " cc "}, {" communaute d agglomeration ", " ca "},
		{" communaute urbaine ", " cu "}, {" comcom ", " cc "}, {" agglo ", " agglo "},
	} {
		q = strings.ReplaceAll(q, r[0], r[1])
	}
	return strings.Fields(q)
}

// codeLike tells the code of a département or a postal code from a word.
func codeLike(w string) bool { return departementShape(strings.ToUpper(w)) && len(w) > 1 }

// searchPlaced takes the last words, or the first, for the département or the
// postal code of the place that the others name.
func (a *Atlas) searchPlaced(x *nameIndex, words []string, opt SearchOptions) []int32 {
	for n := 1; n < len(words) && n <= 4; n++ {
		for _, cut := range [][2][]string{
			{words[:len(words)-n], words[len(words)-n:]},
			{words[n:], words[:n]},
		} {
			in, ok := a.placeNamed(x, strings.Join(cut[1], " "))
			if !ok {
				continue
			}
			ids := slices.DeleteFunc(slices.Clone(x.matching(cut[0])), func(id int32) bool {
				if int(id) < len(a.communes) { // communes are indexed first
					return !in.Contains(int(id))
				}
				s, ok := a.of(x.entries[id].ref)
				return !ok || !s.Intersects(in)
			})
			if found := x.ranked(cut[0], ids, opt); len(found) > 0 {
				return found
			}
		}
	}
	return nil
}

// placeNamed is a département by its code or name, or a postal code.
func (a *Atlas) placeNamed(x *nameIndex, text string) (*Set, bool) {
	code := strings.ToUpper(text)
	for _, k := range []Kind{KindDepartement, KindPostal} {
		if s, ok := a.of(Ref{k, code}); ok {
			return s, true
		}
	}
	for _, id := range append(slices.Clone(x.full[text]), x.bare[text]...) {
		if x.entries[id].ref.Kind == KindDepartement {
			return a.of(x.entries[id].ref)
		}
	}
	return nil, false
}

// The qualities of a match, best first.
const (
	exactCode = iota
	exactName
	exactBare // the name without its article
	firstWords
	wholeWords
	someWords
)

// ranked sorts the entries that the options take.
func (x *nameIndex) ranked(words []string, ids []int32, opt SearchOptions) []int32 {
	type scored struct {
		id      int32
		quality int
	}
	joined := strings.Join(words, " ")
	found := make([]scored, 0, len(ids))
	for _, id := range ids {
		if e := &x.entries[id]; opt.takes(e) {
			found = append(found, scored{id, e.quality(joined, words)})
		}
	}
	slices.SortFunc(found, func(s, t scored) int {
		e, f := &x.entries[s.id], &x.entries[t.id]
		return cmp.Or(cmp.Compare(s.quality, t.quality), cmp.Compare(f.pop, e.pop), cmp.Compare(s.id, t.id))
	})
	out := make([]int32, len(found))
	for i, s := range found {
		out[i] = s.id
	}
	return out
}

func (e *entry) quality(joined string, words []string) int {
	switch {
	case strings.EqualFold(e.ref.Code, joined):
		return exactCode
	case e.folded == joined:
		return exactName
	case bareName(e.folded) == joined:
		return exactBare
	case strings.HasPrefix(e.folded, joined) || strings.HasPrefix(bareName(e.folded), joined):
		return firstWords
	}
	padded := " " + e.folded + " "
	for _, w := range words {
		if !strings.Contains(padded, " "+w+" ") {
			return someWords
		}
	}
	return wholeWords
}
