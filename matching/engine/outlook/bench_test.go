package outlook_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"maillage/matching/engine/outlook"
	"maillage/nomenclatures"
	"maillage/territories"
)

const benchPeople, benchLots = 80_000, 5_000

// lots are posts, tenders and calls spread over the communes.
func lots(g ground, n int) []*outlook.Ask {
	r := rand.New(rand.NewPCG(9, 9))
	codes := nomenclatures.Occupations()
	var out []*outlook.Ask
	for i := range n {
		home := r.IntN(g.atlas.Len())
		place := territories.SetOf(uint32(home))
		if i%3 == 0 {
			place = g.areas.At(g.areas.Of(home)).Set
		}
		out = append(out, &outlook.Ask{ID: int64(i + 1), Source: []outlook.Source{outlook.Post, outlook.Tender, outlook.Expected, outlook.Session}[i%4], Posts: 1 + r.IntN(4), Hours: 400,
			Occupations: []nomenclatures.ROME{codes[r.IntN(60)], codes[60+r.IntN(60)]}, Opened: asOf.Add(-time.Duration(r.IntN(9000)) * time.Hour), On: "2027-02-01", Place: place, People: g.atlas.Population(place)})
	}
	return out
}

func BenchmarkCount(b *testing.B) {
	g := loaded()
	people := sample(g, benchPeople)
	for b.Loop() {
		g.areas.Count(each(people))
	}
}

func BenchmarkAsk(b *testing.B) {
	g := loaded()
	v := &outlook.View{Areas: g.areas, Held: g.areas.Count(each(sample(g, benchPeople))), Asks: lots(g, benchLots)}
	for name, ref := range map[string]territories.Ref{"departement": {Kind: territories.KindDepartement, Code: "26"}, "region": {Kind: territories.KindRegion, Code: "84"}} {
		set, err := g.atlas.Of(ref)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				v.Ask(outlook.Query{In: set, AsOf: asOf})
			}
		})
	}
	b.Run("country", func(b *testing.B) {
		for b.Loop() {
			v.Ask(outlook.Query{In: g.atlas.All(), AsOf: asOf})
		}
	})
}
