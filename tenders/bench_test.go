package tenders

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"maillage/internal/testkit"
)

// BenchmarkFormats reads each format as an import does, from bytes in memory to
// notices with their places, sectors and verdicts, and right after, the same
// bytes with the bare decoder; it prints how many times as long ours takes:
//
//	go test ./tenders -run '^$' -bench Formats -benchtime 3s -cpu 1
//
// Bare decoding is what any reader of all the fields has to pay with the same
// decoder of the standard library, and nothing more:
//
//   - XML: xml.Decoder.Token until the end, keeping nothing (x-bare); and
//     xml.Unmarshal into a tree of elements, attributes and texts (x-tree);
//   - JSON: the document decoded into any with its numbers as written, and so are
//     the fields that are JSON in a text, gestion and donnees (x-bare and x-tree,
//     which are one: a loop over json.Decoder.Token takes longer);
//   - CSV: csv.Reader.Read until the end in one reused row (x-bare); and each
//     row as a map of its columns (x-tree).
//
// Both are timed in turns within the same loop, and the ratio is the median of
// those of the turns: a machine that slows down slows both. On one processor
// (-cpu 1), because a second would collect the garbage for free. The files are
// the real samples, the small ones of testdata where they are absent; they are
// warm, and each turn reads them all with a parser that remembers nothing of the
// turn before.
func BenchmarkFormats(b *testing.B) {
	samples := ""
	if dir := os.Getenv("MAILLAGE_SAMPLES"); dir != "" || os.Getenv("MAILLAGE_TEST_REQUIRE") == "" {
		samples = filepath.Join(benchSamples(dir), "tenders")
	}
	for _, f := range []struct {
		name string
		real []string // patterns in the samples
		ours []string // patterns in testdata
		bare func([]byte) error
		tree func([]byte) error
		make func([][]byte) [][]byte
	}{
		{"eForms", []string{"eforms/real-eu/*.xml", "eforms/converted-fr/*.xml"}, []string{"eforms-*.xml"}, tokensXML, treeXML, nil},
		{"TED", []string{"eforms/ted-r209-fr/*.xml"}, []string{"ted-*.xml"}, tokensXML, treeXML, nil},
		{"BOAMP-flat", []string{"boamp/api/*flat*.json"}, []string{"boamp-page.json"}, treeJSON, treeJSON, nil},
		{"BOAMP-donnees", []string{"boamp/api/*mapa*.json"}, []string{"boamp-bodies.jsonl"}, treeJSON, treeJSON, longLines},
		{"BOAMP-XML", []string{"boamp/xml/*.xml"}, []string{"boamp-call.xml"}, tokensXML, treeXML, nil},
		{"DECP-JSON", []string{"decp/official-examples-v2/json/*.json", "decp/official-examples-v1/json/*.json"}, []string{"decp-2022.json"}, treeJSON, treeJSON, longLines},
		{"DECP-XML", []string{"decp/official-examples-v2/xml/*.xml", "decp/official-examples-v1/xml/*.xml"}, []string{"decp-marches.xml"}, tokensXML, treeXML, longMarches},
		{"DECP-CSV", []string{"decp/*.csv"}, []string{"decp-rows.csv"}, rowsCSV, cellsCSV, nil},
		{"OCDS", []string{"ocds/standard-examples/*.json", "ocds/sample-data/*.json"}, []string{"ocds-package.json"}, treeJSON, treeJSON, longLines},
	} {
		b.Run(f.name, func(b *testing.B) {
			docs := benchDocs(b, samples, f.real, f.ours)
			if f.make != nil {
				docs = f.make(docs)
			}
			againstBare(b, docs, f.bare, f.tree)
		})
	}
}

func benchSamples(dir string) string {
	if dir != "" {
		return dir
	}
	return filepath.Join(testkit.Root(), "..", "shared", "data")
}

// benchDocs loads the files that are there and that hold a notice.
func benchDocs(b *testing.B, samples string, real, ours []string) (docs [][]byte) {
	b.Helper()
	patterns := []string{}
	for _, p := range real {
		patterns = append(patterns, filepath.Join(samples, p))
	}
	p := testParser(b)
	for range 2 {
		for _, pattern := range patterns {
			names, err := filepath.Glob(pattern)
			if err != nil {
				b.Fatal(err)
			}
			for _, name := range names {
				raw, err := os.ReadFile(name)
				if err != nil {
					b.Fatal(err)
				}
				if n, _ := p.Parse(raw); n != nil {
					docs = append(docs, raw)
				}
			}
		}
		if len(docs) > 0 {
			return docs
		}
		b.Log("sample data absent: the small files of testdata instead")
		patterns = patterns[:0]
		for _, p := range ours {
			patterns = append(patterns, filepath.Join("testdata", p))
		}
	}
	b.Fatal("no file to read")
	return nil
}

