//nolint:misspell // the words are French
package tenders

import "strings"

// The ways of writing each kind of clause, the surest first. What a rule must not
// take is beside it (unless) or, where it holds for several, in the excluded spans
// of the book. docs/clauses.md says how often they are right.

// ofWork, before a reservation, makes it a share of the work: "5 % des heures
// seront réservées à des personnes en insertion" binds the holder;
// as "places réservées aux personnes handicapées" is a car park.
const ofWork = `(?:\bheures?\b|temps de travail|volume|main d§oeuvre|effectifs?|emplois|postes|\d ?%|\bplaces?\b|\bstationnement|\bemplacements?|\btoilettes|\bsanitaires)[^.;]{0,60}$`

func reservations() []rule {
	anyone := `(?:` + strings.Join([]string{patternEAESAT, patternSIAE, patternESS, patternPrison}, "|") + `)`
	share := pattern(ofWork)
	to := `\breserve(?:e|s|es)?(?:\s+\w+){0,2}?\s+(?:aux?|a|pour|d[eu]s?|dans|en (?:application|vertu)|au (?:sens|titre))\b`
	who := `(?:candidats?|soumissionnaires?|operateurs? economiques?|attributaires?|titulaires?)`
	return []rule{
		{says: Reserved, confidence: 0.92, words: []string{"reserv"}, unless: share, re: pattern(to + `[^.;]{0,160}?` + anyone)},
		{says: Reserved, confidence: 0.85, words: []string{"reserv"}, unless: share, re: pattern(`\breserve(?:e|s|es)?\s+(?:a l§)?insertion\b`)},
		{says: Reserved, confidence: 0.88, words: []string{"344-2", "5213-13", "5132-4"}, unless: share, re: pattern(to + `(?:[^.;]|\bl\. ?){0,120}?\b(?:344-2|5213-13|5132-4)\b`)},
		{says: Reserved, confidence: 0.88, words: []string{" que "}, re: pattern(`\bne (?:pourront|pourra|peuvent|peut)\b[^.;]{0,60} que (?:les?|des?|aux?) [^.;]{0,30}?` + anyone)},
		{says: Reserved, confidence: 0.9, words: []string{"reserver"}, unless: share, re: pattern(`\breserver\b[^.;%\d]{0,60}?\b(?:aux?|a) [^.;%]{0,60}?` + anyone)},
		{says: Reserved, confidence: 0.88, words: []string{"reserve"}, unless: share, re: pattern(`\breserve(?:e|s|es)? (?:aux? |a (?:des |une? )?)?(?:ei|aci|ai|etti|siae|s?iae|ea|esat|geiq)s?\b|\breserve(?:e|s|es)? ` + anyone + `|\bleur (?:est|etant|sont)(?: \w+){0,2} reserve`)},
		{says: Reserved, confidence: 0.88, words: []string{"limite", "restreint"}, re: pattern(`\b(?:participation|acces|candidatures?|marches?|lots?|consultations?|procedures?|concurrence)\b[^.;]{0,50}?\b(?:limite|restreint)(?:e|s|es)? (?:aux?|a)\b[^.;]{0,80}?` + anyone)},
		{says: Reserved, confidence: 0.85, words: []string{"reservation"}, anywhere: true, re: pattern(`\breservation (?:du|de la|des|de ce|de cette|du present|d§un) (?:marche|lot|contrat|consultation|accord)[^.;]{0,100}?` + anyone)},
		{says: Reserved, confidence: 0.85, words: []string{"attribue", "destine", "confie", "adresse", "ouvert"}, re: pattern(`\b(?:attribue|destine|confie)e?s?\s+(?:exclusivement\s+)?(?:aux?|a)\b[^.;]{0,60}?` + anyone + `|\b(?:s'adresse(?:nt)?|ouvert(?:e|s|es)?) (?:uniquement|exclusivement|seulement) (?:aux?|a)\b[^.;]{0,80}?` + anyone)},
		{says: Reserved, confidence: 0.85, words: []string{"doi", "seul"}, re: pattern(`\b` + who + `¤ doi(?:t|vent) (?:obligatoirement |imperativement )?(?:etre|avoir la qualite d§|relever|justifier (?:de (?:leur|sa) qualite|d§(?:une? )?(?:conventionnement|agrement|qualite)))[^.;]{0,60}?` + anyone + `|\bseule?s (?:les?|des?|pourront|peuvent)[^.;]{0,60}?` + anyone + `[^.;]{0,120}?(?:candidater|repondre|soumissionner|presenter|deposer|admis|participer|autorise)`)},
		{says: Reserved, confidence: 0.75, words: []string{"reserv"}, unless: share, re: pattern(`\b(?:lots?|marches?|accords?[- ]cadres?|consultations?)(?:\s+n?[o°]?s?\s?\d+)?(?:\s+(?:est|sont|etant))?(?:\s+un\s+marche)?[\s(]+reserve(?:e|s|es)?\b(?:\s*[:.,;()\n–—-]|\s*$|\s+(?:au sens|en application|en vertu|conformement|dans le cadre|insertion))|\bdont (?:un|une|1|le)¤ reserve(?:e|s|es)?\b`)},
		{says: Reserved, confidence: 0.75, unless: pattern(placed), only: []string{"title"}, words: []string{" par "}, re: pattern(`\bpar (?:un|une|des|le|les) [^.;]{0,40}?` + anyone)},
		{says: Reserved, confidence: 0.8, only: []string{"reference_to_law"}, words: []string{"insertion", "adaptee", "esat", "travail"}, re: pattern(anyone + `[^.;\n]{0,120}?l\.?\s?(?:5132-4|5213-13|344-2)\b`)},
		{says: Reserved, confidence: 0.8, words: []string{"5132-4", "5213-13", "344-2"}, re: pattern(`\blots?\s?(?:n\s?[o°]?\s?)?\d{1,3}\s?:\s?(?:aux |des |les )?` + anyone + `[^.;\n]{0,120}?l\.?\s?(?:5132-4|5213-13|344-2)\b`)},
		{says: Reserved, confidence: 0.75, words: []string{"article 15"}, re: pattern(`\barticle 15 du (?:code des marches|cmp)\b`)},
		{says: Reserved, confidence: 0.8, words: []string{"2113-1"}, re: pattern(`\b[lr]\.?\s?2113-1[2345](?:-1)?\b`)},
		{says: Reserved, confidence: 0.8, words: []string{"2015-899"}, re: pattern(`articles? 3[67]\b[^.;]{0,40}ordonnance (?:n[^;]{0,6})?2015-899`)},
		{says: Reserved, confidence: 0.75, words: []string{"2016-360"}, re: pattern(`articles? 1[34]\b[^.;]{0,30}decret (?:n[^;]{0,6})?2016-360`)},
		{says: Reserved, confidence: 0.8, words: []string{"travailleur"}, unless: share, re: pattern(`50\s?%[^.;]{0,60}travailleurs? (?:handicape|defavorise|en situation de handicap)`)},
	}
}

