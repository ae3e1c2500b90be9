package web

import (
	"strings"

	"maillage/tenders"
)

// passageWords names the field of a notice that a passage was read in:
// "Lot 2, informations complémentaires". What is not known by name is the text of
// the notice.
func (c *call) passageWords(field string) string {
	lot := ""
	if m := lotField.FindStringSubmatch(field); m != nil {
		lot, field = c.T("opp.lot_n", "Number", shortNumber(m[1])), m[2]
	}
	key := "field." + strings.TrimPrefix(field, "texts.")
	if strings.HasPrefix(field, "texts.") {
		key = "text." + strings.TrimPrefix(field, "texts.")
	}
	if !c.Has(key) {
		key = "text.other"
	}
	return upperFirst(joined(", ", lot, c.T(key)))
}

// refusalWords names why a record is in quarantine, in a few words.
func (c *call) refusalWords(code string) string {
	if key := "refusal." + code; c.Has(key) {
		return c.T(key)
	}
	return c.T("refusal." + tenders.RefusedSyntax)
}
