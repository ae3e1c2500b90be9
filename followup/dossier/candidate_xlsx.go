package dossier

import (
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"

	"maillage/internal/fault"
)

// WriteCandidateXLSX writes the data of a candidate as one sheet, a line each:
// what the forms call it, and the value to copy. A number is a number there; a
// text is never a formula.
func WriteCandidateXLSX(w io.Writer, c *Candidate, lang string) error {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	sheet := fault.Text{FR: "Candidat", EN: "Candidate"}.In(lang)
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		return fmt.Errorf("name the sheet: %w", err)
	}
	for i, row := range c.rows(lang) {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			return fmt.Errorf("name a cell: %w", err)
		}
		if err := f.SetSheetRow(sheet, cell, &row); err != nil {
			return fmt.Errorf("write row %d: %w", i+1, err)
		}
	}
	if err := f.SetColWidth(sheet, "A", "B", 42); err != nil {
		return fmt.Errorf("widen the columns: %w", err)
	}
	if err := f.Write(w); err != nil {
		return fmt.Errorf("write the data of a candidate: %w", err)
	}
	return nil
}

func (c *Candidate) rows(lang string) [][]any {
	say := func(fr, en string) string { return fault.Text{FR: fr, EN: en}.In(lang) }
	o := c.Organisation
	rows := [][]any{{say("rubrique", "heading"), say("valeur", "value")},
		{say("Nom", "Name"), o.Name}, {"SIRET", string(o.SIRET)}, {say("Code NAF", "NAF code"), string(o.NAF)},
		{say("Courriel", "E-mail"), o.Email}, {say("Téléphone", "Telephone"), o.Phone},
		{say("Forme juridique", "Legal form"), c.LegalForm}, {say("Signataire", "Signatory"), c.Signatory}, {say("En qualité de", "Acting as"), c.Quality},
		{say("Capacités techniques et humaines", "Technical and human capacity"), c.Capacity}}
	for _, s := range o.Sites {
		if s.Main {
			rows = append(rows, []any{say("Adresse", "Address"), s.Address + ", " + s.Postcode + " " + s.City})
		}
	}
	for _, y := range c.Years {
		rows = append(rows, []any{fmt.Sprintf(say("Chiffre d’affaires %d, euros hors taxes", "Turnover %d, euros excluding taxes"), y.Year), y.Turnover})
		if y.Share > 0 {
			rows = append(rows, []any{fmt.Sprintf(say("dont part de l’objet du marché %d, en %%", "of which what the contract is about %d, in %%"), y.Year), y.Share})
		}
		if y.Staff > 0 {
			rows = append(rows, []any{fmt.Sprintf(say("Effectif moyen %d", "Average staff %d"), y.Year), y.Staff})
		}
	}
	return rows
}
