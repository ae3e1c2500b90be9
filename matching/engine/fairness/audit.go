package fairness

import "math/rand/v2"

// Report is what is said of everybody.
type Report struct {
	Tables []Table      `json:"tables"`
	Hours  []HoursTable `json:"hours"`
}

// Table is one metric in one dimension. It has no total but that of what it
// tells: nothing is found by subtraction.
type Table struct {
	Metric    Metric    `json:"metric"`
	Dimension Dimension `json:"dimension"`
	Unit      Unit      `json:"unit"`
	Total     int       `json:"total"` // of the rows
	Few       bool      `json:"few"`   // no group that may be told
	Rows      []Row     `json:"rows"`
	Untold    []string  `json:"untold,omitempty"` // groups of which nothing may be said, even together: of a few people, or of nobody
}

// Bound says that a part of a group is too few to be counted.
type Bound string

// The bounds.
const (
	Under Bound = "under" // it happened to fewer than K people, perhaps to nobody
	Over  Bound = "over"  // it happened to all but fewer than K people, perhaps to all
)

// Row is one group. N and Yes are multiples of Step, and all the rest is worked
// out from them and from those of the other rows.
type Row struct {
	Group  string   `json:"group"`
	Merged []string `json:"merged,omitempty"` // groups told together; Group is then empty
	N      int      `json:"n"`
	// Bound is set where only N is told: Yes, the rate and the comparisons are then zero.
	Bound  Bound    `json:"bound,omitempty"`
	Yes    int      `json:"yes"`
	Rate   float64  `json:"rate"`
	Within Interval `json:"within"` // Wilson
	// Rest compares with the other rows whose rate is told; RestN 0: there is none.
	RestN       int      `json:"rest_n"`
	RestRate    float64  `json:"rest_rate"`
	Difference  Interval `json:"difference"` // Newcombe
	Ratio       float64  `json:"ratio"`
	RatioWithin Interval `json:"ratio_within"` // MOVER-R
	RatioKnown  bool     `json:"ratio_known"`
	// OfHighest is the rate over that of the group with the highest one, which
	// the four-fifths rule compares with 0.8; 0 where there is none.
	OfHighest float64 `json:"of_highest"`
	// Standard is the rate if the group had the occupations and distances of the
	// rows told; Covered is the part of them on which it could be computed. Both
	// are zero where it is not known.
	Standard      float64 `json:"standard"`
	Covered       float64 `json:"covered"`
	StandardKnown bool    `json:"standard_known"`
}

// covered is how much of everybody the strata must hold to standardise a rate.
const covered = 0.5

// Audit makes the report of people and proposals. The draw decides who is
// counted in each table and how often (see [sample]): what is told of one draw must
// be kept, since two of them together tell more than one.
func Audit(subjects []Subject, draw *rand.Rand) Report {
	var out Report
	ended := map[Dimension]counted{}
	for _, m := range Metrics() {
		for _, d := range Dimensions() {
			c := ended[d].turned() // the other side of the same proposals: never a second look at them
			if m != Refused {
				c = count(subjects, m, d, draw)
			}
			if m == Hired {
				ended[d] = c
			}
			out.Tables = append(out.Tables, table(c, m, d))
		}
	}
	for _, d := range Dimensions() {
		out.Hours = append(out.Hours, hours(subjects, d, draw))
	}
	return out
}

func table(c counted, m Metric, d Dimension) Table {
	out := Table{Metric: m, Dimension: d, Unit: m.Unit()}
	var parts []strata
	out.Rows, parts, out.Untold = rows(d.Groups(), c)
	out.Few = len(out.Rows) == 0
	for i := range out.Rows {
		out.Total += out.Rows[i].N
		compare(out.Rows, i)
		standardise(&out.Rows[i], parts[i], parts)
	}
	against(out.Rows)
	return out
}

// rows tells the groups that may be told alone, then the others together where
// that may be told. A group of nobody is among the others as one of a few is.
func rows(groups []string, c counted) (out []Row, parts []strata, untold []string) {
	others, spread := newCell(), strata{}
	for i, group := range groups {
		if r, ok := c.groups[i].row(); ok {
			r.Group = group
			out, parts = append(out, r), append(parts, c.strata[i])
			continue
		}
		untold = append(untold, group)
		others.join(c.groups[i])
		spread.join(c.strata[i])
	}
	if r, ok := others.row(); ok && len(out) > 0 {
		r.Merged = untold
		return append(out, r), append(parts, spread), nil
	}
	return out, parts, untold
}

// compare fills the comparison of a row with the others whose rate is told.
func compare(all []Row, at int) {
	r := &all[at]
	if r.Bound != "" {
		return
	}
	n, yes := 0, 0
	for i := range all {
		if i != at && all[i].Bound == "" {
			n, yes = n+all[i].N, yes+all[i].Yes
		}
	}
	if n > 0 {
		r.RestN, r.RestRate = n, rate(yes, n)
		r.Difference = Difference(r.Yes, r.N, yes, n)
		r.Ratio, r.RatioWithin, r.RatioKnown = Ratio(r.Yes, r.N, yes, n)
	}
}

// standardise is the direct standardisation of a rate: what it would be if the
// group were spread over the strata as the rows told are. A stratum counts where
// its own rate may be told.
func standardise(r *Row, own strata, all []strata) {
	if r.Bound != "" {
		return
	}
	weights, total := map[string]int{}, 0
	for _, part := range all {
		for name, c := range part {
			if n, ok := c.size(); ok {
				weights[name], total = weights[name]+n, total+n
			}
		}
	}
	sum, weight := 0.0, 0.0
	for _, name := range keys(own) {
		if part, ok := own[name].row(); ok && part.Bound == "" {
			w := float64(weights[name])
			sum, weight = sum+w*part.Rate, weight+w
		}
	}
	if weight > 0 && weight >= covered*float64(total) {
		r.Standard, r.Covered, r.StandardKnown = sum/weight, weight/float64(total), true
	}
}

// against fills the comparison with the highest rate told.
func against(all []Row) {
	highest := 0.0
	for _, r := range all {
		highest = max(highest, r.Rate)
	}
	for i := range all {
		if highest > 0 {
			all[i].OfHighest = all[i].Rate / highest
		}
	}
}
