package journeys

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"maillage/nomenclatures"
)

// How close an occupation must be to the one asked. From 0.40 up it is taught
// and hired in one professional domain of ROME (see nomenclatures); from 0.25 it
// is a neighbour worth speaking of.
const (
	closeEnough = 0.40
	nearEnough  = 0.25
)

// words give each text met a small number, for good. Readers of the texts take no
// lock: what they read only grows.
type words struct {
	mu      sync.RWMutex
	numbers map[string]uint32
	texts   atomic.Pointer[[]string]
}

func (w *words) number(text string) uint32 {
	w.mu.RLock()
	n, ok := w.numbers[text]
	w.mu.RUnlock()
	if ok {
		return n
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if n, ok := w.numbers[text]; ok {
		return n
	}
	if w.numbers == nil {
		w.numbers = map[string]uint32{}
	}
	text = strings.Clone(text)
	grown := append(w.all(), text)
	n = uint32(len(grown)) - 1
	w.texts.Store(&grown)
	w.numbers[text] = n
	return n
}

func (w *words) all() []string {
	if p := w.texts.Load(); p != nil {
		return *p
	}
	return nil
}

func (w *words) text(n uint32) string { return w.all()[n] }

func (w *words) len() int { return len(w.all()) }

// codebook numbers the occupations, and the skills, licences and languages, and
// remembers which occupations are close to which.
type codebook struct {
	trades words
	other  words
	close  sync.Map // uint32 → *relatives
}

// relatives are the occupations near one, among the first upTo ones.
type relatives struct {
	upTo int
	near []relative
}

type relative struct {
	code  uint32
	value float64
}

// trade is the number of an occupation.
func (b *codebook) trade(o Occupation) uint32 { return b.trades.number(string(o)) }

// relatives gives the occupations at least nearEnough to one, the closest first,
// then by number.
func (b *codebook) relatives(n uint32) []relative {
	total := b.trades.len()
	have := &relatives{}
	if r, ok := b.close.Load(n); ok {
		have = r.(*relatives)
	}
	if have.upTo >= total {
		return have.near
	}
	asked, rome := b.code(n)
	grown := &relatives{upTo: math.MaxInt, near: []relative{{code: n, value: 1}}}
	if rome {
		grown = &relatives{upTo: total, near: slices.Clone(have.near)}
		for i := have.upTo; i < total; i++ {
			if v := b.closeness(uint32(i), n, asked); v >= nearEnough {
				grown.near = append(grown.near, relative{code: uint32(i), value: v})
			}
		}
	}
	slices.SortFunc(grown.near, compareRelatives)
	b.close.Store(n, grown)
	return grown.near
}

func (b *codebook) closeness(i, n uint32, asked nomenclatures.Code) float64 {
	if i == n {
		return 1
	}
	offered, rome := b.code(i)
	if !rome {
		return 0
	}
	_, v := nomenclatures.Closeness(offered, asked)
	return v
}

// code reads the number back as a ROME code, if it is one.
func (b *codebook) code(n uint32) (nomenclatures.Code, bool) {
	r, err := nomenclatures.ParseROME(b.trades.text(n))
	if err != nil {
		return nomenclatures.Code{}, false
	}
	return r.Code(), true
}

func compareRelatives(x, y relative) int {
	return cmp.Or(cmp.Compare(y.value, x.value), cmp.Compare(x.code, y.code))
}

// sortRelatives orders those kept by their best value, each occupation once.
func sortRelatives(kept []relative, values []float64) []relative {
	for i := range kept {
		kept[i].value = values[kept[i].code]
	}
	slices.SortFunc(kept, compareRelatives)
	return slices.Compact(kept)
}
