package opportunities

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// forecastHead names the columns of expected calls, the same in both languages.
var forecastHead = []string{"id", "objet", "acheteur", "siret_acheteur", "lieu", "appeler_avant", "attendu_le", "au_plus_tard", "fin_du_marche", "titulaires", "montant_ht", "monnaie", "confiance", "confirme_pour", "raisons", "adresse"}

// WriteForecastCSV writes expected calls as WriteCSV writes opportunities; why
// puts the reasons of one in words.
func WriteForecastCSV(w io.Writer, f Outlet, items []*Opportunity, why func(*Opportunity) string) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return fmt.Errorf("write a table: %w", err)
	}
	out := csv.NewWriter(w)
	out.Comma, out.UseCRLF = ';', true
	rows := [][]string{forecastHead}
	for _, o := range items {
		if o.Forecast != nil {
			rows = append(rows, f.forecastRow(o, why(o)))
		}
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("write a table: %w", err)
	}
	return nil
}

func (f Outlet) forecastRow(o *Opportunity, why string) []string {
	of, amount, month := o.Forecast, "", ""
	if of.Amount > 0 {
		amount = comma(of.Amount)
	}
	if of.Word != nil {
		month = of.Word.Month
	}
	row := []string{strconv.FormatInt(int64(o.ID), 10), o.Title, o.BuyerName, o.BuyerSIRET, f.place(o.Place), of.From, of.On, of.Until, of.Ends,
		strings.Join(of.Holders(), ", "), amount, of.Currency, comma(of.Confidence), month, why, f.page(o.ID)}
	for i := range row {
		row[i] = Inert(row[i])
	}
	return row
}

func comma(v float64) string {
	return strings.Replace(strconv.FormatFloat(v, 'f', -1, 64), ".", ",", 1)
}
