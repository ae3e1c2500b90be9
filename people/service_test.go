package people_test

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/people"
	"maillage/territories"
)

func TestAJourneyFromItsStartToItsEnd(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newHouse(t, st)
		before, err := st.Present(context.Background())
		must(t, err)
		p := h.made(h.gardener())
		if !strings.HasPrefix(p.Code, "P-") || len(p.Code) != 9 || p.Revision != 1 || p.State != people.Active {
			t.Fatalf("%+v", p)
		}
		read, err := h.Get(h.as(), p.ID)
		must(t, err)
		if !reflect.DeepEqual(read.Profile, h.gardener().Profile) || read.Code != p.Code || *read.CounsellorID != h.counsellor {
			t.Fatalf("read back %+v", read)
		}
		again, err := h.Update(h.as(), 1, read)
		must(t, err)
		if again.Revision != 1 {
			t.Error("a change of nothing leaves a trace")
		}
		read.Commune, read.Profile.Hours.Max = "26362", 35
		moved, err := h.Update(h.as(), 1, read)
		must(t, err)
		_, err = h.Update(h.as(), 1, read)
		wantKind(t, err, fault.KindPrecondition)
		paused, err := h.Pause(h.as(), p.ID, moved.Revision)
		must(t, err)
		_, err = h.Ask(h.as(), p.ID, h.job)
		wantCode(t, err, "transition")
		_, err = h.Resume(h.as(), p.ID, paused.Revision)
		must(t, err)
		_, err = h.Give(h.as(), asked(t, h, p.ID), h.job, "")
		must(t, err)
		ended, err := h.End(h.as(), p.ID, 0, "2026-11-20")
		must(t, err)
		_, err = h.Update(h.as(), 0, ended)
		wantCode(t, err, "finished")
		_, err = h.Resume(h.as(), p.ID, 0)
		wantCode(t, err, "transition")
		agreements, err := h.AgreementsOf(h.as(), p.ID)
		must(t, err)
		if len(agreements) != 1 || agreements[0].State != people.Withdrawn {
			t.Errorf("after the end the agreement is %+v", agreements)
		}
		events, err := h.Events(h.as(), p.ID, 0)
		must(t, err)
		var kinds []string
		for _, e := range slices.Backward(events) {
			kinds = append(kinds, string(e.Kind)+":"+strings.Join(e.Fields, ","))
		}
		want := "created: changed:commune,hours paused:state resumed:state agreement_asked: agreement_given: agreement_withdrawn: ended:state,ended_on"
		if got := strings.Join(kinds, " "); got != want {
			t.Errorf("history\n%s\nwant\n%s", got, want)
		}
		changes, _, err := st.ChangesSince(context.Background(), before)
		must(t, err)
		if !slices.Contains(changes, store.Change{Entity: "person", ID: int64(p.ID)}) {
			t.Errorf("the journal has %v", changes)
		}
	})
}

func asked(t *testing.T, h *house, id people.ID) people.ID {
	t.Helper()
	_, err := h.Ask(h.as(), id, h.job)
	must(t, err)
	return id
}

// The job that brings matches up to date is written with the change.
func TestAChangeAsksForMatches(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newHouse(t, st)
		h.made(h.gardener())
		n, err := st.Read().NewSelect().Table("river_job").Where("kind = ?", people.Changed{}.Kind()).Count(context.Background())
		must(t, err)
		if n != 1 {
			t.Errorf("%d jobs", n)
		}
	})
	var _ river.JobArgs = people.Changed{}
}

