package tenders

import (
	"fmt"
	"strings"
)

// tedFamilies says what the standard forms of TED R2.0.9 do. Some forms serve
// several ends; tedNotices then decides by NOTICE/@TYPE.
var tedFamilies = map[string]Nature{
	"F01": Planning, "F02": Call, "F03": Award, "F04": Planning, "F05": Call, "F06": Award, "F07": Call,
	"F08": Planning, "F12": Call, "F13": Award, "F14": Correction, "F15": Award, "F16": Planning, "F17": Call,
	"F18": Award, "F19": Call, "F20": Award, "F21": Call, "F22": Call, "F23": Award, "F24": Call, "F25": Award,
	"T01": Planning, "T02": Award,
}

// tedNotices refines the family by the declared type of notice. PRI is the
// prior information of social concessions, which calls for applicants
// (directive 2014/23, article 31.3).
var tedNotices = map[string]Nature{
	"AWARD_CONTRACT": Award, "CONCESSION_AWARD_CONTRACT": Award,
	"CONTRACT": Call, "PRI": Call, "PRI_CALL_COMPETITION": Call, "PER_CALL_COMPETITION": Call,
	"QSU_CALL_COMPETITION": Call, "QSU_ONLY": Call,
	"PRI_ONLY": Planning, "PRI_REDUCING_TIME_LIMITS": Planning, "PER_ONLY": Planning, "PER_REDUCING_TIME_LIMITS": Planning,
}

// ted is one document being read.
type ted struct {
	*draft
	root, form *node
}

// readTED reads a notice in the export format of TED R2.0.9 (2014 standard
// forms), calls first.
func readTED(root *node, places *Places) (*Notice, error) {
	t := &ted{draft: newDraft(TED, places), root: root, form: tedForm(root)}
	if t.form == nil {
		return nil, refuse(RefusedMissing, "no form in FORM_SECTION")
	}
	if err := t.identity(); err != nil {
		return nil, err
	}
	t.buyer()
	t.object()
	t.lots()
	t.terms()
	t.winners()
	t.references()
	t.links()
	return t.finish()
}

// tedForm is the original form, in French where there are several languages.
func tedForm(root *node) (form *node) {
	for _, f := range root.at("FORM_SECTION").elements() {
		if form == nil || (f.attr("LG") == "FR" && form.attr("LG") != "FR") {
			form = f
		}
	}
	return form
}

// elements lists the child elements, without the runs of text.
func (n *node) elements() (list []*node) {
	if n == nil {
		return nil
	}
	for _, k := range n.kids {
		if k.name != "" {
			list = append(list, k)
		}
	}
	return list
}

func (t *ted) identity() error {
	t.fill(&t.ID, "id", t.root.attr("DOC_ID"), t.root.path()+"/@DOC_ID")
	oj := t.root.at("CODED_DATA_SECTION", "NOTICE_DATA", "NO_DOC_OJS")
	t.fill(&t.ID, "id", ojKey(oj.str()), oj.path())
	form := t.form.attr("FORM")
	if form == "" {
		form, _, _ = strings.Cut(t.form.name, "_")
	}
	t.fill(&t.Form.Type, "form.type", form, t.form.path()+"/@FORM")
	family, ok := tedFamilies[form]
	if !ok {
		return refuse(RefusedKind, "the form %q of TED is not known", form)
	}
	t.from("nature", t.form.path()+"/@FORM")
	if kind := t.form.at("NOTICE"); kind != nil {
		t.fill(&t.Form.Subtype, "form.subtype", kind.attr("TYPE"), kind.path()+"/@TYPE")
		if n, ok := tedNotices[kind.attr("TYPE")]; ok {
			family = n
			t.from("nature", kind.path()+"/@TYPE")
		}
	}
	t.Form.Family, t.Nature = family, family
	if family == Correction {
		t.Form.Family = Call
	}
	date := t.root.at("CODED_DATA_SECTION", "REF_OJS", "DATE_PUB")
	t.fill(&t.Published, "published", civilDate(date.str()), date.path())
	t.fill(&t.Language, "language", iso639(t.form.attr("LG")), t.form.path()+"/@LG")
	return nil
}

// iso639 turns the two letters of TED into the three of the contract.
func iso639(two string) string {
	const codes = "BG:BUL CS:CES DA:DAN DE:DEU EL:ELL EN:ENG ES:SPA ET:EST FI:FIN FR:FRA GA:GLE HR:HRV HU:HUN IT:ITA LT:LIT LV:LAV MT:MLT NL:NLD PL:POL PT:POR RO:RON SK:SLK SL:SLV SV:SWE"
	return lookupPair(codes, two)
}

// iso3166 turns the two letters of a country of the single market into three.
func iso3166(two string) string {
	const codes = "AT:AUT BE:BEL BG:BGR CH:CHE CY:CYP CZ:CZE DE:DEU DK:DNK EE:EST ES:ESP FI:FIN FR:FRA GP:GLP GF:GUF GR:GRC HR:HRV HU:HUN IE:IRL IS:ISL IT:ITA LI:LIE LT:LTU LU:LUX LV:LVA MQ:MTQ MT:MLT NL:NLD NO:NOR PL:POL PT:PRT RE:REU RO:ROU SE:SWE SI:SVN SK:SVK UK:GBR YT:MYT"
	return lookupPair(codes, two)
}

