package webhooks_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/followup"
	"maillage/followup/webhooks"
	"maillage/internal/fault"
	"maillage/opportunities"
	"maillage/territories"
)

// The vector of docs/webhooks.md, whose signatures openssl computed.
func TestTheVectorOfTheDocumentation(t *testing.T) {
	t.Parallel()
	body := `{"type":"match.proposed","timestamp":"2026-11-30T09:00:00Z","data":{"match":12,"lot":34,"opportunity":9,"organisation":7,"url":"https://maillage.example.org/v1/matches/12"}}`
	h, err := webhooks.Sign("msg_3_match_12_45", time.Unix(1796029205, 0), body, "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	must(t, err)
	want := "v1,jiOyu2BJeOSZlIloKACqLW7fbas/pt92EWLBvhRiDaY= v1,paN4gfY/DBQcv3ue0/raYsbXm6OQH4JlawuujaLu6Y8="
	if h["webhook-id"] != "msg_3_match_12_45" || h["webhook-timestamp"] != "1796029205" || h["webhook-signature"] != want {
		t.Errorf("%v", h)
	}
}

func TestARegisteredProgramIsToldOnceAndSigned(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.tender("Avant", "26108")
		h.clock.Advance(time.Second)
		w := h.address(h.alix, webhooks.MatchProposed)
		o := h.tender("Jardins", "26108")
		h.tender("Bretagne", "29019")
		got := h.told()
		if len(got) != 1 {
			t.Fatalf("%d messages: %v", len(got), got)
		}
		id := h.match(o)
		var body struct {
			Type      string         `json:"type"`
			Timestamp time.Time      `json:"timestamp"`
			Data      map[string]any `json:"data"`
		}
		must(t, json.Unmarshal([]byte(got[0].body), &body))
		if body.Type != "match.proposed" || body.Data["match"] != float64(id) || body.Data["url"] != "https://maillage.example.org/v1/matches/"+strconv.Itoa(int(id)) {
			t.Errorf("%s", got[0].body)
		}
		if strings.Contains(got[0].body, "Brindesaule") || strings.Contains(got[0].body, "Jardins") || strings.Contains(got[0].body, "alix") {
			t.Errorf("it names somebody: %s", got[0].body)
		}
		stamp, err := strconv.ParseInt(got[0].header.Get("Webhook-Timestamp"), 10, 64)
		must(t, err)
		want, err := webhooks.Sign(got[0].header.Get("Webhook-Id"), time.Unix(stamp, 0), got[0].body, w.Secret)
		must(t, err)
		if got[0].header.Get("Webhook-Signature") != want["webhook-signature"] || !strings.HasPrefix(w.Secret, "whsec_") {
			t.Errorf("signed %q", got[0].header.Get("Webhook-Signature"))
		}
		if again := h.told(); len(again) != 0 {
			t.Errorf("told again: %v", again)
		}
		messages, err := h.Messages(h.as(h.alix), w.ID, 0, 10)
		must(t, err)
		if len(messages) != 1 || messages[0].State != webhooks.Delivered || len(messages[0].Attempts) != 1 || messages[0].Attempts[0].Status != http.StatusNoContent {
			t.Errorf("%+v", messages)
		}
	})
}

// Two processes that look at once tell once.
func TestTwoProcessesTellOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.address(h.alix, webhooks.MatchProposed)
		h.tender("Jardins", "26108")
		h.clock.Advance(time.Second)
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() {
				if _, err := h.Look(h.system()); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		if n := len(h.jobs()); n != 1 {
			t.Errorf("%d jobs", n)
		}
	})
}

// An officer's program is told of the enterprises of the perimeter, and of no other.
func TestNobodyIsToldMoreThanTheyRead(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.address(h.drome, webhooks.MatchProposed, webhooks.AnswerChanged)
		o := h.tender("Jardins", "26108")
		h.tender("Bretagne", "29019")
		if got := types(t, h.told()); !slices.Equal(got, []string{"match.proposed"}) {
			t.Fatalf("%v", got)
		}
		id := h.match(o)
		must(t, h.follow.See(h.as(h.alix), id)) // nobody's business
		_, err := h.follow.Move(h.as(h.alix), id, 0, followup.Step{To: followup.Go})
		must(t, err)
		got := h.told()
		if kinds := types(t, got); !slices.Equal(kinds, []string{"answer.changed"}) || !strings.Contains(got[0].body, `"state":"go","before":"seen"`) {
			t.Errorf("%v %v", kinds, got)
		}
		h.write("UPDATE users SET disabled_at = ? WHERE id = ?", h.clock.Now(), h.drome.UserID)
		h.tender("Encore", "26108")
		if got := h.told(); len(got) != 0 {
			t.Errorf("an account that is shut is told: %v", got)
		}
	})
}

