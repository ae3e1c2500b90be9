package mesh

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"maillage/territories"
)

// TestLook writes pages to look at in the folder named by MESH_LOOK.
func TestLook(t *testing.T) {
	dir := os.Getenv("MESH_LOOK")
	if dir == "" {
		t.Skip("set MESH_LOOK=folder to write maps to look at")
	}
	start := time.Now()
	a, err := territories.Load()
	if err != nil {
		t.Fatal(err)
	}
	t.Log("atlas", time.Since(start))
	start = time.Now()
	m, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	t.Log("mesh", time.Since(start))
	of := func(s string) *territories.Set {
		r, err := territories.ParseRef(s)
		if err != nil {
			t.Fatal(err)
		}
		set, err := a.Of(r)
		if err != nil {
			t.Fatal(err)
		}
		return set
	}
	paris := a.Within(orb.Point{2.35, 48.85}, 20)
	for name, v := range map[string]View{
		"drome":      {Asked: of("epci:200040459"), Offered: a.Within(orb.Point{4.89, 44.93}, 25)},
		"departement": {Asked: of("departement:26"), Offered: a.Within(orb.Point{4.89, 44.93}, 40)},
		"guadeloupe": {Asked: of("departement:971"), Offered: a.Within(orb.Point{-61.5, 16.2}, 15)},
		"guyane":     {Asked: of("departement:973")},
		"reunion":    {Asked: of("departement:974")},
		"corse":      {Asked: of("region:94")},
		"paris":      {Asked: of("commune:75056"), Offered: paris},
		"france":     {Asked: a.All().AndNot(a.All()), Offered: of("region:84")},
		"all":        {Asked: of("region:53"), Offered: a.All()},
		"bretagne":   {Asked: of("region:53"), Offered: of("departement:35")},
	} {
		v.Towns = 9
		w, ok := m.Window(v.Asked, v.Offered)
		if name == "france" {
			w, ok = m.Bound(a.All().AndNot(of("region:01").Or(of("region:02")).Or(of("region:03")).Or(of("region:04")).Or(of("region:06"))))
		}
		v.Bound = w
		start := time.Now()
		d := m.Draw(v)
		t.Log(name, ok, d.Detail, d.Size(), len(d.Cells), len(d.Lines), len(d.DepartementBorders), time.Since(start), len(d.Missing), d.Elsewhere)
		os.WriteFile(dir+"/"+name+".html", []byte(page(d)), 0o644)
	}
}

func page(d Drawing) string {
	s := `<body style="margin:0"><svg width="864" height="864" viewBox="` + d.ViewBox + `"><style>
path{fill:none}.land{fill:#ece7dc}.z{fill:#cfe6dc}.l{fill:#fff}.b{fill:#5fa893}.lines{stroke:#bbb;stroke-width:.8}.dep{stroke:#555;stroke-width:1.6;stroke-dasharray:7 5}
.ze{stroke:#1d5448;stroke-width:2}.le{stroke:#12343b;stroke-width:3.2}text{font:600 24px sans-serif;paint-order:stroke;stroke:#faf7f2;stroke-width:6px}.dn{font-weight:400;font-size:22px;letter-spacing:.22em}</style>`
	for _, p := range [][2]string{{"land", d.Cells}, {"z", d.ZoneOnly}, {"l", d.LotOnly}, {"b", d.Both}, {"lines", d.Lines}, {"dep", d.DepartementBorders}, {"ze", d.ZoneEdge}, {"le", d.LotEdge}} {
		s += fmt.Sprintf(`<path class="%s" d="%s"/>`, p[0], p[1])
	}
	for _, l := range d.Departements {
		s += fmt.Sprintf(`<text class="dn" text-anchor="middle" x="%d" y="%d">%s</text>`, l.X, l.Y, l.Name)
	}
	for _, l := range d.Towns {
		s += fmt.Sprintf(`<circle cx="%d" cy="%d" r="5.5"/><text text-anchor="%s" x="%d" y="%d">%s</text>`, l.DotX, l.DotY, l.Anchor, l.X, l.Y, l.Name)
	}
	return s + `</svg>`
}