func lookupPair(table, key string) string {
	if len(key) != 2 {
		return key
	}
	if _, after, ok := strings.Cut(" "+table, " "+strings.ToUpper(key)+":"); ok {
		return after[:3]
	}
	return key
}

func (t *ted) buyer() {
	for _, addr := range t.form.all("CONTRACTING_BODY", "ADDRESS_CONTRACTING_BODY") {
		country := addr.at("COUNTRY")
		t.fill(&t.Buyer.Country, "buyer.country", iso3166(country.attr("VALUE")), country.path()+"/@VALUE")
		name := addr.at("OFFICIALNAME")
		t.fill(&t.Buyer.Name, "buyer.name", name.str(), name.path())
		id := addr.at("NATIONALID")
		t.setBuyerID(id.str(), id.path())
	}
	if isCourt(t.Buyer.Name) {
		t.warn(WarnBuyerIsCourt, "buyer.name", "the buyer given is a court")
	}
}

func (t *ted) object() {
	title := t.form.at("OBJECT_CONTRACT", "TITLE")
	t.fill(&t.Title, "title", title.str(), title.path())
	text := t.form.at("OBJECT_CONTRACT", "SHORT_DESCR")
	t.fill(&t.Description, "description", text.str(), text.path())
	for _, code := range t.form.all("OBJECT_CONTRACT", "CPV_MAIN", "CPV_CODE") {
		t.addCPV(&t.CPV, "cpv", code.attr("CODE"), code.path()+"/@CODE")
	}
	object := t.form.at("OBJECT_CONTRACT")
	t.Value = t.amount("value", firstOf(object.at("VAL_ESTIMATED_TOTAL"), object.at("VAL_TOTAL")))
	t.firstText("award_criteria", t.form.at("PROCEDURE", "CRITERIA_EVALUATION"))
}

func (t *ted) amount(field string, n *node) *Value {
	return t.money(field, n.str(), n.attr("CURRENCY"), n.path())
}

func (t *ted) firstText(name string, n *node) {
	t.addText(t.Texts, "", name, n.str(), n.path())
}

// sight gathers the places of an element: the prefix of NUTS varies, the local
// name does not.
func (t *ted) sight(n *node) (s sight) {
	s.basis = ByPerformance
	for _, nuts := range append(n.all("NUTS"), n.all("PERFORMANCE_NUTS")...) {
		s.nuts = append(s.nuts, strings.ToUpper(nuts.attr("CODE")))
	}
	s.text = n.textAt("MAIN_SITE")
	s.anywhere = saysCountry(s.text)
	return s
}

// lots reads the parts; a TED notice that is not divided has one. The place of
// the notice is that of its parts together, or else that of its coded data.
func (t *ted) lots() {
	parts := t.form.all("OBJECT_CONTRACT", "OBJECT_DESCR")
	parts = parts[:min(len(parts), maxLots+1)]
	places := make([]Place, len(parts))
	for i, part := range parts {
		own := t.sight(part)
		own.country = tedCountry(own.nuts)
		field := fmt.Sprintf("lots[%d].place", i)
		if places[i] = t.place(field, own); !own.empty() {
			t.from(field, part.path()+"/NUTS/@CODE")
			t.from("place", firstNonEmpty(t.Provenance["place"], part.path()+"/NUTS/@CODE"))
		}
	}
	t.Place = t.places.union(places)
	if len(t.Place.NUTS) == 0 {
		data := t.root.at("CODED_DATA_SECTION", "NOTICE_DATA")
		whole := t.sight(data)
		whole.country = tedCountry(whole.nuts)
		whole.text = t.Place.Text
		t.Place = t.place("place", whole)
		t.from("place", data.path()+"/PERFORMANCE_NUTS/@CODE")
	}
	t.deadline()
	for i, part := range parts {
		t.Lots = append(t.Lots, t.lot(i, part, places[i]))
	}
}

// tedCountry is the country of the NUTS codes when they agree on one that is
// not France; "" otherwise.
func tedCountry(nuts []string) string {
	country := ""
	for _, n := range nuts {
		if len(n) < 2 || n[:2] == "FR" || n[0] < 'A' || (country != "" && country != n[:2]) {
			return ""
		}
		country = n[:2]
	}
	return iso3166(country)
}

