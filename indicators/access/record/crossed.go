package record

import (
	"slices"
	"strings"
)

// Crossed counts the groups of records that who holds two vintages of a file would
// isolate by taking one from the other: on every set of keys, what came and what
// went are each nothing, or five records at least with two values of each
// sensitive variable. A later vintage is kept only where it is 0. The columns of
// both must be the same, and the keys as coarse.
func Crossed(before, after *Protected) (isolated int) {
	if !slices.Equal(before.Columns, after.Columns) {
		return 1
	}
	for mask := range uint(1) << before.Keys {
		was, is := before.classes(mask), after.classes(mask)
		for _, at := range places(was, is) {
			for _, part := range [][][]string{less(is[at], was[at]), less(was[at], is[at])} {
				if len(part) > 0 && !after.safe(part) {
					isolated++
				}
			}
		}
	}
	return isolated
}

func places(a, b map[string][][]string) []string {
	var out []string
	for _, m := range []map[string][][]string{a, b} {
		for at := range m {
			out = append(out, at)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// less is a multiset without another.
func less(a, b [][]string) (out [][]string) {
	left := map[string]int{}
	for _, t := range b {
		left[strings.Join(t, "\x00")]++
	}
	for _, t := range a {
		key := strings.Join(t, "\x00")
		if left[key] > 0 {
			left[key]--
			continue
		}
		out = append(out, t)
	}
	return out
}
