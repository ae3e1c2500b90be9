package tenders

import (
	"fmt"
	"regexp"
	"slices"
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
		o.deadline(i, prefix+"deadline", l.at("tenderPeriod", "endDate"))
		if place, path := o.placeAt(prefix+"place", o.itemsOf(lot.ID)); place.Scope != PlaceUnknown {
			lot.Place = place
			o.from(prefix+"place", path)
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

// addClass keeps a code of the CPV, or a descriptor of the BOAMP; other schemes
// say nothing here.
func (o *ocds) addClass(list *[]nomenclatures.CPV, field string, c jnode) {
	scheme, id := strings.ToUpper(c.at("scheme").str()), c.at("id")
	switch {
	case strings.Contains(scheme, "CPV"):
		o.addCPV(list, field, id.str(), id.path)
	case scheme == descriptorScheme && id.str() != "" && len(o.Descriptors) < maxList && !slices.Contains(o.Descriptors, id.str()):
		o.Descriptors = append(o.Descriptors, id.str())
		o.from("descriptors", firstNonEmpty(o.Provenance["descriptors"], id.path))
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
			o.means(prefix, goal, s.at("strategies").list())
		}
	}
	texts := o.Texts
	if prefix != "" {
		texts = o.Lots[len(o.Lots)-1].Texts
	}
	for _, one := range []struct {
		name string
		text jnode
	}{{"performance_conditions", terms.at("performanceTerms")}, {"award_criteria", n.at("awardCriteriaDetails")}, {"suitability", n.at("eligibilityCriteria")}} {
		o.addText(texts, prefix, one.name, one.text.str(), one.text.path)
	}
	for _, s := range n.at("sustainability").list() {
		o.addText(texts, prefix, "strategic_procurement", s.at("description").str(), s.at("description").path)
	}
	o.addText(texts, prefix, "suitability", other.at("qualificationSystemConditions").texts(), other.path)
	o.submission(texts, prefix, n.at("submissionMethodDetails"))
}

// means tells what a social goal is pursued by: without a word of it, how the
// contract is performed.
func (o *ocds) means(prefix string, goal jnode, strategies []jnode) {
	known := false
	for _, s := range strategies {
		known = true
		switch s.str() {
		case "awardCriteria":
			o.flag(prefix, Criterion, s.path, s.str())
		case "contractPerformanceConditions":
			o.flag(prefix, Execution, s.path, s.str())
		}
	}
	if !known {
		o.flag(prefix, Execution, goal.path, goal.str())
	}
}

// submission reads how to answer: an address first, if it is one, then words.
func (o *ocds) submission(texts map[string]string, prefix string, n jnode) {
	first, rest, _ := strings.Cut(n.str(), "\n")
	if strings.HasPrefix(first, "https://") || strings.HasPrefix(first, "http://") {
		o.link(&o.Links.Submission, "links.submission", first, n.path)
		first = ""
	}
	o.addText(texts, prefix, "additional_information", strings.TrimSpace(first+"\n"+rest), n.path)
}

// where reads the addresses of delivery (location extension): those of the
// tender, else those of its items. The address of the buyer says nothing of the
// place.
func (o *ocds) where() {
	tender := o.rec.at("tender")
	place, path := o.placeAt("place", []jnode{tender})
	if place.Scope == PlaceUnknown && len(place.NUTS) == 0 && place.Text == "" {
		place, path = o.placeAt("place", tender.at("items").list())
	}
	if o.Place = place; place.Scope != PlaceUnknown {
		o.from("place", path)
	}
}

// itemsOf are the items of a lot.
func (o *ocds) itemsOf(lot string) (items []jnode) {
	for _, item := range o.rec.at("tender", "items").list() {
		if item.at("relatedLot").str() == lot {
			items = append(items, item)
		}
	}
	return items
}

// placeAt is the place that the addresses of some parts give together.
func (o *ocds) placeAt(field string, parts []jnode) (Place, string) {
	var all sight
	path := ""
	for _, part := range parts {
		for _, n := range append(part.at("deliveryAddress").list(), part.at("deliveryAddresses").list()...) {
			path = firstNonEmpty(path, n.path)
			all.add(o.sightOf(n))
		}
	}
	all.towns, all.nuts = all.towns[:min(len(all.towns), maxList)], all.nuts[:min(len(all.nuts), maxList)]
	return o.place(field, all), path
}

var (
	nutsRegion = regexp.MustCompile(`^FR[A-Z0-9]{1,3}$`)
	isoFrench  = regexp.MustCompile(`^FR-(\d{2}|2[AB]|97\d|98\d)[A-Z]?$`)
)

// sightOf is what one address says. A region may be a NUTS code or a département
// in ISO 3166-2, and is then no name.
func (o *ocds) sightOf(n jnode) sight {
	region := n.at("region").str()
	one := sight{basis: ByPerformance, country: countryOf(jnode{map[string]any{"address": n.v}, n.path})}
	if one.country == "" {
		one.country = o.Buyer.Country
	}
	coded := true
	switch m := isoFrench.FindStringSubmatch(region); {
	case m != nil && o.places.departement(m[1]) != "":
		one.departements = []string{o.places.departement(m[1])}
	case nutsRegion.MatchString(region):
		one.nuts = []string{region}
	default:
		coded = false
	}
	one.text = firstNonEmpty(n.at("description").str(), n.at("locality").str())
	if one.text == "" && !coded {
		one.text = region
	}
	one.anywhere = isFrance(one.country) && saysCountry(one.text)
	if isFrance(one.country) && (n.at("postalCode").str() != "" || n.at("locality").str() != "") {
		one.towns = []town{{name: n.at("locality").str(), postcode: n.at("postalCode").str()}}
	}
	return one
}
