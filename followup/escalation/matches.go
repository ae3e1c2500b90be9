package escalation

import (
	"context"
	"slices"
	"strconv"
	"time"

	"maillage/matching"
	"maillage/opportunities"
)

// pending is a match that holds, can still be answered, and is not.
type pending struct {
	ID           matching.ID         `bun:"id"`
	LotID        opportunities.LotID `bun:"lot_id"`
	Call         opportunities.ID    `bun:"opportunity_id"`
	Organisation int64               `bun:"organisation_id"`
	Proposal     int64               `bun:"proposal"`    // the event that proposed it again; 0: the first
	ProposedAt   time.Time           `bun:"proposed_at"` // this time
	Deadline     *time.Time          `bun:"deadline"`
	Wider        bool                `bun:"wider"` // it came of a wider search
}

// matches are the reminders of unanswered matches to their enterprises, and what
// is passed on to officers.
func (s *Service) matches(ctx context.Context, sc *scene) ([]*line, error) {
	all, err := unanswered(ctx, s.Store.Read(), sc.now)
	if err != nil {
		return nil, err
	}
	told, err := ledgerOfOpen(ctx, s.Store.Read(), sc.now)
	if err != nil {
		return nil, err
	}
	ladders := map[int64]map[Rung][]stood{}
	var out []*line
	for i := range all {
		p := &all[i]
		known := told[int64(p.ID)].about(p)
		members := sc.members(p.Organisation)
		for _, m := range members {
			out = append(out, sc.widerOf(p, m, known)...)
			out = append(out, sc.stepsOf(p, m, known)...)
		}
		if !sc.passesOn(p, members, known) {
			continue
		}
		ladder, there := ladders[p.Organisation]
		if !there {
			ladder = sc.ladder(sc.places[p.Organisation])
			ladders[p.Organisation] = ladder
		}
		out = append(out, sc.rungsOf(p, ladder, known)...)
	}
	return out, nil
}

// told is what the ledger holds of a thing.
type told []line

// about keeps of the lines of a match those of its proposal that holds: one that was
// withdrawn and is proposed again begins again.
func (t told) about(p *pending) told {
	return slices.DeleteFunc(t, func(l line) bool { return l.Proposal != p.Proposal })
}

// to tells whether somebody, or whoever stood in for them, was told a step.
func (t told) to(subject Subject, step Step, m stood) bool {
	for _, l := range t {
		same := l.UserID == m.UserID || m.standing != 0 && (l.UserID == m.standing || l.StandingFor == m.standing) || l.StandingFor == m.UserID
		if l.Subject == subject && l.Step == step && same {
			return true
		}
	}
	return false
}

// furthest is the last step of a match that somebody was told or passed over; 0: none.
func (t told) furthest(m stood) int {
	last := 0
	for _, l := range t {
		if n, err := strconv.Atoi(string(l.Step)); l.Subject == OfMatch && err == nil && t.to(OfMatch, l.Step, m) {
			last = max(last, n)
		}
	}
	return last
}

// widerOf tells at once of a match that a wider search made.
func (sc *scene) widerOf(p *pending, m stood, known told) []*line {
	if !p.Wider || known.to(OfWider, "new", m) {
		return nil
	}
	return []*line{{Subject: OfWider, SubjectID: int64(p.ID), Step: "new", Proposal: p.Proposal, UserID: m.UserID, StandingFor: m.standing, How: Named, deadline: p.Deadline, call: p.Call}}
}

// stepsOf are the steps whose day has come and that somebody was not told: the
// latest is named, those before it are passed over.
func (sc *scene) stepsOf(p *pending, m stood, known told) []*line {
	days, from := sc.days(p.Organisation, p.ProposedAt), known.furthest(m)
	var out []*line
	for i, step := range sc.pace.Steps {
		if n := i + 1; n > from && days >= step {
			out = append(out, &line{Subject: OfMatch, SubjectID: int64(p.ID), Step: Step(strconv.Itoa(n)), Proposal: p.Proposal, UserID: m.UserID, StandingFor: m.standing, How: Passed, deadline: p.Deadline, call: p.Call})
		}
	}
	if len(out) > 0 {
		out[len(out)-1].How = Named
	}
	return out
}

// last is the number of the last reminder of a match: the last step of the pace
// that comes before its deadline, the first one at least.
func (sc *scene) last(p *pending) int {
	if p.Deadline == nil {
		return len(sc.pace.Steps)
	}
	room := sc.places[p.Organisation].holidays.WorkingDays(p.ProposedAt, *p.Deadline, sc.s.paris)
	n := 1
	for i, step := range sc.pace.Steps {
		if step < room {
			n = i + 1
		}
	}
	return n
}

// passesOn tells that a match has waited long enough for its enterprise: so long
// after the last reminder that somebody of it was told, or after its day where
// nobody of it can be written to.
func (sc *scene) passesOn(p *pending, members []stood, known told) bool {
	last := sc.last(p)
	for _, l := range known {
		if n, err := strconv.Atoi(string(l.Step)); l.Subject == OfMatch && err == nil && n >= last && l.How != Passed {
			return sc.days(p.Organisation, l.At) >= sc.pace.Officer
		}
	}
	return len(members) == 0 && sc.days(p.Organisation, p.ProposedAt) >= sc.pace.Steps[last-1]+sc.pace.Officer
}

// rungsOf tells who is on the rung that a match has come to. Each rung has its
// days from when it was told, or from the last contact with the enterprise since:
// who is on it is at work. Nobody on a rung: the next one is told at once.
func (sc *scene) rungsOf(p *pending, ladder map[Rung][]stood, known told) []*line {
	var out []*line
	for _, rung := range Rungs() {
		if len(ladder[rung]) == 0 {
			continue
		}
		for _, m := range ladder[rung] {
			if !known.to(OfRung, Step(rung), m) {
				out = append(out, &line{Subject: OfRung, SubjectID: int64(p.ID), Step: Step(rung), Proposal: p.Proposal, UserID: m.UserID, StandingFor: m.standing, How: Named, deadline: p.Deadline})
			}
		}
		if since, there := known.rung(rung); !there || sc.days(p.Organisation, later(since, sc.called[p.Organisation])) < sc.pace.Next {
			break
		}
	}
	return out
}

// rung is when a rung was first told.
func (t told) rung(rung Rung) (at time.Time, there bool) {
	for _, l := range t {
		if l.Subject == OfRung && l.Step == Step(rung) && (!there || l.At.Before(at)) {
			at, there = l.At, true
		}
	}
	return at, there
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// one is a line told to each of some people.
func one(subject Subject, id int64, step Step, to []stood, deadline *time.Time, known told) []*line {
	var out []*line
	for _, m := range to {
		if !known.to(subject, step, m) {
			out = append(out, &line{Subject: subject, SubjectID: id, Step: step, UserID: m.UserID, StandingFor: m.standing, How: Named, deadline: deadline})
		}
	}
	return out
}
