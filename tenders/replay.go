package tenders

import (
	"slices"
	"time"
)

// replay reads together the notices of a procurement that came out of order, in
// the order of their publication: what a later notice says replaces what an
// earlier one said, what it leaves out stays. Corrections of the BOAMP often
// carry no deadline at all, so the call that comes after them still gives it.
// It returns the notice as it stands and the instant of the latest.
func replay(n *Notice, before []noticeRow) (*Notice, time.Time) {
	all := []*Notice{n}
	for _, r := range before {
		if r.Document != nil {
			all = append(all, r.Document)
		}
	}
	slices.SortStableFunc(all, func(a, b *Notice) int { return noticedAt(a).Compare(noticedAt(b)) })
	var out *Notice
	for _, one := range all {
		switch {
		case one.Nature == Cancellation || one.Form.Family == Award:
			continue
		case out == nil:
			first := *one
			first.Lots = slices.Clone(one.Lots)
			out = &first
		default:
			overlay(out, one)
		}
	}
	return out, noticedAt(all[len(all)-1])
}

// late tells whether a notice is older than one already known of its procurement.
func late(n *Notice, before []noticeRow) bool {
	at := noticedAt(n)
	return !at.IsZero() && slices.ContainsFunc(before, func(r noticeRow) bool {
		return r.Document != nil && noticedAt(r.Document).After(at)
	})
}

// namesLots tells a notice whose lots are those of the procurement: not the one
// lot made for a record that has none, nor those of a correction in the formats
// that repeat only what changes.
func namesLots(n *Notice) bool {
	if n.Nature == Correction && n.Source != EForms {
		return false
	}
	return len(n.Lots) > 1 || (len(n.Lots) == 1 && n.Provenance["lots[0].id"] != "")
}

// overlay puts over a notice what a later one says.
func overlay(out, later *Notice) {
	out.Title = firstNonEmpty(later.Title, out.Title)
	out.Description = firstNonEmpty(later.Description, out.Description)
	out.Links.Official = firstNonEmpty(later.Links.Official, out.Links.Official)
	out.Links.Documents = firstNonEmpty(later.Links.Documents, out.Links.Documents)
	out.Links.Submission = firstNonEmpty(later.Links.Submission, out.Links.Submission)
	if later.Value != nil {
		out.Value = later.Value
	}
	if len(later.CPV) > 0 {
		out.CPV = later.CPV
	}
	if later.Place.Scope != PlaceUnknown && (later.Place.Basis == ByPerformance || out.Place.Basis != ByPerformance) {
		out.Place = later.Place
	}
	if strength[later.Social.Verdict] > strength[out.Social.Verdict] {
		out.Social = later.Social
	}
	if namesLots(later) {
		out.Lots = slices.Clone(later.Lots)
	}
	if later.Deadline == nil {
		return
	}
	for i := range out.Lots {
		if l := &out.Lots[i]; !namesLots(later) && (l.Deadline == nil || out.Deadline == nil || l.Deadline.Instant.Equal(out.Deadline.Instant)) {
			l.Deadline = later.Deadline
		}
	}
	out.Deadline = later.Deadline
}
