package matching_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"maillage/internal/testkit"
	"maillage/matching"
	"maillage/network"
	"maillage/opportunities"
)

func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(testkit.Root(), "docs", "match.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("match.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("match.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func conforms(t *testing.T, s *jsonschema.Schema, a *matching.Answer) {
	t.Helper()
	text, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Validate(doc); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
}

// Answers about lots of every sort, and about enterprises, are as docs/match.schema.json says.
func TestAnswersFollowTheSchema(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.SQLite(t))
	s := schema(t)
	ranked := r.save(gardener())
	nameless := gardener()
	nameless.Name, nameless.Activities, nameless.NAF = "Mille-Gestes", nil, "8899B"
	silent := r.save(nameless)
	lender := gardener()
	lender.Name, lender.Kind, lender.Activities[0].Modes = "Les Lampions", network.KindAI, []network.Mode{network.Staffing}
	r.save(lender)
	o := r.publish(tender())
	reserved := tender()
	reserved.Lots[0].Clause = opportunities.Clause{Verdict: opportunities.ClauseReserved, ReservedTo: opportunities.ReservedBoth}
	reserved.Lots[0].Certifications = []opportunities.Requirement{{Code: "iso9001", Required: true}, {Code: "cedre"}}
	reserved.Lots[0].Turnover, reserved.Deadline = 50_000, nil
	reserved.Place = opportunities.Place{Scope: opportunities.WholeCountry}
	second := r.publish(reserved)
	blank := tender()
	blank.Lots[0].Codes = nil
	third := r.publish(blank)
	r.work()
	_, err := r.reply(1, matching.Said{Reply: matching.NotForUs, Motive: matching.TooLarge, Note: "l’an prochain"})
	r.must(err)
	for _, id := range []opportunities.LotID{o.Lots[0].ID, second.Lots[0].ID, third.Lots[0].ID} {
		a, err := r.matches.MatchesOfLot(r.ctx, id, matching.Query{Near: 10, Apart: 10})
		r.must(err)
		conforms(t, s, a)
		if id == o.Lots[0].ID && (a.Total != 1 || len(a.Near) != 1 || len(a.Apart) != 1 || a.Apart[0].NAF != "88.99B") {
			t.Errorf("the answer is poorer than it should be: %+v", a)
		}
		if id == third.Lots[0].ID && !a.ToSpecify {
			t.Error("a lot without a trade is to be specified")
		}
	}
	for _, id := range []network.ID{ranked.ID, silent.ID} {
		a, err := r.matches.MatchesOfOrganisation(r.ctx, id, matching.Query{Near: 10})
		r.must(err)
		conforms(t, s, a)
		if a.ToSpecify != (id == silent.ID) {
			t.Errorf("organisation %d to specify: %v", id, a.ToSpecify)
		}
	}
}

// Every field of an answer is in the schema: one that is added must be told.
func TestTheSchemaNamesEveryField(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(testkit.Root(), "docs", "match.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[reflect.Type]bool{}
	var visit func(reflect.Type)
	visit = func(typ reflect.Type) {
		for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice {
			typ = typ.Elem()
		}
		if typ.Kind() != reflect.Struct || seen[typ] || typ.PkgPath() == "time" {
			return
		}
		seen[typ] = true
		for i := range typ.NumField() {
			f := typ.Field(i)
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if name != "" && name != "-" && !strings.Contains(string(text), `"`+name+`": {`) {
				t.Errorf("%s.%s (%q) is not in the schema", typ, f.Name, name)
			}
			visit(f.Type)
		}
	}
	visit(reflect.TypeFor[matching.Answer]())
}

// Every kind and state that the code knows is in the schema, and no other.
func TestTheSchemaNamesEveryKind(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(testkit.Root(), "docs", "match.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Defs map[string]struct {
			Properties map[string]struct {
				Enum []string `json:"enum"`
			} `json:"properties"`
		} `json:"$defs"`
	}
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		of, field string
		want      []string
	}{
		{"lot", "kind", names(opportunities.Kinds())}, // a lot that only people answer has an answer without a match
		{"lot", "state", names([]opportunities.State{opportunities.Draft, opportunities.Published, opportunities.Closed, opportunities.Awarded, opportunities.Cancelled})},
		{"organisation", "kind", append(names(network.Kinds()), "")},
	} {
		got := slices.Sorted(slices.Values(schema.Defs[c.of].Properties[c.field].Enum))
		if want := slices.Sorted(slices.Values(c.want)); !slices.Equal(got, want) {
			t.Errorf("%s.%s: the schema says %q, the code %q", c.of, c.field, got, want)
		}
	}
}

func names[T ~string](all []T) []string {
	out := make([]string, len(all))
	for i, one := range all {
		out[i] = string(one)
	}
	return out
}
