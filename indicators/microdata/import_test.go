package microdata_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"maillage/accounts"
	"maillage/indicators/microdata"
	"maillage/internal/fault"
)

// files is one file of each sheet, invented.
func files() map[microdata.Sheet][]string {
	return map[microdata.Sheet][]string{
		microdata.Enterprises: {"entreprise;année;type;code_insee;groupe;contrats;heures;sorties;placements;formations", "E-1;2011;ACI;26281;G-1;;;;;ND", "E-1;2012;ACI;26281;;;;;;", "E-2;2011;AI;26198;;collecte;collecte;collecte;;"},
		microdata.Workers:     {"entreprise;salarie;sexe;annee_naissance;publics;code_insee", "E-1;S-1;f;1985;qpv | DELD;26281", "E-1;S-2;m;1990;;", "E-2;S-1;F;;;"},
		microdata.Contracts:   {"entreprise;salarie;debut;fin;heures_hebdo", "E-1;S-1;03/01/2011;30/06/2011;26", "E-1;S-2;2011-02-01;;20,5"},
		microdata.Hours:       {"entreprise;salarie;mois;heures_payees;heures_travaillees;heures_clause", "E-1;S-1;2011-01;112,5;104;0", "E-1;S-1;02/2011;112,5;ND;", "E-2;S-1;2011-03;;12;"},
		microdata.Exits:       {"entreprise;salarie;date;motif;jours;constatee", "E-1;S-1;30/06/2011;CDD;210;", "E-1;S-2;2011-12-31;fonction publique;;oui", "E-2;S-9;2011-05-02;retrait;;"},
		microdata.Placements:  {"entreprise;salarie;debut;nature", "E-1;S-2;02/05/2011;Immersion"},
		microdata.Trainings:   {"entreprise;salarie;debut;heures;certification", "E-2;S-1;14/03/2011;21;CACES"},
		microdata.Answers:     {"entreprise;annee;question;valeur", "E-1;2011;permanent.persons;4", "E-1;2011;permanent.fte;3,25", "E-2;2011;permanent.persons;ND", "E-2;2011;volunteers.hours;0"},
		microdata.References:  {"type;annee;heures;base;source", "ACI;2011;1607;travaillees;Durée légale"},
		microdata.Breaks:      {"annee;indicateur;type;raison_fr;raison_en", "2012;C02;;Autre source;Another source"},
	}
}

func TestEachSheetIsReadAndASecondTimeChangesNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		for _, s := range microdata.Sheets() {
			lines := files()[s]
			r := h.kept(s, lines...)
			if r.Read != len(lines)-1 || r.Made != r.Read || r.Batch == 0 || len(r.Unread) > 0 {
				t.Errorf("%s: %+v", s, r)
			}
		}
		marks := h.count("figure_changes")
		before := revisions(t, h)
		h.clock.Advance(1)
		for _, s := range microdata.Sheets() {
			if r := h.kept(s, files()[s]...); r.Unchanged != r.Read {
				t.Errorf("%s again: %+v", s, r)
			}
		}
		if h.count("figure_changes") != marks || !slices.Equal(before, revisions(t, h)) {
			t.Error("a file that changes nothing asks for nothing to be counted")
		}
		if h.count("observed_workers") != 4 {
			t.Errorf("%d workers: S-9 was described by no file and has an exit", h.count("observed_workers"))
		}
	})
}

func revisions(t *testing.T, h *house) []int64 {
	t.Helper()
	var out []int64
	must(t, h.st.Read().NewRaw("SELECT revision FROM figure_changes ORDER BY enterprise_id, year").Scan(context.Background(), &out))
	return out
}

