package engine

import (
	"math"

	"maillage/territories"
)

// blocks say roughly where a perimeter is, twice: two perimeters that share a
// commune share a département and a tile. Most of those far apart are told so
// without being read. What isn't known or is empty has every block: the criterion
// decides.
type blocks struct {
	departements [2]uint64 // in the order of the atlas
	tiles        uint64    // of a grid of 8 × 8 that repeats itself; see tileOf
}

func everyBlock() blocks {
	return blocks{departements: [2]uint64{math.MaxUint64, math.MaxUint64}, tiles: math.MaxUint64}
}

// meet says that two perimeters can share a commune.
func (b *blocks) meet(c *blocks) bool {
	return (b.departements[0]&c.departements[0]|b.departements[1]&c.departements[1]) != 0 && b.tiles&c.tiles != 0
}

func (b *blocks) add(c blocks) {
	b.departements[0] |= c.departements[0]
	b.departements[1] |= c.departements[1]
	b.tiles |= c.tiles
}

// blocksOfCommunes gives the blocks of every commune.
func blocksOfCommunes(a *territories.Atlas) []blocks {
	out, numbers := make([]blocks, a.Len()), map[string]int{}
	for i := range out {
		c := a.Commune(i)
		n, ok := numbers[c.Departement]
		if !ok {
			n = len(numbers) % 128
			numbers[c.Departement] = n
		}
		out[i].departements[n/64] = 1 << (n % 64)
		out[i].tiles = 1
		if c.HasPoint {
			out[i].tiles = 1 << tileOf(c.Point[0], c.Point[1])
		}
	}
	return out
}

// tileOf numbers the tile of a point, of about 25 km; the same number comes back
// every 200 km, farther than nearly all départements reach.
func tileOf(lon, lat float64) uint {
	const south, east = 0.225, 0.34 // degrees
	return uint(int(math.Floor(lat/south))&7<<3 | int(math.Floor(lon/east))&7)
}

// blocksOf gives the blocks of a perimeter.
func (g ground) blocksOf(p *territories.Perimeter) blocks {
	if p == nil || p.Set.Len() == 0 || p.Set.Len() == g.atlas.Len() {
		return everyBlock()
	}
	var b blocks
	p.Set.Each(func(ord int) bool {
		b.add(g.blocks[ord])
		return true
	})
	return b
}

// place reads where a lot is.
func (g ground) place(l *Lot) placedLot {
	p := placedLot{lot: l, blocks: everyBlock(), only: -1, centre: -1}
	if l.Scope != PlaceCommunes || l.Place == nil {
		return p
	}
	p.blocks = g.blocksOf(l.Place)
	if l.Wider != nil {
		p.blocks.add(g.blocksOf(l.Wider))
	}
	if l.Place.Set.Len() == 1 && l.Wider == nil {
		l.Place.Set.Each(func(ord int) bool { p.only = ord; return false })
	}
	if ord, ok := g.centre(l); ok {
		p.centre = ord
	}
	return p
}
