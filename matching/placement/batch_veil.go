package placement

import (
	"context"
	"slices"
	"strconv"

	"maillage/matching/engine/assignment"
	"maillage/opportunities"
	"maillage/people"
)

// alone leaves out of an officer's batch the positions that the network wrote,
// changed or moved. A position is a question about people (who lives here, wishes
// this, holds that licence, speaks that language), and the batch its answer: who
// reads the answer must not write the question.
func (s *Service) alone(ctx context.Context, c *crew, all []*opportunities.Lot) ([]*opportunities.Lot, error) {
	if !c.wide {
		return all, nil
	}
	touched, err := touchedByNetwork(ctx, s.store.Read())
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(l *opportunities.Lot) bool { return byNetwork(l.Opportunity, touched) }), nil
}

// few tells a position that suits too few people to be in an officer's batch, in
// which it would be a fact about each.
func (d *draftBatch) few(suits int) bool { return d.crew.wide && suits < d.s.least() }

// opens tells a position that a batch computed again could hold.
func (d *draftBatch) opens(suits int) bool {
	return !d.few(suits) && (suits > 0 || d.rules.Source != WithinReach)
}

// surround counts for each person to whom something is suggested how many of the
// same structure all of it suits.
func (d *draftBatch) surround(out *planned) {
	suits, given := map[pair]bool{}, map[people.ID][]opportunities.LotID{}
	for _, e := range d.problem.Edges {
		suits[pair{people.ID(e.Person), opportunities.LotID(e.Position)}] = true
	}
	for _, l := range out.lines {
		given[l.PersonID] = append(given[l.PersonID], l.LotID)
	}
	mates := map[int64][]people.ID{}
	for _, p := range out.people {
		mates[p.OrganisationID] = append(mates[p.OrganisationID], p.PersonID)
	}
	for _, p := range out.people {
		lots := given[p.PersonID]
		if len(lots) == 0 {
			continue
		}
		for _, id := range mates[p.OrganisationID] {
			if !slices.ContainsFunc(lots, func(lot opportunities.LotID) bool { return !suits[pair{id, lot}] }) {
				p.Crowd++
			}
		}
	}
}

// veil is what an officer sees of the suggestions of a batch: which, and of whom
// the structure is named.
type veil struct {
	lines map[pair]bool
	named map[people.ID]bool
}

// shows tells a suggestion that the reader may see.
func (r *reader) shows(l *batchLine) bool {
	return !r.blind() || r.veil.lines[pair{l.PersonID, l.LotID}]
}

// veiled shows of each position as many people as it takes or, where it takes
// more, a multiple of five, so that their number is no exact count. The same are
// shown at each reading, by their journeys: what was drawn anew would add up.
func (r *reader) veiled() *veil {
	v := &veil{lines: map[pair]bool{}, named: map[people.ID]bool{}}
	for _, p := range r.of.positions {
		there := r.linesAt(p.LotID)
		n, room := len(there), min(p.Capacity, floored(p.Suits))
		switch {
		case p.Suits < r.s.least():
			n = 0
		case n >= room:
			n = room
		default:
			n = floored(n)
		}
		for _, l := range there[:n] {
			v.lines[pair{l.PersonID, l.LotID}] = true
		}
	}
	r.name(v)
	return v
}

func (r *reader) linesAt(lot opportunities.LotID) (out []*batchLine) {
	for _, l := range r.of.lines {
		if l.LotID == lot {
			out = append(out, l)
		}
	}
	slices.SortFunc(out, func(a, b *batchLine) int { return int(a.PersonID - b.PersonID) })
	return out
}

