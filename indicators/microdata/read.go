package microdata

import (
	"cmp"
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"maillage/indicators/compute"
	"maillage/internal/fault"
	"maillage/internal/sheet"
	"maillage/territories"
)

// erasedCell empties a field: an empty cell leaves it as it is.
const erasedCell = "-"

// layout is where the columns of a file are.
type layout struct {
	at     map[string]int
	width  int
	kept   []string // in the order of the sheet, those that the file has
	unread []string
}

func columnName(header string) string {
	return strings.ReplaceAll(territories.Fold(header), " ", "_")
}

// reportColumns are those that this program adds to rejected rows.
var reportColumns = []string{"ligne", "a_corriger"}

func readLayout(s Sheet, header []string) (layout, error) {
	l := layout{at: map[string]int{}, width: len(header)}
	known := s.Columns()
	var faults []fault.Field
	for i, h := range header {
		name := columnName(h)
		if _, twice := l.at[name]; twice && name != "" {
			faults = append(faults, fault.At("header", "repeated", "La colonne « "+name+" » figure deux fois.", "The column “"+name+"” is there twice."))
		}
		l.at[name] = i
		if name != "" && !slices.Contains(reportColumns, name) && !slices.ContainsFunc(known, func(c Column) bool { return c.Name == name }) {
			l.unread = append(l.unread, name)
		}
	}
	for _, c := range known {
		_, there := l.at[c.Name]
		if there {
			l.kept = append(l.kept, c.Name)
		} else if c.Key && c.Required {
			faults = append(faults, fault.At("header", "missing", "Colonne manquante : "+c.Name+".", "Missing column: "+c.Name+"."))
		}
	}
	if len(faults) > 0 {
		return l, fault.Invalid(faults...)
	}
	return l, nil
}

// knownColumns counts the columns of a sheet in a header: it tells a separator from another.
func (s Sheet) knownColumns(header []string) int {
	n := 0
	for _, h := range header {
		if name := columnName(h); slices.ContainsFunc(s.Columns(), func(c Column) bool { return c.Name == name }) {
			n++
		}
	}
	return n
}

// cells reads the cells of one row by the names of their columns.
type cells struct {
	l      layout
	row    sheet.Row
	today  time.Time
	faults []Located
	lacks  []Located // what a new record would have: an empty cell leaves what is known of another
	bare   bool      // the row takes its record away: its key alone counts
}

func (c *cells) get(column string) string {
	i, ok := c.l.at[column]
	if !ok || i >= len(c.row.Cells) {
		return ""
	}
	return sheet.Clean(c.row.Cells[i])
}

func (c *cells) refuse(column, fr, en string) {
	c.faults = append(c.faults, Located{column, fault.Text{FR: fr, EN: en}})
}

// required reads a cell that may not be empty.
func (c *cells) required(column string) string {
	v := c.get(column)
	if v == "" || v == erasedCell {
		c.faults = append(c.faults, Located{column, missing()})
		return ""
	}
	return v
}

// said reads a cell that may be left out; known is false where it leaves what is known.
func (c *cells) said(column string) (v string, known bool) {
	switch v = c.get(column); v {
	case "":
		return "", false
	case erasedCell:
		return "", true
	}
	return v, true
}

// asked reads a cell that a record never is without: known is false where it is
// left as it is, which a new record may not.
func (c *cells) asked(column string) (v string, known bool) {
	v, known = c.said(column)
	switch {
	case known && v == "":
		c.refuse(column, "ne peut pas être effacé", "it cannot be emptied")
		return "", false
	case !known:
		c.lacks = append(c.lacks, Located{column, missing()})
	}
	return v, known
}

func missing() fault.Text { return fault.Text{FR: "il manque", EN: "it is missing"} }

// leave makes the row one that takes its record away: what its other cells say is
// neither looked at nor kept.
func (c *cells) leave(s Sheet) {
	c.bare = true
	c.faults = slices.DeleteFunc(c.faults, func(f Located) bool { return !s.inKey(f.Column) })
}

