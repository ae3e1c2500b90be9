package opportunities

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"maillage/internal/store"
	"maillage/territories"
)

// change gathers what happens to one opportunity in a transaction, and writes
// it at once: rows, revisions, event, journal and job.
type change struct {
	o       *Opportunity
	now     time.Time
	diff    []Change
	touched map[LotID]bool    // lots whose matches may differ
	all     bool              // every lot is touched
	fresh   []int             // positions of lots to insert
	dirty   map[LotID]bool    // lots to write
	was     map[LotID]setting // where and when the lots were
}

func (s *Service) change(o *Opportunity) *change {
	return &change{o: o, now: s.now(), touched: map[LotID]bool{}, dirty: map[LotID]bool{}, was: settings(o)}
}

// enter moves to another state; the caller has asked the table.
func (c *change) enter(to State) {
	c.diff = append(c.diff, Change{Field: "state", Before: string(c.o.State), After: string(to)})
	c.o.State, c.all = to, true
	if to == Published && c.o.PublishedAt == nil {
		c.o.PublishedAt = &c.now
	}
}

// merge takes what differs from a checked opportunity, lots included.
func (c *change) merge(from *Opportunity, rule unsaidRule) {
	wanted := *from
	wanted.Lots = slices.Clone(from.Lots)
	deadlineOf(&wanted, c.now)
	diff, matters := take(opportunityFields(), c.o, &wanted, "", rule)
	c.diff = append(c.diff, diff...)
	c.all = c.all || matters
	c.mergeLots(wanted.Lots, rule)
}

func (c *change) mergeLots(from []Lot, rule unsaidRule) {
	pairs := pairLots(c.o.Lots, from)
	seen := map[string]bool{}
	for i := range from {
		if pairs[i] < 0 {
			from[i].Number = freeNumber(c.o.Lots, from[i].Number)
			seen[from[i].Number] = true
			c.addLot(from[i])
			continue
		}
		l := &c.o.Lots[pairs[i]]
		if rule == emptyErases {
			c.renumber(l, from[i].Number)
		}
		seen[l.Number] = true
		c.changeLot(l, &from[i], rule)
	}
	for i := range c.o.Lots {
		if l := &c.o.Lots[i]; !seen[l.Number] && !l.Withdrawn {
			l.Withdrawn = true
			c.note(l, []Change{{Field: lotPath(l) + "withdrawn", Before: false, After: true}}, true)
		}
	}
}

// renumber gives a lot the number of the newer side, free since no known lot
// that bears it was paired with another.
func (c *change) renumber(l *Lot, number string) {
	if l.Number == number {
		return
	}
	diff := []Change{{Field: lotPath(l) + "number", Before: l.Number, After: number}}
	l.Number = number
	c.note(l, diff, false)
}

// pairLots finds, for each lot of the newer side, which known lot it is (-1: a
// new one): that of the same number; else that whose number means the same
// ("LOT-0001" of one source is "1" of another); else, where each side has one
// lot only, that one.
func pairLots(known, from []Lot) []int {
	pairs, taken := make([]int, len(from)), map[int]bool{}
	for i := range pairs {
		pairs[i] = -1
	}
	pair := func(same func(k, f *Lot) bool) {
		for i := range from {
			for k := range known {
				if pairs[i] < 0 && !taken[k] && same(&known[k], &from[i]) {
					pairs[i], taken[k] = k, true
				}
			}
		}
	}
	pair(func(k, f *Lot) bool { return k.Number == f.Number })
	pair(func(k, f *Lot) bool { return !k.Withdrawn && lotKey(k.Number) == lotKey(f.Number) })
	live := 0
	for i := range known {
		if !known[i].Withdrawn {
			live++
		}
	}
	if live == 1 && len(from) == 1 {
		pair(func(k, _ *Lot) bool { return !k.Withdrawn })
	}
	return pairs
}

// lotKey is what a number of a lot means, whoever wrote it: "LOT-0012",
// "Lot n° 12" and "12" are 12.
func lotKey(number string) string {
	words := strings.Fields(territories.Fold(number))
	words = slices.DeleteFunc(words, func(w string) bool { return w == "lot" || w == "n" || w == "no" || w == "numero" })
	for i := range words {
		words[i] = strings.TrimLeft(words[i], "0")
	}
	return strings.Join(words, " ")
}

// freeNumber keeps numbers apart: a new lot may bear that of a withdrawn one
// only by being it.
func freeNumber(known []Lot, number string) string {
	free, n := number, 2
	for slices.ContainsFunc(known, func(l Lot) bool { return l.Number == free }) {
		free = fmt.Sprintf("%s (%d)", number, n)
		n++
	}
	return free
}

func (c *change) addLot(l Lot) {
	l.ID, l.OpportunityID, l.Withdrawn, l.Taken, l.TakenAt = 0, c.o.ID, false, 0, nil
	l.Wider, l.WidenedAt = "", nil
	c.o.Lots = append(c.o.Lots, l)
	c.fresh = append(c.fresh, len(c.o.Lots)-1)
	c.diff = append(c.diff, Change{Field: strings.TrimSuffix(lotPath(&l), "."), After: l.Title})
}

