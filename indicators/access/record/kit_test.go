package record_test

import (
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"maillage/indicators/access/record"
	"maillage/indicators/compute"
)

// federation invents enterprises of 2025: exits of some, placements of some, people
// of whom little is said.
func federation(enterprises, workers int, draw uint64) []record.Source {
	random := rand.New(rand.NewPCG(draw, 7))
	pick := func(n int) int { return random.IntN(n) }
	var out []record.Source
	for i := range enterprises {
		d := pick(6)
		e := &compute.Enterprise{ID: int64(i + 1), Year: 2025, Kind: compute.InsertionKinds()[pick(5)], Group: fmt.Sprintf("e:%d", i),
			Sections: map[compute.Section]compute.Status{compute.Exits: compute.Collected, compute.Contracts: compute.Collected, compute.Placements: compute.Collected}}
		if i%9 == 8 {
			e.Sections[compute.Exits], e.Sections[compute.Placements] = compute.ND, compute.ND
		}
		for w := range workers {
			e.Workers = append(e.Workers, person(pick, int64(1000*i+w)))
		}
		out = append(out, record.Source{Counts: e, Departement: []string{"26", "07", "38", "13", "84", "2A"}[d], Region: []string{"84", "84", "84", "93", "93", "94"}[d]})
	}
	return out
}

func person(pick func(int) int, id int64) compute.Worker {
	on := time.Date(2025, time.Month(1+pick(12)), 1+pick(28), 0, 0, 0, 0, time.UTC)
	w := compute.Worker{ID: id, Sex: []compute.Sex{compute.Women, compute.Men, compute.Men, compute.SexUnsaid}[pick(4)], Born: 1960 + pick(45), Age: compute.AgeUnsaid,
		Contracts: []compute.Contract{{Begins: on.AddDate(0, -4, 0), Ends: on}}}
	if pick(3) > 0 {
		w.Publics = []compute.Public{compute.Publics()[pick(8)]}
	}
	w.Known = compute.Publics()
	if m := compute.Motives()[pick(13)]; pick(4) > 0 {
		x := compute.Exit{On: on, Motive: m}
		if m.Timed() {
			x.Days = pick(400)
		}
		w.Exits = append(w.Exits, x)
	}
	if pick(5) == 0 {
		w.Placed = append(w.Placed, compute.Placement{Begins: on, Kind: compute.PlacementKinds()[pick(3)]})
	}
	return w
}

func made(t testing.TB, sources []record.Source) *record.Protected {
	t.Helper()
	p, err := record.Protect(2025, sources, nil, [32]byte{1})
	must(t, err)
	return p
}

// content is what a researcher who has a whole file reads.
func content(t testing.TB, p *record.Protected, k record.Kind) string {
	t.Helper()
	text, err := p.View(k).CSV()
	must(t, err)
	return text
}

// loose counts, without anything of the package, the records that a file tells too
// much of: fewer than five that share the first five columns, or one value alone in
// one of the others, "ND" being none.
func loose(t testing.TB, content string) (records, exposed int) {
	t.Helper()
	all, err := csv.NewReader(strings.NewReader(content)).ReadAll()
	must(t, err)
	count, values := map[[5]string]int{}, map[[6]string]map[string]bool{}
	for _, r := range all[1:] {
		key := [5]string(r[:5])
		count[key]++
		for c, v := range r[5:] {
			at := [6]string{key[0], key[1], key[2], key[3], key[4], fmt.Sprint(c)}
			if values[at] == nil {
				values[at] = map[string]bool{}
			}
			if v != "ND" {
				values[at][v] = true
			}
		}
	}
	for _, r := range all[1:] {
		key := [5]string(r[:5])
		bad := count[key] < 5
		for c := range r[5:] {
			bad = bad || len(values[[6]string{key[0], key[1], key[2], key[3], key[4], fmt.Sprint(c)}]) < 2
		}
		if bad {
			exposed++
		}
	}
	return len(all) - 1, exposed
}

func sorted(rows [][]string) []string {
	var out []string
	for _, r := range rows {
		out = append(out, strings.Join(r, ","))
	}
	slices.Sort(out)
	return out
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
