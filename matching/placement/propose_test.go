package placement_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching/placement"
	"maillage/matching/placement/card"
	"maillage/opportunities"
	"maillage/people"
)

func TestAPersonIsProposedAndAnswered(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		folk := r.crowd(7)
		lot := r.publish(r.kitchen()).Lots[0].ID
		_, err := r.placement.Propose(r.cip, placement.Offer{Person: folk[0].ID, Lot: lot})
		r.refused(err, "no-agreement")
		r.agree(lot, folk[0])
		p := r.propose(lot, folk[0])
		if again := r.propose(lot, folk[0]); again.ID != p.ID || r.count("proposals") != 1 || r.count("proposal_events") != 1 {
			t.Fatalf("proposed twice: %+v then %+v", p, again)
		}
		if want := time.Date(2026, 11, 25, 17, 0, 0, 0, time.UTC); !p.DueAt.Equal(want) {
			t.Errorf("an answer is asked by %s, want %s", p.DueAt, want)
		}
		person, err := r.people.Get(r.cip, folk[0].ID)
		r.must(err)
		if person.LastProposed == nil || !person.LastProposed.Equal(r.clock.Now()) {
			t.Errorf("the person does not say when they were proposed: %v", person.LastProposed)
		}
		got, err := r.placement.Received(r.employer, lot)
		r.must(err)
		if len(got.Cards) != 1 {
			t.Fatalf("the employer sees %+v", got)
		}
		c := got.Cards[0]
		if c.OnSite == nil || c.Contact == nil || c.Available == nil || len(c.Strengths) != 5 || c.Structure != r.here.Name || c.Title.FR != "Candidature "+p.Label {
			t.Errorf("the card says %+v", c)
		}
		_, err = r.placement.Answer(r.employer, lot, c.Ref, 0, placement.Reply{State: placement.NotRetained})
		r.refused(err, "invalid")
		answered, err := r.placement.Answer(r.employer, lot, c.Ref, c.Revision, placement.Reply{State: placement.Interested})
		r.must(err)
		_, err = r.placement.Answer(r.employer, lot, c.Ref, c.Revision, placement.Reply{State: placement.Met})
		r.refused(err, "stale")
		for range 2 {
			_, err = r.placement.Answer(r.employer, lot, c.Ref, answered.Revision, placement.Reply{State: placement.Met})
			r.must(err)
		}
		if n := r.count("proposal_events"); n != 3 {
			t.Errorf("%d events, want 3", n)
		}
		_, err = r.placement.Withdraw(r.cip, p.ID, 1)
		r.refused(err, "stale")
		ended, err := r.placement.Answer(r.employer, lot, c.Ref, 0, placement.Reply{State: placement.NotRetained, Reason: placement.PlaceTaken})
		r.must(err)
		got, err = r.placement.Received(r.employer, lot)
		r.must(err)
		if ended.Revision != 4 || got.Cards[0].Revision != ended.Revision {
			t.Errorf("the reply is revision %d, the list says %d", ended.Revision, got.Cards[0].Revision)
		}
		_, err = r.placement.Answer(r.employer, lot, c.Ref, 0, placement.Reply{State: placement.Hired})
		r.refused(err, "transition")
	})
}

// Who was not retained by mistake is looked at again while their agreement holds and
// their card stands, and never beside more cards than the places allow; a hiring stays.
func TestNotRetainedByMistake(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		folk := r.crowd(9)
		lot := r.publish(r.kitchen()).Lots[0].ID
		r.agree(lot, folk[:5]...)
		say := func(p *placement.Proposal, state placement.State, reason placement.Reason) error {
			_, err := r.placement.Answer(r.employer, lot, p.Ref, 0, placement.Reply{State: state, Reason: reason})
			return err
		}
		first := r.propose(lot, folk[0])
		r.must(say(first, placement.NotRetained, placement.NeedChanged))
		r.must(say(first, placement.Interested, placement.NoReason))
		r.must(say(first, placement.Interested, placement.NoReason)) // the same again
		got, err := r.placement.Received(r.employer, lot)
		r.must(err)
		if got.Cards[0].State != placement.Interested || got.Cards[0].Contact == nil || r.count("proposal_events") != 3 {
			t.Errorf("looked at again: %+v, %d events", got.Cards[0], r.count("proposal_events"))
		}
		r.must(say(first, placement.NotRetained, placement.NeedChanged))
		others := []*placement.Proposal{r.propose(lot, folk[1]), r.propose(lot, folk[2]), r.propose(lot, folk[3])}
		r.refused(say(first, placement.Interested, placement.NoReason), "enough-proposed")
		r.must(say(others[0], placement.NotRetained, placement.NeedChanged))
		_, err = r.people.Withdraw(r.cip, folk[0].ID, int64(lot))
		r.must(err)
		r.refused(say(first, placement.Interested, placement.NoReason), "no-longer-proposed")
		r.must(say(others[0], placement.Interested, placement.NoReason))
		r.must(say(others[0], placement.Hired, placement.NoReason))
		r.refused(say(others[0], placement.NotRetained, placement.NeedChanged), "transition")
		r.must(say(others[1], placement.NotRetained, placement.NeedChanged))
		r.refused(say(others[1], placement.Interested, placement.NoReason), "position-filled")
	})
}

