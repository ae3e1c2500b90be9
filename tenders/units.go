package tenders

import (
	"cmp"
	"slices"
)

// facts are what the grouping asks of a notice, reckoned once.
type facts struct {
	bonds, refs []name // its own identifiers, and those of the notices it names
	likes       []string
	day         string // of its deadline
	dated       dated
}

// facts gives those of a notice.
func (r *noticeRow) facts() *facts {
	if r.reckoned == nil {
		n := r.Document
		r.reckoned = &facts{bonds: bondsOf(n), refs: referencesOf(n), likes: likenesses(n), day: deadlineDay(n), dated: dated{n, r.RawDigest, noticedAt(n)}}
	}
	return r.reckoned
}

func (r *noticeRow) opens() bool { return r.Nature == Call && r.Family != Award }

// ends tells a notice after which a call is no longer open.
func (r *noticeRow) ends() bool { return r.Nature == Cancellation || r.Family == Award }

// unit is notices that identifiers bring together, or a person: they are of one
// procurement whatever their dates.
type unit struct {
	rows  []*noticeRow
	names []name
	fixed string // the procurement that a person judged, "" for another
}

// unitsOf brings together the notices that bear a name in common.
func unitsOf(rows []*noticeRow, fixed map[string]bool) []*unit {
	rows = slices.Clone(rows)
	slices.SortFunc(rows, func(a, b *noticeRow) int {
		return cmp.Or(a.facts().dated.compare(b.facts().dated), cmp.Compare(a.Digest, b.Digest))
	})
	borne := map[string]bool{}
	for _, r := range rows {
		for _, nm := range r.facts().bonds {
			borne[nm.text] = true
		}
	}
	all := make([]*unit, 0, len(rows))
	judged := map[string]*unit{}
	for _, r := range rows {
		if u := judged[r.Key]; u != nil {
			u.rows, u.names = append(u.rows, r), append(u.names, r.links(borne)...)
			continue
		}
		u := &unit{rows: []*noticeRow{r}, names: r.links(borne)}
		if fixed[r.Key] {
			u.fixed, judged[r.Key] = r.Key, u
		}
		all = append(all, u)
	}
	for _, trust := range []trust{sure, shared} {
		for joined := true; joined; {
			all, joined = joinOnce(all, trust)
		}
	}
	for _, u := range all {
		slices.SortFunc(u.rows, func(a, b *noticeRow) int { return a.facts().dated.compare(b.facts().dated) })
	}
	return all
}

// joinOnce joins the units that bear a name of some trust in common, and tells
// whether there were any.
func joinOnce(all []*unit, trust trust) (kept []*unit, joined bool) {
	bearers := map[string][]*unit{}
	for _, u := range all {
		home := u.bearer(bearers, trust)
		if home == nil {
			home = u
			kept = append(kept, u)
		} else {
			home.rows, home.names, joined = append(home.rows, u.rows...), append(home.names, u.names...), true
			home.fixed = cmp.Or(home.fixed, u.fixed)
		}
		for _, text := range u.called(trust) {
			if !slices.Contains(bearers[text], home) {
				bearers[text] = append(bearers[text], home)
			}
		}
	}
	return kept, joined
}

// bearer is the unit before this one with which it is one procurement. Two that
// a person judged stay as they are.
func (u *unit) bearer(bearers map[string][]*unit, trust trust) *unit {
	for _, text := range u.called(trust) {
		for _, other := range bearers[text] {
			if other != u && (u.fixed == "" || other.fixed == "") && (trust == sure || u.agrees(other)) {
				return other
			}
		}
	}
	return nil
}

// links are the names by which a notice is brought together with others: those
// it bears and the first notice that it names among those known, so that an award
// which names two calls does not make them one.
func (r *noticeRow) links(borne map[string]bool) []name {
	f := r.facts()
	if len(f.refs) == 0 {
		return f.bonds
	}
	first := max(0, slices.IndexFunc(f.refs, func(nm name) bool { return borne[nm.text] }))
	return append(slices.Clone(f.bonds), f.refs[first])
}

func (u *unit) called(trust trust) (texts []string) {
	for _, nm := range u.names {
		if nm.trust == trust {
			texts = append(texts, nm.text)
		}
	}
	return texts
}

func (u *unit) agrees(other *unit) bool {
	return slices.ContainsFunc(u.rows, func(a *noticeRow) bool {
		return slices.ContainsFunc(other.rows, func(b *noticeRow) bool { return agrees(a.Document, *b) })
	})
}

// call is the first notice that opens the procurement, nil when none does.
func (u *unit) call() *noticeRow {
	if i := slices.IndexFunc(u.rows, (*noticeRow).opens); i >= 0 {
		return u.rows[i]
	}
	return nil
}

// lead is the notice whose day is that of the unit: its call, else its first.
func (u *unit) lead() *noticeRow {
	if call := u.call(); call != nil {
		return call
	}
	return u.rows[0]
}
