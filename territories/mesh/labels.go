package mesh

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"maillage/territories"
)

// Label is a name to write at a place of the drawing: at X, Y begins or ends
// (Anchor "start" or "end", as SVG's text-anchor; "middle" for an area) the text.
// For a town, DotX and DotY are where its dot goes.
type Label struct {
	Name       string
	Anchor     string
	X, Y       int
	DotX, DotY int
}

// The size of a label, for the 24-unit type of the reference style sheet.
const (
	labelHeight = 28
	labelGlyph  = 12
	labelGap    = 12
	// spacedGlyph is a capital of a département's name, set wide.
	spacedGlyph = 21
)

// area of a label; labels may not overlap.
type labelBox struct{ left, top, right, bottom int }

func (b labelBox) meets(o labelBox) bool {
	return b.left < o.right && o.left < b.right && b.top < o.bottom && o.top < b.bottom
}

// label writes names: the largest towns of what is asked and offered first, then
// those around, then the départements where room is left.
func (p *picture) label(d *Drawing, v View) {
	var taken []labelBox
	for _, ord := range p.townsBySize() {
		if len(d.Towns) >= v.Towns {
			break
		}
		if l, box, ok := p.town(ord, taken); ok {
			d.Towns, taken = append(d.Towns, l), append(taken, box)
		}
	}
	if v.Towns > 0 {
		p.labelDepartements(d, taken)
	}
}

// townsBySize lists the towns worth trying, those asked or offered counting three
// times their inhabitants. The first of each sort hold the first of both.
func (p *picture) townsBySize() []int {
	const most = 200
	var inside, around []int
	for _, ord := range p.bySize {
		switch class := p.class[ord]; {
		case class == Outside:
		case class == classNeither && len(around) < most:
			around = append(around, int(ord))
		case class != classNeither && len(inside) < most:
			inside = append(inside, int(ord))
		}
	}
	weight := func(ord int) int {
		population := p.atlas.Commune(ord).Population
		if p.class[ord] != classNeither {
			return 3 * population
		}
		return population
	}
	all := append(inside, around...)
	slices.SortFunc(all, func(a, b int) int {
		return cmp.Or(cmp.Compare(weight(b), weight(a)), cmp.Compare(a, b))
	})
	return all[:min(len(all), most)]
}

// sizeOrder lists the communes that have a point, the most populated first.
func sizeOrder(atlas *territories.Atlas) []int32 {
	var out []int32
	for ord := range atlas.Len() {
		if atlas.Commune(ord).HasPoint {
			out = append(out, int32(ord))
		}
	}
	slices.SortFunc(out, func(a, b int32) int {
		return cmp.Or(cmp.Compare(atlas.Commune(int(b)).Population, atlas.Commune(int(a)).Population), cmp.Compare(a, b))
	})
	return out
}

// town places a name beside its dot, on the side that has room.
func (p *picture) town(ord int, taken []labelBox) (Label, labelBox, bool) {
	c := p.atlas.Commune(ord)
	x, y, inside := p.frame.Project(c.Point)
	if !inside {
		return Label{}, labelBox{}, false
	}
	width := utf8.RuneCountInString(c.Name) * labelGlyph
	for _, anchor := range []string{"start", "end"} {
		l := Label{Name: c.Name, Anchor: anchor, X: x + labelGap, Y: y + labelHeight/4, DotX: x, DotY: y}
		box := labelBox{x - labelGap, y - labelHeight/2, x + labelGap + width, y + labelHeight/2}
		if anchor == "end" {
			l.X = x - labelGap
			box.left, box.right = x-labelGap-width, x+labelGap
		}
		if p.free(box, taken) {
			return l, box, true
		}
	}
	return Label{}, labelBox{}, false
}

func (p *picture) free(box labelBox, taken []labelBox) bool {
	if box.left < 0 || box.top < 0 || box.right > p.frame.Width || box.bottom > p.frame.Height {
		return false
	}
	return !slices.ContainsFunc(taken, box.meets)
}

// labelDepartements names the départements that hold a good part of the window,
// in their visible middle or just above or below it.
func (p *picture) labelDepartements(d *Drawing, taken []labelBox) {
	const most = 6
	middles := p.middles()
	if len(middles) > most {
		return
	}
	for _, code := range slices.Sorted(maps.Keys(middles)) {
		name, ok := p.atlas.Name(territories.Ref{Kind: territories.KindDepartement, Code: code})
		if !ok {
			continue
		}
		x, y, _ := p.frame.Project(middles[code])
		half := utf8.RuneCountInString(name) * spacedGlyph / 2
		for _, shift := range []int{0, 40, -40, 80, -80, 120, -120} {
			box := labelBox{x - half, y + shift - labelHeight/2, x + half, y + shift + labelHeight/2}
			if p.free(box, taken) {
				d.Departements = append(d.Departements, Label{Name: strings.ToUpper(name), Anchor: "middle", X: x, Y: y + shift + labelHeight/4})
				taken = append(taken, box)
				break
			}
		}
	}
}

// middles gives the mean place of the communes shown of each département that has
// at least one in twelve of them.
func (p *picture) middles() map[string]orb.Point {
	sum, count := map[string]orb.Point{}, map[string]float64{}
	for ord, class := range p.class {
		c := p.atlas.Commune(ord)
		if class == Outside || !c.HasPoint || !p.frame.Bound.Contains(c.Point) {
			continue
		}
		s := sum[c.Departement]
		sum[c.Departement] = orb.Point{s[0] + c.Point[0], s[1] + c.Point[1]}
		count[c.Departement]++
	}
	for code, n := range count {
		if n < float64(p.shown)/12 {
			delete(sum, code)
			continue
		}
		sum[code] = orb.Point{sum[code][0] / n, sum[code][1] / n}
	}
	return sum
}
