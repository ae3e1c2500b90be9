package placement_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"maillage/followup/tenure"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching/placement"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/people"
)

// moves are the changes that make a position another one for whoever agreed to it.
func moves() map[string]func(*opportunities.Opportunity) {
	return map[string]func(*opportunities.Opportunity){
		"the place": func(o *opportunities.Opportunity) { o.Place.Perimeter = `{"territory":"commune:26281"}` },
		"the place of the lot": func(o *opportunities.Opportunity) {
			o.Lots[0].Place = opportunities.Place{Scope: opportunities.InCommunes, Perimeter: `{"territory":"commune:26281"}`}
		},
		"when": func(o *opportunities.Opportunity) {
			o.Lots[0].Terms.Slots = nomenclatures.Every(0, 4, nomenclatures.Afternoon)
		},
		"a day cut in two": func(o *opportunities.Opportunity) { o.Lots[0].Terms.Split = true },
		"hours a week":     func(o *opportunities.Opportunity) { o.Lots[0].Terms.Hours = 24 },
	}
}

// stays are the changes that leave it where and when it was.
func stays() map[string]func(*opportunities.Opportunity) {
	return map[string]func(*opportunities.Opportunity){
		"the title":               func(o *opportunities.Opportunity) { o.Title, o.Lots[0].Title = "Second de cuisine", "Second" },
		"what is said of it":      func(o *opportunities.Opportunity) { o.Lots[0].Description = "Avec l’équipe du matin" },
		"the words of the place":  func(o *opportunities.Opportunity) { o.Place.Words = "Valence, près de la gare" },
		"the same place":          func(o *opportunities.Opportunity) { o.Place.Perimeter = ` { "territory" : "commune:26362" } ` },
		"the same place, the lot": func(o *opportunities.Opportunity) { o.Lots[0].Place = o.Place },
		"what it asks":            func(o *opportunities.Opportunity) { o.Lots[0].Terms.Aptitudes = nil },
		"how many":                func(o *opportunities.Opportunity) { o.Lots[0].Posts = 3 },
	}
}

// What a person agreed to before the employer moved the position is no agreement to
// what it has become: nobody is presented on it, and everybody who reads it is told
// that it is to be asked again.
func TestAnAgreementFromBeforeAMoveIsAskedAgain(t *testing.T) {
	t.Parallel()
	for name, move := range moves() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testkit.Each(t, func(t *testing.T, st *store.Store) { open(t, st).leftBehind(move) })
		})
	}
}

func (r *room) leftBehind(move func(*opportunities.Opportunity)) {
	r.t.Helper()
	x := r.crowd(8)[0]
	o := r.publish(r.kitchen())
	lot := o.Lots[0].ID
	r.agree(lot, x)
	r.clock.Advance(time.Hour)
	r.amend(o.ID, move)
	r.clock.Advance(time.Hour)
	_, err := r.placement.Propose(r.cip, placement.Offer{Person: x.ID, Lot: lot})
	r.refused(err, "agreement-moved")
	if n := r.count("proposals"); n != 0 {
		r.t.Errorf("%d proposals were made", n)
	}
	r.toldToAskAgain(lot, x)
	_, err = r.people.Give(r.cip, x.ID, int64(lot), "")
	r.refused(err, "agreement-moved") // the question was about another place
	r.agree(lot, x)
	board, err := r.placement.Board(r.cip)
	r.must(err)
	if len(board.AskAgain) != 0 || len(board.Agreement) != 1 {
		r.t.Errorf("asked again, the board says %+v, %+v", board.AskAgain, board.Agreement)
	}
	r.propose(lot, x)
}

