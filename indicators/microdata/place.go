package microdata

import (
	"cmp"
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"

	"maillage/accounts"
	"maillage/indicators/compute"
)

// known is what a chunk may refer to.
type known struct {
	enterprises map[string]*Enterprise
	years       map[int64][]*Year
	tied        map[string]int64 // organisations, by SIRET and kind
}

func (k *known) year(id int64, year int) *Year {
	i := slices.IndexFunc(k.years[id], func(y *Year) bool { return y.Year == year })
	if i < 0 {
		return nil
	}
	return k.years[id][i]
}

// place finds of whom each entry is, asks the policy, and refuses the others.
func (c *chunk[T]) place(ctx context.Context, entries []*entry[T]) ([]*placed[T], error) {
	var err error
	if c.known, err = c.look(ctx, entries); err != nil {
		return nil, err
	}
	var out []*placed[T]
	for _, e := range entries {
		p := &placed[T]{entry: e, key: e.sub}
		if c.shape.owner != "" {
			faults, err := c.enterprise(ctx, p)
			if err != nil {
				return nil, err
			}
			if len(faults) > 0 {
				c.refuse(e, faults...)
				continue
			}
		}
		out = append(out, p)
	}
	if err := c.sameWorkers(ctx, out); err != nil {
		return nil, err
	}
	return out, c.workers(ctx, out)
}

func (c *chunk[T]) look(ctx context.Context, entries []*entry[T]) (*known, error) {
	var keys, sirets []string
	for _, e := range entries {
		keys = append(keys, e.enterprise)
		for _, siret := range []string{e.siret, siretIn(e.enterprise)} {
			if siret != "" && c.in.Sheet == Enterprises {
				sirets = append(sirets, siret)
			}
		}
	}
	k := &known{enterprises: map[string]*Enterprise{}, years: map[int64][]*Year{}}
	rows, err := enterprisesBy(ctx, c.tx, keys)
	if err != nil {
		return nil, err
	}
	var ids []int64
	for i := range rows {
		k.enterprises[rows[i].Key] = &rows[i]
		ids = append(ids, rows[i].ID)
	}
	years, err := yearsOf(ctx, c.tx, ids)
	if err != nil {
		return nil, err
	}
	for i := range years {
		k.years[years[i].EnterpriseID] = append(k.years[years[i].EnterpriseID], &years[i])
	}
	k.tied, err = organisationsBy(ctx, c.tx, sirets)
	return k, err
}

// enterprise finds the enterprise of an entry, or makes it for the sheet that declares them.
func (c *chunk[T]) enterprise(ctx context.Context, p *placed[T]) ([]Located, error) {
	p.of = c.known.enterprises[p.enterprise]
	if c.in.Sheet == Enterprises {
		return c.declare(ctx, p)
	}
	if p.of == nil {
		return undeclared(), nil
	}
	if !c.allowed(ctx, p.of) {
		return notYours(), nil
	}
	p.owner = p.of.ID
	if c.in.Sheet == Workers {
		p.key = p.of.mark(p.number)
		return nil, nil
	}
	return c.declared(p), nil
}

func undeclared() []Located {
	return located("entreprise", "cette entreprise n’est pas déclarée : importez d’abord les entreprises de l’année", "this enterprise is not declared: import the enterprises of the year first")
}

func notYours() []Located {
	return located("entreprise", "cette entreprise n’est pas de celles dont vous transmettez les données", "this is not an enterprise whose data you send")
}

// allowed asks the policy by the latest year of an enterprise.
func (c *chunk[T]) allowed(ctx context.Context, e *Enterprise) bool {
	years := c.known.years[e.ID]
	if len(years) == 0 {
		return c.s.may(ctx, e.OrganisationID, "")
	}
	return c.s.may(ctx, e.OrganisationID, years[len(years)-1].Commune)
}

