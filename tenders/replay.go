package tenders

import (
	"cmp"
	"slices"
	"time"

	"maillage/opportunities"
)

// story is what the notices of a procurement say together.
type story struct {
	notice *Notice // what is offered, as it stands
	state  opportunities.State
	first  time.Time // publication of the first notice
	latest time.Time // and of the last one
	orphan bool      // closed for want of a call and of a deadline
	why    string    // what closed it, where an award was cancelled
}

// replay reads the notices of a procurement together, in the order of their
// publication whatever that of their import: what a later notice says replaces
// what an earlier one said, what it leaves out or says less well stays. So the
// deadline of a call is not lost to a correction without one that was read
// first, and a record of the BOAMP takes nothing from the eForms notice that
// described the lots.
//
// The story depends on the set of notices only, not on the order in which they
// were read. The rules of precedence, field by field, are stated in
// docs/decisions/0008-one-procurement.md; overlay and what it calls apply them.
func replay(rows []noticeRow) story {
	all := inOrder(rows)
	s := story{latest: noticedAt(all[len(all)-1])}
	for _, one := range all {
		if s.first.IsZero() {
			s.first = noticedAt(one)
		}
	}
	for _, one := range telling(all) {
		if s.notice == nil {
			first := *one
			first.Lots = slices.Clone(one.Lots)
			s.notice = &first
			continue
		}
		overlay(s.notice, one)
	}
	wholeLot(s.notice)
	if s.notice.Form.Family == Award {
		forgetPrices(s.notice)
	}
	for i := range all {
		s.after(all, i)
	}
	if s.state == opportunities.Published && orphan(all, s.notice) {
		s.state, s.orphan = opportunities.Closed, true
	}
	return s
}

// forgetPrices drops the amounts of an award: what was paid is not the estimate
// that an opportunity gives, and the call, read later, would not take it back.
// The notice keeps them.
func forgetPrices(n *Notice) {
	n.Value = nil
	for i := range n.Lots {
		n.Lots[i].Value = nil
	}
}

// orphan tells corrections whose call is not known and that give no deadline:
// nothing says that one can still answer, so they open nothing. The call, when
// it comes, opens it.
func orphan(all []*Notice, told *Notice) bool {
	return told.Deadline == nil && !slices.ContainsFunc(all, func(n *Notice) bool { return n.Nature != Correction && n.Nature != Cancellation })
}

// inOrder sorts the notices by publication, then by how much their source says,
// then by identifier and, for other contents under one identifier, by content.
// Of the same record read twice, the last reading is kept: it is that of the
// better reader.
func inOrder(rows []noticeRow) []*Notice {
	last := map[string]noticeRow{}
	for _, r := range rows {
		if have, read := last[r.RawDigest]; r.Document != nil && (!read || later(r, have)) {
			last[r.RawDigest] = r
		}
	}
	kept := make([]dated, 0, len(last))
	for _, r := range last {
		kept = append(kept, dated{r.Document, r.RawDigest, noticedAt(r.Document)})
	}
	slices.SortFunc(kept, dated.compare)
	all := make([]*Notice, len(kept))
	for i := range kept {
		all[i] = kept[i].Notice
	}
	return republished(all)
}

// dated is a notice with what it is sorted by, reckoned once.
type dated struct {
	*Notice
	raw string
	at  time.Time
}

func (a dated) compare(b dated) int {
	return cmp.Or(a.at.Compare(b.at), cmp.Compare(detail(a.Source), detail(b.Source)), cmp.Compare(a.ID, b.ID),
		cmp.Compare(a.Version, b.Version), cmp.Compare(a.raw, b.raw))
}

// later tells a row read after another; one without a number is being read.
func later(a, b noticeRow) bool { return b.ID != 0 && (a.ID == 0 || a.ID > b.ID) }

// detail ranks the sources by how much their notices say of a lot.
func detail(s Source) int { return slices.Index([]Source{DECP, OCDS, BOAMP, TED, EForms}, s) }

// telling keeps the notices that say what is asked: calls and their
// corrections; without any, the awards; without any, what there is.
func telling(all []*Notice) []*Notice {
	for _, tells := range []func(*Notice) bool{
		func(n *Notice) bool { return n.Nature != Cancellation && n.Form.Family != Award },
		func(n *Notice) bool { return n.Nature != Cancellation },
	} {
		if kept := slices.DeleteFunc(slices.Clone(all), func(n *Notice) bool { return !tells(n) }); len(kept) > 0 {
			return kept
		}
	}
	return all
}

