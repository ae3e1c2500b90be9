package trial

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"sort"
	"strconv"

	"github.com/paulmach/orb"

	"maillage/territories"
)

// occupationsOfROME is how many occupations the made people share.
const occupationsOfROME = 532

// ranges are how far people go, in kilometres.
var ranges = [...]float64{5, 10, 10, 15, 20, 20, 30, 30, 50, 100}

// Maker makes people and positions that nobody is, placed by population. The same
// seed makes the same ones.
type Maker struct {
	r     *rand.Rand
	atlas *territories.Atlas
	until []int64   // inhabitants of the communes up to each
	trade []float64 // the same of occupations: the first are much commoner
}

// NewMaker begins a sequence.
func NewMaker(atlas *territories.Atlas, seed uint64) *Maker {
	m := &Maker{r: rand.New(rand.NewPCG(seed, 17)), atlas: atlas, until: make([]int64, atlas.Len()), trade: make([]float64, occupationsOfROME)}
	var people int64
	for i := range m.until {
		if c := atlas.Commune(i); c.HasPoint {
			people += int64(c.Population)
		}
		m.until[i] = people
	}
	sum := 0.0
	for i := range m.trade {
		sum += 1 / math.Pow(float64(i+4), 0.9)
		m.trade[i] = sum
	}
	return m
}

// place is a point near that of a commune drawn by its inhabitants.
func (m *Maker) place() (*territories.Commune, orb.Point) {
	at := m.r.Int64N(m.until[len(m.until)-1])
	c := m.atlas.Commune(sort.Search(len(m.until), func(i int) bool { return m.until[i] > at }))
	spread := math.Sqrt(max(c.Km2, 1)) / 111 / 3
	return c, orb.Point{round(c.Point[0] + m.r.NormFloat64()*spread), round(c.Point[1] + m.r.NormFloat64()*spread)}
}

func round(f float64) float64 { return math.Round(f*1e6) / 1e6 }

func (m *Maker) occupation() int64 {
	at := m.r.Float64() * m.trade[len(m.trade)-1]
	return int64(sort.SearchFloat64s(m.trade, at)) + 1
}

// occupations draws some, each once.
func (m *Maker) occupations(most int) []int64 {
	var out []int64
	for range 1 + m.r.IntN(most) {
		o := m.occupation()
		for _, x := range out {
			if x == o {
				o = 0
			}
		}
		if o > 0 {
			out = append(out, o)
		}
	}
	return out
}

// Person makes the next person, with the INSEE code of their commune.
func (m *Maker) Person(id int64) (Person, territories.CommuneCode) {
	c, p := m.place()
	return Person{ID: id, Point: p, Km: ranges[m.r.IntN(len(ranges))], Occupations: m.occupations(4), Available: m.r.IntN(10) < 7}, c.Code
}

// Position makes the next position.
func (m *Maker) Position(id int64) Position {
	_, p := m.place()
	return Position{ID: id, Point: p, Occupations: m.occupations(3)}
}

// WritePeople writes so many lines of people.
func (m *Maker) WritePeople(to io.Writer, n int) error {
	out := bufio.NewWriterSize(to, 1<<16)
	for i := range n {
		p, code := m.Person(int64(i + 1))
		flag := 'f'
		if p.Available {
			flag = 't'
		}
		_, _ = fmt.Fprintf(out, "%d\t%s\t%s\t%s\t%s\t%c\n", p.ID, code, wkt(p.Point), number(p.Km), list(p.Occupations), flag)
	}
	return out.Flush()
}

// WritePositions writes so many lines of positions.
func (m *Maker) WritePositions(to io.Writer, n int) error {
	out := bufio.NewWriterSize(to, 1<<16)
	for i := range n {
		_, _ = fmt.Fprintln(out, m.Position(int64(i+1)))
	}
	return out.Flush()
}

// String is the line of a position.
func (p Position) String() string {
	return fmt.Sprintf("%d\t%s\t%s", p.ID, wkt(p.Point), list(p.Occupations))
}

func wkt(p orb.Point) string { return sphere + "(" + number(p[0]) + " " + number(p[1]) + ")" }

func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

func list(of []int64) string {
	out := []byte{'{'}
	for i, o := range of {
		if i > 0 {
			out = append(out, ',')
		}
		out = strconv.AppendInt(out, o, 10)
	}
	return string(append(out, '}'))
}
