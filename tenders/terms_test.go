//nolint:misspell // the words are French
package tenders

import (
	"fmt"
	"strings"
	"testing"
)

// TestTerms reads sentences around a clause: what is asked of the lot 2 of
// several, or of an only lot where alone.
func TestTerms(t *testing.T) {
	t.Parallel()
	p := newPaper(t)
	for _, c := range []struct {
		text  string
		alone bool
		want  string // hours, share, publics, facilitator
	}{
		{"Clause sociale : 1 500 heures d’insertion.", true, "1500 0 [] "},
		{"Clause d’insertion sociale : 1.200 h d’insertion à réaliser.", true, "1200 0 [] "},
		{"Une action d’insertion de 350 heures est demandée au titulaire.", true, "350 0 [] "},
		{"Clause sociale. Le volume horaire d’insertion est fixé à 2 450 heures.", true, "2450 0 [] "},
		{"Clause sociale d’insertion : 805 heures.", true, "805 0 [] "},
		{"Clause sociale : le titulaire réserve 5 % des heures travaillées à des publics éloignés de l’emploi.", true, "0 0.05 [publics éloignés de l’emploi] "},
		{"Clause sociale : au minimum 7,5 % du temps total de travail à des personnes en insertion.", true, "0 0.075 [personnes en insertion] "},
		{"Clause sociale : la part d’insertion dans les heures travaillées est de 10 %.", true, "0 0.1 [] "},
		{"Clause sociale d’insertion pour des demandeurs d’emploi de longue durée, des bénéficiaires du RSA, des jeunes sans qualification et des travailleurs handicapés.", true,
			"0 0 [demandeurs d’emploi de longue durée bénéficiaires du RSA jeunes sans qualification travailleurs handicapés] "},
		{"Clause sociale d’insertion. Elle est ouverte aux habitants des quartiers prioritaires de la politique de la ville.", true,
			"0 0 [habitants des quartiers prioritaires de la politique de la ville] "},
		{"Clause sociale : contacter le PLIE de la Drôme.", true, "0 0 [] PLIE de la Drôme"},
		{"Clause sociale, accompagnée par la Maison de l’Emploi de Valence et par le facilitateur.", true, "0 0 [] Maison de l’Emploi de Valence"},
		{"Clause sociale d’insertion. Un facilitateur de la clause sociale accompagne le titulaire.", true, "0 0 [] facilitateur de la clause sociale"},
		{"Clause sociale d’insertion suivie par la mission locale Drôme des Collines.", true, "0 0 [] mission locale Drôme des Collines"},
		{"CLAUSE SOCIALE D’INSERTION POUR LES ALLOCATAIRES DU RSA ET LES HABITANTS DES QPV.", true, "0 0 [allocataires du RSA habitants des QPV] "},
		{"Clause sociale. Pour chaque lot, le titulaire réalisera 1 200 heures d’insertion.", false, "1200 0 [] "},
		{"Clause sociale d’insertion : 350 heures d’insertion par lot.", false, "350 0 [] "},
		{"Clause sociale. Chacun des quatre lots demande 90 heures d’insertion.", false, "90 0 [] "},
		{"Clause sociale. Pour chaque lot, 700 heures d’insertion sur l’ensemble de la durée du marché.", false, "700 0 [] "},
		{"Clause sociale. Chaque lot 1 200 heures d’insertion.", false, "1200 0 [] "},
		{"Le lot 2 est soumis à une clause sociale d’insertion, nombre d’heures d’insertion : 640.", false, "640 0 [] "},
		// What is not of insertion, or not of this lot, is not read.
		{"Clause sociale d’insertion. Les bureaux ouvrent 35 heures par semaine.", true, "0 0 [] "},
		{"Clause sociale d’insertion. Le délai d’intervention est de 48 heures.", true, "0 0 [] "},
		{"Clause sociale d’insertion. Critère : performance en matière d’insertion, 10 % de la note.", true, "0 0 [] "},
		{"Clause sociale d’insertion. Le prix compte pour 60 %, l’insertion pour 10 % : ces critères sont pondérés.", true, "0 0 [] "},
		{"Clause sociale. Le lot 1 demande 900 heures d’insertion.", false, "0 0 [] "},
		{"Clause sociale. Le lot 2 demande 300 heures d’insertion. Le lot 1 en demande 900 heures d’insertion.", false, "300 0 [] "},
		{"Clause sociale. Les lots 1 à 3 demandent 120 heures d’insertion chacun.", false, "120 0 [] "},
		{"Clause sociale : 1 500 heures d’insertion pour l’ensemble du marché.", false, "0 0 [] "},
		{"Clause sociale : 1 500 heures d’insertion au total, réparties par lot.", false, "0 0 [] "},
		{"Clause sociale. Pour chaque lot, 80 heures d’insertion ; le lot 1 demande 900 heures d’insertion.", false, "80 0 [] "},
		{"Clause sociale. Les lots 1 et 3 demandent chacun 900 heures d’insertion par lot.", false, "0 0 [] "},
		{"Le prix est ferme. Le marché dure 1 500 heures.", true, "0 0 [] "},
	} {
		n := p.notice(BOAMP, "26-1", "10-01", Call, Call, described(c.text))
		got := termsOf(n, n.Social, "2", c.alone)
		if text := fmt.Sprint(got.hours, got.share, got.publics, " ", got.facilitator); text != strings.Replace(c.want, "] ", "]  ", 1) && text != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.text, text, c.want)
		}
	}
}