func TestEveryFaultOfAJourneyIsLocated(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	nobody := int64(999)
	stranger := int64(h.other.UserID)
	for name, c := range map[string]struct {
		spoil func(*people.Person)
		want  string
	}{
		"commune":          {func(p *people.Person) { p.Commune = "99999" }, "commune=unknown"},
		"dates":            {func(p *people.Person) { p.EnteredOn, p.AvailableOn = "2026-13-01", "hier" }, "entered_on=date available_on=date"},
		"hours":            {func(p *people.Person) { p.Profile.Hours = people.WeeklyHours{Min: 30, Max: 20} }, "hours=order"},
		"long hours":       {func(p *people.Person) { p.Profile.Hours.Max = 49 }, "hours=range"},
		"no number":        {func(p *people.Person) { p.Profile.Hours.Min = nan() }, "hours=range"},
		"ROME":             {func(p *people.Person) { p.Profile.Wished[1].ROME = "A9999" }, "wished[1].rome=unknown"},
		"twice":            {func(p *people.Person) { p.Profile.Wished[1].ROME = "A1203" }, "wished[1].rome=repeated"},
		"appellation":      {func(p *people.Person) { p.Profile.Wished[0].Appellation = "11987" }, "wished[0].appellation=unknown"},
		"months":           {func(p *people.Person) { p.Profile.Held[0].Months = -1 }, "held[0].months=range"},
		"aptitude":         {func(p *people.Person) { p.Profile.Aptitudes[0].Code = "piano" }, "aptitudes[0].code=unknown"},
		"level":            {func(p *people.Person) { p.Profile.Aptitudes[0].Level = 2 }, "aptitudes[0].level=range"},
		"source":           {func(p *people.Person) { p.Profile.Aptitudes[1].Source = "rumour" }, "aptitudes[1].source=unknown"},
		"language":         {func(p *people.Person) { p.Profile.Languages[0].Language = "français" }, "languages[0].language=unknown"},
		"no language":      {func(p *people.Person) { p.Profile.Languages[0].Language = "zz" }, "languages[0].language=unknown"},
		"free in 2099":     {func(p *people.Person) { p.AvailableOn = "2099-01-01" }, "available_on=range"},
		"contract in 2099": {func(p *people.Person) { p.ContractEnds = "2099-01-01" }, "contract_ends=range"},
		"fluency":          {func(p *people.Person) { p.Profile.Languages[0].Level = 9 }, "languages[0].level=range"},
		"mode":             {func(p *people.Person) { p.Profile.Mobility[0].Mode = "broom" }, "mobility[0].mode=unknown"},
		"far":              {func(p *people.Person) { p.Profile.Mobility[0].Km = 900 }, "mobility[0].km=range"},
		"slots":            {func(p *people.Person) { p.Profile.Slots = 1 << 30 }, "slots=range"},
		"counsellor":       {func(p *people.Person) { p.CounsellorID = &nobody }, "counsellor_id=unknown"},
		"another's":        {func(p *people.Person) { p.CounsellorID = &stranger }, "counsellor_id=unknown"},
		"key":              {func(p *people.Person) { p.Key = strings.Repeat("1", 41) }, "key=shape"},
		"a name":           {func(p *people.Person) { p.Key = "DURAND" }, "key=shape"},
		"names":            {func(p *people.Person) { p.Key = "Ada Lovelace 1" }, "key=shape"},
		"several":          {func(p *people.Person) { p.Commune, p.Profile.Hours.Max = "x", 99 }, "commune=unknown hours=range"},
	} {
		p := h.gardener()
		c.spoil(p)
		_, err := h.Create(h.as(), p)
		if got := located(err); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func nan() float64 { zero := 0.0; return zero / zero }

// A commune that has ceased is kept as the one that holds its place today.
func TestAFormerCommuneIsTodays(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	for given, kept := range map[territories.CommuneCode]territories.CommuneCode{"26281": "26281", "69385": "69123", "01340": "01015"} {
		p := h.gardener()
		p.Key, p.Commune = string(given), given
		if p = h.made(p); p.Commune != kept {
			t.Errorf("%s is kept as %s, not %s", given, p.Commune, kept)
		}
	}
}

func TestANumberIsOneJourneyOfItsStructure(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newHouse(t, st)
		first := h.made(h.gardener())
		_, err := h.Create(h.as(), h.gardener())
		wantCode(t, err, "repeated-number")
		elsewhere := h.gardener()
		elsewhere.OrganisationID, elsewhere.CounsellorID = h.far, nil
		_, err = h.Create(accounts.With(context.Background(), h.other), elsewhere)
		must(t, err)
		second := h.gardener()
		second.Key = ""
		second = h.made(second)
		second.Key = first.Key
		_, err = h.Update(h.as(), 0, second)
		wantCode(t, err, "repeated-number")
	})
}

// again gives the same byte so many times, then the next: codes that are taken.
type again struct{ left, each int }

func (a *again) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(1 + a.left/a.each)
		a.left++
	}
	return len(p), nil
}

func TestACodeThatIsTakenIsDrawnAgain(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newHouse(t, st)
		h.Service = people.NewService(people.Config{Store: st, Atlas: h.atlas, Now: h.clock.Now, Random: &again{each: 21}})
		codes := map[string]bool{}
		for i := range 3 {
			p := h.gardener()
			p.Key = "N" + string(rune('1'+i))
			codes[h.made(p).Code] = true
		}
		if len(codes) != 3 {
			t.Errorf("codes %v", codes)
		}
	})
}

