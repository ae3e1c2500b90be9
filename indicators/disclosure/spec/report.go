package spec

import (
	"math"

	"maillage/indicators/disclosure"
)

// Report is what `maillage protect --json` prints (docs/protected.schema.json). It
// is for those who prepare the release: it names the primary cells. Only the
// certificate and the published table are for its readers.
type Report struct {
	Version     string                 `json:"version"`
	Safe        bool                   `json:"safe"`
	Proved      bool                   `json:"proved"` // the attack could look everywhere; never safe otherwise
	Counts      disclosure.Counts      `json:"counts"`
	Rules       map[string]int         `json:"rules"` // primary cells by the first rule they break
	Attack      Attack                 `json:"attack"`
	Cells       []Cell                 `json:"cells"`
	Warnings    []Warning              `json:"warnings"`
	Certificate disclosure.Certificate `json:"certificate"`
}

// Attack is what the attack found. The number of primary cells and the least width,
// which is a part of a protected value, are for those who prepare the release alone.
type Attack struct {
	Attacked     int      `json:"attacked"`
	Recovered    int      `json:"recovered_exactly"`
	Narrow       int      `json:"too_narrow"`
	Unproved     int      `json:"unproved"`
	MinimalWidth *float64 `json:"minimal_relative_width"` // four significant digits; null when no interval has an end
}

// Cell is one cell of a table and its status.
type Cell struct {
	Table    string            `json:"table"`
	Line     int               `json:"line,omitempty"` // of the table; none when it was computed
	Codes    map[string]string `json:"codes"`          // by dimension
	Value    *float64          `json:"value"`          // null when nobody has it
	Status   disclosure.Status `json:"status"`
	Rule     string            `json:"rule,omitempty"`
	Deduced  []*float64        `json:"deduced,omitempty"`  // what the attack allows: [low, high], null for no end
	Required []*float64        `json:"required,omitempty"` // what must stay possible
	Safe     *bool             `json:"safe,omitempty"`
}

// Warning is something to look at that does not stop the work.
type Warning struct {
	Where string `json:"where"`
	FR    string `json:"fr"`
	EN    string `json:"en"`
}

// NewReport writes the report of an outcome. The same outcome gives the same report.
func NewReport(o *disclosure.Outcome) (Report, error) {
	r := Report{Version: disclosure.Version, Safe: o.Safe(), Proved: o.Proved(), Counts: o.Counts(), Rules: map[string]int{},
		Attack:   Attack{len(o.Attack.Intervals), o.Attack.Recovered, o.Attack.Narrow, o.Attack.Unproved, finite(figures(o.Attack.MinimalWidth, 4))},
		Warnings: []Warning{}}
	for rule, n := range o.Rules() {
		r.Rules[string(rule)] = n
	}
	for _, result := range o.Results() {
		r.Cells = append(r.Cells, cellOf(result))
	}
	for _, w := range o.System.Warnings {
		r.Warnings = append(r.Warnings, Warning{w.Where(), w.Text.FR, w.Text.EN})
	}
	var err error
	r.Certificate, err = o.Certificate()
	return r, err
}

func cellOf(r disclosure.Result) Cell {
	c := Cell{Table: r.Table, Line: r.Line, Codes: map[string]string{}, Value: finite(r.Value), Status: r.Status, Rule: string(r.Rule)}
	for d, code := range r.Codes {
		c.Codes[r.Dimensions[d].Name] = code
	}
	if i := r.Interval; i != nil {
		c.Deduced = []*float64{finite(figures(i.Low, 12)), finite(figures(i.High, 12))}
		c.Required = []*float64{finite(figures(i.Least, 12)), finite(figures(i.Most, 12))}
		c.Safe = &i.Safe
	}
	return c
}

func finite(x float64) *float64 {
	if math.IsInf(x, 0) || math.IsNaN(x) {
		return nil
	}
	return &x
}

// figures keeps n significant digits: further ones depend on the arithmetic.
func figures(x float64, n int) float64 {
	if x == 0 || math.IsInf(x, 0) || math.IsNaN(x) {
		return x
	}
	scale := math.Pow(10, float64(n-1)-math.Floor(math.Log10(math.Abs(x))))
	if math.IsInf(scale, 0) || scale == 0 {
		return x
	}
	return math.Round(x*scale) / scale
}
