package tenders

import "slices"

// republished puts a cancellation before the call that came out on its day,
// whatever their numbers, where the same source printed another one before: what
// is cancelled and republished on one day stays open.
func republished(all []*Notice) []*Notice {
	for i, n := range all {
		if n.Nature != Cancellation || n.Form.Family == Award {
			continue
		}
		if again := secondCall(all[:i], n.Published); again >= 0 {
			copy(all[again+1:i+1], all[again:i])
			all[again] = n
		}
	}
	return all
}

// secondCall is the rank of the first call of a day that follows another one of
// its source, -1 when none does.
func secondCall(all []*Notice, day string) int {
	return slices.IndexFunc(all, func(again *Notice) bool {
		return isCall(again) && again.Published == day && slices.ContainsFunc(all, func(first *Notice) bool {
			return isCall(first) && first.Source == again.Source && first.ID != again.ID && noticedAt(first).Before(noticedAt(again))
		})
	})
}
