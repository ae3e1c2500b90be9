package placement

import (
	"cmp"
	"strconv"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"maillage/matching/placement/card"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/people"
	"maillage/territories"
)

const nbsp = "\u00a0"

func text(fr, en string) Text { return Text{FR: fr, EN: en} }

// Words says a claim to the employer. The name of the structure is said apart.
func Words(c card.Claim, today string) Text {
	switch c.Kind {
	case card.Practised:
		return text("A déjà exercé ce métier"+nbsp+": "+occupation(c.Code), "Has already done this work: "+occupation(c.Code))
	case card.PractisedDomain:
		return domain(c.Code, "A déjà travaillé dans ce domaine"+nbsp+": ", "Has already worked in this field: ")
	case card.Wished:
		return text("Souhaite ce métier"+nbsp+": "+occupation(c.Code), "Wishes to do this work: "+occupation(c.Code))
	case card.WishedDomain:
		return domain(c.Code, "Souhaite travailler dans ce domaine"+nbsp+": ", "Wishes to work in this field: ")
	case card.PractisedNear:
		return text("A déjà exercé un métier proche de celui-ci"+nbsp+": "+occupation(c.Code), "Has already done work close to this: "+occupation(c.Code))
	case card.WishedNear:
		return text("Souhaite un métier proche de celui-ci"+nbsp+": "+occupation(c.Code), "Wishes to do work close to this: "+occupation(c.Code))
	case card.Aptitude:
		return mastered(nomenclatures.Aptitude(c.Code), nomenclatures.Mastery(c.Level))
	case card.Trainable:
		return text("Une formation peut apporter"+nbsp+": "+aptitude(c.Code, "fr"), "A training can bring: "+aptitude(c.Code, "en"))
	case card.Language:
		return spoken(c.Code, nomenclatures.Fluency(c.Level))
	case card.OtherLanguage:
		return text("Parle une autre langue que le français", "Speaks another language than French")
	}
	return ofTimes(c, today)
}

func ofTimes(c card.Claim, today string) Text {
	switch c.Kind {
	case card.OnSite:
		return text("Peut être sur place à ces horaires", "Can be there at these hours")
	case card.Hours:
		h := strings.ReplaceAll(c.Code, ".", ",")
		return text(h+nbsp+"h par semaine lui conviennent", c.Code+" h a week suit them")
	case card.Available:
		if c.Code <= today {
			return text("Disponible dès maintenant", "Available now")
		}
		return text("Disponible au plus tard le "+day(c.Code, "fr"), "Available by "+day(c.Code, "en"))
	case card.From:
		return text("Disponible en "+month(c.Code, "fr"), "Available in "+month(c.Code, "en"))
	}
	return Text{}
}

func domain(code, fr, en string) Text {
	r := nomenclatures.ROME(code + "0000") // any occupation of the domain
	return text(fr+lower(r.MajorDomainLabel("fr")), en+lower(r.MajorDomainLabel("en")))
}

func occupation(code string) string {
	if label := nomenclatures.ROME(code).Label(); label != "" {
		return lower(label)
	}
	return code
}

func aptitude(code, lang string) string {
	if info, ok := nomenclatures.LookupAptitude(nomenclatures.Aptitude(code)); ok {
		return lower(info.Label(lang))
	}
	return code
}

// mastered says an aptitude, with its level where one is told.
func mastered(a nomenclatures.Aptitude, level nomenclatures.Mastery) Text {
	info, _ := nomenclatures.LookupAptitude(a)
	if info.Kind != nomenclatures.Skill {
		return text(info.Label("fr"), info.Label("en"))
	}
	fr, en := [...]string{"", "notions", "avec de l’aide", "en autonomie", "peut montrer à d’autres"}, [...]string{"", "basics", "with help", "alone", "can show others"}
	if level == 0 || int(level) >= len(fr) {
		return text("Sait faire"+nbsp+": "+lower(info.FR), "Can do: "+lower(info.EN))
	}
	return text("Sait faire"+nbsp+": "+lower(info.FR)+" ("+fr[level]+")", "Can do: "+lower(info.EN)+" ("+en[level]+")")
}

func spoken(code string, level nomenclatures.Fluency) Text {
	fr, en := "Parle "+tongue(code, "fr"), "Speaks "+tongue(code, "en")
	if level > 0 {
		fr, en = fr+", niveau "+level.String()+" au moins", en+", level "+level.String()+" at least"
	}
	return text(fr, en)
}

// tongue names a language; one without a name keeps its code.
func tongue(code, lang string) string {
	tag, err := language.Parse(code)
	if err != nil {
		return code
	}
	in := display.Languages(language.French)
	if lang == "en" {
		in = display.Languages(language.English)
	}
	if name := in.Name(tag); name != "" {
		return name
	}
	return code
}

var frenchMonths = [...]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"}

// day is "1er mars 2027" or "1 March 2027".
func day(code, lang string) string {
	d := date(code)
	switch {
	case d.IsZero():
		return code
	case lang == "en":
		return strconv.Itoa(d.Day) + " " + d.Month.String() + " " + strconv.Itoa(d.Year)
	case d.Day == 1:
		return "1er" + nbsp + monthOf(d)
	}
	return strconv.Itoa(d.Day) + nbsp + monthOf(d)
}