// inKey tells the columns that a row which takes its record away is read by.
func (s Sheet) inKey(column string) bool {
	return column == "" || column == "supprimer" || slices.ContainsFunc(s.Columns(), func(c Column) bool { return c.Key && c.Name == column })
}

// The years that may be observed.
const firstYear = 2000

func (c *cells) year(column string) int {
	v := c.required(column)
	if v == "" {
		return 0
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < firstYear || n > c.today.Year() {
		c.refuse(column, fmt.Sprintf("une année de %d à %d", firstYear, c.today.Year()), fmt.Sprintf("a year from %d to %d", firstYear, c.today.Year()))
		return 0
	}
	return n
}

// day reads a date that is there, from 1980 to a year ahead.
func (c *cells) day(column string) string {
	v := c.required(column)
	if v == "" {
		return ""
	}
	return c.date(column, v)
}

func (c *cells) date(column, v string) string {
	d, ok := sheet.Date(v)
	if !ok || d < "1980-01-01" || d > c.today.AddDate(1, 0, 0).Format(time.DateOnly) {
		c.refuse(column, "une date comme 31/12/2011", "a date as 31/12/2011")
		return ""
	}
	return d
}

// maybeDay reads a date that may be left out.
func (c *cells) maybeDay(column string) (string, bool) {
	v, known := c.said(column)
	if v == "" {
		return "", known
	}
	d := c.date(column, v)
	return d, d != ""
}

var monthForm = regexp.MustCompile(`^(\d{4})-(\d{2})$|^(\d{1,2})/(\d{4})$`)

// month reads 2011-03, 3/2011, or a day of the month.
func (c *cells) month(column string) string {
	v := c.required(column)
	if v == "" {
		return ""
	}
	var t time.Time
	var err error
	if m := monthForm.FindStringSubmatch(v); m != nil {
		t, err = time.Parse("2006-1", m[1]+m[4]+"-"+strings.TrimLeft(m[2]+m[3], "0"))
	} else if d, ok := sheet.Date(v); ok {
		t, err = time.Parse(time.DateOnly, d)
	} else {
		err = strconv.ErrSyntax
	}
	if err != nil || t.Year() < firstYear || t.After(c.today) {
		c.refuse(column, "un mois passé, comme 2011-03", "a month that has begun, as 2011-03")
		return ""
	}
	return t.Format("2006-01")
}

var decimalForm = regexp.MustCompile(`^-?(\d{1,12}|\d{1,3}([ \x{a0}\x{202f}]\d{3}){1,3})([.,]\d{1,2})?$`)

// decimal reads a number with two decimals at most, in hundredths: exact. Blanks part
// thousands and nothing else: of "1 0,5" nobody knows which number it is.
func decimal(v string) (int64, bool) {
	if !decimalForm.MatchString(v) {
		return 0, false
	}
	v = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "").Replace(v)
	r, ok := new(big.Rat).SetString(strings.Replace(v, ",", ".", 1))
	if !ok {
		return 0, false
	}
	r.Mul(r, big.NewRat(100, 1))
	return r.Num().Int64(), true
}

// hours reads hours that may be left out; ND or a dash is not said. most is in hours.
func (c *cells) hours(column string, most int64) (v *int64, known bool) {
	text, known := c.said(column)
	if text == "" || strings.EqualFold(text, "nd") {
		return nil, known
	}
	n, ok := decimal(text)
	if !ok || n < 0 || n > 100*most {
		c.refuse(column, fmt.Sprintf("des heures, de 0 à %d, avec deux décimales au plus", most), fmt.Sprintf("hours, from 0 to %d, with two decimals at most", most))
		return nil, false
	}
	return &n, true
}

// whole reads a whole number that may be left out.
func (c *cells) whole(column string, least, most int) (n int, known bool) {
	text, known := c.said(column)
	if text == "" {
		return 0, known
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		c.refuse(column, fmt.Sprintf("un nombre entier de %d à %d", least, most), fmt.Sprintf("a whole number from %d to %d", least, most))
		return 0, false
	}
	return n, true
}

