package campaign

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"maillage/accounts"
	"maillage/indicators/compute"
	"maillage/indicators/questionnaire"
	"maillage/internal/fault"
	"maillage/internal/sheet"
	"maillage/internal/store"
	"maillage/territories"
)

// File is a table of answers to import.
type File struct {
	Year    int
	Name    string // .csv or .xlsx
	Content io.Reader
	Preview bool // tell what would happen, and write nothing
}

// Report is what an import did. Read = Updated + Unchanged + Rejected.
type Report struct {
	ID        int64 // of the import; 0 for a preview
	Read      int
	Updated   int
	Unchanged int
	Rejected  int
	Refused   []Refusal
}

// Refusal is a row that was not kept: its line, every fault, and its cells in the order of Columns.
type Refusal struct {
	Line   int
	Faults []Located
	Cells  []string
}

// Located is one fault of a row.
type Located struct {
	Column string     `json:"column"`
	Text   fault.Text `json:"text"`
}

func located(column, fr, en string) Located { return Located{column, fault.Text{FR: fr, EN: en}} }

// errPreview undoes the transaction of a preview, once it has counted.
var errPreview = errors.New("this was a preview")

// line is one row of the file, understood.
type line struct {
	at    int
	cells []string // in the order of Columns
	to    QuestionnaireID
	entry Entry
}

// importing is one import under way.
type importing struct {
	s    *Service
	c    *Campaign
	file File
	of   map[QuestionnaireID]*Row
	by   map[string]QuestionnaireID // SIRET|kind
	r    *Report
}

// Import reads a table that Export wrote and somebody filled, described in
// docs/campaigns.md. A row answers one question of one enterprise; an empty cell
// changes nothing, a dash takes the answer away. A row that cannot be kept is
// refused with every fault located, is kept with the import, and stops nothing; an
// answer that changed since the table was written is not overwritten. The same
// file again changes nothing. It fails (fault.Invalid) where the file or its
// header cannot be understood, before anything is written.
func (s *Service) Import(ctx context.Context, in File) (*Report, error) {
	if err := accounts.Permits(accounts.From(ctx), accounts.QuestionnaireImport); err != nil {
		return nil, err
	}
	c, err := s.Campaign(ctx, in.Year)
	if err != nil {
		return nil, err
	}
	t, err := sheet.Read(in.Name, in.Content, known)
	if err != nil {
		return nil, err
	}
	at, err := layout(t.Header)
	if err != nil {
		return nil, err
	}
	run := &importing{s: s, c: c, file: in, r: &Report{Read: len(t.Rows) + len(t.Broken)}}
	if err := run.askers(ctx); err != nil {
		return nil, err
	}
	for _, b := range t.Broken {
		run.refuse(line{at: b.Line}, located("", "un guillemet n’est pas fermé", "a quote is not closed"))
	}
	if err := run.all(ctx, run.lines(t.Rows, at)); err != nil {
		return nil, fmt.Errorf("import %s: %w", in.Name, err)
	}
	slices.SortStableFunc(run.r.Refused, func(a, b Refusal) int { return cmp.Compare(a.Line, b.Line) })
	return run.r, run.keep(ctx)
}

// known counts the columns of a header that an import reads.
func known(head []string) int {
	n := 0
	for _, h := range head {
		if slices.ContainsFunc(Columns(), func(c Column) bool { return c.Name == columnName(h) }) {
			n++
		}
	}
	return n
}

func columnName(h string) string {
	return strings.ReplaceAll(territories.Fold(sheet.Clean(h)), " ", "_")
}

// layout finds where each of Columns is in the file; −1: it is not there.
func layout(head []string) ([]int, error) {
	names := make([]string, len(head))
	for i, h := range head {
		names[i] = columnName(h)
	}
	at := make([]int, len(Columns()))
	for i, c := range Columns() {
		at[i] = slices.Index(names, c.Name)
		if at[i] >= 0 && slices.Contains(names[at[i]+1:], c.Name) {
			return nil, fault.Invalid(fault.At("header", "repeated", "La colonne « "+c.Name+" » figure deux fois.", "The column “"+c.Name+"” is there twice."))
		}
		if at[i] < 0 && (c.Name == "question" || c.Name == "valeur") {
			return nil, fault.Invalid(fault.At("header", "unknown-layout", "Colonne manquante : "+c.Name+". Partez du tableau à télécharger.", "Missing column: "+c.Name+". Start from the table to download."))
		}
	}
	return at, nil
}

