package nomenclatures

import (
	"math"
	"slices"
	"strings"
	"sync"
)

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

func (b *wordIndex) rarity(entries int) float64 {
	return math.Log(1 + float64(len(b.entries))/float64(1+entries))
}
