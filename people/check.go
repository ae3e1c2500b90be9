package people

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/nomenclatures"
	"maillage/territories"
)

// The bounds of what is kept of a person.
const (
	maxKey       = 40
	maxList      = 60
	maxWeekHours = 48 // a week, code du travail L3121-20
	maxKm        = 200
	maxMinutes   = 240
	maxMonths    = 720
)

// keyForm keeps names out of what is in clear: a number has a digit, and no space.
var keyForm = regexp.MustCompile(`^[A-Za-z/._-]*[0-9][A-Za-z0-9/._-]*$`)

// notKeys are what people type as a number and that identifies: with separators
// taken away, a phone, a number of the social security (NIR), one of the PASS IAE;
// and a word, which could be a name.
var notKeys = []*regexp.Regexp{
	regexp.MustCompile(`^((0|33|0033)[1-9]|[67])[0-9]{8}$`),
	regexp.MustCompile(`^[1-8][0-9]{5}[0-9AaBb][0-9]{6}([0-9]{2})?$`),
	regexp.MustCompile(`^9{5}[0-9]{7}$`),
	regexp.MustCompile(`[A-Za-z]{4}`),
}

var keySeparators = strings.NewReplacer("/", "", ".", "", "_", "", "-", "")

// identifies tells whether a number could be one that says who somebody is.
func identifies(key string) bool {
	plain := keySeparators.Replace(key)
	return slices.ContainsFunc(notKeys[:3], func(r *regexp.Regexp) bool { return r.MatchString(plain) }) || notKeys[3].MatchString(key)
}

// checker puts a journey in its usual form and locates every fault. No sentence
// repeats a value: what somebody typed in the wrong place could be a name.
type checker struct {
	atlas  *territories.Atlas
	latest string // day of what is to come; empty: not looked at
	faults []fault.Field
}

func (s *Service) checker() *checker {
	return &checker{atlas: s.atlas, latest: s.now().AddDate(0, mostAhead, 0).Format(time.DateOnly)}
}

func (c *checker) refuse(path, code, fr, en string) {
	c.faults = append(c.faults, fault.At(path, code, fr, en))
}

// check normalises p in place and refuses it whole.
func (s *Service) check(ctx context.Context, tx store.Tx, p *Person) error {
	c := s.checker()
	c.person(p)
	if err := c.parties(ctx, tx, p); err != nil {
		return err
	}
	if len(c.faults) > 0 {
		return fault.Invalid(c.faults...)
	}
	return nil
}

func (c *checker) person(p *Person) {
	p.Key = strings.TrimSpace(p.Key)
	if p.Key != "" && (len(p.Key) > maxKey || !keyForm.MatchString(p.Key)) {
		c.refuse("key", "shape", fmt.Sprintf("Un numéro a un chiffre au moins, aucun espace et %d caractères au plus : ce n’est pas un nom.", maxKey),
			fmt.Sprintf("A number has a digit at least, no space and %d characters at most: it is no name.", maxKey))
	} else if identifies(p.Key) {
		c.refuse("key", "identifies", "Ce numéro pourrait dire qui est la personne (téléphone, numéro de sécurité sociale ou de PASS IAE, nom) : donnez celui de la structure, sans mot de plus de trois lettres.",
			"This number could say who the person is (phone, social security or PASS IAE number, name): give the structure's own, without a word of more than three letters.")
	}
	if p.State != "" && !slices.Contains(States(), p.State) {
		c.refuse("state", "unknown", "Cet état n’existe pas.", "There is no such state.")
	}
	c.commune(p)
	entered, ended := c.ahead("entered_on", p.EnteredOn), c.ahead("ended_on", p.EndedOn)
	c.ahead("available_on", p.AvailableOn)
	c.ahead("contract_ends", p.ContractEnds)
	if entered && ended && p.EndedOn < p.EnteredOn {
		c.refuse("ended_on", "order", "La fin précède le début du parcours.", "The end comes before the start of the journey.")
	}
	c.profile(&p.Profile)
}

// commune keeps today's code: one that has ceased gives its heir, if it has one
// alone.
func (c *checker) commune(p *Person) {
	if p.Commune == "" {
		return
	}
	code, why := communeToday(c.atlas, string(p.Commune))
	if why.FR != "" {
		c.refuse("commune", "unknown", why.FR, why.EN)
		return
	}
	p.Commune = code
}

