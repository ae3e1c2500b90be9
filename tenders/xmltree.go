package tenders

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Bounds of one XML document, attributes being nodes. The largest real notice of
// the samples has about 60,000 others and 14 levels.
const (
	maxNodes = 400_000
	maxDepth = 120
)

// node is an element of a small XML document, or a run of text when name is "".
type node struct {
	name   string // local name
	space  string // namespace URI
	text   string // only for a run of text
	attrs  []xml.Attr
	kids   []*node
	parent *node
	rank   int            // among the siblings of that name, from 1
	ranks  map[string]int // of the kids by name, kept only where they are many
}

// prefixes renders the namespaces of eForms in provenance paths.
var prefixes = map[string]string{
	"urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2": "cac",
	"urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2":     "cbc",
	"urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2": "ext",
	"http://data.europa.eu/p27/eforms-ubl-extension-aggregate-components/1":    "efac",
	"http://data.europa.eu/p27/eforms-ubl-extension-basic-components/1":        "efbc",
	"http://data.europa.eu/p27/eforms-ubl-extensions/1":                        "efext",
}

// readTree decodes a whole XML document. Entities other than the five of XML
// are refused, so nothing can expand; depth and number of nodes, attributes
// included, are bounded.
// Errors say the line and column.
func readTree(doc []byte) (*node, error) {
	t := &treeReader{dec: xml.NewDecoder(bytes.NewReader(doc))}
	t.dec.CharsetReader = charsetReader
	if bytes.Count(doc, []byte("=")) > 2*maxNodes { // before an element of millions of attributes is decoded
		return nil, refuse(RefusedTooLarge, "more than %d nodes", maxNodes)
	}
	for count := 0; ; count++ {
		tok, err := t.dec.Token()
		if el, ok := tok.(xml.StartElement); ok {
			count += len(el.Attr)
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil && count > maxNodes {
			err = fmt.Errorf("more than %d nodes", maxNodes)
		}
		if err == nil {
			err = t.take(tok)
		}
		if err != nil {
			return nil, t.located(err)
		}
	}
	if t.root == nil {
		return nil, errors.New("no element in the document")
	}
	return t.root, nil
}

// treeReader is a document being read: its root, and the element that is open.
type treeReader struct {
	dec       *xml.Decoder
	root, cur *node
	depth     int
}

func (t *treeReader) take(tok xml.Token) error {
	switch tok := tok.(type) {
	case xml.StartElement:
		return t.open(tok)
	case xml.EndElement:
		t.depth--
		t.cur = t.cur.parent
	case xml.CharData:
		t.cur.addText(tok)
	case xml.Directive:
		if bytes.Contains(tok, []byte("<!ENTITY")) {
			return errors.New("entity declarations are not accepted")
		}
	}
	return nil
}

func (t *treeReader) open(tok xml.StartElement) error {
	if t.depth++; t.depth > maxDepth {
		return fmt.Errorf("more than %d levels", maxDepth)
	}
	el := &node{name: tok.Name.Local, space: tok.Name.Space, attrs: keepAttrs(tok.Attr), parent: t.cur}
	switch {
	case t.cur != nil:
		t.cur.add(el)
	case t.root != nil:
		return errors.New("a second root element")
	default:
		t.root = el
	}
	t.cur = el
	return nil
}

// addText keeps runs of text that hold more than spaces, and spaces between
// inline elements.
func (n *node) addText(t xml.CharData) {
	if n == nil {
		return
	}
	if len(bytes.TrimSpace(t)) == 0 && len(n.kids) == 0 {
		return
	}
	n.kids = append(n.kids, &node{text: string(t), parent: n})
}

func keepAttrs(attrs []xml.Attr) []xml.Attr {
	if len(attrs) == 0 {
		return nil
	}
	return append([]xml.Attr(nil), attrs...)
}

func (t *treeReader) located(err error) error {
	line, col := t.dec.InputPos()
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		err = errors.New(syntax.Msg)
	}
	in := "before the root element"
	if t.cur != nil {
		in = "in " + t.cur.path()
	}
	return fmt.Errorf("line %d, column %d, %s: %w", line, col, in, err)
}

