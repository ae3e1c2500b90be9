package territories_test

import (
	"fmt"

	"maillage/territories"
)

// A member serves the Drôme but Montélimar; a tender is in Romans.
func ExampleAtlas_Compile() {
	atlas, err := territories.Load()
	if err != nil {
		fmt.Println(err)
		return
	}
	zone, err := atlas.ParseWords("Drôme sauf Montélimar")
	if err != nil {
		fmt.Println(err)
		return
	}
	serves, err := atlas.Compile(zone)
	if err != nil {
		fmt.Println(err)
		return
	}
	place, err := atlas.Of(territories.Ref{Kind: territories.KindCommune, Code: "26281"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(serves.Text)
	fmt.Println(serves.Set.Len(), "communes,", serves.Population, "inhabitants")
	fmt.Println(serves.Set.Intersects(place), atlas.Relate(serves.Set, place).Kind)
	// Output:
	// {"except":[{"territory":"departement:26"},{"territory":"commune:26198"}]}
	// 361 communes, 483612 inhabitants
	// true covers
}

// A notice of 2017 names a commune that is no more.
func ExampleAtlas_Resolve() {
	atlas, err := territories.Load()
	if err != nil {
		fmt.Println(err)
		return
	}
	on, _ := territories.ParseDate("2017-06-30")
	r := atlas.Resolve("14513", on)
	fmt.Println(r.Valid, r.Name, r.Current[0].Code, r.Current[0].Name)
	fmt.Println(r.Reason.EN)
	// Output:
	// true Pont-Farcy 50592 Tessy-Bocage
	// 14513 is the commune Pont-Farcy on that date. On 1 January 2018 (change of département), its place goes to 50592 Tessy-Bocage.
}
