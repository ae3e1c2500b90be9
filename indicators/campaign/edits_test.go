package campaign_test

import (
	"context"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"maillage/accounts"
	"maillage/indicators/campaign"
	"maillage/indicators/compute"
	"maillage/internal/testkit"
)

// typed is an entry of a browser that read an answer.
func typed(f *campaign.Form, t testing.TB, code compute.Measure, text string) campaign.Entry {
	return campaign.Entry{Question: code, Text: &text, Revision: item(t, f, code).Answer.Revision}
}

// Two browsers of one enterprise: what one wrote, the other does not undo, be it
// by a whole form in which it touched something else or by the same question.
func TestTwoBrowsersDoNotUndoEachOther(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.opened()
		id := h.of(h.near)
		h.answer(h.alix, "tonnes", "3", "sales", "10000")
		one, two := h.form(h.near), h.form(h.near)
		_, err := h.SaveAnswers(as(h.alix), id, []campaign.Entry{typed(one, t, compute.Tonnes, "12")})
		must(t, err)
		saved, err := h.SaveAnswers(as(h.bo), id, []campaign.Entry{typed(two, t, compute.Tonnes, "3"), typed(two, t, compute.Sales, "11000"), typed(two, t, compute.Income, "")})
		must(t, err)
		if len(saved.Clashes) > 0 || item(t, saved.Form, compute.Tonnes).Answer.Value != 1200 || item(t, saved.Form, compute.Sales).Answer.Value != 1100000 {
			t.Errorf("an untouched field undid another's: %+v %+v", saved.Clashes, item(t, saved.Form, compute.Tonnes).Answer)
		}
		saved, err = h.SaveAnswers(as(h.bo), id, []campaign.Entry{typed(two, t, compute.Tonnes, "99"), typed(two, t, compute.Purchases, "5")})
		must(t, err)
		if len(saved.Clashes) != 1 || saved.Clashes[0].Theirs.Value != 1200 || *saved.Clashes[0].Entry.Text != "99" || *saved.Clashes[0].Theirs.ActorID != int64(h.alix.UserID) {
			t.Errorf("the clash is %+v", saved.Clashes)
		}
		if item(t, saved.Form, compute.Purchases).Answer.Value != 500 {
			t.Error("a clash stopped another answer")
		}
		now := saved.Form.Questionnaire.Revision
		saved, err = h.SaveAnswers(as(h.bo), id, []campaign.Entry{typed(two, t, compute.Tonnes, "12,0"), typed(two, t, compute.Purchases, "5")})
		must(t, err)
		all := h.answer(h.alix, "teams", "4", "teams.mixed", "2", "events.open", "1")
		if n, err := h.st.Read().NewSelect().Table("questionnaire_history").Where("questionnaire_id = ? AND revision = ?", id, all.Form.Questionnaire.Revision).Count(context.Background()); err != nil || n != 3 {
			t.Errorf("three answers of one gesture left %d rows of history (%v)", n, err)
		}
		if len(saved.Clashes) > 0 || saved.Form.Questionnaire.Revision != now {
			t.Errorf("writing what is there already leaves a trace: %+v", saved.Clashes)
		}
	})
}

// An explanation is of a number: with another number it is asked again. One that
// says something about a person is refused, and the number is kept.
func TestAnExplanationIsOfItsNumber(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.lastYear()
		h.opened()
		id, why, phone := h.of(h.home), "Deux fusions.", "Voir avec Kim au 06 12 34 56 78"
		write := func(text string, explained *string) *campaign.Saved {
			s, err := h.SaveAnswers(as(h.kim), id, []campaign.Entry{{Question: compute.HomeWorkerPersons, Text: &text, Explained: explained, Revision: campaign.AnyRevision}})
			must(t, err)
			return s
		}
		h.answer(h.kim, "home_workers.fte", "40")
		s := write("130", &phone)
		if len(s.Faults) != 1 || item(t, s.Form, compute.HomeWorkerPersons).Answer.Value != 13000 {
			t.Errorf("faults %+v", s.Faults)
		}
		found := item(t, write("130", &why).Form, compute.HomeWorkerPersons).Findings
		if len(found) != 1 || found[0].Stops() || found[0].Check != "out_of_line" || found[0].Left != 3000 {
			t.Errorf("found %+v", found)
		}
		found = item(t, write("140", nil).Form, compute.HomeWorkerPersons).Findings
		if len(found) != 1 || !found[0].Stops() {
			t.Errorf("the explanation of 130 holds for 140: %+v", found)
		}
	})
}

