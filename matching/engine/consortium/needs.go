package consortium

import (
	"slices"

	"maillage/matching/engine"
	"maillage/nomenclatures"
	"maillage/territories"
)

// Needs are what a lot asks of a group.
type Needs struct {
	Lot      engine.LotID
	Trades   []Trade
	Places   []Place // none: the place is not known, and every zone covers it
	Requires []Requirement
}

// Trade is one thing to be done. Codes that mean nearly the same are one trade.
type Trade struct {
	Codes  []nomenclatures.Code // none: people lent, in any trade
	Weight int                  // against the other trades; 0: not needed
}

// Place is a commune and the people who live there. A commune where nobody
// lives counts for one, so that it is not forgotten.
type Place struct {
	Ord    uint32 // ordinal in the atlas
	People int64
}

// Requirement is something that the group must show as a whole: a
// certification, references, a turnover.
type Requirement struct {
	Kind RequirementKind
	Code string // of a certification
	Need int64  // in whole parts: 1 for a certification, quarters of a reference, hundredths of a turnover
}

// RequirementKind is what is to be shown.
type RequirementKind string

// The kinds of requirement.
const (
	Certified  RequirementKind = "certification"
	References RequirementKind = "references"
	Turnover   RequirementKind = "turnover"
)

const (
	mainWeight  = 2 // of the first trade of a lot, unless somebody says otherwise
	otherWeight = 1
	// quarter is how references are counted: an engine half may be halved.
	quarter = 4
	// hundred is how a turnover is counted: hundredths of the floor.
	hundred = 100
	// sameTrade is the proximity from which two codes of a lot are one trade: the
	// one from which the engine takes two trades for one another.
	sameTrade = 0.45
)

// TradesOf reads the trades of a lot in its codes: a code close to an earlier
// one adds nothing to be done. The first one is the main one.
func TradesOf(lot *engine.Lot) []Trade {
	var out []Trade
	for _, code := range lot.Codes {
		i := slices.IndexFunc(out, func(t Trade) bool { return slices.ContainsFunc(t.Codes, near(code)) })
		if i >= 0 {
			out[i].Codes = append(out[i].Codes, code)
			continue
		}
		out = append(out, Trade{Codes: []nomenclatures.Code{code}, Weight: otherWeight})
	}
	if len(out) == 0 {
		return []Trade{{Weight: mainWeight}}
	}
	out[0].Weight = mainWeight
	return out
}

func near(code nomenclatures.Code) func(nomenclatures.Code) bool {
	return func(other nomenclatures.Code) bool {
		_, v := nomenclatures.Closeness(code, other)
		return v >= sameTrade
	}
}

// NeedsOf reads what a lot asks. Only the certifications that the buyer requires
// are needed; "or equivalent" is understood. Insurance is not summed over the
// members: each is insured for its part, which a person checks.
func NeedsOf(atlas *territories.Atlas, lot *engine.Lot) Needs {
	n := Needs{Lot: lot.ID, Trades: TradesOf(lot)}
	switch {
	case lot.Scope == engine.PlaceCountry:
		n.Places = PlacesOf(atlas, atlas.All())
	case lot.Scope == engine.PlaceCommunes && lot.Place != nil:
		n.Places = PlacesOf(atlas, lot.Place.Set)
	}
	for _, w := range lot.Certifications {
		if w.Required {
			n.Requires = append(n.Requires, Requirement{Kind: Certified, Code: w.Code, Need: 1})
		}
	}
	if lot.References.Known && lot.References.Count > 0 {
		n.Requires = append(n.Requires, Requirement{Kind: References, Need: quarter * int64(lot.References.Count)})
	}
	if lot.TurnoverFloor > 0 {
		n.Requires = append(n.Requires, Requirement{Kind: Turnover, Need: hundred})
	}
	return n
}

// PlacesOf lists the communes of a set with their inhabitants.
func PlacesOf(atlas *territories.Atlas, set *territories.Set) []Place {
	out := make([]Place, 0, set.Len())
	set.Each(func(ord int) bool {
		out = append(out, Place{Ord: uint32(ord), People: int64(atlas.Commune(ord).Population)}) //nolint:gosec // an ordinal
		return true
	})
	return out
}
