package opportunities

import (
	"fmt"
	"net/mail"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"maillage/nomenclatures"
	"maillage/territories"
)

// The bounds of a position.
const (
	// MostHours is the longest working week (code du travail, L3121-20).
	MostHours = 48
	// MostReach bounds how far people are looked for, in km.
	MostReach  = 500
	mostPosts  = 1_000
	mostWanted = 40
	maxContact = 200
	// missionMonths bounds a mission of an ETTI, renewals included (code du
	// travail, L5132-6); those of an AI, whose hours are counted by person, are
	// no longer here.
	missionMonths = 24
)

// positions checks what the lots say as places for people.
func (c *checker) positions(o *Opportunity) {
	for i := range o.Lots {
		l := &o.Lots[i]
		path := fmt.Sprintf("lots[%d].", i)
		l.Terms = tidied(l.Terms)
		if l.Terms != nil && !o.Kind.HasPositions() {
			c.refuse(path+"terms", "no-position", "Seuls un besoin de personnel, une mission, une immersion et une formation ont des conditions de poste.",
				"Only a need for staff, a mission, an immersion and a training session have the terms of a position.")
			continue
		}
		c.terms(path+"terms.", o.Kind, l.Terms)
		if o.Kind.HasPositions() && l.Posts > mostPosts {
			c.refuse(path+"posts", "range", fmt.Sprintf("%d places au plus par lot.", mostPosts), fmt.Sprintf("%d places at most in a lot.", mostPosts))
		}
		c.bounds(path, o, l)
	}
	if o.Kind == Mission && o.BuyerID == nil && o.BuyerName == "" && o.BuyerSIRET == "" {
		c.refuse("buyer_name", "required", "Nommez l’entreprise utilisatrice.", "Name the user enterprise.")
	}
}

// tidied is a copy of terms in their usual form; nil where they say nothing.
func tidied(t *Terms) *Terms {
	if t == nil {
		return nil
	}
	out := *t
	out.Aptitudes, out.Languages = slices.Clone(t.Aptitudes), slices.Clone(t.Languages)
	out.Outcomes, out.Leads = slices.Clone(t.Outcomes), slices.Clone(t.Leads)
	for i := range out.Languages {
		out.Languages[i].Language = strings.ToLower(strings.TrimSpace(out.Languages[i].Language))
	}
	for _, text := range []*string{&out.Contact.Name, &out.Contact.Email, &out.Contact.Phone} {
		clean(text)
		*text = strings.TrimSpace(*text)
	}
	emptied(&out.Aptitudes)
	emptied(&out.Languages)
	emptied(&out.Outcomes)
	emptied(&out.Leads)
	if reflect.ValueOf(out).IsZero() {
		return nil
	}
	return &out
}

// emptied makes an empty list nil, as it is read back from the database.
func emptied[T any](list *[]T) {
	if len(*list) == 0 {
		*list = nil
	}
}

// terms checks those of one lot.
func (c *checker) terms(path string, kind Kind, t *Terms) {
	if t == nil {
		if kind == TrainingSession {
			c.refuse(path+"audience", "required", "Dites pour qui est la formation.", "Say for whom the training is.")
		}
		return
	}
	c.among(path+"contract", t.Contract, ContractsOf(kind))
	c.upTo(path+"hours", t.Hours, MostHours, "h par semaine (code du travail, L3121-20)", "hours a week (labour code, L3121-20)")
	c.upTo(path+"reach", t.Reach, MostReach, "km", "km")
	if t.Slots&^nomenclatures.AllWeek != 0 {
		c.refuse(path+"slots", "range", "Ces horaires ne sont pas compris.", "These times are not understood.")
	}
	c.wanted(path+"aptitudes", t.Aptitudes)
	c.languages(path+"languages", t.Languages)
	c.contact(path+"contact.", t.Contact)
	c.aim(path, kind, t)
	c.training(path, kind, t)
}

// ContractsOf lists the contracts that a kind may lead to. A period in a
// professional setting is no contract of work (code du travail, L5135-3).
func ContractsOf(kind Kind) []Employment {
	switch kind {
	case Immersion:
		return nil
	case Mission:
		return []Employment{Temporary, FixedTerm}
	case TrainingSession:
		return []Employment{Apprentice, Professional}
	}
	return Employments()
}