// after brings the state on by the notice all[at].
func (s *story) after(all []*Notice, at int) {
	n := all[at]
	if n.Nature != Cancellation {
		if to := stateAfter(s.state, n); to != s.state {
			s.state, s.why = to, ""
		}
		return
	}
	offer := opportunityOf(s.notice)
	switch end := endingOf(all, at, &offer); {
	case end.stands:
	case !end.ofAward:
		s.state, s.why = opportunities.Cancelled, ""
	case s.state != opportunities.Cancelled:
		s.state, s.why = opportunities.Closed, whyEnded(n)
	}
}

// stateAfter is the state of a procurement after one more notice that cancels
// nothing. An award is the end, unless it is cancelled; an award in a format that names the winners, and names none, ended
// without a contract; a correction of a procurement that nothing opened opens it if it
// gives a deadline (see orphan).
func stateAfter(state opportunities.State, n *Notice) opportunities.State {
	switch {
	case state == opportunities.Awarded:
		return state
	case n.Form.Family == Award && len(n.Winners) == 0 && n.Source != BOAMP:
		return opportunities.Closed
	case n.Form.Family == Award:
		return opportunities.Awarded
	case n.Nature == Correction && state != "":
		return state
	}
	return opportunities.Published
}

// namesLots tells a notice whose lots are those of the procurement: not the one
// lot made for a record that has none, nor those of a correction in the formats
// that repeat only what changes.
func namesLots(n *Notice) bool {
	if n.Nature == Correction && n.Source != EForms {
		return false
	}
	return ownLots(n)
}

// ownLots tells lots that the source gives from the one made by oneLot.
func ownLots(n *Notice) bool {
	return len(n.Lots) > 1 || (len(n.Lots) == 1 && n.Provenance["lots[0].id"] != "")
}

// overlay puts over a notice what a later one says.
func overlay(out, later *Notice) {
	if !cutTitle(later) || cutTitle(out) {
		out.Title = firstNonEmpty(later.Title, out.Title)
	}
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
	if later.Place.Scope != PlaceUnknown && sureness(later.Place.Basis) >= sureness(out.Place.Basis) {
		out.Place = later.Place
	}
	if later.Source == EForms || strength[later.Social.Verdict] > strength[out.Social.Verdict] {
		out.Social = later.Social
	}
	overlayBuyer(out, later)
	overlayDeadline(out, later)
	if namesLots(later) {
		out.Lots, out.Provenance = slices.Clone(later.Lots), later.Provenance
	}
}

// sureness ranks what a place was read from.
func sureness(b Basis) int {
	return slices.Index([]Basis{ByNothing, ByPublication, ByBuyer, ByWords, ByPerformance}, b)
}

func cutTitle(n *Notice) bool {
	return slices.ContainsFunc(n.Warnings, func(w Warning) bool { return w.Code == WarnTitleCut })
}

// overlayBuyer keeps a buyer with its number over one without, and does not
// take a court for the buyer when another was named.
func overlayBuyer(out, later *Notice) {
	if later.Buyer.SIREN != "" || (out.Buyer.SIREN == "" && !isCourt(later.Buyer.Name)) {
		out.Buyer = later.Buyer
	}
}

// overlayDeadline gives the later deadline to the notice, and to the lots that
// had that of the whole or none.
func overlayDeadline(out, later *Notice) {
	if later.Deadline == nil {
		return
	}
	for i := range out.Lots {
		l := &out.Lots[i]
		if l.Deadline == nil || out.Deadline == nil || l.Deadline.Instant.Equal(out.Deadline.Instant) {
			l.Deadline = later.Deadline
		}
	}
	out.Deadline = later.Deadline
}

// wholeLot brings the one lot of an undivided procurement up to date with it.
func wholeLot(n *Notice) {
	if len(n.Lots) != 1 || ownLots(n) {
		return
	}
	l := &n.Lots[0]
	l.Title, l.Place, l.CPV, l.Deadline, l.Value, l.Social = n.Title, n.Place, n.CPV, n.Deadline, n.Value, n.Social
}
