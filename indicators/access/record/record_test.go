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
	p := made(t, federation(90, 25, 1))
	for _, k := range record.Kinds() {
		done := p.Done[k]
		n, exposed := loose(t, content(t, p, k))
		if exposed != 0 || n != done.Records || n < done.Collected*7/10 {
			t.Errorf("%s: %d records exposed of %d, %d collected", k, exposed, n, done.Collected)
		}
		if done.Records+done.Withheld != done.Collected || done.Answered > done.Enterprises {
			t.Errorf("%s: %+v", k, done)
		}
		t.Logf("%s: %+v", k, done)
	}
}

// The columns that may ever be read; another one is a decision, and changes this list.
func TestNoOtherColumn(t *testing.T) {
	t.Parallel()
	allowed := map[record.Kind][]string{
		record.Exits:   {"place", "kind", "sex", "age", "public", "motive", "contract_days"},
		record.Workers: {"place", "kind", "sex", "age", "public", "motive", "placements"},
	}
	p := made(t, federation(60, 20, 2))
	for k, want := range allowed {
		if v := p.View(k); !slices.Equal(v.Columns, want) || !slices.Equal(k.Names(), want) {
			t.Errorf("%s: %v", k, v.Columns)
		}
		for _, word := range []string{"2025-", "e:", "26281", "1000"} {
			if strings.Contains(content(t, p, k), word) {
				t.Errorf("%s holds %q", k, word)
			}
		}
	}
}

// A class of four, a single secret, two groups, a stranger's column or value: none is read.
func TestAnUnsafeFileIsRefused(t *testing.T) {
	t.Parallel()
	head := "place,kind,sex,age,public,motive,contract_days,files\n"
	row := func(motive, days string) string { return "fr,ACI,f,26-49,minima," + motive + "," + days + ",1\n" }
	five := row("cdi", "no_term") + row("timed", "six") + row("cdi", "no_term") + row("none", "no_term") + row("none", "no_term")
	four := row("cdi", "no_term") + row("timed", "six") + row("cdi", "no_term") + row("none", "no_term")
	from := func(codes string) record.Kept { return record.Kept{From: strings.Split(codes, "")} }
	if _, err := record.Read(2025, head+five, from("abcaa")); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ content, from string }{
		"four":                {head + four, "abca"},
		"one secret":          {head + strings.Repeat(row("cdi", "six"), 9), "abcabcabc"},
		"one and ND":          {head + strings.Repeat(row("cdi", "six"), 8) + row("none", "ND"), "abcabcabc"},
		"two groups":          {head + five, "ababa"},
		"one sent nearly all": {head + five + five + five, "abcaaaaaaaaaaaa"},
		"nobody sent one":     {head + five, "abca"},
		"a column":            {strings.Replace(head, "motive", "worker_id", 1) + five, "abcaa"},
		"a value":             {head + strings.ReplaceAll(five, "fr,", "26281,"), "abcaa"},
		"a commune":           {head + strings.ReplaceAll(five, "fr,", "dep-26281,"), "abcaa"},
		"in no file":          {head + strings.ReplaceAll(five, ",1\n", ",0\n"), "abcaa"},
		"who left and stayed": {head + strings.ReplaceAll(five, "none", "still"), "abcaa"},
		"a length of no exit": {head + strings.ReplaceAll(five, ",1\n", ",2\n"), "abcaa"},
		"no secret":           {"place,kind,sex,age\n", ""},
	} {
		if _, err := record.Read(2025, c.content, from(c.from)); !errors.Is(err, record.ErrUnsafe) {
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
	a, b := made(t, sources), made(t, turned)
	x, _ := a.CSV()
	y, _ := b.CSV()
	if x != y || record.Facts(sources) != record.Facts(turned) {
		t.Error("it differs")
	}
	other, err := record.Protect(2025, sources, nil, [32]byte{2})
	must(t, err)
	if z, _ := other.CSV(); z == x || !slices.Equal(sorted(other.Rows), sorted(a.Rows)) {
		t.Error("another draw is another order of the same records")
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
	p := made(t, sources)
	for _, r := range p.Rows {
		if r[0] == "dep-07" {
			t.Fatal("two groups are told by their département")
		}
	}
	if d := p.Done[record.Workers]; d.Moved != d.Records || d.Records < 400 || !slices.Equal(d.Untold, []string{"placements"}) {
		t.Errorf("%+v", d)
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
	p := made(t, sources)
	if d := p.Done[record.Exits]; len(p.View(record.Exits).Rows) != 0 || d.Withheld != d.Collected || d.Collected == 0 {
		t.Errorf("%+v", d)
	}
}

// Somebody who left twice is one record, and an enterprise that sent nothing is none.
func TestOnePersonIsOneRecord(t *testing.T) {
	t.Parallel()
	sources := federation(30, 20, 5)
	before := made(t, sources).Done[record.Exits]
	for i := range sources {
		for w := range sources[i].Counts.Workers {
			p := &sources[i].Counts.Workers[w]
			if len(p.Exits) == 1 {
				first := compute.Exit{On: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC), Motive: compute.Unknown}
				p.Exits = append([]compute.Exit{first}, p.Exits...)
			}
		}
	}
	after := made(t, sources).Done[record.Exits]
	if after.Collected != before.Collected || after.SetAside != before.Collected || before.Answered != 27 {
		t.Errorf("%+v then %+v", before, after)
	}
}

// The same agreement is the same bytes; another one reads the same records.
func TestTheArchiveOfAnAgreement(t *testing.T) {
	t.Parallel()
	p := made(t, federation(60, 20, 8)).View(record.Exits)
	at := time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC)
	terms := record.Terms{Number: "MD-2026-0001", Institution: "Université d’essai", Purpose: "Thèse", PurposeEN: "Thesis", Reference: "T-1", FromOn: "2026-11-01", UntilOn: "2027-10-31"}
	write := func(terms record.Terms) []byte {
		var b bytes.Buffer
		must(t, record.Write(&b, terms, []record.Part{{View: p, Label: "exits-2025.v1", MadeAt: at, Hash: strings.Repeat("a", 64)}}))
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
