package territories

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/paulmach/orb"

	"maillage/territories/cog"
)

// Commune is a current commune. Point is its representative point in degrees
// (longitude, latitude), inside its territory, and means something only when
// HasPoint: none is published for the COM. Population is that of the last
// census, 0 when none was held (PopulationKnown false). EPCI and EPT are
// empty where the commune belongs to none. Zone is metro, drom or com.
type Commune struct {
	Code            CommuneCode
	Name            string
	Departement     string
	Region          string
	EPCI            string
	EPT             string
	Population      int
	PopulationKnown bool
	Postal          []string
	SIREN           string
	Point           orb.Point
	HasPoint        bool
	Km2             float64
	Zone            string
}

// Arrondissement is a part of Paris, Lyon or Marseille: a sub-unit that rolls
// up to its commune wherever a set of communes is asked.
type Arrondissement struct {
	Code       CommuneCode
	Name       string
	Commune    CommuneCode
	Population int
	Postal     []string
	Point      orb.Point
}

// Departement is a département or a COM standing for one. TimeZone is its
// IANA zone, empty for Clipperton; the NUTS 3 codes are empty for most COM;
// BOAMP is the code its notices print.
type Departement struct {
	Code, Name, Region, Prefecture, Zone string
	NUTS2021, NUTS2013, TimeZone, BOAMP  string
}

// layer is every territory of one kind, sorted by code.
type layer struct {
	refs  []Ref
	names []string
	types []string // CC, CA… for the groupings
	sets  []*Set
	pops  []int64
	index map[string]int
}

// Atlas is the immutable facts of one vintage, safe for concurrent use. An
// ordinal is the position of a commune in its list, sorted by code.
type Atlas struct {
	vintage, membership Date
	communes            []Commune
	ordinals            map[CommuneCode]uint32
	arrondissements     []Arrondissement
	parts               map[CommuneCode]int // arrondissement → position
	departements        []Departement
	unions              map[Ref][]string // old and federation regions → départements
	layers              map[Kind]*layer
	all                 *Set
	pop                 []uint32 // by ordinal, padded to whole words
	wordPop             []uint32 // of the 64 communes of each word
	near                *grid
	adjacency           Adjacency // given by the caller
	touching            func() (Adjacency, error)
	history             func() (*history, error)
	views               *views // of dates
	names               func() *nameIndex
	interned            *pool
}

// Load decodes the embedded facts, once a process.
func Load() (*Atlas, error) { return embedded() }

var embedded = sync.OnceValues(func() (*Atlas, error) { return Read(cog.Embedded()) })

// Read makes an atlas of other tables written by the generator: the vintage
// to come, to see what it would change (Revise). Options complete it.
func Read(fsys fs.FS, options ...Option) (*Atlas, error) {
	facts, err := cog.Read(fsys)
	if err != nil {
		return nil, err
	}
	a, err := build(facts)
	if err != nil {
		return nil, fmt.Errorf("build the atlas: %w", err)
	}
	a.history = sync.OnceValues(func() (*history, error) {
		rows, err := cog.ReadMovements(fsys)
		if err != nil {
			return nil, err
		}
		return replay(a, rows)
	})
	a.touching = sync.OnceValues(a.readTouching)
	return a.With(options...), nil
}

// With is the same facts with other options: perimeters compiled on one are
// not those of the other.
func (a *Atlas) With(options ...Option) *Atlas {
	if len(options) == 0 {
		return a
	}
	b := *a
	b.interned = newPool()
	for _, o := range options {
		o(&b)
	}
	return &b
}

// Warm decodes what is otherwise decoded when it is first needed: the history,
// the names and the neighbours, some 200 ms in all. A server calls it at its
// start so that no visitor waits for it.
func (a *Atlas) Warm() error {
	a.names()
	h, err := a.history()
	if err != nil {
		return fmt.Errorf("warm the atlas: %w", err)
	}
	h.formerNames()
	_, err = a.adjacent()
	return err
}

// Option completes an atlas.
type Option func(*Atlas)

// Adjacency gives the communes that touch a commune, by ordinal.
type Adjacency interface {
	Neighbours(ord int) []int
}

// WithAdjacency tells the atlas which communes touch, from official contours
// for instance; without it the embedded table is used, computed on the
// indicative mesh, and "neighbours" is refused for a vintage it does not fit.
func WithAdjacency(n Adjacency) Option { return func(a *Atlas) { a.adjacency = n } }

func build(f *cog.Facts) (*Atlas, error) {
	a := &Atlas{layers: map[Kind]*layer{}, unions: map[Ref][]string{}, interned: newPool(), views: &views{}}
	var err error
	if a.vintage, err = ParseDate(f.Vintage); err != nil {
		return nil, err
	}
	if a.membership, err = ParseDate(f.Membership); err != nil {
		return nil, err
	}
	if len(f.Communes) > maxWords*64 {
		return nil, fmt.Errorf("%d communes, at most %d fit", len(f.Communes), maxWords*64)
	}
	if err := a.addCommunes(f); err != nil {
		return nil, err
	}
	a.addArrondissements(f)
	a.addLayers(f)
	a.near = newGrid(a.communes)
	a.names = sync.OnceValue(func() *nameIndex { return newNameIndex(a) })
	return a, nil
}

