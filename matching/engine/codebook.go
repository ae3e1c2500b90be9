package engine

import (
	"slices"
	"sync"
	"sync/atomic"

	"maillage/nomenclatures"
)

// codebook gives each code met a small number, for good, and remembers which
// codes are close to which. Readers take no lock: what they read is replaced
// whole, never changed.
type codebook struct {
	mu      sync.Mutex // of writers
	numbers sync.Map   // nomenclatures.Code → uint32
	codes   atomic.Pointer[[]nomenclatures.Code]
	close   sync.Map // uint32 → *relatives
}

// relatives are the codes near one code, among the first upTo ones.
type relatives struct {
	upTo int
	near []relative
}

type relative struct {
	code  uint32
	value float64
}

func (b *codebook) all() []nomenclatures.Code {
	if p := b.codes.Load(); p != nil {
		return *p
	}
	return nil
}

// number finds the number of a code, giving it one the first time.
func (b *codebook) number(c nomenclatures.Code) uint32 {
	if n, ok := b.numbers.Load(c); ok {
		return n.(uint32)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if n, ok := b.numbers.Load(c); ok {
		return n.(uint32)
	}
	all := b.all()
	n := uint32(len(all))
	grown := append(all[:n:n], c)
	b.codes.Store(&grown)
	b.numbers.Store(c, n)
	return n
}

// relatives gives the codes at least nearEnough to a code, the closest first,
// then by number.
func (b *codebook) relatives(c nomenclatures.Code) []relative {
	n := b.number(c)
	all := b.all()
	have := &relatives{}
	if r, ok := b.close.Load(n); ok {
		have = r.(*relatives)
	}
	if have.upTo >= len(all) {
		return have.near
	}
	grown := &relatives{upTo: len(all), near: slices.Clone(have.near)}
	for i := have.upTo; i < len(all); i++ {
		if _, v := nomenclatures.Closeness(all[i], c); v >= nearEnough {
			grown.near = append(grown.near, relative{code: uint32(i), value: v})
		}
	}
	slices.SortFunc(grown.near, compareRelatives)
	b.close.Store(n, grown)
	return grown.near
}

func compareRelatives(x, y relative) int {
	if x.value != y.value {
		if x.value > y.value {
			return -1
		}
		return 1
	}
	return int(x.code) - int(y.code)
}
