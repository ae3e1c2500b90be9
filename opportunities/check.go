package opportunities

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"maillage/internal/fault"
	"maillage/nomenclatures"
	"maillage/territories"
)

// The bounds of what is kept, in characters and in numbers.
const (
	maxTitle       = 2_000
	maxDescription = 200_000
	maxLots        = 2_000
	maxCodes       = 200
)

// checker puts an opportunity in its usual form and locates every fault.
type checker struct {
	atlas  *territories.Atlas
	faults []fault.Field
}

func (c *checker) refuse(path, code, fr, en string) {
	c.faults = append(c.faults, fault.At(path, code, fr, en))
}

func (c *checker) err() error {
	if len(c.faults) == 0 {
		return nil
	}
	return fault.Invalid(c.faults...)
}

// check normalises o in place: perimeters and codes in their canonical form,
// lists never nil, a number on each lot, and at least one lot.
func (c *checker) check(o *Opportunity) error {
	scrub(o)
	if !slices.Contains(Kinds(), o.Kind) {
		c.refuse("kind", "unknown", "Choisissez la nature de l’opportunité.", "Choose the kind of opportunity.")
	}
	o.Title = strings.TrimSpace(o.Title)
	c.texts("", o.Title, o.Description)
	c.codes("codes", &o.Codes)
	c.place("place", &o.Place)
	c.clause("clause", &o.Clause)
	c.amount("amount", o.Amount)
	if o.Currency == "" && o.Amount > 0 {
		o.Currency = "EUR"
	}
	if o.Deadline != nil {
		at := o.Deadline.UTC()
		o.Deadline = &at
	}
	c.lots(o)
	c.positions(o)
	return c.err()
}

// scrub drops from every text what PostgreSQL refuses: NUL characters and
// bytes that are no UTF-8.
func scrub(o *Opportunity) {
	clean(&o.Title, &o.Description, &o.Key, &o.BuyerName, &o.BuyerSIRET, &o.Source, &o.Links.Official, &o.Links.Documents, &o.Links.Submission, &o.Currency)
	scrubPart(&o.Place, &o.Clause, &o.DeadlineRaw)
	scrubInsertion(o)
	scrubForecast(o)
	for i := range o.Lots {
		l := &o.Lots[i]
		clean(&l.Number, &l.Title, &l.Description, &l.StartsOn, &l.EndsOn)
		scrubPart(&l.Place, &l.Clause, &l.DeadlineRaw)
		l.Certifications = slices.Clone(l.Certifications)
		for j := range l.Certifications {
			clean(&l.Certifications[j].Code, &l.Certifications[j].Name)
		}
	}
}

func scrubPart(p *Place, v *Clause, d *Deadline) {
	clean(&p.Words, &d.Wall, &d.Zone, &d.Raw, &d.Warning)
	v.Evidence = slices.Clone(v.Evidence)
	for i := range v.Evidence {
		clean(&v.Evidence[i].Field, &v.Evidence[i].Quote)
	}
}

func clean(texts ...*string) {
	for _, t := range texts {
		*t = strings.ReplaceAll(strings.ToValidUTF8(*t, "\uFFFD"), "\x00", "")
	}
}

func (c *checker) texts(prefix, title, description string) {
	if title == "" && prefix == "" {
		c.refuse("title", "required", "Donnez un titre.", "Give a title.")
	}
	if utf8.RuneCountInString(title) > maxTitle {
		c.refuse(prefix+"title", "too-long", fmt.Sprintf("Le titre dépasse %d caractères.", maxTitle),
			fmt.Sprintf("The title is over %d characters.", maxTitle))
	}
	if utf8.RuneCountInString(description) > maxDescription {
		c.refuse(prefix+"description", "too-long", fmt.Sprintf("La description dépasse %d caractères.", maxDescription),
			fmt.Sprintf("The description is over %d characters.", maxDescription))
	}
}

func (c *checker) lots(o *Opportunity) {
	if len(o.Lots) > maxLots {
		c.refuse("lots", "too-many", fmt.Sprintf("Plus de %d lots.", maxLots), fmt.Sprintf("More than %d lots.", maxLots))
		return
	}
	if len(o.Lots) == 0 {
		o.Lots = []Lot{{Number: "1", Title: o.Title}}
	}
	seen := map[string]bool{}
	for i := range o.Lots {
		l := &o.Lots[i]
		l.Position = i + 1
		if l.Number = strings.TrimSpace(l.Number); l.Number == "" {
			l.Number = strconv.Itoa(i + 1)
		}
		path := fmt.Sprintf("lots[%d].", i)
		if seen[l.Number] {
			c.refuse(path+"number", "repeated", "Deux lots portent le numéro "+l.Number+".", "Two lots have the number "+l.Number+".")
		}
		seen[l.Number] = true
		c.lot(path, l)
	}
}

