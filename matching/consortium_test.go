package matching_test

import (
	"testing"

	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching"
	"maillage/matching/engine/consortium"
	"maillage/network"
	"maillage/opportunities"
)

// trio publishes a lot of green spaces and cleaning in two communes, and saves
// three members of whom no one covers it alone, but the first two do.
func (r *room) trio() (*opportunities.Opportunity, [3]*network.Organisation) {
	r.t.Helper()
	o := tender()
	o.Place.Perimeter = `{"territory":"commune:26165"}`
	o.Lots[0].Codes = append(cpv("77310000"), cpv("90910000")...)
	o.Lots[0].FTE = 0
	a, b, c := gardener(), gardener(), gardener()
	b.Name, b.Activities[0].Codes = "Netteclaire", cpv("90910000")
	c.Name, c.Sites[0].Commune = "Lointaine", "26362"
	return r.publish(o), [3]*network.Organisation{r.save(a), r.save(b), r.save(c)}
}

func pair(lot opportunities.LotID, key string, a, b *network.Organisation) *matching.Consortium {
	return &matching.Consortium{LotID: lot, Key: key, Name: "Groupement des rives", Form: matching.JointBacked, LeadID: a.ID,
		Members: []matching.Partner{{OrganisationID: a.ID, Share: 0.6, Tasks: "Espaces verts"}, {OrganisationID: b.ID, Share: 0.4, Tasks: "Nettoyage"}}}
}

func TestTwoMembersCoverWhatNoneCovers(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		o, m := r.trio()
		lot := o.Lots[0].ID
		found, err := r.matches.Compose(r.ctx, lot, matching.ComposeQuery{})
		r.must(err)
		best := found.Result.Best
		if len(best.Members) != 2 || !found.Result.Complete || !found.Result.Gap.Proven() || found.Result.Candidates != 3 {
			t.Fatalf("%+v", found.Result)
		}
		if found.Heads[m[1].ID].Name != "Netteclaire" || best.Members[0].Share < 0.66 {
			t.Fatalf("%+v, %+v", found.Heads, best.Members)
		}
		without, err := r.matches.Compose(r.ctx, lot, matching.ComposeQuery{Exclude: []network.ID{m[1].ID}})
		r.must(err)
		holes := without.Result.Nobody
		if without.Result.Complete || len(holes) != 1 || holes[0].Trade != 1 || holes[0].Share != 1 || len(holes[0].Places) != 1 {
			t.Fatalf("without the cleaner: %+v", without.Result)
		}
		forced, err := r.matches.Compose(r.ctx, lot, matching.ComposeQuery{Include: []network.ID{m[2].ID}})
		r.must(err)
		if !has(forced.Result.Best, m[2].ID) || !has(forced.Result.Best, m[1].ID) {
			t.Fatalf("%+v", forced.Result.Best)
		}
		one, err := r.matches.Compose(r.ctx, lot, matching.ComposeQuery{Weights: []int{1, 0}})
		r.must(err)
		if len(one.Result.Best.Members) != 1 || !one.Result.Complete {
			t.Fatalf("one trade: %+v", one.Result.Best)
		}
		_, err = r.matches.Compose(r.ctx, lot, matching.ComposeQuery{Weights: []int{0, 0}})
		if !fault.Is(err, fault.KindInvalid) {
			t.Fatalf("nothing needed: %v", err)
		}
	})
}

func has(p consortium.Proposal, id network.ID) bool {
	for _, m := range p.Members {
		if network.ID(m.ID) == id {
			return true
		}
	}
	return false
}