// toldToAskAgain reads what the counsellor reads everywhere.
func (r *room) toldToAskAgain(lot opportunities.LotID, x *people.Person) {
	r.t.Helper()
	board, err := r.placement.Board(r.cip)
	r.must(err)
	if len(board.Agreement) != 0 || len(board.AskAgain) != 1 || board.AskAgain[0].Person.ID != x.ID || board.AskAgain[0].Position.Lot != lot {
		r.t.Errorf("the board says %+v, %+v", board.Agreement, board.AskAgain)
	}
	card, err := r.placement.Prepare(r.cip, placement.Offer{Person: x.ID, Lot: lot})
	r.must(err)
	r.wantToAskAgain("the card", card.Agreement)
	found, err := r.placement.PeopleFor(r.cip, lot, placement.Query{Near: 50})
	r.must(err)
	for _, c := range append(found.People, found.Near...) {
		if c.Person.ID == x.ID {
			r.wantToAskAgain("the list", c.Agreement)
		}
	}
}

func (r *room) wantToAskAgain(where string, got placement.Consent) {
	r.t.Helper()
	if got.Holds || !got.Moved || !strings.Contains(got.Words.FR, "à redemander") || !strings.Contains(got.Words.EN, "asked again") {
		r.t.Errorf("%s says %+v", where, got)
	}
}

// A change of words, and the same values written again, move nothing.
func TestAnAgreementOutlivesAChangeOfWords(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		x := r.crowd(8)[0]
		o := r.publish(r.kitchen())
		lot := o.Lots[0].ID
		r.agree(lot, x)
		for name, change := range stays() {
			r.clock.Advance(time.Minute)
			r.amend(o.ID, change)
			l, err := r.lots.Lot(system(), lot)
			r.must(err)
			if l.MovedAt != nil {
				t.Errorf("%s moves the position", name)
			}
		}
		board, err := r.placement.Board(r.cip)
		r.must(err)
		if len(board.Agreement) != 1 || len(board.AskAgain) != 0 {
			t.Errorf("the board says %+v, %+v", board.Agreement, board.AskAgain)
		}
		r.propose(lot, x)
	})
}

// The instant of the question decides: a yes said after the move to a question put
// before it is to the place and the hours of the question.
func TestAQuestionFromBeforeAMoveIsPutAgain(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		folk := r.crowd(8)
		o := r.publish(r.kitchen())
		lot := o.Lots[0].ID
		for _, p := range folk[:2] {
			_, err := r.people.Ask(r.cip, p.ID, int64(lot))
			r.must(err)
		}
		r.clock.Advance(time.Hour)
		r.amend(o.ID, moves()["the place"])
		r.clock.Advance(time.Hour)
		_, err := r.people.Give(r.cip, folk[0].ID, int64(lot), "")
		r.refused(err, "agreement-moved")
		_, err = r.people.Refuse(r.cip, folk[1].ID, int64(lot)) // no is no, wherever it is
		r.must(err)
		r.toldToAskAgain(lot, folk[0])
		r.yesFromAnotherDoor(lot, folk[0])
		_, err = r.placement.Propose(r.cip, placement.Offer{Person: folk[0].ID, Lot: lot})
		r.refused(err, "agreement-moved")
		r.agree(lot, folk[0])
		r.propose(lot, folk[0])
	})
}

// Who read a position before it moved, and asks after, is told: what they would put to the
// person is another place, or other hours.
func TestWhoAsksOfWhatTheyReadBeforeAMoveIsTold(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		r.crowd(8)
		o := r.publish(r.kitchen())
		lot := o.Lots[0].ID
		b, err := r.placement.KeepBatch(r.cip, "avant", placement.BatchRules{Source: placement.ChosenLots, Lots: []opportunities.LotID{lot}})
		r.must(err)
		line, read := b.Positions[0].Suggestions[0], b.Positions[0].Suggestions[0].Position.Scene
		person := line.Who.Person.ID
		asked := func(scene string) error {
			_, err := r.people.Say(r.cip, person, int64(lot), people.Saying{State: people.Asked, Scene: scene})
			return err
		}
		r.clock.Advance(time.Hour)
		r.amend(o.ID, moves()["the place"])
		r.refused(asked(read), "position-moved")
		_, err = r.placement.SettleLine(r.cip, b.ID, line.Line, placement.Talked, 0, read)
		r.refused(err, "position-moved")
		now, err := r.placement.PeopleFor(r.cip, lot, placement.Query{})
		r.must(err)
		r.must(asked(now.Position.Scene))
		r.clock.Advance(time.Hour)
		r.amend(o.ID, moves()["hours a week"])
		_, err = r.people.Say(r.cip, person, int64(lot), people.Saying{State: people.Given, Scene: now.Position.Scene})
		r.refused(err, "position-moved")
		_, err = r.people.Say(r.cip, person, int64(lot), people.Saying{State: people.Refused, Scene: read}) // no is no, wherever it is
		r.must(err)
	})
}

