package nomenclatures

import (
	"cmp"
	"slices"
	"sort"
	"strings"
)

// Found is one code found from words.
type Found struct {
	Code    Code
	Label   string
	Matched string  // the wording that answered: a label, a job title, a synonym
	Score   float64 // 0..1, 1 when the wording is the query itself
}

// Search finds codes of a scheme from everyday words, the best first. Accents,
// case and plurals do not matter; the last word may be unfinished. Occupations
// answer to their job titles, CPV and the other schemes to their labels and to
// the words that the crosswalk gives for their sectors. A code typed as such is
// found too. limit 0 or less means 20.
func Search(scheme Scheme, words string, limit int) []Found {
	if limit <= 0 {
		limit = 20
	}
	words = words[:min(len(words), longestQuery)]
	index := searchIndex(scheme)
	if index == nil {
		return nil
	}
	exact, named := index.named(scheme, words)
	if named && scheme != SchemeSector {
		return []Found{exact}
	}
	found := index.search(words, limit)
	if named {
		return merge(found, []Found{exact}, limit)
	}
	if scheme == SchemeROME || len(found) > 0 && found[0].Score >= goodEnough {
		return found
	}
	return merge(found, throughTitles(scheme, words), limit)
}

// throughTitles finds codes by who does the work: "déménageur" is the title of
// an occupation, whose sectors have codes in every scheme.
func throughTitles(scheme Scheme, words string) []Found {
	var out []Found
	for _, f := range romeWords().search(words, 3) {
		for _, s := range SectorsOf(f.Code) {
			info, _ := LookupSector(s)
			if !slices.Contains(info.ROME, ROME(f.Code.Value)) {
				continue
			}
			for _, v := range codesIn(scheme, &info) {
				c := Code{scheme, v}
				out = append(out, Found{Code: c, Label: c.Label(), Matched: f.Matched, Score: f.Score * weightOfCodes})
			}
		}
	}
	return out
}

// merge keeps the best answer for each code.
func merge(a, b []Found, limit int) []Found {
	best := map[Code]Found{}
	for _, f := range slices.Concat(a, b) {
		if old, seen := best[f.Code]; !seen || f.Score > old.Score {
			best[f.Code] = f
		}
	}
	return ranked(best, limit)
}

// named answers a query that is itself a code, or the name of a sector.
func (b *wordIndex) named(scheme Scheme, query string) (Found, bool) {
	c, err := NewCode(scheme, query)
	if err != nil {
		return Found{}, false
	}
	i := slices.Index(b.codes, c)
	if i < 0 {
		return Found{}, false
	}
	return Found{Code: c, Label: b.labels[i], Matched: b.labels[i], Score: 1}, true
}

// search scores each entry by the share of the query it answers, each word
// weighing its rarity, times how much of the entry the query says.
func (b *wordIndex) search(query string, limit int) []Found {
	words := distinct(meaningful(query))
	if len(words) == 0 {
		return nil
	}
	got := map[int32]*tally{}
	total := 0.0
	for _, w := range words {
		total += b.count(got, w.text)
	}
	b.countUnfinished(got, query, words[len(words)-1])
	best := map[Code]Found{}
	for id, n := range got {
		e := b.entries[id]
		score := e.weight * n.weight / total * (0.6 + 0.4*min(1, float64(n.words)/float64(e.words)))
		score = min(1, score+b.bonus[e.code])
		c := b.codes[e.code]
		old, seen := best[c]
		if !seen || score > old.Score || score == old.Score && e.text < old.Matched {
			best[c] = Found{Code: c, Label: b.labels[e.code], Matched: e.text, Score: score}
		}
	}
	return ranked(best, limit)
}

// distinct keeps the last of each word, since the last word typed matters.
func distinct(words []token) []token {
	var out []token
	for i, w := range words {
		if !slices.ContainsFunc(words[i+1:], func(later token) bool { return later.text == w.text }) {
			out = append(out, w)
		}
	}
	return out
}

type tally struct {
	weight float64
	words  int
}

// count adds a word of the query to every entry that has it and returns the
// word's weight.
func (b *wordIndex) count(got map[int32]*tally, word string) float64 {
	weight := b.rarity(len(b.postings[word]))
	for _, id := range b.postings[word] {
		give(got, id, weight)
	}
	return weight
}

func give(got map[int32]*tally, id int32, weight float64) {
	t := got[id]
	if t == nil {
		t = &tally{}
		got[id] = t
	}
	t.weight += weight
	t.words++
}

// countUnfinished adds the words that begin as the last word was typed, without
// its plural taken off: "repas" does not begin "réparation". An entry that has
// the word itself gets nothing more.
func (b *wordIndex) countUnfinished(got map[int32]*tally, query string, last token) {
	typed := fold(query[last.start:last.end])
	if len(typed) < 3 {
		return
	}
	weight := b.rarity(len(b.postings[last.text])) * unfinished
	if len(b.postings[last.text]) > 0 {
		weight *= unlikelyHead
	}
	seen := map[int32]bool{}
	for _, id := range b.postings[last.text] {
		seen[id] = true
	}
	for i := sort.SearchStrings(b.stems, typed); i < len(b.stems) && strings.HasPrefix(b.stems[i], typed); i++ {
		for _, id := range b.postings[b.stems[i]] {
			if !seen[id] {
				seen[id] = true
				give(got, id, weight)
			}
		}
	}
}

// ranked keeps answers worth at least a third of the best, in a total order.
func ranked(best map[Code]Found, limit int) []Found {
	out := make([]Found, 0, len(best))
	for _, f := range best {
		out = append(out, f)
	}
	slices.SortFunc(out, func(a, b Found) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(a.Code.Value, b.Code.Value))
	})
	for i := range out {
		if i == limit || out[i].Score < out[0].Score/3 {
			return out[:i]
		}
	}
	return out
}
