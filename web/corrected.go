package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"maillage/nomenclatures"
	"maillage/opportunities"
)

// readEdit reads which lots the form still shows; one that does not speak of lots shows them all.
func (c *call) readEdit(old *opportunities.Opportunity) draftForm {
	known := len(liveLots(old))
	var d draftForm
	posted := c.r.PostForm["lot"]
	if len(posted) == 0 {
		for n := range known {
			d.lots = append(d.lots, n+1)
		}
		return d
	}
	most := max(mostLots, known)
	for _, text := range posted {
		if n, err := strconv.Atoi(text); err == nil && n > 0 && len(d.lots) < most && c.form("retirer") != text && !slices.Contains(d.lots, n) {
			d.lots = append(d.lots, n)
		}
	}
	if len(d.lots) == 0 {
		d.lots = []int{1}
	}
	if c.form("ajouter") != "" && len(d.lots) < mostLots {
		d.lots = append(d.lots, max(known, slices.Max(d.lots))+1)
	}
	return d
}

// correction lays over an opportunity the fields that a person changed: what the form does not
// show, or shows less precisely than it is kept, stays as it is.
type correction struct {
	*call
	was  url.Values // the form as it was shown
	errs map[string]string
}

// corrected is a stored opportunity with the corrections of its form, every fault located.
func (c *call) corrected(old *opportunities.Opportunity, d draftForm) (*opportunities.Opportunity, map[string]string) {
	k := correction{call: c, was: c.asForm(old), errs: map[string]string{}}
	o := *old
	if k.changed("nature") {
		o.Kind = opportunities.Kind(c.form("nature"))
	}
	k.text("titre", &o.Title)
	k.text("acheteur", &o.BuyerName)
	k.text("description", &o.Description)
	if k.changed("acheteur") { // somebody else
		o.BuyerID, o.BuyerSIRET = nil, ""
	}
	if o.Title == "" {
		k.errs["titre"] = c.T("publish.error_title")
	}
	if k.changed("lieu") {
		o.Place = c.readPlace("lieu", k.errs)
	}
	if k.changed("echeance") {
		o.Deadline, o.DeadlineRaw = c.readDeadline("echeance", k.errs)
	}
	o.Lots = nil
	for _, n := range d.lots {
		o.Lots = append(o.Lots, k.lot(n, old, &o))
	}
	return &o, k.errs
}

// changed tells a field that was posted with something else than what was shown.
func (k correction) changed(name string) bool {
	_, posted := k.r.PostForm[name]
	return posted && oneLine(k.form(name)) != oneLine(k.was.Get(name))
}

// oneLine undoes what a browser does to the ends of lines.
func oneLine(text string) string {
	return strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
}

func (k correction) text(name string, into *string) {
	if k.changed(name) {
		*into = oneLine(k.form(name))
	}
}

func (k correction) number(name string, into *float64) {
	if !k.changed(name) {
		return
	}
	*into = 0
	if !k.readNumber(name, into) {
		k.errs[name] = k.T("publish.error_number")
	}
}

