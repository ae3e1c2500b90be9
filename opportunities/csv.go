package opportunities

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// csvHead names the columns; they are the same in both languages. Those that end
// in _code or _utc are for who reads the file by a program; the others are in words
// and on the clock of Paris.
var csvHead = []string{"id", "nature", "etat", "objet", "acheteur", "siret_acheteur", "lieu", "clause", "reserve_a", "date_limite", "montant_ht", "monnaie", "lots", "publie_le", "modifie_le", "source", "adresse", "titulaires", "heures_insertion", "fin",
	"nature_code", "etat_code", "clause_code", "reserve_a_code", "date_limite_utc", "publie_le_utc", "modifie_le_utc"}

// WriteCSV writes a row an opportunity, as French spreadsheets open it: UTF-8
// with its mark, semicolons, CRLF, a decimal comma. Instants are on the
// clock of Paris ("2026-12-07 12:00"), and in the last columns RFC 3339 in UTC. A cell that a spreadsheet would run as a formula is preceded by an
// apostrophe.
func WriteCSV(w io.Writer, f Outlet, items []*Opportunity) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return fmt.Errorf("write a table: %w", err)
	}
	out := csv.NewWriter(w)
	out.Comma, out.UseCRLF = ';', true
	rows := [][]string{csvHead}
	for _, o := range items {
		rows = append(rows, f.row(o))
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("write a table: %w", err)
	}
	return nil
}

func (f Outlet) row(o *Opportunity) []string {
	live := 0
	for _, l := range o.Lots {
		if !l.Withdrawn {
			live++
		}
	}
	amount := ""
	if o.Amount != 0 {
		amount = strings.Replace(strconv.FormatFloat(o.Amount, 'f', -1, 64), ".", ",", 1)
	}
	row := []string{strconv.FormatInt(int64(o.ID), 10), f.words("kind", string(o.Kind)), f.words("state", string(o.State)), o.Title, o.BuyerName, o.BuyerSIRET, f.place(o.Place),
		f.words("clause", string(o.Clause.Verdict)), f.words("reserved_to", string(o.Clause.ReservedTo)), inParis(o.Deadline), amount, o.Currency, strconv.Itoa(live),
		inParis(o.PublishedAt), inParis(&o.UpdatedAt), f.words("source", o.Source), f.page(o.ID),
		strings.Join(o.Insertion.Names(), ", "), plainHours(o), o.endOfHours(),
		string(o.Kind), string(o.State), string(o.Clause.Verdict), string(o.Clause.ReservedTo), rfc3339(o.Deadline), rfc3339(o.PublishedAt), rfc3339(&o.UpdatedAt)}
	for i := range row {
		row[i] = Inert(row[i])
	}
	return row
}

// plainHours is the number of hours of insertion to fill; empty where it is not said.
func plainHours(o *Opportunity) string {
	if o.Kind != InsertionHours || o.Clause.Hours == 0 {
		return ""
	}
	return strings.Replace(strconv.FormatFloat(o.Clause.Hours, 'f', -1, 64), ".", ",", 1)
}

// inParis is an instant that a spreadsheet reads as one, on the clock of Paris.
func inParis(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.In(paris()).Format("2006-01-02 15:04")
}

func rfc3339(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// Inert is a cell that no spreadsheet runs, whoever wrote it: one that would be a formula, spaces before
// it or not, is preceded by an apostrophe.
func Inert(cell string) string {
	if first := strings.TrimLeft(cell, " \u00a0"); first != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(first)[0]) {
		return "'" + cell
	}
	return cell
}
