package tenders

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"maillage/internal/store"
	"maillage/nomenclatures"
	"maillage/opportunities"
)

// BuyersChanged asks for the expected calls of buyers to be brought up to date:
// an award or a call of theirs was read. Names are those of buyers whose notice
// gives no number.
type BuyersChanged struct {
	SIREN []string `json:"siren,omitempty"`
	Names []string `json:"names,omitempty"`
}

// Kind names the job.
func (BuyersChanged) Kind() string { return "forecasts.buyers" }

// mostBuyers bounds the buyers of one job made of several.
const mostBuyers = 100

// Merge makes one job of those of a transaction.
func (b BuyersChanged) Merge(next store.Args) (store.Args, bool) {
	n, ok := next.(BuyersChanged)
	if !ok {
		return nil, false
	}
	out := BuyersChanged{SIREN: union(b.SIREN, n.SIREN), Names: union(b.Names, n.Names)}
	return out, len(out.SIREN)+len(out.Names) <= mostBuyers
}

func union(a, b []string) []string {
	out := slices.Concat(a, b)
	slices.Sort(out)
	return slices.Compact(out)
}

// foretell asks for the forecasts of the buyer of a notice.
func foretell(ctx context.Context, tx store.Tx, n *Notice) error {
	switch {
	case n.Buyer.SIREN != "":
		return tx.Enqueue(ctx, BuyersChanged{SIREN: []string{n.Buyer.SIREN}})
	case n.Buyer.Name != "" && n.Form.Family == Call:
		return tx.Enqueue(ctx, BuyersChanged{Names: []string{n.Buyer.Name}})
	}
	return nil
}

// Forecast brings the expected calls of buyers up to date, each buyer in one
// transaction. Again, it changes nothing.
func (s *Service) Forecast(ctx context.Context, of BuyersChanged) error {
	named, err := s.sirenOfNames(ctx, of.Names)
	if err != nil {
		return err
	}
	for _, siren := range union(of.SIREN, named) {
		if err := s.forecastBuyer(ctx, siren); err != nil {
			return fmt.Errorf("forecast the calls of buyer %s: %w", siren, err)
		}
	}
	return nil
}

// RefreshForecasts brings up to date the expected calls of every buyer, since
// windows pass and awards are put right. It tells how many buyers it looked at.
func (s *Service) RefreshForecasts(ctx context.Context) (int, error) {
	done := 0
	for last := ""; ; {
		list, err := s.foreseenBuyers(ctx, last, mostBuyers)
		if err != nil || len(list) == 0 {
			return done, err
		}
		if err := s.Forecast(ctx, BuyersChanged{SIREN: list}); err != nil {
			return done, err
		}
		done, last = done+len(list), list[len(list)-1]
	}
}

func (s *Service) forecastBuyer(ctx context.Context, siren string) error {
	today := s.now().Format("2006-01-02")
	return s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		known, err := s.offers.Foreseen(ctx, tx, siren)
		if err != nil {
			return err
		}
		rows, err := noticesOfBuyer(ctx, tx, siren, addMonths(today, -longestMonths-longestRenewed))
		if err != nil || len(rows) == 0 && len(known) == 0 {
			return err
		}
		states, err := statesOf(ctx, tx, rows)
		if err != nil {
			return err
		}
		outlook := Foretell(runningOf(rows, states))
		return s.foresee(ctx, tx, settle(outlook, known, callsOf(rows, states), today), known)
	})
}

// foresee writes what was settled.
func (s *Service) foresee(ctx context.Context, tx store.Tx, all []settled, known []*opportunities.Opportunity) error {
	taken := map[string]bool{}
	for _, o := range known {
		taken[o.Key] = true
	}
	for i := range all {
		f := all[i].foresight()
		if f.ID == 0 {
			f.Opportunity.Key = freeKey(all[i].of.Series, taken)
		}
		if _, err := s.offers.Foresee(ctx, tx, f); err != nil {
			return err
		}
	}
	return nil
}

