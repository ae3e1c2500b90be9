package placement_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching/placement"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/people"
	"maillage/territories"
)

// driver makes changes at random through the real services.
type driver struct {
	*room
	d       *rand.Rand
	persons []*people.Person
	offers  []opportunities.ID
	lots    []opportunities.LotID
	made    []*placement.Proposal
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

// allowed lets through what the rules refuse: the driver asks for anything.
func (d *driver) allowed(err error) {
	d.t.Helper()
	if err != nil && !fault.Is(err, fault.KindConflict) && !fault.Is(err, fault.KindInvalid) && !fault.Is(err, fault.KindNotFound) {
		d.t.Fatal(err)
	}
}

func (d *driver) step() {
	d.t.Helper()
	switch n := d.d.IntN(12); {
	case n < 3 || len(d.persons) < 8:
		p := d.random()
		made, err := d.people.Create(d.by(p), p)
		d.must(err)
		d.persons = append(d.persons, made)
	case n < 5 || len(d.offers) < 3:
		d.offer()
	case n == 5:
		d.changePerson()
	case n == 6:
		d.changeOffer()
	case n < 11:
		d.consent()
	default:
		d.propose()
	}
}

// by is the counsellor of a person.
func (d *driver) by(p *people.Person) context.Context {
	if p.OrganisationID == int64(d.there.ID) {
		return d.other
	}
	return d.cip
}

func (d *driver) random() *people.Person {
	p := d.cook()
	p.OrganisationID = int64(pick(d.d, d.here.ID, d.here.ID, d.there.ID))
	p.Commune = territories.CommuneCode(pick(d.d, "26362", "26362", "26281", "07324", "59350", ""))
	p.Profile.Wished[0].ROME = pick[nomenclatures.ROME](d.d, "G1602", "G1602", "G1603", "K2204", "N1103")
	if d.d.IntN(3) == 0 {
		p.Profile.Held = nil
	}
	p.Profile.Aptitudes = p.Profile.Aptitudes[:d.d.IntN(3)]
	if d.d.IntN(3) == 0 {
		p.Profile.Aptitudes = append(p.Profile.Aptitudes, people.Holding{Code: "caces-r489-3", Until: pick(d.d, "", "2026-11-24", "2027-06-30")})
	}
	p.Profile.Languages[0].Level = nomenclatures.Fluency(d.d.IntN(7))
	p.AvailableOn = pick(d.d, "", "", "2026-12-01", "2027-02-01")
	p.Profile.Mobility[0].Km = float64(pick(d.d, 0, 3, 12, 40))
	p.Profile.Mobility[0].Slots = pick(d.d, 0, nomenclatures.Every(0, 4, nomenclatures.Morning))
	return p
}

func (d *driver) need() *opportunities.Opportunity {
	o := d.kitchen()
	o.Place.Perimeter = fmt.Sprintf(`{"territory":%q}`, pick(d.d, "commune:26362", "commune:26281", "commune:07324", "departement:26"))
	o.Lots[0].Codes = rome(pick(d.d, "G1602", "G1603", "K2204"))
	o.Lots[0].Posts = d.d.IntN(3)
	o.Lots[0].Terms.Aptitudes[0].Required = d.d.IntN(2) == 0
	o.Lots[0].Terms.Languages[0].Required = d.d.IntN(2) == 0
	o.Lots[0].Terms.Reach = float64(pick(d.d, 0, 5, 30))
	return o
}

func (d *driver) offer() {
	o := d.need()
	if d.d.IntN(5) == 0 {
		id := int64(d.here.ID)
		o.Kind, o.BuyerID, o.PublisherID, o.Source = opportunities.TrainingSession, nil, &id, "member"
		o.Lots[0].StartsOn, o.Lots[0].EndsOn = "2027-01-11", "2027-01-15"
		o.Lots[0].Terms = &opportunities.Terms{Audience: pick(d.d, opportunities.ForJourneys, opportunities.ForStaff), Outcomes: []opportunities.Gain{{Code: "caces-r489-3"}}}
	}
	made, err := d.room.lots.Create(system(), opportunities.By{}, o)
	d.must(err)
	if d.d.IntN(6) > 0 {
		made, err = d.room.lots.Publish(system(), opportunities.By{}, made.ID, 0)
		d.must(err)
	}
	d.offers, d.lots = append(d.offers, made.ID), append(d.lots, made.Lots[0].ID)
}

func (d *driver) changePerson() {
	p := pick(d.d, d.persons...)
	ctx := d.by(p)
	switch d.d.IntN(6) {
	case 0:
		_, err := d.people.Pause(ctx, p.ID, 0)
		d.allowed(err)
	case 1, 2:
		_, err := d.people.Resume(ctx, p.ID, 0)
		d.allowed(err)
	case 3:
		_, err := d.people.End(ctx, p.ID, 0, "")
		d.allowed(err)
	default:
		next := d.random()
		next.ID, next.OrganisationID = p.ID, p.OrganisationID
		_, err := d.people.Update(ctx, 0, next)
		d.allowed(err)
	}
}

func (d *driver) changeOffer() {
	id := pick(d.d, d.offers...)
	var err error
	switch d.d.IntN(5) {
	case 0:
		_, err = d.room.lots.Close(system(), opportunities.By{}, id, 0)
	case 1:
		_, err = d.room.lots.Cancel(system(), opportunities.By{}, id, 0)
	default:
		o, found := d.room.lots.Get(system(), id)
		d.must(found)
		next := d.need()
		o.Place, o.Lots[0].Codes = next.Place, next.Lots[0].Codes
		if o.Kind == opportunities.JobNeed {
			o.Lots[0].Terms = next.Lots[0].Terms
		}
		_, err = d.room.lots.Update(system(), opportunities.By{}, 0, o)
	}
	d.allowed(err)
}

func (d *driver) consent() {
	p, lot := pick(d.d, d.persons...), int64(pick(d.d, d.lots...))
	ctx := d.by(p)
	_, err := d.people.Ask(ctx, p.ID, lot)
	d.allowed(err)
	switch d.d.IntN(6) {
	case 0:
		_, err = d.people.Refuse(ctx, p.ID, lot)
	case 1:
		_, err = d.people.Withdraw(ctx, p.ID, lot)
	default:
		_, err = d.people.Give(ctx, p.ID, lot, "")
		d.allowed(err)
		var made *placement.Proposal
		if made, err = d.placement.Propose(ctx, placement.Offer{Person: p.ID, Lot: opportunities.LotID(lot)}); err == nil {
			d.made = append(d.made, made)
		}
	}
	d.allowed(err)
}

func (d *driver) propose() {
	if len(d.made) == 0 {
		return
	}
	p := pick(d.d, d.made...)
	ctx := d.cip
	if p.OrganisationID == int64(d.there.ID) {
		ctx = d.other
	}
	var err error
	switch d.d.IntN(3) {
	case 0:
		_, err = d.placement.Withdraw(ctx, p.ID, 0)
	case 1:
		_, err = d.placement.Answer(d.employer, p.LotID, p.Ref, 0, placement.Reply{State: pick(d.d, placement.Interested, placement.Met, placement.Hired)})
	default:
		_, err = d.placement.Answer(d.employer, p.LotID, p.Ref, 0, placement.Reply{State: placement.NotRetained, Reason: placement.NeedChanged})
	}
	d.allowed(err)
}

// told is what a process says to both counsellors about everybody and everything, and
// the pairs that hold, read from the positions that have a place left and from people.
func (d *driver) told(s *placement.Service) (text string, pairs, back map[string]bool) {
	d.t.Helper()
	pairs, back = map[string]bool{}, map[string]bool{}
	var all []any
	for _, lot := range d.lots {
		for _, who := range []context.Context{d.cip, d.other} {
			got, err := s.PeopleFor(who, lot, placement.Query{Limit: 200, Near: 50})
			if fault.Is(err, fault.KindNotFound) {
				continue
			}
			d.must(err)
			all = append(all, got)
			for _, c := range got.People {
				if !c.History && !c.Position.Filled { // a filled position is on no list of a person's
					pairs[fmt.Sprint(c.Person.ID, " ", c.Position.Lot, " ", c.Score, " ", c.Confidence)] = true
				}
			}
		}
	}
	for _, p := range d.persons {
		got, err := s.PositionsFor(d.by(p), p.ID, placement.Query{Limit: 200, Near: 50})
		d.must(err)
		all = append(all, got)
		for _, c := range got.Positions {
			back[fmt.Sprint(c.Person.ID, " ", c.Position.Lot, " ", c.Score, " ", c.Confidence)] = true
		}
	}
	out, err := json.Marshal(all)
	d.must(err)
	return string(out), pairs, back
}

// After any changes, through any services and in several processes: what was
// followed is what is read from nothing, both directions agree, and the employer
// sees nobody without an agreement that holds.
func TestWhatIsFollowedIsWhatIsReadFromNothing(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		seed := rand.Uint64()
		t.Logf("seed %d", seed)
		d := &driver{room: open(t, st), d: rand.New(rand.NewPCG(seed, 1))}
		first := d.publish(d.kitchen())
		d.persons, d.offers, d.lots = d.crowd(10), []opportunities.ID{first.ID}, []opportunities.LotID{first.Lots[0].ID}
		second, matched := d.process(), 0
		for range 6 {
			for range 15 {
				d.step()
			}
			one, pairs, back := d.told(d.placement)
			other, _, _ := d.told(second)
			nothing, _, _ := d.told(d.process())
			if one != nothing || other != nothing {
				t.Fatalf("followed:\n%s\nfollowed elsewhere:\n%s\nfrom nothing:\n%s", one, other, nothing)
			}
			if !slices.Equal(sorted(pairs), sorted(back)) {
				t.Fatalf("the two directions differ:\n%v\n%v", sorted(pairs), sorted(back))
			}
			matched += len(pairs)
			d.wantAgreed()
			d.work()
			d.wantSettled()
			d.clock.Advance(3 * time.Hour)
		}
		if matched == 0 || len(d.made) == 0 {
			t.Errorf("%d matches and %d proposals: nothing was tried", matched, len(d.made))
		}
	})
}