// Nobody but the counsellors of the structure reaches a journey, by any use case.
func TestAJourneyIsItsStructures(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	p := h.made(h.gardener())
	must(t, h.SetIdentity(h.as(), p.ID, p.Revision, people.Identity{Given: "Ada"}))
	wantKind(t, h.SetIdentity(h.as(), p.ID, p.Revision, people.Identity{Given: "Eve"}), fault.KindPrecondition)
	uses := map[string]func(context.Context) error{
		"get": func(ctx context.Context) error { _, err := h.Get(ctx, p.ID); return err },
		"list": func(ctx context.Context) error {
			_, err := h.List(ctx, people.Filter{Organisation: h.near}, people.Request{})
			return err
		},
		"counts":     func(ctx context.Context) error { _, err := h.Counts(ctx, h.near); return err },
		"create":     func(ctx context.Context) error { _, err := h.Create(ctx, h.gardener()); return err },
		"update":     func(ctx context.Context) error { _, err := h.Update(ctx, 0, p); return err },
		"pause":      func(ctx context.Context) error { _, err := h.Pause(ctx, p.ID, 0); return err },
		"end":        func(ctx context.Context) error { _, err := h.End(ctx, p.ID, 0, ""); return err },
		"erase":      func(ctx context.Context) error { return h.Erase(ctx, p.ID, 0) },
		"delete":     func(ctx context.Context) error { return h.Delete(ctx, p.ID, 0) },
		"identity":   func(ctx context.Context) error { _, err := h.Identity(ctx, p.ID); return err },
		"identify":   func(ctx context.Context) error { return h.SetIdentity(ctx, p.ID, 0, people.Identity{Given: "Eve"}) },
		"names":      func(ctx context.Context) error { _, err := h.Names(ctx, h.near, p.ID); return err },
		"find":       func(ctx context.Context) error { _, err := h.FindByName(ctx, h.near, "ada", 0); return err },
		"traits":     func(ctx context.Context) error { return h.SetTraits(ctx, p.ID, people.Traits{}) },
		"rights":     func(ctx context.Context) error { _, _, err := h.Rights(ctx, p.ID); return err },
		"set rights": func(ctx context.Context) error { return h.SetRights(ctx, p.ID, 0, nil) },
		"set hours":  func(ctx context.Context) error { return h.SetHours(ctx, p.ID, 0, nil) },
		"alerts":     func(ctx context.Context) error { _, err := h.Alerts(ctx, h.near, h.clock.Now()); return err },
		"ask":        func(ctx context.Context) error { _, err := h.Ask(ctx, p.ID, h.job); return err },
		"refuse":     func(ctx context.Context) error { _, err := h.Refuse(ctx, p.ID, h.job); return err },
		"agreements": func(ctx context.Context) error { _, err := h.AgreementsOf(ctx, p.ID); return err },
		"for":        func(ctx context.Context) error { _, err := h.AgreementsFor(ctx, h.job, h.near); return err },
		"events":     func(ctx context.Context) error { _, err := h.Events(ctx, p.ID, 0); return err },
		"dossier":    func(ctx context.Context) error { _, err := h.Dossier(ctx, p.ID); return err },
		"import": func(ctx context.Context) error {
			_, err := h.Import(ctx, people.File{Organisation: h.near, Name: "a.csv", Content: strings.NewReader("numero\n")})
			return err
		},
	}
	for _, who := range append([]accounts.Identity{h.other, accounts.Nobody(), {UserID: 8, Role: accounts.Counsellor}}, strangers(h.near)...) {
		for name, use := range uses {
			err := use(accounts.With(context.Background(), who))
			if !fault.Is(err, fault.KindForbidden) && !fault.Is(err, fault.KindUnauthenticated) && !fault.Is(err, fault.KindNotFound) {
				t.Errorf("%s as %s of %d: %v", name, who.Role, who.OrganisationID, err)
			}
		}
	}
	wantKind(t, uses["get"](context.Background()), fault.KindUnauthenticated)
	still, err := h.Get(h.as(), p.ID)
	must(t, err)
	if still.Revision != p.Revision+1 || still.State != people.Active {
		t.Errorf("somebody changed it: %+v", still)
	}
}

