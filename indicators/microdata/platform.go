package microdata

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"maillage/indicators/compute"
	"maillage/internal/store"
	"maillage/territories"
)

// Gather carries what the platform itself knows of its members into the
// observatory: journeys with their traits, months of hours, ends, and people hired
// after a proposal, without anything that identifies. An enterprise that sends its
// workers by files is left to its files. Again it changes nothing. It asks no
// policy: it is for a worker. It tells how many enterprises changed.
func (s *Service) Gather(ctx context.Context) (int, error) {
	members, err := membersWithJourneys(ctx, s.store.Read())
	if err != nil {
		return 0, err
	}
	changed := 0
	for _, m := range members {
		err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
			if err := tx.Alone(ctx, "observatory import"); err != nil {
				return err
			}
			g := &gathering{s: s, tx: tx, m: m}
			if err := g.all(ctx); err != nil || !g.changed {
				return err
			}
			changed++
			if err := markSince(ctx, tx, g.e.ID, 0); err != nil {
				return err
			}
			return tx.Enqueue(ctx, Changed{})
		})
		if err != nil {
			return changed, fmt.Errorf("gather what is known of organisation %d: %w", m.ID, err)
		}
	}
	return changed, nil
}

// member is an organisation of the platform that holds journeys.
type member struct {
	ID      int64        `bun:"id"`
	Kind    compute.Kind `bun:"kind"`
	SIRET   string       `bun:"siret"`
	Commune string       `bun:"commune"`
	Group   string       `bun:"group_key"` // of its GES; empty: none
	Poles   int          `bun:"poles"`
}

// key is the code of a member that no file declared yet.
func (m *member) key() string {
	if m.SIRET != "" {
		return m.SIRET + "-" + string(m.Kind)
	}
	return fmt.Sprintf("M-%d", m.ID)
}

// journey is what the platform knows of somebody; nothing in it identifies.
type journey struct {
	ID        int64  `bun:"id"`
	EnteredOn string `bun:"entered_on"`
	EndsOn    string `bun:"contract_ends"`
	EndedOn   string `bun:"ended_on"`
	State     string `bun:"state"`
	Erased    bool   `bun:"erased"`
	Commune   string `bun:"commune"`
	Sex       string `bun:"sex"`
	BirthYear int    `bun:"birth_year"`
	QPV       string `bun:"qpv"`
}

// hiring is somebody hired after a proposal, and the contract that was offered.
type hiring struct {
	PersonID int64     `bun:"person_id"`
	At       time.Time `bun:"answered_at"`
	Terms    string    `bun:"terms"`
	StartsOn string    `bun:"starts_on"`
	EndsOn   string    `bun:"ends_on"`
}

// gathering is one member's.
type gathering struct {
	s       *Service
	tx      store.Tx
	m       member
	e       *Enterprise
	folk    []journey
	ids     map[int64]int64 // worker, by journey
	changed bool
}

func (g *gathering) all(ctx context.Context) error {
	if err := g.enterprise(ctx); err != nil {
		return err
	}
	byFile, err := sendsFiles(ctx, g.tx, g.e.ID)
	if err != nil {
		return err
	}
	if byFile {
		return g.step(dropGathered(ctx, g.tx, g.e.ID))
	}
	for _, part := range []func(context.Context) error{g.years, g.workers, g.records, g.cooperation} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	return nil
}

// step remembers that something changed.
func (g *gathering) step(n int, err error) error {
	g.changed = g.changed || n > 0
	return err
}

func (g *gathering) trace() Trace {
	return Trace{Origin: FromPlatform, UpdatedAt: g.s.now()}
}

func (g *gathering) enterprise(ctx context.Context) (err error) {
	found, err := enterpriseOf(ctx, g.tx, g.m.ID, g.m.key())
	if err != nil {
		return err
	}
	if len(found) > 0 {
		g.e = &found[0]
		if g.e.OrganisationID == nil {
			return tieEnterprise(ctx, g.tx, g.e.ID, g.m.ID)
		}
		return nil
	}
	salt, err := g.s.draw(16)
	if err != nil {
		return err
	}
	g.e = &Enterprise{Key: g.m.key(), OrganisationID: &g.m.ID, Salt: salt, CreatedAt: g.s.now()}
	return g.step(1, insertEnterprise(ctx, g.tx, g.e))
}