// Nobody but the two who are concerned reads or writes anything of a proposal.
func TestAProposalIsTheTwosConcerned(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.SQLite(t))
	folk := r.crowd(7)
	lot := r.publish(r.kitchen()).Lots[0].ID
	r.agree(lot, folk[0])
	_, err := r.placement.Propose(r.other, placement.Offer{Person: folk[0].ID, Lot: lot})
	r.refused(err, "not-found")
	_, err = r.placement.Propose(r.employer, placement.Offer{Person: folk[0].ID, Lot: lot})
	r.refused(err, "forbidden")
	p := r.propose(lot, folk[0])
	_, err = r.placement.Withdraw(r.other, p.ID, 0)
	r.refused(err, "not-found")
	_, _, err = r.placement.Get(r.other, p.ID)
	r.refused(err, "not-found")
	_, err = r.placement.Received(r.rival, lot)
	r.refused(err, "not-found")
	_, err = r.placement.Answer(r.rival, lot, p.Ref, 0, placement.Reply{State: placement.Interested})
	r.refused(err, "not-found")
	_, err = r.placement.Received(r.officer, lot)
	r.refused(err, "forbidden")
	_, err = r.placement.PeopleFor(r.officer, lot, placement.Query{})
	r.refused(err, "forbidden")
	_, err = r.placement.PeopleFor(r.employer, lot, placement.Query{})
	r.refused(err, "forbidden")
	_, err = r.placement.PositionsFor(r.other, folk[0].ID, placement.Query{})
	r.refused(err, "not-found")
	got, err := r.placement.PeopleFor(r.other, lot, placement.Query{Near: 10})
	r.must(err)
	if got.Total != 0 || len(got.Near) != 0 {
		t.Errorf("another structure sees %+v", got)
	}
	_, err = r.placement.Board(r.employer)
	r.refused(err, "forbidden")
}

// A card says nothing that an employer should not know, in whatever form it is
// sent.
func TestACardKeepsWhatIsNotItsOwn(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.SQLite(t))
	folk := r.crowd(9)
	far := r.cook()
	far.Commune, far.Key, far.AvailableOn = "26058", "D-77", "2026-12-01" // Bourg-lès-Valence
	hidden := r.person(far)
	lot := r.publish(r.kitchen()).Lots[0].ID
	r.agree(lot, append(folk, hidden)...)
	r.propose(lot, hidden)
	r.propose(lot, folk[0])
	got, err := r.placement.Received(r.employer, lot)
	r.must(err)
	raw, err := json.Marshal(got.Cards)
	r.must(err)
	for _, secret := range []string{hidden.Code, folk[0].Code, "D-77", "26058", "Bourg-l", "portugais", "Portuguese", "\"pt\"", "score", "confidence", "%", "crowd", "left", "draw", "waiting", "rank"} {
		if strings.Contains(string(raw), secret) {
			t.Errorf("the employer reads %q in %s", secret, raw)
		}
	}
}

