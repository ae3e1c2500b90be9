package questions_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"maillage/accounts"
	"maillage/followup/questions"
	"maillage/internal/fault"
	"maillage/internal/mail"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/network"
	"maillage/territories"
)

var loaded = sync.OnceValues(territories.Load)

// house is two structures of the Drôme and the Nord, who asks there, and two
// officers, on a Monday morning.
type house struct {
	*questions.Service
	t     testing.TB
	st    *store.Store
	atlas *territories.Atlas
	clock *testkit.Clock
	sent  *mail.Fake

	near, far                                int64
	alix, bo, kim, officer, colleague, north accounts.Identity
}

type plain struct{}

// LegalDesk says what the letter is about.
func (plain) LegalDesk(_ accounts.User, k questions.MessageKind, q *questions.Question) mail.Letter {
	return mail.Letter{Lang: "fr", Subject: string(k), Paragraphs: []string{q.Title}}
}

func each(t *testing.T, body func(t *testing.T, h *house)) {
	t.Helper()
	testkit.Each(t, func(t *testing.T, st *store.Store) { body(t, newHouse(t, st)) })
}

func newHouse(t testing.TB, st *store.Store) *house {
	t.Helper()
	atlas, err := loaded()
	must(t, err)
	h := &house{t: t, st: st, atlas: atlas, clock: testkit.NewClock("2026-11-30T09:00:00Z"), sent: &mail.Fake{}}
	h.Service, err = questions.NewService(questions.Config{Store: st, Atlas: atlas, Now: h.clock.Now, Mail: h.sent, Words: plain{}})
	must(t, err)
	h.near, h.far = h.member("Les Jardins du Royans", "26281"), h.member("Lille Recyclage", "59350")
	h.alix, h.bo, h.kim = h.person("Alix Fontanel", accounts.Member, h.near, ""), h.person("Bo Lemoine", accounts.Member, h.near, ""), h.person("Kim Dubreuil", accounts.Member, h.far, "")
	h.officer, h.colleague, h.north = h.person("Camille Officier", accounts.Officer, 9001, "26"), h.person("Dom Officier", accounts.Officer, 0, "26"), h.person("Nor Officier", accounts.Officer, 0, "59")
	return h
}

func (h *house) member(name, commune string) int64 {
	h.t.Helper()
	n := network.NewService(network.Config{Store: h.st, Atlas: h.atlas, Now: h.clock.Now})
	o, err := n.Save(context.Background(), &network.Organisation{Role: network.Member, Kind: network.KindACI, Name: name, Active: true, Source: "demo", Sites: []network.Site{{Main: true, City: name, Commune: territories.CommuneCode(commune)}}}, 0)
	must(h.t, err)
	return int64(o.ID)
}

func (h *house) person(name string, role accounts.Role, organisation int64, departement string) accounts.Identity {
	h.t.Helper()
	id := accounts.Identity{Role: role, OrganisationID: organisation, Lang: "fr"}
	email := strings.ToLower(strings.Fields(name)[0]) + "@example.org"
	u := accounts.User{Email: accounts.Email(email), EmailFolded: email, Name: name, Role: role, Lang: "fr", OrganisationID: organisation, CreatedAt: h.clock.Now(), UpdatedAt: h.clock.Now()}
	if departement != "" {
		p, err := h.atlas.Compile(territories.In(territories.Ref{Kind: territories.KindDepartement, Code: departement}))
		must(h.t, err)
		id.Perimeter, u.Perimeter = p.Set, p.Text
	}
	must(h.t, h.st.InTx(context.Background(), func(ctx context.Context, tx store.Tx) error {
		_, err := tx.NewInsert().Model(&u).Returning("id").Exec(ctx)
		return err
	}))
	id.UserID = u.ID
	return id
}

func as(id accounts.Identity) context.Context { return accounts.With(context.Background(), id) }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantKind(t testing.TB, err error, kind fault.Kind) {
	t.Helper()
	if !fault.Is(err, kind) {
		t.Fatalf("%v, want kind %d", err, kind)
	}
}