// No number of a person is anywhere in the database.
func TestTheNumbersOfPeopleAreNotKept(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.kept(microdata.Enterprises, files()[microdata.Enterprises]...)
		r := h.in(system(), microdata.Workers, "entreprise;salarie;sexe", "E-1;ZZ-777;f", "E-1;ZZ-778;x")
		if r.Made != 1 || r.Rejected != 1 || r.Refused[0].Cells[1] != "ZZ-778" {
			t.Fatalf("who sends a file finds the number in what to correct: %+v", r)
		}
		for _, q := range []string{"SELECT key FROM observed_workers", "SELECT mark FROM observed_workers", "SELECT cells FROM observed_rejections", "SELECT faults FROM observed_rejections"} {
			var rows []string
			must(t, h.st.Read().NewRaw(q).Scan(context.Background(), &rows))
			if strings.Contains(strings.Join(rows, " "), "ZZ-77") || len(rows) == 0 {
				t.Errorf("%s: %v", q, rows)
			}
		}
	})
}

func TestFaultsAreLocatedAndStopNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.kept(microdata.Enterprises, files()[microdata.Enterprises]...)
		for _, c := range []struct {
			sheet microdata.Sheet
			lines []string
			want  string
			made  int
		}{
			{microdata.Enterprises, []string{"entreprise;annee;type;code_insee;heures", "E-3;1999;ACI;;", "E-3;2011;XXX;99999;peut-être", "E 3;2011;ACI;;", "E-3;2011;ACI;;"}, "2:annee 3:type 3:code_insee 3:heures 4:entreprise", 1},
			{microdata.Workers, []string{"entreprise;salarie;sexe;annee_naissance;tranche_age;publics", "E-1;Dupont;f;;;", "E-1;0612345678;f;;;", "E-1;S-3;x;1800;jeune;XYZ", "E-9;S-3;f;;;", "E-1;S-3;;;50+;"}, "2:salarie 3:salarie 4:sexe 4:annee_naissance 4:tranche_age 4:publics 5:entreprise", 1},
			{microdata.Contracts, []string{"entreprise;salarie;debut;fin;heures_hebdo", "E-1;S-3;2011-03-01;2011-02-01;26", "E-1;S-3;hier;;60", "E-1;S-3;2009-01-01;2009-06-30;26", "E-1;S-3;2011-03-01;;26", "E-1;S-3;2011-03-01;;26"}, "2:fin 3:debut 3:heures_hebdo 4:debut 6:", 1},
			{microdata.Hours, []string{"entreprise;salarie;mois;heures_payees;heures_travaillees;heures_clause", "E-1;S-3;2011-13;1;1;1", "E-1;S-3;2011-01;250;-1;1,234", "E-1;S-3;2013-01;1;1;0", "E-1;S-3;2011-02;10;10;11", "E-1;S-3;2011-04;10;10;1"}, "2:mois 3:heures_payees 3:heures_travaillees 3:heures_clause 4:mois 5:heures_clause", 1},
			{microdata.Exits, []string{"entreprise;salarie;date;motif;jours;entree_le;constatee", "E-1;S-3;2011-03-01;licencié;;;", "E-1;S-3;2011-03-02;cdd;;;", "E-1;S-3;2011-03-03;cdi;12;;", "E-1;S-3;2011-03-01;cdi;;2012-01-01;peut-être", "E-1;S-3;2011-03-01;cdi;;2010-01-01;non", "E-1;S-3;hier;cdi;;2010-01-01;"}, "2:motif 3:jours 4:jours 5:entree_le 5:constatee 7:date", 1},
			{microdata.Trainings, []string{"entreprise;salarie;debut;heures;certification", "E-1;S-3;2011-03-01;7;", "E-1;S-3;2012-03-01;7;bac", "E-1;S-3;2012-03-01;7;vae"}, "2:debut 3:certification", 1},
			{microdata.Answers, []string{"entreprise;annee;question;valeur", "E-1;2011;age.du.capitaine;4", "E-1;2011;permanent.persons;4,5", "E-1;2011;sales;-1", "E-1;2011;managers.persons;1", "E-1;2011;sales;", "E-1;2011;sales;1 234,56", "E-1;2011;autonomy.change;-3,5"}, "2:question 3:valeur 4:valeur 5:question 6:valeur", 2},
			{microdata.References, []string{"type;annee;heures;base;source", "ACI;2011;10;payees;", "ACI;2011;1820;payees;Arrêté"}, "2:heures", 1},
			{microdata.Breaks, []string{"annee;indicateur;type;raison_fr;raison_en", "2012;C99;;a;b", "2012;C01;ACI;a;b"}, "2:indicateur", 1},
		} {
			r := h.in(system(), c.sheet, c.lines...)
			if got := told(r); sorted(got) != sorted(c.want) || r.Made != c.made {
				t.Errorf("%s: made %d, faults %s\nwant %d, %s", c.sheet, r.Made, got, c.made, c.want)
			}
			_, kept, err := h.Batch(system(), r.Batch)
			must(t, err)
			if len(kept) != r.Rejected {
				t.Errorf("%s: %d rows refused, %d kept with their reasons", c.sheet, r.Rejected, len(kept))
			}
		}
	})
}

