package publication

import (
	"iter"
	"maps"
	"math/bits"
)

func popcount(x uint64) int { return bits.OnesCount64(x) }

func mapsKeys[K comparable, V any](m map[K]V) iter.Seq[K] { return maps.Keys(m) }
