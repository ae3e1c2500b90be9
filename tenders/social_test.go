//nolint:misspell // the words are French
package tenders

import (
	"slices"
	"testing"
)

// TestClauses reads short passages, one verdict each: the ways of writing a
// clause, and what looks like one and is not.
func TestClauses(t *testing.T) {
	t.Parallel()
	cases := []struct {
		text string
		want Verdict
		to   []Beneficiary
	}{
		{"Le marché est réservé aux structures d’insertion par l’activité économique.", Reserved, []Beneficiary{SIAE}},
		{"Marché réservé à des entreprises adaptées et à des ESAT en application de l'article L. 2113-12.", Reserved, []Beneficiary{EAESAT}},
		{"Lot reserve aux EA, ESAT et SIAE (article L2113-14)", Reserved, []Beneficiary{EAESAT, SIAE}},
		{"En application de l'article L. 2113-13 du code de la commande publique, les lots sont réservés à des structures d'insertion.", Reserved, []Beneficiary{SIAE}},
		{"Le marché est réservé aux entreprises de l'économie sociale et solidaire.", Reserved, []Beneficiary{ESS}},
		{"Prestations de traiteur - 2 lots, dont un lot réservé", Reserved, nil},
		{"Le lot sera attribué à une entreprise adaptée ou à un établissement et service d'aide par le travail.", Reserved, []Beneficiary{EAESAT}},
		{"La consultation est réservée au secteur adapté.", Reserved, []Beneficiary{EAESAT}},
		{"Cette consultation comporte une clause d'insertion professionnelle et de promotion de l'emploi.", Execution, nil},
		{"Clause sociale obligatoire : 450 heures d insertion.", Execution, nil},
		{"Le titulaire réalisera une action d’insertion au profit des personnes éloignées de lemploi.", Execution, nil},
		{"Une clause obligatoire d'insertion par l'activité économique est prévue.", Execution, nil},
		{"Critère 2 : performance en matière d'insertion professionnelle (35 %).", Criterion, nil},
		{"La sélection comporte un critère social.", Criterion, nil},
		{"Prestations d'insertion à destination d'un public éloigné.", Object, nil},
		{"Les activités d'entretien sont le support de la démarche d'insertion.", Object, nil},
		{"Le candidat respecte l'obligation d'emploi des travailleurs handicapés (articles L. 5212-1 à L. 5212-11 du code du travail).", NoClause, nil},
		{"Être en règle au regard des articles L. 5212-1 à L. 5212-11 du code du travail concernant l'emploi des travailleurs handicapés.", NoClause, nil},
		{"Le pouvoir adjudicateur se réserve le droit de ne pas donner suite ; une entreprise adaptée est titulaire sortante.", NoClause, nil},
		{"Sous réserve de l'accord de l'ESAT voisin.", NoClause, nil},
		{"Réservoir d'eau potable et réserve naturelle.", NoClause, nil},
		{"Réservation de berceaux en crèche.", NoClause, nil},
		{"Marché réservé à la profession d'architecte.", NoClause, nil},
		{"Insertion urbaine et insertion paysagère du bâtiment dans le site.", NoClause, nil},
		{"Insertion de communication dans la presse régionale.", NoClause, nil},
		{"Construction d'un ESAT de 40 places.", NoClause, nil},
		{"La présente consultation ne comporte aucune clause sociale.", NoClause, nil},
		{"Le marché ne comporte aucune clause d'insertion, à l'exception du lot 2.", Execution, nil},
		{"Portage de repas réservé aux séniors et personnes en situation de handicap.", NoClause, nil},
		{"Le marché n'est pas réservé à des entreprises adaptées.", NoClause, nil},
		{"Transport d'élèves en situation de handicap.", NoClause, nil},
		{"Présence d'apprentis souhaitée sur le chantier.", NoClause, nil},
		{"Mise en œuvre, n° 3, 50 000 € — cœur de ville : le marché est réservé aux ESAT.", Reserved, []Beneficiary{EAESAT}},
	}
	for _, c := range cases {
		d := newDraft(EForms, nil)
		d.Description = c.text
		d.judge()
		if d.Social.Verdict != c.want || !slices.Equal(d.Social.ReservedTo, c.to) && len(c.to)+len(d.Social.ReservedTo) > 0 {
			t.Errorf("%q:\n got %s %v, want %s %v\n %+v", c.text, d.Social.Verdict, d.Social.ReservedTo, c.want, c.to, d.Social.Evidence)
		}
		for _, fault := range evidenceFaults(d.Notice) {
			t.Errorf("%q: %s", c.text, fault)
		}
	}
}

func TestFlagsNeedText(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		text string
		says Verdict
		want Verdict
	}{
		{"a flag alone is to be confirmed", "Travaux de peinture.", Reserved, ToConfirm},
		{"a flag that the text supports", "Marché réservé aux ESAT.", Reserved, Reserved},
		{"a reservation whose object is insertion", "Prestations d'insertion, support espaces verts.", Reserved, Reserved},
		{"a reservation with an execution clause only", "Clause sociale d'insertion.", Reserved, ToConfirm},
		{"a social criterion flagged and written as a clause", "Clause sociale d'insertion.", ToConfirm, Execution},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newDraft(TED, nil)
			d.Description = c.text
			d.flag("", c.says, "/x", "x", SIAE)
			d.judge()
			if d.Social.Verdict != c.want {
				t.Errorf("got %+v", d.Social)
			}
		})
	}
}

func TestClauseOfNamedLots(t *testing.T) {
	t.Parallel()
	d := newDraft(TED, nil)
	d.Description = "Les lots n° 2 et 3 sont réservés aux entreprises adaptées. Le lot 1 comporte une clause sociale de 1 200 heures d'insertion."
	d.Lots = []Lot{newLot("1"), newLot("LOT-0002"), newLot("03")}
	d.judge()
	want := []Verdict{Execution, Reserved, Reserved}
	for i, l := range d.Lots {
		if l.Social.Verdict != want[i] {
			t.Errorf("lot %s: got %s, want %s", l.ID, l.Social.Verdict, want[i])
		}
	}
	if d.Lots[0].Social.Hours != 1200 {
		t.Errorf("hours: got %d", d.Lots[0].Social.Hours)
	}
}

// TestQuote: the passage quoted is the one that was matched, counted in
// characters after letters that fold to one byte, two bytes or another length.
func TestQuote(t *testing.T) {
	t.Parallel()
	d := newDraft(EForms, nil)
	d.Description = "Cœur de ville, n° 3, 50 000 € : le marché est réservé aux ESAT."
	d.judge()
	if e := d.Social.Evidence; len(e) != 1 || e[0].Quote != "réservé aux ESAT" || e[0].Start != 46 || e[0].End != 62 {
		t.Errorf("%+v", e)
	}
}
