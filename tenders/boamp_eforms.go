package tenders

import (
	"encoding/xml"
	"sort"
	"strings"
)

// eFormsNode finds the UBL document in donnees of the schema EFORMS and turns
// it into the element tree of the XML reader, so that eForms has one reader and
// two carriers; nil when there is none. Repeated elements keep their order;
// elements of different names are in the order of their names.
func eFormsNode(donnees jnode) *node {
	forms := donnees.at("EFORMS")
	for _, key := range forms.keys() {
		if _, name := splitName(key); eFormsRoots[name] == "" {
			continue
		}
		carrier := &node{name: "EFORMS", parent: &node{name: strings.Trim(donnees.path, "/")}}
		if root := nodesOf(key, forms.at(key).v, carrier, 0); len(root) > 0 {
			return root[0]
		}
	}
	return nil
}

func splitName(key string) (prefix, name string) {
	if before, after, found := strings.Cut(key, ":"); found {
		return before, after
	}
	return "", key
}

// nodesOf gives the elements of one key: one, or several for a list. What is
// deeper than an XML document may be is left out.
func nodesOf(key string, value any, parent *node, depth int) (nodes []*node) {
	if depth > maxDepth {
		return nil
	}
	values, several := value.([]any)
	if !several {
		values = []any{value}
	}
	prefix, name := splitName(key)
	for i, v := range values {
		el := &node{name: name, space: spaceOf(prefix), parent: parent, rank: i + 1}
		el.fill(v, depth)
		nodes = append(nodes, el)
	}
	return nodes
}

// fill gives an element its text, its attributes and its children.
func (n *node) fill(value any, depth int) {
	object, ok := value.(map[string]any)
	if !ok {
		n.addText(xml.CharData(jnode{v: value}.str()))
		return
	}
	keys := make([]string, 0, len(object))
	for key := range object {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	for _, key := range keys {
		v := object[key]
		switch {
		case key == "#text":
			n.addText(xml.CharData(jnode{v: v}.str()))
		case strings.HasPrefix(key, "@"):
			_, name := splitName(key[1:])
			n.attrs = append(n.attrs, xml.Attr{Name: xml.Name{Local: name}, Value: jnode{v: v}.str()})
		default:
			n.kids = append(n.kids, nodesOf(key, v, n, depth+1)...)
		}
	}
}

func spaceOf(prefix string) string {
	for space, p := range prefixes {
		if p == prefix {
			return space
		}
	}
	return ""
}

// readForms reads a record whose full text is eForms: the facts come from the
// document, the identity from the record, and the record fills what is left.
func (b *boamp) readForms(root *node) (*Notice, error) {
	// The identifiers of the record win: they are those that other notices of
	// the BOAMP name.
	id, folder := b.field("idweb"), b.field("contractfolderid")
	b.fill(&b.ID, "id", id.str(), id.path)
	b.fill(&b.Procedure, "procedure", folder.str(), folder.path)
	if err := fillEForms(b.draft, root); err != nil {
		return nil, err
	}
	b.formReference(root)
	cancelled := b.Nature == Cancellation
	if err := b.identity(); err != nil {
		return nil, err
	}
	if cancelled {
		b.Nature = Cancellation
	}
	b.buyer()
	b.object()
	if b.Place.Scope == PlaceUnknown && len(b.Place.NUTS) == 0 && b.Place.Country == "" {
		b.place()
	}
	if len(b.clocks) == 0 {
		b.deadline()
	}
	b.social()
	b.related()
	return b.finishRecord()
}

// formReference keeps the identifiers of the document as another name of the
// same notice: its version is that of the document, not of the record.
func (b *boamp) formReference(root *node) {
	id := root.at("ID")
	b.relate(Reference{SameAs, EForms, id.str(), root.textAt("VersionID")}, id.path())
	b.Version = ""
	delete(b.Provenance, "version")
}