func monthOf(d territories.Date) string {
	return frenchMonths[d.Month-1] + " " + strconv.Itoa(d.Year)
}

func month(code, lang string) string {
	d := date(code + "-01")
	switch {
	case d.IsZero():
		return code
	case lang == "en":
		return d.Month.String() + " " + strconv.Itoa(d.Year)
	}
	return monthOf(d)
}

// lower begins a word in lower case, unless it is an acronym.
func lower(s string) string {
	r := []rune(s)
	if len(r) < 2 || strings.ToUpper(string(r[1])) == string(r[1]) {
		return s
	}
	return strings.ToLower(string(r[0])) + string(r[1:])
}

// Words names a state, to the counsellor and to the employer.
func (s State) Words() Text {
	switch s {
	case Proposed:
		return text("proposée", "proposed")
	case Interested:
		return text("l’employeur est intéressé", "the employer is interested")
	case Met:
		return text("rencontrée", "met")
	case NotRetained:
		return text("non retenue", "not retained")
	case Hired:
		return text("embauchée", "hired")
	case Withdrawn:
		return text("n’est plus proposée", "no longer proposed")
	}
	return text(string(s), string(s))
}

// wordsAt names a state at a position: who is taken for a training, an immersion or a
// mission is not hired, and of what the structure gives itself nobody else answers.
func (s State) wordsAt(h Head, own bool, today string) Text {
	switch {
	case s == Hired:
		last := cmp.Or(h.EndsOn, h.StartsOn)
		return Taken(h.Kind, last != "" && last < today)
	case s == NotRetained && own:
		return text("finalement non", "in the end, no")
	}
	return s.Words()
}

// Told names a step of a proposal as it is read of its history.
func (s *Service) Told(f *Followed, to State) Text { return to.wordsAt(f.Head, f.Own, s.today()) }

// Taken says of somebody that they have a place at a kind of position, or had it once it
// is over.
func Taken(k opportunities.Kind, over bool) Text {
	switch {
	case k == opportunities.TrainingSession && over:
		return text("avait sa place dans la session, qui est terminée", "had a place in the session, which is over")
	case k == opportunities.TrainingSession:
		return text("a sa place dans la session", "has a place in the session")
	case k == opportunities.Immersion:
		return text("accueillie en immersion", "taken for the immersion")
	case k == opportunities.Mission:
		return text("retenue pour la mission", "taken on for the mission")
	}
	return Hired.Words()
}

// Words says a reason; those of a withdrawal are the structure's own.
func (r Reason) Words() Text {
	switch r {
	case PlaceTaken:
		return text("La place est pourvue", "The place is taken")
	case NeedChanged:
		return text("Le besoin a changé", "The need has changed")
	case OtherSkills:
		return text("Le poste demande d’autres savoir-faire", "The position needs other skills")
	case OtherHours:
		return text("Les horaires du poste ne s’accordent pas", "The hours of the position do not agree")
	case OtherDates:
		return text("Les dates du poste ne s’accordent pas", "The dates of the position do not agree")
	case MoreExperience:
		return text("Le poste demande plus d’expérience", "The position needs more experience")
	case byTheCounsellor:
		return text("Retirée par la structure", "Withdrawn by the structure")
	case agreementOver:
		return text("Il n’y a plus d’accord en cours", "No agreement holds any more")
	case journeyOver:
		return text("Le parcours est en pause ou terminé", "The journey is paused or over")
	case positionOver:
		return text("Le poste n’est plus à pourvoir", "The position can no longer be taken")
	case movedOver:
		return text("Le lieu ou les horaires du poste ont changé : parlez-en avec la personne, et demandez-lui un nouvel accord",
			"The place or the hours of the position have changed: speak with the person, and ask for a new agreement")
	case cardOver:
		return text("La fiche ne disait plus vrai, ou trop peu de personnes y répondent encore : préparez-en une autre avec la personne",
			"The card was no longer true, or too few people fit it now: prepare another one with the person")
	case placeGivenUp:
		return text("La place est de nouveau libre", "The place is free again")
	}
	return Text{}
}

// movedWords says of what was asked before the position moved that it is asked again.
func movedWords(s people.AgreementState) Text {
	if s == people.Given {
		return text("accord donné avant que le lieu ou les horaires du poste ne changent"+nbsp+": à redemander",
			"agreed before the place or the hours of the position changed: to be asked again")
	}
	return text("accord demandé avant que le lieu ou les horaires du poste ne changent"+nbsp+": à redemander",
		"asked before the place or the hours of the position changed: to be asked again")
}

// agreementWords names where an agreement stands, for the counsellor.
func agreementWords(s people.AgreementState) Text {
	switch s {
	case people.Asked:
		return text("accord demandé", "agreement asked")
	case people.Given:
		return text("accord donné", "agreement given")
	case people.Refused:
		return text("la personne a dit non", "the person said no")
	case people.Withdrawn:
		return text("accord retiré", "agreement withdrawn")
	case people.Expired:
		return text("accord échu", "agreement expired")
	}
	return text("pas encore demandé", "not asked yet")
}
