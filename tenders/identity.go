package tenders

import (
	"slices"
	"strings"
	"time"
)

// trust says when a name that others bear is believed.
type trust int

const (
	// sure names belong to one procurement: OJ numbers, idweb.
	sure trust = iota
	// shared names are repeated in real files (converters stamp one UUID on
	// every notice): believed when the title, or buyer and title, agree.
	shared
)

// name is one way to recognise a procurement.
type name struct {
	text  string
	trust trust
}

// freshKey is the key of a new procurement: its procedure, else the identifier
// of the notice, told apart where others already bear it.
func freshKey(n *Notice, free []name, sum string) string {
	own := ownName(n).text
	for _, want := range []string{"procedure:" + n.Procedure, own} {
		for _, f := range free {
			if f.text == want && want != "procedure:" {
				return want
			}
		}
	}
	return own + "@" + firstNonEmpty(publication(n), sum[:8])
}

// namesOf lists the identifiers that a notice gives of its procurement, the
// most telling first.
func namesOf(n *Notice) []name {
	own := bondsOf(n)
	last := len(own) - 1
	return append(append(own[:last:last], referencesOf(n)...), own[last])
}

// bondsOf are the identifiers that a notice bears: of its procedure, of the same
// notice elsewhere, its own.
func bondsOf(n *Notice) (list []name) {
	if n.Procedure != "" {
		list = append(list, name{"procedure:" + n.Procedure, shared})
	}
	return append(append(list, related(n, SameAs)...), ownName(n))
}

// referencesOf are those of the notices that it changes or follows.
func referencesOf(n *Notice) []name { return related(n, Changes, Follows) }

func related(n *Notice, relations ...Relation) (list []name) {
	own := ownName(n)
	for _, relation := range relations {
		for _, r := range n.Related {
			nm := noticeName(r.Scheme, r.ID)
			if r.Relation == relation && nm != own && !slices.Contains(list, nm) {
				list = append(list, nm)
			}
		}
	}
	return list
}

func ownName(n *Notice) name { return noticeName(n.Source, n.ID) }

func noticeName(source Source, id string) name {
	switch source {
	case TED:
		return name{"ted:" + ojKey(id), sure}
	case BOAMP:
		return name{"boamp:" + id, sure}
	}
	return name{string(source) + ":" + id, shared}
}

// agrees compares a notice with one of a procurement: nearly the same title,
// or the same buyer and a title that is not another one altogether.
func agrees(n *Notice, r noticeRow) bool {
	alike := likeness(n.Title, r.Title)
	buyer := samePerson(n.Buyer.Name, r.BuyerName) || (n.Buyer.SIREN != "" && n.Buyer.SIREN == r.BuyerSIREN)
	return alike >= 0.7 || (buyer && alike >= 0.25)
}

// likeness is the share of the words of the shorter title that the other holds,
// so that a title that was cut is like the whole one. Words of three letters
// and fewer say nothing.
func likeness(a, b string) float64 {
	x, y := titleWords(a), titleWords(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) == 0 {
		return 0
	}
	common := 0
	for w := range x {
		if y[w] {
			common++
		}
	}
	return float64(common) / float64(len(x))
}

func titleWords(title string) map[string]bool {
	words := map[string]bool{}
	for _, w := range strings.FieldsFunc(foldText(title), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }) {
		if len(w) > 3 {
			words[w] = true
		}
	}
	return words
}

// minTitle is the number of letters under which a title ("Travaux") is not told
// from another of the same buyer.
const minTitle = 20

// likenesses gives the buyer and title of a notice in a form that small
// differences of writing leave alone: by name and, when known, by SIREN.
func likenesses(n *Notice) (list []string) {
	title := letters(bareTitle(n.Title))
	if len(title) < minTitle || n.Buyer.Name == "" || untitled(n) {
		return nil
	}
	title = title[:min(len(title), 150)] // some publishers cut at 200 characters
	list = append(list, letters(n.Buyer.Name)+":"+title)
	if n.Buyer.SIREN != "" {
		list = append(list, n.Buyer.SIREN+":"+title)
	}
	return list
}

// untitled tells a contract whose title is only the label of its CPV: every
// other one of that buyer and trade has the same.
func untitled(n *Notice) bool {
	return slices.ContainsFunc(n.Warnings, func(w Warning) bool { return w.Code == WarnNoTitle })
}

func deadlineDay(n *Notice) string {
	if n.Deadline == nil {
		return ""
	}
	return n.Deadline.Wall[:10]
}

// How far apart two notices of one procurement may be published, in days.
const (
	daysToAward  = 550
	daysToChange = 200
	daysToReturn = 60 // a cancelled call comes back soon, or is another one
)

// inTime tells whether two notices with the same buyer and title can be of one
// procurement: what changes or ends a call comes after it, and not much later.
// It says the same whichever of the two was read first.
func inTime(n *Notice, r noticeRow) bool {
	days, ok := daysBetween(r.Published, n.Published)
	earlier, later := stage{r.Nature, r.Family}, stage{n.Nature, n.Form.Family}
	if days < 0 {
		earlier, later, days = later, earlier, -days
	}
	return ok && days <= later.reach(earlier)
}

// stage is what a notice is in the life of a procurement.
type stage struct{ nature, family Nature }

// reach is how many days after an earlier notice this one may still be of the
// same procurement. Those of one day are in no order.
func (s stage) reach(earlier stage) int {
	switch {
	case s.family == Award:
		return daysToAward
	case s.nature != Call:
		return daysToChange
	case earlier.nature == Correction || earlier.family == Award:
		return 0 // a call after what corrects or ends one is another call
	}
	return daysToReturn // the same call, printed twice, or back after its cancellation
}

// around gives the days so many before and after one.
func around(day string, days int) (from, to string, ok bool) {
	at, err := time.Parse("2006-01-02", day)
	if err != nil {
		return "", "", false
	}
	return at.AddDate(0, 0, -days).Format("2006-01-02"), at.AddDate(0, 0, days).Format("2006-01-02"), true
}

func daysBetween(from, to string) (int, bool) {
	a, errA := time.Parse("2006-01-02", from)
	b, errB := time.Parse("2006-01-02", to)
	if errA != nil || errB != nil {
		return 0, false
	}
	return int(b.Sub(a).Hours() / 24), true
}