func TestTheEmployerIsAskedAboutThreeAPlace(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.SQLite(t))
	folk := r.crowd(12)
	need := r.kitchen()
	need.Lots[0].Posts = 2
	lot := r.publish(need).Lots[0].ID
	r.agree(lot, folk...)
	var last *placement.Proposal
	for _, p := range folk[:6] {
		last = r.propose(lot, p)
	}
	_, err := r.placement.Propose(r.cip, placement.Offer{Person: folk[6].ID, Lot: lot})
	r.refused(err, "enough-proposed")
	_, err = r.placement.Withdraw(r.cip, last.ID, 0)
	r.must(err)
	first, err := r.placement.Received(r.employer, lot)
	r.must(err)
	if len(first.Cards) != 5 {
		t.Fatalf("the employer sees %d cards", len(first.Cards))
	}
	_, err = r.placement.Answer(r.employer, lot, first.Cards[0].Ref, 0, placement.Reply{State: placement.Hired})
	r.must(err)
	_, err = r.placement.Propose(r.cip, placement.Offer{Person: folk[6].ID, Lot: lot})
	r.refused(err, "enough-proposed") // one place is left, and four are asked about
}

// A position whose places are all taken asks nobody more: the counsellor does not
// find it open, no card is prepared, and no question is recorded. What was asked
// before can still be answered and taken back.
func TestAFilledPositionAsksNobody(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		folk := r.crowd(8)
		lot := r.publish(r.kitchen()).Lots[0].ID
		r.agree(lot, folk[0], folk[1])
		_, err := r.people.Ask(r.cip, folk[2].ID, int64(lot))
		r.must(err)
		hired := r.propose(lot, folk[0])
		_, err = r.placement.Answer(r.employer, lot, hired.Ref, 0, placement.Reply{State: placement.Hired})
		r.must(err)

		found, err := r.placement.PeopleFor(r.cip, lot, placement.Query{})
		r.must(err)
		if h := found.Position; h.Open || !h.Filled || found.Refused == nil || len(found.People) != 7 || len(found.Hired) != 1 {
			t.Errorf("a filled position reads %+v", found)
		}
		for _, c := range found.People {
			if c.Position.Open || !c.Position.Filled {
				t.Errorf("a filled position is open to %s", c.Person.Code)
			}
		}
		made, err := r.placement.Prepare(r.cip, placement.Offer{Person: folk[3].ID, Lot: lot})
		r.must(err)
		if made.Card != nil || made.Refused == nil || made.Position.Open {
			t.Errorf("a card is prepared for a filled position: %+v", made)
		}
		board, err := r.placement.Board(r.cip)
		r.must(err)
		if len(board.Agreement) != 0 || len(board.Fresh) != 0 {
			t.Errorf("a filled position waits for the counsellor: %+v", board)
		}
		_, err = r.people.Ask(r.cip, folk[3].ID, int64(lot))
		r.refused(err, "position-filled")
		r.refused(st.InTx(r.cip, func(ctx context.Context, tx store.Tx) error {
			return r.people.AskIn(ctx, tx, folk[3].ID, int64(lot), "")
		}), "position-filled")
		for _, p := range folk[1:3] { // asked and agreed before
			_, err = r.people.Give(r.cip, p.ID, int64(lot), "")
			r.must(err)
			_, err = r.people.Withdraw(r.cip, p.ID, int64(lot))
			r.must(err)
			_, err = r.people.Ask(r.cip, p.ID, int64(lot))
			r.refused(err, "position-filled")
		}
	})
}

// wantNoCard looks where a counsellor reads before asking: the candidates of the
// position, the positions of the person, a batch.
func (r *room) wantNoCard(lot opportunities.LotID, person people.ID, words string) {
	r.t.Helper()
	var said []*placement.Text
	found, err := r.placement.PeopleFor(r.cip, lot, placement.Query{})
	r.must(err)
	for _, c := range found.People {
		if c.Person.ID == person {
			said = append(said, c.NoCard)
		}
	}
	back, err := r.placement.PositionsFor(r.cip, person, placement.Query{})
	r.must(err)
	for _, c := range back.Positions {
		if c.Position.Lot == lot {
			said = append(said, c.NoCard)
		}
	}
	b, err := r.placement.PreviewBatch(r.cip, placement.BatchRules{PerPost: 10, Most: 10})
	r.must(err)
	for _, p := range b.People {
		for _, x := range p.Suggestions {
			if p.Who.Person.ID == person && x.Position.Lot == lot {
				said = append(said, x.NoCard)
			}
		}
	}
	if len(said) != 3 {
		r.t.Fatalf("shown in %d places", len(said))
	}
	for _, s := range said {
		if (s != nil && strings.Contains(s.FR, words)) != (words != "") {
			r.t.Errorf("no card is said %v, want %q", s, words)
		}
	}
}