// strangers are every other role, in the very same structure.
func strangers(organisation int64) []accounts.Identity {
	var out []accounts.Identity
	for _, r := range accounts.Roles() {
		if r != accounts.Counsellor {
			out = append(out, accounts.Identity{UserID: 9, Role: r, OrganisationID: organisation})
		}
	}
	return out
}

func TestLists(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newHouse(t, st)
		for i := range 25 {
			p := h.gardener()
			p.Key = "KEY-" + string(rune('a'+i)) + "1"
			if i%5 == 0 {
				p.CounsellorID, p.Profile.Wished = nil, []people.Wish{{ROME: "G1602"}}
			}
			h.made(p)
		}
		count := func(f people.Filter) int {
			f.Organisation = h.near
			n := 0
			for after := ""; ; {
				page, err := h.List(h.as(), f, people.Request{After: after, Limit: 4})
				must(t, err)
				n += len(page.Items)
				if after = page.Next; after == "" {
					return n
				}
			}
		}
		for want, f := range map[int]people.Filter{25: {}, 5: {Unassigned: true}, 20: {Counsellor: h.counsellor}, 0: {States: []people.State{people.Ended}}, 1: {Text: "y-A"}} {
			if got := count(f); got != want {
				t.Errorf("%+v: %d, want %d", f, got, want)
			}
		}
		if got := count(people.Filter{Wished: "G1602"}); got != 5 {
			t.Errorf("%d wish to cook", got)
		}
		if got := count(people.Filter{Text: "_%"}); got != 0 {
			t.Errorf("a wildcard is no character: %d", got)
		}
		_, err := h.List(h.as(), people.Filter{Organisation: h.near}, people.Request{After: "zzz"})
		wantKind(t, err, fault.KindInvalid)
		seen := 0
		must(t, h.EachBatch(context.Background(), 7, func(batch []*people.Person) error { seen += len(batch); return nil }))
		if seen != 25 {
			t.Errorf("%d streamed", seen)
		}
	})
}

func TestWhatAnEndedJourneyKeeps(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newHouse(t, st)
		p := h.made(h.gardener())
		must(t, h.SetIdentity(h.as(), p.ID, 0, people.Identity{Given: "Ada", Family: "Lovelace"}))
		must(t, h.SetTraits(h.as(), p.ID, people.Traits{Sex: people.Woman}))
		must(t, h.SetRights(h.as(), p.ID, 0, []people.Right{{Kind: people.PassIAE, From: "2026-01-05"}}))
		_, err := h.Ask(h.as(), p.ID, h.job)
		must(t, err)
		_, err = h.End(h.as(), p.ID, 0, "2026-11-20")
		must(t, err)
		h.clock.Advance(720 * 24 * time.Hour)
		must(t, h.Sweep(system()))
		kept, err := h.Get(h.as(), p.ID)
		must(t, err)
		if kept.ErasedAt != nil || kept.Commune == "" {
			t.Fatal("erased too early")
		}
		h.clock.Advance(40 * 24 * time.Hour)
		must(t, h.Sweep(system()))
		must(t, h.Sweep(system()))
		left, err := h.Get(h.as(), p.ID)
		must(t, err)
		if left.ErasedAt == nil || left.Commune != "" || left.Key != "" || left.CounsellorID != nil || left.Code == p.Code ||
			!reflect.DeepEqual(left.Profile, people.Profile{}) || left.EnteredOn != "2026-01-01" || left.EndedOn != "2026-11-01" {
			t.Errorf("left %+v", left)
		}
		for _, table := range []string{"person_identities", "person_traits", "person_rights", "agreements"} {
			n, err := st.Read().NewSelect().Table(table).Count(context.Background())
			must(t, err)
			if n != 0 {
				t.Errorf("%d rows left in %s", n, table)
			}
		}
		wantCode(t, h.SetIdentity(h.as(), p.ID, 0, people.Identity{Given: "Ada"}), "erased")
		must(t, h.Delete(h.as(), p.ID, 0))
		_, err = h.Get(h.as(), p.ID)
		wantKind(t, err, fault.KindNotFound)
	})
}

