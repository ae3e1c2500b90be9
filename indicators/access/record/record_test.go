package record_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"maillage/indicators/access/record"
	"maillage/indicators/compute"
)

// Whoever reads a file finds five records for what they know, and two values of each secret.
func TestEveryRecordIsSharedByFive(t *testing.T) {
	t.Parallel()
	for _, k := range record.Kinds() {
		p := made(t, k, federation(90, 25, 1))
		content, err := p.CSV()
		must(t, err)
		n, exposed := loose(t, content)
		if exposed != 0 || n != p.Done.Records || n < p.Done.Collected*8/10 {
			t.Errorf("%s: %d records exposed of %d, %d collected", k, exposed, n, p.Done.Collected)
		}
		if p.Done.Records+p.Done.Withheld != p.Done.Collected || p.Done.Answered > p.Done.Enterprises {
			t.Errorf("%s: %+v", k, p.Done)
		}
		t.Logf("%s: %+v", k, p.Done)
	}
}

// The columns that may ever be read; another one is a decision, and changes this list.
func TestNoOtherColumn(t *testing.T) {
	t.Parallel()
	allowed := map[record.Kind][]string{
		record.Exits:   {"place", "kind", "sex", "age", "public", "motive", "contract_days"},
		record.Workers: {"place", "kind", "sex", "age", "public", "motive", "placements"},
	}
	for k, want := range allowed {
		p := made(t, k, federation(60, 20, 2))
		if !slices.Equal(p.Columns, want) || !slices.Equal(k.Names(), want) {
			t.Errorf("%s: %v", k, p.Columns)
		}
		content, _ := p.CSV()
		for _, word := range []string{"2025-", "e:", "26281", "1000"} {
			if strings.Contains(content, word) {
				t.Errorf("%s holds %q", k, word)
			}
		}
	}
}

// A class of four, a single secret, a stranger's column or value: none is read.
func TestAnUnsafeFileIsRefused(t *testing.T) {
	t.Parallel()
	head := "place,kind,sex,age,public,motive,contract_days\n"
	row := func(motive, days string) string { return "fr,ACI,f,26-49,minima," + motive + "," + days + "\n" }
	five := row("cdi", "no_term") + row("timed", "six") + row("cdi", "no_term") + row("none", "no_term") + row("none", "no_term")
	four := row("cdi", "no_term") + row("timed", "six") + row("cdi", "no_term") + row("none", "no_term")
	if _, err := record.Read(record.Exits, 2025, head+five); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"four":       head + four,
		"one secret": head + strings.Repeat(row("cdi", "six"), 9),
		"one and ND": head + strings.Repeat(row("cdi", "six"), 8) + row("ND", "ND"),
		"a column":   strings.Replace(head, "motive", "worker_id", 1) + five,
		"a value":    head + strings.ReplaceAll(five, "fr,", "26281,"),
		"a commune":  head + strings.ReplaceAll(five, "fr,", "dep-26281,"),
		"no secret":  "place,kind,sex,age\n",
	} {
		if _, err := record.Read(record.Exits, 2025, content); !errors.Is(err, record.ErrUnsafe) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The order in which enterprises send changes nothing but the order that is drawn.
func TestTheOrderOfWhatComesChangesNothing(t *testing.T) {
	t.Parallel()
	sources := federation(40, 20, 3)
	turned := slices.Clone(sources)
	slices.Reverse(turned)
	for _, k := range record.Kinds() {
		a, b := made(t, k, sources), made(t, k, turned)
		x, _ := a.CSV()
		y, _ := b.CSV()
		if x != y || record.Facts(k, sources) != record.Facts(k, turned) {
			t.Errorf("%s differs", k)
		}
		other, err := record.Protect(k, 2025, sources, nil, [32]byte{2})
		must(t, err)
		if z, _ := other.CSV(); z == x || !slices.Equal(sorted(other.Rows), sorted(a.Rows)) {
			t.Errorf("%s: another draw is another order of the same records", k)
		}
	}
}

// A département whose kind has two groups is not told, nor a value that all share.
func TestFewGroupsAreToldByAWiderPlace(t *testing.T) {
	t.Parallel()
	sources := federation(12, 40, 4)
	for i := range sources {
		sources[i].Counts.Kind = compute.ACI
		sources[i].Departement, sources[i].Region = "26", "84"
		if i < 2 {
			sources[i].Departement = "07"
		}
		sources[i].Counts.Sections[compute.Placements] = compute.ND
	}
	p := made(t, record.Workers, sources)
	for _, r := range p.Rows {
		if r[0] == "dep-07" {
			t.Fatal("two groups are told by their département")
		}
	}
	if p.Done.Moved != 80 || !slices.Equal(p.Done.Untold, []string{"placements"}) {
		t.Errorf("%+v", p.Done)
	}
}

// Where everybody left for the same reason, nothing may be told one by one.
func TestOneSecretForAllTellsNothing(t *testing.T) {
	t.Parallel()
	sources := federation(20, 20, 9)
	for i := range sources {
		for w := range sources[i].Counts.Workers {
			for x := range sources[i].Counts.Workers[w].Exits {
				sources[i].Counts.Workers[w].Exits[x] = compute.Exit{On: time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC), Motive: compute.CDI}
			}
		}
	}
	if p := made(t, record.Exits, sources); len(p.Rows) != 0 || p.Done.Withheld != p.Done.Collected || p.Done.Collected == 0 {
		t.Errorf("%d rows, %+v", len(p.Rows), p.Done)
	}
}

