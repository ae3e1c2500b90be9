package people_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/nomenclatures"
	"maillage/people"
	"maillage/territories"
)

func (h *house) imported(name string, content []byte) *people.Report {
	h.t.Helper()
	r, err := h.Import(h.as(), people.File{Organisation: h.near, Name: name, Content: bytes.NewReader(content)})
	must(h.t, err)
	if r.Read != r.Made+r.Updated+r.Unchanged+r.Rejected {
		h.t.Fatalf("%d read, but %+v", r.Read, r)
	}
	return r
}

func example(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/parcours.csv")
	must(t, err)
	return data
}

// numbered reads the journey of a number.
func (h *house) numbered(key string) *people.Person {
	h.t.Helper()
	page, err := h.List(h.as(), people.Filter{Organisation: h.near, Text: key}, people.Request{})
	must(h.t, err)
	if len(page.Items) != 1 {
		h.t.Fatalf("%d journeys %s", len(page.Items), key)
	}
	return page.Items[0]
}

func TestAFileOfJourneys(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newHouse(t, st)
		r := h.imported("parcours.csv", example(t))
		if r.Made != 3 || r.Rejected != 0 || r.Sealed != 2 || len(r.Unread) != 0 {
			t.Fatalf("%+v", r)
		}
		p := h.numbered("P001")
		no := false
		want := people.Profile{
			Mobility:  []people.Mobility{{Mode: people.Bicycle, Minutes: 30}, {Mode: people.Transit, Minutes: 45}},
			Wished:    []people.Wish{{ROME: "A1203"}, {ROME: "K2204"}},
			Held:      []people.Held{{ROME: "K2204", Months: 24}},
			Aptitudes: []people.Holding{{Code: "permis-am"}, {Code: "taille", Level: 2}, {Code: "tonte", Level: 3}},
			Languages: []people.Speaks{{Language: "fr", Level: 3}, {Language: "ar"}},
			Hours:     people.WeeklyHours{Min: 20, Max: 26}, Slots: nomenclatures.Every(0, 4, nomenclatures.Morning), Split: &no}
		if got, expected := text(t, p.Profile), text(t, want); got != expected {
			t.Errorf("%s\nwant\n%s", got, expected)
		}
		if p.Commune != "26281" || p.AvailableOn != "2026-12-01" || p.EnteredOn != "2026-01-05" || p.ContractEnds != "2027-01-04" || *p.CounsellorID != h.counsellor {
			t.Errorf("%+v", p)
		}
		who, err := h.Identity(h.as(), p.ID)
		must(t, err)
		if who != (people.Identity{Given: "Éloïse", Family: "Zorglub", Born: "1990-12-10", Phone: "06 00 00 00 00", Email: "eloise@example.org", Pass: "999990000001"}) {
			t.Errorf("%#v", who.Name())
		}
		rights, _, err := h.Rights(h.as(), p.ID)
		must(t, err)
		if len(rights) != 1 || rights[0].Until != "2028-01-04" {
			t.Errorf("%+v", rights)
		}
		second := h.numbered("P002")
		if second.Commune != "26362" || second.Profile.Wished[0].ROME != "K2204" || second.Profile.Wished[0].Appellation == "" || second.Profile.Held[0].Months != 24 ||
			second.Profile.Aptitudes[0].Until != "2027-12-31" || second.Profile.Slots.Count() != 11 {
			t.Errorf("%+v", second)
		}
		before, err := st.Read().NewSelect().Table("changes").Count(context.Background())
		must(t, err)
		again := h.imported("parcours.csv", example(t))
		after, err := st.Read().NewSelect().Table("changes").Count(context.Background())
		must(t, err)
		if again.Unchanged != 3 || again.Sealed != 0 || after != before || h.numbered("P001").Revision != p.Revision {
			t.Errorf("a second time changes %+v, %d entries of the journal", again, after-before)
		}
	})
}

func text(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	must(t, err)
	return string(b)
}

func TestAWorkbookOfJourneys(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	book := excelize.NewFile()
	for i, cells := range [][]any{{"Numéro", "Code INSEE", "Heures max", "Entrée le", "Prénom"}, {"X1", "26281", 24.5, 46027, "Zoé"}} {
		must(t, book.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &cells))
	}
	var b bytes.Buffer
	must(t, book.Write(&b))
	if r := h.imported("parcours.xlsx", b.Bytes()); r.Made != 1 || r.Sealed != 1 {
		t.Fatalf("%+v", r)
	}
	if p := h.numbered("X1"); p.Profile.Hours.Max != 24.5 || p.EnteredOn != "2026-01-05" {
		t.Errorf("%+v", p)
	}
}

