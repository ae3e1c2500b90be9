package access_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/indicators/access"
	"maillage/indicators/access/record"
	"maillage/indicators/microdata"
	"maillage/internal/mail"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/territories"
)

// house is an observatory on one engine, with two researchers.
type house struct {
	*access.Service
	t           testing.TB
	st          *store.Store
	clock       *testkit.Clock
	data        *microdata.Service
	accounts    *accounts.Service
	mail        *mail.Fake
	ada, berthe accounts.UserID
}

func each(t *testing.T, body func(t *testing.T, h *house)) {
	t.Helper()
	testkit.Each(t, func(t *testing.T, st *store.Store) { body(t, newHouse(t, st)) })
}

func newHouse(t testing.TB, st *store.Store) *house {
	t.Helper()
	atlas, err := territories.Load()
	must(t, err)
	clock := testkit.NewClock("2026-12-01T08:00:00Z")
	post := &mail.Fake{}
	h := &house{t: t, st: st, clock: clock, mail: post, data: microdata.NewService(microdata.Config{Store: st, Atlas: atlas, Now: clock.Now}),
		Service: access.NewService(access.Config{Store: st, Atlas: atlas, Now: clock.Now, Mail: post, Site: "https://maillage.example.org"})}
	h.accounts, err = accounts.New(accounts.Config{Store: st, Now: clock.Now, Hardness: accounts.Hardness{Memory: 64, Passes: 1, Threads: 1}})
	must(t, err)
	h.ada, h.berthe = h.user("ada@example.test", accounts.Researcher), h.user("berthe@example.test", accounts.Researcher)
	return h
}

func (h *house) user(email string, role accounts.Role) accounts.UserID {
	h.t.Helper()
	u, err := h.accounts.AddUser(system(), accounts.Invite{Email: email, Role: role, Lang: "fr"}, "Personne d’essai", "une phrase qui se retient")
	must(h.t, err)
	return u.ID
}

func system() context.Context { return accounts.With(context.Background(), accounts.TheSystem()) }

func as(id accounts.UserID, role accounts.Role) context.Context {
	return accounts.With(context.Background(), accounts.Identity{UserID: id, Role: role, Lang: "fr"})
}

// fill imports enterprises of 2011 in three départements and their exits.
func (h *house) fill(from, until int) {
	h.t.Helper()
	var enterprises, workers, exits []string
	for e := from; e < until; e++ {
		enterprises = append(enterprises, fmt.Sprintf("E-%d;2011;%s;%s", e, []string{"ACI", "EI"}[e%2], []string{"26281", "07019", "38185"}[e%3]))
		for w := range 20 {
			workers = append(workers, fmt.Sprintf("E-%d;S-%d;%s;%s", e, w, []string{"f", "m"}[w%2], []string{"-25", "26-49", "50+"}[w*e%3]))
			days, motive := "", []string{"cdi", "recherche emploi", "formation", "autre"}[(w+e)%4]
			if w%3 == 0 {
				motive, days = "cdd", fmt.Sprint(60+20*w)
			}
			exits = append(exits, fmt.Sprintf("E-%d;S-%d;2011-%02d-15;%s;%s", e, w, 1+w%12, motive, days))
		}
	}
	h.in(microdata.Enterprises, "entreprise;annee;type;code_insee", enterprises)
	h.in(microdata.Workers, "entreprise;salarie;sexe;tranche_age", workers)
	h.in(microdata.Exits, "entreprise;salarie;date;motif;jours", exits)
}

func (h *house) in(s microdata.Sheet, header string, rows []string) {
	h.t.Helper()
	r, err := h.data.Import(system(), microdata.File{Sheet: s, Name: "x.csv", Content: strings.NewReader(header + "\n" + strings.Join(rows, "\n"))})
	must(h.t, err)
	if r.Rejected > 0 || len(r.Unread) > 0 {
		h.t.Fatalf("%s: %v %+v", s, r.Unread, r.Refused)
	}
}

func wanted(id accounts.UserID) access.Grant {
	return access.Grant{UserID: id, Institution: "Université d’essai", Purpose: "research", Reference: "ANR-25-0001", File: record.Exits, Years: []int{2011}, FromOn: "2026-12-01", UntilOn: "2027-11-30"}
}

func (h *house) granted(in access.Grant) *access.Agreement {
	h.t.Helper()
	a, err := h.Grant(system(), in)
	must(h.t, err)
	return a
}

func (h *house) make(again bool) access.Outcome {
	h.t.Helper()
	o, err := h.Make(system(), access.Make{Year: 2011, Again: again})
	must(h.t, err)
	return o
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

const day = 24 * time.Hour
