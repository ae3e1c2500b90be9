package outlook_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"maillage/matching/engine/outlook"
	"maillage/nomenclatures"
	"maillage/territories"
)

var asOf = time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)

type ground struct {
	atlas *territories.Atlas
	areas *outlook.Areas
}

var loaded = sync.OnceValue(func() ground {
	atlas, err := territories.Load()
	if err != nil {
		panic(err)
	}
	return ground{atlas, outlook.NewAreas(atlas)}
})

func (g ground) set(t interface{ Fatal(...any) }, kind territories.Kind, code string) *territories.Set {
	s, err := g.atlas.Of(territories.Ref{Kind: kind, Code: code})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (g ground) area(code territories.CommuneCode) int32 {
	ord, _ := g.atlas.Ordinal(code)
	return g.areas.Of(ord)
}

func each(all []*outlook.Person) func(func(*outlook.Person)) {
	return func(yield func(*outlook.Person)) {
		for _, p := range all {
			yield(p)
		}
	}
}

// Every commune is in one area, and an area stands for itself.
func TestAreasAreAPartition(t *testing.T) {
	t.Parallel()
	g := loaded()
	n := 0
	for i := range g.areas.Len() {
		a := g.areas.At(int32(i))
		n += a.Set.Len()
		if got := g.areas.In(a.Set); !slices.Equal(got, []int32{int32(i)}) {
			t.Fatalf("%s stands for %v, want itself", a.Ref, got)
		}
	}
	if n != g.atlas.Len() {
		t.Errorf("%d communes in areas, want %d", n, g.atlas.Len())
	}
	valence, _ := g.atlas.Ordinal("26362")
	if got := g.areas.In(territories.SetOf(uint32(valence))); !slices.Equal(got, []int32{g.areas.Of(valence)}) {
		t.Errorf("a commune is stood for by %v, want its grouping", got)
	}
}

func TestSmallCountsAreNotKept(t *testing.T) {
	t.Parallel()
	g := loaded()
	here := g.area("26362")
	for n, want := range map[int]outlook.Figure{
		0:  {},
		4:  {Hidden: 1, High: 4},
		5:  {Shown: 5, Areas: 1, Low: 5, High: 7},
		7:  {Shown: 5, Areas: 1, Low: 5, High: 7},
		8:  {Shown: 10, Areas: 1, Low: 8, High: 12},
		22: {Shown: 20, Areas: 1, Low: 18, High: 22},
	} {
		var all []*outlook.Person
		for range n {
			all = append(all, &outlook.Person{Area: here, Wished: []nomenclatures.ROME{"K2204"}})
		}
		if got := g.areas.Count(each(all)).Living([]int32{here}, outlook.Wish, "K2204"); got != want {
			t.Errorf("%d people: %+v, want %+v", n, got, want)
		}
	}
}

// Two worlds of one protected table give the same answers to every question: the
// counts of those who wish, practised and hold are redrawn within what is shown of
// them, and so is how many do none of it. Whatever an attacker asks, and however
// the answers are put together (a total less its parts, a territory less another, a
// margin, measures that exclude one another), they learn no more of a count than
// the table says.
func TestNoQuestionTellsACountApart(t *testing.T) {
	t.Parallel()
	g := loaded()
	drome := g.areas.In(g.set(t, territories.KindDepartement, "26"))
	rapid.Check(t, func(t *rapid.T) {
		here := drome[:min(len(drome), 3)]
		counts := map[place]int{}
		for i := range here {
			for j := range 4 * len(trades) {
				counts[place{i, j}] = rapid.IntRange(0, 22).Draw(t, "count")
			}
		}
		first := g.areas.Count(each(crowd(here, counts)))
		for i := range here {
			for j := range 4 * len(trades) {
				counts[place{i, j}] = alike(counts[place{i, j}], rapid.IntRange(0, 4).Draw(t, "another"), j%4 == 3)
			}
		}
		second := g.areas.Count(each(crowd(here, counts)))
		for range 6 {
			q := outlook.Query{In: g.anywhere(t), AsOf: asOf, Domain: rapid.SampledFrom([]string{"", "K", "G", "A"}).Draw(t, "domain")}
			a := (&outlook.View{Areas: g.areas, Held: first}).Ask(q)
			b := (&outlook.View{Areas: g.areas, Held: second}).Ask(q)
			if !reflect.DeepEqual(a, b) {
				t.Fatalf("the answers tell two worlds apart:\n%+v\n%+v", a, b)
			}
		}
	})
}

var trades = []nomenclatures.ROME{"K2204", "K2202", "G1602", "A1203"}

// place is an area and what is counted there: of each trade those who wish it, who
// practised it, who hold its aptitude, and people who do none of it.
type place [2]int

// alike is another count of which the same is shown; of people of whom nothing is
// counted, any other that is not nobody.
func alike(n, by int, nothing bool) int {
	switch {
	case nothing:
		return 1 + n + 7*by
	case n < outlook.K:
		return by
	case n <= outlook.K+2:
		return outlook.K + by%3
	}
	return (n+2)/5*5 - 2 + by
}

func crowd(areas []int32, counts map[place]int) (out []*outlook.Person) {
	for i, area := range areas {
		out = append(out, &outlook.Person{Area: area}) // so that somebody lives there in both worlds
		for j, trade := range trades {
			for what, make := range []func() *outlook.Person{
				func() *outlook.Person { return &outlook.Person{Wished: []nomenclatures.ROME{trade}} },
				func() *outlook.Person { return &outlook.Person{Held: []nomenclatures.ROME{trade}} },
				func() *outlook.Person {
					return &outlook.Person{Aptitudes: []nomenclatures.Aptitude{nomenclatures.Aptitude(fmt.Sprint("skill-of-", trade))}}
				},
				func() *outlook.Person { return &outlook.Person{} },
			} {
				for range counts[place{i, 4*j + what}] {
					p := make()
					p.Area = area
					out = append(out, p)
				}
			}
		}
	}
	return out
}

// anywhere is a territory that an attacker may choose: communes one by one, a
// grouping, a département with and without some.
func (g ground) anywhere(t *rapid.T) *territories.Set {
	whole := g.set(t, territories.KindDepartement, "26")
	ords := whole.Ordinals()
	switch rapid.IntRange(0, 3).Draw(t, "territory") {
	case 0:
		return whole
	case 1:
		return g.areas.At(g.areas.Of(int(rapid.SampledFrom(ords).Draw(t, "commune")))).Set
	case 2:
		return territories.SetOf(slices.Sorted(slices.Values(rapid.SliceOfNDistinct(rapid.SampledFrom(ords), 1, 40, rapid.ID).Draw(t, "communes")))...)
	}
	return whole.AndNot(g.areas.At(g.areas.Of(int(rapid.SampledFrom(ords).Draw(t, "commune")))).Set)
}

// Nor do the order of people and of what is asked change anything.
func TestTheOrderOfPeopleChangesNothing(t *testing.T) {
	t.Parallel()
	g := loaded()
	people := sample(g, 400)
	asks := asked(g)
	q := outlook.Query{In: g.set(t, territories.KindDepartement, "26"), AsOf: asOf}
	want := (&outlook.View{Areas: g.areas, Held: g.areas.Count(each(people)), Asks: asks}).Ask(q)
	r := rand.New(rand.NewPCG(1, 2))
	r.Shuffle(len(people), func(i, j int) { people[i], people[j] = people[j], people[i] })
	r.Shuffle(len(asks), func(i, j int) { asks[i], asks[j] = asks[j], asks[i] })
	if got := (&outlook.View{Areas: g.areas, Held: g.areas.Count(each(people)), Asks: asks}).Ask(q); !reflect.DeepEqual(got, want) {
		t.Error("another order gives another outlook")
	}
}

func sample(g ground, n int) []*outlook.Person {
	r := rand.New(rand.NewPCG(7, 7))
	codes := nomenclatures.Occupations()
	var out []*outlook.Person
	for range n {
		home := r.IntN(g.atlas.Len())
		p := &outlook.Person{Area: g.areas.Of(home), Reached: g.areas.Reached(home, float64(5+r.IntN(30)))}
		for range 1 + r.IntN(3) {
			p.Wished = append(p.Wished, codes[r.IntN(60)])
		}
		p.Held, p.Aptitudes = []nomenclatures.ROME{codes[r.IntN(60)]}, []nomenclatures.Aptitude{"permis-b", "sst"}
		out = append(out, p)
	}
	return out
}

// asked is one thing of each kind in the Drôme.
func asked(g ground) []*outlook.Ask {
	valence, _ := g.atlas.Ordinal("26362")
	at := territories.SetOf(uint32(valence))
	drome, _ := g.atlas.Of(territories.Ref{Kind: territories.KindDepartement, Code: "26"})
	region, _ := g.atlas.Of(territories.Ref{Kind: territories.KindRegion, Code: "84"})
	day := func(months int) time.Time { return asOf.AddDate(0, months, 0) }
	kitchen, cleaning := []nomenclatures.ROME{"G1602"}, []nomenclatures.ROME{"K2204", "K2202"}
	return []*outlook.Ask{
		{ID: 1, Source: outlook.Post, Occupations: kitchen, Posts: 3, Opened: day(-1), Place: at, Required: []nomenclatures.Aptitude{"haccp"}},
		{ID: 2, Source: outlook.Post, Occupations: kitchen, Posts: 2, Opened: day(-8), Closed: day(-6), Place: at, Liked: []nomenclatures.Aptitude{"haccp"}},
		{ID: 3, Source: outlook.Post, Occupations: kitchen, Posts: 9, Opened: day(-20), Closed: day(-13), Place: at}, // before the period
		{ID: 4, Source: outlook.Tender, Derived: true, Occupations: cleaning, Hours: 3214, Opened: day(-1), Place: drome},
		{ID: 5, Source: outlook.Hours, Derived: true, Occupations: cleaning, FTE: 1, Opened: day(-1), Place: region}, // more than a tenth? see the test
		{ID: 6, Source: outlook.Expected, Derived: true, Occupations: cleaning, From: "2027-01-01", On: "2027-02-01", Place: at},
		{ID: 7, Source: outlook.Session, Occupations: kitchen, Posts: 8, On: "2027-01-10", Gives: []nomenclatures.Aptitude{"haccp"}, Place: at},
		{ID: 8, Source: outlook.Session, Occupations: kitchen, Posts: 8, On: "2026-01-10", Place: at}, // begun
		{ID: 9, Source: outlook.Tender, Derived: true, Opened: day(-1), Place: at},
		{ID: 10, Source: outlook.Tender, Derived: true, Occupations: cleaning, Opened: day(-1)},
	}
}

func TestWhatIsAskedAndLearnt(t *testing.T) {
	t.Parallel()
	g := loaded()
	asks := asked(g)
	for _, a := range asks {
		if a.Place != nil {
			a.People = g.atlas.Population(a.Place)
		}
	}
	v := &outlook.View{Areas: g.areas, Held: g.areas.Count(each(nil)), Asks: asks}
	o := v.Ask(outlook.Query{In: g.set(t, territories.KindDepartement, "26"), AsOf: asOf})
	kitchen, _ := o.Find("G1602")
	if d := kitchen.Demand; d.Open != 3 || d.Passed != 2 || kitchen.Places != 8 || len(kitchen.Sessions) != 1 || kitchen.Tension != outlook.Lack {
		t.Errorf("kitchen: %+v", kitchen)
	}
	cleaning, _ := o.Find("K2204")
	if d := cleaning.Demand; d.Lots != 1 || d.Contract != 0 || d.Hours != 1607 || d.FTE != 1 || len(cleaning.Expected) != 1 {
		t.Errorf("cleaning: %+v", cleaning)
	}
	if o.Wide != 1 || o.Unsorted != 1 || o.Unplaced != 1 {
		t.Errorf("aside: wide %d, unsorted %d, unplaced %d", o.Wide, o.Unsorted, o.Unplaced)
	}
	for _, total := range o.Totals {
		if total.Domain == "K" && (total.Lots != 1 || total.Expected != 1 || total.FTE != 2) || total.Domain == "G" && (total.Open != 3 || total.Passed != 2) {
			t.Errorf("total of %s: %+v", total.Domain, total)
		}
	}
	if len(o.Skills) == 0 || o.Skills[0].Code != "haccp" || o.Skills[0].Required != 3 || o.Skills[0].Liked != 2 || o.Skills[0].Open != 3 || o.Skills[0].Places != 8 {
		t.Errorf("aptitudes: %+v", o.Skills)
	}
}

// The word rests on protected figures alone, and says when it is not sure.
func TestTension(t *testing.T) {
	t.Parallel()
	g := loaded()
	here := g.area("26362")
	for _, c := range []struct {
		posts, people int
		want          outlook.Tension
		sure          bool
	}{{10, 0, outlook.Lack, true}, {10, 3, outlook.Lack, true}, {3, 3, outlook.Unsaid, false}, {10, 10, outlook.Balance, true}, {11, 8, outlook.Lack, false}, {1, 20, outlook.Offer, true}, {0, 6, outlook.Offer, true}} {
		people := []*outlook.Person{{Area: here}}
		for range c.people {
			people = append(people, &outlook.Person{Area: here, Wished: []nomenclatures.ROME{"G1602"}})
		}
		asks := []*outlook.Ask{{ID: 1, Source: outlook.Post, Occupations: []nomenclatures.ROME{"G1602"}, Posts: c.posts, Place: g.areas.At(here).Set}}
		if c.posts == 0 {
			asks = nil
		}
		row, _ := (&outlook.View{Areas: g.areas, Held: g.areas.Count(each(people)), Asks: asks}).Ask(outlook.Query{In: g.areas.At(here).Set, AsOf: asOf}).Find("G1602")
		if row.Tension != c.want || row.Sure != c.sure {
			t.Errorf("%d posts, %d people: %s (sure %v), want %s (%v)", c.posts, c.people, row.Tension, row.Sure, c.want, c.sure)
		}
	}
}

// A call and the contract awarded of it ask the same hours: they are counted once,
// with the contract, by lot where the award says which.
func TestHoursOfAnAwardAreCountedOnce(t *testing.T) {
	t.Parallel()
	g := loaded()
	in := g.areas.At(g.area("26362")).Set
	trades := []nomenclatures.ROME{"F1601", "F1613"}
	call := func(lot string, hours float64) *outlook.Ask {
		return &outlook.Ask{ID: 10 + int64(len(lot)), Opportunity: 1, Lot: lot, Source: outlook.Tender, Occupations: trades, Hours: hours, Place: in}
	}
	won := func(lot string) *outlook.Ask {
		return &outlook.Ask{ID: 20, Opportunity: 2, Source: outlook.Hours, Follows: 1, FollowsLot: lot, Occupations: trades, Hours: 1200, Place: in}
	}
	for name, c := range map[string]struct {
		asks  []*outlook.Ask
		hours float64
	}{
		"a call alone":                     {[]*outlook.Ask{call("1", 1200)}, 600},
		"and its award":                    {[]*outlook.Ask{call("1", 1200), won("")}, 600},
		"the award of one lot":             {[]*outlook.Ask{call("1", 1200), call("02", 400), won("1")}, 800},
		"the award of a lot that none has": {[]*outlook.Ask{call("1", 1200), won("LOT-7")}, 600},
		"an award before the period":       {[]*outlook.Ask{call("1", 1200), func() *outlook.Ask { a := won(""); a.Closed = asOf.AddDate(-2, 0, 0); return a }()}, 600},
	} {
		o := (&outlook.View{Areas: g.areas, Held: g.areas.Count(each(nil)), Asks: c.asks}).Ask(outlook.Query{In: in, AsOf: asOf})
		for _, code := range trades {
			if row, _ := o.Find(code); row.Demand.Hours != c.hours {
				t.Errorf("%s: %s asks %v hours, want %v", name, code, row.Demand.Hours, c.hours)
			}
		}
	}
}

// The word is of the areas in which people are counted, whichever part of them is typed.
func TestTheWordComparesOneTerritory(t *testing.T) {
	t.Parallel()
	g := loaded()
	here := g.area("26362")
	whole := g.areas.At(here).Set
	valence, _ := g.atlas.Ordinal("26362")
	rest := whole.AndNot(territories.SetOf(uint32(valence)))
	var people []*outlook.Person
	for range 10 {
		people = append(people, &outlook.Person{Area: here, Wished: []nomenclatures.ROME{"K2202"}, Aptitudes: []nomenclatures.Aptitude{"permis-b"}})
	}
	v := &outlook.View{Areas: g.areas, Held: g.areas.Count(each(people)), Asks: []*outlook.Ask{
		{ID: 1, Source: outlook.Post, Posts: 40, Occupations: []nomenclatures.ROME{"K2202"}, Required: []nomenclatures.Aptitude{"permis-b"}, Place: rest, People: g.atlas.Population(rest)}}}
	for name, in := range map[string]*territories.Set{"the whole": whole, "its centre": territories.SetOf(uint32(valence)), "the rest": rest} {
		o := v.Ask(outlook.Query{In: in, AsOf: asOf})
		row, _ := o.Find("K2202")
		if row.Tension != outlook.Lack || !row.Sure || row.Gap != 32 || row.Compared != (outlook.Compared{Posts: 40}) {
			t.Errorf("%s: %s, sure %v, %v lack, of %+v", name, row.Tension, row.Sure, row.Gap, row.Compared)
		}
		if len(o.Skills) != 1 || o.Skills[0].Tension != outlook.Lack {
			t.Errorf("%s: %+v", name, o.Skills)
		}
	}
}

// A session is near when some commune of the territory is within thirty kilometres,
// whichever.
func TestEveryNearSessionIsFound(t *testing.T) {
	t.Parallel()
	g := loaded()
	in := g.set(t, territories.KindEPCI, "200068781")
	want := territories.SetOf()
	in.Each(func(ord int) bool {
		want = want.Or(g.atlas.Within(g.atlas.Commune(ord).Point, 30))
		return true
	})
	var asks []*outlook.Ask
	near := 0
	for ord := range g.atlas.Len() {
		if d := g.atlas.Commune(ord).Departement; d == "07" || d == "26" || d == "84" || d == "30" {
			asks = append(asks, &outlook.Ask{ID: int64(ord), Source: outlook.Session, Posts: 1, Occupations: []nomenclatures.ROME{"G1602"}, Place: territories.SetOf(uint32(ord))})
			if want.Contains(ord) {
				near++
			}
		}
	}
	row, _ := (&outlook.View{Areas: g.areas, Held: g.areas.Count(each(nil)), Asks: asks}).Ask(outlook.Query{In: in, AsOf: asOf}).Find("G1602")
	if row.Places != near || near < 300 {
		t.Errorf("%d sessions are near, want %d", row.Places, near)
	}
}

// What is said to lack comes before what nobody may say, however many are asked of the latter.
func TestWhatLacksComesFirst(t *testing.T) {
	t.Parallel()
	g := loaded()
	whole, people := territories.SetOf(), []*outlook.Person{}
	for area := range int32(9) { // one of each wishes what nobody may say, ten of the first what can be said
		whole = whole.Or(g.areas.At(area).Set)
		people = append(people, &outlook.Person{Area: area, Wished: []nomenclatures.ROME{"G1501"}})
	}
	for range 10 {
		people = append(people, &outlook.Person{Area: 0, Wished: []nomenclatures.ROME{"K2204"}})
	}
	post := func(id int64, rome nomenclatures.ROME, n int) *outlook.Ask {
		return &outlook.Ask{ID: id, Source: outlook.Post, Posts: n, Occupations: []nomenclatures.ROME{rome}, Place: whole, People: g.atlas.Population(whole)}
	}
	v := &outlook.View{Areas: g.areas, Held: g.areas.Count(each(people)), Asks: []*outlook.Ask{post(1, "G1501", 25), post(2, "K2204", 30)}}
	rows := v.Ask(outlook.Query{In: whole, AsOf: asOf}).Rows
	if len(rows) != 2 || rows[0].Code != "K2204" || rows[0].Tension != outlook.Lack || rows[1].Tension != outlook.Unsaid {
		t.Errorf("%+v", rows)
	}
}
