package release_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"maillage/internal/testkit"
)

// validator runs testdata/validate.mjs with the tools that npm installed in web/assets.
func validator(t *testing.T, args ...string) (string, error) {
	t.Helper()
	manifest := filepath.Join(testkit.Root(), "web", "assets", "package.json")
	if _, err := exec.LookPath("node"); err != nil {
		testkit.Absent(t, "node", "node is not installed")
	}
	for _, tool := range []string{"ajv", "ajv-formats", "xmllint-wasm"} {
		if _, err := os.Stat(filepath.Join(filepath.Dir(manifest), "node_modules", tool)); err != nil {
			testkit.Absent(t, "node", tool+" is not installed: run npm ci in web/assets")
		}
	}
	out, err := exec.Command("node", append([]string{filepath.Join("testdata", "validate.mjs"), manifest}, args...)...).CombinedOutput()
	return string(out), err
}

// The metadata are what their standards ask, by tools that know nothing of us: each is
// valid, and is not once it is broken.
func TestMetadataAreValid(t *testing.T) {
	t.Parallel()
	schemas := filepath.Join(testkit.Samples(t), "schemas")
	files := unpacked(t, written(t, sample()))
	for _, c := range []struct{ path, kind, folder, main, whole, broken string }{
		{"datapackage.json", "datapackage", "datapackage", "", `"hash": "sha256:`, `"hash": "sha256 `},
		{"metadata/ddi-codebook.xml", "xml", "ddi", "codebook.xsd", "titl>", "titel>"},
		{"metadata/datacite.xml", "xml", "datacite", "metadata.xsd", `dateType="Issued"`, `dateType="Published"`},
	} {
		t.Run(c.path, func(t *testing.T) {
			t.Parallel()
			check := func(text string) (string, error) {
				path := filepath.Join(t.TempDir(), filepath.Base(c.path))
				if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
				args := []string{c.kind, filepath.Join(schemas, c.folder)}
				if c.main != "" {
					args = append(args, c.main)
				}
				return validator(t, append(args, path)...)
			}
			text := string(files[c.path])
			if said, err := check(text); err != nil {
				t.Errorf("not valid: %v\n%s", err, said)
			}
			if _, err := check(strings.ReplaceAll(text, c.whole, c.broken)); err == nil {
				t.Errorf("valid though %q is %q", c.whole, c.broken)
			}
		})
	}
}

// Without a DOI the identifier is another; with one it is a DOI: both are valid DataCite.
func TestDataCiteWithADOI(t *testing.T) {
	t.Parallel()
	d := sample()
	d.DOI = "10.5072/maillage-12"
	files := unpacked(t, written(t, d))
	path := filepath.Join(t.TempDir(), "datacite.xml")
	if err := os.WriteFile(path, files["metadata/datacite.xml"], 0o600); err != nil {
		t.Fatal(err)
	}
	if said, err := validator(t, "xml", filepath.Join(testkit.Samples(t), "schemas", "datacite"), "metadata.xsd", path); err != nil {
		t.Errorf("not valid: %v\n%s", err, said)
	}
	if !strings.Contains(string(files["README.md"]), "https://doi.org/10.5072/maillage-12") {
		t.Error("README.md does not cite the DOI")
	}
}

// csvwTable is as much of CSV on the Web as a reader of one file needs.
type csvwTable struct {
	URL         string `json:"url"`
	TableSchema struct {
		Columns []struct {
			Name     string              `json:"name"`
			Titles   map[string][]string `json:"titles"`
			Null     []string            `json:"null"`
			Required bool                `json:"required"`
			Datatype struct {
				Base    string `json:"base"`
				Minimum string `json:"minimum"`
			} `json:"datatype"`
		} `json:"columns"`
		PrimaryKey []string `json:"primaryKey"`
	} `json:"tableSchema"`
}

// CSV on the Web is read back by its own rules (W3C, 2015): the header is one of the titles,
// each cell is null or of its type, the key is unique.
func TestCSVWReadsTheFiles(t *testing.T) {
	t.Parallel()
	files := unpacked(t, written(t, sample()))
	var group struct {
		Context []any       `json:"@context"`
		Tables  []csvwTable `json:"tables"`
	}
	if err := json.Unmarshal(files["data/csv-metadata.json"], &group); err != nil {
		t.Fatal(err)
	}
	if group.Context[0] != "http://www.w3.org/ns/csvw" || len(group.Tables) != 2 {
		t.Fatalf("context %v, %d tables", group.Context, len(group.Tables))
	}
	nulls := 0
	for _, table := range group.Tables {
		nulls += table.read(t, files["data/"+table.URL])
	}
	if nulls != 11+9 { // figures without a value, and notes left empty
		t.Errorf("%d cells are null", nulls)
	}
}