// askers reads whose answers who acts may send.
func (run *importing) askers(ctx context.Context) error {
	rows, err := run.s.rows(ctx, run.c)
	if err != nil {
		return err
	}
	run.of, run.by = map[QuestionnaireID]*Row{}, map[string]QuestionnaireID{}
	for i := range rows {
		r := &rows[i]
		if !accounts.Can(accounts.From(ctx), accounts.QuestionnaireImport, run.s.scope(&r.Questionnaire)) {
			continue
		}
		run.of[r.ID] = r
		if r.SIRET != "" {
			run.by[r.SIRET+"|"+string(r.Kind)] = r.ID
		}
	}
	return nil
}

func (run *importing) refuse(l line, faults ...Located) {
	run.r.Rejected++
	run.r.Refused = append(run.r.Refused, Refusal{Line: l.at, Faults: faults, Cells: l.cells})
}

// lines reads every row; those that are refused go to the report.
func (run *importing) lines(rows []sheet.Row, at []int) []line {
	first := map[string]int{}
	var out []line
	for _, row := range rows {
		l, faults := run.line(row, at)
		key := fmt.Sprintf("%d|%s", l.to, l.entry.Question)
		if before, twice := first[key]; twice && len(faults) == 0 {
			faults = append(faults, located("question", fmt.Sprintf("même question que la ligne %d", before), fmt.Sprintf("same question as line %d", before)))
		}
		if len(faults) > 0 {
			run.refuse(l, faults...)
			continue
		}
		first[key] = row.Line
		out = append(out, l)
	}
	return out
}

func (run *importing) line(row sheet.Row, at []int) (line, []Located) {
	l := line{at: row.Line, cells: make([]string, len(at))}
	cell := map[string]string{}
	for i, c := range Columns() {
		if at[i] >= 0 && at[i] < len(row.Cells) {
			l.cells[i] = sheet.Clean(row.Cells[at[i]])
			cell[c.Name] = live(l.cells[i])
		}
	}
	var faults []Located
	if of := run.enterprise(cell); of != nil {
		l.to = of.ID
	} else {
		faults = append(faults, located("questionnaire", "cette entreprise n’est pas de celles dont vous transmettez les réponses", "this is not an enterprise whose answers you send"))
	}
	q, bad := run.question(cell["question"], l.to)
	faults = append(faults, bad...)
	l.entry = Entry{Question: q.Code, Revision: AnyRevision}
	faults = append(faults, l.read(q, cell)...)
	for i, c := range Columns() {
		said := c.Name == "explication" && slices.ContainsFunc(faults, func(f Located) bool { return f.Column == "explication" })
		typed := c.Name == "valeur" && personal(cell["valeur"]) && slices.ContainsFunc(faults, func(f Located) bool { return f.Column == "valeur" })
		if said || typed {
			l.cells[i] = "" // it may tell of somebody: it is kept nowhere
		}
	}
	return l, faults
}

// enterprise finds whose a row is: by the number of the questionnaire, by SIRET
// and kind, or the only one that who acts may send.
func (run *importing) enterprise(cell map[string]string) *Row {
	if n, err := strconv.ParseInt(cell["questionnaire"], 10, 64); err == nil {
		return run.of[QuestionnaireID(n)]
	}
	siret := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, cell["siret"])
	if siret != "" {
		return run.of[run.by[siret+"|"+strings.ToUpper(cell["type"])]]
	}
	if len(run.of) == 1 && cell["questionnaire"] == "" {
		for _, r := range run.of {
			return r
		}
	}
	return nil
}

