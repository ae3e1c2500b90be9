package tenders

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"maillage/nomenclatures"
	"maillage/territories"
)

// tender says what is asked. A procurement that is not divided has no lots, and
// what its only lot says is said of the whole.
func (w *writer) tender() {
	t := &ReleaseTender{
		ID: w.ocid, Status: w.status(), MainCategory: category(w.CPV), TenderPeriod: w.period(w.Deadline, w.departements()),
		Documents: w.documents(), Amendments: w.amendments(), DeliveryAddresses: w.addresses(w.Place),
	}
	t.ReleaseTerms = w.terms(w.Texts, w.Links.Submission)
	t.Title, t.Description, t.Value = w.Title, w.Description, w.estimate()
	if w.Award != nil {
		t.NumberOfTenderers, t.MethodDetails, t.Method = w.Award.Offers, w.Award.Procedure, method(w.Award.Procedure)
	}
	codes := w.classes(w.CPV, w.Descriptors)
	switch {
	case ownLots(w.Notice):
		t.Classification, t.MoreClassifications = mainFirst(codes)
		w.lots(t)
	default:
		if len(w.Lots) == 1 {
			w.only(t, &w.Lots[0])
		} else {
			t.social(w.Social, w.Texts["strategic_procurement"])
		}
		first, more := mainFirst(codes)
		if first != nil || w.Texts["characteristics"] != "" {
			t.Items = []ReleaseItem{{ID: "1", Description: w.Texts["characteristics"], Classification: first, MoreClassifications: more}}
		}
	}
	w.out.Tender = t
}

// only adds what the only lot of an undivided procurement says beside the whole.
func (w *writer) only(t *ReleaseTender, l *Lot) {
	terms := w.terms(l.Texts, "")
	for _, pair := range []struct {
		to   *string
		more string
	}{{&t.Description, l.Description}, {&t.AwardCriteria, terms.AwardCriteria}, {&t.Eligibility, terms.Eligibility}, {&t.SubmissionDetails, terms.SubmissionDetails}} {
		*pair.to = twoTexts(*pair.to, pair.more)
	}
	if c := terms.ContractTerms; c != nil {
		if t.ContractTerms != nil {
			c.PerformanceTerms = twoTexts(t.ContractTerms.PerformanceTerms, c.PerformanceTerms)
		}
		t.ContractTerms = c
	}
	t.social(l.Social, join(w.Texts["strategic_procurement"], l.Texts["strategic_procurement"]))
}

func twoTexts(a, b string) string {
	if b == "" || strings.Contains(a, b) {
		return a
	}
	return strings.TrimSpace(a + "\n" + b)
}

func (w *writer) lots(t *ReleaseTender) {
	used := map[string]int{}
	for i := range w.Lots {
		l := &w.Lots[i]
		out := ReleaseLot{ID: l.ID, ReleaseTerms: w.terms(l.Texts, "")}
		if used[l.ID]++; used[l.ID] > 1 {
			out.ID = fmt.Sprintf("%s (%d)", l.ID, used[l.ID]) // two lots under one number: seen in real notices
		}
		out.Title, out.Description, out.Value = l.Title, l.Description, valueOf(l.Value)
		if l.Deadline != nil && (w.Deadline == nil || !l.Deadline.Instant.Equal(w.Deadline.Instant)) {
			out.TenderPeriod = w.period(l.Deadline, w.departementsOf(l))
		}
		out.social(l.Social, l.Texts["strategic_procurement"])
		t.Lots = append(t.Lots, out)
		item := ReleaseItem{ID: out.ID, RelatedLot: out.ID}
		item.Classification, item.MoreClassifications = mainFirst(w.classes(l.CPV, nil))
		if placeKey(l.Place) != placeKey(w.Place) {
			item.DeliveryAddresses = w.addresses(l.Place)
		}
		if item.Classification != nil || item.DeliveryAddresses != nil {
			t.Items = append(t.Items, item)
		}
	}
}

func placeKey(p Place) string { return string(p.Scope) + canonical(p.Perimeter) + p.Text }

// canonical is a perimeter as it is compared: PostgreSQL spaces what it keeps.
func canonical(perimeter json.RawMessage) string {
	e, err := territories.ParseExpr(perimeter)
	if err != nil {
		return ""
	}
	return e.String()
}

