package nomenclatures

import (
	"cmp"
	"math"
	"slices"
	"sort"
	"strings"
	"sync"
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

// entry is one wording of a code. A synonym weighs a little less than the label.
type entry struct {
	code   int32
	text   string
	words  int32
	weight float64
}

type wordIndex struct {
	codes    []Code
	labels   []string
	bonus    []float64 // by code
	entries  []entry
	postings map[string][]int32 // stem → entries, in order
	stems    []string           // sorted, for unfinished words
}

var (
	cpvWords        = sync.OnceValue(func() *wordIndex { return buildWords(SchemeCPV) })
	romeWords       = sync.OnceValue(func() *wordIndex { return buildWords(SchemeROME) })
	nafWords        = sync.OnceValue(func() *wordIndex { return buildWords(SchemeNAF) })
	descriptorWords = sync.OnceValue(func() *wordIndex { return buildWords(SchemeDescriptor) })
	sectorWords     = sync.OnceValue(func() *wordIndex { return buildWords(SchemeSector) })
)

func searchIndex(scheme Scheme) *wordIndex {
	switch scheme {
	case SchemeCPV:
		return cpvWords()
	case SchemeROME:
		return romeWords()
	case SchemeNAF:
		return nafWords()
	case SchemeDescriptor:
		return descriptorWords()
	case SchemeSector:
		return sectorWords()
	}
	return nil
}

const (
	weightTitle   = 0.97 // a job title of an occupation
	weightSynonym = 0.95 // a sure wording of a sector, for the sector
	weightOfCodes = 0.90 // the same wording, for a code of the sector
	weightWeak    = 0.60 // a wording that other trades use
	weightGroup   = 0.40 // the name of the group, for its sectors

	weightCatchAll = 0.60 // "Autre (Espaces verts)", for "espaces verts"

	longestQuery = 200  // bytes of a query that are read
	goodEnough   = 0.80 // below, job titles are tried too
	insertion    = 0.03 // for an occupation or a code of a sector of insertion
	unfinished   = 0.90 // a word that begins as the last word typed
	unlikelyHead = 0.40 // the same when the word typed is a word by itself
)

func buildWords(scheme Scheme) *wordIndex {
	b := &wordIndex{postings: map[string][]int32{}}
	at := b.addCodes(scheme)
	if scheme == SchemeROME {
		for _, a := range tables().appellations {
			b.addTitle(at[string(a.rome)], a.name)
		}
	}
	x := joined()
	for i := range x.sectors {
		b.addSector(at, scheme, &x.sectors[i], x.words[i])
	}
	b.stems = keys(b.postings)
	slices.Sort(b.stems)
	return b
}

// addCodes files every code of the scheme under its label.
func (b *wordIndex) addCodes(scheme Scheme) map[string]int32 {
	at := map[string]int32{}
	file := func(c Code, labels ...string) {
		at[c.Value] = int32(len(b.codes))
		b.codes = append(b.codes, c)
		b.labels = append(b.labels, labels[0])
		b.bonus = append(b.bonus, bonusOf(c))
		for _, l := range labels {
			b.add(at[c.Value], l, 1)
		}
	}
	t := tables()
	switch scheme {
	case SchemeCPV:
		for _, c := range t.cpvCodes {
			file(c.Code(), t.cpv[c].label)
		}
	case SchemeROME:
		for _, c := range t.romeCodes {
			file(c.Code(), t.rome[c])
		}
	case SchemeNAF:
		for _, c := range t.nafCodes {
			file(c.Code(), t.naf[c].label)
		}
	case SchemeDescriptor:
		codes := keys(t.descriptors)
		slices.Sort(codes)
		for _, c := range codes {
			file(c.Code(), t.descriptors[c])
		}
	case SchemeSector:
		for _, s := range joined().sectors {
			file(s.Code.Code(), s.FR, s.EN)
			if strings.HasPrefix(s.FR, "Autre (") { // said of its group, not of it
				b.entries[len(b.entries)-2].weight = weightCatchAll
			}
		}
	}
	return at
}

// bonusOf lets the trades of insertion come first among equals.
func bonusOf(c Code) float64 {
	if n, ok := joined().find(c); ok && c.Scheme != SchemeSector && !n.strong.empty() {
		return insertion
	}
	return 0
}

// addSector files the wordings of a sector under its codes in the scheme.
func (b *wordIndex) addSector(at map[string]int32, scheme Scheme, s *SectorInfo, words []phrase) {
	weight := weightOfCodes
	codes := codesIn(scheme, s)
	if scheme == SchemeSector {
		weight = weightSynonym
		b.add(at[string(s.Code)], s.GroupFR, weightGroup)
	}
	for _, w := range words {
		of := weight
		if w.weak {
			of *= weightWeak
		}
		for i, c := range codes { // the first code of a line is the most usual
			b.add(at[c], w.text, max(of*0.8, of-0.02*float64(i)))
		}
	}
}

func codesIn(scheme Scheme, s *SectorInfo) []string {
	switch scheme {
	case SchemeCPV:
		return values(s.CPV)
	case SchemeROME:
		return values(s.ROME)
	case SchemeNAF:
		return values(s.NAF)
	case SchemeDescriptor:
		return values(s.Descriptors)
	}
	return []string{string(s.Code)}
}

func values[T ~string](codes []T) []string {
	out := make([]string, len(codes))
	for i, c := range codes {
		out[i] = string(c)
	}
	return out
}

func (b *wordIndex) add(code int32, text string, weight float64) {
	words := meaningful(text)
	b.file(code, text, weight, words, len(words))
}

// addTitle files a job title. "Déménageur / Déménageuse" is one word said twice.
func (b *wordIndex) addTitle(code int32, title string) {
	words := meaningful(title)
	count := len(words)
	if strings.Contains(title, " / ") {
		count = (count + 1) / 2
	}
	b.file(code, title, weightTitle, words, count)
}

// file adds an entry; count is what it counts for when asked how much of it was
// said.
func (b *wordIndex) file(code int32, text string, weight float64, words []token, count int) {
	if len(words) == 0 {
		return
	}
	id := int32(len(b.entries))
	b.entries = append(b.entries, entry{code: code, text: text, words: int32(count), weight: weight})
	for _, w := range words {
		if list := b.postings[w.text]; len(list) == 0 || list[len(list)-1] != id {
			b.postings[w.text] = append(list, id)
		}
	}
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

func (b *wordIndex) rarity(entries int) float64 {
	return math.Log(1 + float64(len(b.entries))/float64(1+entries))
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
