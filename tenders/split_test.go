package tenders

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// pieces cuts a whole text; it fails on a splitter that does not end.
func pieces(t interface{ Fatalf(string, ...any) }, text string, limit int64) (list []piece) {
	s := newSplitter(strings.NewReader(text), limit)
	for range len(text) + 2 {
		p, err := s.next()
		if errors.Is(err, io.EOF) {
			return list
		}
		if err != nil {
			t.Fatalf("%v", err)
		}
		list = append(list, p)
	}
	t.Fatalf("no end in sight of %q", text)
	return nil
}

// TestSplit: however the same records are wrapped, they come out the same.
func TestSplit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune(`ab"\{}[]:, éœresults`)))
		records := rapid.SliceOf(rapid.Custom(func(t *rapid.T) string {
			b, _ := json.Marshal(map[string]any{"idweb": text.Draw(t, "id"), "results2": []any{text.Draw(t, "in")}, "donnees": text.Draw(t, "donnees")})
			return string(b)
		})).Draw(t, "records")
		wrapped := []string{
			"[" + strings.Join(records, ",") + "]",
			strings.Join(records, "\n"),
			`{"total_count": 3, "links": [{"a":"]"}], "results": [` + strings.Join(records, " ,\n") + `], "after": {"x": "}"}}`,
		}
		for _, w := range wrapped {
			got := pieces(t, w, 1<<20)
			if len(got) != len(records) {
				t.Fatalf("%q: %d records, want %d", w, len(got), len(records))
			}
			for i, p := range got {
				if p.err != nil || string(p.raw) != records[i] {
					t.Fatalf("record %d of %q: %q %v", i, w, p.raw, p.err)
				}
			}
		}
	})
}

func TestSplitFaults(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, text string
		want       []string // "ok", or part of the reason
	}{
		{"truncated in a record", `[{"a":1},{"b":`, []string{"ok", "truncated"}},
		{"truncated between records", `{"results":[{"a":1},`, []string{"ok", "truncated"}},
		{"a scalar among the records", `[{"a":1}, 12, {"b":2}]`, []string{"ok", "not a JSON object", "ok"}},
		{"a line that is no JSON", "{\"a\":1}\nboum\n{\"b\":2}", []string{"ok", "not a JSON object", "ok"}},
		{"a text not closed on its line", "{\"a\":\"x\n{\"b\":2}", []string{"not closed", "ok"}},
		{"a record over the bound", `[{"a":"` + strings.Repeat("x", 200) + `"},{"b":2}]`, []string{"larger", "ok"}},
		{"nothing", "", nil},
		{"an empty page", `{"total_count":0,"results":[]}`, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := pieces(t, c.text, 100)
			if len(got) != len(c.want) {
				t.Fatalf("got %d pieces, want %d: %+v", len(got), len(c.want), got)
			}
			for i, p := range got {
				if (p.err == nil) != (c.want[i] == "ok") || (p.err != nil && !strings.Contains(p.err.Error(), c.want[i])) {
					t.Errorf("piece %d: %v, want %s", i, p.err, c.want[i])
				}
				if len(p.raw) > 100 {
					t.Errorf("piece %d keeps %d bytes", i, len(p.raw))
				}
			}
		})
	}
}

// endless is a stream of records that never ends and counts what was read.
type endless struct {
	record []byte
	pos    int
}

func (e *endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = e.record[e.pos%len(e.record)]
		e.pos++
	}
	return len(b), nil
}

// TestStreamIsLazy: a reader that stops after three records has read little more.
func TestStreamIsLazy(t *testing.T) {
	t.Parallel()
	in := &endless{record: []byte(`{"idweb":"26-1","objet":"x","nomacheteur":"y","nature":"APPEL_OFFRE","etat":"INITIAL"}` + "\n")}
	n := 0
	for rec := range testParser(t).Read(context.Background(), "endless", in) {
		if rec.Err != nil {
			t.Fatal(rec.Err)
		}
		if n++; n == 3 {
			break
		}
	}
	if in.pos > 1<<20 {
		t.Errorf("read %d bytes for three records", in.pos)
	}
}