// communeToday reads an INSEE code and gives the commune that holds its place
// now, or says why there is none.
func communeToday(atlas *territories.Atlas, text string) (territories.CommuneCode, fault.Text) {
	code, err := territories.ParseCommuneCode(text)
	if err != nil {
		return "", fault.Text{FR: "Un code INSEE de commune a cinq caractères.", EN: "The INSEE code of a commune has five characters."}
	}
	if ord, now := atlas.Ordinal(code); now {
		return atlas.Commune(ord).Code, fault.Text{} // of an arrondissement, its commune
	}
	r := atlas.Resolve(code, territories.Date{})
	switch {
	case len(r.Current) == 1:
		return r.Current[0].Code, fault.Text{}
	case len(r.Current) > 1:
		return "", fault.Text{FR: "Cette commune a été partagée : choisissez celle d’aujourd’hui.", EN: "This commune was split: choose one of today’s."}
	}
	return "", fault.Text{FR: "Cette commune n’existe pas.", EN: "There is no such commune."}
}

func (c *checker) profile(f *Profile) {
	c.mobility(f)
	c.occupations(f)
	c.aptitudes(f)
	c.languages(f)
	h := f.Hours
	if !(h.Min >= 0 && h.Min <= maxWeekHours) || !(h.Max >= 0 && h.Max <= maxWeekHours) {
		c.refuse("hours", "range", fmt.Sprintf("De 0 à %d heures par semaine.", maxWeekHours), fmt.Sprintf("From 0 to %d hours a week.", maxWeekHours))
	} else if h.Max > 0 && h.Min > h.Max {
		c.refuse("hours", "order", "Le minimum d’heures dépasse le maximum.", "The fewest hours are over the most.")
	}
	c.slots("slots", f.Slots)
}

func (c *checker) slots(path string, s Slots) {
	if s&^nomenclatures.AllWeek != 0 {
		c.refuse(path, "range", "Ces horaires ne sont pas dans une semaine.", "These hours are not in a week.")
	}
}

// few refuses a list that is too long and tells whether it may be read.
func (c *checker) few(path string, n int) bool {
	if n > maxList {
		c.refuse(path, "too-many", fmt.Sprintf("Plus de %d lignes.", maxList), fmt.Sprintf("More than %d lines.", maxList))
	}
	return n <= maxList
}

func (c *checker) mobility(f *Profile) {
	if !c.few("mobility", len(f.Mobility)) {
		return
	}
	seen := map[Mode]bool{}
	for i, m := range f.Mobility {
		path := fmt.Sprintf("mobility[%d].", i)
		if !slices.Contains(Modes(), m.Mode) {
			c.refuse(path+"mode", "unknown", "Choisissez un moyen de se déplacer.", "Choose a way of moving.")
		} else if seen[m.Mode] {
			c.refuse(path+"mode", "repeated", "Ce moyen est déjà cité.", "This way is already there.")
		}
		seen[m.Mode] = true
		if !(m.Km >= 0 && m.Km <= maxKm) {
			c.refuse(path+"km", "range", fmt.Sprintf("Plus de 0 et au plus %d km.", maxKm), fmt.Sprintf("More than 0, and %d km at most.", maxKm))
		}
		if m.Minutes < 0 || m.Minutes > maxMinutes {
			c.refuse(path+"minutes", "range", fmt.Sprintf("Plus de 0 et au plus %d minutes.", maxMinutes), fmt.Sprintf("More than 0, and %d minutes at most.", maxMinutes))
		}
		c.slots(path+"slots", m.Slots)
	}
}

func (c *checker) occupations(f *Profile) {
	if !c.few("wished", len(f.Wished)) || !c.few("held", len(f.Held)) {
		return
	}
	wished, held := map[Wish]bool{}, map[nomenclatures.ROME]bool{}
	for i := range f.Wished {
		w, path := &f.Wished[i], fmt.Sprintf("wished[%d].", i)
		c.rome(path+"rome", &w.ROME)
		if w.Appellation != "" {
			if of, _, ok := nomenclatures.LookupAppellation(w.Appellation); !ok || of != w.ROME {
				c.refuse(path+"appellation", "unknown", "Cette appellation n’est pas de ce métier.", "This job title is not of that occupation.")
			}
		}
		c.once(path+"rome", wished[*w])
		wished[*w] = true
	}
	for i := range f.Held {
		h, path := &f.Held[i], fmt.Sprintf("held[%d].", i)
		c.rome(path+"rome", &h.ROME)
		if h.Months < 0 || h.Months > maxMonths {
			c.refuse(path+"months", "range", fmt.Sprintf("De 0 à %d mois.", maxMonths), fmt.Sprintf("From 0 to %d months.", maxMonths))
		}
		c.once(path+"rome", held[h.ROME])
		held[h.ROME] = true
	}
}

