package markets

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/indicators/disclosure"
	"maillage/indicators/microdata"
	"maillage/internal/sheet"
)

// Version numbers the definitions of what is published.
const Version = 1

// The bounds of what is published, those of the catalogue for what enterprises do: the
// fewest economic groups behind a number, and the most that one may weigh, in percent.
const (
	FewestGroups = 3
	MostWeight   = 85
)

// Measures are the numbers that are published; lots shown are a fact of the platform,
// behind which there is no enterprise, and are told as they are.
func Measures() []string { return []string{"answered", "submitted", "won", "hours"} }

// Published is what anybody reads of a year of the federation.
type Published struct {
	Year    int
	Years   []int // of which there is something
	Members int   // active, to whom lots are shown
	Total   PublicLine
	Regions []PublicLine
	Months  []PublicLine
	FTE     int64 // hours of one
	Source  string
	At      time.Time
	Today   string // in Paris
}

// PublicLine is a territory or a month.
type PublicLine struct {
	Code  string
	Shown int
	Cells []PublicCell // one a measure
}

// PublicCell is a number, or that few enterprises are behind it, or that it would give
// such a number back.
type PublicCell struct {
	Value  float64
	Hidden bool
}

// Publish gives a year, 0 for the latest, protected. It tells of months that have
// ended: read day after day, a month that runs would tell of each answer as it comes. Everybody may read it (accounts.StatisticsRead).
func (s *Service) Publish(ctx context.Context, year int) (*Published, error) {
	if err := accounts.Permits(accounts.From(ctx), accounts.StatisticsRead); err != nil {
		return nil, err
	}
	rows, err := all(ctx, s.store.Read())
	if err != nil {
		return nil, err
	}
	p := &Published{Year: year, At: s.now(), Today: s.day(s.now())}
	p.Years = s.years(rows, p.running())
	if year == 0 && len(p.Years) > 0 {
		p.Year = p.Years[len(p.Years)-1]
	}
	p.Year = cmp.Or(p.Year, p.At.Year())
	groups, err := groupsOf(ctx, s.store.Read())
	if err != nil {
		return nil, err
	}
	if p.Members, err = membersOf(ctx, s.store.Read()); err != nil {
		return nil, err
	}
	refs, err := microdata.ReferencesIn(ctx, s.store.Read())
	if err != nil {
		return nil, err
	}
	ref, _ := refs.Of("*", p.Year)
	p.FTE, p.Source = ref.Hours, ref.Source
	return p, s.protect(ctx, p, rows, groups)
}

// running is the first day of the month that runs.
func (p *Published) running() string { return p.Today[:len("2006-01")] + "-01" }

// years are those in which something happened, before a day.
func (s *Service) years(rows []*Market, end string) (out []int) {
	for _, m := range rows {
		for _, day := range []string{s.dayOf(m.ShownAt), s.dayOf(m.AnsweredAt), m.SubmittedOn, m.WonOn} {
			var y int
			if day >= end {
				continue
			}
			if n, err := fmt.Sscanf(day, "%4d", &y); n == 1 && err == nil && !slices.Contains(out, y) {
				out = append(out, y)
			}
		}
	}
	slices.Sort(out)
	return out
}

func (s *Service) dayOf(t *time.Time) string {
	if t == nil {
		return ""
	}
	return s.day(*t)
}

// whole is the code of a total in a table.
const whole = "all"

// tally is one number being counted, with what each economic group has a part in.
type tally struct {
	value float64
	parts map[string]float64
}

func (t *tally) cell(code string) disclosure.Cell {
	c := disclosure.Cell{Codes: []string{code}, Value: t.value, Count: disclosure.Unknown(), Contributors: float64(len(t.parts))}
	for _, v := range t.parts {
		c.Top = append(c.Top, min(v, t.value))
	}
	slices.SortFunc(c.Top, func(a, b float64) int { return cmp.Compare(b, a) })
	return c
}

