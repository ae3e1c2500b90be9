package network_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"

	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/network"
	"maillage/nomenclatures"
	"maillage/territories"
)

func imported(t testing.TB, s *network.Service, name string, content []byte) *network.Report {
	t.Helper()
	r, err := s.Import(context.Background(), network.Source{Name: name, Content: bytes.NewReader(content)})
	if err != nil {
		t.Fatal(err)
	}
	if r.Read != r.Made+r.Updated+r.Unchanged+r.Rejected {
		t.Fatalf("%d read, but %d made, %d updated, %d unchanged, %d rejected", r.Read, r.Made, r.Updated, r.Unchanged, r.Rejected)
	}
	return r
}

func example(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/membres.csv")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestOurLayout(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		ctx, s, ok := context.Background(), service(t, st), must[*network.Organisation](t)
		r := imported(t, s, "membres.csv", example(t))
		if r.Layout != "members" || r.Made != 6 || r.Rejected != 0 || r.Placed != 6 || len(r.Unread) != 0 {
			t.Fatalf("%+v", r)
		}
		garden := ok(s.ByIdentity(ctx, "99900001100018", network.KindACI))
		a, st0 := garden.Activities[0], garden.Statuses[0]
		if garden.NAF != "8130Z" || garden.Sites[0].Commune != "26281" || a.FTE != 8 || a.Amount != 90_000 || a.Origin != network.Declared ||
			a.ZoneOrigin != network.Declared || !strings.Contains(a.Zone, "except") || st0.FTE != 14.5 || st0.From != "2025-01-01" || st0.Until != "2027-12-31" ||
			garden.Certifications[0] != (network.Certification{ID: garden.Certifications[0].ID, OrganisationID: garden.ID, Code: "cedre", From: "2025-03-01", Until: "2028-02-29"}) {
			t.Errorf("%+v", garden)
		}
		clean := ok(s.ByIdentity(ctx, "99900002900010", network.KindEI))
		if len(clean.Activities) != 2 || clean.Activities[0].Zone != territories.RadiusOf("38185", 30).String() || clean.Activities[0].ZoneOrigin != network.Declared ||
			clean.Activities[1].Codes[0].Value != "espaces-verts" {
			t.Errorf("%+v", clean.Activities)
		}
		lends := ok(s.ByIdentity(ctx, "99900003700013", network.KindAI))
		if a := lends.Activities[0]; len(a.Codes) != 2 || a.Codes[0].Scheme != nomenclatures.SchemeROME || !slices.Equal(a.Modes, []network.Mode{network.Staffing}) {
			t.Errorf("%+v", a)
		}
		same := ok(s.ByIdentity(ctx, "99900004500016", network.KindRegie))
		if same.Statuses[0].Kind != network.Equivalent || same.Statuses[0].Share != 0.55 || len(same.Activities) != 1 || same.Activities[0].Origin != network.Assumed {
			t.Errorf("%+v %+v", same.Statuses, same.Activities)
		}
		interim := ok(s.ByIdentity(ctx, "99900006000015", network.KindETTI))
		if interim.Sites[0].Commune != "75112" || !interim.ToSpecify() || interim.Activities[0].Modes[0] != network.Staffing {
			t.Errorf("%+v", interim)
		}
		if again := imported(t, s, "membres.csv", example(t)); again.Unchanged != 6 {
			t.Errorf("the second time: %+v", again)
		}
	})
}

// What a member confirmed resists any import, and the rest follows the file.
func TestAConfirmedFactSurvivesAnImport(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		ctx, s, ok := context.Background(), service(t, st), must[*network.Organisation](t)
		imported(t, s, "membres.csv", example(t))
		o := ok(s.ByIdentity(ctx, "99900001100018", network.KindACI))
		brand := "Jardins & Cie"
		o = ok(s.ConfirmIdentity(ctx, o.ID, o.Revision, network.Identity{Brand: &brand}))
		mine := []network.Activity{{Codes: []nomenclatures.Code{{Scheme: nomenclatures.SchemeSector, Value: "espaces-naturels"}}, Zone: `{"territory":"epci:200040459"}`}}
		o = ok(s.ConfirmActivities(ctx, o.ID, 0, mine))
		o = ok(s.ConfirmStatuses(ctx, o.ID, 0, []network.Status{{Kind: network.ConventionACI, From: "2026-01-01"}}))
		if o.Activities[0].Origin != network.Confirmed || !slices.Equal(o.Confirmed, []string{"activities", "brand", "statuses"}) {
			t.Fatalf("%+v", o)
		}
		changed := bytes.ReplaceAll(example(t), []byte("Le Confluent"), []byte("Un autre nom"))
		changed = bytes.ReplaceAll(changed, []byte("Jardins du Confluent"), []byte("Jardins du Rhône"))
		changed = bytes.ReplaceAll(changed, []byte(";77310000;"), []byte(";90911200;"))
		changed = bytes.ReplaceAll(changed, []byte("14,5"), []byte("20"))
		if r := imported(t, s, "membres.csv", changed); r.Updated != 1 || r.Unchanged != 5 {
			t.Fatalf("%+v", r)
		}
		got := ok(s.Get(ctx, o.ID))
		if got.Brand != brand || got.Activities[0].Codes[0].Value != "espaces-naturels" || got.Activities[0].ID != o.Activities[0].ID ||
			got.Statuses[0].From != "2026-01-01" || got.Statuses[0].FTE != 0 {
			t.Errorf("confirmed facts were overwritten: %q %+v %+v", got.Brand, got.Activities, got.Statuses)
		}
		if got.Name != "Les Jardins du Rhône" || got.Revision != o.Revision+1 {
			t.Errorf("the rest did not follow: %q, revision %d", got.Name, got.Revision)
		}
	})
}