// declared finds the year that a record is of, and refuses what contradicts it.
func (c *chunk[T]) declared(p *placed[T]) []Located {
	column := map[Sheet]string{Contracts: "debut", Hours: "mois", Exits: "date", Placements: "debut", Trainings: "debut", Answers: "annee"}[c.in.Sheet]
	for year := p.first; year <= p.last; year++ {
		y := c.known.year(p.of.ID, year)
		if y == nil {
			continue
		}
		p.year = y
		if p.section == "" || p.remove || *y.status(p.section) != compute.ND {
			return nil
		}
	}
	if p.year == nil {
		return located(column, "l’entreprise n’est pas déclarée pour cette année : importez d’abord les entreprises de l’année", "the enterprise is not declared for this year: import the enterprises of the year first")
	}
	return located(column, "l’entreprise a déclaré ces données non collectées (ND) pour cette année", "the enterprise declared these data not collected (ND) for this year")
}

// declare makes the enterprise of a row that declares it, and ties it to the platform.
func (c *chunk[T]) declare(ctx context.Context, p *placed[T]) ([]Located, error) {
	y := &Year{}
	for _, edit := range p.edits {
		if f, ok := any(edit).(func(*Year)); ok {
			f(y)
		}
	}
	if known := c.yearOf(p); known != nil {
		y.Kind = cmp.Or(y.Kind, known.Kind)
	} else if !p.remove && len(p.c.lacks) > 0 {
		return p.c.lacks, nil
	}
	tie, faults := c.tie(ctx, p, y.Kind)
	if len(faults) > 0 {
		return faults, nil
	}
	if !c.s.may(ctx, tie, y.Commune) || p.of != nil && !c.allowed(ctx, p.of) {
		return notYours(), nil
	}
	if p.of == nil && p.remove {
		return undeclared(), nil
	}
	if err := c.make(ctx, p, tie); err != nil {
		return nil, err
	}
	p.owner = p.of.ID
	return nil, nil
}

// yearOf is the year that a row of the sheet of enterprises is about, as it is known; nil: it is not.
func (c *chunk[T]) yearOf(p *placed[T]) *Year {
	if p.of == nil {
		return nil
	}
	return c.known.year(p.of.ID, p.from)
}

// tie is the organisation that a row names, by its SIRET or by the code of the
// enterprise, or the one that is known; nil: none. A code SIRET-KIND is of the page
// that has this SIRET and kind and of no other, and a tie is never moved: the
// records of an enterprise stay whose they are.
func (c *chunk[T]) tie(ctx context.Context, p *placed[T], kind compute.Kind) (*int64, []Located) {
	tie := c.owner(p.enterprise)
	if p.siret != "" {
		id, found := c.known.tied[p.siret+"|"+string(kind)]
		if !found {
			return nil, located("siret", "aucune fiche de ce SIRET et de ce type sur la plateforme : laissez la cellule vide", "no page of this SIRET and kind on the platform: leave the cell empty")
		}
		if tie != nil && *tie != id || tie == nil && siretIn(p.enterprise) != "" && siretIn(p.enterprise) != p.siret && !c.federation(ctx) {
			return nil, located("entreprise", "ce code porte le SIRET d’une autre entreprise", "this code carries the SIRET of another enterprise")
		}
		tie = &id
	}
	switch {
	case p.of == nil || p.of.OrganisationID == nil:
		return tie, nil
	case tie != nil && *tie != *p.of.OrganisationID:
		return nil, located("siret", "cette entreprise est déjà rattachée à une autre fiche, et un import ne change pas un rattachement", "this enterprise is already tied to another page, and an import does not change a tie")
	}
	return p.of.OrganisationID, nil
}

// owner is the organisation whose SIRET and kind a code of enterprise is; nil: none.
func (c *chunk[T]) owner(code string) *int64 {
	if id, found := c.known.tied[strings.Replace(code, "-", "|", 1)]; found {
		return &id
	}
	return nil
}

