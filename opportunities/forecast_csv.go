package opportunities

import (
	"io"
	"strconv"
	"strings"

	"maillage/internal/sheet"
)

// forecastHead names the columns of expected calls.
func forecastHead() []sheet.Column {
	return []sheet.Column{
		{"id", "id"}, {"objet", "title"}, {"acheteur", "buyer"}, {"siret_acheteur", "buyer_siret"}, {"lieu", "place"}, {"appeler_avant", "call_before"},
		{"attendu_le", "expected_on"}, {"au_plus_tard", "at_the_latest"}, {"fin_du_marche", "contract_ends"}, {"titulaires", "holders"}, {"montant_ht", "amount"}, {"monnaie", "currency"},
		{"confiance", "confidence"}, {"confirme_pour", "confirmed_for"}, {"raisons", "reasons"}, {"adresse", "address"},
	}
}

// WriteForecastCSV writes expected calls as WriteCSV writes opportunities; why
// puts the reasons of one in words.
func WriteForecastCSV(w io.Writer, f Outlet, items []*Opportunity, why func(*Opportunity) string) error {
	var rows [][]string
	for _, o := range items {
		if o.Forecast != nil {
			rows = append(rows, f.forecastRow(o, why(o)))
		}
	}
	return sheet.Write(w, f.Lang, forecastHead(), rows)
}

func (f Outlet) forecastRow(o *Opportunity, why string) []string {
	of, amount, month := o.Forecast, "", ""
	if of.Amount > 0 {
		amount = sheet.Number(f.Lang, of.Amount, -1)
	}
	if of.Word != nil {
		month = of.Word.Month
	}
	return []string{strconv.FormatInt(int64(o.ID), 10), o.Title, o.BuyerName, o.BuyerSIRET, f.place(o.Place), of.From, of.On, of.Until, of.Ends,
		strings.Join(of.Holders(), ", "), amount, of.Currency, sheet.Number(f.Lang, of.Confidence, -1), month, why, f.page(o.ID)}
}
