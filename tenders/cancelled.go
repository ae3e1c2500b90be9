package tenders

import (
	"slices"

	"maillage/opportunities"
)

// ending is what a cancellation ends of a procurement, from the notices that
// were published up to it. The rules are stated in
// docs/decisions/0008-one-procurement.md.
type ending struct {
	ofAward bool       // it cancels an award rather than the call
	stands  bool       // something awarded is left
	ended   []wonAward // what was awarded until then and is no more
}

// wonAward is one award of a notice: that of a lot, or the whole.
type wonAward struct {
	notice *Notice
	lot    string // as the notice numbers it, "" for the whole
}

// endingOf reads the cancellation all[at].
func endingOf(all []*Notice, at int, offer *opportunities.Opportunity) ending {
	before, after := gather(all[:at], *offer), gather(all[:at+1], *offer)
	e := ending{ofAward: all[at].Form.Family == Award || namesAward(all[at], all[:at])}
	for _, p := range after.parts {
		if p.gone == "" {
			e.stands = true
		} else if before.held(p.number) {
			e.ended = append(e.ended, after.wonIn(p)...)
		}
	}
	for i, a := range all[:at] {
		switch {
		case !namesNobody(a):
		case !endsWhole(all[i+1:at+1], a, all):
			e.stands = true
		case !endsWhole(all[i+1:at], a, all):
			e.ended = append(e.ended, wonAward{notice: a})
		}
	}
	e.ofAward = e.ofAward || e.stands // what leaves awards standing does not end the call
	return e
}

func isAward(n *Notice) bool { return n.Form.Family == Award && n.Nature != Cancellation }

// namesAward tells a notice that names an award, among some, as the one it changes.
func namesAward(n *Notice, among []*Notice) bool {
	return slices.ContainsFunc(among, func(a *Notice) bool { return isAward(a) && changes(n, a) })
}

// namesNobody tells an award in a format that may leave out who holds it.
func namesNobody(n *Notice) bool { return isAward(n) && len(n.Winners) == 0 && n.Source == BOAMP }

// endsWhole tells that one of some notices cancels an award that names nobody,
// of which there are no parts: it names that award or one of its corrections,
// or neither an award nor a lot.
func endsWhole(some []*Notice, award *Notice, all []*Notice) bool {
	return slices.ContainsFunc(some, func(n *Notice) bool {
		if n.Nature != Cancellation {
			return false
		}
		if namesAward(n, all) {
			return changes(n, award) || slices.ContainsFunc(all, func(a *Notice) bool { return changes(n, a) && (changes(a, award) || changes(award, a)) })
		}
		return len(lotsEnded(n)) == 0
	})
}

// held tells whether somebody holds the part of a number.
func (a *awards) held(number string) bool {
	return slices.ContainsFunc(a.parts, func(p *part) bool { return p.number == number && p.gone == "" })
}

// wonIn lists the awards of the notices that gave a part.
func (a *awards) wonIn(p *part) (list []wonAward) {
	for _, n := range p.said {
		for _, w := range n.Winners {
			if one := (wonAward{n, w.Lot}); a.numberOf(n, w) == p.number && !slices.Contains(list, one) {
				list = append(list, one)
			}
		}
	}
	return list
}

// whyEnded is the reason of what the cancellation of an award ends.
func whyEnded(n *Notice) string {
	why := "L’attribution est annulée"
	if said := tidy(n.Texts["change"]); said != "" {
		why += " : " + cut(said, 300)
	}
	return why
}
