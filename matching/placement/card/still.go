package card

import "slices"

// Tells reports whether a card that was shown may be shown still: what it says is
// true of the person, and with all that the employer was told since, K people
// could be the one. Whom to call may have changed: it was told with the card.
func (w World) Tells(t Told) bool {
	if w.K == 0 {
		w.K = K
	}
	i := slices.IndexFunc(w.People, func(p Person) bool { return p.ID == t.Person })
	if i < 0 {
		return false
	}
	p := &w.People[i]
	if slices.ContainsFunc(t.Card, func(c Claim) bool { return c.Kind != Counsellor && !c.Of(p) }) {
		return false
	}
	known := w.known(Of{Person: t.Person, Position: t.Position})
	return w.crowd(known, w.before(t.Person)...) >= w.K
}
