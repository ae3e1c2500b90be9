package spec

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"maillage/indicators/disclosure"
	"maillage/internal/fault"
)

// checker gathers every fault of a specification.
type checker struct {
	fields []fault.Field
}

func (c *checker) refuse(path, code, fr, en string, args ...any) {
	c.fields = append(c.fields, fault.At(path, code, fmt.Sprintf(fr, args...), fmt.Sprintf(en, args...)))
}

func (s *Spec) check(where *written) error {
	c := &checker{}
	c.table("", s.Table)
	c.judged("", s.Table)
	if s.File != "" {
		c.refuse("file", "unknown", "la table est celle de la ligne de commande", "the table is that of the command line")
	}
	c.named(s.Linked)
	for i, t := range s.Linked {
		c.linked(fmt.Sprintf("linked[%d].", i), t)
		c.judged(fmt.Sprintf("linked[%d].", i), t)
	}
	for i, t := range s.Released {
		c.linked(fmt.Sprintf("released[%d].", i), t)
		if t.Status == "" && len(t.Suppressed) == 0 {
			c.refuse(fmt.Sprintf("released[%d].status", i), "required", "la colonne qui dit ce qui a été publié, ou les libellés de suppressed", "the column that says what was published, or the labels of suppressed")
		}
	}
	for i, l := range s.Limits {
		if len(l.Factors) == 0 {
			c.refuse(fmt.Sprintf("limits[%d].factors", i), "required", "un facteur pour chaque mesure", "one factor for each measure")
		}
		for _, measure := range slices.Sorted(maps.Keys(l.Factors)) {
			if !slices.ContainsFunc(slices.Concat([]Table{s.Table}, s.Linked, s.Released), func(t Table) bool { return t.Measure == measure }) {
				c.refuse(fmt.Sprintf("limits[%d].factors.%s", i, measure), "unknown", "aucune table n’a cette mesure", "no table has this measure")
			}
		}
		for _, dimension := range slices.Sorted(maps.Keys(l.Where)) {
			c.where(fmt.Sprintf("limits[%d].where.%s", i, dimension), dimension, l.Where[dimension], s)
		}
	}
	return c.located(where)
}

// located gives the faults where they are in the specification; nil without faults.
func (c *checker) located(where *written) error {
	slices.SortStableFunc(c.fields, func(a, b fault.Field) int { return cmp.Compare(a.Path, b.Path) })
	for i, f := range c.fields {
		c.fields[i].Path = fmt.Sprintf("%s:%d %s", where.name, where.line(f.Path), f.Path)
	}
	if len(c.fields) == 0 {
		return nil
	}
	return fault.Invalid(c.fields...)
}

// named refuses two linked tables that would be published under one name: the second
// would take the place of the first.
func (c *checker) named(linked []Table) {
	for i, t := range linked {
		if slices.ContainsFunc(linked[:i], func(o Table) bool { return t.File != "" && strings.EqualFold(Stem(o.label()), Stem(t.label())) }) {
			c.refuse(fmt.Sprintf("linked[%d].name", i), "twice", "une autre table liée s’appelle %s : donnez un nom à chacune", "another linked table is called %s: give each a name", Stem(t.label()))
		}
	}
}

// where refuses the place of a limit that is nowhere: the limit would be left out in silence.
func (c *checker) where(path, dimension, code string, s *Spec) {
	var total, there bool
	for _, t := range slices.Concat([]Table{s.Table}, s.Linked, s.Released) {
		for _, d := range t.Dimensions {
			there = there || d.label() == dimension
			total = total || d.label() == dimension && d.Total == code
		}
	}
	switch {
	case !there:
		c.refuse(path, "unknown", "aucune table n’a cette dimension", "no table has this dimension")
	case total:
		c.refuse(path, "total", "%q est le total : une limite se dit d’un code qui n’est pas le total", "%q is the total: a limit is said of a code that is not the total", code)
	}
}

func (c *checker) linked(path string, t Table) {
	if t.File == "" {
		c.refuse(path+"file", "required", "le fichier de la table", "the file of the table")
	}
	c.table(path, t)
}

func (c *checker) table(path string, t Table) {
	if t.Value == "" {
		c.refuse(path+"value", "required", "la colonne des valeurs", "the column of the values")
	}
	if len(t.Dimensions) == 0 {
		c.refuse(path+"dimensions", "required", "au moins une dimension", "at least one dimension")
	}
	for i, d := range t.Dimensions {
		c.dimension(fmt.Sprintf("%sdimensions[%d]", path, i), d)
		if slices.ContainsFunc(t.Dimensions[:i], func(o Dimension) bool { return o.Column == d.Column || o.label() == d.label() }) {
			c.refuse(fmt.Sprintf("%sdimensions[%d].column", path, i), "twice", "cette colonne est déjà une dimension", "this column is a dimension already")
		}
		if figures := append([]string{t.Value, t.Count, t.Contributors}, t.Top...); d.Column != "" && slices.Contains(figures, d.Column) {
			c.refuse(fmt.Sprintf("%sdimensions[%d].column", path, i), "twice", "cette colonne est celle d’un chiffre de la cellule", "this column is that of a figure of the cell")
		}
	}
	for i, column := range t.Top {
		if slices.Contains(t.Top[:i], column) {
			c.refuse(fmt.Sprintf("%stop[%d]", path, i), "twice", "la colonne %s est déjà celle d’une contribution", "column %s is that of a contribution already", column)
		}
	}
	c.oneOf(path+"absent", t.Absent, "", "zero", "unknown")
	c.oneOf(path+"totals", t.Totals, "", "compute", "omit")
	c.oneOf(path+"inconsistent", t.Inconsistent, "", "warn", "refuse")
	c.oneOf(path+"decimal", t.Decimal, "", ".", ",")
	c.oneOf(path+"delimiter", t.Delimiter, "", ",", ";", "\t", "|")
	for label, status := range t.Statuses {
		if _, err := disclosure.ParseStatus(status); err != nil {
			c.refuse(path+"statuses."+label, "unknown", "%s : published, primary, secondary ou not_collected", "%s: published, primary, secondary or not_collected", status)
		}
	}
	if t.Tolerance < 0 {
		c.refuse(path+"tolerance", "range", "un nombre positif", "a positive number")
	}
	c.rules(path, t)
}