// A person's word is stronger than a deduction, an empty cell erases nothing and a dash does.
func TestWhatARowDoesNotSayIsKept(t *testing.T) {
	t.Parallel()
	ctx, s, ok := context.Background(), service(t, testkit.SQLite(t)), must[*network.Organisation](t)
	file := func(phone, naf, city string) []byte {
		return []byte("siret;type;nom;telephone;naf;code_postal;commune;site_web\n99900001100018;EI;Net;" + phone + ";" + naf + ";26100;" + city + ";net.example\n")
	}
	imported(t, s, "a.csv", file("04 75 00 00 00", "81.21Z", "Nulle part"))
	o := ok(s.ByIdentity(ctx, "99900001100018", network.KindEI))
	if o.Activities[0].Origin != network.Assumed || o.Activities[0].ZoneOrigin != network.Assumed {
		t.Fatalf("%+v", o.Activities)
	}
	assumed := o.Activities[0].ID
	o.Activities[0].Origin, o.Activities[0].ZoneOrigin, o.Activities[0].Zone = network.Declared, network.Declared, `{"territory":"departement:26"}`
	if !slices.Contains(o.Findings, network.Finding{Code: "placed_by_postcode", Detail: "Romans-sur-Isère"}) {
		t.Fatalf("%+v", o.Findings)
	}
	o.Sites[0].Commune = "26252" // put right by hand
	o = ok(s.Save(ctx, o, 0))
	if len(o.Findings) != 0 {
		t.Errorf("what was put right is still noticed: %+v", o.Findings)
	}
	imported(t, s, "a.csv", file("", "81.22Z", "Nulle part"))
	o = ok(s.Get(ctx, o.ID))
	if o.Phone != "04 75 00 00 00" || o.NAF != "8122Z" || o.Activities[0].ID != assumed || o.Activities[0].Origin != network.Declared || o.Sites[0].Commune != "26252" {
		t.Errorf("%+v", o)
	}
	imported(t, s, "a.csv", file("-", "81.22Z", "Valence"))
	if o = ok(s.Get(ctx, o.ID)); o.Phone != "" || o.Sites[0].City != "Valence" {
		t.Errorf("%+v", o)
	}
}

func TestRefusedRowsComeBack(t *testing.T) {
	t.Parallel()
	s := service(t, testkit.SQLite(t))
	file := strings.Join([]string{
		"siret,type,nom,secteurs,zone,statut,inconnue",
		"99900001100018,ACI,Bon,,,,",
		"123,ACI,Court,,,,",
		"9.99E+13,EI,Arrondi,,,,",
		"99900002900010,XYZ,Type,,,,",
		"99900002900010,EI,Secteur,coiffure sur la lune,,,",
		"99900002900010,EI,Zone,,Atlantide,,",
		"99900001100018,ACI,Encore,,,,",
		`99900003700013,EI,"Guillemet ouvert,,,,`,
		"99900004500016,EI,Équivalente,,,equivalent,",
		`99900005200012,EI,"Après, ""tout""",,,,`,
	}, "\n")
	r := imported(t, s, "x.csv", []byte(file))
	if r.Made != 2 || r.Rejected != 8 || !slices.Equal(r.Unread, []string{"inconnue"}) {
		t.Fatalf("made %d, rejected %d, unread %v: %+v", r.Made, r.Rejected, r.Unread, r.Refused)
	}
	var lines []int
	for _, row := range r.Refused {
		lines = append(lines, row.Line)
		if len(row.Reasons) == 0 || row.Reasons[0].FR == "" || row.Reasons[0].EN == "" {
			t.Errorf("line %d has no reason", row.Line)
		}
	}
	if !slices.Equal(lines, []int{3, 4, 5, 6, 7, 8, 9, 10}) {
		t.Errorf("refused lines %v", lines)
	}
	var out bytes.Buffer
	if err := r.WriteRejected(&out, "fr"); err != nil {
		t.Fatal(err)
	}
	again := imported(t, s, "x.csv.rejected.csv", bytes.ReplaceAll(out.Bytes(), []byte(",123,"), []byte(",999 000 086 00010,")))
	if again.Made != 1 || again.Updated != 1 || again.Rejected != 6 || slices.Contains(again.Unread, "motif") {
		t.Errorf("once put right: %+v", again)
	}
}

