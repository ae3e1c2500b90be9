package territories

import (
	"errors"
	"strings"
	"testing"
)

// Every way of writing a perimeter, a code or a date wrongly is told in
// French to who reads French: none of the English sentences shows through.
func TestErrorsSpeakBothLanguages(t *testing.T) {
	t.Parallel()
	perimeter := func(s string) error { _, err := ParseExpr([]byte(s)); return err }
	deep := strings.Repeat(`{"any":[`, MaxDepth+1) + `{"nowhere":true}` + strings.Repeat(`]}`, MaxDepth+1)
	wide := `{"any":[{"nowhere":true}` + strings.Repeat(`,{"nowhere":true}`, MaxTerms) + `]}`
	errs := map[string]error{"deep": perimeter(deep), "wide": perimeter(wide), "long": perimeter(strings.Repeat(" ", MaxText+1))}
	for _, s := range []string{
		``, `[]`, `{}`, `{"a":1}`, `{"any":[]}`, `{"any":1}`, `{"except":[{"nowhere":true}]}`, `{"nowhere":1}`, `{"nowhere":true} x`,
		`{"nowhere":true`, `{"nowhere":true,"nowhere":true}`, `{"nowhere":tru}`, `{"nowhere":true,}`, `{"on":"2012-01-01"}`, `{"of":{}}`,
		`{"on":"2012-13-01","of":{"nowhere":true}}`, `{"territory":1}`, `{"territory":"26"}`, `{"territory":"x:26"}`,
		`{"territory":"commune:abc"}`, `{"territory":"departement:abc"}`, `{"radius":1}`, `{"radius":{"commune":"26281","km":-1}}`,
		`{"radius":{"commune":"26281"}}`, `{"radius":{"commune":"26281","km":"x"}}`, `{"radius":{"commune":1,"km":1}}`,
		`{"radius":{"commune":"x","km":1}}`, `{"radius":{"km":1}}`, `{"radius":{"lon":"a","lat":1,"km":1}}`,
		`{"radius":{"lon":500,"lat":1,"km":1}}`, `{"polygon":1}`, `{"polygon":{"type":"Point","coordinates":[1,2]}}`,
		`{"polygon":{"type":"Polygon","coordinates":[]}}`, `{"polygon":{"type":"Polygon","coordinates":[[[1,1],[2,2]]]}}`,
		`{"polygon":{"type":"Polygon","coordinates":[[[500,1],[2,2],[3,1]]]}}`,
	} {
		errs[s] = perimeter(s)
	}
	_, errs["code"] = ParseCommuneCode("abc")
	_, errs["date"] = ParseDate("notadate")
	_, errs["kind"] = ParseKind("x")
	_, errs["ref"] = ParseRef("26")
	_, errs["replay"] = atlas(t).Replay(mustDate(t, "1900-01-01"))
	_, errs["dated"] = atlas(t).Compile(On(mustDate(t, "1900-01-01"), In(Ref{KindDepartement, "26"})))
	for name, err := range errs {
		if err == nil {
			t.Errorf("%.60s: accepted", name)
			continue
		}
		var text *TextError
		var expr *ExprError
		if !errors.As(err, &text) && !errors.As(err, &expr) {
			t.Errorf("%.60s: %T says one language only", name, err)
		}
		fr, en := Explain(err, "fr"), Explain(err, "en")
		for _, word := range []string{" the ", "want ", " is not ", " at most ", "malformed", "missing", "give ", " than ", "known from"} {
			if strings.Contains(fr, word) {
				t.Errorf("%.60s: English in %q", name, fr)
			}
		}
		for _, word := range []string{"périmètre", " est ", "attendu", "au plus", " : "} {
			if strings.Contains(en, word) {
				t.Errorf("%.60s: French in %q", name, en)
			}
		}
	}
}
