package people

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/sheet"
	"maillage/internal/store"
)

// A chunk of an import is one transaction: so many rows, and no more time than
// this, since SQLite has one writer and the jobs wait for it.
const (
	chunkRows = 100
	chunkTime = 400 * time.Millisecond
)

// File is a file of journeys of one structure to import.
type File struct {
	Organisation int64
	Name         string // of the file: .csv or .xlsx
	Content      io.Reader
	Preview      bool                  // tell what would happen, and write nothing
	Progress     func(done, total int) // may be nil
}

// Import reads a file of journeys, described in docs/import-parcours.md. A row is a
// journey, known by the structure's own number. A row that cannot be kept is in
// Report.Refused with every fault located and stops nothing; the same file again
// changes nothing; an empty cell leaves what is known. What identifies goes
// sealed to its own table; columns that have no field are kept nowhere, rejected
// rows included; a file that has identities asks for the right to write them. It fails (fault.Invalid) when the file or its header cannot be
// understood, before anything is written.
func (s *Service) Import(ctx context.Context, in File) (*Report, error) {
	if err := accounts.Allow(accounts.From(ctx), accounts.PersonImport, accounts.Of(in.Organisation)); err != nil {
		return nil, err
	}
	t, err := sheet.Read(in.Name, in.Content, known)
	if err != nil {
		return nil, err
	}
	l, err := readLayout(t.Header)
	if err != nil {
		return nil, err
	}
	r := &Report{Read: len(t.Rows) + len(t.Broken), Unread: l.unread, header: l.names, comma: t.Comma}
	for _, name := range t.Unread {
		r.Unread = append(r.Unread, Unread{Column: "« " + name + " »", Why: fault.Text{
			FR: "autre feuille du classeur : une seule est lue, importez celle-ci dans un fichier à part", EN: "another sheet of the workbook: only one is read, import this one as a file of its own"}})
	}
	for _, b := range t.Broken {
		r.refuse(b.Line, nil, Located{"", fault.Text{FR: "un guillemet n’est pas fermé", EN: "a quote is not closed"}})
	}
	run := &importRun{s: s, l: l, r: r, organisation: in.Organisation, preview: in.Preview}
	if l.has(identityColumn) { // a token that writes journeys does not write names
		if err := accounts.Allow(accounts.From(ctx), accounts.PersonIdentify, accounts.Of(in.Organisation)); err != nil {
			return nil, err
		}
	}
	if run.counsellors, err = counsellorsByAddress(ctx, s.store.Read(), in.Organisation); err != nil {
		return nil, err
	}
	if s.keys == nil && l.has(identityColumn) {
		r.NoKey = true
	}
	if err := run.all(ctx, run.entries(t.Rows), in.Progress); err != nil {
		return r, fmt.Errorf("import %s: %w", in.Name, err)
	}
	r.finish()
	return r, nil
}

type importRun struct {
	s            *Service
	l            layout
	r            *Report
	organisation int64
	counsellors  map[string]int64
	preview      bool
}

// errPreview undoes the transaction of a preview, once it has counted.
var errPreview = errors.New("this was a preview")

// entries reads every row; those that are refused go to the report.
func (run *importRun) entries(rows []sheet.Row) []*entry {
	first := map[string]int{}
	var out []*entry
	for _, row := range rows {
		e := readRow(run.s.atlas, run.l, row, run.s.today())
		e.faults = append(e.faults, run.s.ofItself(e)...)
		if line, twice := first[foldKey(e.key)]; twice && e.key != "" {
			e.faults = append(e.faults, Located{"numero", fault.Text{FR: fmt.Sprintf("même numéro que la ligne %d", line), EN: fmt.Sprintf("same number as line %d", line)}})
		}
		if e.counsellor != nil && *e.counsellor != "" && run.counsellors[strings.ToLower(*e.counsellor)] == 0 {
			e.faults = append(e.faults, Located{"conseiller", fault.Text{FR: "aucun·e conseiller·ère de la structure n’a cette adresse", EN: "no counsellor of the structure has this address"}})
		}
		if len(e.faults) > 0 {
			run.r.refuse(row.Line, run.l.keptCells(e, e.faults), e.faults...)
			continue
		}
		first[foldKey(e.key)] = row.Line
		out = append(out, e)
	}
	return out
}

