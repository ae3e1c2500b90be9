package placement_test

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching/placement"
	"maillage/network"
	"maillage/opportunities"
	"maillage/people"
)

// ghost is an organisation that somebody makes.
func (r *room) ghost(ctx context.Context, role network.Role, kind network.Kind, email string) *network.Organisation {
	r.t.Helper()
	out, err := r.network.Save(ctx, &network.Organisation{Role: role, Kind: kind, Name: "Organisation de " + email, Active: true, Source: "account", Email: email,
		Sites: []network.Site{{Main: true, City: "Valence", Commune: "26362"}}}, 0)
	r.must(err)
	return out
}

// invite asks for an account as the doors do: the contact is the organisation's address.
func (r *room) invite(ctx context.Context, role accounts.Role, o *network.Organisation, email string) (accounts.Invitation, error) {
	r.t.Helper()
	now, err := r.network.Get(ctx, o.ID)
	r.must(err)
	row, _, err := r.accounts.InviteByLink(ctx, accounts.Of(int64(o.ID)).In(accounts.From(r.officer).Perimeter), accounts.Invite{Email: email, Role: role, OrganisationID: int64(o.ID), Contact: now.Email})
	return row, err
}

// account invites and accepts.
func (r *room) account(ctx context.Context, role accounts.Role, o *network.Organisation, email string) context.Context {
	r.t.Helper()
	now, err := r.network.Get(ctx, o.ID)
	r.must(err)
	_, link, err := r.accounts.InviteByLink(ctx, accounts.Of(int64(o.ID)).In(accounts.From(r.officer).Perimeter), accounts.Invite{Email: email, Role: role, OrganisationID: int64(o.ID), Contact: now.Email})
	r.must(err)
	in, err := r.accounts.Accept(context.Background(), accounts.Acceptance{Secret: link, Name: "Compte nouveau", Password: "un train passe à l'aube"})
	r.must(err)
	return accounts.With(context.Background(), in.Identity)
}

// admin is the account of an administrator.
func (r *room) admin() context.Context {
	r.t.Helper()
	u, err := r.accounts.AddUser(system(), accounts.Invite{Email: "admin@maillage.example", Role: accounts.Admin}, "Andréa Blanc", "un train passe à l'aube")
	r.must(err)
	return accounts.With(context.Background(), accounts.Identity{UserID: u.ID, Role: accounts.Admin, Lang: "fr"})
}

// imported is a file of journeys that a kitchen suits.
func imported() *strings.Reader {
	return strings.NewReader("numero;code_insee;mobilite;metiers_souhaites;permis_titres;langues\n2026-901;26362;vélo 12 km;G1602;permis-b | sst;fr:B2\n2026-902;26362;vélo 12 km;G1602;permis-b | sst;fr:B2\n")
}

// plant has a counsellor write journeys like those that a kitchen asks.
func (r *room) plant(cip context.Context, o *network.Organisation, n int) {
	r.t.Helper()
	for range n {
		p := r.cook()
		p.OrganisationID = int64(o.ID)
		_, err := r.people.Create(cip, p)
		r.must(err)
	}
}

// seeded has a kitchen that one person less than a word suits, and others.
func (r *room) seeded() {
	r.t.Helper()
	r.publish(r.kitchen())
	for i := range 6 {
		r.baker(i)
	}
	for i := range 4 {
		r.person(r.cookOf(i))
	}
}

func (r *room) wantSaid(when string, want placement.Band) {
	r.t.Helper()
	if p := r.only(); p.Suits != want {
		r.t.Errorf("%s, an officer reads %s, want %s", when, p.Suits, want)
	}
}

// countersign has an administrator say that what waits of an organisation was looked at.
func (r *room) countersign(admin context.Context, o *network.Organisation) {
	r.t.Helper()
	waits, err := r.network.Awaiting(admin, o.ID)
	r.must(err)
	if len(waits) != 1 {
		r.t.Fatalf("what waits of organisation %d: %+v", o.ID, waits)
	}
	var read []int64
	for _, a := range waits[0].Accounts {
		read = append(read, a.ID)
	}
	_, err = r.network.Countersign(admin, o.ID, waits[0].Revision, read)
	r.must(err)
}