func (c *checker) once(path string, again bool) {
	if again {
		c.refuse(path, "repeated", "C’est cité deux fois.", "This is there twice.")
	}
}

func (c *checker) rome(path string, code *nomenclatures.ROME) {
	known, err := nomenclatures.ParseROME(string(*code))
	if err != nil || !known.Known() {
		c.refuse(path, "unknown", "Choisissez un métier du répertoire ROME.", "Choose an occupation of the ROME directory.")
		return
	}
	*code = known
}

func (c *checker) aptitudes(f *Profile) {
	if !c.few("aptitudes", len(f.Aptitudes)) {
		return
	}
	seen := map[nomenclatures.Aptitude]bool{}
	for i, h := range f.Aptitudes {
		path := fmt.Sprintf("aptitudes[%d].", i)
		info, ok := nomenclatures.LookupAptitude(h.Code)
		if !ok {
			c.refuse(path+"code", "unknown", "Choisissez dans la liste des permis, titres et savoir-faire.", "Choose in the list of licences, certificates and skills.")
		}
		c.once(path+"code", seen[h.Code])
		seen[h.Code] = true
		if h.Level > nomenclatures.CanShow || h.Level > 0 && ok && info.Kind != nomenclatures.Skill {
			c.refuse(path+"level", "range", "Un savoir-faire a un niveau de 1 à 4 ; un permis ou un titre n’en a pas.", "A skill has a level from 1 to 4; a licence or a certificate has none.")
		}
		on, until := c.date(path+"on", h.On), c.date(path+"until", h.Until)
		if on && until && h.Until < h.On {
			c.refuse(path+"until", "order", "La fin précède le début.", "The end comes before the start.")
		}
		if !slices.Contains([]Source{"", SelfSaid, Observed, Certified}, h.Source) {
			c.refuse(path+"source", "unknown", "Dites qui l’a constaté.", "Say who saw it.")
		}
	}
}

func (c *checker) languages(f *Profile) {
	if !c.few("languages", len(f.Languages)) {
		return
	}
	seen := map[string]bool{}
	for i := range f.Languages {
		l, path := &f.Languages[i], fmt.Sprintf("languages[%d].", i)
		l.Language = strings.ToLower(strings.TrimSpace(l.Language))
		if !nomenclatures.KnownLanguage(l.Language) {
			c.refuse(path+"language", "unknown", "Une langue connue, en deux lettres : fr, en, ar.", "A known language, in two letters: fr, en, ar.")
		}
		c.once(path+"language", seen[l.Language])
		seen[l.Language] = true
		if l.Level.String() == "" && l.Level != 0 {
			c.refuse(path+"level", "range", "Un niveau va de A1 à C2.", "A level goes from A1 to C2.")
		}
	}
}

// mostAhead is how many months ahead a day may be: as long as the longest PASS IAE (R5132-1-8).
const mostAhead = 84

// ahead refuses what is not a day, or one that no journey reaches: a mistyped year
// would keep a person out of every position without a word.
func (c *checker) ahead(path, text string) bool {
	if !c.date(path, text) {
		return false
	}
	if c.latest != "" && text > c.latest {
		c.refuse(path, "range", "Ce jour est à plus de sept ans : vérifiez l’année.", "This day is more than seven years ahead: check the year.")
	}
	return true
}

// date refuses what is not a day; true says that there is one.
func (c *checker) date(path, text string) bool {
	if text == "" {
		return false
	}
	d, err := territories.ParseDate(text)
	if err != nil || d.Year < 1950 || d.Year > 2200 {
		c.refuse(path, "date", "Une date s’écrit 2026-12-31.", "A date is written 2026-12-31.")
		return false
	}
	return true
}

// parties checks that the structure is there and that the counsellor is one of its own.
func (c *checker) parties(ctx context.Context, tx store.Tx, p *Person) error {
	there, err := structureThere(ctx, tx, p.OrganisationID)
	if err != nil {
		return err
	}
	if !there {
		c.refuse("organisation_id", "unknown", "Cette organisation n’existe pas.", "There is no such organisation.")
	}
	if p.CounsellorID == nil {
		return nil
	}
	own, err := counsellorOf(ctx, tx, *p.CounsellorID, p.OrganisationID)
	if err != nil {
		return err
	}
	if !own {
		c.refuse("counsellor_id", "unknown", "Choisissez un·e conseiller·ère de la structure.", "Choose a counsellor of the structure.")
	}
	return nil
}
