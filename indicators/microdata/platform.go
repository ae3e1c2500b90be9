package microdata

import (
	"context"
	"fmt"
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
			if err := tx.Alone(ctx, ImportTurn); err != nil {
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

func (g *gathering) enterprise(ctx context.Context) error {
	found, err := enterpriseOf(ctx, g.tx, g.m.ID)
	if err != nil {
		return err
	}
	if len(found) > 0 {
		g.e = &found[0]
		return nil
	}
	key, known, err := freeKey(ctx, g.tx, g.m.key(), g.m.ID, g.m.Kind)
	if err != nil {
		return err
	}
	if known != nil {
		g.e = known
		return tieEnterprise(ctx, g.tx, known.ID, g.m.ID)
	}
	salt, err := g.s.draw(16)
	if err != nil {
		return err
	}
	g.e = &Enterprise{Key: key, OrganisationID: &g.m.ID, Salt: salt, CreatedAt: g.s.now()}
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
			if err := g.unlink(ctx, known); err != nil {
				return err
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
	return g.number(ctx)
}

// number finds the worker of each journey that is not erased.
func (g *gathering) number(ctx context.Context) error {
	marks := make([]string, 0, len(g.folk))
	for _, j := range g.folk {
		marks = append(marks, g.mark(j.ID))
	}
	found, err := workersBy(ctx, g.tx, marks)
	g.ids = map[int64]int64{}
	for i, j := range g.folk {
		if id := found[marks[i]]; id != 0 && !j.Erased {
			g.ids[j.ID] = id
		}
	}
	return err
}

func (g *gathering) worker(j *journey, known *Worker) (*Worker, error) {
	w := &Worker{EnterpriseID: g.e.ID, Mark: g.mark(j.ID), Sex: j.Sex, BirthYear: j.BirthYear, Commune: territories.CommuneCode(j.Commune)}
	switch j.QPV {
	case "yes":
		w.Publics = compute.QPV.String()
	case "no":
		w.Publics = noPublic
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
	if w == nil {
		return nil
	}
	mark, err := g.s.draw(13)
	if err != nil {
		return err
	}
	w.Mark = unlinked + mark
	return g.step(1, unlinkWorker(ctx, g.tx, w.ID, w.Mark))
}