// placed, before the words of insertion, makes them those of a clause, a criterion,
// a body, or of what is built or cleaned.
const placed = `(?:\bclauses?|\bcriteres?|\bpreuves?|\bconditions?|\bheures?|\breserve\w*|\bconstruction|\brehabilitation|\brenovation|\bextension|\brestructuration|\btravaux|\bamenagement|\bdemolition|maitrise d§oeuvre|\bnettoyage|\bentretien des locaux|\bavec|\bincluant|\bcomportant|\bvi[as]\w*)[^.;]{0,60}$`

func objects() []rule {
	unless := pattern(placed)
	titles, told := []string{"title"}, []string{"title", "description"}
	return []rule{
		{says: Object, confidence: 0.9, words: []string{"insertion"}, re: pattern(`\bsupports? (?:de la |des |a la |a des |a l§|de |d§une |pour (?:l§|des |la |une ))?(?:demarches?|actions?|activites?|parcours|projets?|operations?)?\s?(?:d§|l§)?insertion`)},
		{says: Object, confidence: 0.88, words: []string{"insertion"}, unless: pattern(`(?:\bclauses?|\bcriteres?)[^.;]{0,60}$`), re: pattern(`\b(?:prestations?|marches?|services?|missions?)(?: de (?:services?|prestations?))?(?: de qualification et)? d§insertion\b`)},
		{says: Object, confidence: 0.88, words: []string{"insertion"}, re: pattern(`\b(?:a|ont) pour (?:objet|finalite|but)(?: [\w']+){0,6}? (?:l§|la |d§)?(?:insertion|reinsertion) (?:sociale|professionnelle|economique|par l§)`)},
		{says: Object, confidence: 0.85, words: []string{"insertion"}, unless: unless, re: pattern(`\bqualifications?(?: professionnelles?)? (?:et|-) ?(?:d§)?insertion|\binsertion et (?:de )?qualification`)},
		{says: Object, confidence: 0.8, words: []string{"reinsertion"}, unless: unless, re: pattern(`\breinsertion sociale et (?:economique|professionnelle)`)},
		{says: Object, confidence: 0.85, words: []string{"insertion"}, unless: unless, only: titles, re: pattern(`\b(?:re)?insertion (?:socio[- ]?|sociale (?:et|ou) )?(?:professionnelle|(?:par|dans|vers) l§(?:emploi|activite))|\binsertion (?:et (?:l§)?|(?:par|vers|dans) l§)?emploi\b|\bplan local (?:pour |d§)?(?:l§)?insertion|\b(?:chantiers?|ateliers?|actions?|parcours|dispositifs?|accompagnement|demarches?|operations?)¤ (?:d§|a l§)insertion\b`)},
		{says: Object, confidence: 0.85, words: []string{"emploi", "insertion"}, unless: unless, only: told, re: pattern(`\baccompagne(?:ment|r|s)?\b[^.;]{0,90}?(?:(?:vers|dans|a|au|retour|acces) (?:(?:un|l|a) ?§?)*(?:re)?tour a l§emploi|(?:vers|dans|a) l§emploi|(?:insertion|integration) (?:sociale et )?(?:socio-?)?professionnelle)|\bretour a l§emploi (?:des|de) (?:publics?|personnes|demandeurs|beneficiaires|allocataires)`)},
		{says: Object, confidence: 0.85, words: []string{"insertion"}, unless: pattern(`(?:\bclauses?|\bcriteres?|\breserve\w*)[^.;]{0,60}$`), re: pattern(`\b(?:mise en oeuvre|realisation|organisation|animation|portage|encadrement|pilotage) d(?:'|es? | )\s?(?:une? )?(?:ateliers? et )?(?:chantiers?|parcours|ateliers?) d§insertion|^chantiers? d§insertion|\b(?:objet|finalite)\b[^.;]{0,40}? (?:est|consiste en) [^.;]{0,20}?\b(?:re)?insertion (?:sociale|professionnelle|de)`)},
		{says: Object, confidence: 0.85, words: []string{"emploi", "professionnel", "remobilisation"}, unless: unless, re: pattern(`\b(?:prestations?|achat|marche|mission|objet)\b[^.;]{0,60}?(?:\baccompagne(?:ment|r)[^.;]{0,30}?(?:(?:vers|dans|a) l§emploi|a la recherche d§emploi|socio-?\s?professionnel)|\blevee des freins|\bplacement (?:en|dans l§) ?emploi|\bremobilisation (?:de |des |professionnelle|vers))`)},
		{says: Object, confidence: 0.85, words: []string{"socio"}, unless: unless, only: told, re: pattern(`\baccompagnement socio-?\s?professionnel`)},
		{says: Object, confidence: 0.85, words: []string{"insertion"}, unless: unless, only: told, re: pattern(`\binsertion (?:sociale |professionnelle |et |sociale et professionnelle ){0,3}(?:des|de) (?:publics?|personnes|demandeurs|beneficiaires|allocataires|jeunes|habitants)`)},
	}
}