// ofItself checks what a row says, whatever is known of the journey, so that a
// row that could not be read in one column has its other faults located too: a
// cell that nobody checked is never taken for one that was understood.
func (s *Service) ofItself(e *entry) []Located {
	p := &Person{Key: e.key}
	for _, edit := range e.edits {
		edit(p)
	}
	c := s.checker()
	c.person(p)
	c.pass(e.pass, dayOf(s.now()))
	var out []Located
	for _, f := range append(c.faults, s.checkTraits(e.traits)...) {
		if column := columnFor(f.Path); !atFault(e.faults, column) {
			out = append(out, Located{column, f.Message})
		}
	}
	return out
}

// mostPassMonths is the longest prolongation, 84 months (R5132-1-8), and 36 of suspension.
const mostPassMonths = 84 + 36

// pass checks the pass of a row as the rights of a person are, and that its years
// are plausible.
func (c *checker) pass(p *Right, today time.Time) {
	if p == nil {
		return
	}
	for _, f := range checkRights([]Right{*p}) {
		c.refuse("pass_iae_du", f.Code, f.Message.FR, f.Message.EN)
	}
	if p.From < "2000-01-01" || p.From > today.AddDate(1, 0, 0).Format(time.DateOnly) {
		c.refuse("pass_iae_du", "range", "Cette date n’est pas plausible.", "This date is not plausible.")
	} else if p.Until > addMonths(parse(p.From), mostPassMonths).Format(time.DateOnly) {
		c.refuse("pass_iae_au", "range", "Cette date n’est pas plausible.", "This date is not plausible.")
	}
}

// all writes the entries by chunks and counts.
func (run *importRun) all(ctx context.Context, entries []*entry, progress func(done, total int)) error {
	for done := 0; done < len(entries); {
		next := entries[done:min(done+chunkRows, len(entries))]
		part, err := run.once(ctx, next)
		if err != nil && ctx.Err() == nil && fault.Is(err, fault.KindConflict) { // another import may have made the same journeys meanwhile
			part, err = run.once(ctx, next)
		}
		if err != nil {
			return fmt.Errorf("from line %d: %w", next[0].row.Line, err)
		}
		part.addTo(run.r)
		done += part.done
		if progress != nil {
			progress(done, len(entries))
		}
	}
	return nil
}

// part is what one transaction did; it counts once it is committed.
type part struct {
	done, made, updated, unchanged, sealed int
	refused                                []Row
}

func (p *part) addTo(r *Report) {
	r.Made += p.made
	r.Updated += p.updated
	r.Unchanged += p.unchanged
	r.Sealed += p.sealed
	r.Rejected += len(p.refused)
	r.Refused = append(r.Refused, p.refused...)
}

func (run *importRun) once(ctx context.Context, entries []*entry) (*part, error) {
	var out *part
	err := run.s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		out = &part{}
		keys := make([]string, len(entries))
		for i, e := range entries {
			keys[i] = e.key
		}
		ids, err := idsOf(ctx, tx, run.organisation, keys)
		if err != nil {
			return err
		}
		began := time.Now()
		for _, e := range entries {
			if err := run.keep(ctx, tx, e, ids[foldKey(e.key)], out); err != nil {
				return err
			}
			if out.done++; time.Since(began) > chunkTime {
				break
			}
		}
		if run.preview {
			return errPreview
		}
		return accounts.Audit(ctx, tx, accounts.Entry{At: run.s.now(), Action: accounts.PersonImport, Entity: "organisation", EntityID: run.organisation})
	})
	if errors.Is(err, errPreview) {
		err = nil
	}
	return out, err
}