func TestAFileThatIsNotUnderstoodWritesNothing(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	s := service(t, st)
	for name, content := range map[string]string{
		"empty.csv": "", "other.csv": "a,b,c\n1,2,3\n", "twice.csv": "siret,siret,type,nom\n", "no.xlsx": "not a workbook", "bom.csv": "\uFEFF",
	} {
		_, err := s.Import(context.Background(), network.Source{Name: name, Content: strings.NewReader(content)})
		if !fault.Is(err, fault.KindInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if journal(t, st) != 0 {
		t.Error("something was written")
	}
}

func TestEncodingsSeparatorsAndWorkbooks(t *testing.T) {
	t.Parallel()
	text := "siret;type;nom;code_postal;commune\r\n99900001100018;ACI;Été à l’œuvre;1000;Bourg-en-Bresse\r\n"
	latin, err := charmap.Windows1252.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	utf16 := []byte{0xFF, 0xFE}
	for _, r := range text {
		utf16 = append(utf16, byte(r), byte(r>>8))
	}
	files := map[string][]byte{
		"utf8.csv": []byte(text), "bom.csv": append([]byte("\uFEFF"), text...), "latin.csv": latin, "utf16.txt": utf16,
		"tab.csv": []byte(strings.ReplaceAll(text, ";", "\t")), "comma.csv": []byte(strings.ReplaceAll(text, ";", ",")),
		"book.xlsx": workbook(t),
	}
	for name, content := range files {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := service(t, testkit.SQLite(t))
			if r := imported(t, s, name, content); r.Made != 1 {
				t.Fatalf("%+v", r)
			}
			o := must[*network.Organisation](t)(s.ByIdentity(context.Background(), "99900001100018", network.KindACI))
			if o.Name != "Été à l’œuvre" || o.Sites[0].Commune != "01053" || o.Sites[0].Postcode != "01000" {
				t.Errorf("%q, %+v", o.Name, o.Sites)
			}
			if name == "book.xlsx" && o.ESSSince != "2020-01-15" {
				t.Errorf("date %q", o.ESSSince)
			}
		})
	}
}

// workbook holds numbers where people think they typed texts, as workbooks do.
func workbook(t *testing.T) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	if _, err := f.NewSheet("Membres"); err != nil {
		t.Fatal(err)
	}
	for cell, v := range map[string]any{
		"A1": "SIRET", "B1": "Type", "C1": "Nom", "D1": "Code postal", "E1": "Commune", "F1": "ESS depuis",
		"A2": 99900001100018, "B2": "Atelier et chantier d'insertion", "C2": "Été à l’œuvre", "D2": 1000, "E2": "Bourg en Bresse", "F2": 43845,
	} {
		if err := f.SetCellValue("Membres", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// An import cut short is taken up by running it again.
func TestAnInterruptedImportIsTakenUp(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		s := service(t, st)
		var file bytes.Buffer
		file.WriteString("siret,type,nom,code_postal,commune\n")
		for i := range 700 {
			fmt.Fprintf(&file, "%014d,EI,Structure %d,26100,Romans-sur-Isère\n", 10_000_000_000+i, i)
		}
		ctx, cancel := context.WithCancel(context.Background())
		r, err := s.Import(ctx, network.Source{Name: "a.csv", Content: bytes.NewReader(file.Bytes()), Progress: func(done, total int) {
			if done >= 300 {
				cancel()
			}
		}})
		if err == nil || r == nil || r.Made == 0 || r.Made == 700 {
			t.Fatalf("%+v, %v", r, err)
		}
		if got := journal(t, st); got != r.Made {
			t.Errorf("%d in the journal, %d made", got, r.Made)
		}
		again := imported(t, s, "a.csv", file.Bytes())
		if again.Unchanged != r.Made || again.Made != 700-r.Made || journal(t, st) != 700 {
			t.Errorf("taken up: %d unchanged, %d made after %d", again.Unchanged, again.Made, r.Made)
		}
	})
}

// Two imports of one file at once make each organisation once.
func TestTwoImportsThatMeet(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		s, file := service(t, st), example(t)
		type result struct {
			r   *network.Report
			err error
		}
		done := make(chan result, 2)
		for range 2 {
			go func() {
				r, err := s.Import(context.Background(), network.Source{Name: "a.csv", Content: bytes.NewReader(file)})
				done <- result{r, err}
			}()
		}
		made := 0
		for range 2 {
			got := <-done
			if got.err != nil {
				t.Fatal(got.err)
			}
			made += got.r.Made
		}
		if made != 6 || journal(t, st) != 6 {
			t.Errorf("%d made, %d in the journal", made, journal(t, st))
		}
	})
}