func sorted(s string) string {
	words := strings.Fields(s)
	slices.Sort(words)
	return strings.Join(words, " ")
}

func TestAFileThatIsNotUnderstoodWritesNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		_, err := h.Import(system(), microdata.File{Sheet: microdata.Exits, Name: "x.csv", Content: strings.NewReader("entreprise;salarie;jour\nE-1;S-1;hier")})
		if f := fault.Of(err); f.Kind != fault.KindInvalid || len(f.Fields) != 1 {
			t.Errorf("%v", err)
		}
		if h.count("observed_batches") != 0 {
			t.Error("a batch of a file that was not read")
		}
	})
}

func TestAPreviewWritesNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		r, err := h.Import(system(), microdata.File{Sheet: microdata.Enterprises, Name: "e.csv", Preview: true, Content: strings.NewReader(strings.Join(files()[microdata.Enterprises], "\n"))})
		must(t, err)
		if r.Made != 3 || h.count("observed_enterprises")+h.count("observed_batches")+h.count("figure_changes") != 0 {
			t.Errorf("%+v", r)
		}
	})
}

// A dash empties, an empty cell leaves, « supprimer » takes the record away.
func TestCorrectingAndTakingAway(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		for _, s := range []microdata.Sheet{microdata.Enterprises, microdata.Workers, microdata.Hours, microdata.Exits} {
			h.kept(s, files()[s]...)
		}
		head := "entreprise;salarie;mois;heures_payees;heures_travaillees;supprimer"
		if r := h.kept(microdata.Hours, head, "E-1;S-1;2011-01;;-;", "E-1;S-1;2011-02;100;;"); r.Updated != 2 {
			t.Errorf("%+v", r)
		}
		var rows []struct {
			Paid   *int64 `bun:"paid"`
			Worked *int64 `bun:"worked"`
		}
		must(t, h.st.Read().NewRaw("SELECT paid, worked FROM observed_hours WHERE month < '2011-03' ORDER BY month").Scan(context.Background(), &rows))
		if rows[0].Worked != nil || *rows[0].Paid != 11250 || *rows[1].Paid != 10000 {
			t.Errorf("%+v", rows)
		}
		before := h.count("observed_exits")
		for range 2 {
			h.kept(microdata.Exits, "entreprise;salarie;date;motif;supprimer", "E-1;S-1;30/06/2011;cdd;oui")
		}
		if h.count("observed_exits") != before-1 {
			t.Error("an exit is taken away once")
		}
	})
}