func sorted(m map[string]bool) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// wantAgreed looks at what the employer sees before any job has run.
func (d *driver) wantAgreed() {
	d.t.Helper()
	for _, lot := range d.lots {
		got, err := d.placement.Received(d.employer, lot)
		if fault.Is(err, fault.KindNotFound) {
			continue
		}
		d.must(err)
		for _, c := range got.Cards {
			if c.State.Runs() && !d.agrees(c.Ref) {
				d.t.Fatalf("card %s is shown without an agreement", c.Label)
			}
		}
	}
}

func (d *driver) agrees(ref string) bool {
	for _, p := range d.made {
		if p.Ref != ref {
			continue
		}
		person, err := d.people.LoadForMatching(system(), p.PersonID)
		d.must(err)
		all, err := d.people.Holding(system(), int64(p.LotID))
		d.must(err)
		return person[0].State == people.Active && slices.ContainsFunc(all, func(a *people.Agreement) bool { return a.PersonID == p.PersonID })
	}
	return false
}

// wantSettled looks at what is written once the jobs have run: a second run
// writes nothing.
func (d *driver) wantSettled() {
	d.t.Helper()
	before := d.count("proposal_events")
	d.must(d.placement.SettleDue(context.Background()))
	if after := d.count("proposal_events"); after != before {
		d.t.Fatalf("the jobs left %d proposals to settle", after-before)
	}
	for _, p := range d.made {
		got, _, err := d.placement.Get(accounts.With(context.Background(), accounts.Identity{UserID: 1, Role: accounts.Counsellor, OrganisationID: p.OrganisationID}), p.ID)
		d.must(err)
		if got.State.Runs() && !d.agrees(p.Ref) {
			d.t.Fatalf("proposal %d runs without an agreement", p.ID)
		}
	}
}

