package cog

import (
	"bytes"
	"compress/gzip"
	_ "embed" // the table of neighbours
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// packedAdjacency is written with the indicative mesh (territories/mesh/generate):
// gzip of unsigned varints: a CRC-32 of the communes' codes, each followed by a
// line feed; their number; then for each commune how many later neighbours it
// has, and each of them minus the one before (the first minus the commune).
//
//go:embed adjacency.bin
var packedAdjacency []byte

var errAdjacency = errors.New("table of neighbours is damaged")

// Adjacency tells which communes' cells share a border in the indicative mesh.
// Communes are the ordinals of the embedded vintage: their rank by code. It says
// nothing of the official limits, and nothing of a commune without a point.
type Adjacency struct {
	// Stamp is the CRC-32 of the codes it was computed for, each followed by LF.
	Stamp uint32
	first []uint32
	list  []int
}

// Len is the number of communes.
func (a *Adjacency) Len() int { return len(a.first) - 1 }

// Neighbours lists the communes beside ord in increasing order; the result must
// not be modified.
func (a *Adjacency) Neighbours(ord int) []int {
	return a.list[a.first[ord]:a.first[ord+1]]
}

// ReadAdjacency decodes the embedded table of neighbours (a few milliseconds).
func ReadAdjacency() (*Adjacency, error) {
	zip, err := gzip.NewReader(bytes.NewReader(packedAdjacency))
	if err != nil {
		return nil, fmt.Errorf("open table of neighbours: %w", err)
	}
	raw, err := io.ReadAll(zip)
	if err != nil {
		return nil, fmt.Errorf("unpack table of neighbours: %w", err)
	}
	return decodeAdjacency(raw)
}

// decodeAdjacency reads each pair once, from its lower commune, and files it
// under both.
func decodeAdjacency(raw []byte) (*Adjacency, error) {
	next := func() uint64 {
		v, n := binary.Uvarint(raw)
		if n <= 0 {
			raw = nil
			return 1 << 32 // larger than any limit below
		}
		raw = raw[n:]
		return v
	}
	stamp, count := next(), next()
	if count > uint64(len(raw)) {
		return nil, errAdjacency
	}
	pairs, err := readPairs(next, count)
	if err != nil || len(raw) != 0 {
		return nil, errAdjacency
	}
	return fileAdjacency(uint32(stamp), int(count), pairs), nil
}

func readPairs(next func() uint64, count uint64) ([][2]uint32, error) {
	pairs := make([][2]uint32, 0, 4*count)
	for ord := range count {
		last := ord
		for left := next(); left > 0; left-- {
			if last += next(); last >= count {
				return nil, errAdjacency
			}
			pairs = append(pairs, [2]uint32{uint32(ord), uint32(last)})
		}
	}
	return pairs, nil
}

// fileAdjacency keeps each list sorted: the pairs come by lower commune, so a
// commune meets its lower neighbours first, then its upper ones, each in order.
func fileAdjacency(stamp uint32, count int, pairs [][2]uint32) *Adjacency {
	a := &Adjacency{Stamp: stamp, first: make([]uint32, count+1), list: make([]int, 2*len(pairs))}
	for _, p := range pairs {
		a.first[p[0]+1]++
		a.first[p[1]+1]++
	}
	for i := range count {
		a.first[i+1] += a.first[i]
	}
	at := append([]uint32(nil), a.first...)
	for _, p := range pairs {
		for i, ord := range p {
			a.list[at[ord]] = int(p[1-i])
			at[ord]++
		}
	}
	return a
}