// The journeys of a structure that an officer made count for nobody until an
// administrator has countersigned it, whoever wrote them.
func TestAStructureThatAnOfficerMadeCountsOnceCountersigned(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		r.seeded()
		admin := r.admin()
		ghost := r.ghost(r.officer, network.Member, network.KindACI, "moi@fantome-officier.fr")
		cip := r.account(r.officer, accounts.Counsellor, ghost, "cip@fantome-officier.fr")
		r.plant(cip, ghost, 3)
		second := r.account(cip, accounts.Counsellor, ghost, "deux@fantome-officier.fr") // invited by the first
		r.plant(second, ghost, 3)
		report, err := r.people.Import(cip, people.File{Organisation: int64(ghost.ID), Name: "parcours.csv", Content: imported()})
		r.must(err)
		if report.Made == 0 {
			t.Fatalf("nothing was imported: %+v", report)
		}
		r.wantSaid("with a structure that the officer made up", placement.Unsaid)
		r.countersign(admin, ghost)
		r.wantSaid("once it is countersigned", placement.Some)
	})
}

// The needs of an employer that an officer made, or of an account that an officer opened
// elsewhere than at its address, are not read until then.
func TestAnEmployerThatAnOfficerMadeCountsOnceCountersigned(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		r.seeded()
		admin := r.admin()
		mine := func(o *network.Organisation) *opportunities.Opportunity {
			id := int64(o.ID)
			need := r.kitchen()
			need.BuyerID, need.PublisherID, need.BuyerName = &id, &id, o.Name
			return need
		}
		ghost := r.ghost(r.officer, network.Employer, "", "moi@hotel-fantome.fr")
		r.publishedBy(r.account(r.officer, accounts.Employer, ghost, "resa@hotel-fantome.fr"), mine(ghost))
		r.publishedBy(r.account(admin, accounts.Employer, ghost, "vrai@hotel-fantome.fr"), mine(ghost))
		inn := r.ghost(system(), network.Employer, "", "accueil@auberge.fr")
		r.publishedBy(r.account(r.officer, accounts.Employer, inn, "moi@ailleurs.fr"), mine(inn))
		r.publishedBy(r.account(r.officer, accounts.Employer, inn, "reception@auberge.fr"), mine(inn))
		got, err := r.placement.Reach(r.officer, placement.ReachChoice{})
		r.must(err)
		if len(got.Positions) != 2 { // the hotel's, and what the inn's account at its own address published
			t.Errorf("an officer reads %d positions", len(got.Positions))
		}
		r.countersign(admin, ghost)
		r.countersign(admin, inn)
		if got, err = r.placement.Reach(r.officer, placement.ReachChoice{}); err != nil || len(got.Positions) != 5 {
			t.Errorf("once countersigned, an officer reads %d positions, %v", len(got.Positions), err)
		}
	})
}