// letters delivers what was asked for, twice each, and says what was sent since.
func (h *house) letters() []string {
	h.t.Helper()
	before := len(h.sent.Sent())
	jobs, err := h.st.Jobs().JobList(context.Background(), river.NewJobListParams().Kinds(questions.SendLetter{}.Kind()).First(1000))
	must(h.t, err)
	for _, row := range jobs.Jobs {
		var job questions.SendLetter
		must(h.t, json.Unmarshal(row.EncodedArgs, &job))
		must(h.t, h.DeliverLetter(context.Background(), job))
	}
	must(h.t, h.st.InTx(context.Background(), func(ctx context.Context, tx store.Tx) error {
		_, err := tx.NewRaw("DELETE FROM river_job WHERE kind = ?", questions.SendLetter{}.Kind()).Exec(ctx)
		return err
	}))
	var out []string
	for _, m := range h.sent.Sent()[before:] {
		out = append(out, strings.Split(m.To, "@")[0]+" "+m.Subject)
	}
	return out
}

var leave = questions.Draft{Theme: questions.Labour, Title: "Congés payés d’un CDDI", Body: "Un salarié en CDDI de six mois peut-il prendre ses congés dès le premier mois ?"}

func (h *house) asked(d questions.Draft) *questions.Question {
	h.t.Helper()
	q, err := h.Ask(as(h.alix), d)
	must(h.t, err)
	return q
}

func TestAQuestionIsTakenAnsweredAndClosed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		q := h.asked(leave)
		if again := h.asked(leave); again.ID != q.ID {
			t.Fatal("sent twice, it is two questions")
		}
		if _, err := h.Get(as(h.bo), q.ID); err != nil {
			t.Fatalf("a colleague: %v", err)
		}
		for _, who := range []accounts.Identity{h.kim, h.north} {
			_, err := h.Get(as(who), q.ID)
			wantKind(t, err, fault.KindNotFound)
			_, err = h.Reply(as(who), q.ID, 0, "Non.")
			wantKind(t, err, fault.KindNotFound)
		}
		_, err := h.Reply(as(h.alix), q.ID, 0, "Je me réponds.")
		wantKind(t, err, fault.KindForbidden)
		q, err = h.Take(as(h.officer), q.ID, q.Revision)
		must(t, err)
		if q.State != questions.Taken || q.AdviserID != h.officer.UserID {
			t.Fatalf("%+v", q)
		}
		q, err = h.AskFor(as(h.officer), q.ID, q.Revision, "Le contrat a-t-il déjà été renouvelé ?")
		must(t, err)
		if again, err := h.AskFor(as(h.officer), q.ID, 0, "Le contrat a-t-il déjà été renouvelé ?"); err != nil || again.Revision != q.Revision {
			t.Fatalf("asked twice: %+v %v", again, err)
		}
		if got := h.letters(); !slices.Equal(got, []string{"alix ask_more"}) {
			t.Fatalf("%v", got)
		}
		q, err = h.Add(as(h.bo), q.ID, q.Revision, "Non, c’est le premier.")
		must(t, err)
		if q.State != questions.Taken {
			t.Fatalf("%s", q.State)
		}
		_, err = h.Reply(as(h.officer), q.ID, q.Revision-1, "Oui.")
		wantKind(t, err, fault.KindPrecondition)
		_, err = h.Reply(as(h.officer), q.ID, 0, " ")
		wantKind(t, err, fault.KindInvalid)
		q, err = h.Reply(as(h.officer), q.ID, q.Revision, "Oui, dès leur acquisition.")
		must(t, err)
		if got := h.letters(); !slices.Equal(got, []string{"alix answer"}) {
			t.Fatalf("%v", got)
		}
		q, err = h.Close(as(h.officer), q.ID, q.Revision)
		must(t, err)
		_, err = h.Reply(as(h.officer), q.ID, 0, "Encore.")
		wantKind(t, err, fault.KindConflict)
		q, err = h.Add(as(h.alix), q.ID, 0, "Et en cas de rupture ?")
		must(t, err)
		f, err := h.Get(as(h.alix), q.ID)
		must(t, err)
		if q.State != questions.Taken || len(f.Messages) != 7 {
			t.Fatalf("reopened: %s, %d messages", q.State, len(f.Messages))
		}
		for _, m := range f.Messages {
			if m.Kind.OfDesk() != (m.AuthorFor == 9001) {
				t.Errorf("%s is written for %d", m.Kind, m.AuthorFor)
			}
		}
	})
}

