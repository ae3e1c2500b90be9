//nolint:misspell // the words are French
package tenders

import "testing"

// TestClausesInBuyersWords reads sentences of the additional information of a
// notice, as buyers write them: what denies stands in the proposition of the clause
// and not elsewhere in the sentence, and the hours are read in their usual places.
func TestClausesInBuyersWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text  string
		want  Verdict
		hours int
	}{
		{"Le marché comporte une clause sociale dont le non-respect entraîne des pénalités.", Execution, 0},
		{"Clause sociale d'insertion en faveur de personnes non qualifiées.", Execution, 0},
		{"Le titulaire réalisera 300 heures d'insertion pour des jeunes non diplômés.", Execution, 300},
		{"Clause sociale obligatoire sous peine de non-conformité de l'offre.", Execution, 0},
		{"Ce marché n'est pas alloti et comporte une clause sociale d'insertion.", Execution, 0},
		{"Le marché n'est pas divisé en lots, il intègre une clause d'insertion.", Execution, 0},
		{"Les variantes ne sont pas autorisées, une clause d'insertion est prévue.", Execution, 0},
		{"Ce lot n'est pas réservé mais il comporte une clause d'insertion professionnelle obligatoire.", Execution, 0},
		{"Lot réservé aux structures d'insertion par l'activité économique, non divisible.", Reserved, 0},
		{"Marché réservé aux entreprises adaptées ou ESAT, non alloti.", Reserved, 0},
		{"La participation est limitée aux ateliers et chantiers d'insertion et aux entreprises d'insertion conventionnés.", Reserved, 0},
		{"L'accès à la procédure est réservé au secteur protégé et adapté.", Reserved, 0},
		{"Le pouvoir adjudicateur a décidé de réserver ce marché à des ESAT ou à des entreprises adaptées.", Reserved, 0},
		{"Marché réservé secteur adapté et protégé.", Reserved, 0},
		{"Marché réservé (art. 36-I de l'ordonnance n° 2015-899) à des entreprises adaptées.", Reserved, 0},
		{"Réservé EI, ACI, AI, ETTI", Reserved, 0},
		{"Les candidats doivent impérativement justifier d'un conventionnement en tant que structure de l'insertion par l'activité économique, le marché leur étant exclusivement réservé.", Reserved, 0},
		{"Il ne s'agit pas d'un marché réservé au sens des articles L. 2113-12 à L. 2113-16.", NoClause, 0},
		{"Marché non réservé au titre des articles L2113-12 et L2113-13.", NoClause, 0},
		{"L'entreprise retenue consacrera deux cents heures (200 h) à l'insertion de demandeurs d'emploi de longue durée ou de bénéficiaires du RSA.", Execution, 200},
		{"Le titulaire devra faire appel à une entreprise de travail temporaire d'insertion pour au moins un poste sur le chantier.", Execution, 0},
		{"Les heures de travail seront pour partie confiées à des habitants des quartiers prioritaires, sous le contrôle du PLIE.", Execution, 0},
		{"Insertion : 700 heures minimum à effectuer par des jeunes sans qualification de moins de 26 ans.", Execution, 700},
		{"Le titulaire réalisera 640 h d'insertion.", Execution, 640},
		{"420 h d'insertion à réaliser.", Execution, 420},
		{"La clause sociale prévue initialement est supprimée.", NoClause, 0},
		{"La clause sociale n'est pas applicable.", NoClause, 0},
		{"Acquisition d'un logiciel de suivi des clauses sociales pour les facilitateurs du territoire.", NoClause, 0},
		{"Évaluation du dispositif des clauses sociales d'insertion de la métropole.", NoClause, 0},
		{"Formation des agents à la rédaction des clauses sociales.", NoClause, 0},
		{"Une clause sociale de reprise du personnel est prévue à l'article 7 de la convention collective.", NoClause, 0},
		{"Il ne sera pas fait application d'un critère social.", NoClause, 0},
		{"1. prix ; 2. délai ; 3. critère social : nombre d'heures d'insertion proposées (10 %).", Criterion, 0},
		{"Insertion professionnelle des publics en difficulté : 15 %, prix : 60 %, délai : 25 %.", Criterion, 0},
		{"La qualité de la démarche d'insertion sera notée sur 15 points au titre des critères de jugement des offres.", Criterion, 0},
		{"Mise en œuvre d'un chantier d'insertion pour la restauration du petit patrimoine.", Object, 0},
		{"Chantier d'insertion : entretien des sentiers de randonnée.", Object, 0},
		{"Clause sociale d'insertion : 640 heures.", Execution, 640},
		{"Clause sociale : 640 h à réaliser.", Execution, 640},
		{"Clause sociale obligatoire : 1 820 heures.", Execution, 1820},
		{"Une clause d'insertion de 1820 heures est prévue.", Execution, 1820},
		{"Volume horaire d'insertion : 640 heures", Execution, 640},
		{"Le nombre d'heures d'insertion est fixé à 640.", Execution, 640},
		{"Une action d'insertion d'un volume minimal de 400 heures est demandée.", Execution, 400},
		{"640 heures au profit de demandeurs d'emploi de longue durée.", Execution, 640},
		{"7 % des heures travaillées, soit 640 heures, sont confiées à des bénéficiaires du RSA.", Execution, 640},
		{"Une part minimale de 5 % des heures travaillées est à réserver à des publics en insertion professionnelle.", Execution, 0},
		{"La ville impose à l'attributaire de confier une partie des heures de main-d'œuvre à des habitants des quartiers prioritaires.", Execution, 0},
		{"Volume d'insertion exigé : 140 heures.", Execution, 140},
		{"Le titulaire a l'obligation d'employer au moins un apprenti pendant le chantier.", Execution, 0},
		{"Le marché comporte une clause obligatoire de promotion de l'emploi.", Execution, 0},
		{"Les travaux donneront lieu à l'embauche de personnes en insertion à hauteur de 315 heures minimum.", Execution, 315},
		{"Ne pourront candidater que les entreprises d'insertion conventionnées.", Reserved, 0},
		{"Le lot est réservé aux établissements relevant de l'article L. 344-2 du code de l'action sociale ou de l'article L. 5213-13 du code du travail.", Reserved, 0},
		{"La collectivité n'a pas retenu la possibilité de réserver la consultation au titre des articles L.2113-12 à L.2113-16.", NoClause, 0},
		{"Critères d'attribution : 1) prix 60 % ; 2) délai 20 % ; 3) actions proposées pour l'insertion des publics en difficulté 20 %.", Criterion, 0},
		{"Les offres seront notées au regard de la démarche d'insertion proposée.", Criterion, 0},
		{"L'opération pourra, le cas échéant, faire l'objet d'une démarche d'insertion.", ToConfirm, 0},
		{"La commune encourage les entreprises à recourir à des demandeurs d'emploi.", ToConfirm, 0},
		{"La collectivité sera attentive aux aspects sociaux et environnementaux.", ToConfirm, 0},
		{"La prestation consiste à accompagner vers l'emploi les bénéficiaires du RSA.", Object, 0},
		{"L'objet du marché est l'insertion professionnelle de personnes en difficulté, par des travaux de nettoyage.", Object, 0},
		{"Le facilitateur assure le suivi de la clause sociale d'insertion.", Execution, 0},
		{"Le marché ne comporte ni lot réservé ni clause sociale.", NoClause, 0},
		{"Aucune clause d'insertion n'est prévue.", NoClause, 0},
		{"Durée de 48 heures pour répondre ; une clause d'insertion est prévue.", Execution, 0},
		{"Marché réservé : oui, aux structures d'insertion (L2113-13).", Reserved, 0},
	} {
		d := newDraft(EForms, nil)
		d.Texts["additional_information"] = c.text
		d.judge()
		if d.Social.Verdict != c.want || d.Social.Hours != c.hours {
			t.Errorf("%q:\n got %s, %d hours, want %s, %d\n %+v", c.text, d.Social.Verdict, d.Social.Hours, c.want, c.hours, d.Social.Evidence)
		}
	}
}
