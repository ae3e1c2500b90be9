package tenders

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"strings"
	"testing"

	"maillage/internal/store"
	"maillage/internal/testkit"
)

// TestDECPSamples reads the official examples, the files with known defects and
// a real month: each contract is read or refused for a reason.
func TestDECPSamples(t *testing.T) {
	t.Parallel()
	// The refused record has NaN for a number, which is no JSON.
	dir := filepath.Join(testkit.Samples(t), "tenders", "decp")
	for folder, want := range map[string]map[string]int{
		"official-examples-v1/json": {"award": 12}, "official-examples-v2/json": {"award": 10}, "official-examples-v1/xml": {"award": 14}, "official-examples-v2/xml": {"award": 6}, "decp_real_2024_before_november.csv": {"award": 3554},
		"decp-processing-tests": {"award": 6, "syntax": 1},
	} {
		t.Run(folder, func(t *testing.T) {
			t.Parallel()
			if got := counts(t, filepath.Join(dir, folder)); !maps.Equal(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

// counts reads a path and counts the notices by nature and the refusals by code;
// each notice must keep the contract.
func counts(t *testing.T, path string) map[string]int {
	t.Helper()
	got := map[string]int{}
	for rec := range testParser(t).Walk(context.Background(), path) {
		if rec.Err != nil {
			r := asRefusal(rec.Err, "?", "")
			got[r.Code]++
			t.Logf("%s: %s", filepath.Base(rec.Path), r.Error())
			continue
		}
		got[string(rec.Notice.Nature)]++
		for _, f := range faults(rec.Notice) {
			t.Errorf("%s: %s", filepath.Base(rec.Path), f)
		}
	}
	return got
}

// TestDECPStreams: a file larger than its bound for a record is read contract
// by contract; only the contract that is too large is refused, and the next is read.
func TestDECPStreams(t *testing.T) {
	t.Parallel()
	one := `<marche><id>%d</id><acheteur><id>21260362200014</id><nom>Valence</nom></acheteur><objet>Entretien %s</objet></marche>`
	var doc strings.Builder
	doc.WriteString("<marches>")
	for i := range 2000 {
		fmt.Fprintf(&doc, one, i, strings.Repeat("x", 100))
	}
	fmt.Fprintf(&doc, one+one+"</marches>", 9999, strings.Repeat("x", 200_000), 2000, "")
	p := NewParser(ParserConfig{Places: testPlaces(t), MaxRecord: 64 << 10})
	read, last := 0, ""
	for rec := range p.Read(context.Background(), "stream", strings.NewReader(doc.String())) {
		if rec.Err != nil {
			last = asRefusal(rec.Err, "?", "").Code
			continue
		}
		read++
		if len(rec.Raw) > 400 || !strings.HasPrefix(string(rec.Raw), "<marche>") {
			t.Fatalf("raw: %.80q", rec.Raw)
		}
	}
	if read != 2001 || last != RefusedTooLarge {
		t.Errorf("%d contracts, then %q", read, last)
	}
}

// TestContractEnd: the last day of a month is never passed over.
func TestContractEnd(t *testing.T) {
	t.Parallel()
	for months, want := range map[int]string{1: "2024-02-29", 13: "2025-02-28", 2: "2024-03-31", 0: ""} {
		if got := (&AwardFacts{Notified: "2024-01-31", Months: months}).Ends(); got != want {
			t.Errorf("%d months: %s, want %s", months, got, want)
		}
	}
}

// TestUntitledContractsStayApart: the label of a CPV stands for a title that is not
// given; it is no sign that two contracts are of one call. With a title of their
// own they are.
func TestUntitledContractsStayApart(t *testing.T) {
	t.Parallel()
	contract := func(id, object string) string {
		return fmt.Sprintf(`{"id":%q,"acheteur":{"id":"21260362200014"},"nature":"Marché",%s"codeCPV":"45233141","dureeMois":6,"dateNotification":"2024-06-01","montant":90000,"titulaires":[{"id":"73282932000074","typeIdentifiant":"SIRET"}]}`, id, object)
	}
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newHouse(t, st)
		titled := `"objet":"Travaux de voirie de la route de Crest",`
		h.loadAll([]string{contract("2024-01", ""), contract("2024-02", ""), contract("2024-03", titled), contract("2024-04", titled)}, []int{0, 1, 2, 3})
		if got := h.all(); len(got) != 3 {
			t.Errorf("%d procurements, want 3", len(got))
		}
	})
}
