package access

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/indicators/access/record"
	"maillage/internal/fault"
)

// Grant is what an administrator asks for. Variables none: all.
type Grant struct {
	UserID      accounts.UserID
	Institution string
	Purpose     Purpose
	Reference   string
	File        record.Kind
	Years       []int
	Variables   []string
	FromOn      string
	UntilOn     string
}

// The bounds of an agreement.
const (
	longestInstitution = 120
	longestYears       = 5 // from its first day to its last
	mostYears          = 20
	firstYear          = 2000
)

// referenceForm is a number of a project: no sentence about anybody fits in it.
var referenceForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9./_-]{0,39}$`)

// checked is the agreement of a request, or every fault of it.
func (s *Service) checked(ctx context.Context, db bun.IDB, in Grant) (*Agreement, error) {
	var faults []fault.Field
	say := func(path, fr, en string) { faults = append(faults, fault.At(path, "invalid", fr, en)) }
	ok, err := isResearcher(ctx, db, in.UserID)
	if err != nil {
		return nil, err
	}
	if !ok {
		say("user_id", "Choisissez un compte de recherche.", "Choose a researcher’s account.")
	}
	institution := strings.Join(strings.Fields(in.Institution), " ")
	if institution == "" || utf8.RuneCountInString(institution) > longestInstitution {
		say("institution", "L’établissement, en 120 caractères au plus.", "The institution, in 120 characters at most.")
	}
	if !slices.Contains(Purposes(), in.Purpose) {
		say("purpose", "Choisissez une finalité de la liste.", "Choose a purpose of the list.")
	}
	if !referenceForm.MatchString(in.Reference) {
		say("reference", "Le numéro du projet : 40 caractères au plus, sans espace, comme ANR-25-CE26-0001.", "The number of the project: 40 characters at most, without a space, as ANR-25-CE26-0001.")
	}
	faults = append(faults, s.fileFaults(in)...)
	faults = append(faults, s.dateFaults(in)...)
	if len(faults) > 0 {
		return nil, fault.Invalid(faults...)
	}
	years := slices.Compact(slices.Sorted(slices.Values(in.Years)))
	return &Agreement{UserID: in.UserID, Institution: institution, Purpose: in.Purpose, Reference: in.Reference, File: in.File, Years: strings.Trim(fmt.Sprint(years), "[]"),
		Variables: in.variables(), FromOn: in.FromOn, UntilOn: in.UntilOn, GrantedAt: s.now()}, nil
}

// variables are in the order of the file; empty is all of them.
func (in Grant) variables() string {
	var out []string
	for _, name := range in.File.Names() {
		if slices.Contains(in.Variables, name) {
			out = append(out, name)
		}
	}
	if len(out) == len(in.File.Names()) {
		return ""
	}
	return strings.Join(out, " ")
}

func (s *Service) fileFaults(in Grant) []fault.Field {
	if !slices.Contains(record.Kinds(), in.File) {
		return []fault.Field{fault.At("file", "invalid", "Choisissez un fichier de la liste.", "Choose a file of the list.")}
	}
	var out []fault.Field
	if err := s.knownYears(in.Years); err != nil {
		out = append(out, fault.Of(err).Fields...)
	}
	for _, v := range in.Variables {
		if !slices.Contains(in.File.Names(), v) {
			out = append(out, fault.At("variables", "invalid", "Une variable n’est pas de ce fichier.", "A variable is not of this file."))
			break
		}
	}
	return out
}

// knownYears refuses years that have not ended, and too many of them: a file of a
// year that goes on would change every day.
func (s *Service) knownYears(years []int) error {
	last := s.now().Year() - 1
	outside := func(y int) bool { return y < firstYear || y > last }
	if len(years) == 0 || len(years) > mostYears || slices.ContainsFunc(years, outside) {
		return fault.Invalid(fault.At("years", "invalid", fmt.Sprintf("Des années terminées, de %d à %d.", firstYear, last), fmt.Sprintf("Years that have ended, from %d to %d.", firstYear, last)))
	}
	return nil
}

func (s *Service) dateFaults(in Grant) []fault.Field {
	from, errFrom := time.Parse(time.DateOnly, in.FromOn)
	until, errUntil := time.Parse(time.DateOnly, in.UntilOn)
	switch {
	case errFrom != nil:
		return []fault.Field{fault.At("from", "invalid", "Le premier jour de l’accord.", "The first day of the agreement.")}
	case errUntil != nil || until.Before(from) || until.After(from.AddDate(longestYears, 0, 0)):
		return []fault.Field{fault.At("until", "invalid", "Le dernier jour de l’accord, cinq ans au plus après le premier.", "The last day of the agreement, five years at most after the first.")}
	case in.UntilOn < s.Today():
		return []fault.Field{fault.At("until", "invalid", "Ce jour est passé.", "This day has passed.")}
	}
	return nil
}
