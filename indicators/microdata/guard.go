package microdata

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"maillage/indicators/compute"
	"maillage/indicators/questionnaire"
	"maillage/internal/fault"
)

// A guard looks at the records of a chunk beside those that are kept and those of
// the same chunk. What it refuses has a located fault and is not written; what the
// chunk takes away is gone before anything is looked at, so that a correction may
// stand before or after what it replaces.

// onceEachJourney refuses a second exit of one journey: who left is counted once.
func onceEachJourney(ctx context.Context, c *chunk[Exit], all []*decided[Exit]) error {
	var ids []int64
	for _, d := range all {
		ids = append(ids, d.owner)
	}
	j, err := journeysKept(ctx, c.tx, ids)
	if err != nil {
		return err
	}
	for _, d := range all {
		if d.want == nil {
			delete(j.exits[d.owner], d.key)
		}
	}
	for _, d := range all {
		if d.want == nil || !d.moves() {
			continue
		}
		if other := j.other(d.want); other != nil {
			d.faults = leftAlready(other)
			continue
		}
		j.put(*d.want)
	}
	return nil
}

func leftAlready(other *Exit) []Located {
	day := other.On
	if t, err := time.Parse(time.DateOnly, day); err == nil {
		day = t.Format("02/01/2006")
	}
	return located("date", "ce parcours a déjà une sortie, le "+day+" : une sortie compte une fois. Pour la corriger, retirez celle-là (supprimer : oui) ; si la personne était revenue, donnez son nouveau contrat ou l’entrée du nouveau parcours (entree_le)",
		"this journey already has an exit, on "+day+": an exit counts once. To correct it, take that one away (supprimer: oui); if the person had come back, give the new contract or the entry of the new journey (entree_le)")
}

// journeys are the exits and the first days of the contracts of some workers.
type journeys struct {
	exits  map[int64]map[string]Exit // by worker, by day
	begins map[int64][]string
}

func (j *journeys) put(x Exit) {
	if j.exits[x.WorkerID] == nil {
		j.exits[x.WorkerID] = map[string]Exit{}
	}
	j.exits[x.WorkerID][x.On] = x
}

// other is another exit of the same journey; nil where there is none.
func (j *journeys) other(x *Exit) *Exit {
	for _, day := range slices.Sorted(maps.Keys(j.exits[x.WorkerID])) {
		if o := j.exits[x.WorkerID][day]; day != x.On && j.same(o, *x) {
			return &o
		}
	}
	return nil
}

// same tells two exits of one journey: the later one does not enter after the
// earlier one, and no contract begins in between.
func (j *journeys) same(a, b Exit) bool {
	if a.On > b.On {
		a, b = b, a
	}
	return b.EnteredOn <= a.On && !slices.ContainsFunc(j.begins[a.WorkerID], func(day string) bool { return day > a.On && day <= b.On })
}

// answersStand refuses the answers that are frozen, then those that do not agree
// with what is left.
func answersStand(ctx context.Context, c *chunk[Answer], all []*decided[Answer]) error {
	if err := frozenAnswers(ctx, c, all); err != nil {
		return err
	}
	return answersAgree(ctx, c, all)
}

// answersAgree refuses the answers that cannot stand together, by the rules that
// stop a questionnaire from being sent.
func answersAgree(ctx context.Context, c *chunk[Answer], all []*decided[Answer]) error {
	book, err := questionnaire.Load()
	if err != nil {
		return err
	}
	for sheet, mine := range bySheet(all) {
		kept, err := answersFor(ctx, c.tx, sheet.enterprise, sheet.year)
		if err != nil {
			return err
		}
		for again := true; again; {
			again = refuseOne(book, kept, mine)
		}
	}
	return nil
}

// sheetOf is whose answers are looked at together.
type sheetOf struct {
	enterprise int64
	year       int
}

func bySheet(all []*decided[Answer]) map[sheetOf][]*decided[Answer] {
	out := map[sheetOf][]*decided[Answer]{}
	for _, d := range all {
		at := sheetOf{d.owner, yearOf(d.key)}
		out[at] = append(out[at], d)
	}
	return out
}

// refuseOne refuses the answers of the first rule that does not hold, and tells
// whether there was one: what they replace then stands again.
func refuseOne(book *questionnaire.Book, kept map[compute.Measure]Answer, mine []*decided[Answer]) bool {
	now := questionnaire.Answers{}
	for q, a := range kept {
		now[q] = compute.Answer{Status: a.Status, Value: a.Value}
	}
	for _, d := range mine {
		q := compute.Measure(d.key[5:])
		switch {
		case len(d.faults) > 0:
		case d.want == nil:
			delete(now, q)
		default:
			now[q] = compute.Answer{Status: d.want.Status, Value: d.want.Value}
		}
	}
	for _, f := range book.Check(mine[0].year.Kind, now, nil) {
		if f.Level == questionnaire.Refuse && blame(book, f, mine) {
			return true
		}
	}
	return false
}

// blame puts the fault on the rows that bear on a rule; false where none does: what
// was kept before is not theirs.
func blame(book *questionnaire.Book, f questionnaire.Finding, mine []*decided[Answer]) bool {
	at := slices.IndexFunc(book.Checks, func(c questionnaire.Check) bool { return c.Code == f.Check })
	if at < 0 {
		return false
	}
	of, found := slices.Concat(book.Checks[at].Left, book.Checks[at].Right), false
	for _, d := range mine {
		if d.want != nil && d.moves() && len(d.faults) == 0 && slices.Contains(of, d.want.Question) {
			d.faults, found = located("valeur", f.Text.FR, f.Text.EN), true
		}
	}
	return found
}

// partsOfAnHour refuses reference hours that leave a year without an exact count of
// FTE (see compute.References.Parts): its pages would have none. The rows of a year
// are looked at together, then, where they do not go together, one after the other.
func partsOfAnHour(ctx context.Context, c *chunk[Reference], all []*decided[Reference]) error {
	rows, err := referencesOf(ctx, c.tx)
	if err != nil {
		return err
	}
	after := rows
	for _, d := range all {
		after = replaced(after, d)
	}
	for _, d := range all {
		if divides(after, d.from) {
			continue
		}
		next := replaced(rows, d)
		if divides(next, d.from) {
			rows = next
			continue
		}
		d.faults = []Located{{"heures", fault.Text{FR: "avec les heures des autres types de la même année, ce nombre ne permet pas de compter les ETP exactement : vérifiez-le",
			EN: "with the hours of the other kinds in the same year, this number does not let FTE be counted exactly: check it"}}}
	}
	return nil
}

// divides tells whether the hours of a year have a common fraction.
func divides(rows []Reference, year int) bool {
	refs, err := referencesWith(rows)
	if err == nil {
		_, err = refs.Parts(year)
	}
	return err == nil
}

// replaced is the rows as an entry leaves them, in the order in which they are read.
func replaced(rows []Reference, d *decided[Reference]) []Reference {
	out := slices.DeleteFunc(slices.Clone(rows), func(r Reference) bool { return string(r.Kind)+"|"+pad(r.Year) == d.key })
	if d.want != nil {
		out = append(out, *d.want)
	}
	slices.SortFunc(out, func(a, b Reference) int { return cmp.Or(cmp.Compare(a.Year, b.Year), cmp.Compare(a.Kind, b.Kind)) })
	return out
}