// path is where the node is, "/ContractNotice/cac:ProcurementProjectLot[2]/cbc:ID";
// a step without a rank is the first of its name.
func (n *node) path() string {
	if n == nil {
		return ""
	}
	var steps []string
	for cur := n; cur != nil; cur = cur.parent {
		steps = append(steps, cur.step())
	}
	var b strings.Builder
	for i := len(steps) - 1; i >= 0; i-- {
		b.WriteByte('/')
		b.WriteString(steps[i])
	}
	return b.String()
}

func (n *node) step() string {
	name := n.name
	if p := prefixes[n.space]; p != "" {
		name = p + ":" + name
	}
	if n.rank > 1 {
		name += "[" + strconv.Itoa(n.rank) + "]"
	}
	return name
}

// fewKids is up to how many siblings are counted one by one.
const fewKids = 32

// add appends an element and ranks it among those of its name, in constant time
// however many there are.
func (n *node) add(el *node) {
	el.rank = 1
	switch {
	case n.ranks != nil:
		el.rank += n.ranks[el.name]
	default:
		for _, k := range n.kids {
			if k.name == el.name {
				el.rank++
			}
		}
	}
	n.kids = append(n.kids, el)
	if n.ranks == nil && len(n.kids) > fewKids {
		n.ranks = map[string]int{}
		for _, k := range n.kids {
			n.ranks[k.name] = max(n.ranks[k.name], k.rank)
		}
	} else if n.ranks != nil {
		n.ranks[el.name] = el.rank
	}
}

// each calls f for the descendants at the end of the path of local names, in
// document order, until f returns false.
func (n *node) each(f func(*node) bool, path ...string) bool {
	if n == nil {
		return true
	}
	if len(path) == 0 {
		return f(n)
	}
	for _, k := range n.kids {
		if k.name == path[0] && !k.each(f, path[1:]...) {
			return false
		}
	}
	return true
}

// at is the first descendant at the end of the path, nil if none.
func (n *node) at(path ...string) (found *node) {
	n.each(func(k *node) bool { found = k; return false }, path...)
	return found
}

// all lists the descendants at the end of the path.
func (n *node) all(path ...string) (found []*node) {
	n.each(func(k *node) bool { found = append(found, k); return true }, path...)
	return found
}

// deep lists every descendant of that local name, at any level.
func (n *node) deep(name string) (found []*node) {
	if n == nil {
		return nil
	}
	for _, k := range n.kids {
		if k.name == name {
			found = append(found, k)
		}
		found = append(found, k.deep(name)...)
	}
	return found
}

func (n *node) attr(name string) string {
	if n == nil {
		return ""
	}
	for _, a := range n.attrs {
		if a.Name.Local == name {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}

// str is the text of the node and its descendants, tidied.
func (n *node) str() string {
	if n == nil {
		return ""
	}
	var b strings.Builder
	n.write(&b)
	return tidy(b.String())
}

func (n *node) write(b *strings.Builder) {
	for _, k := range n.kids {
		if k.name == "" {
			b.WriteString(k.text)
			continue
		}
		if k.name == "P" && b.Len() > 0 {
			b.WriteByte('\n')
		}
		if k.name == "FT" && k.attr("TYPE") == "SUP" {
			b.WriteString(raised(k.str()))
			continue
		}
		k.write(b)
	}
}

// raised writes what TED sets in superscript as people type it: n° 2015-899, m².
func raised(text string) string {
	switch text {
	case "o":
		return "° "
	case "2":
		return "²"
	case "3":
		return "³"
	}
	return text
}

// textAt is the text at the end of the path, "" if absent.
func (n *node) textAt(path ...string) string { return n.at(path...).str() }

// with keeps the nodes whose attribute has that value.
func with(nodes []*node, attr, value string) (kept []*node) {
	for _, n := range nodes {
		if n.attr(attr) == value {
			kept = append(kept, n)
		}
	}
	return kept
}
