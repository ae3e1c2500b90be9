package escalation_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/followup"
	"maillage/followup/absences"
	"maillage/followup/calls"
	"maillage/followup/dossier"
	"maillage/matching/engine"
	"maillage/network"
	"maillage/opportunities"
)

// town is a house with a neighbour of Crest and its account, where members call for
// one another.
type town struct {
	*house
	calls *calls.Service
	die   *network.Organisation
	basil accounts.Identity
}

func newTown(t *testing.T, h *house) *town {
	t.Helper()
	v := &town{house: h, calls: calls.NewService(calls.Config{Store: h.st, Atlas: h.atlas, Now: h.clock.Now, Network: h.network, Opportunities: h.lots, Followup: h.follow})}
	v.die = h.member("Les Lampions", "26113", 60)
	v.basil = h.person("basil", accounts.Member, int64(v.die.ID), "")
	return v
}

// call publishes a call of an account's enterprise.
func (v *town) call(by accounts.Identity, key string, days int) opportunities.ID {
	v.t.Helper()
	last := v.clock.Now().AddDate(0, 0, days)
	id, err := v.calls.Publish(v.as(by), calls.Draft{Key: key, Kind: opportunities.PartnerCall, Title: key, Description: "Une équipe de quatre.", Codes: cpv(), Deadline: &last,
		Place: opportunities.Place{Scope: opportunities.InCommunes, Perimeter: `{"territory":"departement:26"}`}})
	must(v.t, err)
	return id
}

func (v *town) express(by accounts.Identity, id opportunities.ID) *calls.Interest {
	v.t.Helper()
	i, err := v.calls.Express(v.as(by), id, "Nous en sommes")
	must(v.t, err)
	return i
}

// said are the letters without the lots that wait, which other tests look at.
func said(all []string) (out []string) {
	for _, l := range all {
		to, text, _ := strings.Cut(l, ": ")
		var kept []string
		for line := range strings.SplitSeq(text, "; ") {
			if line = strings.TrimSuffix(line, ";"); !strings.HasPrefix(line, "match ") && !strings.Contains(line, "waits for") && !strings.HasPrefix(line, "offer ") {
				kept = append(kept, line)
			}
		}
		if len(kept) > 0 {
			out = append(out, to+": "+strings.Join(kept, " / "))
		}
	}
	return out
}

// Who speaks for a call is told of each answer once, of one that came back again, and
// not of one that was taken back before the letter left.
func TestWhoCallsIsToldOfAnswersOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		v := newTown(t, h)
		id := v.call(v.alix, "Berges", 30)
		v.express(v.basil, id)
		want(t, "the first letter", said(h.letters()), "alix: Les Lampions answers Berges: Nous en sommes")
		want(t, "run again", said(h.letters()))
		h.on("2026-12-01")
		want(t, "the next day", said(h.letters()))
		_, err := v.calls.Withdraw(v.as(v.basil), id)
		must(t, err)
		v.express(v.basil, id)
		h.on("2026-12-02")
		want(t, "back again", said(h.letters()), "alix: Les Lampions answers Berges: Nous en sommes")
		other := v.call(v.alix, "Haies", 30)
		v.express(v.basil, other)
		h.on("2026-12-03")
		_, err = h.Remind(h.system())
		must(t, err)
		_, err = v.calls.Withdraw(v.as(v.basil), other)
		must(t, err)
		want(t, "taken back meanwhile", said(h.delivered()))
	})
}

// Those who answered a call are told once that it is closed, with what became of
// their answer; who took theirs back is not, and a call that is reopened closes again.
func TestWhoAnsweredIsToldThatACallClosed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		v := newTown(t, h)
		third := h.member("Ronce", "26362", 60)
		carl := h.person("carl", accounts.Member, int64(third.ID), "")
		id := v.call(v.alix, "Berges", 3)
		i := v.express(v.basil, id)
		v.express(carl, id)
		_, err := v.calls.Settle(v.as(v.alix), i.ID, 0, calls.Decision{To: calls.Accepted})
		must(t, err)
		_, err = v.calls.Withdraw(v.as(carl), id)
		must(t, err)
		want(t, "accepted while it is open", said(h.letters()), "basil: settled Berges accepted")
		want(t, "told once", said(h.letters()))
		h.on("2026-12-04")
		_, err = h.lots.CloseLate(h.system())
		must(t, err)
		want(t, "closed", said(h.letters()), "basil: closed Berges accepted cancelled=false")
		h.on("2026-12-07")
		want(t, "after", said(h.letters()))
		old := v.call(v.alix, "Haies", 1)
		v.express(v.basil, old)
		h.on("2026-12-09")
		_, err = h.lots.CloseLate(h.system())
		must(t, err)
		h.on("2027-03-01")
		if got := strings.Join(said(h.letters()), "|"); strings.Contains(got, "closed Haies") {
			t.Errorf("of a call that closed months ago: %s", got)
		}
	})
}

