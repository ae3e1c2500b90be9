package nomenclatures

import "testing"

// go test -run '^$' -bench . ./nomenclatures

func BenchmarkCloseness(b *testing.B) {
	pairs := [][2]Code{
		{{SchemeROME, "F1606"}, {SchemeCPV, "45442100"}},
		{{SchemeSector, "peinture"}, {SchemeCPV, "45442100"}},
		{{SchemeCPV, "45410000"}, {SchemeCPV, "45442100"}},
		{{SchemeNAF, "8121Z"}, {SchemeCPV, "45442100"}},
	}
	Closeness(pairs[0][0], pairs[0][1])
	for i := 0; b.Loop(); i++ {
		p := pairs[i&3]
		Closeness(p[0], p[1])
	}
}

func BenchmarkBestOf(b *testing.B) {
	asked := Compile([]Code{{SchemeCPV, "45442100"}})
	offers := []Offer{
		Pin(Code{SchemeROME, "F1606"}), Pin(Code{SchemeSector, "peinture"}),
		Pin(Code{SchemeCPV, "45410000"}), Pin(Code{SchemeNAF, "8121Z"}),
	}
	for i := 0; b.Loop(); i++ {
		asked.BestOf(offers[i&3])
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		t, err := decodeTables()
		if err != nil {
			b.Fatal(err)
		}
		x, err := readCrosswalk(crosswalkText, t.tellingNAF())
		if err != nil {
			b.Fatal(err)
		}
		x.index(t)
	}
}

func BenchmarkBuildWords(b *testing.B) {
	for b.Loop() {
		buildWords(SchemeROME)
	}
}

func BenchmarkSearch(b *testing.B) {
	Search(SchemeROME, "peintre en bâtiment", 10)
	for b.Loop() {
		Search(SchemeROME, "peintre en bâtiment", 10)
	}
}

func BenchmarkSectorsInText(b *testing.B) {
	text := "Marché public de prestations de nettoyage des locaux, de la vitrerie et d'entretien des espaces verts de la communauté de communes, lots 1 à 4"
	SectorsInText(text)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		SectorsInText(text)
	}
}
