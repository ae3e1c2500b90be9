package release_test

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"maillage/indicators/release"
	"maillage/internal/fault"
)

// revised gives the dataset of a month later, with a change.
func revised(change func(d *release.Dataset)) release.Dataset {
	d := sample()
	d.IssuedOn = d.IssuedOn.AddDate(0, 1, 0)
	change(&d)
	return d
}

// The number of a version says what a reader has to fear of it.
func TestNextNumbersAVersion(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(d *release.Dataset)
		want   string
		says   string
	}{
		"a figure":                     {func(d *release.Dataset) { d.Tables[1].Rows[0][2] = release.Number(-54) }, "1.0.1", "heures, values revised (1): all, move : -5.5 → -5.4."},
		"a note":                       {func(d *release.Dataset) { d.Tables[0].Rows[0][6] = release.Word("x") }, "1.0.1", "sorties, values revised (1): FR · all · 2025, note :  → x."},
		"a figure no longer published": {func(d *release.Dataset) { d.Tables[1].Rows[0][2] = release.Cell{Status: release.Suppressed} }, "1.0.1", "heures, values no longer published (1)."},
		"a figure shown":               {func(d *release.Dataset) { d.Tables[0].Rows[1][4] = release.Number(111) }, "1.0.1", "sorties, values published that were not (1)."},
		"hidden, no longer absent":     {func(d *release.Dataset) { d.Tables[0].Rows[1][4] = release.Cell{Status: release.Suppressed} }, "1.0.1", "sorties, values absent for another reason (1)."},
		"a row more": {func(d *release.Dataset) {
			row := cloned(d.Tables[1].Rows[0])
			row[0] = release.Word("AI")
			d.Tables[1].Fields[0].Codes = append(d.Tables[1].Fields[0].Codes, release.CodeLabel{Code: "AI", Label: say("AI", "AI")})
			d.Tables[1].Rows = append(d.Tables[1].Rows, row)
		}, "1.1.0", "heures, rows added (1): AI."},
		"a word":                {func(d *release.Dataset) { d.Abstract = say("Autre.", "Other.") }, "1.1.0", "The presentation or the sources change."},
		"a coverage":            {func(d *release.Dataset) { d.Coverage.Answered++ }, "1.1.0", "The coverage changes."},
		"a label":               {func(d *release.Dataset) { d.Tables[1].Fields[1].Label = say("ETP", "FTE") }, "1.1.0", "The description of heures.fte changes."},
		"a title":               {func(d *release.Dataset) { d.Tables[1].Title = say("Temps", "Time") }, "1.1.0", "The title of table heures changes."},
		"a row less":            {func(d *release.Dataset) { d.Tables[1].Rows = d.Tables[1].Rows[:2] }, "2.0.0", "heures, rows removed (1): EI."},
		"a table less":          {func(d *release.Dataset) { d.Tables = d.Tables[:1] }, "2.0.0", "Table heures is removed."},
		"a variable":            {func(d *release.Dataset) { d.Tables[1].Fields[1].Name = "etp" }, "2.0.0", "The variables of table heures change: kind, etp, move."},
		"another definition":    {func(d *release.Dataset) { d.Tables[1].Fields[1].Edition = "dares-2024" }, "2.0.0", "The definition of heures.fte changes: dares-2024 (before: coorace-2012)."},
		"a licence":             {func(d *release.Dataset) { d.Licence.Title = "CC BY 4.0" }, "2.0.0", "The licence changes: CC BY 4.0."},
		"a code of an old list": {func(d *release.Dataset) { d.Tables[1].Fields[0].Codes = d.Tables[1].Fields[0].Codes[:2] }, "2.0.0", "Code EI of heures.kind is removed."},
	} {
		next, _, err := release.Next(sample(), revised(c.change), say("Reprise de l’enquête.", "Survey corrected."))
		if err != nil || next.Version != c.want {
			t.Errorf("%s: %v, version %s, want %s", name, err, next.Version, c.want)
			continue
		}
		e := next.Changelog[0]
		if e.On != "2026-10-14" || e.Changes[0].EN != "Survey corrected." || len(next.Changelog) != 2 || !slicesContain(e.Changes, c.says) {
			t.Errorf("%s: %+v", name, e)
		}
	}
}

func cloned(row []release.Cell) []release.Cell { return append([]release.Cell(nil), row...) }

func slicesContain(all []fault.Text, en string) bool {
	for _, t := range all {
		if t.EN == en {
			return true
		}
	}
	return false
}

