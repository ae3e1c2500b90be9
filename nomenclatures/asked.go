package nomenclatures

// Offer is a code found once in the tables, for callers that compare the same
// code many times: an index pins the activities of every enterprise, then each
// comparison is a few nanoseconds. The zero Offer is close to nothing.
type Offer struct{ n *node }

// Pin looks a code up. Pinning an unreadable code gives the zero Offer.
func Pin(c Code) Offer {
	n, _ := joined().find(c)
	return Offer{n}
}

// Asked is what a lot asks for, looked up once: any of its codes may be met.
// It is safe for concurrent use.
type Asked struct {
	x     *crosswalk
	codes []Code
	nodes []*node
}

// Compile looks up the codes that are asked; unreadable ones are left out, and
// a repeated one counts once.
func Compile(asked []Code) *Asked {
	x := joined()
	a := &Asked{x: x}
	for _, c := range asked {
		n, ok := x.find(c)
		if !ok || a.has(c) {
			continue
		}
		a.codes = append(a.codes, c)
		a.nodes = append(a.nodes, n)
	}
	return a
}

func (a *Asked) has(c Code) bool {
	for _, d := range a.codes {
		if c == d {
			return true
		}
	}
	return false
}

// Codes are the codes that were understood, in the order given.
func (a *Asked) Codes() []Code { return a.codes }

// Best is the closest of the asked codes to what is offered: on equal values
// the closest kinship, then the first asked. With nothing asked, or nothing in
// common, it answers NoneInSight, 0 and the zero Code.
func (a *Asked) Best(offered Code) (Kinship, float64, Code) {
	n, ok := a.x.find(offered)
	if !ok {
		return NoneInSight, 0, Code{}
	}
	return a.best(n)
}

// BestOf is Best for a code already pinned.
func (a *Asked) BestOf(offered Offer) (Kinship, float64, Code) {
	if offered.n == nil {
		return NoneInSight, 0, Code{}
	}
	return a.best(offered.n)
}

func (a *Asked) best(offered *node) (Kinship, float64, Code) {
	best, value, at := kinNone, 0.0, -1
	for i, n := range a.nodes {
		k, v := a.x.relate(offered, n)
		if v > value || v == value && k < best {
			best, value, at = k, v, i
		}
		if value == 1 {
			break
		}
	}
	if at < 0 {
		return NoneInSight, 0, Code{}
	}
	return kinships[best], value, a.codes[at]
}
