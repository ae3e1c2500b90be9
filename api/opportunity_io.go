package api

import (
	"context"
	"encoding/json"

	"maillage/internal/fault"
	"maillage/opportunities"
	"maillage/territories"
)

// readOpportunity turns an input into the noun's own type and locates what the
// noun could not: codes and perimeters as they were written.
func (s *Server) readOpportunity(ctx context.Context, in OpportunityInput) (*opportunities.Opportunity, error) {
	var faults []fault.Field
	codes, bad := codesOf("body.codes", in.Codes)
	faults = append(faults, bad...)
	place, bad := s.readPlace(ctx, "place.", in.Place)
	faults = append(faults, bad...)
	o := &opportunities.Opportunity{Kind: opportunities.Kind(in.Kind), Title: in.Title, Description: in.Description, Links: opportunities.Links(in.Links),
		Place: place, Clause: readClause(in.Clause), Codes: codes, Deadline: in.Deadline, Amount: in.Amount}
	if in.Buyer != nil {
		o.BuyerID, o.BuyerName, o.BuyerSIRET = in.Buyer.ID, in.Buyer.Name, in.Buyer.SIRET
	}
	for i, l := range in.Lots {
		lot, bad := s.readLot(ctx, at("lots", i)+".", l)
		faults = append(faults, bad...)
		o.Lots = append(o.Lots, lot)
	}
	if len(faults) > 0 {
		return nil, fault.Invalid(faults...)
	}
	return o, nil
}

func (s *Server) readLot(ctx context.Context, path string, in LotInput) (opportunities.Lot, []fault.Field) {
	codes, faults := codesOf("body."+path+"codes", in.Codes)
	place, bad := s.readPlace(ctx, path+"place.", in.Place)
	l := opportunities.Lot{Number: in.Number, Title: in.Title, Description: in.Description, Codes: codes, Modes: in.Modes, Place: place,
		Clause: readClause(in.Clause), FTE: in.FTE, Hours: in.Hours, Amount: in.Amount, Turnover: in.Turnover, Insurance: in.Insurance, References: in.References, Posts: in.Posts,
		WorkingDays: in.WorkingDays, StartsOn: in.StartsOn, EndsOn: in.EndsOn, Deadline: in.Deadline}
	for _, c := range in.Certifications {
		l.Certifications = append(l.Certifications, opportunities.Requirement(c))
	}
	faults = append(faults, bad...)
	l.Terms, bad = readTerms(path+"terms.", in.Terms)
	return l, append(faults, bad...)
}

func (s *Server) readPlace(ctx context.Context, path string, in *PlaceInput) (opportunities.Place, []fault.Field) {
	switch {
	case in == nil:
		return opportunities.Place{Scope: opportunities.PlaceUnknown}, nil
	case in.Country && len(in.Expression) == 0 && in.Words == "":
		return opportunities.Place{Scope: opportunities.WholeCountry}, nil
	case in.Country:
		return opportunities.Place{}, []fault.Field{fault.At("body."+path+"country", "contradiction",
			"Le pays entier et un périmètre à la fois : choisissez.", "The whole country and a perimeter at once: choose.")}
	}
	p, err := s.compile(ctx, path, in.PerimeterInput)
	if err != nil {
		return opportunities.Place{}, fault.Of(err).Fields
	}
	if p.Expr.IsEverywhere() {
		return opportunities.Place{Scope: opportunities.WholeCountry}, nil
	}
	return opportunities.Place{Scope: opportunities.InCommunes, Perimeter: p.Text, Words: in.Words}, nil
}

// readClause keeps what a person says of a clause: sure, without evidence.
func readClause(in Clause) opportunities.Clause {
	c := opportunities.Clause{Verdict: opportunities.Verdict(in.Verdict), ReservedTo: opportunities.Reservation(in.ReservedTo), Hours: in.Hours}
	if c.Verdict != "" {
		c.Confidence = 1
	}
	return c
}

func (s *Server) showOpportunity(o *opportunities.Opportunity) Opportunity {
	out := Opportunity{ID: int64(o.ID), Kind: string(o.Kind), State: string(o.State), Open: o.Open(s.cfg.Now()), Filled: o.Filled(), Title: o.Title, Description: o.Description,
		Buyer: Buyer{ID: o.BuyerID, Name: o.BuyerName, SIRET: o.BuyerSIRET}, Publisher: o.PublisherID, Source: o.Source, Links: Links(o.Links),
		Place: s.showPlace(o.Place), Clause: showClause(o.Clause), Codes: showCodes(o.Codes), Deadline: utc(o.Deadline), Amount: o.Amount, Currency: o.Currency,
		Forecast: showForecast(o.Forecast), PublishedAt: utc(o.PublishedAt), UpdatedAt: o.UpdatedAt.UTC(), Lots: make([]Lot, 0, len(o.Lots))}
	if o.DeadlineRaw != (opportunities.Deadline{}) {
		w := AsWritten(o.DeadlineRaw)
		out.AsWritten = &w
	}
	for _, l := range o.Lots {
		out.Lots = append(out.Lots, s.showLot(l.In(o)))
	}
	if o.ProcurementID != nil {
		id := int64(*o.ProcurementID)
		out.Procurement = &id
	}
	out.Insertion = showInsertion(o.Insertion)
	return out
}

func showInsertion(i *opportunities.Insertion) *Insertion {
	if i == nil {
		return nil
	}
	return &Insertion{Holders: each(i.Holders, func(h opportunities.Holder) Holder { return Holder(h) }), Share: i.Share, Publics: append([]string{}, i.Publics...),
		Facilitator: i.Facilitator, Lot: i.Lot, Awarded: i.Awarded, Months: i.Months, Supposed: i.Supposed}
}

func (s *Server) showLot(l opportunities.Lot) Lot {
	out := Lot{ID: int64(l.ID), Opportunity: int64(l.OpportunityID), Number: l.Number, Title: l.Title, Description: l.Description, Codes: showCodes(l.Codes),
		Modes: l.Modes, Place: s.showPlace(l.Place), Clause: showClause(l.Clause), FTE: l.FTE, Hours: l.Hours, Amount: l.Amount, Turnover: l.Turnover, Insurance: l.Insurance, References: l.References,
		Posts: l.Posts, WorkingDays: l.WorkingDays, StartsOn: l.StartsOn, EndsOn: l.EndsOn, Terms: showTerms(l.Terms), Deadline: utc(l.Deadline), Withdrawn: l.Withdrawn,
		Certifications: each(l.Certifications, func(r opportunities.Requirement) Certificate { return Certificate(r) })}
	if out.Modes == nil {
		out.Modes = []string{}
	}
	if l.Opportunity.Kind.HasPositions() {
		left := l.Left()
		out.PlacesLeft, out.Filled = &left, l.Filled()
	}
	return out
}

func (s *Server) showPlace(p opportunities.Place) Place {
	out := Place{Scope: string(p.Scope), AsWritten: p.Words}
	if out.Scope == "" {
		out.Scope = string(opportunities.PlaceUnknown)
	}
	if e, err := territories.ParseExpr([]byte(p.Perimeter)); p.Perimeter != "" && err == nil {
		words := s.words(e)
		out.Perimeter, out.PerimeterWords = json.RawMessage(p.Perimeter), &words
	}
	return out
}

func showClause(c opportunities.Clause) Clause {
	out := Clause{Verdict: string(c.Verdict), ReservedTo: string(c.ReservedTo), Hours: c.Hours, Confidence: c.Confidence}
	for _, e := range c.Evidence {
		out.Evidence = append(out.Evidence, Evidence(e))
	}
	return out
}