// Who answered a call is told once of the answer to theirs, and again where it came
// back and is settled otherwise; not of what was taken back before the letter left.
func TestWhoAnsweredIsToldWhatBecomesOfIt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		v := newTown(t, h)
		id := v.call(v.alix, "Berges", 30)
		i := v.express(v.basil, id)
		settle := func(d calls.Decision) {
			_, err := v.calls.Settle(v.as(v.alix), i.ID, 0, d)
			must(t, err)
		}
		settle(calls.Decision{To: calls.Accepted})
		want(t, "accepted", said(h.letters()), "basil: settled Berges accepted")
		want(t, "run again", said(h.letters()))
		h.on("2026-12-01")
		want(t, "the next day", said(h.letters()))
		_, err := v.calls.Withdraw(v.as(v.basil), id)
		must(t, err)
		i = v.express(v.basil, id)
		settle(calls.Decision{To: calls.Declined, Reason: "timing"})
		h.on("2026-12-02")
		want(t, "settled otherwise", said(h.letters()), "basil: settled Berges declined")
		h.on("2026-12-03")
		want(t, "told once", said(h.letters()))
		other := v.call(v.alix, "Haies", 30)
		i = v.express(v.basil, other)
		settle(calls.Decision{To: calls.Accepted})
		h.on("2026-12-04")
		_, err = h.Remind(h.system())
		must(t, err)
		_, err = v.calls.Withdraw(v.as(v.basil), other)
		must(t, err)
		want(t, "taken back meanwhile", said(h.delivered()))
	})
}

// Who edits the file of an enterprise is told of a piece thirty days before its last day
// and once it has lapsed, each once a piece and day; not of one that another replaces.
func TestAPieceThatLapsesIsToldOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		v := newTown(t, h)
		keep := func(issued, until string) {
			_, err := v.dossier.Keep(v.as(v.alix), dossier.Draft{Organisation: v.crest.ID, Kind: "insurance", IssuedOn: issued, ValidUntil: until})
			must(t, err)
		}
		keep("2026-01-04", "2027-01-04")
		want(t, "thirty-five days before", said(h.letters()))
		h.on("2026-12-07")
		want(t, "within thirty days", said(h.letters()), "alix: piece insurance 2027-01-04 gone=false")
		h.on("2026-12-08")
		want(t, "the next day", said(h.letters()))
		h.on("2027-01-05")
		want(t, "lapsed", said(h.letters()), "alix: piece insurance 2027-01-04 gone=true")
		h.on("2027-01-06")
		want(t, "after", said(h.letters()))
		keep("2027-01-06", "2027-02-01")
		h.on("2027-01-07")
		want(t, "a new one that ends soon", said(h.letters()), "alix: piece insurance 2027-02-01 gone=false")
		keep("2027-01-07", "2028-01-06")
		h.on("2027-02-02")
		want(t, "replaced", said(h.letters()))
	})
}

// An enterprise that another one counts among its partners is told once; not where it
// said so itself.
func TestAPartnerIsToldThatItIsNamed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		v := newTown(t, h)
		o := h.tender("Parcs", "26108", "2027-01-29T11:00:00Z")
		alone := h.member("Les Ocres", "84003", 5) // too far for a match of its own
		h.person("olga", accounts.Member, int64(alone.ID), "")
		mine, theirs := h.match(o, h.crest), h.match(o, v.die)
		go1 := []followup.Step{{To: followup.Go}, {To: followup.Answering, Role: followup.Lead, Partners: []network.ID{v.die.ID, alone.ID}}}
		_, err := h.follow.Move(h.as(h.alix), mine, 0, go1...)
		must(t, err)
		want(t, "named", said(h.letters()), fmt.Sprintf("basil: partner of Brindesaule as lead for Parcs (%d)", theirs), "olga: partner of Brindesaule as lead for Parcs (0)")
		h.on("2026-12-01")
		want(t, "the next day", said(h.letters()))
		_, err = h.follow.Move(h.as(v.basil), theirs, 0, followup.Step{To: followup.Go}, followup.Step{To: followup.Answering, Role: followup.Partner, Partners: []network.ID{h.crest.ID}})
		must(t, err)
		h.on("2026-12-02")
		want(t, "who named first knows", said(h.letters()))
	})
}

// An enterprise that an award names is told once, until it confirms.
func TestAnAwardThatNamesIsTold(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		v := newTown(t, h)
		one, two := h.tender("Parcs", "26108", "2026-12-10T11:00:00Z"), h.tender("Allées", "26108", "2026-12-10T11:00:00Z")
		for _, o := range []*opportunities.Opportunity{one, two} {
			_, err := h.follow.Move(h.as(h.alix), h.match(o, h.crest), 0, followup.Step{To: followup.Go}, followup.Step{To: followup.Answering, Role: followup.Alone})
			must(t, err)
			h.write("UPDATE opportunities SET key = ? WHERE id = ?", "procedure:"+o.Title, o.ID)
		}
		want(t, "before", said(h.letters()))
		v.win(one, h.crest)
		h.on("2026-12-01")
		want(t, "named", said(h.letters()), "alix: award Parcs")
		want(t, "run again", said(h.letters()))
		v.win(two, h.crest)
		h.on("2026-12-02")
		_, err := h.Remind(h.system())
		must(t, err)
		_, err = h.follow.Confirm(h.as(h.alix), h.match(two, h.crest), 0)
		must(t, err)
		want(t, "confirmed meanwhile", said(h.delivered()))
	})
}

