package tenders

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// eFormsRoots are the UBL documents that carry a notice.
var eFormsRoots = map[string]Nature{
	"ContractNotice":         Call,
	"PriorInformationNotice": Planning,
	"ContractAwardNotice":    Award,
}

// eFormsFamilies says what the form types of eForms (BT-03) do.
var eFormsFamilies = map[string]Nature{
	"competition": Call,
	"planning":    Planning, "consultation": Planning,
	"result": Award, "dir-awa-pre": Award, "cont-modif": Award, "completion": Award,
}

// eForms is one document being read.
type eForms struct {
	*draft
	root, ext *node
	orgs      map[string]*node // companies by ORG-…
}

// readEForms reads an eForms notice (UBL 2.3 with the extensions of the EU),
// calls first; awards and plannings as far as their shape is that of calls.
func readEForms(root *node, places *Places) (*Notice, error) {
	d := newDraft(EForms, places)
	if err := fillEForms(d, root); err != nil {
		return nil, err
	}
	return d.finish()
}

// fillEForms reads the document into a draft, which another source may have
// begun and may complete.
func fillEForms(d *draft, root *node) error {
	if strings.HasPrefix(root.name, "BusinessRegistration") {
		return refuse(RefusedKind, "a registration of a business entity, not a procurement")
	}
	if _, ok := eFormsRoots[root.name]; !ok {
		return refuse(RefusedKind, "the document %q is no notice", root.name)
	}
	e := &eForms{draft: d, root: root}
	e.ext = root.at("UBLExtensions", "UBLExtension", "ExtensionContent", "EformsExtension")
	if err := e.coherent(); err != nil {
		return err
	}
	e.identity()
	e.changes()
	e.buyer()
	e.object()
	e.lots()
	e.winners()
	e.links()
	return nil
}

func (e *eForms) identity() {
	id := e.root.at("ID")
	e.fill(&e.ID, "id", id.str(), id.path())
	version := e.root.at("VersionID")
	e.fill(&e.Version, "version", version.str(), version.path())
	folder := e.root.at("ContractFolderID")
	e.fill(&e.Procedure, "procedure", folder.str(), folder.path())
	kind := e.root.at("NoticeTypeCode")
	subtype := e.ext.at("NoticeSubType", "SubTypeCode")
	e.fill(&e.Form.Type, "form.type", kind.str(), kind.path())
	e.fill(&e.Form.Subtype, "form.subtype", subtype.str(), subtype.path())
	e.Form.Family = eFormsRoots[e.root.name]
	if family, ok := eFormsFamilies[kind.attr("listName")]; ok {
		e.Form.Family = family
	}
	e.Nature = e.Form.Family
	e.from("nature", kind.path())
	if kind.attr("listName") == "change" {
		e.Nature = Correction
	}
	lang := e.root.at("NoticeLanguageCode")
	e.fill(&e.Language, "language", lang.str(), lang.path())
	date := firstOf(e.ext.at("Publication", "PublicationDate"), e.root.at("IssueDate"))
	if day, _, _ := strings.Cut(civilDate(date.str()), "T"); day != "" {
		e.fill(&e.Published, "published", day, date.path())
	}
}

// civilDate keeps the date of a printed date and time, "" if it is none.
func civilDate(raw string) string {
	p, err := parsePrinted(raw)
	if err != nil {
		return ""
	}
	return p.wall.Format("2006-01-02")
}

func firstOf(nodes ...*node) *node {
	for _, n := range nodes {
		if n.str() != "" {
			return n
		}
	}
	return nil
}

var (
	noticeVersion = regexp.MustCompile(`^([0-9a-fA-F-]{36})-(\d{1,3})$`)
	noticeUUID    = regexp.MustCompile(`^[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}$`)
	ojNumber      = regexp.MustCompile(`^\d{1,8}-\d{4}$`)
)

// noticeReference reads "uuid", "uuid-01" or an OJ number.
func noticeReference(relation Relation, raw string) Reference {
	raw = tidy(raw)
	switch m := noticeVersion.FindStringSubmatch(raw); {
	case m != nil:
		return Reference{relation, EForms, m[1], m[2]}
	case noticeUUID.MatchString(raw):
		return Reference{relation, EForms, raw, ""}
	case ojNumber.MatchString(raw):
		return Reference{relation, TED, raw, ""}
	}
	return Reference{}
}