// Whoever changes the sex, the age and the neighbourhood of everybody changes no
// score, no order and no card.
func TestTraitsChangeNoScoreAndNoCard(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		d := &driver{room: open(t, st), d: rand.New(rand.NewPCG(11, 1))}
		d.persons, d.lots = d.crowd(8), []opportunities.LotID{d.publish(d.kitchen()).Lots[0].ID}
		for range 20 {
			d.step()
		}
		for i, p := range d.persons {
			d.trait(p, i)
		}
		before, cards := d.everything()
		d.d.Shuffle(len(d.persons), func(i, j int) { d.persons[i], d.persons[j] = d.persons[j], d.persons[i] })
		for i, p := range d.persons {
			d.trait(p, i)
		}
		slices.SortFunc(d.persons, func(a, b *people.Person) int { return int(a.ID - b.ID) })
		after, again := d.everything()
		if before != after {
			t.Errorf("the traits change what is found:\n%s\n%s", before, after)
		}
		if cards != again || cards == "null" {
			t.Errorf("the traits change cards:\n%s\n%s", cards, again)
		}
	})
}

// trait gives somebody of whom it can be said a sex, a year and a neighbourhood.
func (d *driver) trait(p *people.Person, i int) {
	d.t.Helper()
	qpv := people.QPVNo
	if i%3 == 0 {
		qpv = people.QPVYes
	}
	d.must(d.people.SetTraits(d.by(p), p.ID, people.Traits{Sex: pick(d.d, people.Woman, people.Man), BirthYear: 1960 + i, QPV: qpv}))
}

// everything is what is found, and the card of each pair that may have one; the
// revisions left out, which a trait may raise.
func (d *driver) everything() (found, cards string) {
	d.t.Helper()
	var scores []string
	var all []any
	for _, lot := range d.lots {
		for _, who := range []context.Context{d.cip, d.other} {
			got, err := d.placement.PeopleFor(who, lot, placement.Query{Limit: 200, Near: 50})
			if fault.Is(err, fault.KindNotFound) {
				continue
			}
			d.must(err)
			for _, c := range slices.Concat(got.People, got.Near) {
				scores = append(scores, fmt.Sprint(c.Rank, c.Person.ID, c.Position.Lot, c.Score, c.Confidence, c.Criteria))
				if sheet, err := d.placement.Preview(who, placement.Offer{Person: c.Person.ID, Lot: lot}); err == nil {
					all = append(all, sheet)
				}
			}
		}
	}
	out, err := json.Marshal(all)
	d.must(err)
	return fmt.Sprint(scores), string(out)
}