// A language that does not exist and a day that no journey reaches are refused where they are.
func TestWhatDoesNotExistIsNotKept(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	r := h.imported("a.csv", []byte("numero;langues;disponible_le;contrat_jusqu_au;entree_le\nP1;xx;;;\nP2;zz:B1;01/01/2099;;\nP3;fr:B1 | uk;01/01/2028;01/01/2099;\nP4;uk;01/01/2028;01/01/2033;\nP5;uk;;;08/04/2064\n"))
	var got []string
	for _, row := range r.Refused {
		for _, f := range row.Faults {
			got = append(got, fmt.Sprintf("%d %s", row.Line, f.Column))
		}
	}
	if want := "2 langues, 3 langues, 3 disponible_le, 4 contrat_jusqu_au, 6 entree_le"; strings.Join(got, ", ") != want || r.Made != 1 {
		t.Errorf("refused at %s, want %s; %d made", strings.Join(got, ", "), want, r.Made)
	}
}

// An empty cell leaves what is known, a dash empties, a change says only itself.
func TestAnEmptyCellLeavesWhatIsKnown(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	h.imported("a.csv", example(t))
	p := h.numbered("P001")
	p.Profile.Aptitudes[2].Source, p.Profile.Aptitudes[2].On = people.Observed, "2026-06-01"
	p.Profile.Mobility[0].Slots = nomenclatures.Every(0, 4, nomenclatures.Morning)
	_, err := h.Update(h.as(), 0, p)
	must(t, err)
	r := h.imported("a.csv", []byte("numero;mobilite;savoirs;heures_max;langues;nom\nP001;;;28;-;\n"))
	if r.Updated != 1 {
		t.Fatalf("%+v", r)
	}
	got := h.numbered("P001")
	if got.Profile.Hours != (people.WeeklyHours{Min: 20, Max: 28}) || len(got.Profile.Languages) != 0 || len(got.Profile.Mobility) != 2 || got.Profile.Aptitudes[2].Source != people.Observed {
		t.Errorf("%+v", got.Profile)
	}
	if r := h.imported("a.csv", example(t)); r.Updated != 1 {
		t.Errorf("%+v", r)
	}
	if got := h.numbered("P001"); got.Profile.Aptitudes[2].On != "2026-06-01" || got.Profile.Mobility[0].Slots == 0 {
		t.Errorf("an import forgets who saw a skill, or when the bus runs: %+v", got.Profile)
	}
}

// Every fault of a file is located, and none repeats what was typed: names, or
// anything in the wrong column.
func TestFaultsOfAFileAreLocatedAndNeverEchoNames(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	const secret = "Zorglub"
	columns := people.Columns()
	var file strings.Builder
	file.WriteString(strings.Join(columns, ";") + ";motif;Situation familiale;RQTH;dettes;santé;inconnue\n")
	for i := range 3 {
		cells := make([]string, len(columns)+6)
		for j := range cells {
			cells[j] = secret
		}
		cells[0] = fmt.Sprint(secret, i%2)
		file.WriteString(strings.Join(cells, ";") + "\n")
	}
	file.WriteString("\"" + secret + ";jamais fermé\n")
	r := h.imported("a.csv", []byte(file.String()))
	if r.Rejected != 4 || r.Made != 0 {
		t.Fatalf("%+v", r)
	}
	located := map[string]bool{}
	for _, row := range r.Refused {
		for _, f := range row.Faults {
			located[f.Column] = true
			if strings.Contains(f.Words("fr")+f.Words("en"), secret) {
				t.Errorf("line %d repeats what was typed: %s", row.Line, f.Words("fr"))
			}
			if f.Text.FR == "" || f.Text.EN == "" {
				t.Errorf("line %d, %s has no words", row.Line, f.Column)
			}
		}
	}
	for _, column := range []string{"code_insee", "mobilite", "metiers_souhaites", "metiers_exerces", "permis_titres", "savoirs", "langues", "heures_min", "heures_max", "horaires",
		"coupures", "disponible_le", "entree_le", "contrat_jusqu_au", "pass_iae_du", "pass_iae_au", "conseiller", "date_naissance", "telephone", "courriel", "pass_iae_numero", "sexe", "annee_naissance", "qpv"} {
		if !located[column] {
			t.Errorf("the fault of %s is not located", column)
		}
	}
	for _, u := range r.Unread {
		if u.Banned != (u.Column != "inconnue") || u.Why.FR == "" {
			t.Errorf("%+v", u)
		}
	}
	if len(r.Unread) != 6 {
		t.Errorf("unread %+v", r.Unread)
	}
}