// Somebody who left twice is one record, and an enterprise that sent nothing is none.
func TestOnePersonIsOneRecord(t *testing.T) {
	t.Parallel()
	sources := federation(30, 20, 5)
	before := made(t, record.Exits, sources)
	for i := range sources {
		for w := range sources[i].Counts.Workers {
			p := &sources[i].Counts.Workers[w]
			if len(p.Exits) == 1 {
				first := compute.Exit{On: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC), Motive: compute.Unknown}
				p.Exits = append([]compute.Exit{first}, p.Exits...)
			}
		}
	}
	after := made(t, record.Exits, sources)
	if after.Done.Collected != before.Done.Collected || after.Done.SetAside != before.Done.Collected || before.Done.Answered != 27 {
		t.Errorf("%+v then %+v", before.Done, after.Done)
	}
}

// Who takes one vintage from the other isolates a newcomer: the second is not to be kept.
func TestTwoVintagesTellOfANewcomer(t *testing.T) {
	t.Parallel()
	sources := federation(60, 20, 6)
	first := made(t, record.Exits, sources)
	if n := record.Crossed(first, first); n != 0 {
		t.Fatalf("a file crosses itself %d times", n)
	}
	content, _ := first.CSV()
	second, err := record.Read(record.Exits, 2025, content)
	must(t, err)
	second.Rows = append(second.Rows, slices.Clone(second.Rows[0]))
	if record.Crossed(first, second) == 0 {
		t.Error("one newcomer is told by the difference")
	}
	for _, motive := range []string{"cdi", "none", "aided", "none"} {
		line := slices.Clone(second.Rows[0])
		line[5], line[6] = motive, "no_term"
		second.Rows = append(second.Rows, line)
	}
	second.Rows[len(second.Rows)-5][6], second.Rows[len(second.Rows)-5][5] = "six", "timed"
	if n := record.Crossed(first, second); n != 0 {
		t.Errorf("five newcomers alike are isolated %d times", n)
	}
	// Two classes that change by five and six each hide one who is in a margin.
	second.Columns = slices.Clone(second.Columns[:6])
	if record.Crossed(first, second) == 0 {
		t.Error("files of other columns are compared")
	}
}

// Changes that each class hides are seen in a margin.
func TestAMarginIsCrossedToo(t *testing.T) {
	t.Parallel()
	class := func(age string, motives ...string) (rows [][]string) {
		for _, m := range motives {
			rows = append(rows, []string{"fr", "ACI", "f", age, "other", m})
		}
		return rows
	}
	file := func(rows ...[]string) *record.Protected {
		return &record.Protected{Kind: record.Exits, Keys: 5, Columns: []string{"place", "kind", "sex", "age", "public", "motive"}, Rows: rows}
	}
	base := slices.Concat(class("-25", "cdi", "none", "cdi", "none", "cdi", "none", "cdi", "none", "cdi", "none"), class("50+", "cdi", "none", "cdi", "none", "cdi"))
	moved := slices.Concat(class("-25", "cdi", "none", "cdi", "none", "cdi"), class("50+", "cdi", "none", "cdi", "none", "cdi", "none", "cdi", "none", "cdi", "none", "aided"))
	if record.Crossed(file(base...), file(moved...)) == 0 {
		t.Error("women of every age are told of by one more, who is aided")
	}
}

// The same agreement is the same bytes; another one reads the same records.
func TestTheArchiveOfAnAgreement(t *testing.T) {
	t.Parallel()
	p := made(t, record.Exits, federation(60, 20, 8))
	at := time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC)
	terms := record.Terms{Number: "MD-2026-0001", Institution: "Université d’essai", Purpose: "Thèse", PurposeEN: "Thesis", Reference: "T-1", FromOn: "2026-11-01", UntilOn: "2027-10-31"}
	write := func(terms record.Terms) []byte {
		var b bytes.Buffer
		must(t, record.Write(&b, terms, []record.Part{{Protected: p, Label: "exits-2025.v1", MadeAt: at, Hash: strings.Repeat("a", 64)}}))
		return b.Bytes()
	}
	one := write(terms)
	if !bytes.Equal(one, write(terms)) {
		t.Error("the same agreement is other bytes")
	}
	files := unzip(t, one)
	for _, path := range []string{"data/exits-2025.csv", "data/exits.xlsx", "protection.json", "codebook.fr.md", "codebook.en.md", "README.md", "datapackage.json", "SHA256SUMS"} {
		if files[path] == nil {
			t.Errorf("%s is missing", path)
		}
	}
	if !bytes.Contains(files["README.md"], []byte("MD-2026-0001")) {
		t.Error("the README does not say its agreement")
	}
	terms.Number, terms.Variables = "MD-2026-0002", []string{"sex", "motive"}
	table := string(unzip(t, write(terms))["data/exits-2025.csv"])
	whole := strings.Split(string(files["data/exits-2025.csv"]), "\n")
	for i, line := range strings.Split(table, "\n") {
		if i == 0 && line != "year,sex,motive" {
			t.Fatalf("columns %s", line)
		}
		if cells := strings.Split(whole[i], ","); len(cells) > 6 && line != strings.Join([]string{cells[0], cells[3], cells[6]}, ",") {
			t.Fatalf("line %d is %q, not of %q", i, line, whole[i])
		}
	}
	var described struct{ Resources []struct{ Path, Hash string } }
	must(t, json.Unmarshal(files["datapackage.json"], &described))
	if len(described.Resources) != 6 {
		t.Errorf("%d resources", len(described.Resources))
	}
}

func unzip(t testing.TB, data []byte) map[string][]byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	must(t, err)
	out := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		must(t, err)
		out[f.Name], err = io.ReadAll(r)
		must(t, err)
	}
	return out
}
