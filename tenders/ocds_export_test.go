package tenders

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"maillage/internal/testkit"
)

// packageSchema compiles the official schema of release packages, which is not
// kept here: the tests that need it skip where the samples are absent.
func packageSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	dir := filepath.Join(testkit.Samples(t), "tenders", "ocds")
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	for _, name := range []string{"release-schema", "release-package-schema"} {
		raw, err := os.ReadFile(filepath.Join(dir, name+"-1.1.json"))
		if err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		if err := c.AddResource("https://standard.open-contracting.org/schema/1__1__5/"+name+".json", doc); err != nil {
			t.Fatal(err)
		}
	}
	schema, err := c.Compile("https://standard.open-contracting.org/schema/1__1__5/release-package-schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// packageOf makes a package of some notices, each a procurement of its own.
func packageOf(t *testing.T, places *Places, notices ...*Notice) []byte {
	t.Helper()
	var releases []*Release
	for _, n := range notices {
		made, err := places.releasesOf(noPrefix, string(n.Source)+":"+n.ID+"/"+n.Version, []noticeRow{{ID: 1, Document: n}})
		if err != nil {
			t.Fatal(err)
		}
		releases = append(releases, made...)
	}
	raw, err := json.Marshal(map[string]any{"uri": "https://maillage.example.org/v1/releases", "version": "1.1", "publishedDate": "2026-11-23T08:00:00Z",
		"publisher": map[string]any{"name": "Maillage"}, "releases": releases})
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func validate(t *testing.T, schema *jsonschema.Schema, raw []byte) {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(doc); err != nil {
		t.Errorf("not a release package: %v", err)
	}
}

// TestExportOfEverySample writes each sample notice as a release, holds it to
// the official schema, and reads it back: what it says is the same. The one
// thing that OCDS has no place for is the total of an award of several lots
// whose prices are not given one by one.
func TestExportOfEverySample(t *testing.T) {
	t.Parallel()
	schema, p := packageSchema(t), testParser(t)
	dir, read := filepath.Join(testkit.Samples(t), "tenders"), 0
	for _, folder := range []string{"eforms", "boamp", "ocds", "decp/official-examples-v1", "decp/official-examples-v2", "decp/decp-processing-tests"} {
		for rec := range p.Walk(context.Background(), filepath.Join(dir, folder)) {
			if rec.Notice == nil {
				continue
			}
			read++
			raw := packageOf(t, p.places, rec.Notice)
			validate(t, schema, raw)
			for _, loss := range losses(rec.Notice, readBack(t, p, raw)) {
				if strings.HasPrefix(loss, "value: ") && strings.HasSuffix(loss, `became ""`) && lotsWon(rec.Notice) > 1 {
					continue
				}
				t.Errorf("%s %s: %s", folder, rec.Notice.ID, loss)
			}
		}
	}
	if read < 1_500 {
		t.Errorf("%d notices only", read)
	}
}

func lotsWon(n *Notice) int {
	lots := map[string]bool{}
	for _, w := range n.Winners {
		lots[w.Lot] = true
	}
	return len(lots)
}

func readBack(t *testing.T, p *Parser, raw []byte) *Notice {
	t.Helper()
	for rec := range p.Read(context.Background(), "export.json", bytes.NewReader(raw)) {
		if rec.Err != nil {
			t.Fatalf("our own reader refuses our release: %v\n%.600s", rec.Err, raw)
		}
		return rec.Notice
	}
	t.Fatal("no notice is read back")
	return nil
}
