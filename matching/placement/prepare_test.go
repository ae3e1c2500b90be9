package placement_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching/placement"
	"maillage/matching/placement/card"
	"maillage/territories"
)

// What the counsellor read is what the employer reads, but for the names that are
// drawn when the card is presented.
func TestWhatIsPreparedIsWhatIsPresented(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		folk := r.crowd(9)
		lot := r.publish(r.kitchen()).Lots[0].ID
		r.agree(lot, folk[0])
		without := []card.Claim{{Kind: card.Aptitude, Code: "sst"}}
		offer := placement.Offer{Person: folk[0].ID, Lot: lot, Without: without}
		read, err := r.placement.Prepare(r.cip, offer)
		r.must(err)
		if read.Card == nil || read.Runs() || !read.Agreement.Holds || read.Card.Contact == nil || read.Card.AnswerBy == nil {
			t.Fatalf("prepared: %+v", read)
		}
		offer.Read = read.Sheet.Seal()
		_, err = r.placement.Propose(r.cip, offer)
		r.must(err)
		got, err := r.placement.Received(r.employer, lot)
		r.must(err)
		if got, want := unnamed(t, got.Cards[0]), unnamed(t, *read.Card); got != want {
			t.Errorf("the employer reads\n%s, the counsellor had read\n%s", got, want)
		}
		after, err := r.placement.Prepare(r.cip, offer)
		r.must(err)
		if !after.Runs() || unnamed(t, *after.Card) != unnamed(t, *read.Card) {
			t.Errorf("once presented, the counsellor reads %+v", after.Card)
		}
	})
}

// unnamed is a card without its reference, its label and its revision.
func unnamed(t *testing.T, c placement.Presented) string {
	t.Helper()
	c.Ref, c.Label, c.Title, c.Revision = "", "", placement.Text{}, 0
	out, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// A card that changed since it was read is not presented in its place.
func TestAnotherCardIsNotPresentedInItsPlace(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		folk := r.crowd(5)
		lot := r.publish(r.kitchen()).Lots[0].ID
		r.agree(lot, folk[0])
		read, err := r.placement.Prepare(r.cip, placement.Offer{Person: folk[0].ID, Lot: lot})
		r.must(err)
		changed := folk[4]
		changed.Profile.Aptitudes = nil // four are left who could be the one
		_, err = r.people.Update(r.cip, 0, changed)
		r.must(err)
		_, err = r.placement.Propose(r.cip, placement.Offer{Person: folk[0].ID, Lot: lot, Read: read.Sheet.Seal()})
		r.refused(err, "card-changed")
		again, err := r.placement.Prepare(r.cip, placement.Offer{Person: folk[0].ID, Lot: lot})
		r.must(err)
		_, err = r.placement.Propose(r.cip, placement.Offer{Person: folk[0].ID, Lot: lot, Read: again.Sheet.Seal()})
		r.must(err)
	})
}

// A card is prepared by the counsellors of the structure alone; where none may be
// shown, the reason is told.
func TestWhoPreparesACard(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		folk := r.crowd(4)
		lot := r.publish(r.kitchen()).Lots[0].ID
		offer := placement.Offer{Person: folk[0].ID, Lot: lot}
		if _, err := r.placement.Prepare(r.other, offer); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("another structure: %v", err)
		}
		if _, err := r.placement.Prepare(r.employer, offer); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("the employer: %v", err)
		}
		got, err := r.placement.Prepare(r.cip, offer)
		r.must(err)
		if got.Card != nil || got.Refused == nil {
			t.Errorf("a structure of four shows %+v", got.Card)
		}
	})
}

// An officer reads how many, in its perimeter, and nobody else does. What was
// withdrawn counts for nothing, answered or not.
func TestAnOfficerCountsAndNoMore(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		folk := r.crowd(9)
		lot, far := r.publish(r.kitchen()).Lots[0].ID, r.kitchen()
		far.Place.Perimeter = `{"territory":"commune:63113"}`
		elsewhere := r.publish(far).Lots[0].ID
		r.agree(lot, folk[:3]...)
		first, second, third := r.propose(lot, folk[0]), r.propose(lot, folk[1]), r.propose(lot, folk[2])
		_, err := r.placement.Answer(r.employer, lot, first.Ref, 0, placement.Reply{State: placement.Met})
		r.must(err)
		_, err = r.placement.Withdraw(r.cip, third.ID, 0)
		r.must(err)
		got, err := r.placement.Counts(r.officer, lot, elsewhere)
		r.must(err)
		if want := (placement.Count{Proposed: 2, Waiting: 1, Answered: 1}); len(got) != 1 || got[lot] != want {
			t.Errorf("counted %+v, want %+v", got, want)
		}
		distant := accounts.From(r.officer)
		distant.Perimeter, distant.OrganisationID = r.all("63"), 0
		none, err := r.placement.Counts(accounts.With(t.Context(), distant), lot)
		r.must(err)
		if len(none) != 0 {
			t.Errorf("an officer of elsewhere counts %+v", none)
		}
		r.clock.Advance(5 * 24 * time.Hour)
		_, err = r.people.Withdraw(r.cip, second.PersonID, int64(lot))
		r.must(err)
		got, err = r.placement.Counts(r.officer, lot)
		r.must(err)
		if want := (placement.Count{Proposed: 1, Answered: 1}); got[lot] != want {
			t.Errorf("once the person withdrew, counted %+v, want %+v", got[lot], want)
		}
		_, err = r.people.Withdraw(r.cip, first.PersonID, int64(lot)) // the employer had met them
		r.must(err)
		got, err = r.placement.Counts(r.officer, lot)
		r.must(err)
		if len(got) != 0 {
			t.Errorf("once everybody withdrew, counted %+v", got)
		}
		for _, who := range []context.Context{r.cip, r.employer, r.rival} {
			if _, err := r.placement.Counts(who, lot); !fault.Is(err, fault.KindForbidden) {
				t.Errorf("%s counts: %v", accounts.From(who).Role, err)
			}
		}
	})
}

// all is the communes of a département.
func (r *room) all(code string) *territories.Set {
	r.t.Helper()
	out, err := r.atlas.Of(territories.Ref{Kind: territories.KindDepartement, Code: code})
	r.must(err)
	return out
}