// federation tells who keeps what is of no enterprise: a code may then keep the
// SIRET that an enterprise had before.
func (c *chunk[T]) federation(ctx context.Context) bool {
	return accounts.Can(accounts.From(ctx), accounts.ObservatoryEdit, accounts.Scope{})
}

var siretForm = regexp.MustCompile(`^(\d{14})-[A-Z]+$`)

// siretIn is the SIRET that a code of enterprise begins with; empty: it is another code.
func siretIn(code string) string {
	if m := siretForm.FindStringSubmatch(code); m != nil {
		return m[1]
	}
	return ""
}

// make writes an enterprise that is not known, or the tie of one that is.
func (c *chunk[T]) make(ctx context.Context, p *placed[T], tie *int64) error {
	if p.of == nil {
		salt, err := c.s.draw(16)
		if err != nil {
			return err
		}
		p.of = &Enterprise{Key: p.enterprise, OrganisationID: tie, Salt: salt, CreatedAt: c.s.now()}
		c.known.enterprises[p.of.Key] = p.of
		return insertEnterprise(ctx, c.tx, p.of)
	}
	if tie == nil || p.of.OrganisationID != nil {
		return nil
	}
	p.of.OrganisationID = tie
	return tieEnterprise(ctx, c.tx, p.of.ID, *tie)
}

// sameWorkers finds again who was known by a number as it was typed, before every
// way to type it was read as one, and knows them by that one from now on.
func (c *chunk[T]) sameWorkers(ctx context.Context, placed []*placed[T]) error {
	before := map[string]string{} // the mark of a number as it was typed, by the mark of today
	var marks []string
	for _, p := range placed {
		if p.typed != p.number {
			now, typed := p.of.mark(p.number), p.of.mark(p.typed)
			before[now] = typed
			marks = append(marks, now, typed)
		}
	}
	if len(marks) == 0 {
		return nil
	}
	found, err := workersBy(ctx, c.tx, marks)
	if err != nil {
		return err
	}
	for _, now := range slices.Sorted(maps.Keys(before)) {
		if id := found[before[now]]; id != 0 && found[now] == 0 {
			if err := markWorker(ctx, c.tx, id, now); err != nil {
				return err
			}
		}
	}
	return nil
}

// workers finds the workers of the entries by the digests of their numbers, and
// makes those that no file has described yet: of them nothing is said. Who is not
// known has no record to take away or to leave as it is, and is not made for it.
func (c *chunk[T]) workers(ctx context.Context, placed []*placed[T]) error {
	if !c.shape.records {
		return nil
	}
	wanted, marks := map[string]*Worker{}, map[string]bool{}
	for _, p := range placed {
		mark := p.of.mark(p.number)
		marks[mark] = true
		if wanted[mark] == nil && !p.remove && len(p.c.lacks) == 0 {
			wanted[mark] = &Worker{EnterpriseID: p.of.ID, Mark: mark}
		}
	}
	found, err := workersBy(ctx, c.tx, slices.Sorted(maps.Keys(marks)))
	if err != nil {
		return err
	}
	if err := c.unknownWorkers(ctx, wanted, found); err != nil {
		return err
	}
	for _, p := range placed {
		p.owner = found[p.of.mark(p.number)]
	}
	return nil
}

// unknownWorkers inserts the workers that were not found.
func (c *chunk[T]) unknownWorkers(ctx context.Context, wanted map[string]*Worker, found map[string]int64) error {
	var missing []*Worker
	for _, mark := range slices.Sorted(maps.Keys(wanted)) {
		if found[mark] != 0 {
			continue
		}
		w := wanted[mark]
		var err error
		if w.Key, err = c.s.draw(16); err != nil {
			return err
		}
		w.Trace = Trace{Origin: FromFile, BatchID: c.batch, UpdatedAt: c.s.now()}
		missing = append(missing, w)
	}
	if err := insertWorkers(ctx, c.tx, missing); err != nil {
		return err
	}
	for _, w := range missing {
		found[w.Mark] = w.ID
	}
	return nil
}
