package campaign_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"testing"

	"maillage/accounts"
	"maillage/indicators/campaign"
	"maillage/indicators/compute"
	"maillage/indicators/questionnaire"
	"maillage/internal/fault"
)

func words() campaign.Wording {
	return campaign.Wording{Lang: "fr", Unit: func(u questionnaire.Unit) string { return string(u) }, Origin: func(o campaign.Origin) string { return string(o) }}
}

// out is the table of who asks, in one of its two forms.
func (h *house) out(who accounts.Identity, xlsx bool) []byte {
	h.t.Helper()
	table, err := h.Export(as(who), 2026, words())
	must(h.t, err)
	var b bytes.Buffer
	write := func(w io.Writer) error { return table.WriteXLSX(w, "fr") }
	if !xlsx {
		write = table.WriteCSV
	}
	must(h.t, write(&b))
	return b.Bytes()
}

func (h *house) in(who accounts.Identity, name string, content []byte, preview bool) *campaign.Report {
	h.t.Helper()
	r, err := h.Import(as(who), campaign.File{Year: 2026, Name: name, Content: bytes.NewReader(content), Preview: preview})
	must(h.t, err)
	if r.Read != r.Updated+r.Unchanged+r.Rejected {
		h.t.Errorf("the report does not add up: %+v", r)
	}
	return r
}

// What goes out comes back and changes nothing, whatever was typed, from both
// forms, for one enterprise and for all those of a perimeter, sent or not.
func TestWhatGoesOutComesBack(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.lastYear()
		h.opened()
		h.answer(h.alix, "tonnes", "1 234,5", "sales", "=2+3", "purchases", "ND", "autonomy.change", "-12,25", "teams", "-4", "income", "'abc", "events.open", "0")
		why := "-Un marché"
		_, err := h.SaveAnswers(as(h.alix), h.of(h.near), []campaign.Entry{{Question: compute.Tonnes, Explained: &why, Revision: campaign.AnyRevision}})
		must(t, err)
		h.rest(h.other)
		_, err = h.Submit(as(h.other), h.of(h.far), 0)
		must(t, err)
		for _, who := range []accounts.Identity{h.alix, h.officer, h.wide} {
			for _, xlsx := range []bool{false, true} {
				before := h.form(h.near).Questionnaire.Revision
				r := h.in(who, "t.csv", h.out(who, xlsx), false)
				bad := 0 // what cannot be read is refused, and stays as it was typed
				for _, f := range r.Refused {
					if f.Faults[0].Column != "valeur" {
						t.Errorf("%+v", f)
					}
					bad++
				}
				if bad != 3 || r.Updated != 0 || h.form(h.near).Questionnaire.Revision != before {
					t.Errorf("%s, workbook %v: %+v", who.Role, xlsx, r)
				}
			}
		}
		if got := item(t, h.form(h.near), compute.Sales).Answer.Typed; got != "=2+3" {
			t.Errorf("what was typed is now %q", got)
		}
	})
}

// lines are the cells of a table, by column, of one question.
func change(t *testing.T, content []byte, edits map[string]map[string]string) []byte {
	t.Helper()
	in := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(content, []byte("\uFEFF"))))
	in.Comma = ';'
	rows, err := in.ReadAll()
	must(t, err)
	at := map[string]int{}
	for i, name := range rows[0] {
		at[name] = i
	}
	for _, row := range rows[1:] {
		for column, value := range edits[row[at["question"]]] {
			row[at[column]] = value
		}
	}
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	out.Comma = ';'
	must(t, out.WriteAll(rows))
	return b.Bytes()
}