// years declares the member from its first journey on; a year that a file declared stays as it is.
func (g *gathering) years(ctx context.Context) (err error) {
	if g.folk, err = journeysOf(ctx, g.tx, g.m.ID); err != nil {
		return err
	}
	had, err := yearsOf(ctx, g.tx, []int64{g.e.ID})
	if err != nil {
		return err
	}
	first := g.s.now().Year()
	for _, j := range g.folk {
		if y := yearOf(j.EnteredOn); y >= firstYear {
			first = min(first, y)
		}
	}
	var want []*Year
	for year := first; year <= g.s.now().Year(); year++ {
		if slices.ContainsFunc(had, func(y Year) bool { return y.Year == year && y.Origin == FromFile }) {
			continue
		}
		y := &Year{EnterpriseID: g.e.ID, Year: year, Kind: g.m.Kind, Commune: territories.CommuneCode(g.m.Commune), Group: g.m.Group,
			Contracts: compute.Collected, Exits: compute.Collected, Placements: compute.Collected}
		if g.m.Kind == compute.AI { // the platform counts the hours of AI alone: those in user enterprises
			y.Hours = compute.Collected
		}
		want = append(want, y)
	}
	return reconcile(ctx, g, yearShape(), had, want)
}

// mark finds a journey again, as the number of a file does.
func (g *gathering) mark(id int64) string { return g.e.mark(fmt.Sprintf("journey:%d", id)) }

func (g *gathering) workers(ctx context.Context) error {
	had, err := workersOf(ctx, g.tx, []int64{g.e.ID})
	if err != nil {
		return err
	}
	by := map[string]*Worker{}
	for i := range had {
		by[had[i].Mark] = &had[i]
	}
	var want []*Worker
	for _, j := range g.folk {
		known := by[g.mark(j.ID)]
		if j.Erased {
			if known != nil {
				if err := g.step(1, g.unlink(ctx, known)); err != nil {
					return err
				}
			}
			continue
		}
		w, err := g.worker(&j, known)
		if err != nil {
			return err
		}
		want = append(want, w)
	}
	had = slices.DeleteFunc(had, func(w Worker) bool { return strings.HasPrefix(w.Mark, unlinked) })
	if err := reconcile(ctx, g, workerShape(), had, want); err != nil {
		return err
	}
	marks := make([]string, 0, len(g.folk))
	for _, j := range g.folk {
		marks = append(marks, g.mark(j.ID))
	}
	found, err := workersBy(ctx, g.tx, marks)
	g.ids = map[int64]int64{}
	for _, j := range g.folk {
		if id := found[g.mark(j.ID)]; id != 0 && !j.Erased {
			g.ids[j.ID] = id
		}
	}
	return err
}

func (g *gathering) worker(j *journey, known *Worker) (*Worker, error) {
	w := &Worker{EnterpriseID: g.e.ID, Mark: g.mark(j.ID), Sex: j.Sex, BirthYear: j.BirthYear, Commune: territories.CommuneCode(j.Commune)}
	if j.QPV == "yes" {
		w.Publics = compute.QPV.String()
	}
	if known != nil {
		w.ID, w.Key = known.ID, known.Key
		return w, nil
	}
	var err error
	w.Key, err = g.s.draw(16)
	return w, err
}

// unlinked begins the mark of a worker whose journey was erased: nothing leads to it any more.
const unlinked = "gone:"

// unlink cuts what ties a worker to an erased journey: the count stays, the link goes.
func (g *gathering) unlink(ctx context.Context, w *Worker) error {
	if strings.HasPrefix(w.Mark, unlinked) {
		return nil
	}
	mark, err := g.s.draw(13)
	if err != nil {
		return err
	}
	w.Mark = unlinked + mark
	return unlinkWorker(ctx, g.tx, w.ID, w.Mark)
}

