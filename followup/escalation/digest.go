package escalation

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"maillage/accounts"
	"maillage/followup/contacts"
	"maillage/matching"
	"maillage/network"
	"maillage/opportunities"
)

// Digest is what a letter holds, each part the most urgent first.
type Digest struct {
	Letter    Letter
	Changes   []Change
	Wider     []Reminder // came of a wider search
	Reminders []Reminder
	Passed    []Waiting // on to an officer, by enterprise
	Offers    []Offer
	Promises  []contacts.Line
	Tenures   map[Step]int // how many persons, by what is asked of them; never who
	Routed    []Routed
	Awards    []Awarded
	Asked     []Asked      // by who counts the enterprise among its partners
	Interests []Interested // in a call of one's own
	Settled   []Settled    // one's own answers to calls
	Ended     []Ended      // calls that one answered
	Pieces    []Lapsing    // the soonest first
	Others    map[Subject]int
}

// Routed is a place that a convention brings.
type Routed struct {
	Lot        matching.LotHead
	Convention string
}

// Reminder is a match that waits for its enterprise.
type Reminder struct {
	Match matching.ID
	Lot   matching.LotHead
	Step  int  // 1 is the first reminder; 0: it is new
	Last  bool // an officer is told next
	Days  int  // working days since it was proposed
}

// Change is a match whose call is no longer what was told.
type Change struct {
	Match   matching.ID
	Lot     matching.LotHead
	Changes []opportunities.Fresh
}

// Waiting is an enterprise that says nothing, with the matches that wait.
type Waiting struct {
	Organisation matching.OrganisationHead
	Rung         Rung // the furthest
	Matches      []Reminder
}

// Count is how many things a letter tells, those left out included.
func (d Digest) Count() int {
	n := len(d.Changes) + len(d.Wider) + len(d.Reminders) + len(d.Passed) + len(d.Offers) + len(d.Promises) + len(d.Routed) + len(d.Awards) + len(d.Asked) + len(d.Interests) + len(d.Ended) + len(d.Settled) + len(d.Pieces)
	for _, t := range d.Tenures {
		n += t
	}
	for _, o := range d.Others {
		n += o
	}
	return n
}

// digest reads what the lines of a letter say now: what was answered, kept or
// closed since is left out.
func (s *Service) digest(ctx context.Context, l *Letter) (Digest, error) {
	d := Digest{Letter: *l, Tenures: map[Step]int{}, Others: map[Subject]int{}}
	lines, err := linesOf(ctx, s.Store.Read(), l.ID)
	if err != nil {
		return d, err
	}
	by := map[Subject][]line{}
	for _, one := range lines {
		by[one.Subject] = append(by[one.Subject], one)
	}
	for _, part := range []func(context.Context, *Digest, map[Subject][]line) error{s.waitingPart, s.changedPart, s.offerPart, s.promisePart, s.tenurePart, s.routedPart, s.interestPart, s.settledPart, s.endedPart, s.piecePart, s.partnerPart, s.awardPart} {
		if err := part(ctx, &d, by); err != nil {
			return d, err
		}
	}
	return d, nil
}

// waitingPart is what waits for an answer: to its enterprise, or to an officer.
func (s *Service) waitingPart(ctx context.Context, d *Digest, by map[Subject][]line) error {
	lines := slices.Concat(by[OfWider], by[OfMatch], by[OfRung])
	still, heads, err := s.still(ctx, lines)
	if err != nil {
		return err
	}
	pace, err := s.pace(ctx)
	if err != nil {
		return err
	}
	sc := &scene{s: s, now: s.now(), pace: pace}
	if sc.places, err = s.places(ctx); err != nil {
		return err
	}
	for _, l := range by[OfWider] {
		d.add(&d.Wider, l, sc.reminder(still, heads, l))
	}
	said := map[matching.ID]bool{}
	for _, w := range d.Wider {
		said[w.Match] = true
	}
	for _, l := range by[OfMatch] {
		if !said[matching.ID(l.SubjectID)] {
			d.add(&d.Reminders, l, sc.reminder(still, heads, l))
		}
	}
	d.Passed, err = s.grouped(ctx, sc, still, heads, by[OfRung])
	return err
}