func TestAGroupFromDraftToFrozen(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		o, m := r.trio()
		lot := o.Lots[0].ID
		made, err := r.matches.CreateConsortium(r.ctx, matching.By{}, pair(lot, "k1", m[0], m[1]))
		r.must(err)
		again, err := r.matches.CreateConsortium(r.ctx, matching.By{}, pair(lot, "k1", m[0], m[1]))
		r.must(err)
		if again.ID != made.ID || len(again.Members) != 2 {
			t.Fatalf("made twice: %+v, %+v", made, again)
		}
		renamed := pair(lot, "k1", m[0], m[1])
		renamed.Name = "Groupement des crêtes"
		if _, err = r.matches.CreateConsortium(r.ctx, matching.By{}, renamed); fault.Of(err).Code != "key-taken" {
			t.Fatalf("the key of another content: %v", err)
		}
		_, err = r.matches.CreateConsortium(r.ctx, matching.By{}, pair(lot, "k2", m[0], m[2]))
		if fault.Of(err).Code != "lead-twice" {
			t.Fatalf("a second group of one lead: %v", err)
		}
		want := pair(lot, "", m[1], m[0])
		want.Key, want.Members[0].Tasks = "k1", "Nettoyage et lingerie"
		_, err = r.matches.UpdateConsortium(r.ctx, matching.By{}, made.ID, made.Revision+4, want)
		if !fault.Is(err, fault.KindPrecondition) {
			t.Fatalf("a stale write: %v", err)
		}
		changed, err := r.matches.UpdateConsortium(r.ctx, matching.By{}, made.ID, made.Revision, want)
		r.must(err)
		if changed.LeadID != m[1].ID || changed.Revision != 2 || changed.Members[0].OrganisationID != m[1].ID {
			t.Fatalf("%+v", changed)
		}
		if again, err = r.matches.CreateConsortium(r.ctx, matching.By{}, pair(lot, "k1", m[0], m[1])); err != nil || again.Revision != 2 {
			t.Fatalf("asked again once changed: %+v, %v", again, err)
		}
		frozen, err := r.matches.FreezeConsortium(r.ctx, matching.By{}, made.ID, 2)
		r.must(err)
		if frozen.State != matching.GroupFrozen || frozen.FrozenAt == nil {
			t.Fatalf("%+v", frozen)
		}
		if _, err = r.matches.UpdateConsortium(r.ctx, matching.By{}, made.ID, 0, pair(lot, "k1", m[0], m[1])); fault.Of(err).Code != "frozen" {
			t.Fatalf("a frozen group changes: %v", err)
		}
		_, err = r.matches.DissolveConsortium(r.ctx, matching.By{}, made.ID, 0)
		r.must(err)
		_, err = r.matches.CreateConsortium(r.ctx, matching.By{}, pair(lot, "k3", m[1], m[2]))
		r.must(err)
		events, err := r.matches.GroupEvents(r.ctx, made.ID)
		r.must(err)
		if len(events) != 4 || events[0].Kind != "dissolved" || events[3].Kind != "created" || len(events[1].Detail.Members) != 2 {
			t.Fatalf("%+v", events)
		}
		all, err := r.matches.ConsortiaOf(r.ctx, o)
		r.must(err)
		if len(all) != 2 {
			t.Fatalf("%d groups", len(all))
		}
	})
}

func TestWhatIsNoGroupIsRefused(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.SQLite(t))
	o, m := r.trio()
	bad := pair(o.Lots[0].ID, "", m[0], m[0])
	bad.Name, bad.Form, bad.LeadID = " ", "", 999
	_, err := r.matches.CreateConsortium(r.ctx, matching.By{}, bad)
	paths := map[string]bool{}
	for _, f := range fault.Of(err).Fields {
		paths[f.Path] = true
	}
	for _, want := range []string{"name", "key", "form", "lead", "members[1]"} {
		if !paths[want] {
			t.Errorf("%s is not located in %v", want, err)
		}
	}
	stranger := pair(o.Lots[0].ID, "k", m[0], m[1])
	stranger.Members[1].OrganisationID = 999
	if _, err = r.matches.CreateConsortium(r.ctx, matching.By{}, stranger); !fault.Is(err, fault.KindInvalid) {
		t.Errorf("a stranger: %v", err)
	}
	if _, err = r.matches.CreateConsortium(r.ctx, matching.By{}, pair(9999, "k", m[0], m[1])); !fault.Is(err, fault.KindNotFound) {
		t.Errorf("a lot that isn't there: %v", err)
	}
}

// A member in two groups is a flag, and a bar where the buyer forbids it; rivals of
// one economic group are a flag; a reserved lot asks each member its status.
func TestFlagsOfAGroup(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		o, m := r.trio()
		lot := o.Lots[0].ID
		outsider := gardener()
		outsider.Name, outsider.Kind, outsider.Statuses = "Sans convention", network.KindSAP, nil
		d := r.save(outsider)
		_, err := r.network.SaveGroup(r.ctx, &network.Group{Name: "Groupe", Members: []network.ID{m[1].ID, m[2].ID}})
		r.must(err)
		first, err := r.matches.CreateConsortium(r.ctx, matching.By{}, pair(lot, "k1", m[0], m[1]))
		r.must(err)
		_, err = r.matches.CreateConsortium(r.ctx, matching.By{}, pair(lot, "k2", m[2], m[0]))
		r.must(err)
		r.flagged(first, matching.FlagElsewhere, m[0].ID, false)
		r.flagged(first, matching.FlagSameInterest, m[2].ID, false)
		_, err = r.matches.FreezeConsortium(r.ctx, matching.By{}, first.ID, 0)
		r.must(err)
		third := pair(lot, "k3", m[1], d)
		third.Exclusive = true
		strict, err := r.matches.CreateConsortium(r.ctx, matching.By{}, third)
		r.must(err)
		r.flagged(strict, matching.FlagElsewhere, m[1].ID, true)
		if _, err = r.matches.FreezeConsortium(r.ctx, matching.By{}, strict.ID, 0); fault.Of(err).Code != "several-bids" {
			t.Fatalf("several bids: %v", err)
		}
		reserved := tender()
		reserved.Clause = opportunities.Clause{Verdict: opportunities.ClauseReserved, ReservedTo: opportunities.ReservedSIAE}
		other := r.publish(reserved)
		kept, err := r.matches.CreateConsortium(r.ctx, matching.By{}, pair(other.Lots[0].ID, "k4", m[0], d))
		r.must(err)
		r.flagged(kept, matching.FlagReservation, d.ID, true)
		if _, err = r.matches.FreezeConsortium(r.ctx, matching.By{}, kept.ID, 0); fault.Of(err).Code != "reservation" {
			t.Fatalf("a member without the status: %v", err)
		}
		found, err := r.matches.Compose(r.ctx, other.Lots[0].ID, matching.ComposeQuery{Include: []network.ID{d.ID}})
		r.must(err)
		if len(found.Result.Unfit) != 1 || has(found.Result.Best, d.ID) {
			t.Fatalf("composed with a member without the status: %+v", found.Result)
		}
	})
}