// yesFromAnotherDoor is a yes that was recorded after a move, to a question from
// before it, by an edition that did not look.
func (r *room) yesFromAnotherDoor(lot opportunities.LotID, p *people.Person) {
	r.t.Helper()
	r.must(r.st.InTx(context.Background(), func(ctx context.Context, tx store.Tx) error {
		_, err := tx.NewRaw("UPDATE agreements SET state = 'given', answered_at = ?, expires_on = '2026-12-20' WHERE person_id = ? AND position_id = ?", r.clock.Now().UTC(), p.ID, lot).Exec(ctx)
		return err
	}))
}

// Moved and moved back before anything was computed: the card is gone like any other,
// and the agreement is asked again.
func TestAMoveAndBackIsAMove(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		x := r.crowd(8)[0]
		o := r.publish(r.kitchen())
		lot := o.Lots[0].ID
		r.agree(lot, x)
		first := r.propose(lot, x)
		r.clock.Advance(time.Hour)
		r.amend(o.ID, moves()["the place"])
		r.amend(o.ID, func(o *opportunities.Opportunity) { o.Place.Perimeter = `{"territory":"commune:26362"}` })
		if got := r.presentedTo(lot); got != "[]" {
			t.Errorf("the employer reads %s", got)
		}
		_, err := r.placement.Propose(r.cip, placement.Offer{Person: x.ID, Lot: lot})
		r.refused(err, "agreement-moved")
		r.work()
		p, _, err := r.placement.Get(r.cip, first.ID)
		r.must(err)
		if p.State != placement.Withdrawn {
			t.Errorf("the proposal is %v", p.State)
		}
		r.clock.Advance(time.Hour)
		r.agree(lot, x)
		r.propose(lot, x)
	})
}

// Once the two have met, the agreement has done its work: a change of place leaves the
// card where it is, and asks nothing again; nor of whoever was hired, until they left.
func TestAMoveLeavesThoseWhoMet(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		folk := r.crowd(9)
		x, hired := folk[0], folk[1]
		need := r.kitchen()
		need.Lots[0].Posts = 2
		o := r.publish(need)
		lot := o.Lots[0].ID
		r.agree(lot, x)
		p := r.propose(lot, x)
		_, err := r.placement.Answer(r.employer, lot, p.Ref, 0, placement.Reply{State: placement.Met})
		r.must(err)
		ref := r.hire(lot, hired)
		r.clock.Advance(time.Hour)
		r.amend(o.ID, moves()["the place"])
		r.work()
		card, err := r.placement.Prepare(r.cip, placement.Offer{Person: x.ID, Lot: lot})
		r.must(err)
		board, err := r.placement.Board(r.cip)
		r.must(err)
		if !card.Runs() || !card.Agreement.Holds || card.Agreement.Moved || len(board.AskAgain) != 0 {
			t.Errorf("the card is %+v with %+v, the board asks %+v", card.Proposal, card.Agreement, board.AskAgain)
		}
		moved := func(when string, want bool) {
			t.Helper()
			of, err := r.people.AgreementsOf(r.cip, hired.ID)
			r.must(err)
			if len(of) != 1 || of[0].Moved != want {
				t.Errorf("%s, the agreement of who was hired is %+v", when, of[0])
			}
		}
		moved("hired", false)
		_, err = tenure.NewService(tenure.Config{Store: st, Now: r.clock.Now}).Tell(r.cip, ref, 0, tenure.Left, tenure.TrialEnded)
		r.must(err)
		moved("gone", true)
	})
}

