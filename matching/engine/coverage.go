package engine

import (
	"cmp"
	"slices"
	"time"

	"maillage/nomenclatures"
	"maillage/territories"
)

// Coverage says where what is asked meets nobody: by sector and territory, the
// lots of a period on one side, the enterprises whose trade and zone fit on the
// other. Expected calls are counted apart and make no hole.
type Coverage struct {
	AsOf     time.Time        `json:"as_of"`
	Since    time.Time        `json:"since"`
	Version  string           `json:"engine"`
	By       territories.Kind `json:"by"`
	Lots     int              `json:"lots"`     // of the period
	Unsorted int              `json:"unsorted"` // among them, whose codes lead to no sector
	Unplaced int              `json:"unplaced"` // whose place is not known, or is the country
	Wide     int              `json:"wide"`     // whose place is too wide to be that of any one territory
	Cells    int              `json:"cells"`    // sectors × territories where something is asked
	Holes    []Hole           `json:"holes"`    // the most lots that nobody can answer first
}

// Lack says how the supply of a hole falls short.
type Lack string

// The lacks, from the worst.
const (
	LackAll  Lack = "none"    // nobody
	LackSure Lack = "assumed" // only enterprises whose trade or zone is assumed
	LackPart Lack = "part"    // some, on too small a share of the territory
	LackGate Lack = "closed"  // enough, or all who are there, and none can answer some lots: reserved, served in another way, certified
)

// Hole is a sector in a territory where something is asked and too little is
// offered, or where a lot is asked that nobody can answer.
type Hole struct {
	Sector    nomenclatures.Sector `json:"sector"`
	Territory territories.Ref      `json:"territory"`
	Lack      Lack                 `json:"lack"`
	Covered   float64              `json:"covered"`  // share of the inhabitants whom somebody sure covers
	Supposed  float64              `json:"supposed"` // the same, assumed facts included
	Sure      int                  `json:"sure"`     // enterprises whose trade and zone are known and which cover some of it
	Assumed   int                  `json:"assumed"`  // others, by an assumed trade or zone
	ToSpecify int                  `json:"to_specify"`
	Demand    Demand               `json:"demand"`
	Expected  int                  `json:"expected"` // calls that nobody has published yet
	Unmet     []LotID              `json:"unmet"`    // lots that no enterprise at all can answer
	Unsure    []LotID              `json:"unsure"`   // lots that only assumed facts match
	Nearest   []Extension          `json:"nearest"`  // see Extend, as the next
	Poles     []NearArea           `json:"poles"`
}

// Demand is what is asked in a territory.
type Demand struct {
	Lots     []LotID `json:"lots"`   // the latest deadline first
	Amount   float64 `json:"amount"` // euros, of the lots that say it, by the share of their place
	AmountOf int     `json:"amount_of"`
	Hours    float64 `json:"hours"` // of insertion, the same
	HoursOf  int     `json:"hours_of"`
}

// Surveying bounds a survey. The zero value asks for the groupings of communes
// over twelve months.
type Surveying struct {
	By       territories.Kind // EPCI or département; "": EPCI
	Months   int              // 0: 12
	MinLots  int              // lots that make a demand, 0: 1
	MinShare float64          // share of the inhabitants under which a supply is too thin, 0: a half
}

// Area is a territory that somebody else looks after: a pole.
type Area struct {
	ID    int64
	Place *territories.Perimeter
}

// placeShare is the least share of the inhabitants of a lot's place that makes
// the lot one of the territory's: a lot for a whole département is not asked in
// each of its valleys.
const placeShare = 0.1

// Survey finds the holes. The same facts give the same answer whatever their order.
func (v *View) Survey(asOf time.Time, o Surveying) Coverage {
	s := v.surveyor(asOf, o)
	for _, lot := range v.everyLot() {
		s.count(lot)
	}
	out := Coverage{AsOf: asOf, Since: s.since, Version: Version, By: s.o.By, Lots: s.lots, Unsorted: s.unsorted,
		Unplaced: s.unplaced, Wide: s.wide, Holes: []Hole{}}
	for _, key := range s.keys() {
		c := s.cells[key]
		if len(c.lots) == 0 {
			continue
		}
		out.Cells++
		if h, ok := s.hole(key, c); ok {
			out.Holes = append(out.Holes, h)
		}
	}
	slices.SortStableFunc(out.Holes, func(a, b Hole) int {
		return cmp.Or(cmp.Compare(len(b.Unmet), len(a.Unmet)), cmp.Compare(len(b.Demand.Lots), len(a.Demand.Lots)))
	})
	return out
}

// surveyor is one survey under way.
type surveyor struct {
	v     *View
	r     *Rules
	o     Surveying
	asOf  time.Time
	since time.Time

	areas    []surveyed
	of       []int32 // by ordinal of a commune, its place in areas; -1: none
	shares   map[*territories.Perimeter][]part
	cells    map[cellKey]*demandCell
	answered map[LotID]answered
	trades   map[nomenclatures.Sector]*trade
	nameless []*Enterprise
	poles    []Area

	lots, unsorted, unplaced, wide int
}