// Who is hired by an employer that an officer made, or through an account that an officer
// opened, stays in every word until then.
func TestAHireThatAnOfficerMadeUpTakesNobodyOut(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st, func(c *placement.Config) { c.Crowd = -1 })
		r.publish(r.kitchen())
		var folk []*people.Person
		for i := range 5 {
			r.baker(i)
			folk = append(folk, r.person(r.cookOf(i)))
		}
		r.wantSaid("to begin with", placement.Some)
		before, admin := r.reach([]placement.ReachChoice{{}}), r.admin()
		r.wantFirst("to begin with", folk...)
		ghost := r.ghost(r.officer, network.Employer, "", "moi@hotel-fantome.fr")
		inn := r.ghost(system(), network.Employer, "", "accueil@auberge.fr")
		for i, by := range []struct {
			of   *network.Organisation
			open context.Context
		}{{ghost, admin}, {inn, r.officer}} {
			id, who := int64(by.of.ID), r.account(by.open, accounts.Employer, by.of, "compte@ailleurs"+strconv.Itoa(i)+".fr")
			need := r.lasting()
			need.BuyerID, need.PublisherID, need.BuyerName = &id, &id, by.of.Name
			lot := r.publishedBy(who, need)
			r.agree(lot, folk[i])
			_, err := r.placement.Answer(who, lot, r.propose(lot, folk[i]).Ref, 0, placement.Reply{State: placement.Hired})
			r.must(err)
		}
		if after := r.reach([]placement.ReachChoice{{}}); after != before {
			t.Errorf("the hires are read:\n%s\n%s", before, after)
		}
		r.wantFirst("with the hires", folk...)
		if _, hired := r.found(r.placement, r.publish(r.kitchen()).Lots[0].ID); len(hired) == 0 {
			t.Error("their counsellors do not read it")
		}
		r.countersign(admin, ghost)
		r.countersign(admin, inn)
		got, err := r.placement.Reach(r.officer, placement.ReachChoice{})
		r.must(err)
		for _, p := range got.Positions {
			if p.Suits != placement.Unsaid {
				t.Errorf("once countersigned, an officer reads %+v", p)
			}
		}
		r.wantFirst("once countersigned", folk[2:]...)
	})
}

// wantFirst wants some people to be the first for what is open, of all structures.
func (r *room) wantFirst(when string, want ...*people.Person) {
	r.t.Helper()
	got, err := r.placement.Exposure(system(), 5, 0)
	r.must(err)
	if first := slices.Sorted(maps.Keys(got.First)); !slices.Equal(first, slices.Sorted(slices.Values(idsOf(want)))) {
		r.t.Errorf("%s, the first are %v, want %v", when, first, idsOf(want))
	}
}

// Nor do the journeys of a structure that an officer made up take anybody's place among
// the first.
func TestJourneysThatAnOfficerMadeUpComeBeforeNobody(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		r.publish(r.kitchen())
		var folk []*people.Person
		for i := range 5 {
			folk = append(folk, r.person(r.cookOf(i)))
		}
		ghost := r.ghost(r.officer, network.Member, network.KindACI, "moi@fantome-officier.fr")
		cip := r.account(r.officer, accounts.Counsellor, ghost, "cip@fantome-officier.fr")
		for range 5 {
			p := r.cook()
			p.OrganisationID, p.EnteredOn = int64(ghost.ID), "2020-01-06"
			_, err := r.people.Create(cip, p)
			r.must(err)
		}
		r.wantFirst("with a structure that the officer made up", folk...)
		if own, err := r.placement.Exposure(system(), 5, int64(ghost.ID)); err != nil || len(own.First) != 5 {
			t.Errorf("its own counsellors read %d first, %v", len(own.First), err)
		}
	})
}