// keep writes one row, or refuses it.
func (run *importRun) keep(ctx context.Context, tx store.Tx, e *entry, id ID, out *part) error {
	cur, err := run.held(ctx, tx, id)
	if err != nil {
		return err
	}
	want := cur.clone()
	if want.Key == "" { // of a journey that is there, the number stays as it was first written
		want.Key = e.key
	}
	for _, edit := range e.edits {
		edit(want)
	}
	run.assign(e, want)
	located, err := run.faults(ctx, tx, cur, want)
	if err != nil {
		return err
	}
	if len(located) > 0 {
		out.refused = append(out.refused, run.refusal(e, located...))
		return nil
	}
	return run.put(ctx, tx, cur, want, e, out)
}

// put writes the journey, then what goes apart, and counts.
func (run *importRun) put(ctx context.Context, tx store.Tx, cur, want *Person, e *entry, out *part) error {
	changed, err := run.write(ctx, tx, cur, want)
	if err != nil {
		return err
	}
	more, err := run.aside(ctx, tx, want.ID, e, out)
	switch {
	case err != nil:
		return err
	case cur.ID == 0:
		out.made++
	case changed || more:
		out.updated++
	default:
		out.unchanged++
	}
	return nil
}

func (run *importRun) held(ctx context.Context, tx store.Tx, id ID) (*Person, error) {
	if id == 0 {
		return &Person{OrganisationID: run.organisation, State: Active}, nil
	}
	if err := lock(ctx, tx, id); err != nil {
		return nil, err
	}
	return get(ctx, tx, id)
}

func (run *importRun) assign(e *entry, want *Person) {
	if e.counsellor == nil {
		return
	}
	want.CounsellorID = nil
	if id := run.counsellors[strings.ToLower(*e.counsellor)]; id != 0 {
		want.CounsellorID = &id
	}
}

func (run *importRun) refusal(e *entry, faults ...Located) Row {
	return Row{Line: e.row.Line, Faults: faults, Cells: run.l.keptCells(e, faults)}
}

func (run *importRun) write(ctx context.Context, tx store.Tx, cur, want *Person) (bool, error) {
	if cur.ID == 0 {
		return true, run.s.create(ctx, tx, want)
	}
	changed, err := run.s.write(ctx, tx, EventChanged, cur, want)
	return len(changed) > 0, err
}

// faults checks the journey as a row makes it and says in which column.
func (run *importRun) faults(ctx context.Context, tx store.Tx, cur, want *Person) ([]Located, error) {
	if cur.State == Ended {
		return []Located{{"numero", fault.Text{FR: "ce parcours est terminé : il ne change plus", EN: "this journey has ended: it no longer changes"}}}, nil
	}
	var out []Located
	err := run.s.check(ctx, tx, want)
	var f *fault.Error
	if err != nil && (!errors.As(err, &f) || f.Kind != fault.KindInvalid) {
		return nil, err
	}
	if f == nil {
		return nil, nil
	}
	for _, field := range f.Fields {
		out = append(out, Located{columnFor(field.Path), field.Message})
	}
	return out, nil
}

// columnFor is the column that says a field.
func columnFor(path string) string {
	head, _, _ := strings.Cut(path, "[")
	columns := map[string]string{"key": "numero", "commune": "commune", "mobility": "mobilite", "wished": "metiers_souhaites", "held": "metiers_exerces",
		"aptitudes": "permis_titres, savoirs", "languages": "langues", "hours": "heures_min, heures_max", "slots": "horaires",
		"available_on": "disponible_le", "entered_on": "entree_le", "contract_ends": "contrat_jusqu_au", "counsellor_id": "conseiller",
		"sex": "sexe", "birth_year": "annee_naissance", "qpv": "qpv"}
	if c := columns[head]; c != "" {
		return c
	}
	return head
}