// Two officers answer at once from the same page: one is told.
func TestTwoAnswersAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		q := h.asked(leave)
		errs := make(chan error, 2)
		for _, who := range []accounts.Identity{h.officer, h.colleague} {
			go func() {
				_, err := h.Reply(as(who), q.ID, q.Revision, "Oui.")
				errs <- err
			}()
		}
		a, b := <-errs, <-errs
		if (a == nil) == (b == nil) {
			t.Fatalf("%v and %v", a, b)
		}
		if got := h.letters(); len(got) != 1 {
			t.Fatalf("%v", got)
		}
	})
}

func TestWhatIsPublishedNeverSaysWhoAsked(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		q := h.asked(leave)
		text := questions.Text{Theme: questions.Labour, Title: "Congés payés en CDDI", Question: "Quand un salarié en CDDI peut-il prendre ses congés ?", Answer: "Dès leur acquisition, avec l’accord de l’employeur."}
		_, err := h.Publish(as(h.officer), q.ID, text)
		wantKind(t, err, fault.KindConflict)
		_, err = h.Reply(as(h.officer), q.ID, 0, "Oui.")
		must(t, err)
		_, err = h.Publish(as(h.alix), q.ID, text)
		wantKind(t, err, fault.KindForbidden)
		for _, leak := range []string{"À LES JARDINS DU ROYANS, oui.", "Alix Fontanel demande.", "À Romans-sur-Isère, oui.", "Écrire à alix@example.org.", "Voir le SIREN 732 829 320.", "Appeler le 04 75 01 02 03.", "M. Barthe l’a dit.", "Zélie BARTHE l’a dit."} {
			told := text
			told.Answer = leak
			_, err := h.Publish(as(h.officer), q.ID, told)
			if f := fault.Of(err); f.Kind != fault.KindInvalid || f.Fields[0].Path != "answer" {
				t.Errorf("%q is published: %v", leak, err)
			}
		}
		called := text
		called.Answer = "Selon l’arrêt Madame de Sévigné, oui."
		if _, err := h.Publish(as(h.officer), q.ID, called, "Madame Roux"); fault.Of(err).Fields[0].Code != "names" {
			t.Errorf("other words are confirmed: %v", err)
		}
		_, err = h.Publish(as(h.officer), q.ID, called, called.Names()...)
		must(t, err)
		var done []string
		must(t, h.st.Read().NewRaw("SELECT fields FROM audit_entries WHERE entity = 'answer' ORDER BY id").Scan(context.Background(), &done))
		if len(done) != 1 || !strings.Contains(done[0], "published_names_confirmed") {
			t.Errorf("the trail tells %v", done)
		}
		p, err := h.Publish(as(h.officer), q.ID, text)
		must(t, err)
		if again, err := h.Publish(as(h.officer), q.ID, text); err != nil || again.Revision != p.Revision {
			t.Fatalf("published twice: %+v %v", again, err)
		}
		found, err := h.Search(context.Background(), "CONGES cddi", "")
		must(t, err)
		if len(found) != 1 || found[0].Answer != text.Answer {
			t.Fatalf("%+v", found)
		}
		if found, _ := h.Search(context.Background(), "congés marché", ""); len(found) != 0 {
			t.Error("one word is enough")
		}
		if found, _ := h.Search(context.Background(), "", questions.Taxes); len(found) != 0 {
			t.Error("a theme does not filter")
		}
		must(t, h.Withdraw(as(h.officer), q.ID))
		_, err = h.Answer(context.Background(), p.ID)
		wantKind(t, err, fault.KindNotFound)
	})
}

