package microdata

import (
	"fmt"
	"slices"
	"strings"

	"maillage/indicators/compute"
	"maillage/territories"
)

// entry is one row read: of whom it is, its natural key there, and what it says of
// a record of type T.
type entry[T any] struct {
	c          *cells
	enterprise string // code; empty: of no enterprise
	number     string // of the worker, the same however it is typed; empty: of no worker
	typed      string // the number as it is typed
	sub        string // the rest of the natural key
	edits      []func(*T)
	remove     bool
	siret      string          // ties the enterprise to the platform
	from       int             // the first year that it changes the counts of
	section    compute.Section // that it belongs to
	first      int             // the years for which it shows that the section is sent
	last       int
}

// record is the natural key of what a row is about.
func (e *entry[T]) record() string { return e.enterprise + "\x00" + e.number + "\x00" + e.sub }

func (e *entry[T]) edit(f func(*T)) { e.edits = append(e.edits, f) }

func begin[T any](c *cells, ofWorker bool) *entry[T] {
	e := &entry[T]{c: c}
	if len(c.row.Cells) > c.l.width {
		c.refuse("", "plus de cellules que l’en-tête", "more cells than the header")
		return e
	}
	e.enterprise = c.enterprise()
	if ofWorker {
		e.typed = c.number()
		e.number = sameNumber(e.typed)
	}
	e.remove, _ = c.yesNo("supprimer")
	return e
}

// yearOf is the year of a day or a month.
func yearOf(day string) int {
	n := 0
	for i := 0; i < 4 && i < len(day); i++ {
		n = 10*n + int(day[i]-'0')
	}
	return n
}

// spans says which years a record bears on.
func (e *entry[T]) spans(s compute.Section, first, last int) {
	e.section, e.from, e.first, e.last = s, first, first, last
}

func readYear(c *cells, atlas *territories.Atlas) *entry[Year] {
	e := begin[Year](c, false)
	year := c.year("annee")
	e.sub, e.from = pad(year), year
	e.siret = strings.ReplaceAll(c.get("siret"), " ", "")
	if v, known := c.asked("type"); known {
		k := c.kindOf("type", v)
		e.edit(func(y *Year) { y.Kind = k })
	}
	if commune, known := c.commune(atlas, year); known {
		e.edit(func(y *Year) { y.Commune = commune })
	}
	if g, known := c.said("groupe"); known {
		if g != "" && !enterpriseForm.MatchString(g) {
			c.refuse("groupe", "un code de 40 caractères au plus, sans espace", "a code of 40 characters at most, without a space")
		}
		e.edit(func(y *Year) { y.Group = g })
	}
	for _, s := range sections() {
		if v, known := c.said(s.column); known {
			status := compute.Waiting
			if v != "" {
				status = []compute.Status{compute.Collected, compute.ND, compute.Waiting}[max(0, c.oneOf(s.column, []string{"collecte", "nd"}))]
			}
			e.edit(func(y *Year) { *y.status(s.section) = status })
		}
	}
	return e
}

func pad(year int) string {
	b := [4]byte{}
	for i := 3; i >= 0; i-- {
		b[i] = byte('0' + year%10)
		year /= 10
	}
	return string(b[:])
}

// commune reads an INSEE code that existed in the year (0: at any time), and keeps it
// as it was. One of today is taken of any year.
func (c *cells) commune(atlas *territories.Atlas, year int) (territories.CommuneCode, bool) {
	v, known := c.said("code_insee")
	if v == "" {
		return "", known
	}
	if len(v) == 4 {
		v = "0" + v // a spreadsheet took its zero
	}
	code, err := territories.ParseCommuneCode(v)
	if err == nil {
		if _, now := atlas.Ordinal(code); now {
			return code, true
		}
		first, last := atlas.Resolve(code, territories.Date{Year: max(year, 1), Month: 1, Day: 1}), atlas.Resolve(code, territories.Date{Year: max(year, 1), Month: 12, Day: 31})
		if last.Known && (year == 0 || first.Valid || last.Valid) {
			return code, true
		}
		if last.Known {
			c.notThen(year, last.HeldThen)
			return "", false
		}
	}
	c.refuse("code_insee", "le code INSEE d’une commune, comme 26281", "the INSEE code of a commune, as 26281")
	return "", false
}

// notThen refuses the code of a commune that was none in the year, and gives those
// that held its place then.
func (c *cells) notThen(year int, held []territories.Held) {
	var codes []string
	for _, h := range held {
		codes = append(codes, string(h.Code))
	}
	fr, en := fmt.Sprintf("ce code n’est pas celui d’une commune en %d", year), fmt.Sprintf("this is the code of no commune in %d", year)
	if len(codes) > 0 {
		fr, en = fr+", où sa place est tenue par "+strings.Join(codes, ", "), en+", where its place is held by "+strings.Join(codes, ", ")
	}
	c.refuse("code_insee", fr, en)
}