// terms puts the passages of a notice in the fields of OCDS where ours are read.
func (w *writer) terms(texts map[string]string, submission string) (out ReleaseTerms) {
	out.AwardCriteria = texts["award_criteria"]
	out.Eligibility = join(texts["suitability"], texts["conditions"], texts["reserved_participation"], texts["reference_to_law"])
	out.SubmissionDetails = join(submission, texts["additional_information"])
	if terms := join(texts["performance_conditions"], texts["reserved_execution"]); terms != "" {
		out.ContractTerms = &ReleaseConditions{PerformanceTerms: terms}
	}
	return out
}

func join(texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(s string) bool { return s == "" }), "\n")
}

// The goal of a social clause in the sustainability extension, and the means
// that the notice takes to it.
const socialGoal = "social.disadvantagedEmploymentOpportunities"

var strategies = map[Verdict]string{Reserved: "reservedParticipation", Execution: "contractPerformanceConditions", Criterion: "awardCriteria"}

// social says soberly what the notice itself says, in a field or in words: to
// whom it is reserved, by what means people far from employment are to gain,
// with the words of the notice or the hours that it asks. A field that says no
// more than "social" gives the goal without the means.
func (t *ReleaseTerms) social(s Social, words string) {
	goal := ReleaseGoal{Goal: socialGoal, Description: words}
	for _, says := range []Verdict{Reserved, Execution, Criterion} {
		if slices.ContainsFunc(s.Evidence, func(e Evidence) bool { return e.Says == says }) {
			goal.Strategies = append(goal.Strategies, strategies[says])
		}
	}
	if len(goal.Strategies) == 0 {
		if slices.ContainsFunc(s.Evidence, func(e Evidence) bool { return e.Kind == Flag && e.Says == ToConfirm }) {
			t.Sustainability = []ReleaseGoal{{Goal: "social", Description: words}}
		}
		return
	}
	if slices.Contains(goal.Strategies, strategies[Execution]) && s.Hours > 0 && words == "" {
		goal.Description = fmt.Sprintf("%d heures d’insertion", s.Hours)
	}
	t.Sustainability = []ReleaseGoal{goal}
	if to := reservedTo(s.ReservedTo); len(to) > 0 && goal.Strategies[0] == strategies[Reserved] {
		t.OtherRequirements = &ReleaseRequirements{ReservedParticipation: to}
	}
}

// reservedTo are the codes of OCDS: article 20 of Directive 2014/24/EU covers
// sheltered workshops and those who work for the integration of disadvantaged
// people, article 77 the organisations of some services.
func reservedTo(who []Beneficiary) (codes []string) {
	if slices.ContainsFunc(who, func(b Beneficiary) bool { return b == SIAE || b == EAESAT || b == Prison }) {
		codes = append(codes, "shelteredWorkshop")
	}
	if slices.Contains(who, ESS) {
		codes = append(codes, "publicServiceMissionOrganization")
	}
	return codes
}

// period ends at the instant of a deadline, on the clock of the places that the
// release gives, else of Paris; on that of the notice where the buyer is foreign.
func (w *writer) period(d *Deadline, departements []string) *ReleasePeriod {
	if d == nil || w.Form.Family == Award {
		return nil
	}
	zone := zoneOf(paris)
	switch at, err := time.Parse("-07:00", d.Zone); {
	case !isFrance(w.Buyer.Country) && err == nil:
		zone = at.Location()
	case isFrance(w.Buyer.Country):
		zone = zoneOf(w.places.zone(departements))
	}
	return &ReleasePeriod{EndDate: d.Instant.In(zone).Format(time.RFC3339)}
}

// departementsOf are those of a lot, of the whole where the release gives it no
// address.
func (w *writer) departementsOf(l *Lot) []string {
	if len(w.addresses(l.Place)) > 0 {
		return l.Place.Departements
	}
	return w.departements()
}

// departements are those of the addresses that the release gives, of the whole
// or, where it has none, of its lots: a reader takes the clock from them. A lot
// that is anywhere in the country leaves none.
func (w *writer) departements() (codes []string) {
	switch {
	case len(w.addresses(w.Place)) > 0:
		return w.Place.Departements
	case !ownLots(w.Notice):
		return nil
	}
	for i := range w.Lots {
		if len(w.addresses(w.Lots[i].Place)) == 0 {
			continue
		}
		if w.Lots[i].Place.Scope == InCountry {
			return nil
		}
		codes = append(codes, w.Lots[i].Place.Departements...)
	}
	return codes
}

// stated tells a place that the notice itself gives; one that was assumed here
// is no fact of the procurement.
func stated(p Place) bool { return p.Basis == ByPerformance || p.Basis == ByWords }

