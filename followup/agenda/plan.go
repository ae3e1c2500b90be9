package agenda

import (
	"math"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"maillage/internal/fault"
	"maillage/territories"
)

// Wall is how a plan says an instant: the clock of its place, without a zone.
const Wall = "2006-01-02T15:04"

// Plan is what an event is made of. Instants are on the clock of Zone, as Wall
// writes them; an empty Zone is the commune's, else that of Paris. Territory is
// any expression of a perimeter; empty is the whole country.
type Plan struct {
	Kind                   Kind
	Title, About           string
	Place, Commune, Link   string
	Territory              string
	Audience               Audience
	Starts, Ends, Register string
	Zone                   string
	Capacity               int
	OrganiserID            int64
	Fee                    float64
	Documents              []Document
}

// The bounds of what is kept.
const (
	titleMost    = 200
	aboutMost    = 10_000
	placeMost    = 500
	seatsMost    = 10_000
	documentMost = 20
	feeMost      = 10_000
	longestEvent = 31 * 24 * time.Hour
)

// drafting locates every fault of a plan.
type drafting struct {
	atlas *territories.Atlas
	p     Plan
	e     *Event
	bad   []fault.Field
}

func (d *drafting) refuse(path, code, fr, en string) {
	d.bad = append(d.bad, fault.At(path, code, fr, en))
}

// event checks a plan and makes the event that it says, or locates every fault.
func (p Plan) event(atlas *territories.Atlas) (*Event, error) {
	d := &drafting{atlas: atlas, p: p, e: &Event{Kind: p.Kind, Title: strings.TrimSpace(p.Title), About: strings.TrimSpace(p.About), Place: strings.TrimSpace(p.Place), Commune: strings.TrimSpace(p.Commune),
		Link: strings.TrimSpace(p.Link), Audience: p.Audience, Capacity: p.Capacity, OrganiserID: p.OrganiserID, Fee: p.Fee, Documents: []Document{}}}
	d.words()
	d.where()
	d.when()
	d.numbers()
	d.documents()
	if len(d.bad) > 0 {
		return nil, fault.Invalid(d.bad...)
	}
	return d.e, nil
}

func (d *drafting) words() {
	if !slices.Contains(Kinds(), d.e.Kind) {
		d.refuse("kind", "choice", "Choisissez ce que c’est.", "Choose what it is.")
	}
	if !slices.Contains(Audiences(), d.e.Audience) {
		d.refuse("audience", "choice", "Choisissez pour qui.", "Choose for whom.")
	}
	if n := utf8.RuneCountInString(d.e.Title); n == 0 || n > titleMost {
		d.refuse("title", "length", "Donnez un titre de 1 à 200 caractères.", "Give a title of 1 to 200 characters.")
	}
	if utf8.RuneCountInString(d.e.About) > aboutMost {
		d.refuse("about", "length", "10 000 caractères au plus.", "10,000 characters at most.")
	}
	if utf8.RuneCountInString(d.e.Place) > placeMost {
		d.refuse("place", "length", "500 caractères au plus.", "500 characters at most.")
	}
}

func (d *drafting) where() {
	if d.e.Place == "" && d.e.Link == "" {
		d.refuse("place", "required", "Dites où : un lieu, ou un lien.", "Say where: a place, or a link.")
	}
	if d.e.Link != "" && !webAddress(d.e.Link) {
		d.refuse("link", "url", "Donnez une adresse qui commence par https://.", "Give an address that begins with https://.")
	}
	if _, ok := d.atlas.Today(territories.CommuneCode(d.e.Commune)); d.e.Commune != "" && !ok {
		d.refuse("commune", "unknown", "Choisissez une commune de la liste.", "Choose a commune of the list.")
	}
	if d.p.Territory == "" {
		return
	}
	p, err := d.atlas.CompileText(d.p.Territory)
	if err != nil {
		d.refuse("territory", "perimeter", "Ce territoire n’est pas compris.", "This territory is not understood.")
		return
	}
	d.e.Territory = p.Text
}

// webAddress tells an address that a browser may open without harm.
func webAddress(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && len(text) <= 1000
}

// when reads the clock of the place.
func (d *drafting) when() {
	d.e.Zone = d.zone()
	loc, err := time.LoadLocation(d.e.Zone)
	if err != nil || !slices.Contains(zones, d.e.Zone) {
		d.refuse("zone", "choice", "Choisissez l’heure d’un territoire français.", "Choose the time of a French territory.")
		return
	}
	ok := true
	read := func(path, text string, into *time.Time) {
		t, err := time.ParseInLocation(Wall, text, loc)
		if err != nil {
			d.refuse(path, "time", "Donnez un jour et une heure, comme 2026-12-10T14:00.", "Give a day and a time, such as 2026-12-10T14:00.")
			ok = false
			return
		}
		*into = t.UTC()
	}
	read("starts", d.p.Starts, &d.e.StartsAt)
	read("ends", d.p.Ends, &d.e.EndsAt)
	if d.p.Register != "" {
		read("register", d.p.Register, &d.e.RegisterUntil)
	}
	if ok {
		d.order()
	}
}

func (d *drafting) order() {
	if !d.e.EndsAt.After(d.e.StartsAt) || d.e.EndsAt.Sub(d.e.StartsAt) > longestEvent {
		d.refuse("ends", "order", "La fin vient après le début, dans le mois.", "The end comes after the start, within a month.")
	}
	if d.e.RegisterUntil.After(d.e.StartsAt) {
		d.refuse("register", "order", "Les inscriptions finissent au plus tard au début.", "Registrations end at the latest at the start.")
	}
}

// zone is the one that is said, else that of the commune.
func (d *drafting) zone() string {
	if d.p.Zone != "" {
		return d.p.Zone
	}
	if ord, ok := d.atlas.Today(territories.CommuneCode(d.e.Commune)); ok {
		if dep, ok := d.atlas.Departement(d.atlas.Commune(ord).Departement); ok && dep.TimeZone != "" {
			return dep.TimeZone
		}
	}
	return zones[0]
}

func (d *drafting) numbers() {
	if d.e.Capacity < 0 || d.e.Capacity > seatsMost {
		d.refuse("capacity", "range", "Un nombre de places entre 0 (sans limite) et 10 000.", "A number of seats between 0 (no limit) and 10,000.")
	}
	if d.e.Fee < 0 || d.e.Fee > feeMost || math.IsNaN(d.e.Fee) {
		d.refuse("fee", "range", "Un montant entre 0 et 10 000 euros.", "An amount between 0 and 10,000 euros.")
	}
	if d.e.OrganiserID <= 0 {
		d.refuse("organiser", "required", "Dites qui organise.", "Say who organises.")
	}
}

func (d *drafting) documents() {
	for _, doc := range d.p.Documents {
		doc.Title, doc.URL = strings.TrimSpace(doc.Title), strings.TrimSpace(doc.URL)
		if doc == (Document{}) {
			continue
		}
		if doc.Title == "" || utf8.RuneCountInString(doc.Title) > titleMost || !webAddress(doc.URL) || len(d.e.Documents) >= documentMost {
			d.refuse("documents", "document", "Un document par ligne, vingt au plus : un titre, puis une adresse en https://.", "One document a line, twenty at most: a title, then an https:// address.")
			return
		}
		d.e.Documents = append(d.e.Documents, doc)
	}
}