// protect counts a year and hides what few enterprises are behind, with what would give it back.
func (s *Service) protect(ctx context.Context, p *Published, rows []*Market, groups map[int64]string) error {
	first := fmt.Sprintf("%04d-", p.Year)
	regions, months := map[string]*PublicLine{}, map[string]*PublicLine{}
	end := p.running()
	for i := range 12 {
		if code := fmt.Sprintf("%s%02d", first, i+1); code < end[:len(code)] {
			months[code] = &PublicLine{Code: code}
		}
	}
	counts := map[string]map[string]map[string]*tally{} // by measure, cut and code
	line := func(of map[string]*PublicLine, code string) *PublicLine {
		if of[code] == nil {
			of[code] = &PublicLine{Code: code}
		}
		return of[code]
	}
	add := func(m *Market, measure, day string, value float64, role Role) {
		if len(day) < 7 || day[:5] != first || day >= end {
			return
		}
		for cut, code := range map[string]string{"region": m.Region, "month": day[:7]} {
			at := tallied(counts, measure, cut, code)
			at.value += value
			for g := range m.groups(role, groups) {
				at.parts[g] += value
			}
		}
		line(regions, m.Region)
		all := tallied(counts, measure, whole, whole)
		all.value += value
		for g := range m.groups(role, groups) {
			all.parts[g] += value
		}
	}
	for _, m := range rows {
		if day := s.dayOf(m.ShownAt); len(day) > 7 && day[:5] == first && day < end {
			p.Total.Shown++
			line(regions, m.Region).Shown++
			months[day[:7]].Shown++
		}
		add(m, "answered", s.dayOf(m.AnsweredAt), 1, Answered)
		add(m, "submitted", m.SubmittedOn, 1, Submitted)
		add(m, "won", m.WonOn, 1, Won)
		if m.Hours > 0 {
			add(m, "hours", m.WonOn, m.Hours, Won)
		}
	}
	for _, measure := range Measures() {
		if err := p.shown(ctx, measure, counts[measure], regions, months); err != nil {
			return err
		}
	}
	p.Regions, p.Months = ordered(regions), ordered(months)
	return nil
}

func tallied(counts map[string]map[string]map[string]*tally, measure, cut, code string) *tally {
	if counts[measure] == nil {
		counts[measure] = map[string]map[string]*tally{}
	}
	if counts[measure][cut] == nil {
		counts[measure][cut] = map[string]*tally{}
	}
	if counts[measure][cut][code] == nil {
		counts[measure][cut][code] = &tally{parts: map[string]float64{}}
	}
	return counts[measure][cut][code]
}

// shown adds the cells of a measure to the lines. Where no way is found to protect its
// parts, none is told.
func (p *Published) shown(ctx context.Context, measure string, by map[string]map[string]*tally, regions, months map[string]*PublicLine) error {
	at := func(cut, code string) *tally {
		if t := by[cut][code]; t != nil {
			return t
		}
		return &tally{}
	}
	task := disclosure.Task{Integer: measure != "hours"}
	cuts := map[string]map[string]*PublicLine{"region": regions, "month": months}
	for _, cut := range []string{"region", "month"} {
		table := disclosure.Table{Name: cut, Measure: measure, Dimensions: []disclosure.Dimension{{Name: cut, Total: whole}},
			Rules:      disclosure.Rules{MinimumContributors: FewestGroups, Dominance: []disclosure.Dominance{{N: 1, Percent: MostWeight}}},
			Protection: disclosure.Protection{Upper: disclosure.Margin{Percent: 15, AtLeast: 1}, Sliding: disclosure.Margin{Percent: 15, AtLeast: 1}}}
		table.Cells = append(table.Cells, at(whole, whole).cell(whole))
		for _, l := range ordered(cuts[cut]) {
			c := at(cut, l.Code).cell("c" + l.Code)
			if cut == "region" && c.Value == 0 && l.Shown > 0 { // that nobody of a place did anything would tell it of each
				c.Given = disclosure.Primary
			}
			table.Cells = append(table.Cells, c)
		}
		task.Tables = append(task.Tables, table)
	}
	hidden, err := hiddenOf(ctx, task)
	if err != nil {
		return fmt.Errorf("protect %s of %d: %w", measure, p.Year, err)
	}
	give := func(l *PublicLine, table, code string, t *tally) {
		c := PublicCell{Value: t.value, Hidden: hidden == nil || hidden[table+code]}
		if c.Hidden {
			c.Value = 0
		}
		l.Cells = append(l.Cells, c)
	}
	give(&p.Total, "region", whole, at(whole, whole))
	for cut, of := range cuts {
		for code, l := range of {
			give(l, cut, "c"+code, at(cut, code))
		}
	}
	return nil
}