// add takes a reminder that still holds, in words or in a count.
func (d *Digest) add(to *[]Reminder, l line, r *Reminder) {
	switch {
	case r == nil:
	case l.How == Counted:
		d.Others[l.Subject]++
	default:
		*to = append(*to, *r)
	}
}

// still reads the matches of some lines that wait for an answer, and their lots.
func (s *Service) still(ctx context.Context, lines []line) (map[matching.ID]*pending, map[opportunities.LotID]matching.LotHead, error) {
	ids := make([]matching.ID, 0, len(lines))
	for _, l := range lines {
		ids = append(ids, matching.ID(l.SubjectID))
	}
	slices.Sort(ids)
	still, err := stillUnanswered(ctx, s.Store.Read(), s.now(), slices.Compact(ids))
	if err != nil {
		return nil, nil, err
	}
	lots := make([]opportunities.LotID, 0, len(still))
	for _, p := range still {
		lots = append(lots, p.LotID)
	}
	slices.Sort(lots)
	heads, err := s.lotHeads(ctx, slices.Compact(lots))
	return still, heads, err
}

func (s *Service) lotHeads(ctx context.Context, ids []opportunities.LotID) (map[opportunities.LotID]matching.LotHead, error) {
	lots, err := s.Opportunities.Lots(ctx, ids...)
	if err != nil {
		return nil, err
	}
	out := make(map[opportunities.LotID]matching.LotHead, len(lots))
	for _, l := range lots {
		out[l.ID] = s.Matching.LotHead(l, s.now())
	}
	return out, nil
}

// reminder is a line of a match; nil: it no longer waits.
func (sc *scene) reminder(still map[matching.ID]*pending, heads map[opportunities.LotID]matching.LotHead, l line) *Reminder {
	p := still[matching.ID(l.SubjectID)]
	if p == nil || p.Proposal != l.Proposal {
		return nil
	}
	step, _ := strconv.Atoi(string(l.Step))
	return &Reminder{Match: p.ID, Lot: heads[p.LotID], Step: step, Last: step >= sc.last(p), Days: sc.days(p.Organisation, p.ProposedAt)}
}

// grouped gathers what was passed on to an officer by enterprise: they are called
// once, whatever waits. The enterprise with the soonest deadline comes first.
func (s *Service) grouped(ctx context.Context, sc *scene, still map[matching.ID]*pending, heads map[opportunities.LotID]matching.LotHead, lines []line) ([]Waiting, error) {
	by := map[network.ID]*Waiting{}
	var ids []network.ID
	seen := map[matching.ID]bool{}
	for _, l := range lines {
		r := sc.reminder(still, heads, l)
		if r == nil {
			continue
		}
		id := network.ID(still[r.Match].Organisation)
		if by[id] == nil {
			by[id] = &Waiting{Rung: Rung(l.Step)}
			ids = append(ids, id)
		}
		if w := by[id]; !seen[r.Match] {
			seen[r.Match] = true
			r.Step, r.Last = 0, false
			w.Matches = append(w.Matches, *r)
		}
		by[id].Rung = furthest(by[id].Rung, Rung(l.Step))
	}
	found, err := s.Network.LoadForMatching(ctx, ids...)
	if err != nil {
		return nil, err
	}
	out := make([]Waiting, 0, len(found))
	for _, o := range found {
		w := by[o.ID]
		w.Organisation = s.Matching.OrganisationHead(o)
		slices.SortStableFunc(w.Matches, func(a, b Reminder) int { return soonest(a.Lot.Deadline, b.Lot.Deadline) })
		out = append(out, *w)
	}
	slices.SortStableFunc(out, func(a, b Waiting) int {
		return cmp.Or(soonest(a.Matches[0].Lot.Deadline, b.Matches[0].Lot.Deadline), cmp.Compare(a.Organisation.ID, b.Organisation.ID))
	})
	return out, nil
}

