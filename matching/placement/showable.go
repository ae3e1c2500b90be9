package placement

import (
	"context"
	"errors"

	"maillage/internal/fault"
	"maillage/matching/placement/card"
	"maillage/opportunities"
	"maillage/people"
)

// unshowable tells of which people of a structure no card could be shown today for
// which positions, and what to do: a counsellor must read it before asking anybody.
// Who speaks with the person may still present them by word of mouth, so that
// nobody is left out for it.
func (s *Service) unshowable(ctx context.Context, structure int64, pairs []pair, lots map[opportunities.LotID]*opportunities.Lot) (map[pair]Text, error) {
	out, by := map[pair]Text{}, map[int64][]pair{}
	for _, p := range pairs {
		if l := lots[p.lot]; l != nil {
			if to := receiver(l.Opportunity); to != 0 && to != structure {
				by[to] = append(by[to], p)
			}
		}
	}
	for _, employer := range keys(by) {
		w, err := s.world(ctx, s.store.Read(), structure, employer, lotsAmong(by[employer], lots)...)
		if err != nil {
			return nil, err
		}
		for _, p := range by[employer] {
			if why, ok := exposed(w, structure, p); ok {
				out[p] = why
			}
		}
	}
	return out, nil
}

func lotsAmong(pairs []pair, lots map[opportunities.LotID]*opportunities.Lot) (out []*opportunities.Lot) {
	seen := map[opportunities.LotID]*opportunities.Lot{}
	for _, p := range pairs {
		seen[p.lot] = lots[p.lot]
	}
	for _, id := range keys(seen) {
		out = append(out, seen[id])
	}
	return out
}

// exposed tells whether even the least that could be told would single somebody out.
func exposed(w card.World, structure int64, p pair) (Text, bool) {
	_, err := card.Make(w, card.Of{Person: int64(p.person), Position: int64(p.lot), Structure: structure}, nil)
	var refused *card.Refusal
	if !errors.As(err, &refused) {
		return Text{}, false
	}
	return Text(fault.Of(unshown(refused)).Message), true
}

// runningAmong are the pairs of which a card runs, which was looked at when it was made.
func runningAmong(all []*Proposal) map[pair]bool {
	out := map[pair]bool{}
	for _, p := range all {
		if p.State.Runs() {
			out[pair{p.PersonID, p.LotID}] = true
		}
	}
	return out
}

// unshown marks what a page shows of which no card could be shown.
func (d *dresser) unshown(ctx context.Context, all []Candidate) error {
	var pairs []pair
	for _, c := range all {
		at := pair{c.Person.ID, c.Position.Lot}
		if c.Position.Open && !runningAmong(d.there[at.lot])[at] {
			pairs = append(pairs, at)
		}
	}
	why, err := d.s.unshowable(ctx, d.own, pairs, d.lots)
	if err != nil {
		return err
	}
	for i := range all {
		if words, ok := why[pair{all[i].Person.ID, all[i].Position.Lot}]; ok {
			all[i].NoCard = &words
		}
	}
	return nil
}

// unshown marks the suggestions of which no card could be shown.
func (r *reader) unshown(ctx context.Context, lots map[opportunities.LotID]*opportunities.Lot) (err error) {
	var pairs []pair
	for _, l := range r.of.lines {
		pairs = append(pairs, pair{l.PersonID, l.LotID})
	}
	made, err := standing(ctx, r.s, proposalsOf, peopleAmong(pairs))
	if err != nil {
		return err
	}
	runs := runningAmong(made)
	var asked []pair
	for _, p := range pairs {
		if l := lots[p.lot]; l != nil && r.s.open(l) && !runs[p] {
			asked = append(asked, p)
		}
	}
	r.noCard, err = r.s.unshowable(ctx, r.of.row.OrganisationID, asked, lots)
	return err
}

func peopleAmong(pairs []pair) []people.ID {
	var out []people.ID
	for _, p := range pairs {
		out = append(out, p.person)
	}
	return unique(out)
}