func TestNearAnswersAreOffered(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		for _, text := range []questions.Text{
			{Theme: questions.Labour, Title: "Congés payés en CDDI", Question: "Quand prendre les congés payés d’un CDDI ?", Answer: "Dès leur acquisition."},
			{Theme: questions.Procurement, Title: "Marché réservé", Question: "Qui peut répondre à un marché réservé ?", Answer: "Les structures conventionnées."},
			{Theme: questions.Taxes, Title: "TVA d’une association", Question: "Une association intermédiaire est-elle soumise à la TVA ?", Answer: "Elle en est exonérée."},
		} {
			d := questions.Draft{Theme: text.Theme, Title: text.Title, Body: text.Question}
			q := h.asked(d)
			_, err := h.Reply(as(h.officer), q.ID, 0, text.Answer)
			must(t, err)
			_, err = h.Publish(as(h.officer), q.ID, text)
			must(t, err)
		}
		near, err := h.Related(as(h.alix), leave)
		must(t, err)
		if len(near) != 1 || near[0].Title != "Congés payés en CDDI" {
			t.Fatalf("%+v", near)
		}
		none, err := h.Related(as(h.alix), questions.Draft{Theme: questions.Data, Title: "Registre des traitements", Body: "Faut-il un registre ?"})
		must(t, err)
		if len(none) != 0 {
			t.Fatalf("%+v", none)
		}
	})
}

func TestFiguresSayHowFast(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.asked(leave)
		other := questions.Draft{Theme: questions.Taxes, Title: "TVA", Body: "Et la TVA ?"}
		q := h.asked(other)
		_, err := h.Ask(as(h.kim), other)
		must(t, err)
		h.clock.Advance(4 * 24 * time.Hour) // Friday
		_, err = h.Reply(as(h.officer), q.ID, 0, "Exonérée.")
		must(t, err)
		f, err := h.Figures(as(h.officer), time.Time{})
		must(t, err)
		if f.All != (questions.Count{Asked: 2, Answered: 1, Waiting: 1, Median: 4, Oldest: 4}) || len(f.ByTheme) != 2 || len(f.ByRegion) != 1 || f.ByRegion[0].Key != "84" {
			t.Fatalf("%+v", f)
		}
		_, err = h.Figures(as(h.alix), time.Time{})
		wantKind(t, err, fault.KindForbidden)
		rows, err := h.List(as(h.officer), questions.Filter{})
		must(t, err)
		if len(rows) != 2 || rows[0].State != questions.Asked || rows[0].Structure != "Les Jardins du Royans" {
			t.Fatalf("what waits comes first: %+v", rows)
		}
	})
}

// The median is that of the house: those that wait are kept, and half of four are two.
func TestHalfOfTheQuestionsWereAnsweredWithin(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		var all []*questions.Question
		for _, title := range []string{"TVA", "Congés", "Statuts", "Prêt"} {
			all = append(all, h.asked(questions.Draft{Theme: questions.Taxes, Title: title, Body: "Qu’en est-il ?"}))
		}
		for i, want := range []int{-1, 2} {
			h.clock.Advance(24 * time.Hour)
			_, err := h.Reply(as(h.officer), all[i].ID, 0, "Voici.")
			must(t, err)
			f, err := h.Figures(as(h.officer), time.Time{})
			must(t, err)
			if f.All.Median != want {
				t.Errorf("%d of four answered: the median is %d days, want %d", i+1, f.All.Median, want)
			}
		}
		_, err := h.Close(as(h.officer), all[2].ID, 0)
		must(t, err)
		h.clock.Advance(24 * time.Hour)
		f, err := h.Figures(as(h.officer), time.Time{})
		must(t, err)
		if f.All.Median != 2 || f.All.Answered != 2 || f.All.Waiting != 1 {
			t.Errorf("closed without an answer: %+v", f.All)
		}
	})
}

func TestFaultsAreLocated(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		_, err := h.Ask(as(h.alix), questions.Draft{Theme: "love", Title: " ", Body: ""})
		if f := fault.Of(err); f.Kind != fault.KindInvalid || len(f.Fields) != 3 {
			t.Errorf("%v", err)
		}
		_, err = h.Ask(as(h.officer), leave)
		wantKind(t, err, fault.KindForbidden)
		_, err = h.Ask(context.Background(), leave)
		wantKind(t, err, fault.KindUnauthenticated)
	})
}
