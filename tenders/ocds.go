package tenders

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"
)

// Open Contracting Data Standard 1.1: a release says what one event changed in
// a contracting process, a record what they say together. Each release is a
// notice of its process (ocid); of a record, the compiled release is read.

// isOCDS tells a release or a record by its process.
func isOCDS(rec jnode) bool {
	return rec.at("ocid").v != nil || (rec.at("tag").v != nil && (rec.at("url").v != nil || rec.at("initiationType").v != nil))
}

// ocds is one release being read.
type ocds struct {
	*draft
	rec     jnode
	parties map[string]jnode
	tags    []string
}

func readOCDS(rec jnode, places *Places) (*Notice, error) {
	release, err := releaseOf(rec)
	if err != nil {
		return nil, err
	}
	o := &ocds{draft: newDraft(OCDS, places), rec: release, parties: map[string]jnode{}}
	for _, p := range release.at("parties").list() {
		o.parties[p.at("id").str()] = p
	}
	o.identify()
	if err := o.nature(); err != nil {
		return nil, err
	}
	o.setBuyer()
	o.object()
	o.where()
	o.deadline(wholeNotice, "deadline", o.rec.at("tender", "tenderPeriod", "endDate"))
	o.lots()
	o.requirements("", release.at("tender"))
	if o.Form.Family == Award {
		o.awards()
	}
	o.documents()
	return o.finish()
}

// releaseOf is the release itself or, of a record, the compiled one, else the last.
func releaseOf(rec jnode) (jnode, error) {
	if c := rec.at("compiledRelease"); c.v != nil {
		return c, nil
	}
	if list := rec.at("releases").list(); len(list) > 0 {
		rec = list[len(list)-1]
	}
	if rec.at("url").v != nil && rec.at("id").v == nil {
		return jnode{}, refuse(RefusedKind, "a link to a release, not the release")
	}
	return rec, nil
}

func (o *ocds) identify() {
	ocid, id := o.rec.at("ocid"), o.rec.at("id")
	for _, t := range o.rec.at("tag").list() {
		o.tags = append(o.tags, t.str())
	}
	name := id.str()
	if !strings.HasPrefix(name, ocid.str()) || ocid.str() == "" {
		name = strings.Trim(ocid.str()+"/"+name, "/") // unique within its process only
	}
	o.fill(&o.ID, "id", name, firstNonEmpty(id.path, ocid.path))
	o.fill(&o.Procedure, "procedure", ocid.str(), ocid.path)
	date := o.rec.at("date")
	o.fill(&o.Published, "published", civilDate(date.str()), date.path)
	if base, err := language.ParseBase(o.rec.at("language").str()); err == nil {
		o.Language = strings.ToUpper(base.ISO3())
	}
}

// tagged tells whether a tag of the release begins so.
func (o *ocds) tagged(prefixes ...string) bool {
	return slices.ContainsFunc(o.tags, func(tag string) bool {
		return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(tag, p) })
	})
}

// nature reads the tags; a compiled release, which has none of use, is told by
// what it holds.
func (o *ocds) nature() error {
	status := o.rec.at("tender", "status").str()
	hasAward := o.rec.at("awards").v != nil || o.rec.at("contracts").v != nil
	withdrawn := status == "cancelled" || status == "withdrawn"
	switch {
	case o.tagged("awardCancellation"):
		o.Nature, o.Form.Family = Cancellation, Award
	case o.tagged("planningUpdate") && withdrawn:
		o.Nature, o.Form.Family = Cancellation, Planning
	case o.tagged("tenderCancellation") || withdrawn && !hasAward:
		o.Nature, o.Form.Family = Cancellation, Call
	case o.tagged("awardUpdate", "awardAmendment"):
		o.Nature, o.Form.Family = Correction, Award
	case o.tagged("award", "contract", "implementation"), hasAward:
		o.Nature, o.Form.Family = Award, Award
	case o.tagged("tenderAmendment", "tenderUpdate"):
		o.Nature, o.Form.Family = Correction, Call
	case o.tagged("planningUpdate"):
		o.Nature, o.Form.Family = Correction, Planning
	case status == "planned" || status == "planning":
		o.Nature, o.Form.Family = Planning, Planning
	case o.tagged("tender"), o.rec.at("tender").v != nil && !o.tagged("planning"):
		o.Nature, o.Form.Family = Call, Call
	case o.tagged("planning"), o.rec.at("planning").v != nil:
		o.Nature, o.Form.Family = Planning, Planning
	default:
		return refuse(RefusedKind, "the release tells of no tender and no award")
	}
	o.Form.Type = strings.Join(o.tags, ",")
	o.from("nature", firstNonEmpty(o.rec.at("tag").path, o.rec.at("tender", "status").path, "/"))
	return nil
}