// aside keeps what does not belong in the journey: the pass, the identity, the traits.
func (run *importRun) aside(ctx context.Context, tx store.Tx, id ID, e *entry, out *part) (changed bool, err error) {
	for _, put := range []func() (bool, error){
		func() (bool, error) { return run.passOf(ctx, tx, id, e) },
		func() (bool, error) { return run.identityOf(ctx, tx, id, e, out) },
		func() (bool, error) { return run.traitsOf(ctx, tx, id, e) },
	} {
		did, err := put()
		if err != nil {
			return changed, err
		}
		changed = changed || did
	}
	return changed, nil
}

// passOf writes the pass that a row says, which corrects the one that is known
// (passAt). A dash takes the last one away.
func (run *importRun) passOf(ctx context.Context, tx store.Tx, id ID, e *entry) (bool, error) {
	gone := slices.Contains(e.emptied, "pass_iae_du")
	if e.pass == nil && !gone {
		return false, nil
	}
	all, err := rightsOf(ctx, tx, id)
	if err != nil {
		return false, err
	}
	rights := all[id]
	at := passAt(rights, e.pass)
	switch {
	case gone && at < 0:
		return false, nil
	case gone:
		rights = slices.Delete(rights, at, at+1)
	case at < 0:
		rights = append(rights, *e.pass)
	default:
		from, until := rights[at].From, rights[at].Until
		rights[at].From = e.pass.From
		if e.pass.Until != "" || slices.Contains(e.emptied, "pass_iae_au") {
			rights[at].Until = e.pass.Until
		}
		if from == rights[at].From && until == rights[at].Until {
			return false, nil
		}
	}
	if err := putRights(ctx, tx, id, rights); err != nil {
		return false, err
	}
	return true, run.s.touch(ctx, tx, accounts.PersonEdit, id, EventRights, "rights")
}

// passAt is where the pass that a row says is already: the one of that first day,
// or the last one where their days meet; below zero, nowhere. Without a pass, it
// is the last one.
func passAt(rights []Right, said *Right) int {
	last := -1
	for i, r := range rights {
		if r.Kind != PassIAE {
			continue
		}
		if said != nil && r.From == said.From {
			return i
		}
		if last < 0 || r.From > rights[last].From {
			last = i
		}
	}
	if last >= 0 && said != nil && (said.From > passOver(rights[last]) || passOver(*said) < rights[last].From) {
		return -1
	}
	return last
}

// passOver is the last day of a pass, suspensions aside.
func passOver(r Right) string {
	if r.Until != "" {
		return r.Until
	}
	return addMonths(parse(r.From), passMonths).AddDate(0, 0, -1).Format(time.DateOnly)
}

func (run *importRun) identityOf(ctx context.Context, tx store.Tx, id ID, e *entry, out *part) (bool, error) {
	if e.identity.IsZero() && e.without.IsZero() || run.s.keys == nil {
		return false, nil
	}
	old, err := run.s.identity(ctx, tx, id)
	if err != nil {
		return false, err
	}
	want := old.merge(e.identity)
	for _, f := range identityForms {
		if *f.of(&e.without) != "" {
			*f.of(&want) = ""
		}
	}
	if want == old {
		return false, nil
	}
	out.sealed++
	return true, run.s.putIdentity(ctx, tx, id, want)
}

func (run *importRun) traitsOf(ctx context.Context, tx store.Tx, id ID, e *entry) (bool, error) {
	said := e.traits
	if said.Sex == "" && said.BirthYear == 0 && said.QPV == "" && len(e.emptied) == 0 {
		return false, nil
	}
	old, err := traitsOf(ctx, tx, id)
	if err != nil {
		return false, err
	}
	want := Traits{Sex: cmp.Or(said.Sex, old.Sex), BirthYear: cmp.Or(said.BirthYear, old.BirthYear), QPV: cmp.Or(said.QPV, old.QPV)}
	for _, column := range e.emptied {
		switch column {
		case "sexe":
			want.Sex = ""
		case "annee_naissance":
			want.BirthYear = 0
		case "qpv":
			want.QPV = ""
		}
	}
	if want.Sex == old.Sex && want.BirthYear == old.BirthYear && want.QPV == old.QPV {
		return false, nil
	}
	return true, run.s.putTraits(ctx, tx, id, want)
}
