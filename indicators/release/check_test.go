package release_test

import (
	"encoding/json"
	"errors"
	"io"
	"testing"
	"time"

	"maillage/indicators/release"
	"maillage/internal/fault"
)

// What cannot be published is refused whole, and said where it is.
func TestBadInputIsLocated(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(d *release.Dataset)
		where  string
	}{
		"an identifier":         {func(d *release.Dataset) { d.ID = "../x" }, "id"},
		"a version":             {func(d *release.Dataset) { d.Version = "1.0" }, "version"},
		"one language":          {func(d *release.Dataset) { d.Title.EN = "" }, "title"},
		"a date before ZIP":     {func(d *release.Dataset) { d.IssuedOn = time.Time{} }, "issued_on"},
		"a licence":             {func(d *release.Dataset) { d.Licence.URL = "javascript:alert(1)" }, "licence.url"},
		"no creator":            {func(d *release.Dataset) { d.Creators = nil }, "creators"},
		"no source":             {func(d *release.Dataset) { d.Sources = nil }, "sources"},
		"a DOI":                 {func(d *release.Dataset) { d.DOI = "https://doi.org/10.1/x" }, "doi"},
		"more than asked":       {func(d *release.Dataset) { d.Coverage.Answered = 121 }, "coverage.answered"},
		"no certificate":        {func(d *release.Dataset) { d.Certificate = json.RawMessage(`[]`) }, "certificate"},
		"a history of another":  {func(d *release.Dataset) { d.Changelog[0].Version = "0.9.0" }, "changelog"},
		"no table":              {func(d *release.Dataset) { d.Tables = nil }, "tables"},
		"a table twice":         {func(d *release.Dataset) { d.Tables[1] = d.Tables[0] }, "tables.sorties"},
		"a reserved name":       {func(d *release.Dataset) { d.Tables[1].Name = "codes" }, "tables.codes.name"},
		"no dimension":          {func(d *release.Dataset) { d.Tables[1].Fields = d.Tables[1].Fields[1:] }, "tables.heures.dimensions"},
		"a name like a status":  {func(d *release.Dataset) { d.Tables[1].Fields[1].Name = "fte_status" }, "tables.heures.fields.fte_status.name"},
		"no edition":            {func(d *release.Dataset) { d.Tables[1].Fields[1].Edition = "" }, "tables.heures.fields.fte.edition"},
		"no unit":               {func(d *release.Dataset) { d.Tables[1].Fields[1].Unit = fault.Text{} }, "tables.heures.fields.fte.unit"},
		"seven decimals":        {func(d *release.Dataset) { d.Tables[1].Fields[1].Decimals = 7 }, "tables.heures.fields.fte.decimals"},
		"a formula for a code":  {func(d *release.Dataset) { d.Tables[1].Fields[0].Codes[1].Code = "=1+1" }, "tables.heures.fields.kind.codes.=1+1"},
		"a status for a code":   {func(d *release.Dataset) { d.Tables[1].Fields[0].Codes[1].Code = "ND" }, "tables.heures.fields.kind.codes.ND"},
		"a part of no list":     {func(d *release.Dataset) { d.Tables[1].Fields[0].Sums[0].Parts[0] = "XX" }, "tables.heures.fields.kind.sums.1"},
		"a rate of nothing":     {func(d *release.Dataset) { d.Tables[0].Fields[5].Ratio.Numerator = "x" }, "tables.sorties.fields.rate.ratio"},
		"a row too short":       {func(d *release.Dataset) { d.Tables[1].Rows[1] = d.Tables[1].Rows[1][:2] }, "tables.heures.rows.2"},
		"a row twice":           {func(d *release.Dataset) { d.Tables[1].Rows[2] = d.Tables[1].Rows[1] }, "tables.heures.rows.3"},
		"a code of no list":     {func(d *release.Dataset) { d.Tables[1].Rows[1][0].Text = "AI" }, "tables.heures.rows.2.kind"},
		"a hidden dimension":    {func(d *release.Dataset) { d.Tables[1].Rows[1][0] = release.Cell{Status: release.Suppressed} }, "tables.heures.rows.2.kind"},
		"a hidden value inside": {func(d *release.Dataset) { d.Tables[1].Rows[1][1].Status = release.Suppressed }, "tables.heures.rows.2.fte"},
		"below zero":            {func(d *release.Dataset) { d.Tables[1].Rows[1][1].Number = -1 }, "tables.heures.rows.2.fte"},
		"too many digits":       {func(d *release.Dataset) { d.Tables[1].Rows[1][2].Number = 1_000_000_000_000_000 }, "tables.heures.rows.2.move"},
		"a year":                {func(d *release.Dataset) { d.Tables[0].Rows[0][2].Number = 25 }, "tables.sorties.rows.1.year"},
		"a note of two lines":   {func(d *release.Dataset) { d.Tables[0].Rows[0][6].Text = "a\nb" }, "tables.sorties.rows.1.note"},
		"no base for a count":   {func(d *release.Dataset) { d.Tables[0].Rows[0][3] = release.Cell{Status: release.NoBase} }, "tables.sorties.rows.1.durable"},
		"a sum":                 {func(d *release.Dataset) { d.Tables[1].Rows[0][1].Number = 1300 }, "tables.heures.rows.1.fte"},
		"a rate":                {func(d *release.Dataset) { d.Tables[0].Rows[0][5].Number = 426 }, "tables.sorties.rows.1.rate"},
		"a rate without a base": {func(d *release.Dataset) { d.Tables[0].Rows[0][4] = release.Cell{Status: release.Suppressed} }, "tables.sorties.rows.1.rate"},
	} {
		d := sample()
		c.change(&d)
		err := write(t.Context(), io.Discard, d, nil)
		var f *fault.Error
		if !errors.As(err, &f) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		found := false
		for _, field := range f.Fields {
			found = found || field.Path == c.where && field.Message.FR != "" && field.Message.EN != ""
		}
		if !found {
			t.Errorf("%s: not said at %s: %+v", name, c.where, f.Fields)
		}
	}
}

// What is given is not touched: the caller's rows keep their order.
func TestTheInputIsLeftAlone(t *testing.T) {
	t.Parallel()
	d := sample()
	written(t, d)
	if d.Tables[0].Name != "sorties" || d.Tables[0].Rows[0][0].Text != "FR" {
		t.Error("the input was sorted")
	}
}
