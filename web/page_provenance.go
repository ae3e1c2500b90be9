package web

import (
	"strconv"
	"strings"
	"time"

	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/tenders"
)

// ToldRow is a field with the notice that it was taken from.
type ToldRow struct {
	Field, Value string
	Notice       Link
	When         string // the day of that notice
	Agree        string // how many others say the same
}

// told lists where each field of an opportunity comes from; one that people
// wrote has no notice, and its history says who.
func (c *call) told(o *opportunities.Opportunity) ([]ToldRow, error) {
	all, err := c.s.cfg.Tenders.Told(c.r.Context(), o.Key)
	if err != nil {
		return nil, err
	}
	rows := make([]ToldRow, 0, len(all))
	for _, one := range all {
		row := ToldRow{Field: upperFirst(c.fieldWords(one.Field)), Value: clip(c.factWords(one.Field, one.Value), 160),
			Notice: c.noticeLink(one.Notice.Notice), When: c.civilDay(one.Notice.Notice.Published)}
		if one.Agree > 0 {
			row.Agree = c.N("opp.told_agree", one.Agree)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// noticeLink names a notice as its publisher does, and leads to it.
func (c *call) noticeLink(n *tenders.Notice) Link {
	link := Link{Text: c.sourceWords(string(n.Source)) + " " + noticeNumber(n)}
	if safeLink(n.Links.Official) {
		link.Href = n.Links.Official
	}
	return link
}

// noticeNumber is the number of the official journal rather than a UUID, which
// is nobody's to read whole.
func noticeNumber(n *tenders.Notice) string {
	for _, r := range n.Related {
		if n.Source == tenders.EForms && r.Relation == tenders.SameAs && r.Scheme == tenders.TED {
			return r.ID
		}
	}
	if n.Source == tenders.EForms && len(n.ID) == 36 {
		return n.ID[:8]
	}
	return n.ID
}

// fieldWords names a field of a notice or of a history.
func (c *call) fieldWords(field string) string {
	if key := "field." + field; c.Has(key) {
		return c.T(key)
	}
	return field
}

// factWords says what a notice says of a field.
func (c *call) factWords(field, value string) string {
	if value == "" {
		return ""
	}
	switch field {
	case "deadline":
		if t, err := time.ParseInLocation(time.DateTime, value, c.zone); err == nil {
			return c.When(t, c.now)
		}
	case "place":
		if value == string(opportunities.WholeCountry) {
			return c.T("place.country")
		}
		return or(c.perimeterWords(value), value)
	case "published":
		return or(c.civilDay(value), value)
	case "codes":
		var words []string
		for _, code := range strings.Fields(value) {
			words = append(words, c.codeWords(nomenclatures.Code{Scheme: nomenclatures.SchemeCPV, Value: code}))
		}
		return c.list(words)
	case "amount":
		number, currency, _ := strings.Cut(value, " ")
		if amount, err := strconv.ParseFloat(number, 64); err == nil {
			return c.T("opp.excl", "Amount", c.Money(amount, currency))
		}
	case "clause":
		verdict, reserved, _ := strings.Cut(value, ":")
		if reserved != "" {
			return c.T("reserved." + reserved)
		}
		return c.T("clause." + verdict)
	}
	return value
}