func (o *ocds) setBuyer() {
	ref := firstNode(o.rec.at("buyer"), o.rec.at("tender", "procuringEntity"), o.byRole("buyer"), o.byRole("procuringEntity"))
	party := ref
	if p, ok := o.parties[ref.at("id").str()]; ok {
		party = p
	}
	o.Buyer.Country = countryOf(party)
	name := firstNode(ref.at("name"), party.at("name"), party.at("identifier", "legalName"))
	o.fill(&o.Buyer.Name, "buyer.name", name.str(), name.path)
	id := party.at("identifier", "id")
	if strings.HasPrefix(party.at("identifier", "scheme").str(), "FR-") {
		o.setBuyerID(id.str(), id.path)
	}
}

func (o *ocds) byRole(role string) jnode {
	for _, p := range o.rec.at("parties").list() {
		for _, r := range p.at("roles").list() {
			if r.str() == role {
				return p
			}
		}
	}
	return jnode{}
}

// countryOf is the country of a party, by its address, else by the register
// that identifies it ("FR-RCS": the prefix is ISO 3166-1 alpha-2).
func countryOf(party jnode) string {
	code := firstNonEmpty(party.at("address", "country").str(), party.at("address", "countryCode").str())
	if name := foldText(party.at("address", "countryName").str()); name == "france" {
		code = "FR"
	}
	if prefix, _, ok := strings.Cut(party.at("identifier", "scheme").str(), "-"); code == "" && ok && len(prefix) == 2 {
		code = prefix
	}
	region, err := language.ParseRegion(code)
	if err != nil || !region.IsCountry() {
		return ""
	}
	return region.ISO3()
}

func (o *ocds) object() {
	tender, award, contract := o.rec.at("tender"), o.rec.at("awards").first(), o.rec.at("contracts").first()
	title := firstNode(tender.at("title"), award.at("title"), contract.at("title"), o.rec.at("planning", "budget", "project"), tender.at("description"), award.at("description"))
	o.fill(&o.Title, "title", title.str(), title.path)
	text := firstNode(tender.at("description"), award.at("description"))
	o.fill(&o.Description, "description", text.str(), text.path)
	o.codes(tender, award, contract)
	value := firstNode(tender.at("value"), tender.at("maxValue"))
	if o.Form.Family == Award {
		value = firstNode(award.at("value"), contract.at("value"), value)
	}
	o.Value = o.sum("value", value)
	for _, a := range tender.at("amendments").list() {
		o.addText(o.Texts, "", "change", a.at("description").str(), a.at("description").path)
	}
}

// codes reads those of the whole: where the tender has its own, not those of
// the items of a lot, which are the lot's.
func (o *ocds) codes(holders ...jnode) {
	tender := holders[0]
	o.addClasses(&o.CPV, "cpv", tender)
	own := len(o.CPV) > 0
	for _, holder := range holders {
		for _, item := range holder.at("items").list() {
			if !own || item.at("relatedLot").str() == "" {
				o.addClasses(&o.CPV, "cpv", item)
			}
		}
	}
	for _, item := range tender.at("items").list() {
		if item.at("relatedLot").str() == "" {
			o.addText(o.Texts, "", "characteristics", item.at("description").str(), item.at("description").path)
		}
	}
}

// sum reads an amount with its currency.
func (o *ocds) sum(field string, n jnode) *Value {
	return o.money(field, n.at("amount").str(), n.at("currency").str(), n.at("amount").path)
}

