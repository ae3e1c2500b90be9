package publication

import (
	"errors"
	"fmt"

	"maillage/indicators/disclosure"
	"maillage/internal/fault"
)

// The codes of the refusals that another plan may avoid.
const (
	unsafePlan   = "unsafe"
	unprovedPlan = "unproved"
	tooWidePlan  = "too_wide"
)

// unsafe says that a plan cannot be released, without naming any cell: something would
// be found, or nothing can be proved.
func unsafe(o *disclosure.Outcome) error {
	switch a := o.Attack; {
	case o.System.Model == disclosure.ImpliedTotals:
		return fault.New(fault.KindConflict, tooWidePlan, "Avec ce qui est déjà publié, ces croisements font trop de cellules pour que leur protection soit prouvée. Demandez moins de ventilations, ou un territoire moins fin.",
			"With what is already published, these breakdowns make too many cells for their protection to be proved. Ask for fewer breakdowns, or for wider territories.")
	case a.Unproved == a.Narrow:
		return errUnproved
	default:
		found := say("une valeur protégée se retrouverait", "one protected figure")
		if a.Narrow > 1 {
			found = say(fmt.Sprintf("%d valeurs protégées se retrouveraient", a.Narrow), fmt.Sprintf("%d protected figures", a.Narrow))
		}
		return fault.New(fault.KindConflict, unsafePlan, "Avec ce qui est déjà publié, "+found.FR+" : cette demande ne peut pas être publiée telle quelle.",
			"With what is already published, "+found.EN+" could be found: this cannot be released as it is.")
	}
}

var errUnproved = fault.New(fault.KindConflict, unprovedPlan, "La protection de certaines valeurs n’a pas pu être prouvée : le calcul n’aboutit pas pour elles. Une autre ventilation, ou moins d’années, peut passer.",
	"The protection of some figures could not be proved: the computation does not end for them. Another breakdown, or fewer years, may pass.")

// lasting is the reason of a build that would end the same way again: there is none to try.
func lasting(err error) *fault.Error {
	var contradiction disclosure.Issue
	switch {
	case fault.Is(err, fault.KindConflict), fault.Is(err, fault.KindInvalid):
		return fault.Of(err)
	case errors.Is(err, disclosure.ErrUnproved):
		return fault.Of(errUnproved)
	case errors.As(err, &contradiction):
		return fault.Of(fault.Conflict("contradiction", "Deux figures qui devraient s’accorder se contredisent ("+contradiction.Table+") : l’administration doit les corriger avant toute publication.",
			"Two figures that should agree contradict each other ("+contradiction.Table+"): the administration must correct them before any release."))
	}
	return nil
}