// Rejected rows hold no name, no trait, nothing that has no field.
func TestRejectedRowsLeaveNoIdentity(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	r := h.imported("a.csv", []byte("numero;heures_max;nom;prenom;date_naissance;telephone;sexe;motif;note\nP9;beaucoup;Zorglub;Éloïse;10/12/1990;0600000000;F;expulsion;dettes\n"))
	var b bytes.Buffer
	must(t, r.WriteRejected(&b, "fr"))
	for _, word := range []string{"Zorglub", "Éloïse", "1990", "0600000000", "expulsion", "dettes", "prenom", "motif", ";F", "beaucoup"} {
		if strings.Contains(b.String(), word) {
			t.Errorf("%q is in %s", word, b.String())
		}
	}
	if !strings.Contains(b.String(), "ligne;a_corriger;numero;heures_max") || !strings.Contains(b.String(), "2;heures_max : un nombre est attendu") || !strings.Contains(b.String(), ";P9;\n") {
		t.Errorf("%s", b.String())
	}
	if again := h.imported("b.csv", bytes.ReplaceAll(b.Bytes(), []byte(";P9;"), []byte(";P9;30"))); again.Made != 1 || len(again.Unread) != 0 {
		t.Errorf("put right, it is not imported: %+v", again)
	}
}

// A separator that is not quoted shifts a row: nothing of it is kept, since a
// name may be under any column.
func TestAShiftedRowLeavesNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	r := h.imported("a.csv", []byte("numero;nom;savoirs;heures_max\nP9;Zorglub;tonte:3;taille:2;Éloïse Zorglub\n"))
	var b bytes.Buffer
	must(t, r.WriteRejected(&b, "fr"))
	if r.Rejected != 1 || strings.Contains(b.String(), "Zorglub") || strings.Contains(b.String(), "P9") {
		t.Errorf("%s", b.String())
	}
}

// What is kept nowhere is in no table, in no form.
func TestABannedColumnIsNowhere(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	r := h.imported("a.csv", []byte("numero;RQTH;Commentaire;nom\nP9;reconnue-2019;expulsion-prochaine;Zorglub\n"))
	if r.Made != 1 || len(r.Unread) != 2 {
		t.Fatalf("%+v", r)
	}
	var tables []string
	must(t, h.st.Read().NewRaw("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").Scan(context.Background(), &tables))
	for _, table := range tables {
		rows, err := h.st.Read().QueryContext(context.Background(), "SELECT * FROM "+table)
		must(t, err)
		columns, err := rows.Columns()
		must(t, err)
		for rows.Next() {
			cells := make([]any, len(columns))
			for i := range cells {
				cells[i] = new(any)
			}
			must(t, rows.Scan(cells...))
			for i, c := range cells {
				said := fmt.Sprintf("%s", *c.(*any))
				for _, word := range []string{"reconnue-2019", "expulsion-prochaine", "Zorglub"} {
					if strings.Contains(said, word) {
						t.Errorf("%s.%s holds %q", table, columns[i], word)
					}
				}
			}
		}
		must(t, rows.Err())
		must(t, rows.Close())
	}
}