// Records show that a section is sent: it is no longer awaited.
func TestRecordsSayThatASectionIsSent(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.kept(microdata.Enterprises, files()[microdata.Enterprises]...)
		h.kept(microdata.Contracts, files()[microdata.Contracts]...)
		h.kept(microdata.Hours, files()[microdata.Hours]...)
		var got []struct {
			Contracts, Hours, Exits string
		}
		must(t, h.st.Read().NewRaw("SELECT contracts, hours, exits FROM observed_years WHERE enterprise_id = (SELECT id FROM observed_enterprises WHERE key = 'E-1') ORDER BY year").Scan(context.Background(), &got))
		if got[0].Contracts != "collected" || got[1].Contracts != "collected" || got[0].Hours != "collected" || got[1].Hours != "" || got[0].Exits != "" {
			t.Errorf("%+v", got)
		}
	})
}

func TestAWorkbookIsReadAsWell(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		f := excelize.NewFile()
		for i, row := range [][]any{{"Entreprise", "Année", "Type", "Code INSEE"}, {"E-7", 2011, "EI", 1004}} {
			cell, err := excelize.CoordinatesToCellName(1, i+1)
			must(t, err)
			must(t, f.SetSheetRow("Sheet1", cell, &row))
		}
		var b bytes.Buffer
		must(t, f.Write(&b))
		r, err := h.Import(system(), microdata.File{Sheet: microdata.Enterprises, Name: "e.xlsx", Content: &b})
		must(t, err)
		if r.Made != 1 || r.Rejected != 0 {
			t.Errorf("%+v", r)
		}
	})
}

// A member sends what is its own, an officer what is in the perimeter, others nothing.
func TestWhoMaySendWhat(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.kept(microdata.Enterprises, files()[microdata.Enterprises]...)
		_, perimeter, err := accounts.PerimetersOf(h.atlas)(`{"territory":"departement:26"}`)
		must(t, err)
		who := func(id accounts.Identity) context.Context { return accounts.With(context.Background(), id) }
		officer := who(accounts.Identity{UserID: 2, Role: accounts.Officer, OrganisationID: 5, Perimeter: perimeter})
		if r := h.in(officer, microdata.Workers, "entreprise;salarie", "E-1;S-1"); r.Made != 1 {
			t.Errorf("an officer, in the perimeter: %+v", r)
		}
		if r := h.in(officer, microdata.Enterprises, "entreprise;annee;type;code_insee", "E-8;2011;ACI;59350"); told(r) != "2:entreprise" {
			t.Errorf("an officer, out of it: %+v", r)
		}
		member := who(accounts.Identity{UserID: 3, Role: accounts.Member, OrganisationID: 9})
		if r := h.in(member, microdata.Workers, "entreprise;salarie", "E-1;S-1"); told(r) != "2:entreprise" {
			t.Errorf("a member, what is not its own: %+v", r)
		}
		for _, ctx := range []context.Context{member, officer} {
			_, err := h.Import(ctx, microdata.File{Sheet: microdata.References, Name: "r.csv", Content: strings.NewReader("type")})
			if !fault.Is(err, fault.KindForbidden) {
				t.Errorf("reference hours are the federation's: %v", err)
			}
		}
		counsellor := who(accounts.Identity{UserID: 4, Role: accounts.Counsellor, OrganisationID: 9})
		if _, err := h.Import(counsellor, microdata.File{Sheet: microdata.Workers, Name: "r.csv", Content: strings.NewReader("")}); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("a counsellor: %v", err)
		}
		if _, err := h.Batches(officer, 0, 10); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("batches are the federation's: %v", err)
		}
	})
}

func TestRejectedRowsAreAFileToCorrect(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		r := h.in(system(), microdata.Enterprises, "entreprise;annee;type;inconnu", "E-1;2011;ACI;x", "E-2;2011;chantier;x")
		var b bytes.Buffer
		must(t, r.WriteRejected(&b, "en"))
		want := "\uFEFFligne;a_corriger;entreprise;annee;type\n3;type: one of: AI, ACI, EI, ETTI, EITI, SAP, GEIQ, EA, RQ, OTHER;E-2;2011;\n"
		if b.String() != want || !slices.Equal(r.Unread, []string{"inconnu"}) {
			t.Errorf("%q, unread %v", b.String(), r.Unread)
		}
	})
}