// A batch counts no agreement from before a move, and speaking of it from there asks
// the person anew.
func TestABatchAsksAgainAfterAMove(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		r.crowd(7)
		o := r.publish(r.kitchen())
		lot := o.Lots[0].ID
		folk, err := r.placement.PeopleFor(r.cip, lot, placement.Query{})
		r.must(err)
		for _, c := range folk.People {
			_, err := r.people.Ask(r.cip, c.Person.ID, int64(lot))
			r.must(err)
			_, err = r.people.Give(r.cip, c.Person.ID, int64(lot), "")
			r.must(err)
		}
		r.clock.Advance(time.Hour)
		r.amend(o.ID, moves()["hours a week"])
		r.clock.Advance(time.Hour)
		b, err := r.placement.KeepBatch(r.cip, "apres", placement.BatchRules{Source: placement.ChosenLots, Lots: []opportunities.LotID{lot}})
		r.must(err)
		line := b.Positions[0].Suggestions[0]
		r.wantToAskAgain("the batch", *line.Agreement)
		_, err = r.placement.SettleLine(r.cip, b.ID, line.Line, placement.Talked, 0, "")
		r.must(err)
		b, err = r.placement.ReadBatch(r.cip, b.ID)
		r.must(err)
		if got := b.Positions[0].Suggestions[0].Agreement; got.Moved || got.State != people.Asked {
			t.Errorf("asked from the batch, it says %+v", got)
		}
	})
}

// An employer moves a position while people are asked about it and presented: no card
// that is shown rests on a question put before the last move.
func TestNobodyIsPresentedOnAQuestionFromBeforeAMove(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		folk := r.crowd(12)
		o := r.kitchen()
		o.Lots[0].Posts = 6
		o = r.publish(o)
		lot := o.Lots[0].ID
		var wg sync.WaitGroup
		for _, p := range folk[:9] {
			wg.Go(func() { r.askAndPropose(lot, p.ID) })
		}
		for i := range 4 {
			r.clock.Advance(time.Second)
			r.amend(o.ID, func(o *opportunities.Opportunity) { o.Lots[0].Terms.Hours = float64(24 + i) })
		}
		wg.Wait()
		r.wantAskedSince(lot)
	})
}

func (r *room) askAndPropose(lot opportunities.LotID, id people.ID) {
	for range 3 {
		r.clock.Advance(time.Second)
		for _, step := range []func() error{
			func() error { _, err := r.people.Ask(r.cip, id, int64(lot)); return err },
			func() error { _, err := r.people.Give(r.cip, id, int64(lot), ""); return err },
			func() error {
				_, err := r.placement.Propose(r.cip, placement.Offer{Person: id, Lot: lot})
				return err
			},
		} {
			r.clock.Advance(time.Second)
			if err := step(); err != nil && !fault.Is(err, fault.KindConflict) {
				r.t.Error(err)
			}
		}
	}
}

// wantAskedSince checks that what the employer may read was asked since the last move.
func (r *room) wantAskedSince(lot opportunities.LotID) {
	r.t.Helper()
	got, err := r.placement.Received(r.employer, lot)
	r.must(err)
	l, err := r.lots.Lot(system(), lot)
	r.must(err)
	for _, c := range got.Cards {
		var asked []time.Time
		r.must(r.st.Read().NewRaw(`SELECT a.asked_at FROM proposals p JOIN agreements a ON a.person_id = p.person_id AND a.position_id = p.lot_id
			WHERE p.ref = ? ORDER BY a.id`, c.Ref).Scan(context.Background(), &asked))
		if c.State.Runs() && (len(asked) != 1 || l.MovedAt == nil || !asked[0].After(*l.MovedAt)) {
			r.t.Errorf("card %s was asked for on %v, the position moved on %v", c.Label, asked, l.MovedAt)
		}
	}
}