// What audits outcomes is nowhere that a matching, a list or a card could read.
func TestTraitsAreApart(t *testing.T) {
	t.Parallel()
	for _, v := range []any{people.Person{}, people.Profile{}, people.Mobility{}, people.Holding{}, people.Agreement{}, people.Right{}} {
		for _, name := range fieldsOf(reflect.TypeOf(v)) {
			for _, trait := range []string{"sex", "birth", "born", "age", "qpv", "health", "handicap", "origin", "nationality", "name", "email", "phone"} {
				if strings.EqualFold(name, trait) {
					t.Errorf("%T has a field %s", v, name)
				}
			}
		}
	}
	h := newHouse(t, testkit.SQLite(t))
	p := h.made(h.gardener())
	must(t, h.SetTraits(h.as(), p.ID, people.Traits{Sex: people.Woman, BirthYear: 1990, QPV: people.QPVYes}))
	for _, bad := range []people.Traits{{Sex: "x"}, {BirthYear: 1850}, {BirthYear: 2020}, {QPV: "maybe"}} {
		wantKind(t, h.SetTraits(h.as(), p.ID, bad), fault.KindInvalid)
	}
	// Without their table the matching, the lists and the cards still work: none reads it.
	ctx := context.Background()
	must(t, h.st.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.ExecContext(ctx, "ALTER TABLE person_traits RENAME TO moved")
		return err
	}))
	_, err := h.LoadForMatching(ctx, p.ID)
	must(t, err)
	must(t, h.EachBatch(ctx, 0, func([]*people.Person) error { return nil }))
	_, err = h.Get(h.as(), p.ID)
	must(t, err)
	_, err = h.List(h.as(), people.Filter{Organisation: h.near}, people.Request{})
	must(t, err)
	_, err = h.Holding(ctx, h.job)
	must(t, err)
	_, err = h.Alerts(h.as(), h.near, h.clock.Now())
	must(t, err)
}

func fieldsOf(t reflect.Type) []string {
	var out []string
	for i := range t.NumField() {
		out = append(out, t.Field(i).Name)
	}
	return out
}

func TestTheAuditReadsTraitsAndNobodyElse(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	p := h.made(h.gardener())
	must(t, h.SetTraits(h.as(), p.ID, people.Traits{Sex: people.Woman, BirthYear: 1990, QPV: people.QPVYes}))
	for _, who := range append(strangers(h.near), h.alix) {
		got, err := h.TraitsForAudit(accounts.With(context.Background(), who), p.ID)
		if entitled := who.Role == accounts.Admin || who.Role == accounts.Officer || who.UserID == h.alix.UserID; entitled != (err == nil && got[p.ID].Sex == people.Woman) {
			t.Errorf("%s: %v, %v", who.Role, got, err)
		}
	}
	d, err := h.Dossier(h.as(), p.ID)
	must(t, err)
	if d.Traits.BirthYear != 1990 {
		t.Error("the person cannot read what is recorded of them")
	}
}

// Reading goes through the trail: who read which identity.
func TestReadingAnIdentityIsAudited(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newHouse(t, st)
		p := h.made(h.gardener())
		must(t, h.SetIdentity(h.as(), p.ID, 0, people.Identity{Given: "Ada"}))
		_, err := h.Identity(h.as(), p.ID)
		must(t, err)
		_, err = h.FindByName(h.as(), h.near, "ad", 0)
		must(t, err)
		n, err := st.Read().NewSelect().Table("audit_entries").Where("action = ?", accounts.PersonIdentity).Where("entity_id = ? AND entity = 'person'", p.ID).
			Where("user_id = ?", h.alix.UserID).Where("fields = 'read'").Count(context.Background())
		must(t, err)
		if n != 2 {
			t.Errorf("%d readings in the trail", n)
		}
	})
}

func BenchmarkEachBatch(b *testing.B) {
	h := newHouse(b, testkit.SQLite(b))
	const n = 100_000
	ctx := context.Background()
	for start := 0; start < n; start += 500 {
		must(b, h.st.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
			rows := make([]*people.Person, 500)
			for i := range rows {
				p := h.gardener()
				p.Key, p.State, p.Code = "", people.Active, "P-"+time.Duration(start+i).String()
				p.CreatedAt, p.UpdatedAt, p.Revision = h.clock.Now(), h.clock.Now(), 1
				rows[i] = p
			}
			_, err := tx.NewInsert().Model(&rows).Exec(ctx)
			return err
		}))
	}
	for b.Loop() {
		seen := 0
		must(b, h.EachBatch(ctx, 0, func(batch []*people.Person) error { seen += len(batch); return nil }))
		if seen != n {
			b.Fatalf("%d streamed", seen)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/100000")
}