func (c *checker) dimension(path string, d Dimension) {
	if d.Column == "" {
		c.refuse(path+".column", "required", "la colonne des codes", "the column of the codes")
	}
	for i, h := range d.Hierarchies {
		ways := 0
		for _, given := range []bool{h.File != "", len(h.Parents) > 0, len(h.Columns) > 0} {
			if given {
				ways++
			}
		}
		if ways != 1 {
			c.refuse(fmt.Sprintf("%s.hierarchies[%d]", path, i), "ambiguous", "une et une seule de : file, parents, columns", "one and only one of: file, parents, columns")
		}
		if pair := h.Child != "" || h.Parent != ""; h.File == "" && (pair || len(h.Levels) > 0) || pair && len(h.Levels) > 0 {
			c.refuse(fmt.Sprintf("%s.hierarchies[%d]", path, i), "ambiguous", "child et parent, ou levels, nomment des colonnes de file", "child and parent, or levels, name columns of file")
		}
		for _, code := range slices.Sorted(maps.Keys(h.Parents)) {
			if strings.TrimSpace(code) == "" || strings.TrimSpace(h.Parents[code]) == "" {
				c.refuse(fmt.Sprintf("%s.hierarchies[%d].parents.%s", path, i, code), "empty", "un code vide n’est sous aucun total : nommez-le", "an empty code is under no total: name it")
				continue
			}
			if above(h.Parents, h.Parents[code], d.Total, code) {
				c.refuse(fmt.Sprintf("%s.hierarchies[%d].parents.%s", path, i, code), "loop", "dimension %s : %s est au-dessus de lui-même", "dimension %s: %s is above itself", d.label(), code)
				break
			}
		}
	}
}

// judged refuses the rules that ask for a column that is not named: they would judge nothing.
func (c *checker) judged(path string, t Table) {
	if t.Rules == nil {
		return
	}
	needs := func(asked bool, column, rule string) {
		if asked {
			c.refuse(path+column, "required", "la règle %s demande cette colonne (« \"rules\": {} » ne demande rien)", "rule %s needs this column (\"rules\": {} asks nothing)", rule)
		}
	}
	r := t.Rules
	needs(r.MinimumCount > 0 && t.Count == "", "count", "minimum_count")
	needs(r.MinimumContributors > 0 && t.Contributors == "", "contributors", "minimum_contributors")
	needs(len(r.Dominance) > 0 && len(t.Top) == 0, "top", "dominance")
	needs(r.PPercent > 0 && len(t.Top) == 0, "top", "p_percent")
	needs(r.Group != nil && r.Group.Complement && r.MinimumCount == 0, "rules.minimum_count", "group_disclosure")
}

func (c *checker) rules(path string, t Table) {
	if t.Rules != nil {
		for name, x := range map[string]float64{"minimum_count": t.Rules.MinimumCount, "minimum_contributors": t.Rules.MinimumContributors, "p_percent": t.Rules.PPercent} {
			if x < 0 {
				c.refuse(path+"rules."+name, "range", "un nombre positif", "a positive number")
			}
		}
		for i, d := range t.Rules.Dominance {
			if d.N < 1 || d.Percent <= 0 || d.Percent > 100 {
				c.refuse(fmt.Sprintf("%srules.dominance[%d]", path, i), "range", "n au moins 1, percent entre 0 et 100", "n at least 1, percent between 0 and 100")
			}
		}
		if g := t.Rules.Group; g != nil && !slices.ContainsFunc(t.Dimensions, func(d Dimension) bool { return d.label() == g.Dimension && d.Total != "" }) {
			c.refuse(path+"rules.group_disclosure.dimension", "unknown", "%q n’est pas une dimension qui a un total", "%q is not a dimension that has a total", g.Dimension)
		}
	}
	if t.Protection == nil {
		return
	}
	for name, m := range map[string]disclosure.Margin{"lower": t.Protection.Lower, "upper": t.Protection.Upper, "sliding": t.Protection.Sliding} {
		if m.Percent < 0 || m.AtLeast < 0 {
			c.refuse(path+"protection."+name, "range", "des nombres positifs", "positive numbers")
		}
	}
}

func (c *checker) oneOf(path, value string, accepted ...string) {
	if !slices.Contains(accepted, value) {
		c.refuse(path, "unknown", "%q : attendu %q", "%q: one of %q is expected", value, accepted[1:])
	}
}

// label is the name of a dimension, the same in every table.
func (d Dimension) label() string {
	if d.Name != "" {
		return d.Name
	}
	return d.Column
}
