package tenders

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// marche is an invented contract.
func marche(id, object string) string {
	return "<marche>\n<id>" + id + "</id><acheteur><id>21260362800016</id></acheteur><nature>Marché</nature><objet>" + object + "</objet><montant>1000</montant></marche>\n"
}

// TestABadContractCostsItself: what breaks the syntax in a contract is a refusal
// of its own, with its text; those after are read.
func TestABadContractCostsItself(t *testing.T) {
	t.Parallel()
	good := marche("2", "Voirie")
	for name, bad := range map[string]string{
		"lone ampersand":     marche("1", "Durand & Fils"),
		"control character":  marche("1", "Nettoyage\x01"),
		"unknown entity":     marche("1", "Nettoyage&nbsp;"),
		"angle bracket":      marche("1", "moins de < 3 lots"),
		"element not ended":  strings.Replace(marche("1", "x"), "</objet>", "", 1),
		"contract not ended": strings.Replace(marche("1", "x"), "</marche>", "", 1),
		"comment not ended":  strings.Replace(marche("1", "x"), "<objet>", "<!-- <objet>", 1),
		"far over the read":  marche("1", "& "+strings.Repeat("x", 100<<10)),
		"text between":       "Durand & Fils <marche>\n<id>1</id></marche>",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var read, refused []string
			text := "<?xml version=\"1.0\"?>\n<marches>\n" + marche("0", "Eau") + bad + good + bad + "<contrat-concession>" + strings.TrimPrefix(strings.ReplaceAll(marche("3", "Eau"), "</marche>", "</contrat-concession>"), "<marche>") + "</marches>"
			for rec := range testParser(t).Read(context.Background(), "f", strings.NewReader(text)) {
				if rec.Err == nil {
					read = append(read, rec.Notice.ID)
					continue
				}
				r := asRefusal(rec.Err, "?", "")
				refused = append(refused, r.Code+" "+r.Error())
				if !strings.Contains(string(rec.Raw), "<id>1<") && name != "text between" || len(rec.Raw) > len(bad) {
					t.Errorf("%s is kept as %q", r, rec.Raw)
				}
			}
			want := 2
			if name == "text between" {
				want = 4 // the text, and a contract without buyer
			}
			if len(read) != 3 || !strings.HasSuffix(read[1], "2") || !strings.HasSuffix(read[2], "3") || len(refused) != want {
				t.Errorf("read %q, refused %q", read, refused)
			}
		})
	}
}

// TestWhereAContractIsBroken: the line is that of the file, after others too.
func TestWhereAContractIsBroken(t *testing.T) {
	t.Parallel()
	text := "<marches>\n" + marche("1", "a & b") + marche("2", "c") + marche("3", "\n\nd & e") + "</marches>"
	var said []string
	for rec := range testParser(t).Read(context.Background(), "f", strings.NewReader(text)) {
		if rec.Err != nil {
			said = append(said, rec.Err.Error())
		}
	}
	at := strings.Index(text, "d & e") + 3
	if len(said) != 2 || !strings.Contains(said[0], "line 3:") || !strings.Contains(said[1], "line 9:") || !strings.Contains(said[1], fmt.Sprintf("record 3, byte %d", at)) {
		t.Errorf("%q, want byte %d", said, at)
	}
}

// TestADocumentThatEnds: what is missing at the end is cut, and entities stay refused.
func TestADocumentThatEnds(t *testing.T) {
	t.Parallel()
	whole := "<marches>" + marche("1", "a & b") + marche("2", "c")
	for text, want := range map[string][]string{
		whole: {RefusedSyntax, "ok", RefusedTruncated}, whole[:len(whole)-20]: {RefusedSyntax, RefusedTruncated},
		"<!DOCTYPE a [<!ENTITY b \"x\">]>" + whole + "</marches>": {RefusedSyntax},
		marche("1", "a & b"): {RefusedSyntax}, "<marches>" + marche("1", "c") + "</marches>": {"ok"},
	} {
		var got []string
		for rec := range testParser(t).Read(context.Background(), "f", strings.NewReader(text)) {
			got = append(got, "ok")
			if rec.Err != nil {
				got[len(got)-1] = asRefusal(rec.Err, "?", "").Code
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestManyBadContracts: their cost stays in proportion to their size.
func TestManyBadContracts(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]string{"ampersand": marche("1", "a & b"), "open": "<marche><id>1</id>", "comment": "<marche><!-- "} {
		var b strings.Builder
		b.WriteString("<marches>")
		for range 900 {
			b.WriteString(one + strings.Repeat(" ", 1000))
		}
		begun, n := time.Now(), 0
		for range NewParser(ParserConfig{Places: testPlaces(t), MaxRecord: 1 << 20}).Read(context.Background(), "f", strings.NewReader(b.String())) {
			n++
		}
		if took := time.Since(begun); n != 900 && n != 901 || took > 20*time.Second {
			t.Errorf("%s: %d records in %s", name, n, took)
		}
	}
}

// TestContractsAfterADamagedOne: the file of testdata loses the contract that is
// damaged and no other.
func TestContractsAfterADamagedOne(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.Join("testdata", "decp-marches.xml"))
	if err != nil {
		t.Fatal(err)
	}
	count := func(text string) (n, bad int) {
		for rec := range testParser(t).Read(context.Background(), "f", strings.NewReader(text)) {
			if rec.Err != nil {
				bad++
			} else {
				n++
			}
		}
		return n, bad
	}
	n, bad := count(string(raw))
	damaged := strings.Replace(string(raw), "<id>", "<id>&", 1)
	if m, worse := count(damaged); n < 2 || m != n-1 || worse != bad+1 {
		t.Errorf("%d read and %d refused, then %d and %d", n, bad, m, worse)
	}
}
