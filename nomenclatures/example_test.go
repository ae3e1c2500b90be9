package nomenclatures_test

import (
	"fmt"

	"maillage/nomenclatures"
)

// A painter who is lent, for a lot of painting: the crosswalk leads both to one
// sector.
func ExampleCloseness() {
	painter, _ := nomenclatures.ParseCode("rome:F1606")
	lot, _ := nomenclatures.ParseCode("cpv:45442100-8")
	kinship, value := nomenclatures.Closeness(painter, lot)
	fmt.Println(kinship, value)
	fmt.Println(painter.Label(), "↔", lot.Label())
	// Output:
	// sector 0.8
	// Peinture en bâtiment ↔ Travaux de peinture
}

// A lot asks for several codes; the closest of them answers.
func ExampleCompile() {
	asked := nomenclatures.Compile([]nomenclatures.Code{
		nomenclatures.CPV("45000000").Code(),
		nomenclatures.CPV("77310000").Code(),
	})
	kinship, value, code := asked.Best(nomenclatures.ROME("A1203").Code())
	fmt.Println(kinship, value, code)
	// Output:
	// sector 0.8 cpv:77310000
}

func ExampleSearch() {
	for _, found := range nomenclatures.Search(nomenclatures.SchemeROME, "femmes de ménage", 1) {
		fmt.Println(found.Code, found.Label)
	}
	// Output:
	// rome:K1304 Services domestiques
}

// The title of a notice without CPV.
func ExampleSectorsInText() {
	for _, m := range nomenclatures.SectorsInText("Marché d'entretien des espaces verts, lot 2 : élagage") {
		fmt.Printf("%s %q %.2f\n", m.Sector, m.Evidence, m.Confidence)
	}
	// Output:
	// espaces-verts "entretien des espaces verts" 0.90
	// travaux-forestiers "élagage" 0.75
}

func ExampleTelling() {
	action, _ := nomenclatures.ParseNAF("88.99B")
	cleaning, _ := nomenclatures.ParseNAF("81.21Z")
	fmt.Println(nomenclatures.Telling(action), nomenclatures.Telling(cleaning))
	fmt.Println(nomenclatures.SectorsOf(cleaning.Code())[0])
	// Output:
	// false true
	// nettoyage-locaux
}