// Comments go both ways, once each.
func TestCommentsAreSaidOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.opened()
		id := h.of(h.near)
		for _, c := range []struct {
			who  accounts.Identity
			text string
		}{{h.alix, "Quel compte ?"}, {h.alix, "Quel  compte ?"}, {h.officer, "Le 60."}, {h.alix, "Quel compte ?"}} {
			_, err := h.Comment(as(c.who), campaign.Comment{QuestionnaireID: id, Question: compute.Purchases, Text: c.text})
			must(t, err)
		}
		all := h.form(h.near).Comments
		if len(all) != 3 || all[0].Side != campaign.OfEnterprise || all[1].Side != campaign.OfRegion {
			t.Errorf("%+v", all)
		}
		_, err := h.Comment(as(h.north), campaign.Comment{QuestionnaireID: id, Text: "Bonjour"})
		if err == nil {
			t.Error("another region comments")
		}
		_, err = h.Comment(as(h.alix), campaign.Comment{QuestionnaireID: id, Text: "Écrire à jeanne@example.org"})
		if located(err) != "text=text" {
			t.Errorf("an address is kept: %v", err)
		}
	})
}

// Whatever two browsers write in any order, nothing that was kept is lost: each
// answer is the last one that was accepted, and the history has every one of them.
func TestRandomEditsLoseNoAnswer(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	h := newHouse(t, st)
	h.opened()
	id := h.of(h.near)
	codes := []compute.Measure{compute.Tonnes, compute.Sales, compute.Teams, compute.ScaleChange}
	accepted := map[compute.Measure][]string{}
	rapid.Check(t, func(r *rapid.T) {
		browsers := []*campaign.Form{h.form(h.near), h.form(h.near)}
		for range rapid.IntRange(1, 8).Draw(r, "edits") {
			who := rapid.IntRange(0, 1).Draw(r, "who")
			code := rapid.SampledFrom(codes).Draw(r, "question")
			text := rapid.SampledFrom([]string{"", "0", "12", "12,5", "ND", "douze", "-3", "1 000"}).Draw(r, "text")
			saved, err := h.SaveAnswers(as([]accounts.Identity{h.alix, h.bo}[who]), id, []campaign.Entry{typed(browsers[who], t, code, text)})
			must(t, err)
			if len(saved.Clashes) == 1 {
				if saved.Clashes[0].Theirs.Typed != last(accepted[code]) {
					r.Fatalf("the clash shows %q, the last accepted is %v", saved.Clashes[0].Theirs.Typed, accepted[code])
				}
			} else if len(saved.Changed) == 1 {
				accepted[code] = append(accepted[code], text)
			}
			browsers[who] = saved.Form
			if got := item(t, saved.Form, code).Answer.Typed; got != last(accepted[code]) {
				r.Fatalf("%s says %q, the last accepted is %v", code, got, accepted[code])
			}
		}
		for code, texts := range accepted {
			if n, err := st.Read().NewSelect().Table("questionnaire_history").Where("questionnaire_id = ? AND question = ?", id, code).Count(context.Background()); err != nil || int(n) != len(texts) {
				r.Fatalf("the history of %s has %d of %d %v", code, n, len(texts), err)
			}
		}
	})
}

func last(of []string) string {
	if len(of) == 0 {
		return ""
	}
	return of[len(of)-1]
}

// Several at once: each save is whole, the history has no hole.
func TestSavesAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.opened()
		id := h.of(h.near)
		done := make(chan error, 8)
		for i := range 8 {
			go func() {
				text := fmt.Sprint(i)
				_, err := h.SaveAnswers(as([]accounts.Identity{h.alix, h.bo}[i%2]), id, []campaign.Entry{{Question: compute.Tonnes, Text: &text}})
				done <- err
			}()
		}
		for range 8 {
			must(t, <-done)
		}
		n, err := h.st.Read().NewSelect().Table("questionnaire_history").Where("question = ?", compute.Tonnes).Count(context.Background())
		must(t, err)
		if n != 1 {
			t.Errorf("%d of eight first answers were accepted", n)
		}
	})
}
