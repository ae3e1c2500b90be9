package publication

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"

	"maillage/accounts"
	"maillage/indicators/catalogue"
	"maillage/indicators/compute"
	"maillage/internal/fault"
)

//go:embed data/yearly.json
var yearlyData []byte

// yearlyList is a version of the list of standard tables that the federation publishes
// each year. A list that served is never changed: the next one has the next number.
type yearlyList struct {
	Version    int   `json:"version"`
	Level      Level `json:"level"`
	Kinds      bool  `json:"kinds"`
	Indicators []struct {
		Chosen
		From  int `json:"from,omitempty"`  // first and last year that it is for; 0: no bound
		Until int `json:"until,omitempty"` //
	} `json:"indicators"`
}

// yearlyLists are every version of the list, in order: the last one is in use.
var yearlyLists = sync.OnceValues(func() ([]yearlyList, error) {
	var all struct {
		Lists []yearlyList `json:"lists"`
	}
	dec := json.NewDecoder(bytes.NewReader(yearlyData))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&all); err != nil {
		return nil, fmt.Errorf("read the lists of standard tables: %w", err)
	}
	if len(all.Lists) == 0 {
		return nil, errors.New("there is no list of standard tables")
	}
	for i, l := range all.Lists {
		if l.Version != i+1 {
			return nil, fmt.Errorf("list %d of the standard tables is numbered %d", i+1, l.Version)
		}
	}
	return all.Lists, nil
})

// plan is what the list asks of a year.
func (l yearlyList) plan(year int) Plan {
	p := Plan{Level: l.Level, Kinds: l.Kinds, Years: []int{year}, Reference: l.Version}
	for _, i := range l.Indicators {
		if year >= i.From && (i.Until == 0 || year <= i.Until) {
			p.Indicators = append(p.Indicators, i.Chosen)
		}
	}
	return p
}

// YearlyPlan is what the federation publishes of a year, by the list in use.
func YearlyPlan(year int) (Plan, error) {
	lists, err := yearlyLists()
	if err != nil {
		return Plan{}, err
	}
	return lists[len(lists)-1].plan(year), nil
}

// Yearly is the federation's release of a year, before and after it is made.
type Yearly struct {
	Plan      Plan
	Tables    []YearlyTable
	Breaks    []compute.Break
	Request   *Request   // the latest; nil: it was never prepared
	Version   *Version   // the latest that stands; nil: none was made
	Reference *Reference // what is published as the reference of the year; nil: nothing
}

// YearlyTable is one of its tables, and whom the counts of today are of.
type YearlyTable struct {
	Chosen  Chosen
	Frame   int // enterprises asked
	Replied int
	Awaited int  // of those asked, who have not answered
	Missing bool // an answer is "not collected": the total will be ND
}

// Empty tells that nobody answered anything of it.
func (y *Yearly) Empty() bool {
	return !slices.ContainsFunc(y.Tables, func(t YearlyTable) bool { return t.Replied > 0 })
}

// Waiting tells that the release is being made.
func (y *Yearly) Waiting() bool { return y.Request != nil && y.Request.State.Open() }

// CanPublish tells that there is something to publish as the reference that is not it.
func (y *Yearly) CanPublish() bool {
	return y.Version != nil && !y.Waiting() && (y.Reference == nil || y.Reference.Version.ID != y.Version.ID)
}

// Yearly reads where the release of a year is, for who decides.
func (s *Service) Yearly(ctx context.Context, year int) (*Yearly, error) {
	if err := accounts.Allow(accounts.From(ctx), accounts.ReleaseDecide, accounts.Scope{}); err != nil {
		return nil, err
	}
	p, err := s.yearlyPlan(ctx, year)
	if err != nil {
		return nil, err
	}
	y := &Yearly{Plan: p}
	if y.Tables, err = s.yearlyTables(ctx, p, year); err != nil {
		return nil, err
	}
	if y.Breaks, err = s.breaksOf(ctx, p, year); err != nil {
		return nil, err
	}
	if y.Request, err = latestRequest(ctx, s.store.Read(), p.writing()); err != nil {
		return nil, err
	}
	if y.Version, err = standingVersion(ctx, s.store.Read(), p.Dataset()); err != nil {
		return nil, err
	}
	y.Reference, err = s.referenceOf(ctx, year)
	return y, err
}

// yearlyPlan is the plan of a year that has counts.
func (s *Service) yearlyPlan(ctx context.Context, year int) (Plan, error) {
	known, err := s.counts.Years(ctx)
	if err != nil {
		return Plan{}, err
	}
	if !slices.Contains(known, year) {
		return Plan{}, fault.NotFound("counts", year)
	}
	return YearlyPlan(year)
}

// yearlyTables says whom each table is of: counts of enterprises, never of persons.
func (s *Service) yearlyTables(ctx context.Context, p Plan, year int) (list []YearlyTable, err error) {
	parts, err := s.counts.Contributions(ctx, year)
	if err != nil {
		return nil, err
	}
	b := newBook(year, Federation, parts)
	for _, c := range p.canonical().Indicators {
		f, _ := formula(c, []int{year}, p.Indicators)
		var q quantity
		for _, m := range f.Measures() {
			q.plus = append(q.plus, familyOf(m).counted(m)...)
		}
		n := b.tally(scope{whole, total}, q, []compute.Cross{compute.Total}, nil)
		list = append(list, YearlyTable{c, n.frame, n.replied, n.awaited, n.missing && n.replied > 0})
	}
	return list, nil
}

// breaksOf are what keeps a year from being read beside the year before, for the
// indicators of a plan.
func (s *Service) breaksOf(ctx context.Context, p Plan, year int) ([]compute.Break, error) {
	all, err := s.counts.Breaks(ctx, year-1, year)
	return slices.DeleteFunc(all, func(b compute.Break) bool {
		return !slices.ContainsFunc(p.Indicators, func(c Chosen) bool { return c.ID == catalogue.ID(b.Indicator) })
	}), err
}

// PrepareYear asks for the release of a year and approves it: one gesture, and an
// ordinary request from there on. While it is being made, again changes nothing.
func (s *Service) PrepareYear(ctx context.Context, year int) (*Request, error) {
	if err := accounts.Allow(accounts.From(ctx), accounts.ReleaseDecide, accounts.Scope{}); err != nil {
		return nil, err
	}
	y, err := s.Yearly(ctx, year)
	if err != nil {
		return nil, err
	}
	if y.Empty() {
		return nil, fault.Conflict("no_answers", "Personne n’a encore répondu pour cette année : il n’y a rien à publier.", "Nobody has answered of this year yet: there is nothing to release.")
	}
	return s.ask(ctx, Asked{Plan: y.Plan, Institution: s.publisher, Purpose: fmt.Sprintf("Publication de référence de l’année %d.", year)}, Approved)
}

// checkReference refuses a plan that says it is the federation's yearly one and is not.
func (p Plan) checkReference() []fault.Field {
	if p.Reference == 0 {
		return nil
	}
	lists, err := yearlyLists()
	if err == nil && p.Reference <= len(lists) && p.Reference > 0 && len(p.Years) == 1 && p.writing() == lists[p.Reference-1].plan(p.Years[0]).writing() {
		return nil
	}
	return []fault.Field{fault.At("reference", "not_yearly", "Ces tableaux ne sont pas ceux de la publication annuelle.", "These tables are not those of the yearly release.")}
}
