package people

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
)

// The bounds of what is dated.
const (
	maxRights     = 100
	maxMonthsKept = 240
	maxMonthHours = 220 // an hour more than a month of full time with every hour of overtime
)

// Rights reads the dated rights and the hours of a person, in the order of their dates.
func (s *Service) Rights(ctx context.Context, id ID) ([]Right, []MonthHours, error) {
	if _, err := s.read(ctx, accounts.PersonRead, id); err != nil {
		return nil, nil, err
	}
	rights, err := rightsOf(ctx, s.store.Read(), id)
	if err != nil {
		return nil, nil, err
	}
	hours, err := hoursOf(ctx, s.store.Read(), id)
	return rights[id], hours[id], err
}

// SetRights replaces the dated rights of a person. Every fault is located.
func (s *Service) SetRights(ctx context.Context, id ID, expected int64, rights []Right) error {
	return s.setDated(ctx, id, expected, &rights, nil)
}

// SetHours replaces the hours of a person in user enterprises, month by month.
func (s *Service) SetHours(ctx context.Context, id ID, expected int64, hours []MonthHours) error {
	return s.setDated(ctx, id, expected, nil, &hours)
}

// SetDated replaces both, or neither.
func (s *Service) SetDated(ctx context.Context, id ID, expected int64, rights []Right, hours []MonthHours) error {
	return s.setDated(ctx, id, expected, &rights, &hours)
}

// setDated changes what is dated of a person, nil being left as it is. Its
// revision rises, since whoever read it has an older view, but no match depends on it.
func (s *Service) setDated(ctx context.Context, id ID, expected int64, rights *[]Right, hours *[]MonthHours) error {
	d := dates{id: id}
	if rights != nil {
		d.rights = new(slices.Clone(*rights))
	}
	if hours != nil {
		d.hours = new(slices.Clone(*hours))
	}
	if bad := d.check(); len(bad) > 0 {
		return fault.Invalid(bad...)
	}
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		p, err := s.hold(ctx, tx, accounts.PersonEdit, id, expected)
		if err != nil {
			return err
		}
		if p.ErasedAt != nil {
			return erased()
		}
		changed, err := d.write(ctx, tx)
		if err != nil || len(changed) == 0 {
			return err
		}
		return s.touch(ctx, tx, accounts.PersonEdit, id, EventRights, changed...)
	})
	if err != nil {
		return fmt.Errorf("keep what is dated of person %d: %w", id, err)
	}
	return nil
}

// dates are what is wanted of a person's rights and hours; nil is left as it is.
type dates struct {
	id     ID
	rights *[]Right
	hours  *[]MonthHours
}

func (d dates) check() []fault.Field {
	var bad []fault.Field
	if d.rights != nil {
		bad = append(bad, checkRights(*d.rights)...)
	}
	if d.hours != nil {
		slices.SortFunc(*d.hours, func(a, b MonthHours) int { return cmp.Compare(a.Month, b.Month) })
		for i := range *d.hours {
			(*d.hours)[i].PersonID = d.id
		}
		bad = append(bad, checkHours(*d.hours)...)
	}
	return bad
}

// write keeps what differs and names it.
func (d dates) write(ctx context.Context, tx store.Tx) (changed []string, err error) {
	if d.rights != nil {
		have, err := rightsOf(ctx, tx, d.id)
		if err != nil {
			return nil, err
		}
		if !sameRights(have[d.id], *d.rights) {
			changed = append(changed, "rights")
			if err := putRights(ctx, tx, d.id, *d.rights); err != nil {
				return nil, err
			}
		}
	}
	if d.hours == nil {
		return changed, nil
	}
	have, err := hoursOf(ctx, tx, d.id)
	if err != nil || slices.Equal(have[d.id], *d.hours) {
		return changed, err
	}
	return append(changed, "hours"), putHours(ctx, tx, d.id, *d.hours)
}

// touch raises the revision of a journey of which something apart changed.
func (s *Service) touch(ctx context.Context, tx store.Tx, a accounts.Action, id ID, kind EventKind, fields ...string) error {
	if err := raise(ctx, tx, id, s.now()); err != nil {
		return err
	}
	if err := s.record(ctx, tx, id, kind, fields); err != nil {
		return err
	}
	return s.trail(ctx, tx, a, id, fields...)
}

func checkRights(rights []Right) []fault.Field {
	c := &checker{}
	if len(rights) > maxRights {
		c.refuse("rights", "too-many", fmt.Sprintf("Plus de %d lignes.", maxRights), fmt.Sprintf("More than %d lines.", maxRights))
		return c.faults
	}
	for i := range rights {
		c.right(fmt.Sprintf("rights[%d].", i), &rights[i])
	}
	slices.SortStableFunc(rights, func(a, b Right) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Kind, b.Kind)) })
	return c.faults
}

