package microdata

import (
	"context"
	"reflect"
	"slices"
	"time"

	"maillage/indicators/compute"
)

// records carries contracts, exits, hours and placements.
func (g *gathering) records(ctx context.Context) error {
	hires, err := hiringsOf(ctx, g.tx, g.m.ID)
	if err != nil {
		return err
	}
	for _, part := range []func(context.Context, []hiring) error{g.contracts, g.exits, g.hours, g.placements} {
		if err := part(ctx, hires); err != nil {
			return err
		}
	}
	return nil
}

// known are the journeys that have a worker and a first day.
func (g *gathering) known() []journey {
	return slices.DeleteFunc(slices.Clone(g.folk), func(j journey) bool { return g.ids[j.ID] == 0 || j.EnteredOn == "" })
}

// left tells a journey that ended on a known day.
func (j *journey) left() bool { return j.State == "ended" && j.EndedOn != "" }

func (g *gathering) contracts(ctx context.Context, _ []hiring) error {
	had, err := contractsUntil(ctx, g.tx, []int64{g.e.ID}, "9999")
	if err != nil {
		return err
	}
	var want []*Contract
	for _, j := range g.known() {
		c := &Contract{WorkerID: g.ids[j.ID], EnterpriseID: g.e.ID, BeginsOn: j.EnteredOn, EndsOn: j.EndsOn}
		if j.left() {
			c.EndsOn = j.EndedOn
		}
		want = append(want, c)
	}
	return reconcile(ctx, g, contractShape(), linkedTo(g, had, func(c *Contract) int64 { return c.WorkerID }), want)
}

func (g *gathering) exits(ctx context.Context, hires []hiring) error {
	had, err := exitsUntil(ctx, g.tx, []int64{g.e.ID}, "0", "9999")
	if err != nil {
		return err
	}
	var want []*Exit
	for _, j := range g.known() {
		if j.left() {
			motive, days := outcome(j, hires)
			want = append(want, &Exit{WorkerID: g.ids[j.ID], EnterpriseID: g.e.ID, On: j.EndedOn, EnteredOn: j.EnteredOn, Motive: motive, Days: days})
		}
	}
	return reconcile(ctx, g, exitShape(), linkedTo(g, had, func(x *Exit) int64 { return x.WorkerID }), want)
}

func (g *gathering) hours(ctx context.Context, _ []hiring) error {
	had, err := hoursBetween(ctx, g.tx, []int64{g.e.ID}, "0", "9999")
	if err != nil {
		return err
	}
	months, err := monthsOf(ctx, g.tx, g.m.ID)
	if err != nil {
		return err
	}
	var want []*MonthHours
	for _, m := range months {
		if id := g.ids[m.PersonID]; id != 0 {
			worked := m.Hundredths()
			want = append(want, &MonthHours{WorkerID: id, EnterpriseID: g.e.ID, Month: m.Month, Worked: &worked})
		}
	}
	return reconcile(ctx, g, hoursShape(), linkedTo(g, had, func(h *MonthHours) int64 { return h.WorkerID }), want)
}

func (g *gathering) placements(ctx context.Context, hires []hiring) error {
	had, err := placementsOf(ctx, g.tx, []int64{g.e.ID})
	if err != nil {
		return err
	}
	var want []*Placement
	seen := map[string]bool{}
	for _, h := range hires {
		p := &Placement{WorkerID: g.ids[h.PersonID], EnterpriseID: g.e.ID, BeginsOn: h.At.UTC().Format(time.DateOnly), Kind: compute.Hired}
		if key := at(p.WorkerID, p.BeginsOn); p.WorkerID != 0 && !seen[key] {
			seen[key] = true
			want = append(want, p)
		}
	}
	return reconcile(ctx, g, placementShape(), linkedTo(g, had, func(p *Placement) int64 { return p.WorkerID }), want)
}

// linkedTo leaves out the records of workers whose journeys were erased: they stay as they are.
func linkedTo[T any](g *gathering, rows []T, worker func(*T) int64) []T {
	linked := map[int64]bool{}
	for _, id := range g.ids {
		linked[id] = true
	}
	return slices.DeleteFunc(rows, func(r T) bool { return !linked[worker(&r)] })
}

// near is how far from the end of a journey somebody may have been hired for the
// one to be the reason of the other, in days.
const near = 60

// outcome is the motive of an end: the contract that the person was hired on
// around that day, else unknown.
func outcome(j journey, hires []hiring) (compute.Motive, int) {
	ended, err := time.Parse(time.DateOnly, j.EndedOn)
	if err != nil {
		return compute.Unknown, 0
	}
	for _, h := range hires {
		if h.PersonID != j.ID || h.At.Before(ended.AddDate(0, 0, -near)) || h.At.After(ended.AddDate(0, 0, near)) {
			continue
		}
		return motiveOf(h)
	}
	return compute.Unknown, 0
}

// motiveOf reads the contract of a position. An offer says how long it lasts when
// it has both days; else the length is not said.
func motiveOf(h hiring) (compute.Motive, int) {
	motive := map[string]compute.Motive{"cdi": compute.CDI, "cdd": compute.CDD, "seasonal": compute.CDD, "interim": compute.Interim, "cddi": compute.OtherSIAE,
		"apprenticeship": compute.CDD, "professionalisation": compute.CDD}[contractIn(h.Terms)]
	if motive == "" {
		return compute.OtherExit, 0
	}
	first, last, err := span(h.StartsOn, h.EndsOn)
	if !motive.Timed() || err != nil || last.IsZero() {
		return motive, 0
	}
	return motive, int(last.Sub(first).Hours()/24) + 1
}

// cooperation says whether the member is in a GES or a pole, this year.
func (g *gathering) cooperation(ctx context.Context) error {
	had, err := answersIn(ctx, g.tx, []int64{g.e.ID}, g.s.now().Year())
	if err != nil {
		return err
	}
	had = slices.DeleteFunc(had, func(a Answer) bool { return a.Question != compute.Cooperating })
	if len(had) > 0 && had[0].Origin != FromPlatform { // said by the enterprise itself
		return nil
	}
	a := &Answer{EnterpriseID: g.e.ID, Year: g.s.now().Year(), Question: compute.Cooperating, Status: compute.Collected}
	if g.m.Group != "" || g.m.Poles > 0 {
		a.Value = 100
	}
	return reconcile(ctx, g, answerShape(), had, []*Answer{a})
}

// reconcile makes the records that the platform gave the wanted ones: those that
// differ are written, those that are no longer wanted go, a file's stay.
func reconcile[T any](ctx context.Context, g *gathering, sh shape[T], had []T, want []*T) error {
	by := map[string]*T{}
	for i := range had {
		if sh.trace(&had[i]).Origin == FromPlatform {
			by[at(sh.subOf(&had[i]))] = &had[i]
		}
	}
	var puts []*T
	for _, w := range want {
		key := at(sh.subOf(w))
		cur := by[key]
		delete(by, key)
		if cur != nil {
			*sh.trace(w) = *sh.trace(cur)
			if reflect.DeepEqual(cur, w) {
				continue
			}
		}
		*sh.trace(w) = g.trace()
		puts = append(puts, w)
	}
	if err := g.step(len(puts), upsert(ctx, g.tx, puts, sh.key)); err != nil {
		return err
	}
	for i := range had {
		if by[at(sh.subOf(&had[i]))] != &had[i] {
			continue
		}
		if err := g.step(1, remove(ctx, g.tx, &had[i])); err != nil {
			return err
		}
	}
	return nil
}
