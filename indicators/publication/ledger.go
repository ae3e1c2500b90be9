package publication

import (
	"fmt"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"maillage/indicators/catalogue"
	"maillage/indicators/compute"
)

// figureStatus is what readers got of a figure.
type figureStatus string

// The statuses. Which rule hid a figure is not kept.
const (
	shownFigure  figureStatus = "value"
	hiddenFigure figureStatus = "hidden"
	absentFigure figureStatus = "nd"
)

// figure is one cell of the ledger: what readers got of a key in one version, or would
// have got had they chosen its territory: later releases are attacked as if they had.
// The ledger only grows: what was seen stays, withdrawn versions included.
type figure struct {
	bun.BaseModel `bun:"table:released_figures,alias:rf"`

	VersionID int64           `bun:"version_id,pk"`
	Measure   compute.Measure `bun:"measure,pk"`
	Year      int             `bun:"year,pk"`
	Territory string          `bun:"territory,pk"`
	Kind      string          `bun:"kind,pk"`
	Sex       string          `bun:"sex,pk"`
	Age       string          `bun:"age,pk"`
	Public    string          `bun:"public,pk"`
	Vintage   string          `bun:"vintage"` // of the communes that make the territory
	Status    figureStatus    `bun:"status"`
	Value     int64           `bun:"value"` // in the unit of the measure's last decimal; 0 unless shown
	Low       *int64          `bun:"low"`   // interval of the rate that it is the numerator of, in its last decimal
	High      *int64          `bun:"high"`
	Frame     int             `bun:"frame"` // enterprises asked; 0 where it was not kept
	Replied   int             `bun:"replied"`
	Awaited   int             `bun:"awaited"` // of those asked, who have not answered
	Told      bool            `bun:"told"`    // false: protected with the others, and outside the territories that were chosen
}

func (f *figure) key() key {
	return key{f.Measure, f.Year, f.Territory, f.Kind, f.Sex, f.Age, f.Public}
}

// awaited tells a figure that was asked and that nobody has answered. It is kept of
// everybody; what is of women or of an age is awaited where that of everybody is.
func (f *figure) awaited() bool {
	return f.Status == absentFigure && f.Replied == 0 && f.Awaited > 0
}

// ledger is everything that was released, as an attacker has it.
type ledger struct {
	last    int64          // the latest version that it holds
	figures map[key]figure // the last shown of each key, else the last
	all     []figure
	made    map[versionAt]int64 // from which snapshot
	zonings map[int64]*zoning   // of the versions that are by zone
}

// versionAt is a year of a version.
type versionAt struct {
	version int64
	year    int
}

func ledgerOf(all []figure, made []versionYear) ledger {
	l := ledger{figures: map[key]figure{}, all: all, made: map[versionAt]int64{}}
	for _, m := range made {
		l.made[versionAt{m.VersionID, m.Year}] = m.SnapshotID
	}
	for _, f := range all { // by version
		l.last = max(l.last, f.VersionID)
		if old, there := l.figures[f.key()]; there && old.Status == shownFigure && f.Status != shownFigure {
			continue
		}
		l.figures[f.key()] = f
	}
	return l
}

// wants are what the ledger holds of a family in a year: it must be in the system
// that protects another plan of them.
func (l ledger) wants(name compute.Measure, year int) want {
	var w want
	seen := map[key]bool{}
	for k := range l.figures {
		level, where := levelOf(k.Territory), string(levelOf(k.Territory))
		var zonings []int64
		if level == Zones { // each version cuts the country its own way
			zonings, level = []int64{l.figures[k].VersionID}, Federation
			where = fmt.Sprint(where, zonings)
		}
		shape := key{Measure: k.Measure, Territory: where, Kind: k.Kind, Sex: k.Sex, Age: k.Age, Public: k.Public}
		if k.Year != year || seen[shape] || familyOf(k.Measure).name != name {
			continue
		}
		seen[shape] = true
		if (shape == key{Measure: k.Measure, Territory: string(Federation), Kind: total, Sex: total, Age: total, Public: total}) {
			w = w.and(want{level: Federation, rule: ruleOf(k.Measure), top: []compute.Measure{k.Measure}})
			continue
		}
		w = w.and(want{measures: []compute.Measure{k.Measure}, layers: []layer{layerOf(person{k.Sex, k.Age, k.Public})}, level: level, kinds: k.Kind != total, rule: ruleOf(k.Measure), zonings: zonings})
	}
	return w
}

// ruleOf is the strictest rule of the indicators that are released and read a measure.
func ruleOf(m compute.Measure) (r catalogue.Publication) {
	all, err := catalogue.Load()
	if err != nil {
		return r
	}
	for _, i := range all.All() {
		f, ok := compute.FormulaOf(string(i.ID), compute.COORACE)
		if ok && Offered(i.ID) && slices.Contains(measuresOf(Chosen{ID: i.ID}, f), compute.Measure(strings.TrimSuffix(string(m), olderRule))) {
			r = strictest(r, i.Publication)
		}
	}
	if r == (catalogue.Publication{}) { // of the report alone
		r = catalogue.Publication{Persons: 5, Sensitive: 11, Contributors: 3, Dominance: 85}
	}
	return r
}

func levelOf(territory string) Level {
	switch {
	case territory == whole:
		return Federation
	case strings.HasPrefix(territory, "R"):
		return Region
	case strings.HasPrefix(territory, zonePrefix):
		return Zones
	}
	return Departement
}

// figures are the lines of the ledger for a verdict, sorted.
func (v *verdict) figures(version int64) []figure {
	var list []figure
	for _, l := range v.systems {
		for k := range l.at {
			if !v.asked[k] || l.borrows() && k.Measure == compute.Workers {
				continue
			}
			f := figure{VersionID: version, Measure: k.Measure, Year: k.Year, Territory: k.Territory, Kind: k.Kind, Sex: k.Sex, Age: k.Age, Public: k.Public,
				Vintage: v.vintages[k.Year], Status: v.status(l, k), Told: v.chooses(k.Territory)}
			if n, there := l.covered[k]; there {
				f.Frame, f.Replied, f.Awaited = n[0], n[1], n[2]
			}
			if f.Status == shownFigure {
				f.Value = rounded(k.Measure, l.exact[k])
				f.Low, f.High = v.interval(k)
			}
			list = append(list, f)
		}
	}
	slices.SortFunc(list, func(a, b figure) int { return compareKeys(a.key(), b.key()) })
	return list
}

func (v *verdict) status(l *linked, k key) figureStatus {
	switch {
	case l.exact[k] == nil, v.shown[k] && l.unsaid[k]:
		return absentFigure
	case v.shown[k]:
		return shownFigure
	}
	return hiddenFigure
}

// interval is the one over enterprises that was made for a numerator; nil: none.
func (v *verdict) interval(k key) (low, high *int64) {
	in, there := v.spans[k]
	if !there {
		return nil, nil
	}
	return &in.low, &in.high
}