// TestHostileXML: nothing expands, nothing is deeper or larger than its bound,
// and the reason says where.
func TestHostileXML(t *testing.T) {
	t.Parallel()
	p := NewParser(ParserConfig{Places: testPlaces(t), MaxRecord: 1 << 20})
	bomb := `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><TED_EXPORT>&b;</TED_EXPORT>`
	cases := map[string]struct{ text, code, says string }{
		"entity bomb":     {bomb, RefusedSyntax, "entity declarations"},
		"unknown entity":  {`<TED_EXPORT>&nbsp;</TED_EXPORT>`, RefusedSyntax, "line 1"},
		"too deep":        {strings.Repeat("<a>", 500), RefusedSyntax, "levels"},
		"too large":       {"<TED_EXPORT>" + strings.Repeat("x", 2<<20), RefusedTooLarge, "bound"},
		"truncated":       {"<TED_EXPORT>\n<FORM_SECTION>\n<F02_2014><OBJ", RefusedTruncated, "line 3"},
		"cut in element":  {"<ContractNotice>\n<a>", RefusedTruncated, "in /ContractNotice/a"},
		"unknown charset": {`<?xml version="1.0" encoding="EBCDIC-X"?><TED_EXPORT/>`, RefusedSyntax, "EBCDIC-X"},
		"other document":  {`<html><body/></html>`, RefusedFormat, `"html"`},
		"no form":         {`<TED_EXPORT DOC_ID="1-2026"/>`, RefusedMissing, "form"},
		"registration":    {`<BusinessRegistrationInformationNotice/>`, RefusedKind, "registration"},
		"two roots":       {`<TED_EXPORT/><TED_EXPORT/>`, RefusedSyntax, "second root"},
		"empty":           {``, RefusedFormat, "neither"},
		"binary":          {"\x00\x01\x02", RefusedFormat, "neither"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n, err := p.Parse([]byte(c.text))
			if err == nil {
				t.Fatalf("was read as %+v", n)
			}
			r := asRefusal(err, "?", "")
			if r.Code != c.code || !strings.Contains(r.Error(), c.says) {
				t.Errorf("got %s: %s; want %s with %q", r.Code, r.Error(), c.code, c.says)
			}
		})
	}
}

// TestManySiblings: the cost of a document stays in proportion to its size.
func TestManySiblings(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString(`<ContractNotice><ID>x</ID>`)
	for i := range 50_000 {
		fmt.Fprintf(&b, "<ProcurementProjectLot><ID>%d</ID></ProcurementProjectLot>", i)
	}
	b.WriteString(`</ContractNotice>`)
	_, err := testParser(t).Parse([]byte(b.String()))
	if r := asRefusal(err, "?", ""); r.Code != RefusedTooLarge {
		t.Errorf("got %v", err)
	}
}

// TestManyAttributes: attributes are counted as elements are, those of one
// element before they are decoded.
func TestManyAttributes(t *testing.T) {
	t.Parallel()
	for what, text := range map[string]string{
		"of one element": "<ContractNotice " + strings.Repeat(`a="" `, 2*maxNodes+1) + "/>",
		"of many":        "<ContractNotice>" + strings.Repeat(`<a b="" c="" d="" e=""/>`, maxNodes/5) + "</ContractNotice>",
	} {
		_, err := readTree([]byte(text))
		if err == nil || !strings.Contains(err.Error(), "nodes") {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// TestManyValues: a record of millions of values is refused before it is decoded,
// and a text full of commas is no list.
func TestManyValues(t *testing.T) {
	t.Parallel()
	p := testParser(t)
	for what, inside := range map[string]string{
		"objects": `[` + strings.Repeat("{},", maxNodes) + `{}]`, "numbers": `[` + strings.Repeat("0,", maxNodes) + `0]`,
		"a text": `"` + strings.Repeat(`,{\"`, maxNodes) + `"`,
	} {
		raw := []byte(`{"idweb":"26-1","objet":"x","nomacheteur":"y","nature":"APPEL_OFFRE","etat":"INITIAL","autre":` + inside + `}`)
		_, err := p.Parse(raw)
		refused := err != nil && asRefusal(err, "?", "").Code == RefusedTooLarge
		if refused != (what != "a text") {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// TestRanks: siblings of one name are numbered, few or many, mixed or not.
func TestRanks(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range 60 {
		fmt.Fprintf(&b, "<a>%d</a><b%d/>", i+1, i)
	}
	root, err := readTree([]byte("<r>" + b.String() + "</r>"))
	if err != nil {
		t.Fatal(err)
	}
	for i, a := range root.all("a") {
		want := "/r/a"
		if i > 0 {
			want = fmt.Sprintf("/r/a[%d]", i+1)
		}
		if a.path() != want || a.str() != fmt.Sprint(i+1) {
			t.Errorf("%s holds %q", a.path(), a.str())
		}
	}
	if len(root.ranks) != 61 {
		t.Errorf("many siblings are counted one by one: %d names", len(root.ranks))
	}
}

// TestEncodings: the same notice in five encodings is the same notice.
func TestEncodings(t *testing.T) {
	t.Parallel()
	text := `{"idweb":"26-1","objet":"Forêt","nomacheteur":"Éric","nature":"APPEL_OFFRE","etat":"INITIAL"}`
	utf16 := []byte{0xff, 0xfe}
	latin := []byte{}
	for _, r := range text {
		utf16 = append(utf16, byte(r), byte(r>>8))
		latin = append(latin, byte(r))
	}
	for name, raw := range map[string][]byte{"utf-8": []byte(text), "mark": []byte("\ufeff" + text), "utf-16": utf16, "latin-1": latin} {
		n, err := testParser(t).Parse(raw)
		if err != nil || n.Title != "Forêt" || n.Buyer.Name != "Éric" {
			t.Errorf("%s: %v %v", name, n, err)
		}
	}
	if n, err := testParser(t).Parse(bytes.ReplaceAll(latin, []byte("idweb"), []byte("idweb"))); err != nil || n.Warnings[len(n.Warnings)-1].Code != WarnEncoding {
		t.Errorf("the wrong encoding is not flagged: %v %v", n, err)
	}
}