func (t *ted) lot(i int, part *node, place Place) Lot {
	prefix := fmt.Sprintf("lots[%d].", i)
	number := part.at("LOT_NO")
	lot := newLot(number.str())
	t.from(prefix+"id", number.path())
	if lot.ID == "" {
		lot.ID = firstNonEmpty(part.attr("ITEM"), fmt.Sprint(i+1))
		t.from(prefix+"id", part.path())
	}
	title := part.at("TITLE")
	t.fill(&lot.Title, prefix+"title", title.str(), title.path())
	text := part.at("SHORT_DESCR")
	t.fill(&lot.Description, prefix+"description", text.str(), text.path())
	for _, code := range part.all("CPV_ADDITIONAL", "CPV_CODE") {
		t.addCPV(&lot.CPV, prefix+"cpv", code.attr("CODE"), code.path()+"/@CODE")
	}
	lot.Value = t.amount(prefix+"value", firstOf(part.at("VAL_OBJECT"), part.at("VAL_ESTIMATED_TOTAL")))
	lot.Place = place
	t.addText(lot.Texts, prefix, "additional_information", part.textAt("INFO_ADD"), part.path()+"/INFO_ADD")
	for _, c := range part.at("AC").deep("AC_CRITERION") {
		t.addText(lot.Texts, prefix, "award_criteria", c.str(), c.path())
	}
	return lot
}

func firstNonEmpty(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

// deadline reads the limit of the notice; in a corrigendum, the new value given
// for section IV.2.2.
func (t *ted) deadline() {
	date, hour := t.form.at("PROCEDURE", "DATE_RECEIPT_TENDERS"), t.form.at("PROCEDURE", "TIME_RECEIPT_TENDERS")
	for _, ch := range t.form.all("CHANGES", "CHANGE") {
		if strings.HasPrefix(ch.textAt("WHERE", "SECTION"), "IV.2.2") {
			date, hour = ch.at("NEW_VALUE", "DATE"), ch.at("NEW_VALUE", "TIME")
		}
	}
	if date.str() == "" {
		return
	}
	p, err := parsePrinted(strings.TrimSpace(date.str() + " " + hour.str()))
	if err != nil {
		t.warn(WarnBadDate, "deadline", "%v", err)
		return
	}
	t.keepClock(clock{printed: p, lot: wholeNotice, path: date.path()})
}

// terms reads section III and the complementary information, where clauses are.
func (t *ted) terms() {
	lefti := t.form.at("LEFTI")
	t.firstText("performance_conditions", lefti.at("PERFORMANCE_CONDITIONS"))
	t.firstText("reference_to_law", lefti.at("REFERENCE_TO_LAW"))
	t.firstText("rules_criteria", lefti.at("RULES_CRITERIA"))
	for _, name := range []string{"SUITABILITY", "ECONOMIC_FINANCIAL_INFO", "TECHNICAL_PROFESSIONAL_INFO"} {
		t.firstText("suitability", lefti.at(name))
	}
	t.firstText("additional_information", t.form.at("COMPLEMENTARY_INFO", "INFO_ADD"))
	for _, ch := range t.form.all("CHANGES", "INFO_ADD") {
		t.firstText("change", ch)
	}
	flags := []struct {
		element string
		says    Verdict
		to      []Beneficiary
	}{
		{"RESTRICTED_SHELTERED_WORKSHOP", Reserved, []Beneficiary{EAESAT, SIAE}},
		{"RESTRICTED_SHELTERED_PROGRAM", Execution, nil},
		{"RESERVED_ORGANISATIONS_SERVICE_MISSION", Reserved, []Beneficiary{ESS}},
	}
	for _, f := range flags {
		if n := lefti.at(f.element); n != nil {
			t.flag("", f.says, n.path(), f.element, f.to...)
		}
	}
}

func (t *ted) winners() {
	for _, award := range t.form.all("AWARD_CONTRACT") {
		holders := append(award.all("AWARDED_CONTRACT", "CONTRACTORS", "CONTRACTOR", "ADDRESS_CONTRACTOR"),
			award.all("AWARDED_CONTRACT", "CONTRACTOR", "ADDRESS_CONTRACTOR")...)
		for _, h := range holders {
			name := h.at("OFFICIALNAME")
			t.addWinner(Winner{Name: name.str(), Lot: strings.TrimLeft(award.textAt("LOT_NO"), "0")}, h.textAt("NATIONALID"), name.path())
		}
	}
}

func (t *ted) references() {
	relation := Follows
	if t.Nature == Correction {
		relation = Changes
	}
	numbers := append(t.form.all("PROCEDURE", "NOTICE_NUMBER_OJ"), t.form.all("COMPLEMENTARY_INFO", "NOTICE_NUMBER_OJ")...)
	numbers = append(numbers, t.root.all("CODED_DATA_SECTION", "NOTICE_DATA", "REF_NOTICE", "NO_DOC_OJS")...)
	for _, n := range numbers {
		t.relate(Reference{relation, TED, ojKey(n.str()), ""}, n.path())
	}
}

func (t *ted) links() {
	uris := t.root.all("CODED_DATA_SECTION", "NOTICE_DATA", "URI_LIST", "URI_DOC")
	for _, n := range append(with(uris, "LG", "FR"), uris...) {
		t.link(&t.Links.Official, "links.official", n.str(), n.path())
	}
	body := t.form.at("CONTRACTING_BODY")
	documents := body.at("URL_DOCUMENT")
	t.link(&t.Links.Documents, "links.documents", documents.str(), documents.path())
	submission := firstOf(body.at("URL_PARTICIPATION"), body.at("ADDRESS_CONTRACTING_BODY", "URL_BUYER"))
	t.link(&t.Links.Submission, "links.submission", submission.str(), submission.path())
}
