package web

import (
	"strings"
	"testing"

	"maillage/accounts"
)

// What the report released is read on the page of each indicator, with the version, the
// coverage and the release of the figure itself.
func TestAFigureSaysWhereItComesFrom(t *testing.T) {
	t.Parallel()
	v := newSite(t).visit(t, accounts.Public)
	report := v.get("/observatoire/rapport").ok().link(`/observatoire/donnees/obs-[0-9a-f]+/1\.0\.0`)
	for id, want := range map[string][]string{"C01": {"79 666", "citée C01 v1", "16 entreprises sur 16 ont répondu en 2011"}, "C02": {"11 028", "citée C02 v1"}, "C03": {"3 270", "2 265", "C03 v1), ETP"}, "C08": {"1 000", "C08 v1"}} {
		page := v.get("/observatoire/indicateurs/" + id).ok().says(want...)
		if strings.Contains(page.body, "Pas encore de valeurs") || id != "C08" && !strings.Contains(page.body, `href="`+report+`"`) {
			t.Errorf("%s does not lead to the release of its figures", id)
		}
		if id == "C02" && strings.Contains(page.body, "Un taux paraît si") {
			t.Error("a total of FTE is said to be a rate")
		}
	}
	v.get("/observatoire").ok().says("C04 v1, C05 v1, C06 v1, C07 v1, C08 v1", "plus de 6 mois")
}

// Each definition has its figures under its own words, and both stand side by side.
func TestDefinitionsStandSideBySide(t *testing.T) {
	t.Parallel()
	v := newSite(t).visit(t, accounts.Public)
	usual := v.get("/observatoire/indicateurs/C04").ok().says("six mois", "Version COORACE (C04 v1)", "Version Dares (C04 v2)", "C04 v1, C08 v1")
	dares := v.get("/observatoire/indicateurs/C04?version=2").ok().says("La même part", "citée C04 v2", "C04 v2, C08 v1")
	if strings.Contains(dares.body, "Pas encore de valeurs") || strings.Contains(usual.body, "citée C04 v2") {
		t.Error("a definition is told with the words of another")
	}
	none := v.get("/observatoire/indicateurs/C08?version=2").ok().says("Règle de 2,65 mois, citée C08 v2", "Pas encore de valeurs publiées sous cette définition", "Version", "pas encore publié")
	if strings.Contains(none.body, "Ancienne règle, 3 mois, citée") {
		t.Error("figures that are not of the definition are shown under it")
	}
}

// What is not published yet is not told as zero, in the table nor in the drawing.
func TestNotPublishedYetIsNoZero(t *testing.T) {
	t.Parallel()
	v := newSite(t).visit(t, accounts.Member)
	page := v.get("/mon-miroir?annee=2023").ok().says("Aucune publication n’en donne encore le chiffre", "Sans chiffre à tracer")
	for _, want := range []string{"#soon", `class="mark unreleased"`} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the page does not hold %s", want)
		}
	}
	if strings.Contains(page.body, "c’est bien zéro") {
		t.Error("the key explains a zero that is nowhere")
	}
}

// Years that are missing between two of a chart leave a place, and no line goes over it.
func TestMissingYearsAreNotOneStep(t *testing.T) {
	t.Parallel()
	chart := LineChart{Periods: []string{"2010", "≠ 2011", "2022", "2023"}, Series: []LineSeries{{"a", []Value{plain(1), plain(2), plain(3), plain(4)}}, {"b", make([]Value, 4)}}}
	for i := range chart.Series[1].Values {
		chart.Series[1].Values[i].Status = Unreleased
	}
	fig := localeOf(t, French).drawLines(chart)
	if got := fig.Lines[0].Path; strings.Count(got, "M") != 2 || len(fig.Cuts) != 1 || chart.x(2)-chart.x(1) < 1.9*(chart.x(1)-chart.x(0)) {
		t.Errorf("%s, %v", got, fig.Cuts)
	}
	if len(fig.Lines) != 1 || !strings.Contains(fig.Unsaid, "b") {
		t.Errorf("a series without a figure has a name at zero: %+v", fig.Unsaid)
	}
	if bars := localeOf(t, French).drawBars(StackedBars{Columns: []BarColumn{{Name: "2010", Whole: plain(1)}, {Name: "2022", Whole: plain(2)}}}); len(bars.Cuts) != 1 {
		t.Errorf("%+v", bars.Cuts)
	}
}