func (e *eForms) changes() {
	for _, ch := range e.ext.all("Changes") {
		e.Nature = Correction
		e.from("nature", ch.path())
		for _, reason := range ch.all("ChangeReason", "ReasonCode") {
			if reason.str() == "cancel" {
				e.Nature = Cancellation
				e.from("nature", reason.path())
			}
		}
		for _, id := range ch.all("ChangedNoticeIdentifier") {
			e.relate(noticeReference(Changes, id.str()), id.path())
		}
		e.addText(e.Texts, "", "change", pick(ch.all("Change", "ChangeDescription"), e.Language).str(), ch.path())
	}
	for _, id := range e.root.all("TenderingProcess", "NoticeDocumentReference", "ID") {
		e.relate(noticeReference(Follows, id.str()), id.path())
	}
	for _, id := range e.ext.all("Publication", "NoticePublicationID") {
		e.relate(noticeReference(SameAs, id.str()), id.path())
	}
}

// pick chooses among translations: French, else the language of the notice,
// else the first.
func pick(nodes []*node, language string) *node {
	for _, want := range []string{"FRA", language} {
		for _, n := range nodes {
			if strings.EqualFold(n.attr("languageID"), want) && n.str() != "" {
				return n
			}
		}
	}
	return firstOf(nodes...)
}

// texts joins repeated texts, each in its best language, without repetition.
func (e *eForms) joined(nodes []*node) string {
	var parts []string
	for _, n := range nodes {
		if lang := n.attr("languageID"); lang != "" && lang != "FRA" && lang != e.Language {
			continue
		}
		if s := n.str(); s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, "\n")
}

func (e *eForms) buyer() {
	e.orgs = map[string]*node{}
	for _, c := range e.ext.all("Organizations", "Organization", "Company") { //nolint:misspell // the name of the element
		e.orgs[c.textAt("PartyIdentification", "ID")] = c
	}
	var court *node
	for _, party := range e.root.all("ContractingParty", "Party") {
		org := e.orgs[party.textAt("PartyIdentification", "ID")]
		if org == nil {
			org = party
		}
		if isCourt(e.orgName(org).str()) {
			court = org
			continue
		}
		if e.orgName(org) != nil {
			e.setBuyer(org)
			return
		}
	}
	if court != nil {
		e.setBuyer(court)
		e.warn(WarnBuyerIsCourt, "buyer.name", "the buyer given is a court")
	}
}

func (e *eForms) orgName(org *node) *node { return pick(org.all("PartyName", "Name"), e.Language) }

func (e *eForms) setBuyer(org *node) {
	name := e.orgName(org)
	e.fill(&e.Buyer.Name, "buyer.name", name.str(), name.path())
	country := org.at("PostalAddress", "Country", "IdentificationCode")
	e.fill(&e.Buyer.Country, "buyer.country", country.str(), country.path())
	for _, id := range org.all("PartyLegalEntity", "CompanyID") {
		e.setBuyerID(id.str(), id.path())
	}
}

// object reads the project as a whole.
func (e *eForms) object() {
	project := e.root.at("ProcurementProject")
	title := pick(project.all("Name"), e.Language)
	e.fill(&e.Title, "title", title.str(), title.path())
	text := pick(project.all("Description"), e.Language)
	e.fill(&e.Description, "description", text.str(), text.path())
	note := project.all("Note")
	e.addText(e.Texts, "", "additional_information", e.joined(note), pick(note, e.Language).path())
	for _, n := range classifications(project) {
		e.addCPV(&e.CPV, "cpv", n.str(), n.path())
	}
	e.Value = e.amount("value", project.at("RequestedTenderTotal", "EstimatedOverallContractAmount"))
	e.socialFlags("", project, e.root.at("TenderingTerms"))
}

func classifications(project *node) []*node {
	return append(project.all("MainCommodityClassification", "ItemClassificationCode"),
		project.all("AdditionalCommodityClassification", "ItemClassificationCode")...)
}

func (e *eForms) amount(field string, n *node) *Value {
	return e.money(field, n.str(), n.attr("currencyID"), n.path())
}

// money reads an amount without tax; one without a currency is in euros. Nonsense
// amounts and currencies are dropped with a warning.
func (d *draft) money(field, raw, currency, path string) *Value {
	if raw == "" {
		return nil
	}
	v, err := strconv.ParseFloat(strings.ReplaceAll(strings.ReplaceAll(raw, " ", ""), ",", "."), 64)
	if err != nil || v < 0 || v > 1e12 {
		d.warn(WarnBadValue, field, "the amount %.30q is not kept", raw)
		return nil
	}
	if v == 0 {
		return nil
	}
	currency = firstNonEmpty(strings.ToUpper(tidy(currency)), "EUR")
	if !isoCurrency(currency) {
		d.warn(WarnBadValue, field, "the currency %.10q is not read", currency)
		return nil
	}
	d.from(field, path)
	return &Value{Amount: v, Currency: currency}
}

