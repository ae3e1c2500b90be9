package main

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"maillage/accounts"
)

// until waits for a page to say something of an element.
func (v *visitor) until(script string) {
	v.t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if ask[bool](v, script) {
			return
		}
	}
	v.t.Fatalf("never: %s\n%s", script, v.seen())
}

// typed writes in a field and leaves it.
func (v *visitor) typed(id, text string) {
	v.t.Helper()
	v.do(clearAndType(`[id="`+id+`"]`, text)...)
	v.do(chromedp.Blur(`[id="` + id + `"]`))
}

// With scripts, an answer is saved when its field is left, the checks of the
// server are put in place, and a colleague's answer is not overwritten.
func TestAQuestionnaireIsSavedAsItIsTyped(t *testing.T) {
	t.Parallel()
	s := demoSite(t, false)
	one, two := s.as(t, accounts.Member), s.as(t, accounts.Member)
	one.open("/campagne")
	two.open("/campagne")
	one.typed("q-boards-women-v", "12")
	one.until(`document.getElementById("q-boards-women-dit").innerText.includes("plus que le nombre")`)
	one.until(`document.querySelector("[data-autosave-said]").textContent.includes("Enregistré")`)
	one.typed("q-boards-positions-v", "14")
	one.until(`!document.getElementById("q-boards-women-dit").innerText.includes("plus que le nombre")`)
	two.typed("q-boards-positions-v", "15")
	two.until(`document.getElementById("q-boards-positions-dit").innerText.includes("n’est pas enregistré")`)
	one.do(chromedp.Click(`[name="nd-volunteers.hours"]`))
	one.until(`document.getElementById("avancement").innerText.includes("15")`)
	var kept int64
	if err := s.store.Read().NewRaw("SELECT value FROM questionnaire_answers WHERE question = 'boards.positions' AND revision > 1 ORDER BY revision DESC LIMIT 1").Scan(context.Background(), &kept); err != nil || kept != 1400 {
		t.Errorf("the board has %d hundredths of positions, want 1400 (%v)", kept, err)
	}
	one.open("/campagne")
	if got := ask[string](one, `document.getElementById("q-boards-positions-v").value`); got != "14" {
		t.Errorf("the page shows %q", got)
	}
	if faults := one.misbehaved(); len(faults) > 0 {
		t.Errorf("the page complains: %v", faults)
	}
}
