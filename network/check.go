package network

import (
	"fmt"
	"math"
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"maillage/internal/fault"
	"maillage/nomenclatures"
	"maillage/territories"
)

// Roles, Kinds, StatusKinds and Modes list what is known, in the order in which it is offered.
func Roles() []Role { return []Role{Federation, Regional, Member, Employer, Buyer, Partner} }

// Kinds lists the kinds of member.
func Kinds() []Kind {
	return []Kind{KindAI, KindACI, KindEI, KindETTI, KindEITI, KindGEIQ, KindEA, KindESAT, KindSAP, KindRegie, KindTraining, KindOther}
}

// StatusKinds lists the legal statuses.
func StatusKinds() []StatusKind {
	return []StatusKind{
		ConventionAI, ConventionACI, ConventionEI, ConventionETTI, ConventionEITI, AgrementEA, AgrementESAT,
		Equivalent, StatusESS, LabelGEIQ, DeclarationSAP, PrisonWorkshops,
	}
}

// Modes lists the service modes.
func Modes() []Mode { return []Mode{Provision, Staffing, Supply, Agency} }

// The bounds of what is kept: characters of a text, rows of a list.
const (
	maxName = 500
	maxText = 50_000
	maxRows = 200
)

// checker puts an organisation in its usual form and locates every fault.
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

// check normalises want in place: codes and perimeters in their canonical
// form, lists never nil. A SIRET that fails its check digit is refused to
// people; one that a register holds so (cur) is kept.
func (s *Service) check(want, cur *Organisation) error {
	c := checker{atlas: s.atlas}
	c.organisation(want)
	if n := len(want.SIRET); (n == 14 || n == 9) && !want.SIRET.Valid() && (cur == nil || cur.SIRET != want.SIRET) {
		c.refuse("siret", "luhn", "Ce SIRET comporte une erreur de saisie (clé de contrôle).", "This SIRET has a typing mistake (check digit).")
	}
	return c.err()
}

func (c *checker) organisation(o *Organisation) {
	scrub(o)
	c.identity(o)
	c.text("description", o.Description, maxText)
	o.Website = c.website("website", o.Website)
	c.email("email", o.Email)
	c.text("phone", o.Phone, 50)
	c.date("ess_since", o.ESSSince)
	c.positive("turnover", o.Turnover)
	c.positive("insurance", o.Insurance)
	c.excludedBy(o)
	o.Findings, o.Confirmed = orEmpty(o.Findings), orEmpty(o.Confirmed)
	for path, n := range map[string]int{
		"sites": len(o.Sites), "statuses": len(o.Statuses), "activities": len(o.Activities),
		"excluded_by": len(o.ExcludedBy), "certifications": len(o.Certifications), "references": len(o.References), "memberships": len(o.Memberships),
	} {
		if n > maxRows {
			c.refuse(path, "too-many", fmt.Sprintf("Plus de %d lignes.", maxRows), fmt.Sprintf("More than %d rows.", maxRows))
		}
	}
	c.sites(o.Sites)
	for i := range o.Statuses {
		c.status(fmt.Sprintf("statuses[%d].", i), &o.Statuses[i])
	}
	for i := range o.Activities {
		c.activity(fmt.Sprintf("activities[%d].", i), &o.Activities[i])
	}
	for i := range o.Certifications {
		c.certification(fmt.Sprintf("certifications[%d].", i), &o.Certifications[i])
	}
	for i := range o.References {
		c.reference(fmt.Sprintf("references[%d].", i), &o.References[i])
	}
	c.memberships(o)
}

// scrub drops from every text what PostgreSQL refuses: NUL characters and
// bytes that are no UTF-8.
func scrub(o *Organisation) {
	clean(&o.Name, &o.Brand, &o.Description, &o.Website, &o.Email, &o.Phone)
	for i := range o.Sites {
		clean(&o.Sites[i].Address, &o.Sites[i].Postcode, &o.Sites[i].City)
	}
	for i := range o.Statuses {
		clean(&o.Statuses[i].Proof)
	}
	for i := range o.Activities {
		clean(&o.Activities[i].Label)
	}
	for i := range o.Certifications {
		clean(&o.Certifications[i].Code, &o.Certifications[i].Name)
	}
	for i := range o.References {
		clean(&o.References[i].Title, &o.References[i].Buyer)
	}
}

func clean(texts ...*string) {
	for _, t := range texts {
		*t = strings.ReplaceAll(strings.ToValidUTF8(*t, "\uFFFD"), "\x00", "")
	}
}