// TestQuotes: what is quoted is the sentence of the clause, at its place, once.
func TestQuotes(t *testing.T) {
	t.Parallel()
	p := newPaper(t)
	const text = "Écoles à rénover. La clause sociale d’insertion demande 1 500 heures d’insertion.  Le prix est ferme."
	n := p.notice(BOAMP, "26-1", "10-01", Call, Call, described(text))
	award := p.notice(BOAMP, "26-2", "11-01", Award, Award, won("", "Bâtir SA", ""))
	got := afterAward(rowsOf(n, award))[0].clause.Evidence
	if len(got) != 1 || got[0].Quote != "La clause sociale d’insertion demande 1 500 heures d’insertion." || string([]rune(n.Description)[got[0].Start:got[0].End]) != got[0].Quote {
		t.Errorf("%+v", got)
	}
}

// TestQuotesAreOfWholeWords: a verdict quotes no beginning of a word.
func TestQuotesAreOfWholeWords(t *testing.T) {
	t.Parallel()
	p := newPaper(t)
	for _, text := range []string{
		"Le titulaire réserve 5 % des heures travaillées à des bénéficiaires du RSA.",
		"Le titulaire confiera 10 % des heures du chantier à des personnes éloignées de l’emploi.",
	} {
		n := p.notice(BOAMP, "26-1", "10-01", Call, Call, described(text))
		runes := []rune(n.Description)
		if len(n.Social.Evidence) == 0 {
			t.Errorf("%s: no clause", text)
		}
		for _, e := range n.Social.Evidence {
			cut := e.End < len(runes) && ofWord(runes[e.End]) && ofWord(runes[e.End-1]) || e.Start > 0 && ofWord(runes[e.Start]) && ofWord(runes[e.Start-1])
			if cut || string(runes[e.Start:e.End]) != e.Quote {
				t.Errorf("%q is quoted of %q", e.Quote, text)
			}
		}
	}
}

// TestDenials: what takes a clause back, and what only speaks of it.
func TestDenials(t *testing.T) {
	t.Parallel()
	p := newPaper(t)
	for text, want := range map[string]bool{
		"La clause sociale d’insertion est supprimée.":                       true,
		"Suppression de la clause d’insertion.":                              true,
		"Le marché ne comporte plus de clause sociale.":                      true,
		"Les heures d’insertion ont été retirées.":                           true,
		"Suppression de la clause d’insertion du lot 1.":                     false, // of another lot
		"Suppression de la clause d’insertion du lot 2.":                     true,
		"La clause sociale d’insertion est obligatoire.":                     false,
		"Suppression du lot 3. La clause sociale d’insertion est maintenue.": false,
		"La clause de révision est supprimée.":                               false,
	} {
		n := p.notice(BOAMP, "26-2", "10-05", Correction, Call, whatChanged(text))
		if quote := denies(n, "2"); (quote != "") != want {
			t.Errorf("%q: quoted %q", text, quote)
		}
	}
}

// FuzzTerms: any text is read without a fault, and what is kept is bounded.
func FuzzTerms(f *testing.F) {
	f.Add("Clause sociale : 1 500 heures d’insertion, PLIE de la Drôme, lot 2, 5 % des heures.")
	f.Add("Clause sociale ŒŒ \xff\xfe d’insertion 99999999 heures d’insertion % ; \n l. a")
	p := newPaper(f)
	f.Fuzz(func(t *testing.T, text string) {
		p.t = t
		n := p.notice(BOAMP, "26-1", "10-01", Call, Call, described(text))
		got := termsOf(n, n.Social, "2", true)
		if got.hours < 0 || got.share < 0 || got.share > 1 || len(got.publics) > maxPublics || len([]rune(got.facilitator)) > maxFacilitator {
			t.Errorf("%+v", got)
		}
		denies(n, "2")
	})
}