// The news of a saved search are told by revision, though it has no letters.
func TestTheNewsOfASearch(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		criteria := opportunities.Criteria{Territory: `{"territory":"departement:26"}`}
		if _, err := territories.ParseExpr([]byte(criteria.Territory)); err != nil {
			t.Fatal(err)
		}
		_, err := h.lots.SaveSearch(h.as(h.alix), "Drôme", criteria, opportunities.Silent)
		must(t, err)
		h.address(h.alix, webhooks.SearchNew, webhooks.SearchCancelled)
		h.clock.Advance(time.Minute)
		o := h.tender("Jardins", "26108")
		h.tender("Bretagne", "29019")
		if got := types(t, h.told()); !slices.Equal(got, []string{"search.new"}) {
			t.Fatalf("%v", got)
		}
		_, err = h.lots.Cancel(h.system(), opportunities.By{}, o.ID, 0)
		must(t, err)
		if got := types(t, h.told()); !slices.Equal(got, []string{"search.cancelled"}) {
			t.Fatalf("%v", got)
		}
	})
}

// What is not taken is sent again, under the same number, along the schedule; an
// address that fails for days is turned off, and its owner told once.
func TestAnAddressThatFailsForDaysIsTurnedOff(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		w := h.address(h.alix, webhooks.MatchProposed)
		h.program.answers(http.StatusInternalServerError)
		h.tender("Jardins", "26108")
		h.clock.Advance(time.Second)
		_, err := h.Look(h.system())
		must(t, err)
		job := h.jobs()[0]
		for i, wait := range webhooks.Schedule() {
			h.clock.Advance(wait)
			err := h.Deliver(h.system(), job, i+1)
			if last := i+1 == len(webhooks.Schedule()); errors.Is(err, webhooks.ErrNotTaken) == last || last && err != nil {
				t.Fatalf("attempt %d: %v", i+1, err)
			}
		}
		ids := map[string]bool{}
		stamps := map[string]bool{}
		for _, r := range h.program.take() {
			ids[r.header.Get("Webhook-Id")] = true
			stamps[r.header.Get("Webhook-Timestamp")] = true
		}
		if len(ids) != 1 || len(stamps) != len(webhooks.Schedule()) {
			t.Errorf("numbers %v, times %v", ids, stamps)
		}
		w, err = h.Get(h.as(h.alix), w.ID)
		must(t, err)
		if w.Off != webhooks.ByFailures {
			t.Fatalf("it is %q", w.Off)
		}
		letter := webhooks.SendLetter{ID: w.ID, At: w.OffAt}
		must(t, h.DeliverLetter(h.system(), letter))
		if sent := h.sent.Sent(); len(sent) != 1 || sent[0].To != "alix@example.org" || !strings.Contains(sent[0].Text, "failures") {
			t.Errorf("%v", sent)
		}
		h.program.answers(http.StatusOK)
		h.tender("Pendant", "26108")
		if got := h.told(); len(got) != 0 {
			t.Errorf("told while it is off: %v", got)
		}
		_, err = h.Switch(h.as(h.alix), w.ID, true)
		must(t, err)
		must(t, h.DeliverLetter(h.system(), letter)) // no longer true
		if n := len(h.sent.Sent()); n != 1 {
			t.Errorf("%d letters", n)
		}
		messages, err := h.Messages(h.as(h.alix), w.ID, 0, 10)
		must(t, err)
		if len(messages) != 1 || messages[0].State != webhooks.Failed {
			t.Fatalf("%+v", messages)
		}
		must(t, h.Resend(h.as(h.alix), w.ID, messages[0].ID))
		if got := h.told(); len(got) != 1 {
			t.Errorf("sent again: %v", got)
		}
	})
}