func (a *Atlas) addCommunes(f *cog.Facts) error {
	regions, zones := map[string]string{}, map[string]string{}
	for _, d := range f.Departements {
		a.departements = append(a.departements, Departement(d))
		regions[d.Code], zones[d.Code] = d.Region, d.Zone
	}
	a.communes = make([]Commune, len(f.Communes))
	a.ordinals = make(map[CommuneCode]uint32, len(f.Communes))
	words := (len(f.Communes) + 63) / 64
	a.pop, a.wordPop = make([]uint32, words*64), make([]uint32, words)
	var all builder
	for i, c := range f.Communes {
		if i > 0 && f.Communes[i-1].Code >= c.Code {
			return fmt.Errorf("communes out of order at %s", c.Code)
		}
		a.communes[i] = Commune{
			Code: CommuneCode(c.Code), Name: c.Name, Departement: c.Departement,
			Region: regions[c.Departement], EPCI: c.EPCI, EPT: c.EPT,
			Population: max(c.Population, 0), PopulationKnown: c.Population >= 0,
			Postal: c.Postal, SIREN: c.SIREN, Point: orb.Point{c.Lon, c.Lat},
			HasPoint: c.HasPoint, Km2: c.Km2, Zone: zones[c.Departement],
		}
		a.ordinals[CommuneCode(c.Code)] = uint32(i)
		a.pop[i] = uint32(max(c.Population, 0))
		a.wordPop[i>>6] += a.pop[i]
		all.add(i)
	}
	a.all = all.set()
	return nil
}

func (a *Atlas) addArrondissements(f *cog.Facts) {
	a.parts = make(map[CommuneCode]int, len(f.Arrondissements))
	for i, p := range f.Arrondissements {
		a.parts[CommuneCode(p.Code)] = i
		a.arrondissements = append(a.arrondissements, Arrondissement{
			Code: CommuneCode(p.Code), Name: p.Name, Commune: CommuneCode(p.Commune),
			Population: p.Population, Postal: p.Postal, Point: orb.Point{p.Lon, p.Lat},
		})
	}
}

// addLayers gathers the communes of every territory.
func (a *Atlas) addLayers(f *cog.Facts) {
	members := map[Kind]map[string][]uint32{
		KindEPCI: {}, KindEPT: {}, KindDepartement: {}, KindRegion: {}, KindPostal: {},
	}
	put := func(k Kind, code string, ord int) {
		if code != "" {
			members[k][code] = append(members[k][code], uint32(ord))
		}
	}
	for i := range a.communes {
		c := &a.communes[i]
		put(KindEPCI, c.EPCI, i)
		put(KindEPT, c.EPT, i)
		put(KindDepartement, c.Departement, i)
		put(KindRegion, c.Region, i)
		for _, p := range c.Postal {
			put(KindPostal, p, i)
		}
	}
	named := map[Kind][]cog.Group{KindEPCI: f.EPCI, KindEPT: f.EPT}
	for _, d := range f.Departements {
		named[KindDepartement] = append(named[KindDepartement], cog.Group{Code: d.Code, Name: d.Name})
	}
	for _, r := range f.Regions {
		named[KindRegion] = append(named[KindRegion], cog.Group{Code: r.Code, Name: r.Name})
	}
	for code := range members[KindPostal] {
		named[KindPostal] = append(named[KindPostal], cog.Group{Code: code, Name: code})
	}
	for k, groups := range named {
		l := newLayer(len(groups))
		for _, g := range groups {
			l.add(Ref{k, g.Code}, g.Name, g.Type, fromSorted(members[k][g.Code]), a)
		}
		a.layers[k] = l.sorted()
	}
	a.addParts()
	a.addUnions(KindRegion2015, f.Regions2015)
	a.addUnions(KindFederation2012, f.Federation2012)
}

// addParts is the layer of arrondissements, each standing for its commune;
// its population is its own.
func (a *Atlas) addParts() {
	l := newLayer(len(a.arrondissements))
	for _, p := range a.arrondissements {
		l.add(Ref{KindArrondissement, string(p.Code)}, p.Name, "", SetOf(a.ordinals[p.Commune]), a)
		l.pops[len(l.pops)-1] = int64(p.Population)
	}
	a.layers[KindArrondissement] = l.sorted()
}

func (a *Atlas) addUnions(k Kind, rows []cog.Union) {
	l := newLayer(len(rows))
	for _, u := range rows {
		var b builder
		for _, d := range u.Departements {
			if s, ok := a.layers[KindDepartement].of(d); ok {
				b.or(s)
			}
		}
		l.add(Ref{k, u.Code}, u.Name, "", b.set(), a)
		a.unions[Ref{k, u.Code}] = u.Departements
	}
	a.layers[k] = l.sorted()
}

func newLayer(n int) *layer {
	return &layer{refs: make([]Ref, 0, n), names: make([]string, 0, n), sets: make([]*Set, 0, n)}
}

func (l *layer) add(r Ref, name, typ string, s *Set, a *Atlas) {
	l.refs, l.names, l.types = append(l.refs, r), append(l.names, name), append(l.types, typ)
	l.sets, l.pops = append(l.sets, s), append(l.pops, a.Population(s))
}

// sorted puts the territories in order of code and indexes them.
func (l *layer) sorted() *layer {
	order := make([]int, len(l.refs))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return strings.Compare(l.refs[i].Code, l.refs[j].Code) })
	out := &layer{index: make(map[string]int, len(order))}
	for at, i := range order {
		out.refs, out.names, out.types = append(out.refs, l.refs[i]), append(out.names, l.names[i]), append(out.types, l.types[i])
		out.sets, out.pops = append(out.sets, l.sets[i]), append(out.pops, l.pops[i])
		out.index[l.refs[i].Code] = at
	}
	return out
}

func (l *layer) of(code string) (*Set, bool) {
	i, ok := l.index[code]
	if !ok {
		return nil, false
	}
	return l.sets[i], true
}
