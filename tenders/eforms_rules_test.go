package tenders

import (
	"errors"
	"os"
	"strings"
	"testing"
)

// TestIncoherentNotices: what contradicts itself is refused, for a reason that
// says where, in both languages.
func TestIncoherentNotices(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("testdata/eforms-call.xml")
	if err != nil {
		t.Fatal(err)
	}
	limit := func(n string) string {
		return `<cac:TenderingTerms><cac:LotDistribution><cbc:MaximumLotsAwardedNumeric>` + n + `</cbc:MaximumLotsAwardedNumeric></cac:LotDistribution></cac:TenderingTerms><cac:ProcurementProject>`
	}
	const main = `<cac:MainCommodityClassification>`
	cases := []struct {
		name, old, new string
		fr             string
	}{
		{"a second main code", main, main + `</cac:MainCommodityClassification>` + main, "une seconde classification principale"},
		{"no lot to win", `<cac:ProcurementProject>`, limit("0"), "aucun lot ne peut être attribué"},
		{"one lot to win", `<cac:ProcurementProject>`, limit("1"), ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := testParser(t).Parse([]byte(strings.Replace(string(raw), c.old, c.new, 1)))
			var r *Refusal
			if refused := errors.As(err, &r); refused != (c.fr != "") {
				t.Fatalf("got %v", err)
			}
			if r != nil && (r.Code != RefusedIncoherent || !strings.Contains(r.Text().FR, c.fr)) {
				t.Errorf("%s: %s", r.Code, r.Text().FR)
			}
		})
	}
}