func TestACardThatSinglesOutIsRefused(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.SQLite(t))
	folk := r.crowd(5)
	lot := r.publish(r.kitchen()).Lots[0].ID
	r.agree(lot, folk...)
	r.wantNoCard(lot, folk[1].ID, "")
	rare := r.cook()
	rare.Profile.Aptitudes = append(rare.Profile.Aptitudes, people.Holding{Code: "caces-r489-3"})
	special := r.person(rare)
	need := r.kitchen()
	need.Lots[0].Terms.Aptitudes[1].Code = "caces-r489-3"
	with := r.publish(need).Lots[0].ID
	r.agree(with, special)
	sheet, err := r.placement.Preview(r.cip, placement.Offer{Person: special.ID, Lot: with})
	r.must(err)
	if len(sheet.Left) != 1 || sheet.Left[0].Code != "caces-r489-3" || sheet.Crowd < 5 {
		t.Errorf("the card is %+v", sheet)
	}
	r.propose(with, special)
	_, err = r.people.Pause(r.cip, folk[0].ID, 0)
	r.must(err)
	_, err = r.placement.Propose(r.cip, placement.Offer{Person: folk[1].ID, Lot: lot})
	r.refused(err, "card-exposes")
	r.wantNoCard(lot, folk[1].ID, "de vive voix")
	_, err = r.people.Pause(r.cip, special.ID, 0)
	r.must(err)
	r.work()
	_, err = r.placement.Propose(r.cip, placement.Offer{Person: folk[1].ID, Lot: lot})
	r.refused(err, "card-too-few")
}

// Whoever wishes an occupation near the one asked is told to wish one near it, and
// never which.
func TestACardTellsAnOccupationNearTheOneAsked(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.SQLite(t))
	var folk []*people.Person
	for range 6 {
		p := r.cook()
		p.Profile.Wished, p.Profile.Held, p.Profile.Aptitudes = []people.Wish{{ROME: "K1304"}}, nil, nil
		folk = append(folk, r.person(p))
	}
	need := r.kitchen()
	need.Lots[0].Codes, need.Lots[0].Terms.Aptitudes, need.Lots[0].Terms.Languages = rome("G1501"), nil, nil
	lot := r.publish(need).Lots[0].ID
	found, err := r.placement.PeopleFor(r.cip, lot, placement.Query{})
	r.must(err)
	sheet, err := r.placement.Preview(r.cip, placement.Offer{Person: folk[0].ID, Lot: lot})
	r.must(err)
	raw, err := json.Marshal(sheet)
	r.must(err)
	if found.Total != 6 || !slices.Contains(sheet.Claims, card.Claim{Kind: card.WishedNear, Code: "G1501"}) || strings.Contains(string(raw), "K1304") {
		t.Errorf("%d people suit; the card says %s", found.Total, raw)
	}
}

// A card that says nothing of what the position asks is presented by whoever read
// it alone.
func TestABareCardIsReadFirst(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.SQLite(t))
	folk := r.crowd(6)
	lot := r.publish(r.kitchen()).Lots[0].ID
	r.agree(lot, folk[0])
	offer := placement.Offer{Person: folk[0].ID, Lot: lot}
	sheet, err := r.placement.Preview(r.cip, offer)
	r.must(err)
	offer.Without = slices.DeleteFunc(slices.Clone(sheet.Claims), func(c card.Claim) bool {
		return c.Kind == card.Structure || c.Kind == card.Counsellor || c.Kind == card.Hours || c.Kind == card.Available
	})
	_, err = r.placement.Propose(r.cip, offer)
	r.refused(err, "card-bare")
	bare, err := r.placement.Preview(r.cip, offer)
	r.must(err)
	if !bare.Claims.Bare() || sheet.Claims.Bare() {
		t.Errorf("bare: %+v, and not: %+v", bare.Claims, sheet.Claims)
	}
	offer.Read = bare.Seal()
	_, err = r.placement.Propose(r.cip, offer)
	r.must(err)
}