func executions() []rule {
	choice := pattern(`(?:\bcriteres?|\bponder\w*|\bnotes?\b|\bnotation)[^.;]{0,120}$`)
	// What is bought is about clauses, and has none for that; or they are perhaps.
	about := pattern(`(?:\blogiciel|\bevaluation|\bredaction|\bformation|\bguide|\bdispositif des|\bpourr(?:a|ont)|\bpeu(?:t|vent)|le cas echeant|\beventuellement)\b[^.;]{0,60}$`)
	obliged := `\b(?:titulaires?|attributaires?|entreprises?|prestataires?|concessionnaires?|delegataires?|candidats?)\b[^.;]{0,100}\b(?:doi(?:t|vent)|devra|devront|s'engage\w*|s'oblige\w*|(?:est|sont|sera|seront) tenue?s?|(?:a|ont) l§obligation)`
	terms := []string{"performance_conditions", "conditions"}
	public := `(?:publics?|personnes?|demandeurs? d§emploi|populations?|beneficiaires?)`
	return []rule{
		{says: Execution, confidence: 0.92, words: []string{"clause"}, unless: about, re: pattern(`\bclauses?¤ (?:sociales?|(?:d§)?insertion|a caractere social)\b`)},
		{says: Execution, confidence: 0.92, words: []string{"clause"}, re: pattern(`\bclauses?¤ de (?:promotion de l§emploi|lutte contre (?:le chomage|les exclusions))`)},
		{says: Execution, confidence: 0.92, words: []string{"insertion"}, unless: choice, re: pattern(`\bheures?¤ d§insertion|\d ?h d§insertion|\bvolume (?:horaire)?[^.;]{0,40}insertion|\bheures?\b[^.;]{0,50}? (?:a|pour|au titre de) l§insertion|\binsertion\s?:\s?\d[\d .]* ?(?:h|heures)\b`)},
		{says: Execution, confidence: 0.85, words: []string{"heures"}, unless: choice, re: pattern(`\bheures\b[^.;]{0,60}?\b(?:confie|realise|effectue|attribue|reserve)(?:e|s|es|r)?\b[^.;]{0,60}?(?:habitants|quartiers? prioritaire|publics|demandeurs? d§emploi|en insertion|sans qualification|eloigne)|\b(?:confier|reserver|consacrer|affecter)\b[^.;]{0,40}?\bheures\b[^.;]{0,60}?(?:habitants|quartiers? prioritaire|publics|demandeurs? d§emploi|en insertion|eloigne)|\b\d+ heures\b[^.;]{0,80}?(?:demandeurs? d§emploi|jeunes sans (?:qualification|diplome)|eloignee?s? (?:de|du)|quartiers? prioritaire)`)},
		{says: Execution, confidence: 0.85, words: []string{"appel", "recour", "sous-trait", "confi"}, unless: choice, re: pattern(obliged + `[^.;]{0,80}?(?:faire appel|recourir|avoir recours|sous-traiter|confier)\b[^.;]{0,80}?(?:` + patternSIAE + `|` + patternEAESAT + `)`)},
		{says: Execution, confidence: 0.85, words: []string{"insertion", "social"}, unless: choice, re: pattern(`\bactions?(?: obligatoires?)? d§insertion|\bconditions? d§execution¤ sociales?|\bconditions? a caractere social|\bdispositions? sociales? d§execution|\b(?:engagements?|obligations?|objectifs?|efforts?|exigences?)¤ d§insertion`)},
		{says: Execution, confidence: 0.85, words: []string{"reserv"}, re: pattern(`\breserve(?:r|ra|ront|e|es|s)?\b[^.;]{0,40}\d+(?:[.,]\d+)? ?%[^.;]{0,80}(?:heures|temps de travail|effectifs?|main d§oeuvre|emplois)|\d+(?:[.,]\d+)? ?%[^.;]{0,80}(?:heures|temps de travail|effectifs?|main d§oeuvre)[^.;]{0,60}reserve`)},
		{says: Execution, confidence: 0.75, words: []string{"eloigne"}, unless: choice, re: pattern(`\b` + public + `¤ eloignee?s? (?:de l§|du marche de l§|du marche du )(?:emploi|travail)|l§emploi (?:du|des|de) ` + public + ` qui (?:en )?(?:est|sont) eloigne`)},
		{says: Execution, confidence: 0.8, words: []string{"heures"}, re: pattern(`\b\d+(?:[.,]\d+)?\s?%[^.;]{0,80}heures[^.;]{0,60}(?:en difficulte|insertion|eloigne|beneficiaire|demandeurs? d§emploi)`)},
		{says: Execution, confidence: 0.8, words: []string{"difficulte"}, unless: choice, re: pattern(`\b(?:emploi|insertion|embauche|recrutement|acces)[^.;]{0,60}(?:personnes?|publics?)[^.;]{0,40}(?:en difficultes?|difficultes? (?:particulieres? )?(?:sociales?|d§insertion|professionnelles?|d§acces))`)},
		{says: Execution, confidence: 0.85, unless: choice, words: []string{"insertion", "emploi", "difficulte", "eloigne", "apprenti", "alternant", "contrat d"}, re: pattern(obliged + `[^.;]{0,120}(?:\binsertion (?:sociale|professionnelle|par l§(?:activite(?: economique)?|emploi)|(?:des|de) (?:personnes|publics))|\bdemandeurs? d§emploi|\b(?:publics?|personnes?) en (?:difficulte|insertion|recherche d§emploi)|\b(?:rencontrant|eprouvant) des difficultes|eloignee?s? (?:de l§|du marche)|\b(?:employer|recruter|embaucher|accueillir|former)\b[^.;]{0,30}?\b(?:apprentie?s?|alternants?|contrat d(?:'|e )(?:apprentissage|professionnalisation)))`)},
		{says: Execution, confidence: 0.8, words: []string{"recrut", "embauch"}, unless: pattern(`(?:\bcriteres?|\bponder\w*|\bnot(?:e|es|ee|ees|ation)\b|\bpourr(?:a|ont)|\bpeu(?:t|vent)|\bencourage\w*|\bincit\w*|\bsouhait\w*)[^.;]{0,120}$`), re: pattern(`\b(?:recruter|embaucher|recrutement|embauche)\b[^.;]{0,60}?\b(?:allocataires|beneficiaires du rsa|demandeurs? d§emploi|(?:personnes|publics|salaries) en (?:parcours d§)?insertion|eloignee?s? (?:de|du)|quartiers? prioritaire)`)},
		{says: Execution, confidence: 0.85, words: []string{"sous-trait"}, re: pattern(`\bsous-trait\w*[^.;]{0,20}?\b(?:obligatoire|imperative)\w*[^.;]{0,80}?(?:` + patternSIAE + `|` + patternEAESAT + `)`)},
		{says: Execution, confidence: 0.8, unless: choice, words: []string{"heures", "travail", "effectif", "emplois", "main d"}, re: pattern(`\b(?:part|partie|quota|proportion)\b[^.;]{0,50}(?:heures|temps de travail|effectifs?|main d§oeuvre|emplois)[^.;]{0,80}(?:insertion|publics|demandeurs? d§emploi|eloigne|en difficulte)`)},
		{says: Execution, confidence: 0.75, words: []string{"2112-2", "2015-899", "2016-65"}, re: pattern(`\bl\.?\s?2112-2\b|\bl\.?\s?3114-2\b|article 38[-\s]?i?\b[^.;]{0,40}ordonnance (?:n[^;]{0,6})?2015-899`)},
		{says: Execution, confidence: 0.75, words: []string{"article 14"}, re: pattern(`\barticle 14 du (?:code des marches|cmp)\b`)},
		{says: Execution, confidence: 0.75, only: terms, words: []string{"insertion", "apprenti", "emploi", "chomage"}, re: pattern(`\binsertion (?:sociale|professionnelle|par l§(?:activite(?: economique)?|emploi)|(?:des|de) (?:personnes|publics))|\b(?:volet|demarche|dispositif|politique|mesures?|exigences?)¤ (?:d§)?insertion|\bapprentis?\b|\bdemandeurs? d§emploi|\blutte(?:r)? contre le chomage|\b(?:acces|retour)¤ a l§emploi`)},
		{says: Execution, confidence: 0.6, helper: true, words: []string{"facilitateur", "plie", "maison", "quartier", "public", "apprenti"}, re: pattern(`facilitateurs?\b|\bplie\b|maisons? de l§emploi|quartiers? prioritaires?|publics? prioritaires?|\bapprentis(?:sage|s)?\b`)},
	}
}