func (c *checker) right(path string, r *Right) {
	if !slices.Contains(RightKinds(), r.Kind) {
		c.refuse(path+"kind", "unknown", "Choisissez le droit.", "Choose the right.")
	}
	from, until := c.date(path+"from", r.From), c.date(path+"until", r.Until)
	if r.From == "" {
		c.refuse(path+"from", "required", "Donnez la date de début.", "Give the first day.")
	}
	if from && until && r.Until < r.From {
		c.refuse(path+"until", "order", "La fin précède le début.", "The end comes before the start.")
	}
	if r.Kind == PassExtension && r.Until == "" {
		c.refuse(path+"until", "required", "Donnez la fin de la prolongation.", "Give the end of the prolongation.")
	}
	if (r.Kind == ClauseEligible) != (r.Body == Facilitator || r.Body == Prescriber) {
		c.refuse(path+"body", "unknown", "Dites qui a validé l’éligibilité : facilitateur ou prescripteur (et seulement pour la clause).",
			"Say who validated the eligibility: facilitator or prescriber (and for a clause only).")
	}
	if len(r.Occupations) > 3 || len(r.Occupations) > 0 && r.Kind != MedicalVisit {
		c.refuse(path+"occupations", "too-many", "Une visite médicale vaut pour trois emplois au plus.", "A medical visit is for three jobs at most.")
	}
	for j := range r.Occupations {
		c.rome(fmt.Sprintf("%soccupations[%d]", path, j), &r.Occupations[j])
	}
}

func checkHours(hours []MonthHours) []fault.Field {
	c := &checker{}
	if len(hours) > maxMonthsKept {
		c.refuse("hours", "too-many", fmt.Sprintf("Plus de %d mois.", maxMonthsKept), fmt.Sprintf("More than %d months.", maxMonthsKept))
	}
	for i, h := range hours {
		path := fmt.Sprintf("hours[%d].", i)
		if _, err := time.Parse("2006-01", h.Month); err != nil {
			c.refuse(path+"month", "date", "Un mois s’écrit 2026-11.", "A month is written 2026-11.")
		}
		if !(h.Hours >= 0 && h.Hours <= maxMonthHours) || math.IsNaN(h.Hours) {
			c.refuse(path+"hours", "range", fmt.Sprintf("De 0 à %d heures par mois.", maxMonthHours), fmt.Sprintf("From 0 to %d hours a month.", maxMonthHours))
		}
		c.once(path+"month", i > 0 && hours[i-1].Month == h.Month)
	}
	return c.faults
}

func sameRights(a, b []Right) bool {
	return slices.EqualFunc(a, b, func(x, y Right) bool {
		return x.Kind == y.Kind && x.From == y.From && x.Until == y.Until && x.Body == y.Body && slices.Equal(x.Occupations, y.Occupations)
	})
}

// PersonAlert is an alert and whose journey it is about.
type PersonAlert struct {
	Person *Person
	Alert
}

// Alerts lists what is due in a structure on a day, the most urgent first: the
// journeys that run or are paused.
func (s *Service) Alerts(ctx context.Context, organisation int64, on time.Time) ([]PersonAlert, error) {
	if err := accounts.Allow(accounts.From(ctx), accounts.PersonList, accounts.Of(organisation)); err != nil {
		return nil, err
	}
	out := []PersonAlert{}
	var people []*Person
	err := s.each(ctx, Filter{Organisation: organisation, States: []State{Active, Paused}}, 0, func(p *Person) bool {
		people = append(people, p)
		return true
	})
	for part := range slices.Chunk(people, chunk) {
		if err == nil {
			err = s.alertsOf(ctx, part, on, &out)
		}
	}
	slices.SortStableFunc(out, func(a, b PersonAlert) int {
		return cmp.Or(cmp.Compare(a.Due, b.Due), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Person.ID, b.Person.ID))
	})
	return out, err
}

// AlertsOf is Alerts for one journey.
func (s *Service) AlertsOf(ctx context.Context, id ID, on time.Time) ([]Alert, error) {
	rights, hours, err := s.Rights(ctx, id)
	if err != nil {
		return nil, err
	}
	return Alerts(rights, hours, on), nil
}

func (s *Service) alertsOf(ctx context.Context, people []*Person, on time.Time, out *[]PersonAlert) error {
	ids := make([]ID, len(people))
	for i, p := range people {
		ids[i] = p.ID
	}
	rights, err := rightsOf(ctx, s.store.Read(), ids...)
	if err != nil {
		return err
	}
	hours, err := hoursOf(ctx, s.store.Read(), ids...)
	if err != nil {
		return err
	}
	for _, p := range people {
		for _, a := range Alerts(rights[p.ID], hours[p.ID], on) {
			*out = append(*out, PersonAlert{p, a})
		}
	}
	return nil
}
