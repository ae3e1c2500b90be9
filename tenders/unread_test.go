package tenders

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
)

// bodies are full texts that say the same under what is read and what is not.
func bodies() map[string]struct{ field, text, warned string } {
	const said = `Marché réservé aux entreprises adaptées. Voir Mme Odile ZABUTH au 04 75 00 11 22.`
	return map[string]struct{ field, text, warned string }{
		"an unknown schema": {"donnees", `{"NOUVEAU":{"conditions":"` + said + `"}}`, WarnBody},
		"broken JSON":       {"donnees", `{"MAPA":{"conditions":"` + said + `"`, WarnBody},
		"broken and escaped": {"donnees", `{"MAPA":{"conditions":"March\u00e9 r\u00e9serv\u00e9 aux entreprises adapt\u00e9es. Voir Mme Odile ZABUTH au 04 75 00 11 22."`,
			WarnBody},
		"an unknown field of a MAPA":   {"donnees", `{"MAPA":{"initial":{"nouveau":{"texte":"` + said + `"}}}}`, WarnUnread},
		"an unknown field of FNSimple": {"donnees", `{"FNSimple":{"initial":{"nouveau":"` + said + `"}}}`, WarnUnread},
		"beside the body":              {"donnees", `{"MAPA":{"organisme":{}},"ANNEXE":{"texte":"` + said + `"}}`, WarnUnread},
		"a broken gestion":             {"gestion", `{"x":"` + said + `"`, WarnBody},
		"an unknown field":             {"nouveau_champ", said, WarnUnread},
	}
}

// TestWhatIsNotUnderstoodIsKept: with its words looked at, and nobody in it.
func TestWhatIsNotUnderstoodIsKept(t *testing.T) {
	t.Parallel()
	for name, c := range bodies() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n, err := testParser(t).Parse([]byte(boampRecord("26-1", "APPEL_OFFRE", "INITIAL", "", map[string]any{c.field: c.text})))
			if err != nil {
				t.Fatal(err)
			}
			if !n.warned(c.warned) || !strings.Contains(n.Unread, "entreprises adapt") || strings.Contains(n.Unread+n.Texts["unread"], "ZABUTH") || strings.Contains(n.Unread, "75 00") {
				t.Errorf("kept %s, warnings %v", n.Unread, n.Warnings)
			}
			for _, s := range []Social{n.Social, n.Lots[0].Social} {
				if s.Verdict != ToConfirm || len(s.Evidence) == 0 || s.Evidence[0].Field != "texts.unread" || !strings.Contains(s.Evidence[0].Quote, "réservé") {
					t.Errorf("%+v", s)
				}
			}
			for _, f := range faults(n) {
				t.Error(f)
			}
		})
	}
}

// TestWhatIsUnderstoodIsNotSetAside: nor is a verdict changed by what is not.
func TestWhatIsUnderstoodIsNotSetAside(t *testing.T) {
	t.Parallel()
	whole := `{"MAPA":{"organisme":{"acheteurPublic":"Ville de Die"},"initial":{"description":{"objet":"Tri"},"delais":{"receptionOffres":"2027-01-15T12:00:00"},"nouveau":null}}}`
	n, err := testParser(t).Parse([]byte(boampRecord("26-1", "APPEL_OFFRE", "INITIAL", "", map[string]any{"donnees": whole, "nouveau": []any{}})))
	if err != nil || n.Unread != "" || n.warned(WarnUnread) || n.Social.Verdict != NoClause {
		t.Errorf("%q %v %v", n.Unread, n.Warnings, err)
	}
	n, err = testParser(t).Parse([]byte(boampRecord("26-1", "APPEL_OFFRE", "INITIAL", "", map[string]any{
		"objet": "Tri : marché réservé aux structures d’insertion par l’activité économique", "donnees": `{"X":{"t":"clause sociale d’insertion obligatoire"}}`})))
	if err != nil || n.Social.Verdict != Reserved {
		t.Errorf("%+v %v", n.Social, err)
	}
}

// TestUnreadIsBounded: a record of any size leaves a text of a bounded one.
func TestUnreadIsBounded(t *testing.T) {
	t.Parallel()
	body, _ := json.Marshal(map[string]any{"X": strings.Repeat("Tri é ", 60_000)})
	n, err := testParser(t).Parse([]byte(boampRecord("26-1", "APPEL_OFFRE", "INITIAL", "", map[string]any{"donnees": string(body)})))
	if err != nil || len(n.Unread) > maxAside || len(n.Texts["unread"]) > maxWords || len(n.Unread) < maxAside-4 {
		t.Errorf("%d %d %v", len(n.Unread), len(n.Texts["unread"]), err)
	}
}

// TestUnreadIsCountedAndListed: an import says how many, and which.
func TestUnreadIsCountedAndListed(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h, ctx := newHouse(t, st), context.Background()
		path := filepath.Join(t.TempDir(), "page.jsonl")
		var lines []string
		for i, name := range []string{"an unknown schema", "an unknown field of a MAPA", "an unknown field"} {
			c := bodies()[name]
			lines = append(lines, boampRecord("26-10"+string(rune('0'+i)), "APPEL_OFFRE", "INITIAL", "", map[string]any{"objet": "Tri " + name, c.field: c.text}))
		}
		lines = append(lines, boampRecord("26-109", "APPEL_OFFRE", "INITIAL", "", nil))
		if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
			t.Fatal(err)
		}
		if r := h.load(path); r.Read != 4 || r.NotUnderstood != 1 || r.Unread != 2 {
			t.Errorf("%+v", r)
		}
		list, err := h.ListUnread(ctx, 0, 10)
		if err != nil || len(list) != 3 || list[0].SourceID != "26-102" || list[0].OpportunityID == nil {
			t.Fatalf("%+v %v", list, err)
		}
		if rest, err := h.ListUnread(ctx, list[1].ID, 10); err != nil || len(rest) != 1 {
			t.Errorf("below: %+v %v", rest, err)
		}
		one, err := h.NoticeUnread(ctx, list[2].ID)
		if err != nil || !strings.Contains(one.Text, "NOUVEAU") || !json.Valid([]byte(one.Text)) {
			t.Errorf("%+v %v", one, err)
		}
		if _, err := h.NoticeUnread(ctx, list[0].ID+100); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("%v", err)
		}
	})
}
