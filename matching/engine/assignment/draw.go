package assignment

import "cmp"

// drawn orders two identifiers by lot. For a given seed the draw is a bijection
// of the identifiers (the finaliser of SplitMix64, Steele, Lea and Flood 2014):
// two of them never tie.
func drawn(seed uint64, a, b int64) int {
	return cmp.Compare(lot(seed, a), lot(seed, b))
}

func lot(seed uint64, id int64) uint64 {
	return mix(uint64(id) ^ mix(seed+0x9e3779b97f4a7c15))
}

func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
