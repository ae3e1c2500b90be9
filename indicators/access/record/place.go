package record

import (
	"cmp"
	"slices"
	"strings"
)

// What must be behind every place that is told of a kind, France included, and
// behind every class of records: the contributors of a published table.
const (
	leastGroups = 3
	topShare    = .85
)

// seat is where an enterprise of a kind is. Every record of it has the same place.
type seat struct{ kind, departement, region string }

func (r row) seat() seat { return seat{r.keys[1], r.departement, r.region} }

func (s seat) key() string { return strings.Join([]string{s.kind, s.departement, s.region}, " ") }

// places gives the place that is told of each seat: its département where enough
// groups are there, else what is left of its région where they are, else France.
// What is under a code is all of it less what is told more finely, so that the codes
// of a kind never overlap, and none of them, nor the difference of two, has few groups
// behind it. Where too few are left for France, the smallest place joins them. A seat
// that nothing can be told of is wanting.
func places(rows []row) map[string]string {
	by := map[string]map[seat][]row{}
	for _, r := range rows {
		if by[r.keys[1]] == nil {
			by[r.keys[1]] = map[seat][]row{}
		}
		by[r.keys[1]][r.seat()] = append(by[r.keys[1]][r.seat()], r)
	}
	out := map[string]string{}
	for _, seats := range by {
		for s, code := range placesOf(seats) {
			out[s.key()] = code
		}
	}
	return out
}

// placesOf are those of the seats of one kind.
func placesOf(seats map[seat][]row) map[seat]string {
	out := map[seat]string{}
	for s := range seats {
		out[s] = "fr"
	}
	for _, finer := range []func(seat) string{
		func(s seat) string { return joined("dep-", s.departement, s.region) },
		func(s seat) string { return joined("reg-", s.region, s.region) },
	} {
		left := map[string][]seat{}
		for s := range seats {
			if code := finer(s); out[s] == "fr" && code != "" {
				left[code] = append(left[code], s)
			}
		}
		for code, of := range left {
			if enough(gathered(seats, of)) {
				for _, s := range of {
					out[s] = code
				}
			}
		}
	}
	return whole(seats, out)
}

// joined is a code, or none where the place is not known.
func joined(prefix, code, region string) string {
	if code == "" || region == "" {
		return ""
	}
	return prefix + code
}

// whole joins the smallest places to France until enough groups are under it.
func whole(seats map[seat][]row, told map[seat]string) map[seat]string {
	for {
		under := map[string][]seat{}
		for s, code := range told {
			under[code] = append(under[code], s)
		}
		if len(under["fr"]) == 0 || enough(gathered(seats, under["fr"])) {
			return told
		}
		if len(under) == 1 {
			return nil
		}
		delete(under, "fr")
		codes := make([]string, 0, len(under))
		for code := range under {
			codes = append(codes, code)
		}
		smallest := slices.MinFunc(codes, func(a, b string) int {
			return cmp.Or(len(gathered(seats, under[a]))-len(gathered(seats, under[b])), cmp.Compare(a, b))
		})
		for _, s := range under[smallest] {
			told[s] = "fr"
		}
	}
}

func gathered(seats map[seat][]row, of []seat) (out []row) {
	for _, s := range of {
		out = append(out, seats[s]...)
	}
	return out
}

// enough tells whether enough contributors sent some records, none of them nearly all.
func enough(rows []row) bool {
	from := make([]string, len(rows))
	for i, r := range rows {
		from[i] = r.contributor
	}
	return shared(from)
}

func shared(from []string) bool {
	count, top := map[string]int{}, 0
	for _, f := range from {
		count[f]++
		top = max(top, count[f])
	}
	return len(count) >= leastGroups && float64(top) <= topShare*float64(len(from))
}

// located are the records of which a place may be told, with it.
func located(rows []row, places map[string]string) (out []row) {
	for _, r := range rows {
		if code, known := places[r.seat().key()]; known {
			r.keys = slices.Clone(r.keys)
			r.keys[0] = code
			out = append(out, r)
		}
	}
	return out
}
