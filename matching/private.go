package matching

import (
	"maillage/matching/engine"
	"maillage/network"
)

// withheld is the key of a capacity whose figures are kept back.
const withheld = "capacity.withheld"

// WithoutPrivate keeps back the figures of the capacity of the enterprises that
// the reader may not see in private: who asks for work learns whether a
// candidate is large enough, not how large its competitors are. The state stays;
// the value is that of the state (1, ½, 0), and what the lot wants stays too.
// The items it changes are copies: an answer may be shared.
func (a *Answer) WithoutPrivate(may func(network.ID) bool) *Answer {
	out := *a
	out.Matches = make([]Item, len(a.Matches))
	for i, item := range a.Matches {
		out.Matches[i] = item.withoutPrivate(may)
	}
	out.Near = make([]NearItem, len(a.Near))
	for i, near := range a.Near {
		near.Item = near.withoutPrivate(may)
		out.Near[i] = near
	}
	return &out
}

func (i Item) withoutPrivate(may func(network.ID) bool) Item {
	if may(i.Organisation.ID) {
		return i
	}
	criteria := make([]Criterion, len(i.Criteria))
	for n, c := range i.Criteria {
		if c.Criterion == engine.Strength && c.Params.Have > 0 {
			c = c.withheld()
		}
		criteria[n] = c
	}
	i.Criteria = criteria
	return i
}

func (c Criterion) withheld() Criterion {
	c.Key, c.By = withheld, 0
	c.Params = &engine.Params{Want: c.Params.Want, Name: c.Params.Name}
	switch c.State {
	case engine.Met:
		c.Value, c.Sentence = 1, Text{FR: "Capacité suffisante.", EN: "Enough capacity."}
	case engine.Partial:
		c.Value, c.Sentence = 0.5, Text{FR: "Capacité inférieure à ce qui est demandé.", EN: "Less capacity than is asked."}
	default:
		c.Value, c.Sentence = 0, Text{FR: "Capacité insuffisante.", EN: "Not enough capacity."}
	}
	c.Points = c.Value * c.Weight
	c.Seen = Text{}
	return c
}
