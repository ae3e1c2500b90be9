package cog

import (
	"slices"
	"testing"
)

func TestAdjacencyIsSymmetricAndSorted(t *testing.T) {
	t.Parallel()
	a, err := ReadAdjacency()
	if err != nil {
		t.Fatal(err)
	}
	for ord := range a.Len() {
		list := a.Neighbours(ord)
		if !slices.IsSorted(list) {
			t.Fatalf("neighbours of %d are not sorted: %v", ord, list)
		}
		for _, n := range list {
			if n == ord || !slices.Contains(a.Neighbours(n), ord) {
				t.Fatalf("%d has neighbour %d, which does not have it", ord, n)
			}
		}
	}
}

func TestAdjacencyRefusesDamage(t *testing.T) {
	t.Parallel()
	for _, raw := range [][]byte{nil, {1}, {1, 200, 1}, {1, 2, 1, 9, 0}, {1, 2, 1, 1, 0, 7}, {1, 2, 3, 1}} {
		if _, err := decodeAdjacency(raw); err == nil {
			t.Errorf("%v was accepted", raw)
		}
	}
	a, err := decodeAdjacency([]byte{1, 3, 2, 1, 1, 0, 0})
	if err != nil {
		t.Fatal(err)
	}
	if got := a.Neighbours(0); !slices.Equal(got, []int{1, 2}) {
		t.Errorf("neighbours of 0: %v", got)
	}
}