func (c *checker) identity(o *Organisation) {
	if !slices.Contains(Roles(), o.Role) {
		c.refuse("role", "unknown", "Choisissez le rôle de l’organisation.", "Choose the role of the organisation.")
	}
	switch {
	case o.Role == Member && !slices.Contains(Kinds(), o.Kind):
		c.refuse("kind", "unknown", "Choisissez le type de structure.", "Choose the kind of enterprise.")
	case o.Role != Member && o.Kind != "":
		c.refuse("kind", "not-member", "Seule une structure adhérente a un type.", "Only a member has a kind.")
	}
	o.Name, o.Brand = strings.TrimSpace(o.Name), strings.TrimSpace(o.Brand)
	if o.Name == "" {
		c.refuse("name", "required", "Donnez le nom de l’organisation.", "Give the name of the organisation.")
	}
	c.text("name", o.Name, maxName)
	c.text("brand", o.Brand, maxName)
	if o.SIRET != "" {
		o.SIRET = c.siret("siret", o.SIRET)
	}
	if o.NAF != "" {
		naf, err := nomenclatures.ParseNAF(string(o.NAF))
		if err != nil {
			c.refuse("naf", "shape", "Un code NAF s’écrit 81.21Z.", "A NAF code is written 81.21Z.")
		}
		o.NAF = naf
	}
}

// excludedBy puts the buyers in order, each once.
func (c *checker) excludedBy(o *Organisation) {
	out := make([]SIRET, 0, len(o.ExcludedBy))
	for i, text := range o.ExcludedBy {
		out = append(out, c.siret(fmt.Sprintf("excluded_by[%d]", i), text))
	}
	slices.Sort(out)
	o.ExcludedBy = slices.Compact(out)
}

// siret gives the usual form of one.
func (c *checker) siret(path string, text SIRET) SIRET {
	siret, err := ParseSIRET(string(text))
	if err != nil {
		c.refuse(path, "shape", "Un SIRET a 14 chiffres (un SIREN, 9).", "A SIRET has 14 digits (a SIREN, 9).")
	}
	return siret
}

func (c *checker) sites(sites []Site) {
	mains := 0
	for i := range sites {
		if sites[i].Main {
			mains++
		}
		c.site(fmt.Sprintf("sites[%d].", i), &sites[i])
	}
	if mains > 1 {
		c.refuse("sites", "main", "Un seul site peut être le principal.", "Only one site can be the main one.")
	}
	if mains == 0 && len(sites) > 0 {
		sites[0].Main = true
	}
}

func (c *checker) site(path string, s *Site) {
	if s.Commune != "" {
		code, err := territories.ParseCommuneCode(string(s.Commune))
		if err == nil {
			if _, ok := c.atlas.Ordinal(code); !ok {
				err = fmt.Errorf("commune %s", code)
			}
		}
		if err != nil {
			c.refuse(path+"commune", "unknown", "Cette commune n’existe pas (ou plus).", "There is no such commune (any more).")
		}
		s.Commune = code
	}
	switch {
	case (s.Lon == nil) != (s.Lat == nil):
		c.refuse(path+"lon", "half-point", "Donnez la longitude et la latitude, ou aucune.", "Give both longitude and latitude, or none.")
	case s.Lon != nil && !(math.Abs(*s.Lon) <= 180 && math.Abs(*s.Lat) <= 90):
		c.refuse(path+"lon", "range", "Ce point n’est pas sur Terre.", "This point is not on Earth.")
	}
	c.text(path+"address", s.Address, maxName)
	c.text(path+"city", s.City, maxName)
}

func (c *checker) status(path string, s *Status) {
	if !slices.Contains(StatusKinds(), s.Kind) {
		c.refuse(path+"kind", "unknown", "Choisissez le statut.", "Choose the status.")
	}
	c.span(path, s.From, s.Until)
	c.positive(path+"fte", s.FTE)
	if !(s.Share >= 0 && s.Share <= 1) {
		c.refuse(path+"share", "range", "La part va de 0 à 1.", "The share goes from 0 to 1.")
	}
	if s.Kind == Equivalent && (s.Share == 0 || strings.TrimSpace(s.Proof) == "") {
		c.refuse(path+"proof", "required", "Une structure équivalente déclare sa part de travailleurs concernés et sa preuve.",
			"An equivalent structure declares its share of workers and its proof.")
	}
	s.Origin = c.origin(path+"origin", s.Origin)
}

func (c *checker) activity(path string, a *Activity) {
	codes := make([]nomenclatures.Code, 0, len(a.Codes))
	for i, code := range a.Codes {
		known, err := nomenclatures.NewCode(code.Scheme, code.Value)
		if err != nil || known.Scheme == nomenclatures.SchemeNAF || known.Scheme == nomenclatures.SchemeDescriptor {
			c.refuse(fmt.Sprintf("%scodes[%d]", path, i), "unknown",
				"« "+code.String()+" » n’est ni un secteur, ni un code CPV, ni un métier ROME.", "“"+code.String()+"” is no sector, CPV code or ROME occupation.")
			continue
		}
		if !slices.Contains(codes, known) {
			codes = append(codes, known)
		}
	}
	modes := make([]Mode, 0, len(a.Modes))
	for i, m := range a.Modes {
		if !slices.Contains(Modes(), m) {
			c.refuse(fmt.Sprintf("%smodes[%d]", path, i), "unknown", "Ce mode de réalisation n’existe pas.", "There is no such service mode.")
			continue
		}
		if !slices.Contains(modes, m) {
			modes = append(modes, m)
		}
	}
	a.Codes, a.Modes = codes, modes
	c.text(path+"label", a.Label, maxName)
	c.perimeter(path+"zone", &a.Zone)
	c.positive(path+"fte", a.FTE)
	c.positive(path+"hours", a.Hours)
	c.positive(path+"amount", a.Amount)
	a.Origin = c.origin(path+"origin", a.Origin)
	if a.ZoneOrigin == "" {
		a.ZoneOrigin = a.Origin
	}
	a.ZoneOrigin = c.origin(path+"zone_origin", a.ZoneOrigin)
}

