package main

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"maillage/internal/store"
	"maillage/territories"
)

// zoned makes a database whose poles hold the territories given, and an
// opportunity in Essarts en Bocage.
func zoned(t *testing.T, zones ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "z.db")
	if code, out, errs := command(t, path, "", "migrate"); code != 0 {
		t.Fatalf("exit %d\n%s%s", code, out, errs)
	}
	write(t, path, func(ctx context.Context, tx store.Tx) error {
		for i, z := range zones {
			if _, err := tx.NewRaw("INSERT INTO poles (id, key, name, seat, territory, stage, description, since, revision, created_at, updated_at) VALUES (?, ?, '', '', ?, '', '', '', 1, '', '')",
				i+1, i+1, `{"territory":"`+z+`"}`).Exec(ctx); err != nil {
				return err
			}
		}
		place := `{"scope":"communes","perimeter":"{\"territory\":\"commune:85084\"}"}`
		_, err := tx.NewRaw(`INSERT INTO opportunities (id, kind, state, title, description, key, buyer_name, buyer_siret, source, links, place, clause, codes,
			deadline_raw, amount, currency, folded, facets, revision, created_at, updated_at)
			VALUES (7, '', '', '', '', '', '', '', '', '', ?, '', '', '', 0, '', '', '', 1, '', '')`, place).Exec(ctx)
		return err
	})
	return path
}

func write(t *testing.T, path string, fn func(context.Context, store.Tx) error) {
	t.Helper()
	st, err := store.Open(context.Background(), store.Config{URL: path, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	if err := st.InTx(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
}

type revised struct {
	Since, Vintage string
	Perimeters     []revisionLine
}

func revise(t *testing.T, path string, args ...string) (int, map[string]revisionLine) {
	t.Helper()
	code, out, errs := command(t, path, "", append([]string{"territories", "revise", "--json"}, args...)...)
	var r revised
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatalf("exit %d, %v\n%s%s", code, err, out, errs)
	}
	lines := map[string]revisionLine{}
	for _, l := range r.Perimeters {
		lines[l.Expression] = l
	}
	return code, lines
}

func commune(code string) string { return `{"territory":"commune:` + code + `"}` }

// Neussargues en Pinatelle was split in 2025, Essarts en Bocage in 2024; Les
// Trois Lacs bore 27676 in 2018 as now, and 27058 in 2022; Pont-Farcy merged.
func TestReviseListsWhatSplitsAndMergersChange(t *testing.T) {
	t.Parallel()
	path := zoned(t, "commune:85084", "commune:15141", "commune:27676", "departement:26", "epci:200040459", "commune:26281")
	code, lines := revise(t, path, "--since", "2018-06-01")
	if code != int(exitRefused) || len(lines) != 4 || lines[`{"territory":"departement:26"}`].Verdict != territories.Renamed {
		t.Errorf("exit %d, %+v", code, lines)
	}
	essarts := lines[commune("85084")]
	if essarts.Verdict != territories.Split || !essarts.Person || len(essarts.Stored) != 2 ||
		essarts.Stored[0] != (storedAt{"poles", "territory", 1}) || essarts.Stored[1] != (storedAt{"opportunities", "place", 7}) {
		t.Errorf("%+v", essarts)
	}
	if l := lines[commune("15141")]; l.Verdict != territories.Split || !l.Person || l.Proposal != "" {
		t.Errorf("%+v", l)
	}
	if l := lines[`{"territory":"epci:200040459"}`]; l.Verdict != uncompared || l.Person || l.Reason == "" {
		t.Errorf("%+v", l)
	}
}

func TestReviseProposesTheCodeOfToday(t *testing.T) {
	t.Parallel()
	path := zoned(t, "commune:27058", "commune:27676")
	_, lines := revise(t, path, "--since", "2022-01-01")
	if l := lines[commune("27058")]; l.Verdict != territories.Refused || l.Person || l.Proposal != commune("27676") {
		t.Errorf("%+v", l)
	}
	if l := lines[commune("27676")]; l.Verdict != uncompared || l.Person { // it was no commune in 2022
		t.Errorf("%+v", l)
	}
	if code, _, errs := command(t, path, "", "territories", "revise", "--since", "1900-01-01"); code != int(exitUsage) || !strings.Contains(errs, "communes sont connues du") {
		t.Errorf("exit %d %s", code, errs)
	}
}

// A start under another list of communes says what to run; accepting the list
// silences it, and until then it is what revise compares with.
func TestAnotherVintageIsNoticedAtTheStart(t *testing.T) {
	t.Parallel()
	path := zoned(t, "commune:15141")
	if code, out, _ := command(t, path, "", "territories", "revise"); code != 0 || !strings.Contains(out, "qui changent : 0") {
		t.Errorf("exit %d\n%s", code, out)
	}
	write(t, path, func(ctx context.Context, tx store.Tx) error { return tx.Set(ctx, vintageSetting, "2024-12-31") })
	if code, _, errs := command(t, path, "", "migrate"); code != 0 || !strings.Contains(errs, "territories revise") {
		t.Errorf("exit %d %s", code, errs)
	}
	code, lines := revise(t, path, "--accept")
	if code != int(exitRefused) || lines[commune("15141")].Verdict != territories.Split {
		t.Errorf("exit %d %+v", code, lines)
	}
	if _, _, errs := command(t, path, "", "migrate"); errs != "" {
		t.Errorf("%s", errs)
	}
	if code, lines := revise(t, path); code != 0 || len(lines) != 0 {
		t.Errorf("exit %d %+v", code, lines)
	}
}
