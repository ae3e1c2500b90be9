package mesh

import (
	"fmt"
	"html"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"
)

// TestMapsToLookAt writes maps for a human eye, as SVG files, into the folder
// named by MESH_LOOK: what no assertion sees, a glance does.
func TestMapsToLookAt(t *testing.T) {
	folder := os.Getenv("MESH_LOOK")
	if folder == "" {
		t.Skip("set MESH_LOOK=FOLDER to write maps to look at")
	}
	m := loaded(t)
	near := func(lon, lat, km float64) View { return View{Offered: m.Atlas().Within(orb.Point{lon, lat}, km)} }
	views := map[string]View{
		"drome": drome(t), "departement": near(4.89, 44.93, 40), "guadeloupe": near(-61.5, 16.2, 15),
		"paris": near(2.35, 48.85, 20), "bretagne": {Offered: setOf(t, "departement:35")},
		"guyane": {}, "reunion": {}, "corse": {}, "france": {Offered: setOf(t, "region:84")},
	}
	asked := map[string]string{
		"departement": "departement:26", "guadeloupe": "departement:971", "paris": "commune:75056", "bretagne": "region:53",
		"guyane": "departement:973", "reunion": "departement:974", "corse": "region:94",
	}
	for name, v := range views {
		if ref := asked[name]; ref != "" {
			v.Asked = setOf(t, ref)
		}
		v.Bound, _ = m.Window(v.Asked, v.Offered)
		if name == "france" {
			v.Bound = orb.Bound{Min: orb.Point{-5.2, 41.2}, Max: orb.Point{9.7, 51.2}}
		}
		v.Towns = 9
		if err := os.WriteFile(filepath.Join(folder, name+".svg"), []byte(svg(m.Draw(v))), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

const lookStyle = `path{fill:none}.land{fill:#ece7dc}.zone{fill:#cfe6dc}.lot{fill:#fff}.both{fill:#5fa893}
.lines{stroke:#bbb;stroke-width:.8}.dep{stroke:#555;stroke-width:1.6;stroke-dasharray:7 5}
.zone-edge{stroke:#1d5448;stroke-width:2}.lot-edge{stroke:#12343b;stroke-width:3.2}
text{font:600 24px sans-serif;paint-order:stroke;stroke:#faf7f2;stroke-width:6px}
.dep-n{font-weight:400;font-size:22px;letter-spacing:.22em}`

func svg(d Drawing) string {
	var s strings.Builder
	fmt.Fprintf(&s, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="%s"><style>%s</style>`, d.ViewBox, lookStyle)
	for _, p := range [][2]string{
		{"land", d.Cells}, {"zone", d.ZoneOnly}, {"lot", d.LotOnly}, {"both", d.Both}, {"lines", d.Lines},
		{"dep", d.DepartementBorders}, {"zone-edge", d.ZoneEdge}, {"lot-edge", d.LotEdge},
	} {
		fmt.Fprintf(&s, "\n<path class=%q d=%q/>", p[0], p[1])
	}
	for _, l := range d.Departements {
		fmt.Fprintf(&s, "\n<text class=\"dep-n\" text-anchor=%q x=\"%d\" y=\"%d\">%s</text>", l.Anchor, l.X, l.Y, html.EscapeString(l.Name))
	}
	for _, l := range d.Towns {
		fmt.Fprintf(&s, "\n<circle cx=\"%d\" cy=\"%d\" r=\"5.5\"/><text text-anchor=%q x=\"%d\" y=\"%d\">%s</text>", l.DotX, l.DotY, l.Anchor, l.X, l.Y, html.EscapeString(l.Name))
	}
	return s.String() + "\n</svg>\n"
}
