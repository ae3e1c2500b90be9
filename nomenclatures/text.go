package nomenclatures

import (
	"cmp"
	"slices"
	"sync"
)

// Mention is a sector that a text speaks of, with the words that say so. Start
// and End are bytes in the text given, so that text[Start:End] is Evidence.
type Mention struct {
	Sector     Sector
	Evidence   string
	Start, End int
	Confidence float64 // 0..1
}

const (
	mentionLong  = 0.90 // a sure wording of two words or more
	mentionSure  = 0.75 // a sure wording of one word
	mentionWeak  = 0.35 // a word that other trades use
	mentionMore  = 0.05 // each other wording of the same sector
	mentionShare = 0.15 // taken off where one wording belongs to several sectors
	mentionPlace = 0.45 // kept after words that announce works on a place
	mentionMost  = 0.97

	// studyHead is how many words from the beginning of a text a study is
	// announced in: further on, studies are a part of the works.
	studyHead = 6
)

// SectorsInText reads the sectors that a text speaks of: the title of a notice
// without CPV, the name of a lot. Each sector comes once, with its best
// wording; several wordings of one sector confirm each other. Where wordings
// overlap the longest wins: "nettoyage urbain" is not "nettoyage". A trade named
// after what builds a place or studies a trade is doubtful. The surest come first, then the earliest.
//
// It reads words and understands nothing: "à l'exclusion du nettoyage" speaks of
// cleaning. The evidence is there to be shown and checked.
func SectorsInText(text string) []Mention {
	words := meaningful(text)
	works := first(works(), words)
	study := first(studies(), words[:min(len(words), studyHead)])
	best := map[int]*Mention{}
	for at := 0; at < len(words); {
		length, found := phrases().longest(words[at:])
		if length == 0 {
			at++
			continue
		}
		start, end := words[at].start, words[at+length-1].end
		for _, p := range found {
			m := Mention{
				Sector: joined().sectors[p.sector].Code, Evidence: text[start:end],
				Start: start, End: end, Confidence: p.confidence(length, len(found)),
			}
			if works < at && !p.onPlace || study < min(at, studyHead) && !p.counsel {
				m.Confidence *= mentionPlace
			}
			note(best, p, m)
		}
		at += length
	}
	return surest(best)
}

// note keeps the best wording of a sector and lets another one confirm it.
func note(best map[int]*Mention, p said, m Mention) {
	old := best[p.sector]
	if old == nil {
		best[p.sector] = &m
		return
	}
	confirmed := max(old.Confidence, m.Confidence)
	if fold(old.Evidence) != fold(m.Evidence) {
		confirmed = min(mentionMost, confirmed+mentionMore)
	}
	if m.Confidence > old.Confidence {
		*old = m
	}
	old.Confidence = confirmed
}

func surest(best map[int]*Mention) []Mention {
	out := make([]Mention, 0, len(best))
	for _, m := range best {
		out = append(out, *m)
	}
	slices.SortFunc(out, func(a, b Mention) int {
		return cmp.Or(cmp.Compare(b.Confidence, a.Confidence), cmp.Compare(a.Start, b.Start), cmp.Compare(a.Sector, b.Sector))
	})
	return out
}

// said is a sector at the end of a wording.
type said struct {
	sector  int
	weak    bool
	onPlace bool // the trade is done on a place: building, studies, green spaces
	counsel bool // the trade studies, teaches or pleads
}

func (s said) confidence(words, sectors int) float64 {
	c := mentionSure
	switch {
	case s.weak:
		return mentionWeak
	case words > 1:
		c = mentionLong
	}
	if sectors > 1 {
		c -= mentionShare
	}
	return c
}

// phraseTree holds the wordings word by word.
type phraseTree struct {
	next map[string]*phraseTree
	ends []said
	last bool // a wording ends here, even one that means no sector
}

var phrases = sync.OnceValue(func() *phraseTree {
	root := &phraseTree{}
	for i, list := range joined().words {
		group := joined().sectors[i].Group
		onPlace, counsel := slices.Contains(joined().onPlaces, group), slices.Contains(joined().counsel, group)
		for _, p := range list {
			if !p.searchOnly {
				root.plant(meaningful(p.text), said{sector: i, weak: p.weak, onPlace: onPlace, counsel: counsel})
			}
		}
	}
	for _, w := range joined().mute {
		root.plant(meaningful(w))
	}
	return root
})

// works are the wordings that announce works on a place.
var works = sync.OnceValue(func() *phraseTree { return planted(joined().works) })

// studies are those that announce that a trade is studied, taught or pleaded.
var studies = sync.OnceValue(func() *phraseTree { return planted(joined().studies) })

func planted(wordings []string) *phraseTree {
	root := &phraseTree{}
	for _, w := range wordings {
		root.plant(meaningful(w))
	}
	return root
}

// first is where a wording first stands, the end of the text if nowhere.
func first(wordings *phraseTree, words []token) int {
	for at := range words {
		if length, _ := wordings.longest(words[at:]); length > 0 {
			return at
		}
	}
	return len(words)
}

func (t *phraseTree) plant(words []token, s ...said) {
	at := t
	for _, w := range words {
		if at.next == nil {
			at.next = map[string]*phraseTree{}
		}
		if at.next[w.text] == nil {
			at.next[w.text] = &phraseTree{}
		}
		at = at.next[w.text]
	}
	at.ends = append(at.ends, s...)
	at.last = true
}

// longest is the number of words of the longest wording that the text begins
// with, and the sectors it means; 0 when none.
func (t *phraseTree) longest(words []token) (length int, ends []said) {
	at := t
	for i, w := range words {
		if at = at.next[w.text]; at == nil {
			break
		}
		if at.last {
			length, ends = i+1, at.ends
		}
	}
	return length, ends
}
