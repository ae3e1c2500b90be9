package web

import (
	"maillage/opportunities"
)

// placesTag says what is left of the places of a need, or of one of its lots, once
// one is taken: untouched, the number of its places says it all.
func (c *call) placesTag(kind opportunities.Kind, left, of int) (Tag, bool) {
	if left == of {
		return Tag{}, false
	}
	return Tag{Text: c.placesLeft(kind, left, of), Kind: true, Icon: map[bool]string{true: "check", false: "people"}[left == 0]}, true
}

// placesLeft is filled, or how many places are left of how many.
func (c *call) placesLeft(kind opportunities.Kind, left, of int) string {
	if left == 0 {
		return c.T("places.filled." + string(kind))
	}
	return c.N("places.left", left, "Of", c.Num(of))
}

// placesOf is placesTag of the whole, while it runs: afterwards its state says it all.
func (c *call) placesOf(o *opportunities.Opportunity) (Tag, bool) {
	left, of := o.Places()
	if !o.Running(c.now) {
		return Tag{}, false
	}
	return c.placesTag(o.Kind, left, of)
}

// placesOfLot is placesTag of one lot, while it runs.
func (c *call) placesOfLot(o *opportunities.Opportunity, lot *opportunities.Lot) (Tag, bool) {
	if !o.Kind.HasPositions() || !o.Running(c.now) {
		return Tag{}, false
	}
	return c.placesTag(o.Kind, lot.Left(), max(1, lot.Posts))
}

// noMore is what stands for the days left of what is filled: there is nothing to
// answer by then.
func (c *call) noMore() Days { return Days{NoDate: true, When: c.T("places.none")} }

// placesFact says the places of a need, and what is left of them.
func (c *call) placesFact(kind opportunities.Kind, left, of int) Fact {
	f := Fact{Label: c.T("position.posts." + string(kind)), Big: c.Num(of)}
	if said := c.placesBeside(kind, left, of); said != "" {
		f.Lines = []string{said}
	}
	return f
}

// placesBeside is what is left of places, said under their number; empty while none
// is taken.
func (c *call) placesBeside(kind opportunities.Kind, left, of int) string {
	switch left {
	case of:
		return ""
	case 0:
		return c.T("places.none")
	}
	return c.placesLeft(kind, left, of)
}

// lotPlaces is what a lot says of its places; nothing where it does not count them
// and none is taken.
func (c *call) lotPlaces(o *opportunities.Opportunity, lot *opportunities.Lot) []Fact {
	if lot.Posts == 0 && lot.Taken == 0 {
		return nil
	}
	f := c.placesFact(o.Kind, lot.Left(), max(1, lot.Posts))
	f.Lines, f.Big = append([]string{f.Big}, f.Lines...), ""
	return []Fact{f}
}
