package web

import (
	"slices"

	"maillage/indicators/compute"
	"maillage/indicators/publication"
)

// medianRow is the band in which the median of each year falls, read from the numbers of
// each band, and from nothing else: where one of them is hidden, so is it. False of an
// indicator that is not told by bands.
func (c *call) medianRow(all []*publication.Table, years []int) (ChartRow, bool) {
	bands := map[string]*publication.Table{}
	for _, t := range all {
		bands[t.Part] = t
	}
	row := ChartRow{Name: c.T("releases.median")}
	for _, year := range years {
		row.Cells = append(row.Cells, c.medianOf(bands, year))
	}
	return row, bands[compute.HourBands()[0].Name] != nil
}

func (c *call) medianOf(bands map[string]*publication.Table, year int) Value {
	var persons []int64
	for _, b := range compute.HourBands() {
		t := bands[b.Name]
		if t == nil {
			return Value{Status: Unreleased}
		}
		of := nationwide(t)
		at := slices.IndexFunc(of, func(r publication.Reading) bool { return r.Year == year })
		if at < 0 {
			return Value{Status: Unreleased}
		}
		switch of[at].Mark {
		case publication.Hidden:
			return Value{Status: Masked}
		case publication.Given:
			persons = append(persons, of[at].Value.Num().Int64())
		default:
			return Value{Status: NotCollected}
		}
	}
	b, ok := compute.MedianBand(persons)
	if !ok {
		return Value{Status: Nobody}
	}
	return Value{Text: c.T("releases.band_" + b.Name)}
}
