package record

import (
	"fmt"
	"slices"
	"strings"
)

// Crossed counts the groups of records that who holds two vintages of a year would
// isolate by taking one from the other, in both files or either: on every set of
// keys, what came and what went are each nothing, or what a class must be. A later
// vintage is kept only where it is 0. The columns of both must be the same, and the
// keys as coarse.
func Crossed(before, after *Protected) (isolated int) {
	if !slices.Equal(before.Columns, after.Columns) {
		return 1
	}
	for mask := range uint(1) << before.Keys {
		was, is := before.classes(mask), after.classes(mask)
		for _, at := range both(was, is) {
			for _, part := range [][]tuple{less(is[at], was[at]), less(was[at], is[at])} {
				if len(part) > 0 && !after.safe(part) {
					isolated++
				}
			}
		}
	}
	return isolated
}

func both(a, b map[string][]tuple) []string {
	var out []string
	for _, m := range []map[string][]tuple{a, b} {
		for at := range m {
			out = append(out, at)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// less is a multiset of what is read without another. Of records that read alike,
// those of the same sender go first: what is left is what a sender really added.
func less(a, b []tuple) []tuple {
	read := func(t tuple) string { return fmt.Sprint(t.in, "\x00", strings.Join(t.secrets, "\x00")) }
	a, b = apart(a, b, func(t tuple) string { return read(t) + "\x00" + t.from })
	a, _ = apart(a, b, read)
	return a
}

// apart is what two multisets have that the other has not.
func apart(a, b []tuple, key func(tuple) string) (left, right []tuple) {
	in := map[string]int{}
	for _, t := range b {
		in[key(t)]++
	}
	shared := map[string]int{}
	for _, t := range a {
		if k := key(t); in[k] > shared[k] {
			shared[k]++
		} else {
			left = append(left, t)
		}
	}
	for _, t := range b {
		if k := key(t); shared[k] > 0 {
			shared[k]--
		} else {
			right = append(right, t)
		}
	}
	return left, right
}
