package demo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"maillage/indicators/figures"
	"maillage/indicators/microdata"
)

// The heroine's enterprise has sent two years of records, so that its mirror and
// its report to who funds it hold something: 64 invented workers, whose trainings
// of the second year are still to be sent.

// ownWorkers is how many there are; a third of them enter in the second year.
const ownWorkers = 64

// loadOwnRecords imports the records of the heroine, then counts them.
func (l *loader) loadOwnRecords(ctx context.Context) error {
	now := func() time.Time { return l.today }
	s := microdata.NewService(microdata.Config{Store: l.Store, Atlas: l.atlas, Now: now, Random: bytesOf{l.random}})
	o := ownRecords{key: l.ownKey(), siret: string(l.heroine().SIRET), first: l.today.Year() - 4}
	o.fill(string(l.heroine().Kind), string(l.heroine().Sites[0].Commune))
	for _, sheet := range []microdata.Sheet{microdata.Enterprises, microdata.Workers, microdata.Contracts, microdata.Hours, microdata.Exits, microdata.Trainings, microdata.Answers} {
		r, err := s.Import(ctx, microdata.File{Sheet: sheet, Name: "releve.csv", Content: strings.NewReader(strings.Join(o.lines[sheet], "\n"))})
		if err != nil {
			return err
		}
		if r.Rejected > 0 {
			return fmt.Errorf("%s: line %d: %s", sheet, r.Refused[0].Line, r.Refused[0].Faults[0].Words("en"))
		}
	}
	_, err := figures.NewService(figures.Config{Store: l.Store, Atlas: l.atlas, Now: now}).Refresh(ctx)
	return err
}

// ownRecords are the lines of the files, by sheet.
type ownRecords struct {
	key, siret string
	first      int
	lines      map[microdata.Sheet][]string
}

func (o *ownRecords) add(s microdata.Sheet, line string, args ...any) {
	o.lines[s] = append(o.lines[s], fmt.Sprintf(line, args...))
}

func (o *ownRecords) fill(kind, commune string) {
	o.lines = map[microdata.Sheet][]string{
		microdata.Enterprises: {"entreprise;annee;type;code_insee;siret;contrats;heures;sorties;placements;formations"}, microdata.Workers: {"entreprise;salarie;sexe;annee_naissance;publics"},
		microdata.Contracts: {"entreprise;salarie;debut;fin;heures_hebdo"}, microdata.Hours: {"entreprise;salarie;mois;heures_payees;heures_travaillees;heures_clause"},
		microdata.Exits: {"entreprise;salarie;date;motif;jours"}, microdata.Trainings: {"entreprise;salarie;debut;heures;certification"}, microdata.Answers: {"entreprise;annee;question;valeur"}}
	o.add(microdata.Enterprises, "%s;%d;%s;%s;%s;collecte;collecte;collecte;;collecte", o.key, o.first, kind, commune, o.siret)
	o.add(microdata.Enterprises, "%s;%d;%s;%s;%s;collecte;collecte;collecte;;", o.key, o.first+1, kind, commune, o.siret)
	for year := o.first; year <= o.first+1; year++ {
		o.add(microdata.Answers, "%s;%d;permanent.persons;%d", o.key, year, 9+year-o.first)
		o.add(microdata.Answers, "%s;%d;permanent.fte;%d", o.key, year, 7+year-o.first)
	}
	for i := range ownWorkers {
		o.worker(i)
	}
}

// worker writes the journey of one: a contract of some months, its hours, an exit for most.
func (o *ownRecords) worker(i int) {
	publics := []string{"RSA", "DELD", "RSA|QPV", "TH", "aucun", "DELD|QPV", "ASS", "RSA"}[i%8]
	o.add(microdata.Workers, "%s;S-%d;%s;%d;%s", o.key, i, []string{"f", "m", "m"}[i%3], 1960+(i*7)%44, publics)
	begins := time.Date(o.first, time.Month(1+i%9), 1, 0, 0, 0, 0, time.UTC)
	if i%3 == 2 {
		begins = begins.AddDate(1, 0, 0)
	}
	ends := begins.AddDate(0, 7+i%5, 0)
	if last := time.Date(o.first+1, 12, 1, 0, 0, 0, 0, time.UTC); ends.After(last) {
		ends = last
	}
	leaves := i%6 != 5
	until := ""
	if leaves {
		until = ends.AddDate(0, 0, -1).Format(time.DateOnly)
	}
	o.add(microdata.Contracts, "%s;S-%d;%s;%s;26", o.key, i, begins.Format(time.DateOnly), until)
	for m := begins; m.Before(ends); m = m.AddDate(0, 1, 0) {
		o.add(microdata.Hours, "%s;S-%d;%s;%d;%d;%d", o.key, i, m.Format("2006-01"), 112, 104, 20*(i%3))
	}
	if i%4 == 0 && begins.Year() == o.first {
		o.add(microdata.Trainings, "%s;S-%d;%s;14;%s", o.key, i, begins.AddDate(0, 0, 20).Format(time.DateOnly), []string{"caces", "", "clea"}[i%3])
	}
	if leaves {
		motive := []string{"cdi;", "cdd;240", "formation;", "recherche emploi;", "cdd;90", "contrat aide;", "recherche emploi;", "siae;", "cdi;"}[i*5/4%9]
		o.add(microdata.Exits, "%s;S-%d;%s;%s", o.key, i, ends.AddDate(0, 0, -1).Format(time.DateOnly), motive)
	}
}
