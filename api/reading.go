package api

import (
	"regexp"
	"strings"
	"sync"

	"maillage/internal/fault"
)

// phrase is one thing huma says of a value, with its stable code and our
// French; {} stands for what it quotes of the schema.
type phrase struct{ en, code, fr string }

// phrases follow huma's package validation and its reading of parameters; a
// test checks that each of those is here. The quoted text of a parse error is
// not repeated: it may hold the value.
func phrases() []phrase {
	return []phrase{
		{"unknown query parameter", "unknown-parameter", "Ce paramètre n’existe pas."},
		{"required {} parameter is missing", "required", "Ce paramètre est obligatoire."},
		{"invalid integer", "integer", "Un nombre entier est attendu."},
		{"invalid float", "number", "Un nombre est attendu."},
		{"invalid boolean", "boolean", "« true » ou « false » est attendu."},
		{"invalid date/time for format {}", "date-time", "Un instant est attendu, comme 2026-12-31T12:00:00Z."},
		{"invalid JSON: {}", "json", "Ce n’est pas du JSON."},
		{errNUL.Error(), "nul", "Un texte contient le caractère U+0000, qui ne se garde pas."},
		{"unexpected property", "unknown-property", "Ce champ n’existe pas."},
		{"expected string to be RFC 3339 date-time", "date-time", "Un instant est attendu, comme 2026-12-31T12:00:00Z."},
		{"expected string to be RFC 1123 date-time", "date-time", "Un instant est attendu, comme Mon, 02 Jan 2006 15:04:05 GMT."},
		{"expected string to be RFC 3339 date", "date", "Une date est attendue, comme 2026-12-31."},
		{"expected string to be RFC 3339 time", "time", "Une heure est attendue, comme 12:00:00Z."},
		{"expected string to be RFC 5322 email: {}", "email", "Une adresse électronique est attendue."},
		{"expected string to be RFC 5322 email (addr-spec only, no display name)", "email", "Une adresse électronique seule est attendue, sans nom."},
		{"expected string to be RFC 5890 hostname", "hostname", "Un nom de machine est attendu."},
		{"expected string to be RFC 2673 ipv4", "ipv4", "Une adresse IPv4 est attendue."},
		{"expected string to be RFC 2373 ipv6", "ipv6", "Une adresse IPv6 est attendue."},
		{"expected string to be either RFC 2673 ipv4 or RFC 2373 ipv6", "ip", "Une adresse IP est attendue."},
		{"expected string to be RFC 3986 uri: {}", "uri", "Une adresse web est attendue."},
		{"expected string to be RFC 3986 absolute uri (non-empty scheme)", "uri", "Une adresse web complète est attendue."},
		{"expected string to be RFC 4122 uuid: {}", "uuid", "Un UUID est attendu."},
		{"expected string to be RFC 6570 uri-template", "uri-template", "Un modèle d’adresse est attendu."},
		{"expected string to be RFC 6901 json-pointer", "json-pointer", "Un pointeur JSON est attendu."},
		{"expected string to be RFC 6901 relative-json-pointer", "json-pointer", "Un pointeur JSON relatif est attendu."},
		{"expected string to be regex: {}", "regex", "Une expression régulière est attendue."},
		{"expected value to match at least one schema but matched none", "shape", "La forme de cette valeur n’est pas comprise."},
		{"expected value to match exactly one schema but matched none", "shape", "La forme de cette valeur n’est pas comprise."},
		{"expected value to match exactly one schema but matched multiple", "shape", "La forme de cette valeur est ambiguë."},
		{"expected value to not match schema", "shape", "La forme de cette valeur n’est pas permise."},
		{"expected propertyName value to be present in object", "required", "Ce champ manque."},
		{"expected boolean", "boolean", "« true » ou « false » est attendu."},
		{"expected duration: {}", "duration", "Une durée est attendue."},
		{"expected number", "number", "Un nombre est attendu."},
		{"expected integer", "integer", "Un nombre entier est attendu."},
		{"expected string", "string", "Un texte est attendu."},
		{"expected string to be base64 encoded", "base64", "Un texte en base64 est attendu."},
		{"expected array", "array", "Une liste est attendue."},
		{"expected object", "object", "Un objet est attendu."},
		{"expected array items to be unique", "repeated", "Une valeur est répétée."},
		{"expected value to be one of \"{}\"", "enum", "Valeurs possibles : {}."},
		{"expected value to be {}", "const", "La valeur attendue est {}."},
		{"expected number >= {}", "minimum", "Un nombre d’au moins {} est attendu."},
		{"expected number > {}", "minimum", "Un nombre supérieur à {} est attendu."},
		{"expected number <= {}", "maximum", "Un nombre d’au plus {} est attendu."},
		{"expected number < {}", "maximum", "Un nombre inférieur à {} est attendu."},
		{"expected number to be a multiple of {}", "multiple", "Un multiple de {} est attendu."},
		{"expected length >= {}", "too-short", "Au moins {} caractères sont attendus."},
		{"expected length <= {}", "too-long", "Au plus {} caractères sont attendus."},
		{"expected string to be {}", "pattern", "Ce texte n’a pas la forme attendue."},
		{"expected string to match pattern {}", "pattern", "Ce texte n’a pas la forme attendue : {}"},
		{"expected array length >= {}", "too-few", "Au moins {} éléments sont attendus."},
		{"expected array length <= {}", "too-many", "Au plus {} éléments sont attendus."},
		{"expected object with at least {} properties", "too-few", "Au moins {} champs sont attendus."},
		{"expected object with at most {} properties", "too-many", "Au plus {} champs sont attendus."},
		{"expected required property {} to be present", "required", "Le champ {} manque."},
		{"expected property {} to be present when {} is present", "required", "Le champ {} manque."},
		{"expected $ref to resolve: {}", "shape", "La forme de cette valeur n’est pas comprise."},
		{"expected schema $ref to resolve: {}", "shape", "La forme de cette valeur n’est pas comprise."},
		{"expected at most one value, but received multiple values", "repeated", "Une seule valeur est attendue."},
	}
}

type reader struct {
	phrase
	pattern *regexp.Regexp
}

var readers = sync.OnceValue(func() []reader {
	var out []reader
	for _, p := range phrases() {
		quoted := strings.ReplaceAll(regexp.QuoteMeta(p.en), `\{\}`, "(.*)")
		out = append(out, reader{p, regexp.MustCompile(`(?s)^` + quoted + `$`)})
	}
	return out
})

// reading gives the stable code and both languages of something huma says; the
// most precise phrase wins (the one that quotes least).
func reading(message string) (code string, text fault.Text) {
	best := -1
	for i, r := range readers() {
		if r.pattern.MatchString(message) && (best < 0 || len(r.en) > len(readers()[best].en)) {
			best = i
		}
	}
	if best < 0 {
		return "unreadable", fault.Text{FR: "Cette valeur n’est pas comprise.", EN: "This value is not understood."}
	}
	r := readers()[best]
	said := r.pattern.FindStringSubmatch(message)
	fr, en := r.fr, message
	if len(said) > 1 {
		fr = strings.Replace(fr, "{}", said[1], 1)
	}
	if before, _, quotes := strings.Cut(r.en, ": {}"); quotes {
		en = before // what follows is the parser's own text
	}
	return r.code, fault.Text{FR: fr, EN: upper(en) + "."}
}

func upper(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
