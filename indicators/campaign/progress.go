package campaign

import (
	"context"
	"slices"

	"maillage/accounts"
	"maillage/indicators/compute"
)

// Progress is where the enterprises of who asks are: an officer's perimeter, a
// member's own, everybody for who manages. It says who is where, never what
// anybody answered.
type Progress struct {
	Campaign *Campaign
	Rows     []Row      // by name
	Coverage []Coverage // once the campaign is closed; of the regions of the rows
}

// Row is one enterprise.
type Row struct {
	Questionnaire
	Name     string
	SIRET    string
	Asked    int // totals, which need no answer, aside
	Answered int
	Before   int // of which were there before anybody typed
}

// Rate is how many of a kind were asked and sent.
type Rate struct {
	Kind compute.Kind // AllKinds: everybody
	Sent int
	Of   int
}

// Frame is how many enterprises are asked.
func (p *Progress) Frame() int { return len(p.Rows) }

// Count is how many are at a standing.
func (p *Progress) Count(of Standing) int { return len(p.In(nil, of)) }

// Responded is how many sent their questionnaire, frozen or not.
func (p *Progress) Responded() int { return p.rate(compute.AllKinds).Sent }

// Rates are the rates of response by kind, everybody last.
func (p *Progress) Rates() []Rate {
	var out []Rate
	for _, k := range append(compute.Kinds(), compute.AllKinds) {
		if r := p.rate(k); r.Of > 0 {
			out = append(out, r)
		}
	}
	return out
}

// Saved is how many minutes the answers that were there before saved to the
// enterprises that sent their questionnaire. To the others they saved nothing yet.
func (p *Progress) Saved(minutes int) int {
	n := 0
	for _, r := range p.Rows {
		if r.Sent() {
			n += r.Before * minutes
		}
	}
	return n
}

// Progress reads where the enterprises that who asks may see are.
func (s *Service) Progress(ctx context.Context, year int) (*Progress, error) {
	c, err := s.Campaign(ctx, year)
	if err != nil {
		return nil, err
	}
	p := &Progress{Campaign: c}
	if p.Rows, err = s.rows(ctx, c); err != nil {
		return nil, err
	}
	cover, err := coverageOf(ctx, s.store.Read(), c.ID)
	if err != nil {
		return nil, err
	}
	seen := func(region string) bool {
		return slices.ContainsFunc(p.Rows, func(r Row) bool { return r.Region == region })
	}
	for _, k := range cover {
		if seen(k.Region) {
			p.Coverage = append(p.Coverage, k)
		}
	}
	return p, nil
}

func (s *Service) rows(ctx context.Context, c *Campaign) ([]Row, error) {
	db, me := s.store.Read(), accounts.From(ctx)
	all, err := questionnairesOf(ctx, db, c.ID)
	if err != nil {
		return nil, err
	}
	var rows []Row
	var organisations []int64
	for _, q := range all {
		if accounts.Can(me, accounts.QuestionnaireRead, s.scope(&q)) {
			rows = append(rows, Row{Questionnaire: q})
			organisations = append(organisations, q.OrganisationID)
		}
	}
	who, err := identities(ctx, db, organisations)
	if err != nil {
		return nil, err
	}
	counts, err := countsOf(ctx, db, c.ID)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		r := &rows[i]
		r.Name, r.SIRET = who[r.OrganisationID].Name, who[r.OrganisationID].SIRET
		s.count(c, r, counts[r.ID])
	}
	slices.SortStableFunc(rows, byName)
	return rows, nil
}

// count says how far a row is, totals aside.
func (s *Service) count(c *Campaign, r *Row, given map[compute.Measure]Origin) {
	for _, q := range s.book.For(r.Kind, c.Questions) {
		if s.book.Total(q.Code, r.Kind) {
			continue
		}
		r.Asked++
		if origin, ok := given[q.Code]; ok {
			r.Answered++
			if origin.Before() {
				r.Before++
			}
		}
	}
}
