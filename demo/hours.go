package demo

import "maillage/opportunities"

// contractors are the invented companies that won the contracts of the
// demonstration.
var contractors = []string{"Bâtisseurs des Deux Vallées SAS", "Paysages de la Plaine SARL", "Propreté du Confluent SA"}

// follow makes every other offer of insertion hours what an award left to fill:
// it follows an awarded tender, whose holder is invented.
func (l *loader) follow(o *opportunities.Opportunity) {
	if o.Kind != opportunities.InsertionHours {
		return
	}
	if l.told++; l.told%2 == 0 || len(l.awarded) == 0 {
		return
	}
	tender := l.awarded[l.told/2%len(l.awarded)]
	o.ProcurementID, o.PublisherID = &tender.ID, nil
	o.BuyerID, o.BuyerName, o.BuyerSIRET = tender.BuyerID, tender.BuyerName, tender.BuyerSIRET
	o.Title, o.Codes, o.Place = title(o.Kind, tender.Lots, tender.Place.Words), tender.Lots[0].Codes, tender.Place
	o.Insertion = &opportunities.Insertion{
		Holders: []opportunities.Holder{{Name: contractors[l.told/2%len(contractors)]}}, Awarded: day(l.today.AddDate(0, 0, -6)),
		Publics: []string{"demandeurs d’emploi de longue durée", "bénéficiaires du RSA"}, Facilitator: "PLIE de la Plaine (démonstration)",
		Supposed: l.told%4 == 1,
	}
	o.Deadline, o.DeadlineRaw = nil, opportunities.Deadline{}
	for i := range o.Lots {
		lot := &o.Lots[i]
		lot.Title, lot.Codes, lot.Place, lot.Deadline, lot.DeadlineRaw, lot.Amount = tender.Lots[0].Title, tender.Lots[0].Codes, tender.Place, nil, opportunities.Deadline{}, 0
		lot.StartsOn, lot.EndsOn = o.Insertion.Awarded, day(l.today.AddDate(1, 0, -6))
		lot.Modes = append(lot.Modes, "prestation")
	}
	if !o.Insertion.Supposed {
		o.Insertion.Months = 12
	}
	o.Amount, o.Clause = 0, o.Lots[0].Clause
}
