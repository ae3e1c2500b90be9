package campaign

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"maillage/indicators/compute"
	"maillage/indicators/questionnaire"
	"maillage/internal/fault"
)

// Column is a column of the table that goes out and comes back.
type Column struct {
	Name string
	Read bool // by an import; the others are there for who fills it
	Says fault.Text
}

// Columns lists them, the same in both languages.
func Columns() []Column {
	read := func(name, fr, en string) Column { return Column{name, true, fault.Text{FR: fr, EN: en}} }
	said := func(name, fr, en string) Column { return Column{name, false, fault.Text{FR: fr, EN: en}} }
	return []Column{
		read("questionnaire", "Numéro du questionnaire ; ou le SIRET et le type.", "Number of the questionnaire; or the SIRET and the kind."),
		read("siret", "SIRET de l’entreprise.", "SIRET of the enterprise."),
		read("type", "AI, ACI, EI…", "AI, ACI, EI…"),
		said("entreprise", "Son nom.", "Its name."),
		read("question", "Code de la question.", "Code of the question."),
		said("intitule", "La question.", "The question."),
		said("unite", "Ce qui est compté.", "What is counted."),
		said("annee_precedente", "La réponse de l’an dernier.", "Last year’s answer."),
		read("valeur", "Un nombre ; ND : non collecté ; vide : ne change rien ; - : retire la réponse.", "A number; ND: not collected; empty: changes nothing; -: takes the answer away."),
		read("explication", "Pourquoi un chiffre surprenant est juste. Rien sur une personne.", "Why a surprising figure is right. Nothing about a person."),
		said("origine", "D’où vient la réponse.", "Where the answer comes from."),
		said("a_verifier", "Ce qui ne tient pas.", "What does not hold."),
		read("version", "Ne la changez pas : elle évite d’écraser une réponse plus récente.", "Leave it: it keeps a later answer from being overwritten."),
	}
}

// Wording puts codes in words for who fills a table.
type Wording struct {
	Lang   string
	Unit   func(questionnaire.Unit) string
	Origin func(Origin) string
}

// rows are the lines of a form, in the order of Columns.
func (f *Form) rows(siret string, words Wording) [][]string {
	var out [][]string
	for _, i := range f.Items {
		var found []string
		if i.Wrong != nil {
			found = append(found, i.Wrong.In(words.Lang))
		}
		for _, x := range i.Findings {
			if x.Stops() {
				found = append(found, x.Text.In(words.Lang))
			}
		}
		origin := ""
		if i.Answer.Typed != "" {
			origin = words.Origin(i.Answer.Origin)
		}
		out = append(out, []string{strconv.FormatInt(int64(f.Questionnaire.ID), 10), siret, string(f.Questionnaire.Kind), f.Name, string(i.Question.Code), i.Question.Label.In(words.Lang),
			words.Unit(i.Question.Unit), questionnaire.Write(i.Before), i.Answer.written(), i.Answer.Explained, origin, strings.Join(found, " "), strconv.FormatInt(i.Answer.Revision, 10)})
	}
	return out
}

// written is an answer as it is typed again; what could not be read, as it was typed.
func (a Answer) written() string {
	if a.Unread() {
		return a.Typed
	}
	return questionnaire.Write(compute.Answer{Status: a.Status, Value: a.Value})
}

// Table is the questionnaires of one or many enterprises, a row a question.
type Table struct {
	rows [][]string
}

// Rows are its lines, in the order of Columns.
func (t *Table) Rows() [][]string { return t.rows }

func header() []string {
	var out []string
	for _, c := range Columns() {
		out = append(out, c.Name)
	}
	return out
}

// WriteCSV writes the table as French spreadsheets open it: UTF-8 with its mark,
// semicolons, CRLF, a decimal comma. A cell that a spreadsheet would run as a
// formula is preceded by an apostrophe, which an import takes away.
func (t *Table) WriteCSV(w io.Writer) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return fmt.Errorf("write a table: %w", err)
	}
	out := csv.NewWriter(w)
	out.Comma, out.UseCRLF = ';', true
	if err := out.Write(header()); err != nil {
		return fmt.Errorf("write a table: %w", err)
	}
	for _, row := range t.rows {
		cells := make([]string, len(row))
		for i, c := range row {
			cells[i] = inert(c)
		}
		if err := out.Write(cells); err != nil {
			return fmt.Errorf("write a table: %w", err)
		}
	}
	out.Flush()
	return out.Error()
}

// The sheets of the workbook; the first is what an import reads.
const tableSheet = "Réponses"

// numeric are the columns whose numbers are numbers in a workbook.
var numeric = map[string]bool{"questionnaire": true, "annee_precedente": true, "valeur": true, "version": true}

// WriteXLSX writes the same as a workbook, with a sheet that explains the columns.
func (t *Table) WriteXLSX(w io.Writer, lang string) error {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	if err := f.SetSheetName("Sheet1", tableSheet); err != nil {
		return fmt.Errorf("name the sheet: %w", err)
	}
	if err := t.fill(f); err != nil {
		return fmt.Errorf("write a workbook: %w", err)
	}
	help := map[bool]string{true: "Read me", false: "Lisez-moi"}[strings.HasPrefix(lang, "en")]
	if _, err := f.NewSheet(help); err != nil {
		return fmt.Errorf("add a sheet: %w", err)
	}
	for i, c := range Columns() {
		if err := f.SetSheetRow(help, "A"+strconv.Itoa(i+1), &[]string{c.Name, c.Says.In(lang)}); err != nil {
			return fmt.Errorf("explain the columns: %w", err)
		}
	}
	f.SetActiveSheet(0)
	return f.Write(w)
}

func (t *Table) fill(f *excelize.File) error {
	out, err := f.NewStreamWriter(tableSheet)
	if err != nil {
		return err
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	names := header()
	for i, row := range append([][]string{names}, t.rows...) {
		cells := make([]any, len(row))
		for j, c := range row {
			cells[j] = c
			if n, err := strconv.ParseFloat(strings.Replace(c, ",", ".", 1), 64); i > 0 && err == nil && numeric[names[j]] {
				cells[j] = n
			}
		}
		if err := out.SetRow("A"+strconv.Itoa(i+1), cells); err != nil {
			return err
		}
	}
	return out.Flush()
}

// inert keeps a spreadsheet from running what somebody wrote; a negative number is one.
func inert(cell string) string {
	first := strings.TrimLeft(cell, " \u00a0")
	if first == "" || !strings.ContainsRune("=+-@\t\r\n＝＋－＠'", []rune(first)[0]) {
		return cell
	}
	if _, err := strconv.ParseFloat(strings.Replace(cell, ",", ".", 1), 64); err == nil && !strings.HasPrefix(first, "+") {
		return cell
	}
	return "'" + cell
}

// live undoes inert.
func live(cell string) string {
	if rest, cut := strings.CutPrefix(cell, "'"); cut && inert(rest) == cell {
		return rest
	}
	return cell
}
