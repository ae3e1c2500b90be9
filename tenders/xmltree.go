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

// Bounds of one XML document. The largest real notice of the samples has about
// 60,000 nodes and 14 levels.
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
// are refused, so nothing can expand; depth and number of nodes are bounded.
// Errors say the line and column.
func readTree(doc []byte) (*node, error) {
	dec := xml.NewDecoder(bytes.NewReader(doc))
	dec.CharsetReader = charsetReader
	var root, cur *node
	for count, depth := 0, 0; ; count++ {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, located(dec, cur, err)
		}
		if count > maxNodes {
			return nil, located(dec, cur, fmt.Errorf("more than %d nodes", maxNodes))
		}
		switch t := tok.(type) {
		case xml.StartElement:
			if depth++; depth > maxDepth {
				return nil, located(dec, cur, fmt.Errorf("more than %d levels", maxDepth))
			}
			el := &node{name: t.Name.Local, space: t.Name.Space, attrs: keepAttrs(t.Attr), parent: cur}
			if cur == nil && root != nil {
				return nil, located(dec, cur, errors.New("a second root element"))
			}
			if cur == nil {
				root = el
			} else {
				cur.add(el)
			}
			cur = el
		case xml.EndElement:
			depth--
			cur = cur.parent
		case xml.CharData:
			cur.addText(t)
		case xml.Directive:
			if bytes.Contains(t, []byte("<!ENTITY")) {
				return nil, located(dec, cur, errors.New("entity declarations are not accepted"))
			}
		}
	}
	if root == nil {
		return nil, errors.New("no element in the document")
	}
	return root, nil
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

func located(dec *xml.Decoder, cur *node, err error) error {
	line, col := dec.InputPos()
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		err = errors.New(syntax.Msg)
	}
	in := "before the root element"
	if cur != nil {
		in = "in " + cur.path()
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
		k.write(b)
	}
}

// str is the text at the end of the path, "" if absent.
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
