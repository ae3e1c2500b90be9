package tenders

import (
	"fmt"
	"strings"

	"maillage/nomenclatures"
)

// lots reads the lots of a tender and the items that belong to each (lots
// extension of OCDS).
func (o *ocds) lots() {
	tender := o.rec.at("tender")
	for i, l := range tender.at("lots").list() {
		if len(o.Lots) > maxLots {
			return
		}
		prefix := fmt.Sprintf("lots[%d].", i)
		lot := newLot(l.at("id").str())
		o.from(prefix+"id", l.at("id").path)
		if lot.ID == "" {
			lot.ID = fmt.Sprint(i + 1)
		}
		o.fill(&lot.Title, prefix+"title", l.at("title").str(), l.at("title").path)
		o.fill(&lot.Description, prefix+"description", l.at("description").str(), l.at("description").path)
		lot.Value = o.sum(prefix+"value", l.at("value"))
		for _, item := range tender.at("items").list() {
			if item.at("relatedLot").str() == lot.ID && lot.ID != "" {
				o.addClasses(&lot.CPV, prefix+"cpv", item)
			}
		}
		o.Lots = append(o.Lots, lot)
		o.requirements(prefix, l)
	}
}

func (o *ocds) addClasses(list *[]nomenclatures.CPV, field string, item jnode) {
	o.addClass(list, field, item.at("classification"))
	for _, more := range item.at("additionalClassifications").list() {
		o.addClass(list, field, more)
	}
}

// addClass keeps a code of the CPV; other schemes say nothing here.
func (o *ocds) addClass(list *[]nomenclatures.CPV, field string, c jnode) {
	if strings.Contains(strings.ToUpper(c.at("scheme").str()), "CPV") {
		o.addCPV(list, field, c.at("id").str(), c.at("id").path)
	}
}

// requirements reads what bears on social clauses, of the tender (prefix "") or
// of a lot, in the fields of the European profile of OCDS.
func (o *ocds) requirements(prefix string, n jnode) {
	other, terms := n.at("otherRequirements"), n.at("contractTerms")
	for _, r := range other.at("reservedParticipation").list() {
		switch r.str() {
		case "shelteredWorkshop":
			o.flag(prefix, Reserved, r.path, r.str(), EAESAT, SIAE)
		case "publicServiceMissionOrganization":
			o.flag(prefix, Reserved, r.path, r.str(), ESS)
		}
	}
	if reserved := terms.at("reservedExecution"); reserved.v == true {
		o.flag(prefix, Execution, reserved.path, "true")
	}
	for _, s := range n.at("sustainability").list() {
		if goal := s.at("goal"); strings.HasPrefix(goal.str(), "social") {
			o.flag(prefix, Execution, goal.path, goal.str())
		}
	}
	texts := o.Texts
	if prefix != "" {
		texts = o.Lots[len(o.Lots)-1].Texts
	}
	o.addText(texts, prefix, "performance_conditions", terms.at("performanceTerms").str(), terms.at("performanceTerms").path)
	o.addText(texts, prefix, "suitability", other.at("qualificationSystemConditions").texts(), other.path)
}

// where reads the addresses of delivery (location extension); the address of
// the buyer says nothing of the place.
func (o *ocds) where() {
	var s sight
	var path string
	see := func(n jnode) {
		if n.v == nil {
			return
		}
		one := sight{basis: ByPerformance, text: firstNonEmpty(n.at("locality").str(), n.at("region").str(), n.at("description").str())}
		one.country = countryOf(jnode{map[string]any{"address": n.v}, n.path})
		if one.country == "" {
			one.country = o.Buyer.Country
		}
		if isFrance(one.country) && (n.at("postalCode").str() != "" || n.at("locality").str() != "") {
			one.towns = []town{{n.at("locality").str(), n.at("postalCode").str()}}
		}
		path = firstNonEmpty(path, n.path)
		s.add(one)
	}
	tender := o.rec.at("tender")
	for _, item := range tender.at("items").list() {
		see(item.at("deliveryAddress"))
		for _, a := range item.at("deliveryAddresses").list() {
			see(a)
		}
	}
	for _, a := range tender.at("deliveryAddresses").list() {
		see(a)
	}
	if len(s.towns) > maxList {
		s.towns = s.towns[:maxList]
	}
	o.Place = o.place("place", s)
	if o.Place.Scope != PlaceUnknown {
		o.from("place", path)
	}
}