func TestAFileThatIsNotUnderstoodWritesNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	for name, content := range map[string]string{"empty": "", "no number": "nom;prenom\na;b\n", "twice": "numero;Numéro\n1;2\n"} {
		_, err := h.Import(h.as(), people.File{Organisation: h.near, Name: "a.csv", Content: strings.NewReader(content)})
		if !fault.Is(err, fault.KindInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := h.Import(accounts.With(context.Background(), h.other), people.File{Organisation: h.near, Name: "a.csv", Content: strings.NewReader("numero\nP1\n")})
	wantKind(t, err, fault.KindForbidden)
}

// What a header speaks of, not how it is spelled, is what bans it.
func TestWhatIsKeptNowhere(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	for column, banned := range map[string]bool{"Motif d’éligibilité": true, "Situation": true, "Santé": true, "RQTH": true, "dettes": true, "Enfants à charge": true,
		"Nationalité": true, "Observations": true, "Bénéficiaire du RSA": true, "N° sécu": true, "Adresse": true, "Freins à l’emploi": true, "couleur": false, "équipe": false} {
		r := h.imported("a.csv", []byte("numero;"+column+"\n"))
		if len(r.Unread) != 1 || r.Unread[0].Banned != banned {
			t.Errorf("%s: %+v", column, r.Unread)
		}
	}
}

func FuzzImport(f *testing.F) {
	a, err := territories.Load()
	must(f, err)
	header := people.Columns()
	for i, cell := range []string{"P1", "Valence", "26000", "26281", "voiture 30 km; bus 45 min", "K2204|A1203", "K2204 24 mois", "permis-b jusqu'au 31/12/2027", "tonte:3", "fr:B1; arabe", "1e309", "-0", "matin lun-ven; soir sam", "oui", "31/12/2026", "-"} {
		f.Add(i, cell)
	}
	f.Add(4, "bus 99999999999999999999 km")
	f.Add(12, "lun-ven matin –")
	f.Fuzz(func(t *testing.T, at int, cell string) {
		cells := make([]string, len(header))
		cells[0] = "P1"
		at = ((at % len(header)) + len(header)) % len(header)
		cells[at] = cell
		faults, p, err := people.ReadCells(a, header, cells)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range faults {
			if l.Column != header[at] && l.Column != "pass_iae_du" && l.Column != "pass_iae_au" && l.Column != "numero" {
				t.Fatalf("%q in %s is a fault of %s", cell, header[at], l.Column)
			}
			if len(cell) > 12 && strings.Contains(l.Text.FR+l.Text.EN, cell) && !strings.Contains(l.Text.FR, "« "+cell) {
				t.Fatalf("the fault repeats %q", cell)
			}
		}
		if p.Profile.Slots&^nomenclatures.AllWeek != 0 {
			t.Fatalf("slots %x", p.Profile.Slots)
		}
	})
}

// A fault in one column hides no other: what nobody checked is not kept in clear.
func TestARejectedRowKeepsOnlyWhatWasUnderstood(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	r := h.imported("a.csv", []byte("numero;code_insee;commune;code_postal;coupures;heures_min;mobilite;nom\n"+
		"Éloïse Zorglub;26281;;;peut-etre;20;;Zorglub\n"+
		"X2;26281;Zorglub expulsion;RSA dettes;peut-etre;NaN;voiture 300 km;Zorglub\n"+
		"X3;;Romans-sur-Isère cedex Zorglub;26100;peut-etre;;;Zorglub\n"+
		"X4;;;dettes;peut-etre;;;\n"))
	var b bytes.Buffer
	must(t, r.WriteRejected(&b, "fr"))
	for _, word := range []string{"Zorglub", "Éloïse", "expulsion", "RSA", "dettes"} {
		if strings.Contains(b.String(), word) {
			t.Errorf("%q is in %s", word, b.String())
		}
	}
	if r.Rejected != 4 || !strings.Contains(b.String(), ";X3;;Romans-sur-Isère;26100;") {
		t.Errorf("%s", b.String())
	}
	var columns []string
	for _, f := range r.Refused[1].Faults {
		columns = append(columns, f.Column)
	}
	if got := strings.Join(columns, " "); got != "heures_min coupures mobilite" {
		t.Errorf("located %s", got)
	}
}

// A column of communes often holds their INSEE codes: one that can be nothing else is read.
func TestACodeIsReadWhereANameIsExpected(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	r := h.imported("a.csv", []byte("numero;commune;code_postal\n"+
		"N-1;26108;\n"+ // the INSEE code of Crest, and no postal code
		"N-2;1004;\n"+ // Ambérieu-en-Bugey, whose zero a spreadsheet took
		"N-3;2a004;\n"+ // Ajaccio
		"N-4;26110;26600\n"+ // that of Crozes-Hermitage, which the postal code tells from that of Nyons
		"N-5;26110;\n"+
		"N-6;26999;\n"+ // of nothing
		"N-7;26400;\n"+ // a postal code
		"N-8;26108;59000\n"))
	for key, want := range map[string]territories.CommuneCode{"N-1": "26108", "N-2": "01004", "N-3": "2A004", "N-4": "26110"} {
		if p := h.numbered(key); p.Commune != want {
			t.Errorf("%s lives in %q, want %s", key, p.Commune, want)
		}
	}
	var said []string
	for _, row := range r.Refused {
		said = append(said, row.Faults[0].Column+": "+row.Faults[0].Text.EN)
	}
	if want := []string{"commune: this code is the INSEE code of a commune and the postal code of another: write it under code_insee or code_postal", "commune: There is no such commune.",
		"commune: this is a postal code: give the name of the commune, or its INSEE code", "commune: this INSEE code is of no commune of this postal code"}; !slices.Equal(said, want) {
		t.Errorf("refused: %q", said)
	}
}