// An officer opens no journeys in a structure that stands: not at an address that the
// officer wrote, nor through a member invited elsewhere, nor at the officer's own
// domain; and what the officer writes of it takes nobody out of a word.
func TestNoJourneyIsOpenedInAStructureOnTheWordOfAnOfficer(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		r.seeded()
		r.person(r.cookOf(4))
		r.wantSaid("to begin with", placement.Some)
		admin := r.admin()
		quiet := r.ghost(system(), network.Member, network.KindEI, "accueil@structure-calme.fr")
		readdress := func(o *network.Organisation, email string) {
			now, err := r.network.Get(r.officer, o.ID)
			r.must(err)
			now.Email = email
			_, err = r.network.Save(r.officer, now, 0)
			r.must(err)
		}
		refused := func(when, code string, ctx context.Context, role accounts.Role, o *network.Organisation, email string) {
			t.Helper()
			if _, err := r.invite(ctx, role, o, email); fault.Of(err).Code != code {
				t.Errorf("%s: %v, want %s", when, err, code)
			}
		}
		refused("a counsellor elsewhere", "invalid", r.officer, accounts.Counsellor, quiet, "moi@ailleurs.fr")
		member := r.account(r.officer, accounts.Member, quiet, "moi@ailleurs.fr")
		refused("a counsellor by a member invited elsewhere", "not-countersigned", member, accounts.Counsellor, quiet, "cip@ailleurs.fr")
		_, err := r.network.ConfirmIdentity(member, quiet.ID, 0, network.Identity{Email: ptr("contact@ailleurs.fr")})
		r.must(err)
		refused("a counsellor at the address that this member gave", "not-countersigned", r.officer, accounts.Counsellor, quiet, "cip@ailleurs.fr")
		readdress(quiet, "cip@encore-ailleurs.fr")
		refused("a counsellor at an address that the officer wrote", "not-countersigned", r.officer, accounts.Counsellor, quiet, "cip@encore-ailleurs.fr")
		readdress(quiet, "accueil@structure-calme.fr")
		refused("at the first address written again", "not-countersigned", r.officer, accounts.Counsellor, quiet, "cip@structure-calme.fr")

		readdress(r.here, "cip@ailleurs.fr")
		r.wantSaid("once an officer wrote the address of a structure", placement.Some)
		refused("a second counsellor", "has-counsellors", r.officer, accounts.Counsellor, r.here, "cip@ailleurs.fr")
		_, err = r.accounts.SetStanding(r.officer, accounts.From(r.cip).UserID, 0, accounts.Standing{Role: accounts.Counsellor, OrganisationID: int64(r.here.ID)})
		r.refused(err, "forbidden")

		own := r.ghost(system(), network.Member, network.KindEI, "accueil@example.org") // the officer's own domain
		refused("a counsellor at the officer's own domain", "not-countersigned", r.officer, accounts.Counsellor, own, "moi-aussi@example.org")

		r.countersign(admin, quiet)
		r.account(r.officer, accounts.Counsellor, quiet, "cip@structure-calme.fr")
	})
}

func ptr[T any](v T) *T { return &v }

// Only an administrator countersigns, who reads no reach; once said it is said; what was
// opened since the reading is refused; and each is in the trail, with who and when.
func TestWhoCountersigns(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		admin := r.admin()
		_, err := r.placement.Reach(admin, placement.ReachChoice{})
		r.refused(err, "forbidden")
		ghost := r.ghost(r.officer, network.Member, network.KindACI, "moi@fantome-officier.fr")
		for _, who := range []context.Context{r.officer, r.cip, r.employer, context.Background()} {
			if _, err := r.network.Countersign(who, ghost.ID, 0, nil); err == nil {
				t.Errorf("%s countersigned", accounts.From(who).Role)
			}
		}
		one, err := r.invite(r.officer, accounts.Counsellor, ghost, "cip@fantome-officier.fr")
		r.must(err)
		two, err := r.invite(r.officer, accounts.Member, ghost, "autre@ailleurs.fr")
		r.must(err)
		_, err = r.network.Countersign(admin, ghost.ID, 0, []int64{one.ID})
		r.refused(err, "seen-since")
		_, err = r.network.Countersign(admin, ghost.ID, 99, []int64{one.ID, two.ID})
		r.refused(err, "stale")
		var done *network.Organisation
		for range 2 {
			done, err = r.network.Countersign(admin, ghost.ID, 0, []int64{one.ID, two.ID})
			r.must(err)
		}
		if !done.Stands() || done.AddressBy != nil || done.CountersignedBy == nil || *done.CountersignedBy != int64(accounts.From(admin).UserID) || !done.CountersignedAt.Equal(r.clock.Now()) {
			t.Errorf("countersigned: %+v", done)
		}
		waits, err := r.network.Awaiting(admin, 0)
		r.must(err)
		trail, err := r.accounts.AuditTrail(admin, accounts.AuditFilter{Action: accounts.OrganisationCountersign})
		r.must(err)
		if len(waits) != 0 || len(trail) != 1 || trail[0].Fields != "organisation address accounts" || trail[0].EntityID != int64(ghost.ID) {
			t.Errorf("what waits %+v, the trail %+v", waits, trail)
		}
	})
}