func (r *room) flagged(c *matching.Consortium, code string, who network.ID, blocks bool) {
	r.t.Helper()
	flags, err := r.matches.GroupFlags(r.ctx, c)
	r.must(err)
	for _, f := range flags {
		if f.Code == code && len(f.Organisations) == 1 && f.Organisations[0] == who && f.Blocks == blocks {
			return
		}
	}
	r.t.Fatalf("%s of %d is not in %+v", code, who, flags)
}

// Under a limit of one lot a bidder, the second lot goes to who is left.
func TestATenderUnderALimit(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.SQLite(t))
	a, b := gardener(), gardener()
	b.Name, b.Sites[0].Commune = "Lointaine", "26362"
	first, second := r.save(a), r.save(b)
	o := tender()
	o.Lots = append(o.Lots, o.Lots[0])
	o.Lots[0].FTE, o.Lots[1].FTE, o.Lots[1].Number = 0, 0, "2"
	made := r.publish(o)
	free, err := r.matches.ComposeTender(r.ctx, made, 0)
	r.must(err)
	one, err := r.matches.ComposeTender(r.ctx, made, 1)
	r.must(err)
	whole := func(c *matching.TenderComposition) bool {
		return c.Lots[0].Result.Complete && c.Lots[1].Result.Complete
	}
	if !whole(free) || !whole(one) {
		t.Fatalf("%+v, %+v", free, one)
	}
	x, y := one.Lots[0].Result.Best, one.Lots[1].Result.Best
	if len(x.Members) != 1 || len(y.Members) != 1 || x.Members[0].ID == y.Members[0].ID || one.Gap.Members != 0 {
		t.Fatalf("%+v and %+v of %d and %d", x, y, first.ID, second.ID)
	}
	if p := free.Lots[0].Result.Best.Members[0].ID; p != free.Lots[1].Result.Best.Members[0].ID {
		t.Fatalf("without a limit the best one has one lot only: %d", p)
	}
}

// A certification that one member lacks and another holds keeps neither out.
func TestACertificationIsTheGroups(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.SQLite(t))
	a, b := gardener(), gardener()
	a.Certifications = []network.Certification{{Code: "other", Name: "Autre"}}
	b.Name, b.Activities[0].Codes = "Netteclaire", cpv("90910000")
	b.Certifications = []network.Certification{{Code: "iso", Name: "ISO 9001"}}
	first, second := r.save(a), r.save(b)
	o := tender()
	o.Lots[0].Codes, o.Lots[0].FTE = append(cpv("77310000"), cpv("90910000")...), 0
	o.Lots[0].Certifications = []opportunities.Requirement{{Code: "iso", Required: true}}
	found, err := r.matches.Compose(r.ctx, r.publish(o).Lots[0].ID, matching.ComposeQuery{})
	r.must(err)
	best := found.Result.Best
	if !found.Result.Complete || len(best.Members) != 2 || !has(best, first.ID) || !has(best, second.ID) {
		t.Fatalf("%+v", found.Result)
	}
	if s := best.Shown; len(s) != 1 || s[0].Have != 1 || len(s[0].By) != 1 || network.ID(s[0].By[0]) != second.ID {
		t.Fatalf("%+v", s)
	}
}

// The only one of its trade is found however many others rank before it.
func TestTheRareTradeIsFoundInACrowd(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.SQLite(t))
	o, m := r.trio()
	const crowd = 410
	for range crowd {
		r.save(gardener())
	}
	rare := m[1]
	rare.Sites[0].Commune = "26362"
	rare.Email, rare.Phone = "", ""
	r.save(rare)
	lot := o.Lots[0].ID
	found, err := r.matches.Compose(r.ctx, lot, matching.ComposeQuery{})
	r.must(err)
	if !found.Result.Complete || !has(found.Result.Best, rare.ID) || found.Result.Candidates != crowd+3 || !found.Result.Gap.Proven() {
		t.Fatalf("%d looked at, %+v", found.Result.Candidates, found.Result.Best)
	}
	whole, err := r.matches.ComposeTender(r.ctx, o, 0)
	r.must(err)
	if !has(whole.Lots[0].Result.Best, rare.ID) {
		t.Fatalf("in the tender: %+v", whole.Lots[0].Result.Best)
	}
}
