package tenders

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"maillage/internal/store"
	"maillage/internal/testkit"
)

// TestMaskRaw: people go, and what is left is read as before.
func TestMaskRaw(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ raw, want string }{
		"json": {`{"idweb": "26-1", "objet":"Tri, voir Mme Odile ZABUTH\nau 04 75 00 11 22 ou \"o@die.example\"", "n": 1200}`,
			`{"idweb": "26-1", "objet":"Tri, voir Mme [nom masqué]\nau [téléphone masqué] ou \"[adresse masquée]\"", "n": 1200}`},
		"json in a string": {`{"donnees":"{\"MAPA\":{\"correspondantPRM\":{\"nom\":\"Zabuth\",\"pren\":\"Odile\",\"fonc\":\"Maire\"}}}"}`,
			`{"donnees":"{\"MAPA\":{\"correspondantPRM\":{\"nom\":\"[nom masqué]\",\"pren\":\"[nom masqué]\",\"fonc\":\"Maire\"}}}"}`},
		"an identifier like a telephone": {`{"id":"0475001122","titulaires":[{"nom":"Les Jardins"}]}`, `{"id":"0475001122","titulaires":[{"nom":"Les Jardins"}]}`},
		"broken json":                    {`{"idweb":"26-1","mel":"o@die.example","objet":"Tri par o@die.example`, `{"idweb":"26-1","mel":"[adresse masquée]","objet":"Tri par [adresse masquée]`},
		"xml": {`<a at="o@die.example"><cac:Contact><cbc:Name>Odile Zabuth</cbc:Name><cbc:Telephone>+352 4303-1</cbc:Telephone></cac:Contact><cbc:Name>Ville de Die</cbc:Name><![CDATA[M. Paul Zabuth]]></a>`,
			`<a at="[adresse masquée]"><cac:Contact><cbc:Name>[nom masqué]</cbc:Name><cbc:Telephone>[téléphone masqué]</cbc:Telephone></cac:Contact><cbc:Name>Ville de Die</cbc:Name><![CDATA[M. [nom masqué]]]></a>`},
		"neither": {`26-1;Tri;o@die.example`, `26-1;Tri;[adresse masquée]`},
	}
	for name, c := range cases {
		if got := maskRaw(c.raw); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, c.want)
		}
		if again := maskRaw(c.want); again != c.want {
			t.Errorf("%s, masked again: %s", name, again)
		}
	}
}

// FuzzMaskRaw: what was well formed stays so.
func FuzzMaskRaw(f *testing.F) {
	for _, raw := range []string{`{"a":"o@die.example \\"}`, `["\"o@d.fr\\"]`, "<a>M. Paul Zabuth &lt;o@die.example&gt;</a>", `<a b="o@d.fr>"/>`, "0475001122"} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		masked := maskRaw(raw)
		if json.Valid([]byte(raw)) && recognise([]byte(raw)) == formatJSON && !json.Valid([]byte(masked)) {
			t.Errorf("%q became %q", raw, masked)
		}
		if wellFormed(raw) && !wellFormed(masked) {
			t.Errorf("%q became %q", raw, masked)
		}
	})
}

func wellFormed(doc string) bool {
	d := xml.NewDecoder(strings.NewReader(doc))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return strings.HasPrefix(doc, "<")
		} else if err != nil {
			return false
		}
	}
}

// TestQuarantineNamesNobody: a refused record is kept without its people, says
// its source, and is read again from what is kept.
func TestQuarantineNamesNobody(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h, ctx := newHouse(t, st), context.Background()
		record := boampRecord("26-1", "APPEL_OFFRE", "INITIAL", "", map[string]any{"nature": "INCONNUE",
			"objet": "Tri (Mme Odile ZABUTH, 04 75 00 11 22, o@die.example)", "gestion": `{"CORRESPONDANT":{"NOM":"Zabuth"}}`})
		path := filepath.Join(t.TempDir(), "refused.json")
		if err := os.WriteFile(path, []byte(record), 0o600); err != nil {
			t.Fatal(err)
		}
		h.load(path)
		list, err := h.ListQuarantined(ctx, 0, 10)
		if err != nil || len(list) != 1 {
			t.Fatal(list, err)
		}
		q, err := h.Quarantined(ctx, list[0].ID)
		if err != nil || q.Source != BOAMP {
			t.Fatalf("%+v %v", q, err)
		}
		for _, gone := range []string{"Zabuth", "ZABUTH", "o@die", "75 00"} {
			if strings.Contains(q.Raw, gone) {
				t.Errorf("%q is kept: %s", gone, q.Raw)
			}
		}
		mended := strings.Replace(q.Raw, "INCONNUE", "APPEL_OFFRE", 1)
		if q, err = h.Retry(ctx, q.ID, []byte(mended)); err != nil || q.State != QuarantineResolved {
			t.Errorf("%+v %v", q, err)
		}
	})
}

// TestGuessSource: the source of a record that was refused is told by its marks.
func TestGuessSource(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]Source{
		`{"idweb":"26-1"`: BOAMP, "<ANNONCE><GESTION>": BOAMP, `{"ocid":"ocds-1","tag":["award"]}`: OCDS, `{"uri":"x","releases":[{}]}`: OCDS,
		`{"id":"1","objet":"Tri","acheteur":{"id":"1"},"codeCPV":"90500000"`: DECP, "<marches><marche><id>": DECP, "<?xml version=\"1.0\"?>\n<marche>": DECP,
		`{"id":"1","autoriteConcedante":{}}`: DECP, "id,acheteur_id,objet\n1,2,Tri": DECP, `{"nom":"x"}`: "", "<TED_EXPORT>": TED,
	} {
		if got := guessSource([]byte(raw)); got != want {
			t.Errorf("%s: got %q, want %q", raw, got, want)
		}
	}
}