// deadline keeps the end of a period to answer, of the whole or of a lot.
func (o *ocds) deadline(lot int, field string, end jnode) {
	if end.str() == "" || o.Form.Family == Award {
		return
	}
	p, err := parsePrinted(end.str())
	if err != nil {
		o.warn(WarnDate, field, "the date %.40q is not read", end.str())
		return
	}
	o.keepClock(clock{printed: p, lot: lot, path: end.path})
}

func (o *ocds) documents() {
	for _, n := range o.rec.at("tender", "documents").list() {
		url := n.at("url")
		switch n.at("documentType").str() {
		case "tenderNotice", "awardNotice", "plannedProcurementNotice":
			o.link(&o.Links.Official, "links.official", url.str(), url.path)
		case "biddingDocuments", "technicalSpecifications":
			o.link(&o.Links.Documents, "links.documents", url.str(), url.path)
		}
	}
}

// awards reads who won what, of a cancellation who did, and the contract that followed.
func (o *ocds) awards() {
	all := o.rec.at("awards").list()
	ended := func(a jnode) bool { return a.at("status").str() == "cancelled" }
	only := o.Nature == Cancellation && slices.ContainsFunc(all, ended) // a cancellation may repeat the awards that stand
	for _, a := range all {
		if a.at("status").str() == "unsuccessful" || ended(a) && o.Nature != Cancellation || only && !ended(a) {
			continue
		}
		lots := a.at("relatedLots").list()
		for _, s := range a.at("suppliers").list() {
			o.supplier(s, lots)
		}
	}
	o.contract()
}

func (o *ocds) supplier(s jnode, lots []jnode) {
	party, id := o.parties[s.at("id").str()], ""
	if strings.HasPrefix(party.at("identifier", "scheme").str(), "FR-") {
		id = party.at("identifier", "id").str()
	}
	w := Winner{Name: firstNonEmpty(s.at("name").str(), party.at("name").str(), s.at("id").str())}
	if len(lots) == 0 {
		o.addWinner(w, id, s.path)
	}
	for _, l := range lots {
		w.Lot = l.str()
		o.addWinner(w, id, s.path)
	}
}

// contract keeps the facts of the first contract, or of the award when there
// is no contract yet.
func (o *ocds) contract() {
	award, contract := o.rec.at("awards").first(), o.rec.at("contracts").first()
	o.Award = newAwardFacts()
	o.Award.Contract = contract.at("id").str()
	o.Award.Kind = o.rec.at("tender", "mainProcurementCategory").str()
	o.Award.Procedure = firstNonEmpty(o.rec.at("tender", "procurementMethodDetails").str(), o.rec.at("tender", "procurementMethod").str())
	day := firstNode(contract.at("dateSigned"), award.at("date"))
	if offers, err := strconv.Atoi(o.rec.at("tender", "numberOfTenderers").str()); err == nil && offers > 0 && offers < 1e6 {
		o.Award.Offers = offers
	}
	if o.Award.Notified = civilDate(day.str()); o.Award.Notified != "" {
		o.from("award.notified", day.path)
	}
	period := firstNode(contract.at("period"), award.at("contractPeriod"), o.rec.at("tender", "contractPeriod"))
	if o.Award.Months = monthsOf(period); o.Award.Months > 0 {
		o.from("award.months", period.path)
	}
}

// monthsOf is the length of a period, in months of 365.25/12 days.
func monthsOf(period jnode) int {
	start, errStart := time.Parse("2006-01-02", civilDate(period.at("startDate").str()))
	end, errEnd := time.Parse("2006-01-02", civilDate(period.at("endDate").str()))
	days := end.Sub(start).Hours() / 24
	if errStart != nil || errEnd != nil {
		if _, err := fmt.Sscanf(period.at("durationInDays").str(), "%g", &days); err != nil {
			return 0
		}
	}
	if !(days > 0 && days/30.4375 <= maxMonths) {
		return 0
	}
	return max(1, int(days/30.4375+0.5))
}
