package dossier

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"maillage/followup"
	"maillage/opportunities"
	"maillage/tenders"
)

// request is what a call asks for.
type request struct {
	codes  map[Code]bool
	quotes map[Code]string // word for word; absent: a figure of the call asks it
}

// read tells that the text of the call names pieces.
func (r request) read() bool { return len(r.quotes) > 0 }

// replaces tells a usual form that another one asked takes the place of: the
// European document stands for the application and the declaration (R2143-4).
func (r request) replaces(code Code) bool {
	return (code == DC1 || code == DC2) && r.codes["dume"] && !r.codes[DC1] && !r.codes[DC2]
}

// asked reads what a call asks for: the words of its text and of its notice, and
// the figures that only some papers can prove.
func (s *Service) asked(ctx context.Context, l *opportunities.Lot) (request, error) {
	texts := []string{l.Description}
	if o := l.Opportunity; o != nil {
		texts = append(texts, o.Description)
	}
	passages, err := s.passages(ctx, l)
	if err != nil {
		return request{}, err
	}
	return s.book.asked(l, append(texts, passages...)), nil
}

func (b *Book) asked(l *opportunities.Lot, texts []string) request {
	r := request{codes: map[Code]bool{}, quotes: map[Code]string{}}
	for _, k := range b.all {
		if said := followup.Quote(texts, k.Words...); said != "" && len(k.Words) > 0 {
			r.codes[k.Code], r.quotes[k.Code] = true, said
		}
	}
	for code, proves := range map[Code]bool{
		Insurance: l.Insurance > 0, DC2: l.Turnover > 0, References: l.References != nil && *l.References > 0, "certificates": len(l.Certifications) > 0,
		Convention: slices.Contains([]opportunities.Reservation{opportunities.ReservedSIAE, opportunities.ReservedEA, opportunities.ReservedBoth}, l.Clause.ReservedTo),
	} {
		if proves {
			r.codes[code] = true
		}
	}
	return r
}

// passages are the conditions of participation that the latest notice of a call
// gives for the whole and for a lot, which its description does not repeat.
func (s *Service) passages(ctx context.Context, l *opportunities.Lot) ([]string, error) {
	document, err := noticeOf(ctx, s.Store.Read(), l.OpportunityID)
	if err != nil || document == "" {
		return nil, err
	}
	var n tenders.Notice
	if err := json.Unmarshal([]byte(document), &n); err != nil {
		return nil, fmt.Errorf("read the notice of opportunity %d: %w", l.OpportunityID, err)
	}
	out := conditions(n.Texts)
	for _, lot := range n.Lots {
		if lot.ID == l.Number {
			out = append(out, conditions(lot.Texts)...)
		}
	}
	return out, nil
}

// conditions are the passages in which papers are asked for.
func conditions(texts map[string]string) (out []string) {
	for _, name := range []string{"suitability", "conditions", "additional_information", "unread"} {
		if texts[name] != "" {
			out = append(out, texts[name])
		}
	}
	return out
}
