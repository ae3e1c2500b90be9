package funder

import (
	"fmt"
	"io"
	"math"

	"github.com/xuri/excelize/v2"

	"maillage/indicators/compute"
)

// WriteXLSX writes the report as it goes out: one sheet of numbers, one line each,
// and one of notes. A number is a number there; what is hidden, and ND, are words.
func (r *Report) WriteXLSX(w io.Writer, lang string) error {
	f := excelize.NewFile()
	defer f.Close()
	sheet, second := say("Bilan", "Report").In(lang), say("Lire ces chiffres", "How to read").In(lang)
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		return fmt.Errorf("name the sheet: %w", err)
	}
	if _, err := f.NewSheet(second); err != nil {
		return fmt.Errorf("add a sheet: %w", err)
	}
	if err := setRows(f, sheet, r.rows(lang)); err != nil {
		return err
	}
	var notes [][]any
	for _, n := range r.Notes {
		notes = append(notes, []any{n.In(lang)})
	}
	if err := setRows(f, second, notes); err != nil {
		return err
	}
	if err := f.SetColWidth(sheet, "B", "B", 48); err != nil {
		return err
	}
	return f.Write(w)
}

func (r *Report) rows(lang string) [][]any {
	out := [][]any{{r.Called(), r.Title().In(lang)},
		{say("tableau", "table").In(lang), say("ligne", "line").In(lang), say("valeur", "value").In(lang), say("unité", "unit").In(lang), say("part en %", "share in %").In(lang), say("sur", "out of").In(lang)}}
	for _, b := range r.Blocks {
		for _, l := range b.Lines {
			row := []any{b.Title.In(lang), l.Label.In(lang), l.Number(lang), l.Unit.In(lang), nil, nil}
			if l.Status == Shown {
				row[2] = float64(compute.Rounded(l.Value, l.Digits)) / math.Pow10(l.Digits)
			}
			if text := l.Percent(lang); text != "" {
				row[4] = text
			}
			if l.Share != nil {
				row[4], row[5] = float64(compute.Rounded(l.Share, 1))/10, b.Lines[0].Label.In(lang)
			}
			out = append(out, row)
		}
	}
	return out
}

func setRows(f *excelize.File, sheet string, rows [][]any) error {
	for i, row := range rows {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			return err
		}
		if err := f.SetSheetRow(sheet, cell, &row); err != nil {
			return fmt.Errorf("write row %d: %w", i+1, err)
		}
	}
	return nil
}