func criteria() []rule {
	social := `(?:(?:performances?|valeur|demarche|politique|qualite|aspects?|volet|engagements?|responsabilite|dimension)s? social(?:e|es|aux)?\b|insertion¤ (?:sociale|professionnelle|par l§activite|des publics?|des personnes)|clauses? (?:sociales?|d§insertion)|heures d§insertion|acces a l§emploi (?:de|des))`
	return []rule{
		{says: Criterion, confidence: 0.92, words: []string{"performance"}, re: pattern(`performances?¤ (?:en matiere|en termes?) (?:d§insertion|sociale)`)},
		{says: Criterion, confidence: 0.9, words: []string{"critere", "performance"}, re: pattern(`\bcriteres? social|criteres?¤ d§insertion|performances? sociales?`)},
		{says: Criterion, confidence: 0.85, words: []string{"critere", "ponder"}, re: pattern(`\b(?:sous-?\s?criteres?|criteres?|ponderation)\b(?:[^.;\n]|\d\.\d){0,160}` + social)},
		{says: Criterion, confidence: 0.85, words: []string{"insertion", "social"}, re: pattern(`(?:\binsertion|\bsociales?)\b[^.;]{0,100}?(?:\b(?:notee?s?|ponderee?s?|evaluee?s?|appreciee?s?) (?:sur|a hauteur de) \d|\bcriteres? (?:de |d§)(?:jugement|attribution|selection|choix))|\binsertion\b[^.;]{0,60}:\s?\d+ ?%[^.;]{0,60}\bprix\b|\bprix\b[^.;]{0,100}\binsertion\b[^.;]{0,60}\d+ ?%|\binsertion\b[^.;]{0,50}\(\d+ points|\binsertion\b[^.;]{0,80}\b(?:notation|jugement des offres|note finale)\b|\bcriteres?\b[^.\n]{0,160}?\binsertion\b[^.;\n]{0,60}?\d+ ?(?:%|points)|\boffres? (?:seront|sera|est|sont) (?:notee|appreciee|evaluee|jugee)s?\b[^.;]{0,120}?\binsertion|\bpoints\b[^.;\n]{0,120}?\b(?:volet social|insertion (?:de|des|sociale|professionnelle))\b`)},
		{says: Criterion, confidence: 0.85, only: []string{"award_criteria"}, words: []string{"insertion", "social"}, re: pattern(social)},
	}
}

