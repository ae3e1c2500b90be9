package tenders

import "strings"

// readBOAMPXML reads a notice of the XML form. Its two halves, GESTION and
// DONNEES, are the gestion and donnees of the API under other clothes.
func readBOAMPXML(root *node, places *Places) (*Notice, error) {
	tree := jnode{jsonOf(root), "/ANNONCE"}
	b := &boamp{draft: newDraft(BOAMP, places), gestion: tree.at("GESTION")}
	b.head = headOf(b.gestion)
	return b.read(tree.at("DONNEES"))
}

// jsonOf turns an element into the value its JSON twin would have: "" when
// empty, a text, or an object where repeated elements make a list, attributes
// are "@name" and the text beside them "#text".
func jsonOf(n *node) any {
	object, text := map[string]any{}, n.ownText()
	for _, a := range n.attrs {
		object["@"+a.Name.Local] = a.Value
	}
	for _, kid := range n.kids {
		if kid.name == "" {
			continue
		}
		value := jsonOf(kid)
		switch before := object[kid.name].(type) {
		case nil:
			object[kid.name] = value
		case []any:
			object[kid.name] = append(before, value)
		default:
			object[kid.name] = []any{before, value}
		}
	}
	if len(object) == 0 {
		return text
	}
	if text != "" {
		object["#text"] = text
	}
	return object
}

// ownText is the text directly in the element.
func (n *node) ownText() string {
	var b strings.Builder
	for _, k := range n.kids {
		if k.name == "" {
			b.WriteString(k.text)
		}
	}
	return tidy(b.String())
}

// headOf gives the fields of a flat record from gestion, with where they stand.
func headOf(gestion jnode) map[string]jnode {
	kind, index := gestion.at("REFERENCE", "TYPE_AVIS"), gestion.at("INDEXATION")
	head := map[string]jnode{
		"idweb":                       gestion.at("REFERENCE", "IDWEB"),
		"nature":                      onlyKey(kind.at("NATURE")),
		"etat":                        onlyKey(kind.at("STATUT")),
		"famille":                     onlyKey(kind.at("FAMILLE")),
		"dateparution":                index.at("DATE_PUBLICATION"),
		"datelimitereponse":           index.at("DATE_LIMITE_REPONSE"),
		"objet":                       index.at("RESUME_OBJET"),
		"nomacheteur":                 index.at("NOMORGANISME"),
		"code_departement":            index.at("DEP_PUBLICATION"),
		"code_departement_prestation": index.at("DEP_PRESTATION"),
	}
	var codes []any
	descriptors := index.at("DESCRIPTEURS", "DESCRIPTEUR")
	for _, d := range descriptors.list() {
		codes = append(codes, d.at("CODE").v)
	}
	head["descripteur_code"] = jnode{codes, descriptors.path}
	if social := index.at("CRITERES_SOCIAUX_ENV", "SOCIAUX"); social.v != nil {
		head["criteres"] = jnode{"sociaux", social.path}
	}
	return head
}

// onlyKey reads a value written as the name of an empty element; several, in
// the order of keys, give the first.
func onlyKey(j jnode) jnode {
	for _, key := range j.first().keys() {
		if !strings.HasPrefix(key, "@") {
			return jnode{key, j.path + "/" + key}
		}
	}
	return j
}