func (c *checker) among(path string, value Employment, known []Employment) {
	if value != "" && !slices.Contains(known, value) {
		c.refuse(path, "unknown", "Ce contrat n’est pas possible ici.", "This contract is not possible here.")
	}
}

func (c *checker) upTo(path string, v, most float64, unitFR, unitEN string) {
	if !(v >= 0 && v <= most) {
		c.refuse(path, "range", fmt.Sprintf("De 0 à %.0f %s.", most, unitFR), fmt.Sprintf("From 0 to %.0f %s.", most, unitEN))
	}
}

func (c *checker) wanted(path string, all []Wanted) {
	c.fewer(path, len(all))
	seen := map[nomenclatures.Aptitude]bool{}
	for i, w := range all {
		c.aptitude(fmt.Sprintf("%s[%d].", path, i), w.Code, w.Level, seen)
	}
}

// aptitude checks one of a list: it exists, once, and has a level only if it is a skill.
func (c *checker) aptitude(path string, code nomenclatures.Aptitude, level nomenclatures.Mastery, seen map[nomenclatures.Aptitude]bool) {
	info, known := nomenclatures.LookupAptitude(code)
	switch {
	case !known:
		c.refuse(path+"code", "unknown", "« "+string(code)+" » n’est pas de la liste des compétences.", "“"+string(code)+"” is not in the list of skills.")
	case seen[code]:
		c.refuse(path+"code", "repeated", "« "+info.FR+" » est demandé deux fois.", "“"+info.EN+"” is asked twice.")
	case level > nomenclatures.CanShow:
		c.refuse(path+"level", "range", "Un niveau de 1 à 4 est attendu.", "A level from 1 to 4 is expected.")
	case level > 0 && info.Kind != nomenclatures.Skill:
		c.refuse(path+"level", "no-level", "Un permis ou un certificat n’a pas de niveau.", "A licence or a certificate has no level.")
	}
	seen[code] = true
}

func (c *checker) fewer(path string, n int) {
	if n > mostWanted {
		c.refuse(path, "too-many", fmt.Sprintf("%d au plus.", mostWanted), fmt.Sprintf("%d at most.", mostWanted))
	}
}

func (c *checker) languages(path string, all []Speaking) {
	c.fewer(path, len(all))
	seen := map[string]bool{}
	for i, s := range all {
		at := fmt.Sprintf("%s[%d].", path, i)
		switch {
		case !nomenclatures.KnownLanguage(s.Language):
			c.refuse(at+"language", "unknown", "La langue « "+s.Language+" » n’est pas connue.", "The language “"+s.Language+"” is not known.")
		case seen[s.Language]:
			c.refuse(at+"language", "repeated", "Cette langue est demandée deux fois.", "This language is asked twice.")
		case s.Level > 0 && s.Level.String() == "":
			c.refuse(at+"level", "range", "Un niveau de A1 à C2 est attendu.", "A level from A1 to C2 is expected.")
		}
		seen[s.Language] = true
	}
}

// phone is what a French or a foreign number is written with.
var phone = regexp.MustCompile(`^\+?[0-9][0-9 .()-]{3,28}$`)

func (c *checker) contact(path string, who Contact) {
	if utf8.RuneCountInString(who.Name) > maxContact {
		c.refuse(path+"name", "too-long", fmt.Sprintf("Le nom dépasse %d caractères.", maxContact), fmt.Sprintf("The name is over %d characters.", maxContact))
	}
	if address, err := mail.ParseAddress(who.Email); who.Email != "" && (err != nil || address.Address != who.Email || len(who.Email) > maxContact) {
		c.refuse(path+"email", "email", "Cette adresse électronique n’est pas valable.", "This e-mail address is not valid.")
	}
	if who.Phone != "" && !phone.MatchString(who.Phone) {
		c.refuse(path+"phone", "phone", "Ce numéro de téléphone n’est pas valable.", "This telephone number is not valid.")
	}
}

func (c *checker) aim(path string, kind Kind, t *Terms) {
	switch {
	case t.Aim == "":
	case kind != Immersion:
		c.refuse(path+"aim", "no-immersion", "Seule une immersion a un objet.", "Only an immersion has an aim.")
	case !slices.Contains(Aims(), t.Aim):
		c.refuse(path+"aim", "unknown", "Découvrir, confirmer ou recruter (code du travail, L5135-1).", "To discover, to confirm or to recruit (labour code, L5135-1).")
	}
}