// lot is the lot of a number as corrected, or a new one.
func (k correction) lot(n int, old, o *opportunities.Opportunity) opportunities.Lot {
	prefix := lotPrefix(n)
	number := k.form(prefix + "numero")
	if live := liveLots(old); number == "" && n <= len(live) { // new lots come after
		number = live[n-1].Number
	}
	known := slices.IndexFunc(old.Lots, func(l opportunities.Lot) bool { return !l.Withdrawn && l.Number == number })
	if number == "" || known < 0 {
		l := k.readLot(n, len(old.Lots)+n, o, k.errs)
		l.Number, l.Position = freshNumber(old.Lots, o.Lots), len(old.Lots)+len(o.Lots)+1
		return l
	}
	l := old.Lots[known]
	if sameTime(l.Deadline, old.Deadline) && k.changed("echeance") {
		l.Deadline, l.DeadlineRaw = o.Deadline, o.DeadlineRaw
	}
	if l.Place == old.Place && k.changed("lieu") {
		l.Place = o.Place
	}
	k.text(prefix+"titre", &l.Title)
	if l.Title == "" || l.Title == old.Title && !k.changed(prefix+"titre") {
		l.Title = o.Title
	}
	k.codes(prefix, &l, o)
	if k.changed(prefix + "mode") {
		l.Modes = nil
		if mode := k.form(prefix + "mode"); mode != "" {
			l.Modes = []string{mode}
		}
	}
	k.clause(prefix, &l.Clause)
	k.number(prefix+"etp", &l.FTE)
	k.number(prefix+"montant", &l.Amount)
	posts := float64(l.Posts)
	if k.number(prefix+"postes", &posts); posts != float64(int(posts)) {
		k.errs[prefix+"postes"] = k.T("publish.error_number")
	}
	l.Posts = int(posts)
	k.text(prefix+"debut", &l.StartsOn)
	return l
}

// codes replaces the sector or the precise code that the form shows, and leaves the others.
func (k correction) codes(prefix string, l *opportunities.Lot, o *opportunities.Opportunity) {
	codes := slices.Clone(l.Codes)
	if k.changed(prefix + "secteur") {
		before := string(nomenclatures.SchemeSector) + ":" + k.was.Get(prefix+"secteur")
		after, err := nomenclatures.ParseCode(string(nomenclatures.SchemeSector) + ":" + k.form(prefix+"secteur"))
		codes = replaceCode(codes, before, after, err == nil)
	}
	switch before := k.was.Get(prefix + "precision_code"); {
	case k.changed(prefix + "precision_code"):
		after, err := nomenclatures.ParseCode(k.form(prefix + "precision_code"))
		codes = replaceCode(codes, before, after, err == nil)
	case k.changed(prefix + "precision"): // without scripts the words change and not the code
		after, ok := bestCode(k.form(prefix + "precision"))
		codes = replaceCode(codes, before, after, ok)
	default:
	}
	if len(codes) == 0 && len(l.Codes) > 0 && len(o.Codes) == 0 {
		k.errs[prefix+"secteur"] = k.T("publish.error_trade")
	}
	l.Codes = codes
}

func replaceCode(codes []nomenclatures.Code, before string, after nomenclatures.Code, known bool) []nomenclatures.Code {
	at := slices.IndexFunc(codes, func(c nomenclatures.Code) bool { return string(c.Scheme)+":"+c.Value == before })
	switch {
	case at >= 0 && known:
		codes[at] = after
	case at >= 0:
		codes = slices.Delete(codes, at, at+1)
	case known:
		codes = append(codes, after)
	}
	return codes
}

// clause takes what a person says of it: sure, without evidence.
func (k correction) clause(prefix string, v *opportunities.Clause) {
	reserved, hours := k.changed(prefix+"reserve"), k.changed(prefix+"heures")
	k.number(prefix+"heures", &v.Hours)
	if reserved {
		v.ReservedTo = opportunities.Reservation(k.form(prefix + "reserve"))
		v.Verdict, v.Evidence, v.Confidence = opportunities.ClauseReserved, nil, 1
		if v.ReservedTo == opportunities.NotReserved {
			v.Verdict, v.Confidence = "", 0
		}
	}
	if (reserved || hours) && v.Hours > 0 && v.Verdict == "" {
		v.Verdict, v.Confidence = opportunities.ClauseExecution, 1
	}
}

// freshNumber is the number of a new lot: after all those that were.
func freshNumber(sets ...[]opportunities.Lot) string {
	last := 0
	for _, lots := range sets {
		last = max(last, len(lots))
		for _, l := range lots {
			if n, err := strconv.Atoi(l.Number); err == nil {
				last = max(last, n)
			}
		}
	}
	return strconv.Itoa(last + 1)
}

func sameTime(a, b *time.Time) bool {
	return a == b || a != nil && b != nil && a.Equal(*b)
}