// win writes that an award names an enterprise.
func (v *town) win(call *opportunities.Opportunity, who *network.Organisation) {
	v.t.Helper()
	o, err := v.network.Get(v.system(), who.ID)
	must(v.t, err)
	o.References = append(o.References, network.Reference{Title: call.Title, Year: 2026, Source: "procedure:" + call.Title})
	_, err = v.network.Save(v.system(), o, o.Revision)
	must(v.t, err)
}

// Whatever members say to one another, in any order, with a program that runs twice,
// late or not at all: each thing is told once, nobody has two letters a day, and what
// still holds in the end was told.
func TestTiesAreToldOnceWhateverHappens(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		v := newTown(t, h)
		other := h.person("zoe", accounts.Member, int64(h.crest.ID), "")
		const seed = 11
		chance := rand.New(rand.NewPCG(seed, seed)) //nolint:gosec // a test's own
		var open []opportunities.ID
		times, letters, answered := map[string]int{}, map[string]int{}, map[opportunities.ID]bool{}
		run := func() {
			var all sync.WaitGroup
			for range 1 + chance.IntN(2) {
				all.Go(func() {
					if _, err := h.Remind(h.system()); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			day := h.clock.Now().In(engine.Paris()).Format(time.DateOnly)
			for _, l := range h.delivered() {
				to, text, _ := strings.Cut(l, ": ")
				if letters[to+day]++; letters[to+day] > 1 {
					t.Errorf("two letters of %s to %s", day, to)
				}
				for line := range strings.SplitSeq(text, ";") {
					if strings.Contains(line, "answers") || strings.Contains(line, "closed") {
						times[to+" "+strings.TrimSpace(line)]++
					}
				}
			}
		}
		for n := range 90 {
			h.clock.Advance(time.Duration(chance.IntN(9*60)) * time.Minute)
			switch k := chance.IntN(10); {
			case k < 2:
				open = append(open, v.call(v.alix, fmt.Sprintf("call%d", n), 1+chance.IntN(20)))
			case k < 5 && len(open) > 0:
				id := open[chance.IntN(len(open))]
				if _, err := v.calls.Express(v.as(v.basil), id, "Oui"); err == nil { // a closed one refuses
					answered[id] = true
				}
			case k == 5 && len(open) > 0:
				_, _ = v.calls.Withdraw(v.as(v.basil), open[chance.IntN(len(open))]) // one that did not answer: refused
			case k == 6:
				from, to := h.clock.Now().AddDate(0, 0, 1), h.clock.Now().AddDate(0, 0, 2)
				_, _ = h.absences.Declare(h.as(other), absences.Absence{From: from.Format(time.DateOnly), To: to.Format(time.DateOnly), ReplacedBy: &v.alix.UserID}) // of days that another one holds: refused
			case k == 7:
				_, err := h.lots.CloseLate(h.system())
				must(t, err)
			default:
				run()
			}
		}
		h.clock.Advance(21 * 24 * time.Hour)
		_, err := h.lots.CloseLate(h.system())
		must(t, err)
		for range 8 {
			h.on(h.clock.Now().AddDate(0, 0, 1).Format(time.DateOnly))
			run()
		}
		if len(answered) < 5 {
			t.Fatalf("only %d answers", len(answered))
		}
		for id := range answered {
			o, err := h.lots.Get(h.system(), id)
			must(t, err)
			var steps, back int
			must(t, h.st.Read().NewRaw(`SELECT (SELECT count(*) FROM interest_events e WHERE e.interest_id = i.id AND e.to_state = 'expressed' AND e.from_state <> 'expressed'),
				CASE WHEN i.state = 'withdrawn' THEN 1 ELSE 0 END FROM interests i WHERE i.opportunity_id = ?`, id).Scan(h.system(), &steps, &back))
			answer, closed := "Les Lampions answers "+o.Title+": Oui", "basil closed "+o.Title+" expressed cancelled=false"
			for _, who := range []string{"alix", "zoe"} {
				if n := times[who+" "+answer]; n > steps || back == 0 && n == 0 && who == "alix" {
					t.Errorf("%s was told %d times of %d answers to %s", who, n, steps, o.Title)
				}
			}
			if n := times[closed]; n != 1-back {
				t.Errorf("that %s closed was told %d times, taken back: %d", o.Title, n, back)
			}
		}
	})
}