// isoCurrency recognises the shape of a code of ISO 4217.
func isoCurrency(s string) bool {
	return len(s) == 3 && strings.IndexFunc(s, func(r rune) bool { return r < 'A' || r > 'Z' }) < 0
}

// WarnBadValue: an amount that is no amount, or beyond 10^12, or in no currency.
const WarnBadValue = "bad_value"

// sight gathers the places of performance of a project.
func (e *eForms) sight(project *node) (s sight, path string) {
	for _, loc := range project.all("RealizedLocation") {
		addr := loc.at("Address")
		if path == "" {
			path = loc.path()
		}
		one := sight{basis: ByPerformance, country: addr.textAt("Country", "IdentificationCode")}
		one.text = pick(loc.all("Description"), e.Language).str()
		switch addr.textAt("Region") {
		case "anyw-cou", "anyw", "anyw-eea":
			one.anywhere = true
		default:
			one.anywhere = saysCountry(one.text)
		}
		nuts := addr.textAt("CountrySubentityCode")
		if nuts != "" {
			one.nuts = append(one.nuts, nuts)
		}
		if city, zip := addr.textAt("CityName"), addr.textAt("PostalZone"); city != "" || zip != "" {
			one.towns = append(one.towns, town{city, zip, nuts})
		}
		s.add(one)
	}
	return s, path
}

// lots reads the lots, or the parts of a planning; the place of the notice is
// that of its lots together, or of the project where no lot has one.
func (e *eForms) lots() {
	whole, path := e.sight(e.root.at("ProcurementProject"))
	var lots []*node
	for _, l := range e.root.all("ProcurementProjectLot") {
		switch l.at("ID").attr("schemeName") {
		case "Lot", "Part", "":
			lots = append(lots, l)
		}
	}
	lots = lots[:min(len(lots), maxLots+1)]
	e.Place = e.place("place", whole)
	places := make([]Place, len(lots))
	for i, l := range lots {
		own, lotPath := e.sight(l.at("ProcurementProject"))
		if own.empty() && own.country == "" {
			places[i] = e.Place
			continue
		}
		field := fmt.Sprintf("lots[%d].place", i)
		places[i] = e.place(field, own)
		e.from(field, lotPath)
		path = firstNonEmpty(path, lotPath)
	}
	if union := e.places.union(places); union.Scope != PlaceUnknown || e.Place.Scope == PlaceUnknown && len(lots) > 0 {
		union.NUTS = sortedSet(append(union.NUTS, e.Place.NUTS...))
		e.Place = union
	}
	e.from("place", path)
	for i, l := range lots {
		e.Lots = append(e.Lots, e.lot(i, l, places[i]))
	}
}

func (e *eForms) lot(i int, l *node, place Place) Lot {
	prefix := fmt.Sprintf("lots[%d].", i)
	id, project := l.at("ID"), l.at("ProcurementProject")
	lot := newLot(id.str())
	e.from(prefix+"id", id.path())
	title := pick(project.all("Name"), e.Language)
	e.fill(&lot.Title, prefix+"title", title.str(), title.path())
	text := pick(project.all("Description"), e.Language)
	e.fill(&lot.Description, prefix+"description", text.str(), text.path())
	note := project.all("Note")
	e.addText(lot.Texts, prefix, "additional_information", e.joined(note), pick(note, e.Language).path())
	for _, n := range classifications(project) {
		e.addCPV(&lot.CPV, prefix+"cpv", n.str(), n.path())
	}
	lot.Value = e.amount(prefix+"value", project.at("RequestedTenderTotal", "EstimatedOverallContractAmount"))
	lot.Place = place
	e.deadline(i, l.at("TenderingProcess"))
	e.socialTexts(&lot, prefix, l.at("TenderingTerms"), project)
	e.socialFlags(prefix, project, l.at("TenderingTerms"))
	return lot
}

// deadline keeps the moments by which something must be handed in: tenders
// (BT-131), requests to participate (BT-1311) or expressions of interest (BT-630).
func (e *eForms) deadline(lot int, process *node) {
	periods := []*node{process.at("TenderSubmissionDeadlinePeriod"), process.at("ParticipationRequestReceptionPeriod")}
	periods = append(periods, process.deep("InterestExpressionReceptionPeriod")...)
	for _, period := range periods {
		date, hour := period.textAt("EndDate"), period.textAt("EndTime")
		if date == "" {
			continue
		}
		p, err := parsePrinted(strings.TrimSpace(date + " " + hour))
		if err != nil {
			e.warn(WarnBadDate, fmt.Sprintf("lots[%d].deadline", lot), "%v", err)
			continue
		}
		e.keepClock(clock{printed: p, lot: lot, path: period.path()})
	}
}