func TestAnAddressThatIsGoneIsTurnedOffAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		w := h.address(h.alix, webhooks.MatchProposed)
		h.program.answers(http.StatusGone)
		must(t, h.Try(h.as(h.alix), w.ID))
		must(t, h.Deliver(h.system(), h.jobs()[0], 1))
		w, err := h.Get(h.as(h.alix), w.ID)
		must(t, err)
		if w.Off != webhooks.ByAnswer {
			t.Errorf("it is %q", w.Off)
		}
		if err := h.Try(h.as(h.alix), w.ID); !fault.Is(err, fault.KindConflict) {
			t.Errorf("a test of what is off: %v", err)
		}
	})
}

// Both secrets sign for a day, then the new one alone.
func TestASecretIsReplacedWithoutAGap(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		old := h.address(h.alix, webhooks.MatchProposed)
		w, err := h.Rotate(h.as(h.alix), old.ID)
		must(t, err)
		if w.Secret == old.Secret {
			t.Fatal("the secret is the same")
		}
		try := func() string {
			must(t, h.Try(h.as(h.alix), w.ID))
			return h.told()[0].header.Get("Webhook-Signature")
		}
		if got := strings.Fields(try()); len(got) != 2 {
			t.Errorf("%d signatures", len(got))
		}
		w, err = h.Rotate(h.as(h.alix), old.ID) // the answer was lost
		must(t, err)
		if got := strings.Fields(try()); len(got) != 3 {
			t.Errorf("%d signatures after another", len(got))
		}
		h.clock.Advance(25 * time.Hour)
		if got := strings.Fields(try()); len(got) != 1 {
			t.Errorf("%d signatures a day later", len(got))
		}
	})
}

func TestWhatIsTypedIsCheckedAndOnesOwn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		for name, wish := range map[string]webhooks.Wish{
			"name":   {Name: " ", URL: "https://example.org/", Events: []webhooks.Type{webhooks.MatchProposed}},
			"url":    {Name: "a", URL: "https://169.254.169.254/latest", Events: []webhooks.Type{webhooks.MatchProposed}},
			"events": {Name: "a", URL: "https://example.org/", Events: []webhooks.Type{webhooks.Test}},
		} {
			_, err := h.Register(h.as(h.alix), wish)
			if f := fault.Of(err); f.Kind != fault.KindInvalid || len(f.Fields) != 1 || f.Fields[0].Path != name {
				t.Errorf("%s: %v", name, err)
			}
		}
		w := h.address(h.alix, webhooks.MatchProposed)
		wish := webhooks.Wish{Name: "b", URL: "https://example.org/", Events: []webhooks.Type{webhooks.MatchProposed}}
		_, read := h.Get(h.as(h.drome), w.ID)
		_, changed := h.Change(h.as(h.drome), w.ID, 0, wish)
		for _, err := range []error{read, changed, h.Delete(h.as(h.drome), w.ID), h.Try(h.as(h.drome), w.ID)} {
			if !fault.Is(err, fault.KindNotFound) {
				t.Errorf("another's: %v", err)
			}
		}
		_, err := h.Register(h.as(accounts.Identity{UserID: 5, Role: accounts.Employer}), wish)
		if !fault.Is(err, fault.KindForbidden) {
			t.Errorf("an employer: %v", err)
		}
		if _, err := h.Change(h.as(h.alix), w.ID, 7, wish); !fault.Is(err, fault.KindPrecondition) {
			t.Errorf("stale: %v", err)
		}
		if _, err := h.Register(h.as(h.alix), webhooks.Wish{Name: "c", URL: w.URL, Events: wish.Events}); !fault.Is(err, fault.KindConflict) {
			t.Errorf("the same address: %v", err)
		}
		for range 9 {
			h.address(h.alix, webhooks.MatchProposed)
		}
		if _, err := h.Register(h.as(h.alix), wish); !fault.Is(err, fault.KindConflict) {
			t.Errorf("an eleventh: %v", err)
		}
		must(t, h.Delete(h.as(h.alix), w.ID))
		if all, err := h.List(h.as(h.alix)); err != nil || len(all) != 9 {
			t.Errorf("%d %v", len(all), err)
		}
	})
}
