package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"maillage/accounts"
	"maillage/indicators/catalogue"
	"maillage/internal/testkit"
)

// fewSeries is a source of series that has three indicators, with invented figures.
type fewSeries struct{}

func (fewSeries) Series(_ context.Context, id catalogue.ID, l *Locale) (IndicatorSeries, bool, error) {
	bars, lines := exitBars(), lineChart()
	switch id {
	case "C01":
		return IndicatorSeries{Section: "Deux séries", Lines: &lines}, true, nil
	case "R6.5":
		steps := remissions(l)
		return IndicatorSeries{Section: "Deux traitements", Steps: &steps}, true, nil
	case "C07":
	default:
		return IndicatorSeries{}, false, nil
	}
	return IndicatorSeries{Heading: "Six sorties sur dix", Section: "Une année manque", Coverage: "Essai de 2004", Note: "Arrondi une fois.", Bars: &bars, Chosen: map[catalogue.ID]int{"C08": 1}, Files: []Link{{"CSV", "/observatoire/rapport.csv"}}}, true, nil
}

func siteWithSeries(t *testing.T) *site {
	t.Helper()
	s := bareSite(t, testkit.SQLite(t), false)
	s.cfg.Series = fewSeries{}
	web, err := New(s.cfg)
	if err != nil {
		t.Fatal(err)
	}
	s.web, s.Server = web, httptest.NewServer(web)
	t.Cleanup(s.Close)
	return s
}

// A chart is read by axe, and holds in the width of a phone.
func TestNoChartKeepsAnyoneOut(t *testing.T) {
	if testing.Short() {
		t.Skip("left out: the browser, in -short")
	}
	t.Parallel()
	source, s := axeSource(t), siteWithSeries(t)
	tab, cancel := chromedp.NewContext(browser(t), chromedp.WithNewBrowserContext())
	defer cancel()
	for _, path := range []string{"/observatoire", "/observatoire/indicateurs/C01", "/observatoire/indicateurs/C07", "/observatoire/indicateurs/R6.5"} {
		for _, l := range []look{{1280, 900, false, French}, {390, 800, true, English}, {360, 800, false, French}} {
			inspect(t, tab, s, path, l, source, os.Getenv("MAILLAGE_SHOTS"), accounts.Public)
		}
	}
}

func TestAnIndicatorSaysHowItIsCounted(t *testing.T) {
	t.Parallel()
	v := bareSite(t, testkit.SQLite(t), false).visit(t, accounts.Public)
	a := v.get("/observatoire/indicateurs/C04").ok()
	a.says("Numérateur", "plus de 6", "Autre version : version Dares", "au moins 6", "prise par défaut", "Sorties constatées (C08)", "Au moins 5 personnes", "Au moins 11 quand", "3 groupes économiques", "85 %", "vérifié", "à vérifier", "Pas encore de valeurs publiées", "travailleur handicapé")
	v.get("/observatoire/indicateurs/c04").ok()
	a = v.get("/observatoire/indicateurs/C07").ok()
	a.says("arrondit une fois", "version COORACE", "Autre version : version Dares", "règle de 2,65 mois")
	if !strings.Contains(a.body, `href="/observatoire/indicateurs/C04#versions"`) {
		t.Error("C07 does not lead to the versions of what it depends on")
	}
	v.get("/observatoire/indicateurs/R4.6").ok().says("Toujours", "communes")
	v.get("/observatoire/indicateurs/R6.2").ok().says("modèle", "fourchette")
	v.get("/observatoire/indicateurs/C99").is(http.StatusNotFound)
	v.lang = "en"
	v.get("/observatoire/indicateurs/C08").ok().says("more than 2.65 months", "3 months or more", "older rule", "What changes")
}

func TestTheObservatoryIsSearched(t *testing.T) {
	t.Parallel()
	v := bareSite(t, testkit.SQLite(t), false).visit(t, accounts.Public)
	a := v.get("/observatoire").ok()
	a.says("43 indicateurs", "Vivre ensemble", "ne classe jamais", "Pas encore de valeurs publiées")
	if !strings.Contains(a.body, `<a href="/observatoire" aria-current="page">Observatoire</a>`) {
		t.Error("the menu does not lead here")
	}
	v.get("/observatoire?q=benevolat").ok().says("1 indicateur", "Heures de bénévolat")
	v.get("/observatoire?registre=R2&source=survey").ok().says("2 indicateurs", "Progression d’autonomie")
	v.get("/observatoire?q=zzzz").ok().says("Aucun indicateur ne répond")
}

// What is published takes the place of the sentence that says nothing is.
func TestAnIndicatorShowsItsSeries(t *testing.T) {
	t.Parallel()
	s := siteWithSeries(t)
	body := record(s, "GET", "/observatoire/indicateurs/C07", "").Body.String()
	for _, want := range []string{"<h1>Six sorties sur dix</h1>", `role="img"`, "Essai de 2004", "Arrondi une fois.", "non collecté", "/observatoire/rapport.csv", "C’est connu, et protégé."} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not hold %q", want)
		}
	}
	if !strings.Contains(text(body), "ancienne règle, 3 mois Sorties après 3 mois ou plus") {
		t.Error("the card does not say the version that the release chose")
	}
	if strings.Contains(body, "Pas encore de valeurs") {
		t.Error("the page says that nothing is published")
	}
	if body := record(s, "GET", "/observatoire", "").Body.String(); !strings.Contains(body, "Six sorties sur dix") {
		t.Error("the entry does not show the series")
	}
	if body := record(s, "GET", "/observatoire/indicateurs/C06", "").Body.String(); !strings.Contains(body, "Pas encore de valeurs") {
		t.Error("another indicator shows it too")
	}
}
