package tenders

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"maillage/territories"
)

// noticeSchema compiles the published contract once.
var noticeSchema = sync.OnceValues(func() (*jsonschema.Schema, error) {
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	return c.Compile("../docs/notice.schema.json")
})

// testParser reads with the official territories.
func testParser(t testing.TB) *Parser {
	t.Helper()
	return NewParser(ParserConfig{Places: testPlaces(t)})
}

func testPlaces(t testing.TB) *Places {
	t.Helper()
	atlas, err := territories.Load()
	if err != nil {
		t.Fatal(err)
	}
	return NewPlaces(atlas)
}

// faults lists what is wrong with a notice, whatever its content: the schema,
// quotes that are not where they say, perimeters that do not parse, filled
// fields without provenance.
func faults(n *Notice) (list []string) {
	raw, err := json.Marshal(n)
	if err != nil {
		return []string{err.Error()}
	}
	schema, err := noticeSchema()
	if err != nil {
		return []string{err.Error()}
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return []string{err.Error()}
	}
	if err := schema.Validate(doc); err != nil {
		list = append(list, err.Error())
	}
	list = append(list, evidenceFaults(n)...)
	list = append(list, classificationFaults(n)...)
	list = append(list, perimeterFaults(n)...)
	return append(list, provenanceFaults(n)...)
}

func evidenceFaults(n *Notice) (list []string) {
	check := func(s Social) {
		for _, e := range s.Evidence {
			if e.Kind == Flag {
				continue
			}
			text := []rune(fieldText(n, e.Field))
			if e.End > len(text) || e.Start > e.End || string(text[e.Start:e.End]) != e.Quote {
				list = append(list, fmt.Sprintf("evidence %+v is not in its field", e))
			}
		}
	}
	check(n.Social)
	for _, l := range n.Lots {
		check(l.Social)
	}
	return list
}

var lotField = regexp.MustCompile(`^lots\[(\d+)\]\.(.*)$`)

func fieldText(n *Notice, field string) string {
	title, description, texts := n.Title, n.Description, n.Texts
	if m := lotField.FindStringSubmatch(field); m != nil {
		i, _ := strconv.Atoi(m[1])
		lot := n.Lots[i]
		title, description, texts, field = lot.Title, lot.Description, lot.Texts, m[2]
	}
	switch field {
	case "title":
		return title
	case "description":
		return description
	}
	return texts[strings.TrimPrefix(field, "texts.")]
}

func perimeterFaults(n *Notice) (list []string) {
	check := func(p Place) {
		if p.Perimeter == nil {
			return
		}
		e, err := territories.ParseExpr(p.Perimeter)
		if err != nil || e.String() != string(p.Perimeter) {
			list = append(list, fmt.Sprintf("perimeter %s: %v", p.Perimeter, err))
		}
	}
	check(n.Place)
	for _, l := range n.Lots {
		check(l.Place)
	}
	return list
}

func provenanceFaults(n *Notice) (list []string) {
	filled := map[string]bool{
		"id": n.ID != "", "version": n.Version != "", "procedure": n.Procedure != "", "nature": true,
		"published": n.Published != "", "buyer.name": n.Buyer.Name != "", "buyer.siret": n.Buyer.SIRET != "",
		"buyer.siren": n.Buyer.SIREN != "", "title": n.Title != "", "description": n.Description != "",
		"cpv": len(n.CPV) > 0, "descriptors": len(n.Descriptors) > 0, "sectors": len(n.Sectors) > 0,
		"place": n.Place.Scope != PlaceUnknown, "deadline": n.Deadline != nil, "value": n.Value != nil,
		"links.official": n.Links.Official != "", "links.documents": n.Links.Documents != "",
		"links.submission": n.Links.Submission != "",
	}
	for name := range n.Texts {
		filled["texts."+name] = true
	}
	for i, l := range n.Lots {
		p := fmt.Sprintf("lots[%d].", i)
		filled[p+"title"] = l.Title != ""
		filled[p+"description"] = l.Description != ""
		filled[p+"cpv"] = len(l.CPV) > 0
		filled[p+"place"] = l.Place.Scope != PlaceUnknown
		filled[p+"deadline"] = l.Deadline != nil
		filled[p+"value"] = l.Value != nil
		for name := range l.Texts {
			filled[p+"texts."+name] = true
		}
	}
	for field, is := range filled {
		if is && n.Provenance[field] == "" {
			list = append(list, "no provenance for "+field)
		}
	}
	return list
}
