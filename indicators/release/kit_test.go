package release_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math/rand/v2"
	"testing"
	"time"

	"maillage/indicators/release"
	"maillage/internal/fault"
)

func say(fr, en string) fault.Text { return fault.Text{FR: fr, EN: en} }

// everyone is an invented coverage.
func everyone() release.Coverage {
	return release.Coverage{Frame: say("Structures adhérentes au 31 décembre", "Members on 31 December"), Territory: say("France entière", "All of France"),
		From: 2024, To: 2025, Answered: 87, Asked: 120, Vintage: say("liste du 15 janvier 2026", "list of 15 January 2026")}
}

// sample is a small invented dataset that holds every kind of field and every status.
func sample() release.Dataset {
	return release.Dataset{
		ID: "sorties-par-region", Version: "1.0.0", Title: say("Sorties par région et par type", "Exits by region and kind"),
		Abstract:  say("Données inventées : le nombre de sorties constatées & leur taux, « non collecté » à part.", "Invented data: exits observed & their rate, \"not collected\" apart."),
		IssuedOn:  time.Date(2026, 9, 14, 23, 30, 0, 0, time.FixedZone("far", 13*3600)),
		Licence:   release.Licence{Name: "etalab-2.0", Title: "Licence Ouverte 2.0", URL: "https://www.etalab.gouv.fr/licence-ouverte-open-licence"},
		Publisher: "Fédération inventée", Creators: []string{"Fédération inventée", "Observatoire de l’insertion"}, URL: "https://example.invalid/sorties",
		Coverage: everyone(), Keywords: []fault.Text{say("insertion", "work integration")},
		Reproduce:   say("Demande 12 : C04, par région et type, 2024 et 2025.", "Request 12: C04, by region and kind, 2024 and 2025."),
		Tables:      []release.Table{exits(), hours()},
		Sources:     []release.Source{{Title: say("Événements de la plateforme", "Events of the platform")}, {Title: say("Enquête annuelle", "Yearly survey"), URL: "https://example.invalid/enquete"}},
		Changelog:   []release.Entry{{Version: "1.0.0", On: "2026-09-14", Changes: []fault.Text{say("Première version.", "First version.")}}},
		Certificate: json.RawMessage(`{"method": "lp", "attacked": 4, "recovered": 0}`),
	}
}

func dimension(name string, label fault.Text, total string, parts ...string) release.Field {
	f := release.Field{Name: name, Kind: release.Code, Label: label, Definition: label, Sums: []release.Sum{{Total: total, Parts: parts}}}
	for _, c := range append([]string{total}, parts...) {
		f.Codes = append(f.Codes, release.CodeLabel{Code: c, Label: say("libellé de "+c, "label of "+c)})
	}
	return f
}

func measure(name string, kind release.Kind, decimals int) release.Field {
	return release.Field{Name: name, Kind: kind, Decimals: decimals, Label: say("Mesure "+name, "Measure "+name), Definition: say("Ce que "+name+" compte, 1 ≤ n.", "What "+name+" counts, 1 ≤ n."),
		Indicator: "C04", Edition: "coorace-2012", Unit: say("sorties", "exits"), Coverage: everyone(), Rule: say("5 personnes, 3 groupes", "5 persons, 3 groups")}
}

// exits is a table of counts and a rate: 3 places, 2 kinds and their totals, one year.
func exits() release.Table {
	place := dimension("region", say("Région", "Region"), "FR", "53", "28", "04")
	kind := dimension("kind", say("Type", "Kind"), "all", "ACI", "EI")
	year := release.Field{Name: "year", Kind: release.Year, Label: say("Année", "Year"), Definition: say("Année de la sortie", "Year of the exit")}
	durable, base, rate := measure("durable", release.Integer, 0), measure("exits", release.Integer, 0), measure("rate", release.Decimal, 1)
	durable.Adds, base.Adds = release.Exact, release.Exact
	rate.Unit, rate.Ratio = say("%", "%"), &release.Ratio{Numerator: "durable", Denominator: "exits", Per: 100}
	note := release.Field{Name: "note", Kind: release.Note, Label: say("Note", "Note"), Definition: say("Rupture de série", "Break in series")}
	t := release.Table{Name: "sorties", Title: say("Sorties | par région", "Exits | by region"), Fields: []release.Field{place, kind, year, durable, base, rate, note}}
	nd, hid, none, waits := release.Cell{Status: release.NotCollected}, release.Cell{Status: release.Suppressed}, release.Cell{Status: release.NoBase}, release.Cell{Status: release.Awaited}
	add := func(region, kind string, durable, base, rate release.Cell, note string) {
		t.Rows = append(t.Rows, []release.Cell{release.Word(region), release.Word(kind), release.Number(2025), durable, base, rate, release.Word(note)})
	}
	n := release.Number
	add("FR", "all", n(90), n(211), n(427), "")
	add("FR", "ACI", nd, nd, nd, "une case non collectée")
	add("FR", "EI", n(50), n(100), n(500), "")
	add("53", "all", n(40), n(111), n(360), "")
	add("53", "ACI", hid, n(61), hid, "")
	add("53", "EI", hid, n(50), hid, "")
	add("28", "all", n(50), n(100), n(500), "")
	add("28", "ACI", n(30), n(61), n(492), "")
	add("28", "EI", n(20), n(39), n(513), "")
	add("04", "all", n(0), n(0), none, "rupture, « série »")
	add("04", "ACI", waits, waits, waits, "")
	return t
}

// hours is a table of rounded parts, of which one measure may be below zero.
func hours() release.Table {
	kind := dimension("kind", say("Type", "Kind"), "all", "ACI", "EI")
	fte, move := measure("fte", release.Decimal, 2), measure("move", release.Decimal, 1)
	fte.Adds, move.Signed = release.Rounded, true
	t := release.Table{Name: "heures", Title: say("Heures", "Hours"), Fields: []release.Field{kind, fte, move}}
	for _, r := range []struct {
		kind string
		fte  int64
		move int64
	}{{"all", 1250, -55}, {"ACI", 835, 5}, {"EI", 416, -1005}} {
		t.Rows = append(t.Rows, []release.Cell{release.Word(r.kind), release.Number(r.fte), release.Number(r.move)})
	}
	return t
}

// shuffled gives the same dataset in another order of tables and rows.
func shuffled(d release.Dataset, seed uint64) release.Dataset {
	r := rand.New(rand.NewPCG(seed, 1))
	r.Shuffle(len(d.Tables), func(i, j int) { d.Tables[i], d.Tables[j] = d.Tables[j], d.Tables[i] })
	for _, t := range d.Tables {
		r.Shuffle(len(t.Rows), func(i, j int) { t.Rows[i], t.Rows[j] = t.Rows[j], t.Rows[i] })
	}
	return d
}

func written(t testing.TB, d release.Dataset) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := release.Write(context.Background(), &b, d, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var write = release.Write

func sha(data []byte) string {
	h := sha256.Sum256(data)
	return hex.EncodeToString(h[:])
}
