package campaign_test

import (
	"fmt"
	"strings"
	"testing"

	"maillage/accounts"
	"maillage/indicators/compute"
	"maillage/indicators/microdata"
)

// file imports lines in the observatory, and says where they are refused.
func (h *house) file(who accounts.Identity, s microdata.Sheet, lines ...string) (*microdata.Report, string) {
	h.t.Helper()
	r, err := h.known.Import(as(who), microdata.File{Sheet: s, Name: string(s) + ".csv", Content: strings.NewReader(strings.Join(lines, "\n"))})
	must(h.t, err)
	var out []string
	for _, row := range r.Refused {
		for _, f := range row.Faults {
			out = append(out, fmt.Sprintf("%d:%s", row.Line, f.Column))
		}
	}
	return r, strings.Join(out, " ")
}

// What a campaign that was closed asked is frozen, by whatever door it would change:
// answered or not, reopened or not. The questionnaire, reopened, is the way.
func TestAClosedCampaignIsFrozenForFilesToo(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		c := h.opened()
		h.answer(h.alix, "tonnes", "12", "sales", "300 000")
		h.rest(h.alix)
		_, err := h.Submit(as(h.alix), h.of(h.near), 0)
		must(t, err)
		head, code := "entreprise;annee;question;valeur;supprimer", "11000001700019-ACI;2026;"
		if r, at := h.file(h.alix, microdata.Enterprises, "entreprise;annee;type;code_insee", code+"ACI;26281"); at != "" || r.Made != 1 {
			t.Fatalf("%s %+v", at, r)
		}
		if _, at := h.file(h.alix, microdata.Answers, head, code+"volunteers.hours;80;"); at != "" {
			t.Errorf("an open campaign freezes nothing: %s", at)
		}
		_, err = h.Close(as(h.admins), 2026, 0)
		must(t, err)
		if _, at := h.file(h.alix, microdata.Answers, head, code+"tonnes;9;"); at != "2:question" {
			t.Errorf("nobody answers while it closes: %s", at)
		}
		must(t, h.Settle(system(), c.ID))
		before := h.kept(h.near)
		for _, again := range []string{"closed", "reopened"} {
			for _, who := range []accounts.Identity{h.alix, h.admins} {
				r, at := h.file(who, microdata.Answers, head, code+"tonnes;9;", code+"sales;300000;", code+"fte;ND;oui")
				if at != "2:question 4:question" || r.Unchanged != 1 || !strings.Contains(r.Refused[0].Faults[0].Text.FR, "/campagnes/2026") {
					t.Errorf("%s, %s: %s %+v", again, who.Role, at, r)
				}
				if _, at := h.file(who, microdata.Enterprises, "entreprise;annee;type;supprimer", code+"ACI;oui"); at != "2:supprimer" {
					t.Errorf("%s: a year with its frozen answers was taken away: %s", again, at)
				}
				if _, at := h.file(who, microdata.Enterprises, "entreprise;annee;type", code+"EI"); at != "2:type" {
					t.Errorf("%s: frozen answers became another kind's: %s", again, at)
				}
			}
			if after := h.kept(h.near); len(after) != len(before) || after[compute.Tonnes] != before[compute.Tonnes] || after[compute.FTE] != before[compute.FTE] {
				t.Errorf("%s: %+v", again, after)
			}
			_, err := h.Return(as(h.officer), h.of(h.near), 0, "Vérifiez les tonnes.")
			must(t, err)
		}
		h.answer(h.alix, "tonnes", "13")
		_, err = h.Submit(as(h.alix), h.of(h.near), 0)
		must(t, err)
		if h.kept(h.near)[compute.Tonnes].Value != 1300 {
			t.Error("a questionnaire that was reopened and sent again replaces what was frozen")
		}
	})
}

// Who did not answer before the close does not answer after it by a file.
func TestAnUnansweredQuestionnaireIsFrozenForFilesToo(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		c, code := h.opened(), "11000001700019-ACI;2026;"
		_, err := h.Close(as(h.admins), 2026, 0)
		must(t, err)
		must(t, h.Settle(system(), c.ID))
		h.file(h.alix, microdata.Enterprises, "entreprise;annee;type;code_insee", code+"ACI;26281")
		if _, at := h.file(h.alix, microdata.Answers, "entreprise;annee;question;valeur", code+"tonnes;9"); at != "2:question" || len(h.kept(h.near)) != 0 {
			t.Errorf("%s, %+v", at, h.kept(h.near))
		}
	})
}