// documents are the pages that the notice leads to.
func (w *writer) documents() (list []ReleaseDocument) {
	kind := map[Nature]string{Planning: "plannedProcurementNotice", Award: "awardNotice"}[w.Form.Family]
	if w.Links.Official != "" {
		list = append(list, ReleaseDocument{"notice", firstNonEmpty(kind, "tenderNotice"), w.Links.Official})
	}
	if w.Links.Documents != "" {
		list = append(list, ReleaseDocument{"documents", "biddingDocuments", w.Links.Documents})
	}
	return list
}

func (w *writer) amendments() []ReleaseAmendment {
	if w.Texts["change"] == "" {
		return nil
	}
	return []ReleaseAmendment{{ID: "1", Date: parisDay(w.Published), Description: w.Texts["change"]}}
}

// classes are the codes of the vocabularies, the main one first.
func (w *writer) classes(cpv []nomenclatures.CPV, descriptors []string) (list []ReleaseClass) {
	for _, code := range cpv {
		list = append(list, ReleaseClass{"CPV", string(code), code.Label()})
	}
	for _, raw := range descriptors {
		list = append(list, ReleaseClass{Scheme: descriptorScheme, ID: raw})
	}
	return list
}

// descriptorScheme names the descriptors of the BOAMP; the list of OCDS is open.
const descriptorScheme = "BOAMP"

func mainFirst(list []ReleaseClass) (*ReleaseClass, []ReleaseClass) {
	if len(list) == 0 {
		return nil, nil
	}
	return &list[0], list[1:]
}

// category is goods, works or services by the division of the main code:
// 45 are works, 50 to 98 services (Regulation (EC) 213/2008, annex I).
func category(cpv []nomenclatures.CPV) string {
	if len(cpv) == 0 {
		return ""
	}
	switch division := cpv[0][:2]; {
	case division == "45":
		return "works"
	case division >= "50":
		return "services"
	}
	return "goods"
}

// method is the procedure in the four words of OCDS, where its French name
// leaves no doubt.
func method(procedure string) string {
	said := foldText(procedure)
	switch {
	case slices.Contains([]string{"open", "selective", "limited", "direct"}, said):
		return said
	case strings.Contains(said, "sans publicite") || strings.Contains(said, "sans mise en concurrence"):
		return "limited"
	case strings.Contains(said, "ouvert"):
		return "open"
	case strings.Contains(said, "restreint") || strings.Contains(said, "dialogue competitif") || strings.Contains(said, "negocie") || strings.Contains(said, "avec negociation"):
		return "selective"
	}
	return ""
}

// addresses says a place, where the notice states it.
func (w *writer) addresses(p Place) (list []ReleaseAddress) {
	france := ReleaseAddress{CountryName: "France", Country: "FR"}
	switch {
	case !stated(p):
		return nil
	case p.Scope == InCountry:
		list = append(list, france)
		list[0].Description = "France entière"
		if saysCountry(p.Text) {
			list[0].Description = p.Text
		}
		return list
	case p.Scope != InCommunes:
		return nil
	}
	if regions := w.regions(p); regions != nil {
		for _, region := range regions {
			one := france
			one.Region = region
			list = append(list, one)
		}
	} else {
		list = w.towns(p.Codes)
	}
	if len(list) > 0 {
		list[0].Description = p.Text
	}
	return list
}

// regions gives the NUTS codes that the notice prints where they are the whole
// place, else the codes of the départements where those are; the départements
// touched by a place of too many communes to be named; else none.
func (w *writer) regions(p Place) (codes []string) {
	whole := canonical(p.Perimeter)
	var printed []string
	for _, n := range p.NUTS {
		printed = append(printed, w.places.nuts(n)...)
	}
	if area, err := w.places.area(nil, sortedSet(printed)); len(printed) > 0 && err == nil && canonical(area.Perimeter) == whole {
		return p.NUTS
	}
	area, err := w.places.area(nil, p.Departements)
	if err == nil && canonical(area.Perimeter) != whole && len(p.Codes) > 0 {
		return nil
	}
	for _, d := range p.Departements {
		codes = append(codes, isoRegion+d)
	}
	return codes
}

// isoRegion begins the codes of the French départements in ISO 3166-2.
const isoRegion = "FR-"

func (w *writer) towns(codes []string) (list []ReleaseAddress) {
	for _, code := range codes {
		ord, known := w.places.atlas.Ordinal(territories.CommuneCode(code))
		if !known {
			continue
		}
		c := w.places.atlas.Commune(ord)
		one := ReleaseAddress{Locality: c.Name, CountryName: "France", Country: "FR"}
		if len(c.Postal) > 0 {
			one.PostalCode = c.Postal[0]
		}
		list = append(list, one)
	}
	return list
}
