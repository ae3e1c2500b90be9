package people_test

import (
	"context"
	"testing"
	"time"

	"pgregory.net/rapid"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/people"
)

func TestAnAgreementIsForOnePositionAndAWhile(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newHouse(t, st)
		ctx, id := h.as(), h.made(h.gardener()).ID
		_, err := h.Ask(ctx, id, h.tender)
		wantKind(t, err, fault.KindNotFound)
		_, err = h.Ask(ctx, id, 999)
		wantKind(t, err, fault.KindNotFound)
		_, err = h.Give(ctx, id, h.job, "")
		wantCode(t, err, "transition")
		first, err := h.Ask(ctx, id, h.job)
		must(t, err)
		twice, err := h.Ask(ctx, id, h.job)
		must(t, err)
		if twice.Revision != first.Revision || twice.ID != first.ID {
			t.Errorf("asked twice: %+v", twice)
		}
		for _, day := range []string{"2026-11-22", "2027-03-01", "demain"} {
			_, err = h.Give(ctx, id, h.job, day)
			wantKind(t, err, fault.KindInvalid)
		}
		given, err := h.Give(ctx, id, h.job, "")
		must(t, err)
		if given.ExpiresOn != "2026-12-23" || !given.Holds("2026-12-23") || given.Holds("2026-12-24") || *given.RecordedBy != h.counsellor {
			t.Errorf("given %+v", given)
		}
		holding, err := h.Holding(context.Background(), h.job)
		must(t, err)
		if len(holding) != 1 || holding[0].PersonID != id {
			t.Errorf("holding %+v", holding)
		}
		h.clock.Advance(31 * 24 * time.Hour) // nobody swept
		holding, err = h.Holding(context.Background(), h.job)
		must(t, err)
		of, err := h.AgreementsOf(ctx, id)
		must(t, err)
		if len(holding) != 0 || of[0].State != people.Expired {
			t.Errorf("a run that is missed loses something: %+v, %+v", holding, of[0])
		}
		_, err = h.Withdraw(ctx, id, h.job)
		wantCode(t, err, "transition")
		n, err := h.ExpireLate(context.Background())
		must(t, err)
		again, err := h.ExpireLate(context.Background())
		must(t, err)
		if n != 1 || again != 0 {
			t.Errorf("%d expired, then %d", n, again)
		}
		_, err = h.Ask(ctx, id, h.job)
		must(t, err)
	})
}

// A refusal has no motive, no effect, and is read by the structure alone.
func TestARefusalStaysInTheStructure(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	ctx := h.as()
	p := h.made(h.gardener())
	_, err := h.Ask(ctx, p.ID, h.job)
	must(t, err)
	before, err := h.st.Present(context.Background())
	must(t, err)
	_, err = h.Refuse(ctx, p.ID, h.job)
	must(t, err)
	after, err := h.Get(ctx, p.ID)
	must(t, err)
	changes, _, err := h.st.ChangesSince(context.Background(), before)
	must(t, err)
	if after.Revision != p.Revision || after.State != people.Active || len(changes) != 0 {
		t.Errorf("a refusal changes %+v, %v", after, changes)
	}
	own, err := h.AgreementsFor(ctx, h.job, h.near)
	must(t, err)
	if len(own) != 1 || own[0].State != people.Refused {
		t.Errorf("the structure reads %+v", own)
	}
	others, err := h.AgreementsFor(accounts.With(context.Background(), h.other), h.job, h.far)
	must(t, err)
	holding, err := h.Holding(context.Background(), h.job)
	must(t, err)
	if len(others) != 0 || len(holding) != 0 {
		t.Errorf("elsewhere %+v, %+v", others, holding)
	}
}

// model is what the table of states says, with a calendar.
type model struct {
	state people.AgreementState
	until string
}

func (m model) on(day string) people.AgreementState {
	if m.state == people.Given && m.until < day {
		return people.Expired
	}
	return m.state
}

// Any sequence of gestures, days and sweeps leaves the agreement where the table
// of states says, and history tells each change once.
func TestAgreementsFollowTheirTable(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	ctx := h.as()
	rapid.Check(t, func(rt *rapid.T) {
		p := h.gardener()
		p.Key = ""
		id := h.made(p).ID
		m, events := model{}, 0
		steps := map[string]people.AgreementState{"ask": people.Asked, "give": people.Given, "refuse": people.Refused, "withdraw": people.Withdrawn}
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			what := rapid.SampledFrom([]string{"ask", "give", "give", "refuse", "withdraw", "days", "days", "sweep"}).Draw(rt, "step")
			today := h.clock.Now().Format(time.DateOnly)
			switch what {
			case "days":
				h.clock.Advance(time.Duration(rapid.SampledFrom([]int{1, 29, 30, 31, 40}).Draw(rt, "days")) * 24 * time.Hour)
				continue
			case "sweep":
				if _, err := h.ExpireLate(context.Background()); err != nil {
					rt.Fatal(err)
				}
				if m.on(today) != m.state {
					m.state = people.Expired
					events++
				}
				continue
			}
			to, until := steps[what], h.clock.Now().AddDate(0, 0, people.AgreementDays).Format(time.DateOnly)
			a, err := gesture(h, ctx, id, what)
			from := m.on(today)
			switch {
			case from == to && (to != people.Given || m.until == until):
			case from.Allows(to) || from == people.Given && to == people.Given:
				if from != m.state {
					events++ // it had expired by itself
				}
				m = model{to, until}
				events++
			default:
				if fault.Of(err).Code != "transition" {
					rt.Fatalf("%s from %q: %v", what, from, err)
				}
				continue
			}
			if err != nil || a.State != to {
				rt.Fatalf("%s from %q: %+v, %v", what, from, a, err)
			}
		}
		check(rt, h, ctx, id, m, events)
	})
}

func gesture(h *house, ctx context.Context, id people.ID, what string) (*people.Agreement, error) {
	switch what {
	case "ask":
		return h.Ask(ctx, id, h.second)
	case "give":
		return h.Give(ctx, id, h.second, "")
	case "refuse":
		return h.Refuse(ctx, id, h.second)
	}
	return h.Withdraw(ctx, id, h.second)
}

func check(rt *rapid.T, h *house, ctx context.Context, id people.ID, m model, events int) {
	of, err := h.AgreementsOf(ctx, id)
	if err != nil {
		rt.Fatal(err)
	}
	var state people.AgreementState
	if len(of) > 0 {
		state = of[0].State
	}
	if want := m.on(h.clock.Now().Format(time.DateOnly)); state != want {
		rt.Fatalf("it is %q, not %q", state, want)
	}
	told, err := h.Events(ctx, id, 500)
	if err != nil || len(told) != 1+events {
		rt.Fatalf("%d events, want %d (%v)", len(told), 1+events, err)
	}
}