// oneOf reads a word of a closed list, whatever its capitals and accents.
func (c *cells) oneOf(column string, words []string) int {
	v := c.get(column)
	i := slices.IndexFunc(words, func(w string) bool { return territories.Fold(w) == territories.Fold(v) })
	if i < 0 {
		c.refuse(column, "un de : "+strings.Join(words, ", "), "one of: "+strings.Join(words, ", "))
	}
	return i
}

// yesNo reads oui or non; anything else is refused.
func (c *cells) yesNo(column string) (yes, known bool) {
	v, known := c.said(column)
	if v == "" {
		return false, known
	}
	return c.oneOf(column, []string{"non", "oui"}) == 1, true
}

func (c *cells) kind(column string) compute.Kind { return c.kindOf(column, c.required(column)) }

func (c *cells) kindOf(column, v string) compute.Kind {
	if v == "" {
		return ""
	}
	k := compute.Kind(strings.ToUpper(v))
	if !slices.Contains(compute.Kinds(), k) {
		c.refuse(column, "un de : "+names(compute.Kinds()), "one of: "+names(compute.Kinds()))
		return ""
	}
	return k
}

var enterpriseForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._/-]{0,39}$`)

func (c *cells) enterprise() string {
	v := c.required("entreprise")
	if v != "" && !enterpriseForm.MatchString(v) {
		c.refuse("entreprise", "un code de 40 caractères au plus, sans espace", "a code of 40 characters at most, without a space")
	}
	return v
}

var (
	numberForm = regexp.MustCompile(`^[A-Za-z0-9._/-]{1,40}$`)
	longWord   = regexp.MustCompile(`[A-Za-z]{4,}`)
	digits     = regexp.MustCompile(`\d`)
)

// mostDigits refuses numbers that identify: a phone has 10 digits, a PASS IAE 12,
// a social security number 13 or 15.
const mostDigits = 9

// number reads the number that the enterprise gives to somebody, which must say
// nothing of who it is, as it is typed: see sameNumber.
func (c *cells) number() string {
	v := c.required("salarie")
	n := len(digits.FindAllString(v, -1))
	if v != "" && (!numberForm.MatchString(v) || n == 0 || n > mostDigits || longWord.MatchString(v)) {
		c.refuse("salarie", "le numéro de l’entreprise : un à neuf chiffres, sans espace ni mot de plus de trois lettres ; jamais un nom, un téléphone, un numéro de sécurité sociale ou de PASS IAE",
			"the enterprise’s own number: one to nine digits, without a space nor a word of more than three letters; never a name, a phone, a social security or PASS IAE number")
		return ""
	}
	return v
}

var (
	numberRun = regexp.MustCompile(`\d+`)
	wholeForm = regexp.MustCompile(`^(\d+)\.0+$`)
)

// sameNumber writes a number as every way to type it is read: a spreadsheet takes
// the zeros of 014 or adds some (14.0), and somebody types a1 for A1. Two ways would
// make two people of one, and count what they do twice.
func sameNumber(typed string) string {
	v := wholeForm.ReplaceAllString(strings.ToUpper(typed), "$1")
	return numberRun.ReplaceAllStringFunc(v, func(run string) string { return cmp.Or(strings.TrimLeft(run, "0"), "0") })
}

// kept are the cells that a rejected row may keep: those that the sheet knows, that
// were looked at and that are not at fault; another could hold anything.
func (c *cells) kept(s Sheet) []string {
	out := make([]string, len(c.l.kept))
	if len(c.row.Cells) > c.l.width {
		return out
	}
	for i, name := range c.l.kept {
		if (!c.bare || s.inKey(name)) && !slices.ContainsFunc(c.faults, func(f Located) bool { return f.Column == name }) {
			out[i] = c.get(name)
		}
	}
	return out
}