func TestATableIsFilledAndRead(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.lastYear()
		h.opened()
		h.answer(h.alix, "tonnes", "3", "purchases", "50")
		table := h.out(h.alix, false)
		h.answer(h.bo, "purchases", "70") // after the table was written
		filled := change(t, table, map[string]map[string]string{
			"sales": {"valeur": "250 000", "explication": "Un marché"}, "tonnes": {"valeur": "-"}, "income": {"valeur": "nd"}, "purchases": {"valeur": "60"},
			"teams": {"valeur": "douze"}, "events.open": {"valeur": "4", "explication": "Voir jeanne@example.org"}, "boards.women": {"version": "x"}, "volunteers.hours": {"question": "nothing"}})
		if r := h.in(h.alix, "t.csv", filled, true); r.Updated != 3 || r.Rejected != 5 || r.ID != 0 || item(t, h.form(h.near), compute.Sales).Answer.Given() {
			t.Errorf("the preview is %+v", r)
		}
		r := h.in(h.alix, "t.csv", filled, false)
		if r.Updated != 3 || r.Rejected != 5 {
			t.Errorf("%+v", r)
		}
		f := h.form(h.near)
		if a := item(t, f, compute.Sales).Answer; a.Value != 25000000 || a.Origin != campaign.Imported || a.Explained != "Un marché" {
			t.Errorf("sales are %+v", a)
		}
		if item(t, f, compute.Tonnes).Answer.Given() || item(t, f, compute.Purchases).Answer.Value != 7000 || item(t, f, compute.Income).Answer.Status != compute.ND {
			t.Error("the table was not read as written")
		}
		again := h.in(h.alix, "t.csv", filled, false)
		if again.Updated != 0 || again.Rejected != 5 {
			t.Errorf("again: %+v", again)
		}
		kept, err := h.Refused(as(h.alix), r.ID)
		must(t, err)
		if got := told(kept); got != "teams:valeur nothing:question events.open:explication purchases:version boards.women:version" {
			t.Errorf("kept %s", got)
		}
		var b bytes.Buffer
		must(t, campaign.WriteRefused(&b, kept, "fr"))
		if strings.Contains(b.String(), "jeanne") || !strings.Contains(b.String(), "douze") {
			t.Errorf("the refused rows are %s", b.String())
		}
		_, err = h.Refused(as(h.bo), r.ID)
		wantKind(t, err, fault.KindNotFound)
	})
}

func told(rows []campaign.Refusal) string {
	var out []string
	for _, r := range rows {
		out = append(out, r.Cells[4]+":"+r.Faults[0].Column)
	}
	return strings.Join(out, " ")
}

// Nobody sends the answers of others, and what is sent or frozen does not change.
func TestATableChangesOnlyWhatIsOnes(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.opened()
		rows := func(organisation int64) []byte {
			return []byte("questionnaire;question;valeur\n" + strconv.FormatInt(int64(h.of(organisation)), 10) + ";tonnes;5\n")
		}
		if r := h.in(h.alix, "t.csv", rows(h.home), false); r.Rejected != 1 || r.Refused[0].Faults[0].Column != "questionnaire" {
			t.Errorf("another's: %+v", r)
		}
		if r := h.in(h.officer, "t.csv", rows(h.far), false); r.Rejected != 1 {
			t.Errorf("beyond the perimeter: %+v", r)
		}
		if r := h.in(h.officer, "t.csv", []byte("siret,type,question,valeur\n110 000 017 00027,sap,tonnes,5\n11000001700019,ACI,tonnes,6\n"), false); r.Updated != 2 {
			t.Errorf("the accountant of two enterprises: %+v", r)
		}
		if r := h.in(h.alix, "t.csv", []byte("question\tvaleur\ntonnes\t7\n"), false); r.Updated != 1 {
			t.Errorf("one's own, unnamed: %+v", r)
		}
		h.rest(h.alix)
		_, err := h.Submit(as(h.alix), h.of(h.near), 0)
		must(t, err)
		if r := h.in(h.alix, "t.csv", []byte("question;valeur\ntonnes;8\nsales;ND\n"), false); r.Rejected != 1 || r.Unchanged != 1 {
			t.Errorf("sent: %+v", r)
		}
		for _, bad := range []string{"", "a;b\n1;2\n", "question;valeur;valeur\ntonnes;1;2\n"} {
			_, err := h.Import(as(h.alix), campaign.File{Year: 2026, Name: "t.csv", Content: strings.NewReader(bad)})
			wantKind(t, err, fault.KindInvalid)
		}
		n, err := h.st.Read().NewSelect().Table("questionnaire_rejections").Count(context.Background())
		must(t, err)
		if n != 3 {
			t.Errorf("%d refused rows are kept, want 3", n)
		}
	})
}