// surveyed is one of the territories of the survey, with what is worked out once.
type surveyed struct {
	ref       territories.Ref
	set       *territories.Set
	people    int64
	reach     []apartBy // outside it, the nearest first; nil: not worked out yet
	near      *territories.Set
	toSpecify int // -1: not counted yet
}

type cellKey struct {
	sector nomenclatures.Sector
	area   int32
}

func (v *View) surveyor(asOf time.Time, o Surveying) *surveyor {
	if o.By == "" {
		o.By = territories.KindEPCI
	}
	if o.Months == 0 {
		o.Months = 12
	}
	if o.MinLots == 0 {
		o.MinLots = 1
	}
	if o.MinShare == 0 {
		o.MinShare = 0.5
	}
	s := &surveyor{v: v, r: v.x.rules, o: o, asOf: asOf, since: asOf.AddDate(0, -o.Months, 0), shares: map[*territories.Perimeter][]part{},
		cells: map[cellKey]*demandCell{}, answered: map[LotID]answered{}, trades: map[nomenclatures.Sector]*trade{}}
	s.lay()
	for _, e := range v.everyEnterprise() {
		if unspecified(e) && offering(e) {
			s.nameless = append(s.nameless, e)
		}
	}
	return s
}

// lay cuts the map into the territories of the survey.
func (s *surveyor) lay() {
	a := s.r.atlas
	s.of = make([]int32, a.Len())
	for i := range s.of {
		s.of[i] = -1
	}
	for _, ref := range a.Refs(s.o.By) {
		set, err := a.Of(ref)
		if err != nil || set.Len() == 0 {
			continue
		}
		at := int32(len(s.areas))
		set.Each(func(ord int) bool { s.of[ord] = at; return true })
		s.areas = append(s.areas, surveyed{ref: ref, set: set, people: a.Population(set), toSpecify: -1})
	}
}

// keys lists the cells in the order of the crosswalk and of the territories.
func (s *surveyor) keys() []cellKey {
	rank := map[nomenclatures.Sector]int{}
	for i, sector := range nomenclatures.Sectors() {
		rank[sector.Code] = i
	}
	out := make([]cellKey, 0, len(s.cells))
	for k := range s.cells {
		out = append(out, k)
	}
	slices.SortFunc(out, func(a, b cellKey) int {
		return cmp.Or(cmp.Compare(rank[a.sector], rank[b.sector]), cmp.Compare(a.area, b.area))
	})
	return out
}

// hole says whether a cell is one: enough lots, and too little that is sure or a
// lot that nobody can answer. Lots that people lent can fill are met by who lends
// there in any trade: alone, they make no hole of the trade.
func (s *surveyor) hole(key cellKey, c *demandCell) (Hole, bool) {
	if len(c.lots) < s.o.MinLots {
		return Hole{}, false
	}
	area := &s.areas[key.area]
	sup := s.supply(key.sector, area)
	h := Hole{Sector: key.sector, Territory: area.ref, Covered: sup.covered, Supposed: sup.supposed, Sure: sup.sure, Assumed: sup.assumed,
		Demand: c.demand(), Expected: c.expected, Unmet: []LotID{}, Unsure: []LotID{}}
	s.sort(&h, c)
	h.Lack = s.lack(&h, sup, area)
	if len(h.Unmet) == 0 && (sup.covered >= s.o.MinShare || s.lent(key.sector, c)) {
		return Hole{}, false
	}
	h.ToSpecify = s.toSpecify(area)
	return h, true
}

// lack says how the supply of a hole falls short, of those alone who could answer a lot that is
// not answered: who only does the trade in another way, or lacks the status, is there all the same.
func (s *surveyor) lack(h *Hole, sup supply, area *surveyed) Lack {
	sure, assumed := s.able(h, area, s.waiting(h))
	if len(h.Unmet) == 0 {
		sure, assumed = sup.sure, sup.assumed // each lot has an answer: too few people are covered, that is all
	}
	switch {
	case sup.covered >= s.o.MinShare, sure+assumed == 0 && sup.sure+sup.assumed > 0:
		return LackGate
	case sure > 0:
		return LackPart
	case assumed > 0:
		return LackSure
	}
	return LackAll
}

// lent says that every lot of a cell can be filled by people lent, and is for
// sure; lending itself is a trade like another.
func (s *surveyor) lent(sector nomenclatures.Sector, c *demandCell) bool {
	info, _ := nomenclatures.LookupSector(sector)
	return !info.Staffing && !slices.ContainsFunc(c.lots, func(l *Lot) bool { return !l.borrows() || s.answers(l) != bySomebody })
}

// sort tells the lots of a hole that nobody, or nobody for sure, can answer.
func (s *surveyor) sort(h *Hole, c *demandCell) {
	for _, lot := range c.lots {
		switch s.answers(lot) {
		case byNobody:
			h.Unmet = append(h.Unmet, lot.ID)
		case bySupposition:
			h.Unsure = append(h.Unsure, lot.ID)
		}
	}
}