// vague are the words that announce something social and say nothing: somebody
// has to read the documents.
func vague() []rule {
	terms := []string{"performance_conditions", "conditions"}
	return []rule{
		{says: ToConfirm, confidence: 0.5, anywhere: true, words: []string{"social"}, re: pattern(`\bconsiderations? sociales?|\bclauses?[^.;]{0,12} (?:sociales? (?:et ?/ ?ou|ou|et ou) environnement\w+|environnement\w+ (?:et ?/ ?ou|ou|et ou) sociales?)`)},
		{says: ToConfirm, confidence: 0.5, only: terms, words: []string{"socia"}, re: pattern(`\b(?:volet|aspects?|caractere|objectifs?|exigences?|conditions?)¤ socia(?:l|le|les|ux)\b`)},
		{says: ToConfirm, confidence: 0.4, only: append([]string{"additional_information"}, terms...), words: []string{"socia"}, re: pattern(`\bvolet social\b|\baspects? sociaux\b|\bsocialement responsables?\b|\bresponsabilite sociale\b|\bdimensions? [^.;]{0,30}sociale\b`)},
		{says: ToConfirm, confidence: 0.4, words: []string{"encourage", "incit", "souhait", "invit"}, re: pattern(`\b(?:encourage|incite|souhaite|invite)\w*[^.;]{0,120}?(?:\binsertion (?:sociale|professionnelle|par|des|de)|recherche d§emploi|demandeurs? d§emploi|eloignee?s? (?:de|du))`)},
		{says: ToConfirm, confidence: 0.5, words: []string{"insertion"}, re: pattern(`\b(?:pourr(?:a|ont)|peu(?:t|vent)|facultati\w+|possibilite|incite\w*|invite\w*)\b[^.;]{0,80}(?:\b(?:demarche|action|clause)s? (?:sociales? )?d§insertion|\bclauses? sociales?|\binsertion (?:sociale|professionnelle|par l§(?:activite(?: economique)?|emploi)))`)},
	}
}
