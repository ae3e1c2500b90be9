package release_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/xuri/excelize/v2"
	"golang.org/x/net/html"

	"maillage/indicators/release"
	"maillage/internal/testkit"
)

// A figure not collected, one suppressed, one without a base and a zero are four writings.
func TestCSVKeepsTheStatuses(t *testing.T) {
	t.Parallel()
	got := string(unpacked(t, written(t, sample()))["data/sorties.csv"])
	want := `region,kind,year,durable,exits,rate,note
04,ACI,2025,awaited,awaited,awaited,
04,all,2025,0,0,NA,"rupture, « série »"
28,ACI,2025,30,61,49.2,
28,EI,2025,20,39,51.3,
28,all,2025,50,100,50.0,
53,ACI,2025,suppressed,61,suppressed,
53,EI,2025,suppressed,50,suppressed,
53,all,2025,40,111,36.0,
FR,ACI,2025,ND,ND,ND,une case non collectée
FR,EI,2025,50,100,50.0,
FR,all,2025,90,211,42.7,
`
	if got != want {
		t.Errorf("got\n%s", got)
	}
}

// The columns of Parquet keep the order and the exact types of the table.
func TestParquetColumns(t *testing.T) {
	t.Parallel()
	data := unpacked(t, written(t, sample()))["data/heures.parquet"]
	f, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	want := `message table {
	required binary kind (STRING);
	optional int64 fte (DECIMAL(18,2));
	required binary fte_status (STRING);
	optional int64 move (DECIMAL(18,1));
	required binary move_status (STRING);
}`
	if got := f.Schema().String(); got != want {
		t.Errorf("schema is\n%s", got)
	}
}

// A spreadsheet adds numbers up, and shows a status as what it is.
func TestWorkbookCells(t *testing.T) {
	t.Parallel()
	f, err := excelize.OpenReader(bytes.NewReader(unpacked(t, written(t, sample()))["data/sorties-par-region.xlsx"]))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if got := f.GetSheetList(); !reflect.DeepEqual(got, []string{"variables", "codes", "heures", "sorties"}) {
		t.Errorf("sheets %v", got)
	}
	for cell, want := range map[string]excelize.CellType{"F4": excelize.CellTypeUnset, "D2": excelize.CellTypeInlineString, "D7": excelize.CellTypeInlineString} {
		if got, _ := f.GetCellType("sorties", cell); got != want {
			t.Errorf("%s is of type %v", cell, got)
		}
	}
}

// What is written reads back whole: written again, it has the same bytes.
func TestWhatIsWrittenReadsBack(t *testing.T) {
	t.Parallel()
	data := written(t, sample())
	back, err := release.Read(t.Context(), bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	if again := written(t, back); !bytes.Equal(again, data) {
		t.Errorf("other bytes, of %v", differing(t, again, data))
	}
}

// The codebook names every variable, its version and its coverage, in both languages,
// and is a page whose headings follow each other.
func TestCodebook(t *testing.T) {
	t.Parallel()
	page := unpacked(t, written(t, sample()))["codebook.html"]
	if _, err := html.Parse(bytes.NewReader(page)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`<html lang="fr">`, "coorace-2012", "72,5 % (87 sur 120 entreprises)", "72.5% (87 of 120 enterprises)", "Ce que rate compte", "What rate counts",
		"FR = 53 &#43; 28 &#43; 04", `id="sorties.rate"`, "5 persons, 3 groups", "suppressed"} {
		if !bytes.Contains(page, []byte(want)) {
			t.Errorf("the codebook does not say %q", want)
		}
	}
	if bytes.Contains(page, []byte("<script")) || bytes.Contains(page, []byte("src=")) {
		t.Error("the codebook loads something")
	}
}

// The PDF is read by another program, which finds the letters of French in it.
func TestPDFText(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("pdftotext"); err != nil {
		testkit.Absent(t, "pdftotext", "poppler-utils is not installed")
	}
	path := filepath.Join(t.TempDir(), "codebook.pdf")
	if err := os.WriteFile(path, unpacked(t, written(t, sample()))["codebook.pdf"], 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-layout", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Sorties par région et par type", "« non collecté »", "1 ≤ n.", "durable ÷ exits", "libellé de FR", "l’insertion"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("the PDF does not say %q", want)
		}
	}
}

// A catalogue is led to the page of the release, and no element of its description is empty.
func TestDataCiteHasNoEmptyElement(t *testing.T) {
	t.Parallel()
	d := sample()
	d.Keywords = nil
	text := string(unpacked(t, written(t, d))["metadata/datacite.xml"])
	if strings.Contains(text, "subject") || !strings.Contains(text, `<alternateIdentifier alternateIdentifierType="URL">https://example.invalid/sorties<`) {
		t.Error(text)
	}
	d.URL = ""
	if text = string(unpacked(t, written(t, d))["metadata/datacite.xml"]); strings.Contains(text, "lternateIdentifier") {
		t.Error(text)
	}
}