func (c *change) changeLot(l, from *Lot, rule unsaidRule) {
	diff, matters := take(lotFields(), l, from, lotPath(l), rule)
	if l.Withdrawn {
		l.Withdrawn = false
		diff, matters = append(diff, Change{Field: lotPath(l) + "withdrawn", Before: true, After: false}), true
	}
	c.note(l, diff, matters)
}

func (c *change) note(l *Lot, diff []Change, matters bool) {
	if len(diff) == 0 || l.ID == 0 {
		return
	}
	c.diff = append(c.diff, diff...)
	c.dirty[l.ID] = true
	if matters {
		c.touched[l.ID] = true
	}
}

func lotPath(l *Lot) string { return "lots[" + l.Number + "]." }

// write keeps the change; without a difference it does nothing.
func (c *change) write(ctx context.Context, tx store.Tx, by By, event string) error {
	if len(c.diff) == 0 {
		return nil
	}
	derive(c.o, c.now)
	c.o.Revision++
	c.o.UpdatedAt = c.now
	if err := update(ctx, tx, c.o); err != nil {
		return err
	}
	changed, err := c.writeLots(ctx, tx)
	if err != nil {
		return err
	}
	err = record(ctx, tx, Event{OpportunityID: c.o.ID, At: c.now, Kind: event, ActorID: actor(by), Origin: by.Origin, Diff: noted(by, c.diff)})
	if err != nil {
		return err
	}
	return announce(ctx, tx, changed)
}

// writeLots raises the revision of the lots whose matches may differ and gives
// their numbers.
func (c *change) writeLots(ctx context.Context, tx store.Tx) ([]LotID, error) {
	var changed []LotID
	for i := range c.o.Lots {
		l := &c.o.Lots[i]
		touched := c.all || c.touched[l.ID]
		if l.ID == 0 || !touched && !c.dirty[l.ID] {
			continue
		}
		if touched {
			l.Revision++
			changed = append(changed, l.ID)
		}
		l.UpdatedAt = c.now
		c.moved(l)
		if err := updateLot(ctx, tx, l); err != nil {
			return nil, err
		}
	}
	if len(c.fresh) == 0 {
		return changed, nil
	}
	added := make([]*Lot, len(c.fresh))
	for i, at := range c.fresh {
		added[i] = &c.o.Lots[at]
	}
	if err := insertLots(ctx, tx, c.o.ID, added, c.now); err != nil {
		return nil, err
	}
	for _, l := range added {
		changed = append(changed, l.ID)
	}
	return changed, nil
}

// late reports that the time to answer is over: the deadline of the last of
// its lots has passed, or there is none and it has been silent for too long.
func late(o *Opportunity, now time.Time) bool {
	deadlineOf(o, now)
	switch {
	case begun(o, now):
		return true
	case o.Deadline != nil:
		return !o.Deadline.After(now)
	case o.Insertion != nil:
		return over(o, now)
	}
	return silent(o, now)
}

// deadlineOf sets the deadline of the whole: the earliest of the lots that can
// still be answered; once all have passed, the latest. Lots that say nothing
// leave it as it is.
func deadlineOf(o *Opportunity, now time.Time) {
	var open, passed *Lot
	for i := range o.Lots {
		l := &o.Lots[i]
		switch {
		case l.Withdrawn || l.Deadline == nil:
		case l.Deadline.After(now):
			if open == nil || l.Deadline.Before(*open.Deadline) {
				open = l
			}
		case passed == nil || l.Deadline.After(*passed.Deadline):
			passed = l
		}
	}
	if open == nil {
		open = passed
	}
	if open != nil {
		at := *open.Deadline
		o.Deadline, o.DeadlineRaw = &at, open.DeadlineRaw
	}
}

// derive computes what is kept only to be searched.
func derive(o *Opportunity, now time.Time) {
	deadlineOf(o, now)
	words := append([]string{o.Title, o.BuyerName, o.BuyerSIRET, o.Place.Words}, o.Insertion.Names()...)
	facets := map[string]bool{}
	facet(facets, o.Clause)
	for _, l := range o.Lots {
		if l.Withdrawn {
			continue
		}
		words = append(words, l.Title, l.Place.Words)
		facet(facets, l.Clause)
		l.Terms.facets(facets)
	}
	o.ExpectedOn = or(o.Forecast.day(), firstSession(o))
	o.Folded = foldOnce(words)
	o.Facets = facetText(facets)
}

func facet(into map[string]bool, c Clause) {
	if c.Verdict != "" {
		into["v:"+string(c.Verdict)] = true
	}
	if c.ReservedTo != NotReserved {
		into["r:"+string(c.ReservedTo)] = true
	}
}

// facetText is "" or " r:siae v:reserved ", so that one facet is found between two spaces.
func facetText(facets map[string]bool) string {
	if len(facets) == 0 {
		return ""
	}
	out := make([]string, 0, len(facets))
	for f := range facets {
		out = append(out, f)
	}
	slices.Sort(out)
	return " " + strings.Join(out, " ") + " "
}

// foldOnce folds texts into one, leaving out those already said.
func foldOnce(texts []string) string {
	var parts []string
	seen := map[string]bool{}
	for _, t := range texts {
		if f := territories.Fold(t); f != "" && !seen[f] {
			seen[f] = true
			parts = append(parts, f)
		}
	}
	return strings.Join(parts, " ")
}