func (run *importing) question(code string, of QuestionnaireID) (questionnaire.Question, []Located) {
	q, ok := run.s.book.Find(compute.Measure(strings.ToLower(code)))
	switch {
	case !ok:
		return q, []Located{located("question", "cette question n’existe pas", "there is no such question")}
	case run.of[of] != nil && !run.c.asks(q, run.of[of].Kind):
		return q, []Located{located("question", "cette question n’est pas posée à cette entreprise", "this is not asked of this enterprise")}
	}
	return q, nil
}

// emptied is what a cell holds to take an answer away.
const emptied = "-"

// read understands the cells that answer.
func (l *line) read(q questionnaire.Question, cell map[string]string) []Located {
	var faults []Located
	if text := cell["valeur"]; text == emptied {
		l.entry.Text = new(string)
	} else if text != "" {
		l.entry.Text = &text
		if _, wrong := q.Parse(text); wrong != nil && personal(text) {
			faults = append(faults, Located{"valeur", ofSomebody()})
		} else if wrong != nil && q.Code != "" {
			faults = append(faults, Located{"valeur", *wrong})
		}
	}
	if text := cell["explication"]; text != "" {
		clean, wrong := short(text, mostExplained)
		if wrong != nil {
			faults = append(faults, Located{"explication", *wrong})
		}
		l.entry.Explained = &clean
	}
	if text := cell["version"]; text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 0 {
			faults = append(faults, located("version", "laissez le nombre du tableau, ou rien", "leave the number of the table, or nothing"))
		}
		l.entry.Revision = n
	}
	return faults
}

// all writes the lines, one questionnaire a transaction.
func (run *importing) all(ctx context.Context, lines []line) error {
	slices.SortStableFunc(lines, func(a, b line) int { return cmp.Compare(a.to, b.to) })
	for len(lines) > 0 {
		n := slices.IndexFunc(lines, func(l line) bool { return l.to != lines[0].to })
		if n < 0 {
			n = len(lines)
		}
		if err := run.one(ctx, lines[:n]); err != nil {
			return err
		}
		lines = lines[n:]
	}
	return nil
}

func (run *importing) one(ctx context.Context, lines []line) error {
	entries := make([]Entry, len(lines))
	for i, l := range lines {
		entries[i] = l.entry
	}
	var saved *Saved
	err := run.s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		saved, err = run.s.saveIn(ctx, tx, lines[0].to, entries, writer{accounts.QuestionnaireImport, Imported})
		if err == nil && run.file.Preview {
			err = errPreview
		}
		return err
	})
	switch {
	case errors.Is(err, errPreview):
		err = nil
	case fault.Is(err, fault.KindConflict):
		return run.still(ctx, lines, fault.Of(err))
	}
	if err != nil {
		return err
	}
	run.count(lines, saved)
	return nil
}

func (run *importing) count(lines []line, saved *Saved) {
	for _, l := range lines {
		switch {
		case slices.ContainsFunc(saved.Clashes, func(c Clash) bool { return c.Entry.Question == l.entry.Question }):
			run.refuse(l, located("version", "cette réponse a changé depuis que le tableau a été écrit", "this answer changed since the table was written"))
		case slices.Contains(saved.Changed, l.entry.Question):
			run.r.Updated++
		default:
			run.r.Unchanged++
		}
	}
}

// still counts the lines of a questionnaire that no longer changes: those that say
// what is there are unchanged, the others are refused.
func (run *importing) still(ctx context.Context, lines []line, why *fault.Error) error {
	cur, err := answersOf(ctx, run.s.store.Read(), lines[0].to)
	if err != nil {
		return err
	}
	w := &writing{s: run.s, q: &run.of[lines[0].to].Questionnaire, origin: Imported, out: &Saved{}}
	for _, l := range lines {
		q, _ := run.s.book.Find(l.entry.Question)
		if old := cur[q.Code]; same(old, w.wanted(q, l.entry, old)) {
			run.r.Unchanged++
			continue
		}
		run.refuse(l, Located{"questionnaire", why.Message})
	}
	return nil
}