// hiddenOf gives the cells to hide; nil: all, no way was found.
func hiddenOf(ctx context.Context, task disclosure.Task) (map[string]bool, error) {
	got, err := disclosure.Protect(ctx, task)
	if err != nil {
		return nil, err
	}
	if !got.Safe() {
		return nil, nil //nolint:nilnil // nothing is told
	}
	out := map[string]bool{}
	for _, r := range got.Results() {
		if r.Status.Hidden() {
			out[r.Table+r.Codes[0]] = true
		}
	}
	return out, nil
}

func ordered(of map[string]*PublicLine) (out []PublicLine) {
	rank := map[string]int{Several: 1, "": 2}
	for _, l := range of {
		out = append(out, *l)
	}
	slices.SortFunc(out, func(a, b PublicLine) int { return cmp.Or(rank[a.Code]-rank[b.Code], cmp.Compare(a.Code, b.Code)) })
	return out
}

// groups are the economic groups of those who did something.
func (m *Market) groups(role Role, of map[int64]string) map[string]bool {
	out := map[string]bool{}
	for _, p := range m.parts {
		if p.Role == role {
			out[cmp.Or(of[p.Ref], fmt.Sprintf("o:%d", p.Ref))] = true
		}
	}
	return out
}

// groupsOf gives the economic group (GES) of each organisation that is in one.
func groupsOf(ctx context.Context, db bun.IDB) (map[int64]string, error) {
	var rows []struct {
		Organisation int64  `bun:"organisation_id"`
		Key          string `bun:"group_key"`
	}
	err := db.NewRaw("/* markets.groupsOf */ SELECT gm.organisation_id, MIN(gr.key) AS group_key FROM groups gr JOIN group_members gm ON gm.group_id = gr.id GROUP BY gm.organisation_id ORDER BY gm.organisation_id").Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read the groups: %w", err)
	}
	out := map[int64]string{}
	for _, r := range rows {
		if r.Key != "" {
			out[r.Organisation] = "g:" + r.Key
		}
	}
	return out, nil
}

func membersOf(ctx context.Context, db bun.IDB) (n int, err error) {
	if err = db.NewRaw("/* markets.membersOf */ SELECT count(*) FROM organisations WHERE role = 'member' AND active = ?", true).Scan(ctx, &n); err != nil {
		return 0, fmt.Errorf("count the members: %w", err)
	}
	return n, nil
}

// RegionName names a region in the figures that are published.
func (s *Service) RegionName(code, lang string) string { return s.placeName(ByRegion, code).In(lang) }

// MonthName names a month.
func MonthName(code, lang string) string { return monthName(code).In(lang) }

// WriteCSV writes what is published, a line a cut; a number that is hidden is empty, and said so.
func (s *Service) WriteCSV(w io.Writer, p *Published, lang string) error {
	head := []sheet.Column{{"coupe", "cut"}, {"code", "code"}, {"nom", "name"}, {"proposes", "shown"}, {"avec_reponse", "answered"}, {"offres_remises", "submitted"}, {"gagnes", "won"}, {"heures_insertion", "insertion_hours"}, {"masques", "hidden"}, {"version", "version"}}
	var rows [][]string
	line := func(cut, name string, l PublicLine) {
		row, hidden := []string{cut, l.Code, name, fmt.Sprint(l.Shown)}, 0
		for _, c := range l.Cells {
			text := sheet.Number(lang, c.Value, 0)
			if c.Hidden {
				text, hidden = "", hidden+1
			}
			row = append(row, text)
		}
		rows = append(rows, append(row, fmt.Sprint(hidden), fmt.Sprint(Version)))
	}
	line(sheet.Said(lang, "ensemble", "all"), fmt.Sprint(p.Year), p.Total)
	for _, l := range p.Regions {
		line("region", s.RegionName(l.Code, lang), l)
	}
	for _, l := range p.Months {
		line(sheet.Said(lang, "mois", "month"), MonthName(l.Code, lang), l)
	}
	return sheet.Write(w, lang, head, rows)
}