// name tells the structure of a person where all that is suggested to them suits
// five of its people at least, and no more often at a position than the multiple
// of five under that number. What is named is never the one or two whom whoever
// knows the structure would recognise.
func (r *reader) name(v *veil) {
	persons, times := map[people.ID]*batchPerson{}, map[atStructure]int{}
	for _, p := range r.of.people {
		persons[p.PersonID], v.named[p.PersonID] = p, p.Crowd >= r.s.least()
	}
	for _, at := range r.of.positions {
		for _, l := range r.linesAt(at.LotID) {
			p := persons[l.PersonID]
			if p == nil || !v.named[l.PersonID] || !v.lines[pair{l.PersonID, l.LotID}] {
				continue
			}
			key := atStructure{p.OrganisationID, l.LotID}
			times[key]++
			v.named[l.PersonID] = times[key] <= floored(p.Crowd)
		}
	}
}

type atStructure struct {
	structure int64
	lot       opportunities.LotID
}

// saidWide is what an officer's batch says as a whole: the same sentences whatever
// was left out, and no exact count of people.
func (b *batchRow) saidWide() []Text {
	t := b.Totals
	out := []Text{text("Aucun poste n’est retenu.", "No position is kept.")}
	if t.Positions > 0 {
		who, kept := atLeast(t.People), counted(t.Positions, "Un poste est retenu", "postes sont retenus", "One position is kept", "positions are kept")
		left := atLeast(b.plan().Left)
		out = []Text{text(kept.FR+" pour "+who.FR+" en parcours.", kept.EN+" for "+who.EN+" in a journey."),
			text("Un poste conviendrait à "+left.FR+" qui restent sans piste\u00a0: leurs structures savent lesquelles.", "A position would suit "+left.EN+" left with nothing: their structures know whom."), gapWords(b.plan())}
	}
	out = append(out, text("Pour que personne ne soit reconnu\u00a0: un poste que le réseau a écrit, modifié ou déplacé, ou qui convient à moins de cinq personnes, n’est pas retenu ici, les nombres de personnes sont arrondis de cinq en cinq, et certaines pistes ne sont montrées qu’aux structures. Elles préparent elles-mêmes ce qui manque.",
		"So that nobody is recognised: a position that the network wrote, changed or moved, or that suits fewer than five people, is not kept here, numbers of people are rounded by five, and some suggestions are shown to the structures alone. They prepare themselves what lacks."))
	if b.Rules.Source == ChosenLots && len(b.Rules.Lots) > t.Positions {
		out = append(out, text("Des postes choisis ne sont pas retenus\u00a0: pour cette raison, ou parce qu’ils sont pourvus, ne sont plus à pourvoir, ou que leur employeur n’est pas dans Maillage.",
			"Some chosen positions are left out: for that reason, or because they are filled, can no longer be taken, or their employer is not in Maillage."))
	}
	return out
}

// comparedWide sets both objectives side by side for an officer.
func (b *batchRow) comparedWide() []Text {
	t := b.Totals
	var out []Text
	for _, x := range []struct {
		objective Text
		plan      PlanTotals
	}{{ObjectiveWords(assignment.FitFirst.String()), t.Fit}, {ObjectiveWords(assignment.WaitingFirst.String()), t.Waiting}} {
		served, left := atLeast(x.plan.Served), atLeast(x.plan.Left)
		out = append(out, text(x.objective.FR+"\u00a0: "+served.FR+" avec une piste, "+left.FR+" à qui un poste convient sans piste.",
			x.objective.EN+": "+served.EN+" with something to talk about, "+left.EN+" whom a position suits with nothing."))
	}
	if t.Differ < step {
		return append(out, text("Moins de cinq pistes changent d’une règle à l’autre.", "Fewer than five suggestions change from one rule to the other."))
	}
	n := strconv.Itoa(t.Differ)
	return append(out, text("Au moins "+n+" pistes changent d’une règle à l’autre.", "At least "+n+" suggestions change from one rule to the other."))
}

// atLeast says a number of people that was rounded down.
func atLeast(n int) Text {
	if n < step {
		return text("moins de cinq personnes", "fewer than five people")
	}
	return text("au moins "+strconv.Itoa(n)+" personnes", "at least "+strconv.Itoa(n)+" people")
}
