package territories

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// described is how many terms of a list are named before "and 12 others".
const described = 8

// Describe says a perimeter in a few words, in French ("fr", the default) or
// English ("en"): "25 km autour de Valence", "Drôme sauf Montélimar".
// ParseWords reads them back, but for drawn polygons and the long lists that
// end in "et 12 autres". A code this vintage does not know is shown as it is.
func (a *Atlas) Describe(e Expr, lang string) string {
	d := describer{a: a, en: strings.HasPrefix(strings.ToLower(lang), "en")}
	return d.say(e.node())
}

type describer struct {
	a  *Atlas
	en bool
}

func (d *describer) word(fr, en string) string {
	if d.en {
		return en
	}
	return fr
}

func (d *describer) say(n *node) string {
	switch n.op {
	case opEverywhere:
		return d.word("toute la France", "all of France")
	case opTerritory:
		return d.label(n.ref)
	case opNeighbours:
		return d.word("voisins ", "neighbours ") + d.of(d.label(n.ref))
	case opRadius:
		return d.radius(n)
	case opPolygon:
		return d.word("zone dessinée", "drawn area") + fmt.Sprintf(" (%d %s)", n.vertices, d.word("sommets", "vertices"))
	case opAny:
		return d.list(n.kids)
	case opBoth:
		parts := make([]string, len(n.kids))
		for i, k := range n.kids {
			parts[i] = d.grouped(k.node())
		}
		return strings.Join(parts, d.word(" dans ", " in "))
	case opExcept:
		return d.except(n)
	case opOn:
		return d.grouped(n.kids[0].node()) + d.word(" au ", " as of ") + d.date(n.on)
	}
	return d.word("nulle part", "nowhere")
}

func (d *describer) date(on Date) string {
	if d.en {
		return dateEN(on)
	}
	return dateFR(on)
}

// grouped puts in brackets what would read otherwise beside other words.
func (d *describer) grouped(n *node) string {
	switch n.op {
	case opAny, opBoth, opExcept, opOn:
		return "(" + d.say(n) + ")"
	}
	return d.say(n)
}

func (d *describer) except(n *node) string {
	base, minus := n.kids[0].node(), n.kids[1].node()
	out := d.grouped(base)
	if base.op == opAny && !d.parted(base.kids) && len(base.kids) <= described {
		out = d.say(base)
	}
	taken := d.grouped(minus)
	if minus.op == opAny && !d.parted(minus.kids) && len(minus.kids) <= described {
		taken = d.say(minus)
	}
	return out + d.word(" sauf ", " except ") + taken
}

// parted reports that a term of a list holds an exception, which only a ";"
// keeps to itself.
func (d *describer) parted(kids []Expr) bool {
	for _, k := range kids {
		if op := k.node().op; op == opExcept {
			return true
		}
	}
	return false
}

func (d *describer) list(kids []Expr) string {
	var parts []string
	for i, k := range kids {
		if i == described-1 && len(kids) > described {
			parts = append(parts, fmt.Sprintf(d.word("%d autres", "%d others"), len(kids)-i))
			break
		}
		n := k.node()
		if n.op == opBoth || n.op == opOn {
			parts = append(parts, d.grouped(n))
			continue
		}
		parts = append(parts, d.say(n))
	}
	if d.parted(kids) {
		return strings.Join(parts, " ; ")
	}
	return joined(parts, d.word("et", "and"))
}

func (d *describer) radius(n *node) string {
	km := strings.Replace(decimal(n.km), ".", d.word(",", "."), 1)
	if n.centre == "" {
		return km + " km " + d.word("autour du point ", "around the point ") + decimal(n.point[0]) + " " + decimal(n.point[1])
	}
	return km + d.word(" km autour ", " km around ") + d.around(d.label(communeRef(n.centre)))
}

// of and around put the preposition before a name.
func (d *describer) of(name string) string {
	if d.en {
		return "of " + name
	}
	return de(name)
}

func (d *describer) around(name string) string {
	if d.en {
		return name
	}
	return de(name)
}

// de contracts the French preposition: du Havre, des Ulis, d'Annecy.
func de(name string) string {
	if rest, ok := strings.CutPrefix(name, "Le "); ok {
		return "du " + rest
	}
	if rest, ok := strings.CutPrefix(name, "Les "); ok {
		return "des " + rest
	}
	first, _ := utf8.DecodeRuneInString(Fold(name))
	if strings.ContainsRune("aeiouy", first) {
		return "d'" + name
	}
	return "de " + name
}

// label is the shortest way to name a territory that ParseWords takes for it
// alone: its name, its name and département, its kind and name, its code.
func (d *describer) label(r Ref) string {
	name, ok := d.a.Name(r)
	if !ok {
		return r.String()
	}
	kind := d.kind(r.Kind)
	dep := ""
	if s, ok := d.a.of(r); ok && r.Kind != KindRegion {
		dep = " (" + d.a.mainDepartement(s) + ")"
	}
	tries := []string{name, name + dep, kind + " " + name, kind + " " + name + dep}
	switch r.Kind {
	case KindPostal:
		tries = nil
	case KindRegion2015, KindFederation2012:
		tries = []string{kind + " " + name}
	}
	for _, t := range tries {
		if d.means(t, r) {
			return t
		}
	}
	return kind + " " + r.Code
}

// means reports that a label alone is read as the territory, alone and after
// a preposition.
func (d *describer) means(label string, r Ref) bool {
	for _, text := range []string{label, de(label)} {
		p := &wordReader{a: d.a, x: d.a.names(), tokens: tokenize(text)}
		got, err := p.place(nil)
		if err != nil || got != r || p.at != len(p.tokens) {
			return false
		}
	}
	return true
}

func (d *describer) kind(k Kind) string {
	switch k {
	case KindCommune:
		return d.word("commune", "commune")
	case KindArrondissement:
		return "arrondissement"
	case KindEPCI:
		return "EPCI"
	case KindEPT:
		return "EPT"
	case KindDepartement:
		return d.word("département", "département")
	case KindRegion:
		return d.word("région", "region")
	case KindRegion2015:
		return d.word("ancienne région", "former region")
	case KindFederation2012:
		return d.word("région fédérale", "federation region")
	case KindPostal:
		return d.word("code postal", "postal code")
	}
	return strconv.Quote(string(k))
}
