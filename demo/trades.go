package demo

import "maillage/nomenclatures"

// trade is what a demonstration enterprise may do, in the three languages that
// matching speaks: what is bought (CPV), who does it (ROME), what people say.
type trade struct {
	words string
	cpv   []nomenclatures.CPV
	rome  []nomenclatures.ROME
	naf   nomenclatures.NAF
}

// trades are the trades of the demonstration; the codes are real (CPV 2008, ROME), the mix is ours.
func trades() []trade {
	return []trade{
		{"Entretien d’espaces verts", []nomenclatures.CPV{"77310000", "77340000"}, []nomenclatures.ROME{"A1203"}, "81.30Z"},
		{"Nettoyage de locaux", []nomenclatures.CPV{"90910000", "90911300"}, []nomenclatures.ROME{"K2204", "K2202"}, "81.21Z"},
		{"Propreté urbaine", []nomenclatures.CPV{"90610000"}, []nomenclatures.ROME{"K2303"}, "81.29B"},
		{"Restauration collective et traiteur", []nomenclatures.CPV{"55520000", "55300000"}, []nomenclatures.ROME{"G1602", "G1603", "G1605"}, "56.21Z"},
		{"Second œuvre du bâtiment", []nomenclatures.CPV{"45442100", "45432100"}, []nomenclatures.ROME{"F1606", "F1604"}, "43.34Z"},
		{"Maçonnerie et patrimoine", []nomenclatures.CPV{"45262500"}, []nomenclatures.ROME{"F1703"}, "43.99C"},
		{"Collecte et tri des déchets", []nomenclatures.CPV{"90511000", "90513000"}, []nomenclatures.ROME{"K2304"}, "38.11Z"},
		{"Recyclerie et réemploi de meubles", []nomenclatures.CPV{"50850000", "39100000"}, []nomenclatures.ROME{"B1806", "D1507"}, "47.79Z"},
		{"Blanchisserie", []nomenclatures.CPV{"98310000"}, []nomenclatures.ROME{"K2201"}, "96.01A"},
		{"Maraîchage biologique", []nomenclatures.CPV{"03221000"}, []nomenclatures.ROME{"A1414"}, "01.13Z"},
		{"Conditionnement et sous-traitance", []nomenclatures.CPV{"79920000"}, []nomenclatures.ROME{"H3302"}, "82.92Z"},
		{"Logistique et manutention", []nomenclatures.CPV{"63120000", "98392000"}, []nomenclatures.ROME{"N1103", "N1105"}, "52.10B"},
		{"Mobilité solidaire", []nomenclatures.CPV{"60130000"}, []nomenclatures.ROME{"N4102"}, "49.39B"},
		{"Réparation et reconditionnement informatique", []nomenclatures.CPV{"50320000"}, []nomenclatures.ROME{"I1401"}, "95.11Z"},
		{"Confection et couture", []nomenclatures.CPV{"18100000", "98393000"}, []nomenclatures.ROME{"H2402"}, "14.13Z"},
		{"Aide à domicile", []nomenclatures.CPV{"85312000"}, []nomenclatures.ROME{"K1302", "K1304"}, "88.10A"},
	}
}

// Positions in trades, for those that the text names.
const (
	greenSpaces = iota
	cleaning
	streets
	catering
	finishing
	masonry
	waste
	reuse
	laundry
	farming
	packing
	logistics
	mobility
	computers
	sewing
	homeHelp
)