func furthest(a, b Rung) Rung {
	all := Rungs()
	return all[max(slices.Index(all, a), slices.Index(all, b))]
}

func (s *Service) changedPart(ctx context.Context, d *Digest, by map[Subject][]line) error {
	lines := by[OfChange]
	if len(lines) == 0 {
		return nil
	}
	ids := make([]matching.ID, 0, len(lines))
	for _, l := range lines {
		ids = append(ids, matching.ID(l.SubjectID))
	}
	all, err := followedAmong(ctx, s.Store.Read(), ids)
	if err != nil {
		return err
	}
	var lots []opportunities.LotID
	var calls []opportunities.ID
	for _, f := range all {
		lots, calls = append(lots, f.LotID), append(calls, f.Opportunity)
	}
	heads, err := s.lotHeads(ctx, lots)
	if err != nil {
		return err
	}
	events, err := s.Opportunities.Histories(ctx, calls...)
	if err != nil {
		return err
	}
	for _, l := range lines {
		f := all[matching.ID(l.SubjectID)]
		switch {
		case f == nil:
		case l.How == Counted:
			d.Others[OfChange]++
		default:
			told := slices.DeleteFunc(slices.Clone(events[f.Opportunity]), func(e opportunities.Event) bool {
				return e.ID <= l.AfterEvent || e.ID > l.EventID || !e.At.After(f.Since)
			})
			d.Changes = append(d.Changes, Change{Match: f.MatchID, Lot: heads[f.LotID], Changes: concerning(f.Number, told)})
		}
	}
	return nil
}

// offerPart are the offers that can still be taken.
func (s *Service) offerPart(ctx context.Context, d *Digest, by map[Subject][]line) error {
	for _, l := range by[OfOffer] {
		lot, err := s.Opportunities.Lot(ctx, opportunities.LotID(l.SubjectID))
		if err != nil {
			if gone(err) == nil {
				continue
			}
			return err
		}
		o, ok := s.offerOf(lot, s.now())
		switch {
		case !ok || o.to.String() != string(l.Step) || !lot.Opportunity.Open(s.now()):
		case l.How == Counted:
			d.Others[OfOffer]++
		default:
			d.Offers = append(d.Offers, s.show(&o))
		}
	}
	return nil
}

// promisePart are the promises that are not kept yet.
func (s *Service) promisePart(ctx context.Context, d *Digest, by map[Subject][]line) error {
	if len(by[OfPledge]) == 0 {
		return nil
	}
	all, err := s.Contacts.List(accounts.With(ctx, accounts.TheSystem()), contacts.Filter{Promised: true})
	if err != nil {
		return err
	}
	for _, l := range by[OfPledge] {
		n := slices.IndexFunc(all, func(c contacts.Line) bool { return int64(c.ID) == l.SubjectID })
		switch {
		case n < 0:
		case l.How == Counted:
			d.Others[OfPledge]++
		default:
			d.Promises = append(d.Promises, all[n])
		}
	}
	return nil
}

// tenurePart counts the persons who are still to be asked about. It names nobody.
func (s *Service) tenurePart(ctx context.Context, d *Digest, by map[Subject][]line) error {
	if len(by[OfTenure]) == 0 {
		return nil
	}
	all, err := s.Tenures.Awaited(ctx)
	if err != nil {
		return err
	}
	for _, l := range by[OfTenure] {
		for _, a := range all {
			if int64(a.Proposal) == l.SubjectID && Step(a.Due) == l.Step {
				d.Tenures[l.Step]++
			}
		}
	}
	return nil
}
