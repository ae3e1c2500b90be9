package placement_test

import (
	"context"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching/placement"
	"maillage/opportunities"
	"maillage/people"
)

// asked is a need that a structure's one speaker of a language suits.
func (r *room) asked(language, source string) *opportunities.Opportunity {
	o := r.kitchen()
	o.Source = source
	o.Lots[0].Terms.Languages = []opportunities.Speaking{{Language: language, Level: 5, Required: true}}
	return o
}

// publishedBy publishes a need, through an account.
func (r *room) publishedBy(ctx context.Context, o *opportunities.Opportunity) opportunities.LotID {
	r.t.Helper()
	by := opportunities.By{UserID: int64(accounts.From(ctx).UserID)}
	made, err := r.lots.Create(ctx, by, o)
	r.must(err)
	made, err = r.lots.Publish(ctx, by, made.ID, 0)
	r.must(err)
	return made.Lots[0].ID
}

// speaker is somebody of the first structure who speaks what no other there does.
func (r *room) speaker(language string) *people.Person {
	p := r.cook()
	p.Profile.Languages = []people.Speaks{{Language: "fr", Level: 4}, {Language: "uk", Level: 6}}
	if language != "" {
		p.Profile.Languages[1].Language = language
	}
	return r.person(p)
}

// read is what an officer reads of a batch of one position, the position apart.
func (r *room) read(lot opportunities.LotID) string {
	r.t.Helper()
	b, err := r.placement.PreviewBatch(r.officer, placement.BatchRules{Source: placement.ChosenLots, Lots: []opportunities.LotID{lot}, PerPost: 10, Seed: 3})
	r.must(err)
	b.Rules.Lots = nil
	for i := range b.Positions {
		b.Positions[i].Position = placement.Head{}
	}
	var rows []string
	for _, p := range b.People {
		p.Who.Label = ""
		for i := range p.Suggestions {
			p.Suggestions[i].Who.Label, p.Suggestions[i].Position = "", placement.Head{}
		}
		row, err := json.Marshal(p)
		r.must(err)
		rows = append(rows, string(row))
	}
	slices.Sort(rows)
	b.People = nil
	for i := range b.Positions {
		b.Positions[i].Suggestions = nil
	}
	out, err := json.Marshal([]any{b, rows})
	r.must(err)
	return string(out)
}

// An officer who publishes or corrects at will, or looks for a need that suits one
// person, reads the same of a language that somebody speaks and of one that nobody does.
func TestAnOfficerWhoPublishesAtWillReadsNobody(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		r.crowd(8)
		r.speaker("uk")
		for _, source := range []string{"officer", "employer"} {
			for _, by := range []context.Context{r.officer, system()} {
				spoken, other := r.read(r.publishedBy(by, r.asked("uk", source))), r.read(r.publishedBy(by, r.asked("ar", source)))
				if spoken != other {
					t.Errorf("an officer reads who speaks a language:\n%s\n%s", spoken, other)
				}
			}
		}
		if few, many := r.read(r.publishedBy(r.officer, r.kitchen())), r.read(r.publish(r.kitchen()).Lots[0].ID); few == many {
			t.Errorf("a need that suits everybody tells nothing:\n%s", many)
		}
		own, err := r.placement.PreviewBatch(r.cip, placement.BatchRules{})
		r.must(err)
		if own.Totals.Pairs != 4*1+2*9 {
			t.Errorf("their counsellor has %d pairs", own.Totals.Pairs)
		}
	})
}

// Nor does a batch kept before say whether what an officer publishes since suits somebody.
func TestWhatAnOfficerPublishesMakesNoBatchOld(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		r.crowd(8)
		r.speaker("uk")
		r.publish(r.kitchen())
		b := r.keep(r.officer, "a", placement.BatchRules{})
		for _, step := range []struct {
			by   context.Context
			o    *opportunities.Opportunity
			want int
		}{{r.officer, r.asked("uk", "employer"), 0}, {r.officer, r.kitchen(), 0}, {system(), r.asked("uk", "employer"), 0}, {system(), r.kitchen(), 1}} {
			r.clock.Advance(time.Minute)
			r.publishedBy(step.by, step.o)
			got, err := r.placement.ReadBatch(r.officer, b.ID)
			r.must(err)
			if len(got.Stale) != step.want {
				t.Errorf("an officer is told %v", got.Stale)
			}
		}
	})
}

// One person more or less, whom the officer may know, changes nothing that is
// read: neither the counts, nor who is shown, nor how often the structure is named.
func TestOnePersonMoreShowsInNoBatch(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		r.crowd(6)
		o := r.kitchen()
		o.Lots[0].Posts = 3
		lot := r.publish(o).Lots[0].ID
		before := r.read(lot)
		r.crowd(1)
		r.speaker("uk")
		r.speaker("ar")
		if after := r.read(lot); after != before {
			t.Errorf("three people more are read:\n%s\n%s", before, after)
		}
		r.crowd(1)
		if after := r.read(lot); after == before {
			t.Error("ten people are read as five")
		}
	})
}

// A structure is named where five of its people suit what is suggested, however
// many others of it are in the batch.
func TestAStructureIsNamedForFiveWhomItSuits(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		for i := range 12 {
			p := r.cook()
			p.OrganisationID = int64(r.there.ID)
			if i >= 1 {
				p.Profile.Wished, p.Profile.Held = []people.Wish{{ROME: "K1304"}}, nil
			}
			r.person(p)
		}
		r.crowd(6)
		o := r.kitchen()
		o.Lots[0].Terms.Reach = 50
		r.publish(o)
		b := r.keep(r.officer, "a", placement.BatchRules{PerPost: 10})
		if len(b.People) == 0 {
			t.Fatalf("nobody is shown: %+v", b)
		}
		for _, p := range b.People {
			if p.Who.Structure == r.there.Name {
				t.Errorf("a structure of which one person suits is named: %+v", p)
			}
		}
		again, err := r.placement.RecomputeBatch(r.officer, b.ID, 0)
		r.must(err)
		if again.ID != b.ID {
			t.Error("nothing has changed, and a version was written")
		}
	})
}
