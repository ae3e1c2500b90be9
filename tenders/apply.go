package tenders

import (
	"context"
	"strings"
	"time"

	"maillage/internal/store"
	"maillage/opportunities"
)

// outcome is what became of one record.
type outcome string

const (
	made        outcome = "made"
	updated     outcome = "updated"
	unchanged   outcome = "unchanged"
	kept        outcome = "kept"
	quarantined outcome = "quarantined"
	failed      outcome = "failed"
)

// apply makes of a notice what it is for its procurement. A notice applied
// once, with that content, changes nothing again.
func (s *Service) apply(ctx context.Context, tx store.Tx, row noticeRow, acquainted *acquaintance, foreign bool) (outcome, error) {
	n := row.Document
	known, read := acquainted.before(&row)
	if known {
		return unchanged, nil
	}
	if n.Nature == Planning || n.Form.Family == Planning || (abroad(n) && !foreign) {
		return kept, acquainted.insert(ctx, tx, &row)
	}
	plan, err := planFor(ctx, tx, &row, acquainted)
	if err != nil {
		return "", err
	}
	in := imported(&row, plan.mine)
	if read {
		in.Origin += "#" + row.Digest[:8] // the same notice, read or published anew
	}
	did, offer, err := s.offers.Upsert(ctx, tx, in)
	if err != nil {
		return "", err
	}
	if all := plan.mine.notices(); anyRow(all, ofAward) || !plan.mine.fresh && len(plan.changed) > 0 {
		moved, err := s.follow(ctx, tx, offer, all, in)
		if err != nil {
			return "", err
		}
		if moved && did == opportunities.Unchanged {
			did = opportunities.Updated
		}
	}
	row.Key, row.OpportunityID = plan.mine.key, &offer.ID
	if err := acquainted.insert(ctx, tx, &row); err != nil {
		return "", err
	}
	if err := s.settle(ctx, tx, plan, &row, in.Origin, acquainted); err != nil {
		return "", err
	}
	if err := foretell(ctx, tx, n); err != nil {
		return "", err
	}
	return outcome(did), s.propose(ctx, tx, &row)
}

func ofAward(r noticeRow) bool { return r.Family == Award }

func (s *Service) row(rec Record) (*noticeRow, error) {
	n := rec.Notice
	sum, err := digestOf(n)
	if err != nil {
		return nil, err
	}
	return &noticeRow{
		Source: n.Source, SourceID: n.ID, Version: n.Version, Publication: publication(n),
		Digest: sum, RawDigest: digest(rec.Raw), Nature: n.Nature, Family: n.Form.Family, Published: n.Published,
		Title: n.Title, BuyerName: n.Buyer.Name, BuyerSIREN: n.Buyer.SIREN, Document: n, Unread: n.Unread, Path: rec.Path, ImportedAt: s.now(),
	}, nil
}

// publication is the OJ number under which a notice came out, "" if it has none.
func publication(n *Notice) string {
	for _, r := range n.Related {
		if r.Relation == SameAs && r.Scheme == TED {
			return ojKey(r.ID)
		}
	}
	return ""
}

// abroad tells a notice whose buyer and place are both of another country.
func abroad(n *Notice) bool {
	inFrance := n.Place.Scope == InCommunes || (n.Place.Scope == InCountry && isFrance(n.Place.Country))
	return !isFrance(n.Buyer.Country) && !inFrance
}

// imported says to the opportunities what a notice makes of its procurement:
// for one that was known, what all its notices say together.
func imported(row *noticeRow, of *family) opportunities.Imported {
	n := row.Document
	told := replay(of.notices())
	in := opportunities.Imported{
		Opportunity: opportunityOf(told.notice),
		Origin:      strings.Join([]string{string(n.Source), firstNonEmpty(publicID(n), n.ID), n.Version}, ":"),
		NoticedAt:   told.latest,
		Correction:  n.Nature == Correction,
		Note:        note(n),
		Whole:       true,
		FirstAt:     told.first,
		Fresh:       of.fresh,
	}
	in.Opportunity.Key, in.Opportunity.State = of.key, told.state
	switch {
	case told.why != "":
		in.Note = told.why
	case told.orphan:
		in.Note = cut(strings.TrimSpace(orphanNote+" "+in.Note), 500)
	}
	return in
}

const orphanNote = "Rectificatif sans date limite, dont l’avis n’est pas connu."

// publicID tells apart notices that share an identifier but not a publication.
func publicID(n *Notice) string {
	if p := publication(n); p != "" && n.Source == EForms {
		return n.ID + "@" + p
	}
	return ""
}

// note is a word for the history: who won, or what the correction says.
func note(n *Notice) string {
	if len(n.Winners) > 0 && n.Nature != Cancellation {
		var names []string
		for _, w := range n.Winners[:min(len(n.Winners), 5)] {
			names = append(names, w.Name)
		}
		return cut("Titulaires : "+strings.Join(names, ", "), 500)
	}
	if n.Nature == Correction || n.Nature == Cancellation {
		return cut(n.Texts["change"], 500)
	}
	return ""
}

// noticedAt orders the notices of one procurement: by day of publication and,
// within a day, by number in the journal or else by version. Two notices out of
// order then leave the state of the later one.
func noticedAt(n *Notice) time.Time {
	day, err := time.Parse("2006-01-02", n.Published)
	if err != nil {
		return time.Time{}
	}
	number := lastDigits(n.ID)
	switch {
	case n.Source == TED:
		number, _, _ = strings.Cut(ojKey(n.ID), "-")
	case n.Source == EForms && publication(n) != "":
		number, _, _ = strings.Cut(publication(n), "-")
	case n.Source == EForms:
		number = n.Version
	}
	return day.Add(time.Duration(small(number)) * time.Millisecond)
}

// small reads up to 8 digits, so that a day's numbers stay within a day
// (99,999,999 ms are 27.7 h; the OJ gives fewer than a million a year).
func small(digits string) (v int) {
	for _, c := range digits[:min(len(digits), 8)] {
		if c < '0' || c > '9' {
			return 0
		}
		v = v*10 + int(c-'0')
	}
	return v
}