func (c *checker) lot(path string, l *Lot) {
	l.Title = strings.TrimSpace(l.Title)
	c.texts(path, l.Title, l.Description)
	c.codes(path+"codes", &l.Codes)
	c.modes(path+"modes", &l.Modes)
	c.place(path+"place", &l.Place)
	c.clause(path+"clause", &l.Clause)
	if l.Certifications == nil {
		l.Certifications = []Requirement{}
	}
	for _, a := range []struct {
		name  string
		value float64
	}{{"fte", l.FTE}, {"hours", l.Hours}, {"amount", l.Amount}, {"turnover", l.Turnover}, {"insurance", l.Insurance}, {"posts", float64(l.Posts)}, {"working_days", float64(l.WorkingDays)}} {
		c.amount(path+a.name, a.value)
	}
	if l.References != nil {
		c.amount(path+"references_asked", float64(*l.References))
	}
	c.dates(path, l)
	if l.Deadline != nil {
		at := l.Deadline.UTC()
		l.Deadline = &at
	}
}

func (c *checker) dates(path string, l *Lot) {
	from, okFrom := c.date(path+"starts_on", l.StartsOn)
	to, okTo := c.date(path+"ends_on", l.EndsOn)
	if okFrom && okTo && to.Before(from) {
		c.refuse(path+"ends_on", "order", "La fin précède le début.", "The end comes before the start.")
	}
}

func (c *checker) date(path, text string) (d territories.Date, ok bool) {
	if text == "" {
		return d, false
	}
	d, err := territories.ParseDate(text)
	if err != nil {
		c.refuse(path, "date", "« "+text+" » n’est pas une date (2026-12-31).", "“"+text+"” is not a date (2026-12-31).")
		return d, false
	}
	return d, true
}

func (c *checker) amount(path string, v float64) {
	if v < 0 || math.IsNaN(v) || math.IsInf(v, 0) {
		c.refuse(path, "negative", "Un nombre positif est attendu.", "A positive number is expected.")
	}
}

func (c *checker) codes(path string, codes *[]nomenclatures.Code) {
	out := make([]nomenclatures.Code, 0, len(*codes))
	if len(*codes) > maxCodes {
		c.refuse(path, "too-many", fmt.Sprintf("Plus de %d codes.", maxCodes), fmt.Sprintf("More than %d codes.", maxCodes))
		return
	}
	for i, code := range *codes {
		known, err := nomenclatures.NewCode(code.Scheme, code.Value)
		if err != nil {
			c.refuse(fmt.Sprintf("%s[%d]", path, i), "unknown", "Le code « "+code.String()+" » n’existe pas.", "There is no code “"+code.String()+"”.")
			continue
		}
		if !slices.Contains(out, known) {
			out = append(out, known)
		}
	}
	*codes = out
}

// modes are the service modes of package network, named here by their values:
// the two nouns do not import each other.
func (c *checker) modes(path string, modes *[]string) {
	known := []string{"mise_a_disposition", "prestation", "fourniture", "mandataire"}
	out := make([]string, 0, len(*modes))
	for i, m := range *modes {
		if !slices.Contains(known, m) {
			c.refuse(fmt.Sprintf("%s[%d]", path, i), "unknown", "Le mode « "+m+" » n’existe pas.", "There is no mode “"+m+"”.")
			continue
		}
		if !slices.Contains(out, m) {
			out = append(out, m)
		}
	}
	*modes = out
}

func (c *checker) place(path string, p *Place) {
	switch {
	case p.Scope == "" && p.Perimeter != "":
		p.Scope = InCommunes
	case p.Scope == "":
		p.Scope = PlaceUnknown
	case p.Scope != InCommunes && p.Scope != WholeCountry && p.Scope != PlaceUnknown:
		c.refuse(path+".scope", "unknown", "Ce lieu n’est pas compris.", "This place is not understood.")
		return
	}
	if p.Scope != InCommunes {
		p.Perimeter = ""
		return
	}
	e, err := territories.ParseExpr([]byte(p.Perimeter))
	if err == nil {
		_, err = c.atlas.Compile(e)
	}
	if err != nil {
		c.refuse(path+".perimeter", "perimeter", "Ce périmètre n’est pas compris : "+territories.Explain(err, "fr"),
			"This perimeter is not understood: "+territories.Explain(err, "en"))
		return
	}
	p.Perimeter = e.String()
}

func (c *checker) clause(path string, v *Clause) {
	verdicts := []Verdict{"", ClauseReserved, ClauseExecution, ClauseCriterion, ClauseObject, ClauseNone, ClauseToConfirm}
	if !slices.Contains(verdicts, v.Verdict) {
		c.refuse(path+".verdict", "unknown", "Cette clause n’existe pas.", "There is no such clause.")
	}
	reservations := []Reservation{NotReserved, ReservedSIAE, ReservedEA, ReservedBoth, ReservedESS, ReservedPrison}
	if !slices.Contains(reservations, v.ReservedTo) {
		c.refuse(path+".reserved_to", "unknown", "Cette réservation n’existe pas.", "There is no such reservation.")
	}
	c.amount(path+".hours", v.Hours)
	if !(v.Confidence >= 0 && v.Confidence <= 1) {
		c.refuse(path+".confidence", "range", "La confiance va de 0 à 1.", "Confidence goes from 0 to 1.")
	}
}