// foresight says a forecast in the terms of the opportunities: what ends, as
// its largest contract calls it, where it is performed. It supposes no amount
// and no clause: those of the last time are among its contracts and reasons.
func (s *settled) foresight() opportunities.Foresight {
	now := s.now
	if s.of == nil {
		o := *s.known
		o.Forecast = &now
		return opportunities.Foresight{ID: s.known.ID, Opportunity: o}
	}
	main := s.of.Ending[0]
	for _, r := range s.of.Ending {
		if r.Amount > main.Amount {
			main = r
		}
	}
	codes, place := codesOf(tradesOf(s.of.Ending), nil), placeOf(main.Place)
	o := opportunities.Opportunity{Kind: opportunities.Expected, Title: cut(main.Title, maxTitle), BuyerName: main.Buyer.Name,
		BuyerSIRET: firstNonEmpty(main.Buyer.SIRET, main.Buyer.SIREN), Source: "forecast", Place: place, Codes: codes, ProcurementID: main.OpportunityID, Forecast: &now,
		Lots: []opportunities.Lot{{Number: "1", Title: cut(main.Title, maxTitle), Place: place, Codes: codes}}}
	f := opportunities.Foresight{Opportunity: o}
	if s.known != nil {
		f.ID = s.known.ID
	}
	return f
}

func tradesOf(list []Running) (codes []nomenclatures.CPV) {
	for _, r := range list {
		codes = append(codes, r.CPV)
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// runningOf reads the contracts that the awards of a buyer tell of: of each
// award its last version, unless it was cancelled or its procurement is no
// longer awarded.
func runningOf(rows []noticeRow, states map[string]procurementAt) (out []Running) {
	byAward := map[string][]noticeRow{}
	dropped := map[string]bool{}
	for _, r := range rows {
		if r.Family != Award || r.Document == nil {
			continue
		}
		if r.Nature == Cancellation {
			dropped[r.Key] = true
		}
		byAward[string(r.Source)+":"+r.SourceID] = append(byAward[string(r.Source)+":"+r.SourceID], r)
	}
	for key, list := range byAward {
		n := list[0].Document
		if all := inOrder(list); len(all) > 0 {
			n = all[len(all)-1]
		}
		at, known := states[list[0].Key]
		if n.Nature != Award || n.Award == nil || len(n.Winners) == 0 || dropped[list[0].Key] || !known || at.State != opportunities.Awarded {
			continue
		}
		out = append(out, running(key, n, at.ID))
	}
	nameBuyer(out)
	slices.SortFunc(out, func(a, b Running) int { return strings.Compare(a.Key, b.Key) })
	return out
}

func running(key string, n *Notice, id opportunities.ID) Running {
	a := n.Award
	r := Running{Key: key, Number: a.Contract, OpportunityID: &id, Buyer: n.Buyer, Title: n.Title, Place: n.Place, Notified: a.Notified, Months: a.Months,
		Amended: len(a.Modifications) > 0, Kind: firstNonEmpty(a.Kind, n.Form.Type), Procedure: a.Procedure, Framework: a.Framework, Holders: n.Winners, Social: n.Social.Verdict}
	if len(n.CPV) > 0 {
		r.CPV = n.CPV[0]
	}
	if n.Value != nil {
		r.Amount, r.Currency = n.Value.Amount, n.Value.Currency
	}
	return r
}

// nameBuyer gives the name that a buyer has in one of its awards to those that
// know it by its number only.
func nameBuyer(list []Running) {
	names := map[string]string{}
	for _, r := range list {
		if !numbered(r.Buyer.Name) && r.Buyer.Name > names[r.Buyer.SIREN] {
			names[r.Buyer.SIREN] = r.Buyer.Name
		}
	}
	for i := range list {
		if b := &list[i].Buyer; numbered(b.Name) && names[b.SIREN] != "" {
			b.Name = names[b.SIREN]
		}
	}
}

func numbered(name string) bool { return name == "" || strings.HasPrefix(name, "SIRET ") }

// callsOf are the procurements of a buyer that were called and not cancelled,
// each on the day of its first call.
func callsOf(rows []noticeRow, states map[string]procurementAt) []Published {
	first := map[string]*Notice{}
	for _, r := range rows {
		if r.Nature != Call || r.Family != Call || r.Document == nil || r.Published == "" {
			continue
		}
		if cur := first[r.Key]; cur == nil || r.Published < cur.Published {
			first[r.Key] = r.Document
		}
	}
	var out []Published
	for key, n := range first {
		at, known := states[key]
		if !known || at.State == opportunities.Cancelled {
			continue
		}
		call := Published{OpportunityID: at.ID, On: n.Published, Codes: codesOf(n.CPV, n.Descriptors), Place: n.Place}
		for _, l := range n.Lots {
			call.Codes = append(call.Codes, codesOf(l.CPV, nil)...)
		}
		out = append(out, call)
	}
	slices.SortFunc(out, func(a, b Published) int { return int(a.OpportunityID - b.OpportunityID) })
	return out
}
