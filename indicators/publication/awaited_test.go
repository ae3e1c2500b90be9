package publication_test

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"maillage/indicators/microdata"
	"maillage/indicators/publication"
	"maillage/internal/store"
)

// runOn is a definition that says how it is counted without ending first.
var runOn = regexp.MustCompile(`[^.] (Comptage exhaustif|Total de celles|Estimé sur)`)

// asks opens a campaign of 2025 that asks a question of the enterprises of a region that
// send nothing.
func (h *house) asks(question, region, commune string) {
	h.t.Helper()
	yes, no := "1", "0"
	if h.st.Engine() == store.PostgreSQL {
		yes, no = "true", "false"
	}
	exec := func(query string) {
		must(h.t, h.st.InTx(context.Background(), func(ctx context.Context, tx store.Tx) error { _, err := tx.NewRaw(query).Exec(ctx); return err }))
	}
	const at = "'2026-01-01 00:00:00+00:00'"
	exec(fmt.Sprintf(`INSERT INTO campaigns (id, year, opens_on, closes_on, state, kinds, indicators, questions, revision, created_at, updated_at) VALUES (1, 2025, '2026-01-01', '2026-12-31', 'open', '[]', '[]', '["%s"]', 1, %s, %s)`, question, at, at))
	for id := 1; id <= 5; id++ {
		exec(fmt.Sprintf(`INSERT INTO organisations (id, role, kind, siret, name, brand, naf, description, website, email, phone, ess_since, turnover, insurance, excluded_by, active, findings, confirmed, source, digest, folded, revision, created_at, updated_at)
			VALUES (%d, 'member', 'ACI', '%014d', 'x', '', '', '', '', '', '', '', 0, 0, '[]', %s, '[]', '[]', 'demo', '', '', 1, %s, %s)`, id, id, yes, at, at))
		exec(fmt.Sprintf("INSERT INTO questionnaires (campaign_id, organisation_id, kind, commune, region, state, responded, revision, updated_at) VALUES (1, %d, 'ACI', '%s', '%s', 'not_started', %s, 1, %s)", id, commune, region, no, at))
	}
	_, err := h.count.Refresh(system())
	must(h.t, err)
}

// What was asked and has not come is awaited, in the release and where it is read: it is
// not said that nobody asked it.
func TestWhatIsAwaitedIsReleasedAsAwaited(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		enterprises, answers := []string{"entreprise;annee;type;code_insee;groupe"}, []string{"entreprise;annee;question;valeur"}
		for r, town := range []string{"26362", "31555"} {
			for e := range 6 {
				enterprises = append(enterprises, fmt.Sprintf("E%d%d;2025;ACI;%s;", r, e, town))
				answers = append(answers, fmt.Sprintf("E%d%d;2025;permanent.persons;%d", r, e, 8+e))
			}
		}
		h.load(microdata.Enterprises, enterprises, 1)
		h.load(microdata.Answers, answers, 1)
		h.asks("permanent.persons", "53", "35238")
		seen := h.marks(publication.Plan{Indicators: []publication.Chosen{{ID: "C03", Version: 1}}, Level: publication.Region, Years: []int{2025}}, "C03")
		for at, want := range map[string]string{"R84 all all": "63", "R53 all all": "awaited", "FR all all": "126"} {
			if seen[at] != want {
				t.Errorf("%s is %q, not %q", at, seen[at], want)
			}
		}
		_, file := h.latest()
		if csv := fileOf(t, file, "c03-v1.csv"); !strings.Contains(csv, "R53,2025,awaited") {
			t.Error(csv)
		}
		if at := runOn.FindString(fileOf(t, file, "datapackage.json")); at != "" {
			t.Errorf("two sentences in one: %q", at)
		}
	})
}
