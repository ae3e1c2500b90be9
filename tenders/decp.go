package tenders

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The essential data of public procurement (données essentielles de la commande
// publique, order of 22 December 2022 and, before it, of 22 March 2019): awards
// only. The reader takes one contract, whether it comes from JSON, XML or a row
// of CSV, in the names of the order; the first version differs by its lists
// without wrappers and by having no social fields.

// Warnings on awards.
const (
	WarnNoName   = "name_unknown"
	WarnNoTitle  = "title_unknown"
	WarnDuration = "bad_duration"
	WarnDate     = "bad_date"
)

// Bounds of what is believed: a market may not exceed the longest concessions
// (99 years), and the code of procurement has no data before 1990.
const (
	maxMonths = 99 * 12
	firstYear = 1990
	lastYear  = 2100
)

// isDECP tells a contract of the essential data by its buyer and what only such
// a contract has.
func isDECP(rec jnode) bool {
	return decpBuyer(rec).v != nil && (rec.at("objet").v != nil || rec.at("codeCPV").v != nil || rec.at("titulaires").v != nil || rec.at("concessionnaires").v != nil)
}

func decpBuyer(rec jnode) jnode {
	return firstNode(rec.at("acheteur", "id"), rec.at("acheteur.id"), rec.at("autoriteConcedante", "id"), rec.at("acheteur"), rec.at("autoriteConcedante"))
}

func firstNode(nodes ...jnode) jnode {
	for _, n := range nodes {
		if n.v != nil {
			return n
		}
	}
	return jnode{}
}

// decp is one contract being read.
type decp struct {
	*draft
	rec jnode
}

func readDECP(rec jnode, places *Places) (*Notice, error) {
	c := &decp{newDraft(DECP, places), rec}
	c.Award = newAwardFacts()
	c.identify()
	c.setBuyer()
	c.object()
	c.contract()
	c.holders()
	c.modify()
	c.name()
	c.considerations()
	c.Place = c.where(rec.at("lieuExecution"))
	if c.Place.Scope != PlaceUnknown {
		c.from("place", rec.at("lieuExecution").path)
	}
	return c.finish()
}

// identify makes the key of the essential data: the number is unique at its
// buyer only.
func (c *decp) identify() {
	id, buyer := c.rec.at("id"), blanksInNumber.ReplaceAllString(decpBuyer(c.rec).str(), "")
	c.Nature, c.Form.Family, c.Language = Award, Award, "FRA"
	c.Form.Type = firstNonEmpty(c.rec.at("nature").str(), c.rec.at("_type").str())
	c.Form.Subtype = c.generation()
	c.from("nature", firstNonEmpty(c.rec.at("nature").path, c.rec.at("_type").path, "/"))
	if id.str() == "" {
		return
	}
	c.fill(&c.ID, "id", strings.TrimPrefix(buyer+":"+id.str(), ":"), id.path)
	if buyer != "" {
		c.fill(&c.Procedure, "procedure", "decp:"+c.ID, id.path)
	}
	c.Award.Contract, c.Award.Framework = id.str(), c.rec.at("idAccordCadre").str()
}

// generation tells the format of 2022 from the first by what only it has.
func (c *decp) generation() string {
	for _, key := range []string{"considerationsSociales", "techniques", "typesPrix", "modalitesExecution", "ccag", "considerationsEnvironnementales"} {
		if c.rec.at(key).v != nil {
			return "DECP-2022"
		}
	}
	return "DECP-1"
}

func (c *decp) setBuyer() {
	c.Buyer.Country = "FRA"
	id := decpBuyer(c.rec)
	c.setBuyerID(id.str(), id.path)
	name := firstNode(c.rec.at("acheteur", "nom"), c.rec.at("acheteur.nom"), c.rec.at("autoriteConcedante", "nom"))
	c.fill(&c.Buyer.Name, "buyer.name", name.str(), name.path)
	if c.Buyer.Name == "" && id.str() != "" {
		c.warn(WarnNoName, "buyer.name", "the buyer is known by its number only")
		c.fill(&c.Buyer.Name, "buyer.name", "SIRET "+id.str(), id.path)
	}
}

func (c *decp) object() {
	object, cpv := c.rec.at("objet"), c.rec.at("codeCPV")
	c.addCPV(&c.CPV, "cpv", cpv.str(), cpv.path)
	title, _ := restoreMarks(object.str())
	c.fill(&c.Title, "title", title, object.path)
	if c.Title == "" && len(c.CPV) > 0 {
		c.warn(WarnNoTitle, "title", "no object is given; the label of the CPV stands for it")
		c.fill(&c.Title, "title", firstNonEmpty(c.CPV[0].Label(), "CPV "+string(c.CPV[0])), cpv.path)
	}
}

// contract reads the facts that a forecast of the next call needs.
func (c *decp) contract() {
	a := c.Award
	a.Kind, a.Procedure = c.rec.at("nature").str(), c.rec.at("procedure").str()
	a.Notified = c.date("award.notified", firstNode(c.rec.at("dateNotification"), c.rec.at("dateSignature")))
	a.Months = c.months("award.months", c.rec.at("dureeMois"))
	a.Offers, _ = strconv.Atoi(c.rec.at("offresRecues").str())
	a.Offers = max(0, min(a.Offers, 100_000))
	published := c.rec.at("datePublicationDonnees")
	c.fill(&c.Published, "published", c.date("published", published), published.path)
	if c.Published == "" {
		c.fill(&c.Published, "published", a.Notified, c.Provenance["award.notified"])
	}
	c.Value = c.worth("value", firstNode(c.rec.at("montant"), c.rec.at("valeurGlobale")))
}

// date reads a civil date; an impossible year is kept as printed.
func (c *decp) date(field string, n jnode) string {
	raw := n.str()
	if raw == "" {
		return ""
	}
	day := civilDate(raw)
	if year, _ := strconv.Atoi(day[:min(4, len(day))]); year < firstYear || year > lastYear {
		c.doubt(WarnDate, lastStep(n.path), field, raw)
		return ""
	}
	c.from(field, n.path)
	return day
}

// months reads a duration in months. "NC" is said by some publishers.
func (c *decp) months(field string, n jnode) int {
	raw := n.str()
	if raw == "" {
		return 0
	}
	v, err := strconv.ParseFloat(strings.ReplaceAll(raw, ",", "."), 64)
	if err != nil || !(v > 0 && v <= maxMonths) {
		c.doubt(WarnDuration, lastStep(n.path), field, raw)
		return 0
	}
	c.from(field, n.path)
	return max(1, int(v+0.5))
}

// worth reads an amount; one that is not believed is kept as printed.
func (c *decp) worth(field string, n jnode) *Value {
	before := len(c.Warnings)
	v := c.money(field, n.str(), "EUR", n.path)
	if v == nil && len(c.Warnings) > before {
		c.Award.Raw[lastStep(n.path)] = n.str()[:min(100, len(n.str()))]
	}
	return v
}

func lastStep(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

// holders reads who won. A list may be of wrappers, of lists, or one object.
func (c *decp) holders() {
	for _, h := range c.parties(firstNode(c.rec.at("titulaires"), c.rec.at("titulaire"), c.rec.at("concessionnaires"))) {
		c.addHolder(h)
	}
}

// parties finds the objects with an identifier or a name, however deep: in
// lists, in wrappers, in both.
func (c *decp) parties(n jnode) (list []jnode) {
	switch n.v.(type) {
	case []any:
		for _, one := range n.list() {
			list = append(list, c.parties(one)...)
		}
	case map[string]any:
		if n.at("id").v != nil || n.at("denominationSociale").v != nil {
			return []jnode{n}
		}
		for _, key := range n.keys() {
			list = append(list, c.parties(n.at(key))...)
		}
	}
	return list[:min(len(list), maxList)]
}

func (c *decp) addHolder(h jnode) {
	id, name, kind := h.at("id").str(), h.at("denominationSociale").str(), firstNonEmpty(h.at("typeIdentifiant").str(), "SIRET")
	field := fmt.Sprintf("winners[%d]", len(c.Winners))
	if name == "" && id != "" {
		c.warn(WarnNoName, "winners", "a holder is known by its number only")
		name = kind + " " + id
	}
	number := ""
	if strings.EqualFold(kind, "SIRET") {
		number = id
		if siret, _, doubt := readSIRET(id); doubt != "" {
			c.warn(doubt, field+".siret", "the number %.40q of a holder is doubtful", firstNonEmpty(siret, id))
		}
	}
	c.addWinner(Winner{Name: name}, number, h.path)
}

// modify applies the changes of a running contract, in the order of their
// dates: what is told is the contract as it stands, with each change beside it.
func (c *decp) modify() {
	var nodes []jnode
	for _, m := range c.rec.at("modifications").list() {
		if inner := m.at("modification"); inner.v != nil {
			nodes = append(nodes, inner.list()...)
			continue
		}
		if _, is := m.v.(map[string]any); is {
			nodes = append(nodes, m)
		}
	}
	nodes = nodes[:min(len(nodes), maxList)]
	slices.SortStableFunc(nodes, func(a, b jnode) int { return strings.Compare(modified(a), modified(b)) })
	for i, m := range nodes {
		c.change(strconv.Itoa(i+1), m)
	}
	if len(nodes) > 0 {
		c.fill(&c.Version, "version", strconv.Itoa(len(nodes)), c.rec.at("modifications").path)
	}
}

func modified(m jnode) string {
	return civilDate(firstNode(m.at("dateNotificationModification"), m.at("dateSignatureModification")).str())
}

func (c *decp) change(number string, m jnode) {
	out := Modification{Number: firstNonEmpty(m.at("id").str(), number), Object: mask(m.at("objetModification").str())}
	field := fmt.Sprintf("award.modifications[%d]", len(c.Award.Modifications))
	out.Notified = c.date(field+".notified", firstNode(m.at("dateNotificationModification"), m.at("dateSignatureModification")))
	out.Published = c.date(field+".published", m.at("datePublicationDonneesModification"))
	if out.Months = c.months(field+".months", m.at("dureeMois")); out.Months > 0 {
		c.Award.Months = out.Months
		c.from("award.months", m.at("dureeMois").path)
	}
	if v := c.worth("value", firstNode(m.at("montant"), m.at("valeurGlobale"))); v != nil {
		c.Value, out.Amount = v, v.Amount
	}
	if out.Published > c.Published {
		c.Published = out.Published
		c.from("published", m.at("datePublicationDonneesModification").path)
	}
	if list := c.parties(m.at("titulaires")); len(list) > 0 {
		c.Winners = []Winner{}
		for _, h := range list {
			c.addHolder(h)
		}
	}
	c.Award.Modifications = append(c.Award.Modifications, out)
}

// name keeps the provenance of the holders that are left.
func (c *decp) name() {
	for i := len(c.Winners); ; i++ {
		field := fmt.Sprintf("winners[%d]", i)
		if c.Provenance[field+".name"] == "" {
			return
		}
		delete(c.Provenance, field+".name")
		delete(c.Provenance, field+".siret")
	}
}

// considerations are the social fields of the order of 2022, flags without text.
func (c *decp) considerations() {
	for _, n := range c.rec.at("considerationsSociales").leaves() {
		c.Award.Considerations = append(c.Award.Considerations, n.str())
		switch said := foldText(n.str()); {
		case strings.Contains(said, "pas de consideration"), said == "":
		case strings.Contains(said, "reserve"):
			c.flag("", Reserved, n.path, n.str())
		case strings.Contains(said, "clause"):
			c.flag("", Execution, n.path, n.str())
		case strings.Contains(said, "critere"):
			c.flag("", Criterion, n.path, n.str())
		}
	}
}

// maxLeaves bounds the texts read of one field.
const maxLeaves = 20

// leaves lists the texts below, those of lists included, at most maxLeaves.
func (j jnode) leaves() (list []jnode) {
	switch v := j.v.(type) {
	case string:
		if tidy(v) != "" {
			return []jnode{j}
		}
	case []any:
		for _, one := range j.list() {
			list = append(list, one.leaves()...)
		}
	case map[string]any:
		for _, key := range j.keys() {
			list = append(list, j.at(key).leaves()...)
		}
	}
	return list[:min(len(list), maxLeaves)]
}

// addMonths adds calendar months to a civil date.
func addMonths(day string, months int) string {
	t, err := time.Parse("2006-01-02", day)
	if err != nil {
		return ""
	}
	first := time.Date(t.Year(), t.Month()+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(t.Day(), last)-1).Format("2006-01-02")
}
