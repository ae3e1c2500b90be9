package tenders

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"maillage/nomenclatures"
	"maillage/opportunities"
)

// Bounds of the texts of an opportunity, in characters; what is longer is cut
// there and stays whole in the notice.
const (
	maxTitle       = 1_000
	maxDescription = 100_000
	maxOfferCodes  = 100
)

// opportunityOf says a notice in the terms of the opportunities.
func opportunityOf(n *Notice) opportunities.Opportunity {
	o := opportunities.Opportunity{
		Kind:        opportunities.Tender,
		Title:       cut(n.Title, maxTitle),
		Description: cut(n.Description, maxDescription),
		BuyerName:   n.Buyer.Name,
		BuyerSIRET:  firstNonEmpty(n.Buyer.SIRET, n.Buyer.SIREN),
		Source:      string(n.Source),
		Links:       opportunities.Links(n.Links),
		Place:       placeOf(n.Place),
		Clause:      clauseOf(n.Social),
		Codes:       codesOf(n.CPV, n.Descriptors),
	}
	if n.Deadline != nil {
		o.Deadline, o.DeadlineRaw = &n.Deadline.Instant, rawDeadline(n.Deadline)
	}
	if n.Value != nil {
		o.Amount, o.Currency = n.Value.Amount, n.Value.Currency
	}
	numbers := map[string]bool{}
	for i := range n.Lots {
		l := lotOf(&n.Lots[i], n.Descriptors)
		if len(n.Lots) == 1 && worded(l.Number) {
			l.Number = "1"
		}
		for base, k := l.Number, 2; numbers[l.Number]; k++ {
			l.Number = base + " (" + strconv.Itoa(k) + ")" // two lots under one number: seen in real notices
		}
		numbers[l.Number] = true
		l.Position = i + 1
		o.Lots = append(o.Lots, l)
	}
	return o
}

func lotOf(l *Lot, descriptors []string) opportunities.Lot {
	out := opportunities.Lot{
		Number:      lotNumber(l.ID),
		Title:       cut(l.Title, maxTitle),
		Description: cut(l.Description, maxDescription),
		Codes:       codesOf(l.CPV, descriptors),
		Place:       placeOf(l.Place),
		Clause:      clauseOf(l.Social),
	}
	if l.Deadline != nil {
		out.Deadline, out.DeadlineRaw = &l.Deadline.Instant, rawDeadline(l.Deadline)
	}
	if l.Value != nil {
		out.Amount = l.Value.Amount
	}
	return out
}

var lotPrefix = regexp.MustCompile(`^(?:LOT-)?0*(\d+)$`)

// lotNumber puts the identifiers of a lot in one form, so that the lot "1" of
// TED is the "LOT-0001" of eForms. LOT-0000 is the single lot.
func lotNumber(id string) string {
	m := lotPrefix.FindStringSubmatch(id)
	switch {
	case m == nil:
		return id
	case m[1] == "0":
		return "1"
	}
	return m[1]
}

// worded tells a title written where a number is asked ("Concession de service").
// That of an only lot would make it another lot than the one of the award,
// which has none.
func worded(number string) bool {
	return len(number) > 3 && !strings.ContainsAny(number, "0123456789")
}

func rawDeadline(d *Deadline) opportunities.Deadline {
	return opportunities.Deadline{Wall: d.Wall, Zone: d.Zone, Raw: d.Raw, Warning: d.Warning}
}

// codesOf gives the CPV or, for a notice without any, the descriptors that name
// a trade.
func codesOf(cpv []nomenclatures.CPV, descriptors []string) []nomenclatures.Code {
	codes := []nomenclatures.Code{}
	for _, c := range cpv {
		codes = append(codes, c.Code())
	}
	if len(cpv) == 0 {
		for _, raw := range descriptors {
			d, err := nomenclatures.ParseDescriptor(raw)
			if err != nil {
				continue
			}
			if _, silent := nomenclatures.SilentDescriptor(d); !silent {
				codes = append(codes, d.Code())
			}
		}
	}
	return codes[:min(len(codes), maxOfferCodes)]
}

func placeOf(p Place) opportunities.Place {
	out := opportunities.Place{Scope: opportunities.Scope(p.Scope), Words: cut(p.Text, maxTitle)}
	if p.Scope == InCommunes {
		out.Perimeter = string(p.Perimeter)
	}
	switch p.Basis {
	case ByPublication:
		out.Words = firstNonEmpty(out.Words, "supposé d’après les départements de publication")
	case ByBuyer:
		out.Words = firstNonEmpty(out.Words, "supposé : la commune de l’acheteur")
	case ByWords:
		out.Words = firstNonEmpty(out.Words, "lu dans l’intitulé")
	case ByPerformance, ByNothing:
	}
	return out
}

func clauseOf(s Social) opportunities.Clause {
	c := opportunities.Clause{
		Verdict: opportunities.Verdict(s.Verdict), Hours: float64(s.Hours), Confidence: s.Confidence, ReservedTo: reservation(s.ReservedTo),
	}
	for _, e := range s.Evidence {
		c.Evidence = append(c.Evidence, opportunities.Evidence{Field: e.Field, Quote: e.Quote, Start: e.Start, End: e.End})
	}
	return c
}

// reservation names several beneficiaries by the article that allows them
// together (L2113-14), else the first.
func reservation(to []Beneficiary) opportunities.Reservation {
	switch {
	case slices.Contains(to, SIAE) && slices.Contains(to, EAESAT):
		return opportunities.ReservedBoth
	case len(to) == 0:
		return opportunities.NotReserved
	}
	return opportunities.Reservation(to[0])
}

// cut shortens a text to a number of characters, ending in "…".
func cut(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	return fmt.Sprintf("%s…", string([]rune(s)[:limit-1]))
}
