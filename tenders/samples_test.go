package tenders

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"maillage/internal/testkit"
)

// sampled is a folder of the sample data, and how often each nature or refusal
// comes out of it.
type sampled struct {
	format, folder string
	want           map[string]int
}

// everySample lists all that the sample data hold of notices. The counts of eForms
// and TED follow from the codes of the files: NoticeTypeCode and its list,
// efac:Changes, FORM and NOTICE/@TYPE.
func everySample() []sampled {
	return []sampled{
		{"eForms", "eforms/sdk-examples", map[string]int{"award": 31, "call": 26, "cancellation": 1, "correction": 2, "planning": 18, "incoherent": 2, "missing": 10, "kind": 2}},
		{"eForms", "eforms/real-eu", map[string]int{"award": 9, "call": 71, "correction": 6, "planning": 2}},
		{"eForms", "eforms/converted-fr", map[string]int{"award": 5, "call": 21, "planning": 1}},
		{"TED R2.0.9", "eforms/ted-r209-fr", map[string]int{"award": 124, "call": 169, "planning": 13}},
		{"BOAMP API", "boamp/api", map[string]int{"award": 221, "call": 703, "cancellation": 5, "correction": 72, "planning": 1}},
		{"BOAMP XML", "boamp/xml", map[string]int{"award": 8, "call": 6}},
		{"DECP v1, JSON", "decp/official-examples-v1/json", map[string]int{"award": 12}},
		{"DECP v1, XML", "decp/official-examples-v1/xml", map[string]int{"award": 14}},
		{"DECP 2022, JSON", "decp/official-examples-v2/json", map[string]int{"award": 10}},
		{"DECP 2022, XML", "decp/official-examples-v2/xml", map[string]int{"award": 6}},
		{"DECP, with defects", "decp/decp-processing-tests", map[string]int{"award": 6, "syntax": 1}},
		{"DECP 2022, CSV", "decp/*.csv", map[string]int{"award": 3554}},
		{"OCDS 1.1", "ocds/standard-examples", map[string]int{"award": 25, "call": 21, "correction": 7, "planning": 2, "missing": 18, "format": 4}},
		{"OCDS 1.1", "ocds/sample-data", map[string]int{"award": 5, "call": 1, "correction": 1, "planning": 1}},
		{"OCDS 1.1", "ocds/fr-sample", map[string]int{"award": 1}},
		{"OCDS 1.1", "ocds/decp2ocds-tests", map[string]int{"award": 12, "format": 2}},
	}
}

const samplesMark = "<!-- figures: go test ./tenders -run TestSamples -update -->\n"

// TestSamples reads every notice of the sample data: none may panic, each is
// understood or refused for a reason, and each notice keeps the contract. The
// table of docs/real-data.md is what came out.
func TestSamples(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(testkit.Samples(t), "tenders")
	p := testParser(t)
	all := everySample()
	rows := make([]string, len(all))
	t.Run("folders", func(t *testing.T) {
		for i, s := range all {
			t.Run(s.folder, func(t *testing.T) {
				t.Parallel()
				got := readSample(t, p, filepath.Join(dir, s.folder))
				if !maps.Equal(got, s.want) {
					t.Errorf("got %#v, want %#v", got, s.want)
				}
				rows[i] = s.row(got)
			})
		}
	})
	table := "| format | folder | records | read | refused |\n|---|---|---:|---|---|\n" + strings.Join(rows, "") + figuresEnd
	holdFigures(t, "../docs/real-data.md", samplesMark, table)
}

var natures = []Nature{Call, Correction, Cancellation, Award, Planning}

// readSample counts the natures and the refusals of what a pattern names.
func readSample(t *testing.T, p *Parser, pattern string) map[string]int {
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		t.Fatalf("nothing at %s: %v", pattern, err)
	}
	got := map[string]int{}
	for _, path := range paths {
		for rec := range p.Walk(context.Background(), path) {
			if rec.Err != nil {
				got[asRefusal(rec.Err, "?", "").Code]++
				continue
			}
			got[string(rec.Notice.Nature)]++
			for _, f := range faults(rec.Notice) {
				t.Errorf("%s: %s", filepath.Base(rec.Path), f)
			}
		}
	}
	return got
}

// row is the line of the table: the natures in their order, the refusals by code.
func (s sampled) row(got map[string]int) string {
	var read, refused []string
	total := 0
	rest := maps.Clone(got)
	for _, n := range natures {
		if rest[string(n)] > 0 {
			read = append(read, strconv.Itoa(rest[string(n)])+" "+string(n))
		}
		total += rest[string(n)]
		delete(rest, string(n))
	}
	for _, code := range slices.Sorted(maps.Keys(rest)) {
		refused = append(refused, fmt.Sprintf("%d `%s`", rest[code], code))
		total += rest[code]
	}
	dash := func(list []string) string { return firstNonEmpty(strings.Join(list, ", "), "–") }
	return fmt.Sprintf("| %s | `%s` | %d | %s | %s |\n", s.format, s.folder, total, dash(read), dash(refused))
}