func (c *checker) certification(path string, v *Certification) {
	v.Code = strings.ToLower(strings.TrimSpace(v.Code))
	if v.Code == "" {
		c.refuse(path+"code", "required", "Choisissez la certification.", "Choose the certification.")
	}
	c.text(path+"name", v.Name, maxName)
	c.span(path, v.From, v.Until)
}

func (c *checker) reference(path string, r *Reference) {
	if r.Title = strings.TrimSpace(r.Title); r.Title == "" {
		c.refuse(path+"title", "required", "Donnez l’objet de la référence.", "Give the subject of the reference.")
	}
	c.text(path+"title", r.Title, maxName)
	if r.Code != "" {
		code, err := nomenclatures.ParseCPV(string(r.Code))
		if err != nil {
			c.refuse(path+"cpv", "unknown", "Ce code CPV n’existe pas.", "There is no such CPV code.")
		}
		r.Code = code
	}
	c.perimeter(path+"place", &r.Place)
	if r.BuyerSIRET != "" {
		r.BuyerSIRET = c.siret(path+"buyer_siret", r.BuyerSIRET)
	}
	if r.Year != 0 && (r.Year < 1900 || r.Year > 2200) {
		c.refuse(path+"year", "range", "Cette année n’est pas plausible.", "This year is not plausible.")
	}
	c.positive(path+"amount", r.Amount)
}

func (c *checker) memberships(o *Organisation) {
	seen := map[ID]bool{}
	for i, m := range o.Memberships {
		path := fmt.Sprintf("memberships[%d].", i)
		if seen[m.NetworkID] || m.NetworkID == 0 || m.NetworkID == o.ID {
			c.refuse(path+"network_id", "repeated", "Ce réseau est déjà cité, ou ne convient pas.", "This network is named twice, or does not fit.")
		}
		seen[m.NetworkID] = true
		c.span(path, m.Since, m.Until)
	}
}

func (c *checker) perimeter(path string, text *string) {
	if *text == "" {
		return
	}
	e, err := territories.ParseExpr([]byte(*text))
	if err == nil {
		_, err = c.atlas.Compile(e)
	}
	if err != nil {
		c.refuse(path, "perimeter", "Ce périmètre n’est pas compris : "+territories.Explain(err, "fr"),
			"This perimeter is not understood: "+territories.Explain(err, "en"))
		return
	}
	*text = e.String()
}

// span checks the first and the last day of something.
func (c *checker) span(path, from, until string) {
	f, okF := c.date(path+"from", from)
	u, okU := c.date(path+"until", until)
	if okF && okU && u.Before(f) {
		c.refuse(path+"until", "order", "La fin précède le début.", "The end comes before the start.")
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

func (c *checker) positive(path string, v float64) {
	if v < 0 || math.IsNaN(v) || math.IsInf(v, 0) {
		c.refuse(path, "negative", "Un nombre positif est attendu.", "A positive number is expected.")
	}
}

func (c *checker) origin(path string, o Origin) Origin {
	switch o {
	case "":
		return Declared
	case Assumed, Declared, Confirmed:
		return o
	}
	c.refuse(path, "unknown", "Cette origine n’existe pas.", "There is no such origin.")
	return o
}

func (c *checker) text(path, text string, longest int) {
	if utf8.RuneCountInString(text) > longest {
		c.refuse(path, "too-long", fmt.Sprintf("Plus de %d caractères.", longest), fmt.Sprintf("More than %d characters.", longest))
	}
}

// website completes an address without a scheme and refuses any scheme that is
// not the web's: the address becomes a link.
func (c *checker) website(path, text string) string {
	at, err := parseWebsite(text)
	if err != nil {
		c.refuse(path, "website", "Cette adresse web n’est pas comprise.", "This web address is not understood.")
		return text
	}
	return at
}

func parseWebsite(text string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", nil
	}
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	if err != nil {
		return "", err
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || len(text) > maxName {
		return "", fmt.Errorf("%q is no web address", text)
	}
	return text, nil
}

func (c *checker) email(path, text string) {
	if text == "" {
		return
	}
	if a, err := mail.ParseAddress(text); err != nil || a.Address != text {
		c.refuse(path, "email", "Cette adresse électronique n’est pas comprise.", "This e-mail address is not understood.")
	}
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
