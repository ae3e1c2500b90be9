package placement_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/internal/mail"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching/placement"
)

// posted sends what waits in the queue, twice each, and gives the letters so far.
func (r *room) posted(box *mail.Fake) []mail.Message {
	r.t.Helper()
	var rows []string
	args := "json(args)"
	if r.st.Engine() == store.PostgreSQL {
		args = "CAST(args AS text)"
	}
	ctx := context.Background()
	r.must(r.st.Read().NewRaw("SELECT "+args+" AS args FROM river_job WHERE kind = ? ORDER BY id", placement.SendCards{}.Kind()).Scan(ctx, &rows))
	for _, row := range rows {
		var job placement.SendCards
		r.must(json.Unmarshal([]byte(row), &job))
		for range 2 {
			r.must(r.placement.DeliverCards(ctx, job))
		}
	}
	return box.Sent()
}

func byMail(box *mail.Fake) func(*placement.Config) {
	return func(c *placement.Config) { c.Mail, c.Site = box, "https://maillage.example.org/" }
}

// An employer is told of each card once, how many and where, and once of those that
// are late; nothing of anybody is in a letter.
func TestAnEmployerIsToldOfEachCardOnce(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		box := &mail.Fake{}
		r := open(t, st, byMail(box))
		folk := r.crowd(9)
		need := r.kitchen()
		need.Lots[0].Posts = 2
		lot := r.publish(need).Lots[0].ID
		r.agree(lot, folk...)
		r.propose(lot, folk[0])
		r.propose(lot, folk[1])
		r.propose(lot, folk[1])
		r.wantLetters(box, "2\u00a0candidatures attendent")
		r.clock.Advance(time.Minute)
		third := r.propose(lot, folk[2])
		r.wantLetters(box, "2\u00a0candidatures attendent", "3\u00a0candidatures attendent")
		r.clock.Advance(time.Minute)
		gone := r.propose(lot, folk[3])
		for _, p := range []*placement.Proposal{third, gone} {
			_, err := r.placement.Withdraw(r.cip, p.ID, 0)
			r.must(err)
		}
		r.remind(0)
		r.clock.Advance(3 * 24 * time.Hour)
		_, err := r.people.Withdraw(r.cip, folk[1].ID, int64(lot)) // no job has run: the card is shown no longer
		r.must(err)
		r.remind(1)
		r.remind(0)
		sent := r.wantLetters(box, "2\u00a0candidatures attendent", "3\u00a0candidatures attendent", "Une candidature attend votre réponse.")
		for _, m := range sent {
			for _, secret := range []string{folk[0].Code, third.Label, third.Ref, r.here.Name, "Camille", "Commis", "Valence"} {
				if strings.Contains(m.Text+m.HTML+m.Subject, secret) {
					t.Errorf("a letter tells %q:\n%s", secret, m.Text)
				}
			}
			if m.To != r.address(r.employer) || !strings.Contains(m.Text, "https://maillage.example.org/") || m.Key == "" {
				t.Errorf("the letter is %+v", m)
			}
		}
		if last := sent[len(sent)-1]; last.Subject != "Votre réponse est attendue" {
			t.Errorf("the reminder is called %q", last.Subject)
		}
	})
}

// Whoever may read no card is written nothing, and a letter of which nothing waits
// is not sent.
func TestALetterOfNoCardIsNotSent(t *testing.T) {
	t.Parallel()
	box := &mail.Fake{}
	r := open(t, testkit.SQLite(t), byMail(box))
	folk := r.crowd(7)
	lot := r.publish(r.kitchen()).Lots[0].ID
	r.agree(lot, folk[0])
	p := r.propose(lot, folk[0])
	_, err := r.placement.Answer(r.employer, lot, p.Ref, 0, placement.Reply{State: placement.Interested})
	r.must(err)
	r.wantLetters(box)
}

func (r *room) remind(want int) {
	r.t.Helper()
	n, err := r.placement.RemindLate(context.Background())
	r.must(err)
	if n != want {
		r.t.Errorf("the employer is reminded of %d cards, want %d", n, want)
	}
}

func (r *room) address(ctx context.Context) string {
	u, err := r.accounts.User(system(), accounts.From(ctx).UserID)
	r.must(err)
	return string(u.Email)
}

func (r *room) wantLetters(box *mail.Fake, words ...string) []mail.Message {
	r.t.Helper()
	sent := r.posted(box)
	if len(sent) != len(words) {
		r.t.Fatalf("%d letters, want %d: %+v", len(sent), len(words), sent)
	}
	for i, w := range words {
		if !strings.Contains(sent[i].Text, w) {
			r.t.Errorf("letter %d does not say %q:\n%s", i, w, sent[i].Text)
		}
	}
	return sent
}
