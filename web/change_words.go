package web

import (
	"regexp"
	"slices"
	"strings"

	"maillage/nomenclatures"
	"maillage/opportunities"
)

// lotField is the path of a field of a lot.
var lotField = regexp.MustCompile(`^lots\[(.+)\]\.([\w.]+)$`)

// changeRow says the difference of a field; fields and states have their words.
// Before is empty for what was not said, After for what no longer is. Both read
// the same where only programs tell the difference.
func (c *call) changeRow(change opportunities.Change) ChangeRow {
	field, lot := change.Field, ""
	if m := lotField.FindStringSubmatch(field); m != nil {
		lot, field = c.T("opp.lot_n", "Number", shortNumber(m[1])), m[2]
	}
	row := ChangeRow{Field: joined(", ", lot, c.fieldWords(field)), Before: c.valueWords(field, change.Before), After: c.valueWords(field, change.After)}
	if strings.HasSuffix(change.Field, "terms.contact") { // that it changed is told, never what it is
		row.After = c.T("change.private")
	}
	if m := wholeLot.FindStringSubmatch(change.Field); m != nil && m[2] == "" {
		row.Field = c.T("opp.lot_n", "Number", shortNumber(m[1]))
	}
	return row
}

// valueWords says one side of a difference; "" for what says nothing.
func (c *call) valueWords(field string, value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return c.textWords(field, v)
	case bool:
		return c.T(map[bool]string{true: "change.yes", false: "change.no"}[v])
	case int:
		return c.amountOf(field, float64(v))
	case float64:
		return c.amountOf(field, v)
	}
	return c.anyWords(value)
}

// amountOf says a number of a history with its unit; 0 is not said.
func (c *call) amountOf(field string, n float64) string {
	if n == 0 {
		return ""
	}
	switch field {
	case "amount", "turnover", "insurance", "forecast.amount":
		return c.Money(n, "")
	case "hours", "clause.hours":
		return c.Decimal(n, 1) + nbsp + "h"
	case "fte":
		return c.T("change.fte", "N", c.Decimal(n, 2))
	case "insertion.share", "clause.confidence", "forecast.confidence":
		return c.Percent(n)
	case "insertion.months":
		return c.N("change.months", int(n))
	case "working_days":
		return c.N("change.working_days", int(n))
	case "buyer_id", "publisher_id", "procurement_id":
		return c.T("change.number", "N", int(n))
	}
	return c.Decimal(n, 2)
}

// textWords says a text of a history: the codes in words, the rest as it is.
func (c *call) textWords(field, value string) string {
	if value == "" {
		return ""
	}
	switch field {
	case "state":
		return c.wordOf("ostate.", value)
	case "kind":
		return c.wordOf("kind.", value)
	case "source":
		return c.sourceWords(value)
	case "forecast.end":
		return strings.TrimSuffix(c.wordOf("coming.notice.", value), ".")
	case "starts_on", "ends_on", "insertion.awarded":
		return or(c.civilDay(value), value)
	case "forecast":
		return c.windowWords(value)
	case "modes":
		return c.eachWord("mode.", value)
	case "place":
		return or(c.perimeterWords(value), c.scopeWords(value))
	case "codes":
		return or(c.codesSaid(value), c.anyWords(value))
	case "clause":
		verdict, reserved, _ := strings.Cut(strings.TrimSuffix(value, ")"), " (")
		return c.factWords("clause", joined(":", verdict, reserved))
	}
	return c.anyWords(value)
}

// wordOf is the message of a code, or the code where there is none.
func (c *call) wordOf(prefix, code string) string {
	if key := prefix + code; c.Has(key) {
		return c.T(key)
	}
	return code
}

func (c *call) eachWord(prefix, codes string) string {
	all := strings.Split(codes, ", ")
	for i := range all {
		all[i] = lowerFirst(c.wordOf(prefix, all[i]))
	}
	return c.list(all)
}

// windowWords says when a call was expected.
func (c *call) windowWords(value string) string {
	from, until, ok := opportunities.Window(value)
	if from, until = c.civilDay(from), c.civilDay(until); !ok || from == "" || until == "" {
		return value
	}
	return c.T("coming.between", "From", from, "Until", until)
}

// scopeWords says a place that a history keeps by its extent.
func (c *call) scopeWords(value string) string {
	if slices.Contains([]string{string(opportunities.WholeCountry), string(opportunities.PlaceUnknown)}, value) {
		return c.placeWords(opportunities.Place{Scope: opportunities.Scope(value)})
	}
	return c.anyWords(value)
}

func (c *call) codesSaid(value string) string {
	var words []string
	for _, one := range strings.Split(value, ", ") {
		if code, err := nomenclatures.ParseCode(one); err == nil {
			words = append(words, c.codeWords(code))
		}
	}
	return clip(c.list(words), 160)
}