// longLines makes one stream of the records of all the files, as the publishers
// of the essential data and of OCDS do: a file of one record would measure how a
// file is opened.
func longLines(docs [][]byte) [][]byte {
	var out bytes.Buffer
	for out.Len() < 1<<20 {
		for _, doc := range docs {
			s := newSplitter(bytes.NewReader(doc), MaxRecord)
			for {
				cut, err := s.next()
				if err != nil {
					break
				}
				if cut.err != nil || json.Compact(&out, cut.raw) != nil {
					continue
				}
				out.WriteByte('\n')
			}
		}
	}
	return [][]byte{out.Bytes()}
}

// longMarches does the same with the XML of the essential data.
func longMarches(docs [][]byte) [][]byte {
	out := bytes.NewBufferString("<marches>\n")
	for out.Len() < 1<<20 {
		for _, doc := range docs {
			from, to := bytes.Index(doc, []byte("<marches>")), bytes.LastIndex(doc, []byte("</marches>"))
			if from >= 0 && to > from {
				out.Write(doc[from+len("<marches>") : to])
			}
		}
	}
	out.WriteString("</marches>\n")
	return [][]byte{out.Bytes()}
}

// againstBare times the readings of all the documents in turns.
func againstBare(b *testing.B, docs [][]byte, bare, tree func([]byte) error) {
	size, records := 0, 0
	for _, doc := range docs {
		size += len(doc)
	}
	var p *Parser
	read := func(doc []byte) error {
		for rec := range p.Read(context.Background(), "", bytes.NewReader(doc)) {
			if rec.Notice != nil {
				records++
			}
		}
		return nil
	}
	turn := func(one func([]byte) error) time.Duration {
		start := time.Now()
		for _, doc := range docs {
			if err := one(doc); err != nil {
				b.Fatal(err)
			}
		}
		return time.Since(start)
	}
	p = testParser(b)
	turn(read) // the tables that are built on first use
	records = 0
	var times, toBare, toTree []float64
	for b.Loop() {
		p = testParser(b)
		ours := turn(read).Seconds()
		times, toBare, toTree = append(times, ours), append(toBare, ours/turn(bare).Seconds()), append(toTree, ours/turn(tree).Seconds())
	}
	b.ReportMetric(median(toBare), "x-bare")
	b.ReportMetric(median(toTree), "x-tree")
	b.ReportMetric(median(times)*1e6*float64(len(times))/float64(records), "us/record")
	b.ReportMetric(float64(records)/float64(len(times)), "records")
	b.ReportMetric(float64(size)/1e6/median(times), "MB/s") // of our reader alone
	b.ReportMetric(0, "ns/op")                              // of the three together, it would say nothing
}

func median(list []float64) float64 {
	slices.Sort(list)
	return list[len(list)/2]
}

func tokensXML(doc []byte) error {
	dec := xml.NewDecoder(bytes.NewReader(doc))
	dec.CharsetReader = charsetReader
	for {
		if _, err := dec.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// element is any element of XML as xml.Unmarshal builds it.
type element struct {
	XMLName xml.Name
	Attrs   []xml.Attr `xml:",any,attr"`
	Text    string     `xml:",chardata"`
	Kids    []element  `xml:",any"`
}

func treeXML(doc []byte) error {
	dec := xml.NewDecoder(bytes.NewReader(doc))
	dec.CharsetReader = charsetReader
	var root element
	return dec.Decode(&root)
}

// treeJSON decodes the values of a stream, and those that are texts within.
func treeJSON(doc []byte) error {
	dec := json.NewDecoder(bytes.NewReader(withoutBOM(doc)))
	dec.UseNumber()
	for {
		var v any
		if err := dec.Decode(&v); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if err := innerJSON(v); err != nil {
			return err
		}
	}
}

func innerJSON(v any) error {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			if err := innerJSON(e); err != nil {
				return err
			}
		}
	case map[string]any:
		if list, ok := v["results"]; ok {
			return innerJSON(list)
		}
		for _, key := range []string{"gestion", "donnees"} {
			if text, ok := v[key].(string); ok && strings.HasPrefix(text, "{") {
				if err := treeJSON([]byte(text)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func rowsCSV(doc []byte) error { return eachRow(doc, func(_, _ []string) {}) }

func cellsCSV(doc []byte) error {
	return eachRow(doc, func(header, row []string) {
		cells := make(map[string]string, len(header))
		for i, v := range row {
			if i < len(header) {
				cells[header[i]] = v
			}
		}
	})
}

func eachRow(doc []byte, visit func(header, row []string)) error {
	in := csv.NewReader(bytes.NewReader(doc))
	in.Comma, in.LazyQuotes, in.FieldsPerRecord, in.ReuseRecord = separatorOf(headerLine(doc)), true, -1, true
	header, err := in.Read()
	header = slices.Clone(header)
	for err == nil {
		var row []string
		if row, err = in.Read(); err == nil {
			visit(header, row)
		}
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}