// training checks what only a session of training says.
func (c *checker) training(path string, kind Kind, t *Terms) {
	if kind != TrainingSession {
		if t.Audience != "" || len(t.Outcomes) > 0 || len(t.Leads) > 0 {
			c.refuse(path+"outcomes", "no-training", "Seule une formation a un public, des acquis et des métiers préparés.",
				"Only a training session has an audience, outcomes and occupations that it prepares for.")
		}
		return
	}
	switch {
	case t.Audience == "":
		c.refuse(path+"audience", "required", "Dites pour qui est la formation.", "Say for whom the training is.")
	case !slices.Contains(Audiences(), t.Audience):
		c.refuse(path+"audience", "unknown", "Salariés en parcours ou équipes permanentes.", "People in journeys or permanent staff.")
	}
	if len(t.Outcomes) == 0 && len(t.Leads) == 0 {
		c.refuse(path+"outcomes", "required", "Dites ce que la formation apporte ou à quel métier elle prépare.", "Say what the training gives or which occupation it prepares for.")
	}
	c.outcomes(path+"outcomes", t.Outcomes)
	c.leads(path+"leads", t.Leads)
}

func (c *checker) outcomes(path string, all []Gain) {
	c.fewer(path, len(all))
	seen := map[nomenclatures.Aptitude]bool{}
	for i, g := range all {
		c.aptitude(fmt.Sprintf("%s[%d].", path, i), g.Code, g.Level, seen)
	}
}

func (c *checker) leads(path string, all []nomenclatures.ROME) {
	c.fewer(path, len(all))
	seen := map[nomenclatures.ROME]bool{}
	for i, code := range all {
		at := fmt.Sprintf("%s[%d]", path, i)
		if known, err := nomenclatures.NewCode(nomenclatures.SchemeROME, string(code)); err != nil || known.Value != string(code) {
			c.refuse(at, "unknown", "Le métier « "+string(code)+" » n’existe pas.", "There is no occupation “"+string(code)+"”.")
		}
		if seen[code] {
			c.refuse(at, "repeated", "Ce métier est dit deux fois.", "This occupation is said twice.")
		}
		seen[code] = true
	}
}

// bounds checks the dates and the place that the law or good sense ask of a kind.
func (c *checker) bounds(path string, o *Opportunity, l *Lot) {
	from, err := territories.ParseDate(l.StartsOn)
	dated := err == nil
	until, err := territories.ParseDate(l.EndsOn)
	ends := err == nil
	switch o.Kind {
	case TrainingSession:
		if l.StartsOn == "" {
			c.refuse(path+"starts_on", "required", "Donnez le premier jour de la formation.", "Give the first day of the training.")
		}
		if p := l.In(o).Place; p.unknown() {
			c.refuse(path+"place", "required", "Dites où se tient la formation.", "Say where the training takes place.")
		}
	case Immersion:
		// One month from date to date, renewable once for the same aim (code du
		// travail, D5135-3): an offer is for the first period.
		if dated && ends && !until.Before(monthsAfter(from, 1)) {
			c.refuse(path+"ends_on", "too-long", "Une immersion dure un mois au plus, renouvelable une fois (code du travail, D5135-3).",
				"An immersion lasts a month at most, renewable once (labour code, D5135-3).")
		}
	case Mission:
		if dated && ends && !until.Before(monthsAfter(from, missionMonths)) {
			c.refuse(path+"ends_on", "too-long", fmt.Sprintf("Une mission dure %d mois au plus, renouvellement compris (code du travail, L5132-6).", missionMonths),
				fmt.Sprintf("A mission lasts %d months at most, renewals included (labour code, L5132-6).", missionMonths))
		}
	}
}

// monthsAfter is the same day some months later: a period that begins on a day
// and lasts n months ends the day before. Where the month has no such day, the
// period ends with the month (code de procédure civile, 641).
func monthsAfter(d territories.Date, n int) territories.Date {
	at := time.Date(d.Year, d.Month+time.Month(n), d.Day, 0, 0, 0, 0, time.UTC)
	if at.Day() != d.Day {
		at = time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, time.UTC)
	}
	return territories.Date{Year: at.Year(), Month: at.Month(), Day: at.Day()}
}
