package placement_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching/engine/assignment"
	"maillage/matching/placement"
	"maillage/opportunities"
	"maillage/people"
)

// federation is an officer's world: two structures, the second too small to be
// named. All ten suit a position that takes nine.
func (r *room) federation() (lot opportunities.LotID, all []*people.Person) {
	r.t.Helper()
	all = r.crowd(7)
	for range 3 {
		p := r.cook()
		p.OrganisationID = int64(r.there.ID)
		all = append(all, r.person(p))
	}
	o := r.kitchen()
	o.Lots[0].Posts, o.Lots[0].Terms.Reach = 3, 50
	return r.publish(o).Lots[0].ID, all
}

// An officer reads labels: no person, no commune, nothing of what anybody said,
// and nothing that changes when somebody refuses or a counsellor sets aside.
func TestARefusalNeverReachesAnOfficer(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		lot, all := r.federation()
		rules := placement.BatchRules{Seed: 5}
		b := r.keep(r.officer, "a", rules)
		if len(b.People) != 9 || !b.Unnamed || len(b.Positions) != 1 || len(b.Positions[0].Suggestions) != 9 {
			t.Fatalf("the batch is %+v", b)
		}
		before := r.asOfficer(b.ID)
		r.secrets(before, all)
		for _, p := range all {
			ctx := r.cip
			if p.OrganisationID == int64(r.there.ID) {
				ctx = r.other
			}
			_, err := r.people.Ask(ctx, p.ID, int64(lot))
			r.must(err)
			_, err = r.people.Refuse(ctx, p.ID, int64(lot))
			r.must(err)
		}
		own, err := r.placement.ReadBatch(r.cip, b.ID)
		r.must(err)
		if len(own.People) != 7 || own.Totals != nil || own.Owned || own.People[0].SaidNo == nil || own.People[0].Suggestions[0].Agreement.State != people.Refused {
			t.Errorf("their counsellor reads %+v", own)
		}
		_, err = r.placement.SettleLine(r.cip, b.ID, own.People[0].Suggestions[0].Line, placement.SetAside, 0)
		r.must(err)
		if after := r.asOfficer(b.ID); after != before {
			t.Errorf("an officer sees refusals:\n%s\n%s", before, after)
		}
		r.wantSuggested(rules, 5)
	})
}

// wantSuggested computes for both: a refusal counts for the counsellor alone.
func (r *room) wantSuggested(rules placement.BatchRules, wide int) {
	r.t.Helper()
	again, err := r.placement.PreviewBatch(r.officer, rules)
	r.must(err)
	mine, err := r.placement.PreviewBatch(r.cip, rules)
	r.must(err)
	if again.Totals.Fit.Proposals != wide || mine.Totals.Fit.Proposals != 0 {
		r.t.Errorf("after the refusals an officer is suggested %d pairs, the counsellor %d", again.Totals.Fit.Proposals, mine.Totals.Fit.Proposals)
	}
}

// An officer who chooses one position and one person a place learns no score and no
// wait of whom it goes to, under either rule: nothing follows anybody to another
// batch. Their counsellor still reads their own people's.
func TestAnOfficerMeasuresNobody(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		lot, all := r.federation()
		first := all[0]
		first.EnteredOn = "2025-01-06"
		_, err := r.people.Update(r.cip, 0, first)
		r.must(err)
		rules := placement.BatchRules{Source: placement.ChosenLots, Lots: []opportunities.LotID{lot}, PerPost: 1, Seed: 3}
		for _, o := range []assignment.Objective{assignment.FitFirst, assignment.WaitingFirst} {
			rules.Objective = o.String()
			b := r.keep(r.officer, o.String(), rules)
			r.secrets(r.asOfficer(b.ID), all)
			raw, err := json.Marshal(b)
			r.must(err)
			r.secrets(string(raw), all)
			if len(b.Compared) == 0 || len(b.People) != 3 || b.Totals.Fit.Served != 0 || b.Totals.Fit.Left != 5 {
				t.Errorf("an officer is told %+v %v", b.Totals, b.Compared)
			}
			own, err := r.placement.ReadBatch(r.cip, b.ID)
			r.must(err)
			if own.People[0].Who.Waiting == nil || *own.People[0].Who.Waiting < 600 {
				t.Errorf("their counsellor reads %+v", own.People[0])
			}
		}
	})
}

func (r *room) asOfficer(id placement.BatchID) string {
	r.t.Helper()
	b, err := r.placement.ReadBatch(r.officer, id)
	r.must(err)
	out, err := json.Marshal(b)
	r.must(err)
	return string(out)
}

// secrets looks for what an officer must not read.
func (r *room) secrets(read string, all []*people.Person) {
	r.t.Helper()
	for _, p := range all {
		if strings.Contains(read, p.Code) {
			r.t.Errorf("an officer reads the code %s", p.Code)
		}
	}
	for _, word := range []string{`"person"`, `"town"`, `"waiting_days"`, `"agreement"`, `"line"`, `"state_words"`, `"criteria"`, `"score"`, `"said_no"`, `"average_fit"`, `"longest_wait"`, `"first_wait"`, `"points"`, `"gap_most"`, `"better"`, `"longer"`, "sur 100", "jours", "mois", "elle attend", "elles attendent", "Entreprise de la Drôme", "Romans"} {
		if strings.Contains(read, word) {
			r.t.Errorf("an officer reads %s:\n%s", word, read)
		}
	}
	if !strings.Contains(read, "Chantier du Rhône") {
		r.t.Error("a structure with enough people is not named")
	}
}

// Nobody reads a batch but whose it is, and the structures with people in an officer's.
func TestABatchIsReadByWhoseItIs(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		r.federation()
		mine, wide := r.keep(r.cip, "a", placement.BatchRules{}), r.keep(r.officer, "a", placement.BatchRules{})
		for name, c := range map[string]struct {
			who  context.Context
			id   placement.BatchID
			code string
		}{
			"another counsellor": {r.other, mine.ID, "not-found"}, "an officer": {r.officer, mine.ID, "not-found"},
			"an employer": {r.employer, wide.ID, "forbidden"}, "nobody": {context.Background(), wide.ID, "unauthenticated"},
		} {
			_, err := r.placement.ReadBatch(c.who, c.id)
			if err == nil || fault.Of(err).Code != c.code {
				t.Errorf("%s reads the batch: %v", name, err)
			}
		}
		_, err := r.placement.RecomputeBatch(r.cip, wide.ID, 0)
		r.refused(err, "not-found")
		for who, want := range map[context.Context]int{r.cip: 2, r.other: 1, r.officer: 1} {
			items, _, err := r.placement.Batches(who, 0, 0)
			r.must(err)
			if len(items) != want {
				t.Errorf("%d batches are listed, want %d: %+v", len(items), want, items)
			}
		}
	})
}