// records carries contracts, hours, exits and placements.
func (g *gathering) records(ctx context.Context) error {
	hires, err := hiringsOf(ctx, g.tx, g.m.ID)
	if err != nil {
		return err
	}
	of := []int64{g.e.ID}
	contracts, err := contractsUntil(ctx, g.tx, of, "9999")
	if err != nil {
		return err
	}
	exits, err := exitsUntil(ctx, g.tx, of, "0", "9999")
	if err != nil {
		return err
	}
	var wantContracts []*Contract
	var wantExits []*Exit
	for _, j := range g.folk {
		id := g.ids[j.ID]
		if id == 0 || j.EnteredOn == "" {
			continue
		}
		c := &Contract{WorkerID: id, EnterpriseID: g.e.ID, BeginsOn: j.EnteredOn, EndsOn: j.EndsOn}
		if j.State == "ended" && j.EndedOn != "" {
			c.EndsOn = j.EndedOn
			x := &Exit{WorkerID: id, EnterpriseID: g.e.ID, On: j.EndedOn, EnteredOn: j.EnteredOn, Motive: compute.Unknown}
			x.Motive, x.Days = outcome(j, hires)
			wantExits = append(wantExits, x)
		}
		wantContracts = append(wantContracts, c)
	}
	if err := reconcile(ctx, g, contractShape(), g.linked(contracts), wantContracts); err != nil {
		return err
	}
	if err := reconcile(ctx, g, exitShape(), linkedTo(g, exits, func(x *Exit) int64 { return x.WorkerID }), wantExits); err != nil {
		return err
	}
	return g.hoursAndPlacements(ctx, hires)
}

func (g *gathering) linked(contracts []Contract) []Contract {
	return linkedTo(g, contracts, func(c *Contract) int64 { return c.WorkerID })
}

// linkedTo leaves out the records of workers whose journeys were erased: they stay as they are.
func linkedTo[T any](g *gathering, rows []T, worker func(*T) int64) []T {
	linked := map[int64]bool{}
	for _, id := range g.ids {
		linked[id] = true
	}
	return slices.DeleteFunc(rows, func(r T) bool { return !linked[worker(&r)] })
}

func (g *gathering) hoursAndPlacements(ctx context.Context, hires []hiring) error {
	of := []int64{g.e.ID}
	hours, err := hoursBetween(ctx, g.tx, of, "0", "9999")
	if err != nil {
		return err
	}
	months, err := monthsOf(ctx, g.tx, g.m.ID)
	if err != nil {
		return err
	}
	var wantHours []*MonthHours
	for _, m := range months {
		if id := g.ids[m.PersonID]; id != 0 {
			worked := m.Hundredths()
			wantHours = append(wantHours, &MonthHours{WorkerID: id, EnterpriseID: g.e.ID, Month: m.Month, Worked: &worked})
		}
	}
	if err := reconcile(ctx, g, hoursShape(), linkedTo(g, hours, func(h *MonthHours) int64 { return h.WorkerID }), wantHours); err != nil {
		return err
	}
	placed, err := placementsOf(ctx, g.tx, of)
	if err != nil {
		return err
	}
	var wantPlaced []*Placement
	seen := map[string]bool{}
	for _, h := range hires {
		p := &Placement{WorkerID: g.ids[h.PersonID], EnterpriseID: g.e.ID, BeginsOn: h.At.UTC().Format(time.DateOnly), Kind: compute.Hired}
		if key := at(p.WorkerID, p.BeginsOn); p.WorkerID != 0 && !seen[key] {
			seen[key] = true
			wantPlaced = append(wantPlaced, p)
		}
	}
	return reconcile(ctx, g, placementShape(), linkedTo(g, placed, func(p *Placement) int64 { return p.WorkerID }), wantPlaced)
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
	if len(had) > 0 && had[0].Origin == FromFile {
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
