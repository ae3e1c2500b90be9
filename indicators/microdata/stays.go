package microdata

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"maillage/indicators/compute"
	"maillage/internal/fault"
)

// What stays whatever a file says: the answers of a campaign that was closed, and a
// year as long as something is kept of it. Both are guards (see guard.go).

// frozenAnswers refuses to write or take away what a campaign that was closed asked
// of an enterprise, answered or not: its questionnaire is frozen, and its region
// alone reopens it. The same answer again changes nothing.
func frozenAnswers(ctx context.Context, c *chunk[Answer], all []*decided[Answer]) error {
	frozen, err := frozenOf(ctx, c.tx, ownersOf(all))
	if err != nil {
		return err
	}
	for _, d := range all {
		if year := yearOf(d.key); d.moves() && slices.Contains(frozen[sheetOf{d.owner, year}], compute.Measure(d.key[5:])) {
			d.faults = frozenBy("question", year)
		}
	}
	return nil
}

func frozenBy(column string, year int) []Located {
	return located(column, fmt.Sprintf("la campagne de %d est close et ceci est figé : pour le corriger, demandez à votre région de rouvrir le questionnaire (/campagnes/%d)", year, year),
		fmt.Sprintf("the campaign of %d is closed and this is frozen: to correct it, ask your region to reopen the questionnaire (/campagnes/%d)", year, year))
}

func ownersOf[T any](all []*decided[T]) []int64 {
	var out []int64
	for _, d := range all {
		out = append(out, d.owner)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// yearStays refuses to take a year away, or to make it another kind's, where the
// answers of a closed campaign are of it; and to take one away that records are of:
// they would be of no year, and be counted again one day without having been sent.
func yearStays(ctx context.Context, c *chunk[Year], all []*decided[Year]) error {
	moving := slices.DeleteFunc(slices.Clone(all), func(d *decided[Year]) bool { return d.cur == nil || d.want != nil && d.want.Kind == d.cur.Kind })
	if len(moving) == 0 {
		return nil
	}
	frozen, err := frozenOf(ctx, c.tx, ownersOf(moving))
	if err != nil {
		return err
	}
	leaving := map[int64][]int{}
	for _, d := range moving {
		if d.want == nil {
			leaving[d.owner] = append(leaving[d.owner], d.cur.Year)
		}
	}
	for _, d := range moving {
		_, closed := frozen[sheetOf{d.owner, d.cur.Year}]
		switch {
		case closed && d.want == nil:
			d.faults = frozenBy("supprimer", d.cur.Year)
		case closed:
			d.faults = frozenBy("type", d.cur.Year)
		case d.want == nil:
			sheets, err := heldIn(ctx, c.tx, d.owner, d.cur.Year, leaving[d.owner])
			if err != nil {
				return err
			}
			d.faults = stillHeld(sheets)
		}
	}
	return nil
}

// stillHeld says which records keep a year; nothing where none does.
func stillHeld(sheets []Sheet) []Located {
	if len(sheets) == 0 {
		return nil
	}
	var fr, en []string
	for _, s := range sheets {
		fr, en = append(fr, strings.ToLower(s.Title().FR)), append(en, strings.ToLower(s.Title().EN))
	}
	return []Located{{"supprimer", fault.Text{FR: "cette année a encore des enregistrements (" + strings.Join(fr, ", ") + ") : retirez-les d’abord, par leurs fichiers (supprimer : oui)",
		EN: "this year still has records (" + strings.Join(en, ", ") + "): take them away first, by their files (supprimer: oui)"}}}
}
