package territories

import (
	"fmt"
	"hash/crc32"

	"maillage/territories/cog"
)

// neighbours is what touches a territory and is not it. Territories of the
// kinds that share the country out are taken whole: the neighbours of a
// département are départements. For a commune, an arrondissement or a postal
// code they are communes.
func (a *Atlas) neighbours(r Ref) (*Set, error) {
	inside, err := a.Of(r)
	if err != nil {
		return nil, err
	}
	adjacency, err := a.adjacent()
	if err != nil {
		return nil, err
	}
	if _, placed := a.Bound(inside); !placed {
		return nil, fmt.Errorf("neighbours of %s: %w", r, ErrNoPoint)
	}
	var b builder
	inside.Each(func(ord int) bool {
		for _, n := range adjacency.Neighbours(ord) {
			b.add(n)
		}
		return true
	})
	around := b.set().AndNot(inside)
	switch r.Kind {
	case KindCommune, KindArrondissement, KindPostal:
		return around, nil
	}
	return a.whole(r.Kind, around).AndNot(inside), nil
}

// whole widens a set to every territory of a kind that it meets.
func (a *Atlas) whole(k Kind, around *Set) *Set {
	var b builder
	for _, s := range a.layers[k].sets {
		if s.Intersects(around) {
			b.or(s)
		}
	}
	return b.set()
}

// Touching tells which communes touch, by ordinal; ErrNoMesh where nothing says.
func (a *Atlas) Touching() (Adjacency, error) { return a.adjacent() }

// adjacent is what the atlas was given, or the table of the indicative mesh.
func (a *Atlas) adjacent() (Adjacency, error) {
	if a.adjacency != nil {
		return a.adjacency, nil
	}
	return a.touching()
}

// readTouching decodes the embedded table when neighbours are first asked for. It
// speaks of the communes it was computed for and of no others: with the facts
// of another vintage there is none.
func (a *Atlas) readTouching() (Adjacency, error) {
	table, err := cog.ReadAdjacency()
	if err != nil {
		return nil, err
	}
	stamp := crc32.NewIEEE()
	for i := range a.communes {
		stamp.Write([]byte(a.communes[i].Code + "\n"))
	}
	if table.Len() != a.Len() || table.Stamp != stamp.Sum32() {
		return nil, ErrNoMesh
	}
	return table, nil
}
