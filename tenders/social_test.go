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
		// By law, in the other words that buyers use.
		{"Les candidats doivent être des entreprises de l’économie sociale et solidaire.", Reserved, []Beneficiary{ESS}},
		{"Seules les structures d'insertion par l'activité économique peuvent répondre au lot.", Reserved, []Beneficiary{SIAE}},
		{"L'exécution du marché est réservée dans le cadre de programmes d'emplois protégés.", Reserved, []Beneficiary{EAESAT}},
		{"Cette consultation s'adresse exclusivement aux ESAT et entreprises adaptées.", Reserved, []Beneficiary{EAESAT}},
		{"Lot 2 (réservé) : entretien des massifs", Reserved, nil},
		{"Marché réservé au sens de l'article 13 du décret n° 2016-360.", Reserved, nil},
		{"Marché réservé : non.", NoClause, nil},
		{"Clause d'insertion : sans objet.", NoClause, nil},
		{"Clause sociale : néant", NoClause, nil},
		{"10 places de stationnement réservées aux personnes handicapées.", NoClause, nil},
		{"Le candidat est-il une entreprise adaptée ou un ESAT ?", NoClause, nil},
		{"5 % des heures de travail seront réservées à des personnes en insertion professionnelle.", Execution, nil},
		{"Le titulaire devra réserver 10 % du temps de travail à des publics en insertion.", Execution, nil},
		{"L'attributaire s'engage à recruter des demandeurs d'emploi de longue durée.", Execution, nil},
		{"Une part minimale des heures de production est confiée à des publics éloignés de l'emploi.", Execution, nil},
		{"Condition d'exécution sociale : emploi de personnes rencontrant des difficultés particulières d'insertion.", Execution, nil},
		{"Le marché comporte une clause d'exécution à caractère social.", Execution, nil},
		{"L'entreprise est tenue de confier des heures à l'insertion sociale des habitants du quartier prioritaire.", Execution, nil},
		{"Marché à clauses sociales et/ou environnementales.", ToConfirm, nil},
		{"Des considérations sociales sont prises en compte.", ToConfirm, nil},
		{"Le candidat pourra proposer une démarche d'insertion professionnelle.", ToConfirm, nil},
		{"Sous-critère 3 : politique sociale appliquée au marché (5 points).", Criterion, nil},
		{"Critères : prix 60 %, valeur technique 30 %, engagement social 10 %.", Criterion, nil},
		{"Accompagnement vers l'emploi des bénéficiaires du RSA.", Object, nil},
		{"Marché de qualification et d'insertion professionnelle, support bâtiment.", Object, nil},
		{"Les travaux servent de support à des actions d'insertion.", Object, nil},
		{"Achat de services d'insertion sociale et professionnelle pour des jeunes.", Object, nil},
		{"Service pénitentiaire d'insertion et de probation : entretien des locaux.", NoClause, nil},
		{"Rénovation du centre d'hébergement et de réinsertion sociale.", NoClause, nil},
		{"Fourniture d'équipements pour le service social de la ville.", NoClause, nil},
		{"Protection sociale complémentaire des agents.", NoClause, nil},
		{"Construction de 40 logements sociaux.", NoClause, nil},
		{"Chantier soumis à la réglementation sociale en vigueur ; attestations sociales à jour.", NoClause, nil},
		{"Production d'une attestation de régularité fiscale et sociale.", NoClause, nil},
		{"Mission de contrôle sur le chantier, 120 heures au plus.", NoClause, nil},
		{"Formation des apprentis du CFA aux premiers secours.", NoClause, nil},
		{"Bilan carbone et insertion du projet dans son environnement.", NoClause, nil},
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
		{"a reservation flagged where insertion is what is bought", "Prestations d'insertion, support espaces verts.", Reserved, Object},
		{"a field that says not reserved, and a text that says reserved", "Marché réservé aux ESAT.", NoClause, ToConfirm},
		{"a field that says not reserved, and nothing else", "Travaux de peinture.", NoClause, NoClause},
		{"a field that says not reserved, and a clause", "Clause sociale d'insertion.", NoClause, Execution},
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

// TestRulesReadAroundTheirWords: what a rule finds around its words is all that it
// would find in the whole text.
func TestRulesReadAroundTheirWords(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, n := range noticesByTitle(t) {
		list := (&draft{Notice: n}).passages()
		for i := range n.Lots {
			list = append(list, n.Lots[i].passages("lots[]")...)
		}
		for _, p := range list {
			text := foldText(p.text)
			for i, r := range clauses().rules {
				whole, near := r.re.FindAllStringIndex(text, maxHits), r.find(text)
				if len(whole)+len(near) > 0 && !slices.EqualFunc(whole, near, slices.Equal) {
					t.Errorf("rule %d on %s of %s: %v in the whole, %v around the words", i, p.field, n.ID, whole, near)
				}
				seen += len(whole)
			}
		}
	}
	if seen < 300 {
		t.Errorf("%d matches only", seen)
	}
}