func readWorker(c *cells, atlas *territories.Atlas) *entry[Worker] {
	e := begin[Worker](c, true)
	if v, known := c.said("sexe"); known {
		if v != "" {
			v = []string{"f", "m"}[max(0, c.oneOf("sexe", []string{"f", "m"}))]
		}
		e.edit(func(w *Worker) { w.Sex = v })
	}
	if n, known := c.whole("annee_naissance", c.today.Year()-100, c.today.Year()-14); known {
		e.edit(func(w *Worker) { w.BirthYear = n })
	}
	if v, known := c.said("tranche_age"); known {
		bands := []string{"-25", "26-49", "50+"}
		if v != "" && !slices.Contains(bands, v) {
			c.refuse("tranche_age", "une de : -25, 26-49, 50+", "one of: -25, 26-49, 50+")
		}
		e.edit(func(w *Worker) { w.AgeBand = v })
	}
	if v, known := c.said("publics"); known {
		publics := c.publics(v)
		e.edit(func(w *Worker) { w.Publics = publics })
	}
	if commune, known := c.commune(atlas, 0); known {
		e.edit(func(w *Worker) { w.Commune = commune })
	}
	return e
}

// noPublic is said of who meets no criterion; of whom nothing is said, nothing is known.
const noPublic = "aucun"

// publics reads acronyms in any order and gives them in the order of the list.
func (c *cells) publics(v string) string {
	if strings.EqualFold(v, noPublic) {
		return noPublic
	}
	said := strings.FieldsFunc(strings.ToUpper(v), func(r rune) bool { return strings.ContainsRune("|,; ", r) })
	var out []string
	for _, p := range compute.Publics() {
		if slices.Contains(said, p.String()) {
			out = append(out, p.String())
		}
	}
	for _, s := range said {
		if _, known := compute.ParsePublic(s); !known {
			c.refuse("publics", "aucun, ou des critères parmi : "+publicNames(), "aucun (none), or criteria among: "+publicNames())
			break
		}
	}
	return strings.Join(out, " ")
}

func readAnswer(c *cells, _ *territories.Atlas) *entry[Answer] {
	e := begin[Answer](c, false)
	year, question := c.year("annee"), compute.Measure(c.required("question"))
	e.sub, e.from, e.first, e.last = pad(year)+"|"+string(question), year, year, year
	if question != "" && !slices.Contains(compute.Questions(compute.AllKinds), question) {
		c.refuse("question", "une question du catalogue : docs/import-observatoire.md", "a question of the catalogue: docs/import-observatoire.md")
		return e
	}
	v, known := c.asked("valeur")
	if !known {
		return e
	}
	if strings.EqualFold(v, "nd") {
		e.edit(func(a *Answer) { a.Status, a.Value = compute.ND, 0 })
		return e
	}
	n, ok := decimal(v)
	switch {
	case !ok:
		c.refuse("valeur", "un nombre avec deux décimales au plus, ou ND", "a number with two decimals at most, or ND")
	case question.Whole() && n%100 != 0:
		c.refuse("valeur", "un nombre entier, ou ND", "a whole number, or ND")
	case n < 0 && !question.Signed():
		c.refuse("valeur", "zéro ou plus, ou ND", "zero or more, or ND")
	}
	e.edit(func(a *Answer) { a.Status, a.Value = compute.Collected, n })
	return e
}

// table begins a row that is of no enterprise.
func table[T any](c *cells) *entry[T] {
	e := &entry[T]{c: c}
	if len(c.row.Cells) > c.l.width {
		c.refuse("", "plus de cellules que l’en-tête", "more cells than the header")
	}
	e.remove, _ = c.yesNo("supprimer")
	return e
}

func readReference(c *cells, _ *territories.Atlas) *entry[Reference] {
	e := table[Reference](c)
	k, year := c.kind("type"), c.year("annee")
	e.sub, e.from = string(k)+"|"+pad(year), year
	if _, said := c.asked("heures"); said {
		n, _ := c.whole("heures", 1000, 2200)
		e.edit(func(r *Reference) { r.Hours = n })
	}
	if _, said := c.asked("base"); said {
		basis := []compute.Basis{compute.OnPaid, compute.OnWorked}[max(0, c.oneOf("base", []string{"payees", "travaillees"}))]
		e.edit(func(r *Reference) { r.Basis = basis })
	}
	if source, said := c.sentence("source"); said {
		e.edit(func(r *Reference) { r.Source = source })
	}
	return e
}

// sentence reads a text about a series, which is about nobody.
func (c *cells) sentence(column string) (string, bool) {
	v, said := c.asked(column)
	if len(v) > 400 {
		c.refuse(column, "400 caractères au plus", "400 characters at most")
	}
	return v, said
}

func readBreak(c *cells, _ *territories.Atlas) *entry[Break] {
	e := table[Break](c)
	year, indicator, kind := c.year("annee"), c.required("indicateur"), compute.AllKinds
	if v, _ := c.said("type"); v != "" {
		kind = c.kind("type")
	}
	known := slices.ContainsFunc(compute.Formulas(), func(f compute.Formula) bool { return f.Indicator == indicator })
	if indicator != "" && !known {
		c.refuse("indicateur", "un indicateur calculé du catalogue, comme C02", "a computed indicator of the catalogue, as C02")
	}
	e.sub = pad(year) + "|" + indicator + "|" + string(kind)
	if fr, said := c.sentence("raison_fr"); said {
		e.edit(func(b *Break) { b.ReasonFR = fr })
	}
	if en, said := c.sentence("raison_en"); said {
		e.edit(func(b *Break) { b.ReasonEN = en })
	}
	return e
}