// WarnBadDate: a date that is none, or in another century.
const WarnBadDate = "bad_date"

// socialTexts gathers the passages of a lot where clauses are written.
func (e *eForms) socialTexts(lot *Lot, prefix string, terms, project *node) {
	for _, req := range terms.all("ContractExecutionRequirement") {
		name := "performance_conditions"
		if req.at("ExecutionRequirementCode").attr("listName") == "reserved-execution" {
			name = "reserved_execution"
		}
		e.addText(lot.Texts, prefix, name, e.joined(req.all("Description")), req.path())
	}
	for _, req := range terms.all("TendererQualificationRequest", "SpecificTendererRequirement") {
		if req.at("TendererRequirementTypeCode").attr("listName") == "reserved-procurement" {
			e.addText(lot.Texts, prefix, "reserved_participation", e.joined(req.all("Description")), req.path())
		}
	}
	for _, c := range terms.all("AwardingTerms", "AwardingCriterion", "SubordinateAwardingCriterion") {
		text := e.joined(append(c.all("Name"), c.all("Description")...))
		e.addText(lot.Texts, prefix, "award_criteria", text, c.path())
	}
	for _, c := range terms.deep("SelectionCriteria") {
		text := e.joined(append(c.all("Name"), c.all("Description")...))
		e.addText(lot.Texts, prefix, "suitability", text, c.path())
	}
	for _, p := range project.all("ProcurementAdditionalType", "ProcurementType") {
		e.addText(lot.Texts, prefix, "strategic_procurement", p.str(), p.path())
	}
}

// socialFlags keeps the structured flags: BT-71, BT-736, BT-775.
func (e *eForms) socialFlags(prefix string, project, terms *node) {
	for _, code := range terms.all("TendererQualificationRequest", "SpecificTendererRequirement", "TendererRequirementTypeCode") {
		switch code.str() {
		case "res-ws":
			e.flag(prefix, Reserved, code.path(), code.str(), EAESAT, SIAE)
		case "res-pub-ser":
			e.flag(prefix, Reserved, code.path(), code.str(), ESS)
		case "none":
			e.flag(prefix, NoClause, code.path(), code.str())
		}
	}
	for _, code := range with(terms.all("ContractExecutionRequirement", "ExecutionRequirementCode"), "listName", "reserved-execution") {
		if code.str() == "yes" {
			e.flag(prefix, Execution, code.path(), code.str())
		}
	}
	for _, code := range with(project.all("ProcurementAdditionalType", "ProcurementTypeCode"), "listName", "social-objective") {
		if code.str() == "opp" {
			e.flag(prefix, ToConfirm, code.path(), code.str())
		}
	}
}

// winners follows LotResult → LotTender → TenderingParty → Tenderer → company.
func (e *eForms) winners() {
	result := e.ext.at("NoticeResult")
	tenders, parties := map[string]*node{}, map[string]*node{}
	for _, t := range result.all("LotTender") {
		tenders[t.textAt("ID")] = t
	}
	for _, p := range result.all("TenderingParty") {
		parties[p.textAt("ID")] = p
	}
	for _, r := range result.all("LotResult") {
		if r.textAt("TenderResultCode") != "selec-w" {
			continue
		}
		for _, ref := range r.all("LotTender", "ID") {
			party := parties[tenders[ref.str()].textAt("TenderingParty", "ID")]
			for _, who := range party.all("Tenderer", "ID") {
				org := e.orgs[who.str()]
				name := e.orgName(org)
				e.addWinner(Winner{Name: name.str(), Lot: r.textAt("TenderLot", "ID")},
					org.textAt("PartyLegalEntity", "CompanyID"), name.path())
			}
		}
	}
}

func (e *eForms) links() {
	for _, n := range e.root.all("ProcurementProjectLot", "TenderingTerms", "CallForTendersDocumentReference", "Attachment", "ExternalReference", "URI") {
		e.link(&e.Links.Documents, "links.documents", n.str(), n.path())
	}
	for _, n := range e.root.all("ProcurementProjectLot", "TenderingTerms", "TenderRecipientParty", "EndpointID") {
		e.link(&e.Links.Submission, "links.submission", n.str(), n.path())
	}
	for _, r := range e.Related {
		if r.Relation == SameAs && r.Scheme == TED {
			e.link(&e.Links.Official, "links.official", tedPage(r.ID), e.Provenance["related[0]"])
		}
	}
}
