package followup_test

import (
	"testing"

	"maillage/followup"
	"maillage/internal/store"
	"maillage/internal/testkit"
)

// The answers given before pursuits were kept are carried over, each with its
// history, on both engines.
func TestOlderAnswersAreCarriedOver(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		r.write("DROP TABLE pursuit_events")
		r.write("DROP TABLE pursuits")
		told := func(id any, kind, detail string) {
			r.write("INSERT INTO match_events (match_id, at, kind, actor_id, detail) VALUES (?, ?, ?, 7, ?)", id, r.clock.Now(), kind, detail)
		}
		told(r.ids[0], "interested", `{}`)
		told(r.ids[0], "not_for_us", `{"reason":"too_far","note":"l’an prochain"}`)
		r.write("UPDATE matches SET reply = 'not_for_us', reply_reason = 'too_far', reply_note = 'l’an prochain', replied_by = 7, replied_at = ? WHERE id = ?", r.clock.Now(), r.ids[0])
		r.write("UPDATE matches SET reply = 'interested', replied_by = 8, replied_at = ? WHERE id = ?", r.clock.Now(), r.ids[1]) // no event tells it
		testkit.MigrateAgain(t, st, "20261202000100_pursuits")

		for i, want := range []string{"proposed>interested interested>declined ", "proposed>interested ", ""} {
			if got := r.history(r.ids[i]); got != want {
				t.Errorf("history %q, want %q", got, want)
			}
		}
		p, err := r.follow.Get(r.as(0), r.ids[0])
		r.must(err)
		if p.State != followup.Declined || p.Reason != "too_far" || p.Note != "l’an prochain" || p.Revision != 3 || !p.Since.Equal(r.clock.Now()) {
			t.Errorf("carried over %+v", p)
		}
		events, err := r.follow.Events(r.ctx, r.ids[0])
		r.must(err)
		if e := events[0]; e.Origin != followup.Carried || e.Note != "l’an prochain" || e.Reason != "too_far" || e.ActorID == nil || *e.ActorID != 7 || !e.At.Equal(r.clock.Now()) {
			t.Errorf("event %+v", e)
		}
		_, err = r.follow.Move(r.as(0), r.ids[0], 3, followup.Step{To: followup.Go}) // and goes on
		r.must(err)
	})
}
