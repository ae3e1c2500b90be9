package engine

import "slices"

// open asks whether the enterprise can be proposed at all: active, reachable,
// not excluded by the buyer, and neither the buyer nor a holder of the contract.
func (q *question) open(e *Enterprise) mark {
	switch {
	case !e.Active, e.Reachable == No, q.own(e), q.won(e), q.refusedBy(e):
		return gate(missed)
	case e.Reachable == Unsaid:
		return gate(unknown)
	}
	return gate(met)
}

func (q *question) own(e *Enterprise) bool {
	return q.lot.Buyer != 0 && q.lot.Buyer == BuyerID(e.ID)
}

// won says that the enterprise is a holder of the contract, whose hours it has
// to fill or to have filled: whichever of its establishments won or, where the
// award gives no number, by its name.
func (q *question) won(e *Enterprise) bool {
	return slices.ContainsFunc(q.lot.Holders, func(h Holder) bool {
		return sameUnit(h.SIRET, e.SIRET) || h.SIRET == "" && h.Folded != "" && h.Folded == e.Folded
	})
}

func (q *question) refusedBy(e *Enterprise) bool {
	return slices.ContainsFunc(e.Refused, func(siret string) bool { return sameUnit(siret, q.lot.BuyerSIRET) })
}

// sameUnit says that two SIRET, or SIREN, are of one legal unit: who buys in the
// sense of the code, whichever of its establishments publishes.
func sameUnit(a, b string) bool {
	const siren = 9
	return len(a) >= siren && len(b) >= siren && a[:siren] == b[:siren]
}

func (q *question) explainOpen(e *Enterprise) Finding {
	f := Finding{Criterion: Open, Gate: true, Key: "open.yes", Params: &Params{}}
	switch {
	case !e.Active:
		f.Key = "open.inactive"
	case e.Reachable == No:
		f.Key = "open.unreachable"
	case q.own(e):
		f.Key = "open.own"
	case q.won(e):
		f.Key = "open.holder"
	case q.refusedBy(e):
		f.Key = "open.refused"
	case e.Reachable == Unsaid:
		f.Key = "open.unconfirmed"
	}
	return f.with(q.open(e))
}