// A figure that is hidden in one of the two versions is told by no value and no key.
func TestNextTellsNoHiddenFigure(t *testing.T) {
	t.Parallel()
	before := sample()
	before.Tables[1].Rows[0][2] = release.Number(-777) // to be hidden
	after := revised(func(d *release.Dataset) {
		d.Tables[1].Rows[0][2] = release.Cell{Status: release.Suppressed}
		d.Tables[1].Rows[1][2] = release.Number(888)
	})
	before.Tables[1].Rows[1][2] = release.Cell{Status: release.Suppressed} // to be shown
	next, d, err := release.Next(before, after)
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Tables) != 1 || len(d.Tables[0].Revised) != 0 || d.Tables[0].Shown != 1 || d.Tables[0].Hidden != 1 {
		t.Errorf("%+v", d)
	}
	for _, c := range next.Changelog[0].Changes {
		if strings.Contains(c.FR+c.EN, "77.7") || strings.Contains(c.FR+c.EN, "88.8") || strings.Contains(c.EN, "move") {
			t.Errorf("the changelog tells %q", c.EN)
		}
	}
}

// The order of rows and tables is no change, and nothing new is no version.
func TestNextOfTheSame(t *testing.T) {
	t.Parallel()
	_, _, err := release.Next(sample(), shuffled(sample(), 3))
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != fault.KindConflict {
		t.Errorf("%v", err)
	}
	older := sample()
	older.IssuedOn = older.IssuedOn.AddDate(-1, 0, 0)
	if _, _, err := release.Next(sample(), older); !errors.As(err, &f) || f.Kind != fault.KindInvalid {
		t.Errorf("%v", err)
	}
}

// A next version is written, verified, and read back with its whole history.
func TestNextIsReleased(t *testing.T) {
	t.Parallel()
	data := written(t, sample())
	previous, err := release.Read(t.Context(), bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	next, _, err := release.Next(previous, revised(func(d *release.Dataset) { d.Tables[1].Rows[0][2] = release.Number(-54) }))
	if err != nil {
		t.Fatal(err)
	}
	data = written(t, next)
	back, err := release.Read(t.Context(), bytes.NewReader(data), int64(len(data)))
	if err != nil || !reflect.DeepEqual(back.Changelog, next.Changelog) || len(back.Changelog) != 2 {
		t.Errorf("%v %+v", err, back.Changelog)
	}
	if text := string(unpacked(t, data)["CHANGELOG.md"]); !strings.Contains(text, "## 1.0.1, 2026-10-14") || !strings.Contains(text, "all, move : -5.5 → -5.4") {
		t.Errorf("CHANGELOG.md is\n%s", text)
	}
}

// What does not hold is not read back as if it did.
func TestReadRefuses(t *testing.T) {
	t.Parallel()
	files := unpacked(t, written(t, sample()))
	resealing("data/heures.csv", "8.35", "8.34")(t, files)
	data := forged(t, files)
	_, err := release.Read(t.Context(), bytes.NewReader(data), int64(len(data)))
	var f *fault.Error
	if !errors.As(err, &f) || len(f.Fields) != 3 || f.Fields[0].Path != "data/heures.parquet, line 1, column fte" {
		t.Errorf("%v", err)
	}
}

// A withdrawn version leaves a tombstone, which Verify recognises and tells.
func TestTombstone(t *testing.T) {
	t.Parallel()
	on := time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)
	stone, err := release.Bury(sample(), strings.Repeat("ab", 32), on, say("Une région comptée deux fois.", "A region counted twice."), "1.0.1")
	if err != nil {
		t.Fatal(err)
	}
	r := verified(t, stone)
	if r.Sound() || r.Tombstone == nil || r.Dataset != "sorties-par-region" || r.Tombstone.Successor != "1.0.1" || r.Tombstone.WithdrawnOn != "2026-11-02" ||
		!strings.HasPrefix(r.Tombstone.Cite.EN, "Fédération inventée; Observatoire de l’insertion (2026). Exits by region and kind. Version 1.0.0.") {
		t.Errorf("%+v", r.Tombstone)
	}
	for name, bury := range map[string]func() ([]byte, error){
		"no reason": func() ([]byte, error) { return release.Bury(sample(), strings.Repeat("ab", 32), on, fault.Text{}, "") },
		"no hash":   func() ([]byte, error) { return release.Bury(sample(), "ab", on, say("r", "r"), "") },
		"its own follower": func() ([]byte, error) {
			return release.Bury(sample(), strings.Repeat("ab", 32), on, say("r", "r"), "1.0.0")
		},
	} {
		var f *fault.Error
		if _, err := bury(); !errors.As(err, &f) || f.Kind != fault.KindInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}
