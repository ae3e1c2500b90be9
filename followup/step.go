package followup

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"maillage/internal/fault"
	"maillage/matching"
	"maillage/network"
)

// The bounds of what is said.
const (
	longestNote  = 2000
	mostPartners = 12
)

// Step is what somebody says of a pursuit.
type Step struct {
	To     State
	Reason Reason // required of Declined, NoGo, Withdrawn and Lost; goes with nothing else
	Note   string // a word for the network, optional

	// Of Answering: the role is required; a lead or a partner names its group, or
	// the other enterprises.
	Role       Role
	Consortium *matching.ConsortiumID
	Partners   []network.ID

	SubmittedOn string // of Submitted: civil day, today at the latest; empty: the day that is known, else today

	afterwards bool // of a gesture that ends with an answer handed in, whose day decides
}

// FirstDay is before anything that is told of what an enterprise answers or promises.
const FirstDay = "2000-01-01"

// told are the states that somebody says; the others are noted as they happen.
func told() []State {
	return []State{Interested, Declined, Go, NoGo, Answering, Submitted, Won, Lost, NoAward, Withdrawn}
}

// check refuses what is no step, every fault located. today is a civil day.
func (st *Step) check(today string) error {
	st.Note = strings.TrimSpace(st.Note)
	var f fault.List
	f.At(!slices.Contains(told(), st.To), "state", "unknown", "Cette étape n’existe pas.", "There is no such step.")
	reasons := Reasons(st.To)
	f.At(len(reasons) > 0 && !known(st.To, st.Reason), "reason", "required", "Dites pourquoi : un motif suffit.", "Say why: one reason is enough.")
	f.At(len(reasons) == 0 && st.Reason != NoReason, "reason", "not_expected", "Aucun motif ne va avec cette étape.", "No reason goes with this step.")
	f.At(utf8.RuneCountInString(st.Note) > longestNote, "note", "too_long", "2 000 caractères au plus.", "2,000 characters at most.")
	st.checkRole(&f)
	st.checkDay(&f, today)
	return f.Err()
}

func (st *Step) checkRole(f *fault.List) {
	if st.To != Answering {
		f.At(st.Role != NoRole || st.Consortium != nil || len(st.Partners) > 0, "role", "not_expected",
			"Le rôle et les partenaires se disent quand la réponse se prépare.", "The role and the partners are said when the answer is in preparation.")
		st.Partners = []network.ID{}
		return
	}
	slices.Sort(st.Partners)
	st.Partners = slices.Compact(append([]network.ID{}, st.Partners...))
	together := st.Consortium != nil || len(st.Partners) > 0
	f.At(!slices.Contains(Roles(), st.Role), "role", "required", "Dites comment vous répondez : seuls, mandataire ou cotraitant.", "Say how you answer: alone, as the lead or as a partner.")
	f.At(st.Role == Alone && together, "partners", "not_expected", "Seuls : il n’y a pas de partenaire à nommer.", "Alone: there is no partner to name.")
	f.At((st.Role == Lead || st.Role == Partner) && !together, "partners", "required", "Nommez le groupement, ou au moins un partenaire.", "Name the group, or at least one partner.")
	f.At(len(st.Partners) > mostPartners, "partners", "too_many", "Douze partenaires au plus.", "Twelve partners at most.")
}

func (st *Step) checkDay(f *fault.List, today string) {
	if st.To != Submitted {
		f.At(st.SubmittedOn != "", "submitted_on", "not_expected", "La date ne va qu’avec une réponse remise.", "The date only goes with an answer that was submitted.")
		return
	}
	if st.SubmittedOn == "" {
		return
	}
	_, err := time.Parse(time.DateOnly, st.SubmittedOn)
	f.At(err != nil, "submitted_on", "not_a_date", "Une date comme 2026-12-04.", "A date such as 2026-12-04.")
	f.At(err == nil && st.SubmittedOn > today, "submitted_on", "future", "Cette date est à venir.", "This date is still to come.")
}

// dated gives an answer handed in its day: the one that is known of a pursuit that comes
// back to it, else today.
func (st Step) dated(p *Pursuit, today string) Step {
	if st.To == Submitted && st.SubmittedOn == "" {
		st.SubmittedOn = cmp.Or(p.SubmittedOn, today)
	}
	return st
}
