package tenders

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// The raw text of a record is kept where it could not be read, and names people
// as much as any other. maskRaw takes them out of its texts and leaves its marks
// alone, so that it can be read again: JSON stays JSON and XML stays XML, as
// broken as they were.

// maskRaw masks the people of a record, whatever its format.
func maskRaw(text string) string {
	switch recognise([]byte(text[:min(len(text), sniffSize)])) {
	case formatJSON:
		return maskJSON(text)
	case formatXML:
		return maskXML(text)
	}
	return mask(text)
}

var (
	// contactOf names what holds the person to ask.
	contactOf = regexp.MustCompile(`(?i)correspondant|contact`)
	// The names of what says who that is, and how to reach them.
	whoElement   = regexp.MustCompile(`(?i)^(?:nom|pren(?:om)?|name|contact_point)$`)
	phoneElement = regexp.MustCompile(`(?i)^(?:tel|tele?(?:phone|fax)|fax|phone)$`)
	mailElement  = regexp.MustCompile(`(?i)^(?:mel|e_?-?mail|courriel|electronicmail)$`)
	// identifies names what must stay to the digit, though it may look like a telephone.
	identifies = regexp.MustCompile(`(?i)(?:^|[a-z_])id$|^idweb$|siret|siren|^uid`)
)

// maskNamed masks a text by its name and the names of what it is in.
func maskNamed(text, name string, within []string) string {
	if strings.TrimSpace(text) == "" || identifies.MatchString(name) {
		return text
	}
	if strings.EqualFold(name, "contact_point") || slices.ContainsFunc(within, contactOf.MatchString) {
		switch {
		case whoElement.MatchString(name):
			return maskedName
		case phoneElement.MatchString(name):
			return maskedPhone
		case mailElement.MatchString(name):
			return maskedMail
		}
	}
	if recognise([]byte(text[:min(len(text), sniffSize)])) == formatJSON {
		return maskJSON(text) // JSON in a string, as the BOAMP prints its full text
	}
	return mask(text)
}

// maskJSON masks the strings of a JSON text and what is between them, which
// holds words only where the text is broken.
func maskJSON(text string) string {
	var out strings.Builder
	eachLiteral(text, func(l literal) {
		switch l.kind {
		case aKey:
			out.WriteString(l.raw)
		case aValue:
			out.WriteString(maskLiteral(l))
		default:
			out.WriteString(mask(l.raw))
		}
	})
	return out.String()
}

func maskLiteral(l literal) string {
	var text string
	if err := json.Unmarshal([]byte(l.raw), &text); err != nil {
		return mask(l.raw)
	}
	masked := maskNamed(text, l.name, l.within)
	if masked == text {
		return l.raw // as it was written
	}
	return quoted(masked)
}

// quoted writes a JSON string without escaping what HTML would.
func quoted(text string) string {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(text) // a string is always encoded
	return strings.TrimSuffix(out.String(), "\n")
}

// literal is a piece of a JSON text: a key, a string with the key it is under
// and those around, or what is between them.
type literal struct {
	kind   literalKind
	raw    string
	name   string
	within []string
}

type literalKind int

const (
	between literalKind = iota
	aKey
	aValue
)

// eachLiteral cuts a JSON text, well formed or not, into its pieces.
func eachLiteral(text string, visit func(literal)) {
	var within []string
	key, from := "", 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '{':
			within, key = append(within, key), ""
		case '}':
			within = within[:max(0, len(within)-1)]
		case '"':
			if from < i {
				visit(literal{kind: between, raw: text[from:i]})
			}
			from = closing(text, i)
			l := literal{kind: aValue, raw: text[i:from], name: key, within: within}
			if strings.HasPrefix(strings.TrimLeft(text[from:min(len(text), from+window)], " \t\r\n"), ":") {
				l.kind, key = aKey, strings.Trim(l.raw, `"`)
			}
			visit(l)
			i = from - 1
		}
	}
	if from < len(text) {
		visit(literal{kind: between, raw: text[from:]})
	}
}

// closing is the end of the string that opens at a quote, the end of the text
// when it is not closed.
func closing(text string, quote int) int {
	for i := quote + 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(text)
}

const cdata = "<![CDATA["

// maskXML masks what is between the tags of an XML text, and addresses in them.
func maskXML(text string) string {
	var out strings.Builder
	var within []string
	write := func(run string) {
		name := ""
		if len(within) > 0 {
			name = within[len(within)-1]
		}
		out.WriteString(maskNamed(run, name, within[:max(0, len(within)-1)]))
	}
	for text != "" {
		at := strings.IndexByte(text, '<')
		if at < 0 {
			write(text)
			break
		}
		write(text[:at])
		text = text[at:]
		if strings.HasPrefix(text, cdata) {
			end := endOf(text, "]]>")
			out.WriteString(cdata)
			write(strings.TrimSuffix(text[len(cdata):end], "]]>"))
			out.WriteString("]]>")
			text = text[end:]
			continue
		}
		end := endOf(text, ">")
		if strings.HasPrefix(text, "<!--") {
			end = endOf(text, "-->")
		}
		out.WriteString(maskMails(text[:end]))
		within = followTag(within, text[:end])
		text = text[end:]
	}
	return out.String()
}

// endOf is the end of the first mark in a text, its own when there is none.
func endOf(text, mark string) int {
	if i := strings.Index(text, mark); i >= 0 {
		return i + len(mark)
	}
	return len(text)
}

// followTag follows a tag into its element, or out of it.
func followTag(within []string, tag string) []string {
	switch {
	case strings.HasPrefix(tag, "</"):
		return within[:max(0, len(within)-1)]
	case len(tag) < 2 || tag[1] == '!' || tag[1] == '?' || strings.HasSuffix(tag, "/>"):
		return within
	}
	name, _, _ := strings.Cut(strings.TrimRight(tag[1:], "> \t\r\n"), " ")
	_, name = splitName(name)
	return append(within, name)
}
