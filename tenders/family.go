package tenders

import "slices"

// family is a procurement being put together: a call with what corrects,
// cancels and awards it, or such notices alone.
type family struct {
	key   string
	fresh bool // no opportunity was made of it yet
	rows  []*noticeRow
	held  string // the procurement that a person judged, "" for another
}

func (f *family) notices() []noticeRow {
	out := make([]noticeRow, len(f.rows))
	for i, r := range f.rows {
		out[i] = *r
	}
	return out
}

func anyRow(rows []noticeRow, ok func(noticeRow) bool) bool { return slices.ContainsFunc(rows, ok) }

// familiesOf groups notices with the same buyer and title, by their dates: it
// goes through the units in the order of their publication, so that the outcome
// depends on the set of the notices only. Within a day, what names nothing first
// looks for a call of the days before, so that a cancellation does not end what is
// republished with it; then come the calls; then the rest.
func familiesOf(units []*unit) (all []*family) {
	units = slices.Clone(units)
	slices.SortFunc(units, func(a, b *unit) int { return a.lead().facts().dated.compare(b.lead().facts().dated) })
	for len(units) > 0 {
		day, n := units[0].lead().Published, 0
		for n < len(units) && units[n].lead().Published == day {
			n++
		}
		all = afterDay(all, units[:n])
		units = units[n:]
	}
	return all
}

// afterDay places what came out on one day.
func afterDay(all []*family, today []*unit) []*family {
	place := func(u *unit, home *family) {
		if home == nil {
			home = &family{}
			all = append(all, home)
		}
		home.add(u)
	}
	var calls, left []*unit
	for _, u := range today {
		if u.call() != nil {
			calls = append(calls, u)
		} else if home := earlierCall(all, u); home != nil {
			place(u, home)
		} else {
			left = append(left, u)
		}
	}
	for _, u := range calls {
		place(u, sameCall(all, u))
	}
	for _, u := range left {
		place(u, anyCall(all, u))
	}
	return all
}

func (f *family) add(u *unit) {
	f.rows = append(f.rows, u.rows...)
	if f.held == "" {
		f.held = u.fixed
	}
}

// earlierCall is the family that a notice without identifiers changes or ends:
// that of the latest call of the days before which can still be.
func earlierCall(all []*family, u *unit) *family {
	return best(all, u, func(f *family) (rank string) {
		day := u.lead().Published
		if call := f.lastCall(u, day); call != nil && call.Published < day && f.waits(u) {
			return call.Published
		}
		return ""
	})
}

// anyCall is, failing that, the family of a call of the same day, of one that
// was closed, or of other notices without a call.
func anyCall(all []*family, u *unit) *family {
	return best(all, u, func(f *family) (rank string) {
		day := u.lead().Published
		call := f.lastCall(u, day)
		switch {
		case call == nil:
			return "0"
		case f.waits(u):
			return "2" + call.Published
		}
		return "1" + call.Published
	})
}

// sameCall is the family of a call printed again: with the same day of deadline,
// or of what was published before it without a call.
func sameCall(all []*family, u *unit) *family {
	return best(all, u, func(f *family) (rank string) {
		switch {
		case !slices.ContainsFunc(f.rows, (*noticeRow).opens):
			return "0" + f.rows[0].Published
		case slices.ContainsFunc(f.rows, func(r *noticeRow) bool { return u.deadlineOf(r) }):
			return "1" + f.rows[0].Published
		}
		return ""
	})
}

// deadlineOf tells whether a notice of the unit has the day of deadline of another.
func (u *unit) deadlineOf(r *noticeRow) bool {
	day := r.facts().day
	return day != "" && slices.ContainsFunc(u.rows, func(own *noticeRow) bool { return own.facts().day == day })
}

// best is the family of the highest rank, among those that can be that of a
// unit; the latest of equals. "" is no rank.
func best(all []*family, u *unit, rank func(*family) string) (found *family) {
	highest := ""
	for _, f := range all {
		if (f.held != "" && u.fixed != "") || !f.kin(u) {
			continue
		}
		if r := rank(f); r != "" && r >= highest {
			found, highest = f, r
		}
	}
	return found
}

// kin tells whether a unit has the buyer and title of a family, at a time when
// it can be of the same procurement.
func (f *family) kin(u *unit) bool {
	alike := func(a, b *noticeRow) bool {
		return slices.ContainsFunc(a.facts().likes, func(like string) bool { return slices.Contains(b.facts().likes, like) })
	}
	return slices.ContainsFunc(f.rows, func(r *noticeRow) bool {
		return slices.ContainsFunc(u.rows, func(own *noticeRow) bool { return alike(own, r) && inTime(own.Document, *r) })
	})
}

// lastCall is the latest call of a family that a unit may come after: for an
// award, one whose deadline has passed.
func (f *family) lastCall(u *unit, day string) (last *noticeRow) {
	for _, r := range f.rows {
		early := u.lead().Family == Award && r.facts().day > day
		if r.opens() && !early && r.Published <= day && (last == nil || r.Published >= last.Published) {
			last = r
		}
	}
	return last
}

// waits tells whether a family is still to be corrected, cancelled or awarded on
// the day of a unit. Several awards may come, of as many lots or sources.
func (f *family) waits(u *unit) bool {
	day, calls, last, end := u.lead().Published, 0, "", ""
	for _, r := range f.rows {
		switch {
		case r.Published > day:
		case r.opens():
			calls++
			last = max(last, r.Published)
		case r.ends() && (r.Family != Award || u.lead().Family != Award):
			end = max(end, r.Published)
		}
	}
	return end < last || end == "" || end == last && calls > 1
}
