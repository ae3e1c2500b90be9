package web

import (
	"embed"
	"fmt"
	"html"
	"html/template"
	"io/fs"
	"path"
	"strings"
	"time"
	_ "time/tzdata" // the deadlines are in Paris time wherever the program runs

	"encoding/json"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed locales/*.json
var localeFiles embed.FS

// Lang is a language that the pages speak.
type Lang string

// French comes first: it is what a visitor gets who asks for neither.
const (
	French  Lang = "fr"
	English Lang = "en"
)

// Langs lists the languages in order of preference.
func Langs() []Lang { return []Lang{French, English} }

// Locale says things in one language: messages, numbers, money, dates. It is safe for concurrent use.
type Locale struct {
	Lang     Lang
	words    *i18n.Localizer
	messages map[string]bool
	zone     *time.Location
}

// loadLocales reads locales/NAME.LANG.json, one file a page or a group of components. French
// messages are written with plain spaces and get their typography here (typo).
func loadLocales() (map[Lang]*Locale, error) {
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		return nil, fmt.Errorf("load the time zone of the deadlines: %w", err)
	}
	bundle := i18n.NewBundle(language.French)
	bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	known := map[Lang]map[string]bool{French: {}, English: {}}
	files, err := fs.Glob(localeFiles, "locales/*.json")
	if err != nil {
		return nil, fmt.Errorf("list the messages: %w", err)
	}
	for _, file := range files {
		lang, err := langOfFile(file)
		if err != nil {
			return nil, err
		}
		raw, err := fs.ReadFile(localeFiles, file)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", file, err)
		}
		parsed, err := bundle.ParseMessageFileBytes(raw, file)
		if err != nil {
			return nil, fmt.Errorf("parse %s: %w", file, err)
		}
		for _, m := range parsed.Messages {
			if known[lang][m.ID] {
				return nil, fmt.Errorf("%s says %s again", file, m.ID)
			}
			known[lang][m.ID] = true
			if lang == French {
				frenchSpaces(m)
			}
		}
		if err := bundle.AddMessages(parsed.Tag, parsed.Messages...); err != nil {
			return nil, fmt.Errorf("add %s: %w", file, err)
		}
	}
	locales := map[Lang]*Locale{}
	for _, lang := range Langs() {
		locales[lang] = &Locale{Lang: lang, words: i18n.NewLocalizer(bundle, string(lang)), messages: known[lang], zone: zone}
	}
	return locales, nil
}

func langOfFile(file string) (Lang, error) {
	base := strings.TrimSuffix(path.Base(file), ".json")
	_, lang, ok := strings.Cut(base, ".")
	if !ok || (Lang(lang) != French && Lang(lang) != English) {
		return "", fmt.Errorf("%s is not NAME.fr.json or NAME.en.json", file)
	}
	return Lang(lang), nil
}

func frenchSpaces(m *i18n.Message) {
	for _, form := range []*string{&m.Zero, &m.One, &m.Two, &m.Few, &m.Many, &m.Other} {
		*form = typo(*form)
	}
	if m.Many == "" { // French has a plural of its own for millions; ours read the same.
		m.Many = m.Other
	}
}

// typo puts the spaces of French typography: U+202F before ; ! ?, U+00A0 before : % € and
// inside guillemets. (The typeface draws U+202F at a tenth of an em, too thin for the latter.)
func typo(s string) string {
	return typoReplacer.Replace(s)
}

var typoReplacer = strings.NewReplacer(
	" ;", "\u202f;", " !", "\u202f!", " ?", "\u202f?",
	" :", "\u00a0:", " %", "\u00a0%", " €", "\u00a0€",
	"« ", "«\u00a0", " »", "\u00a0»", "'", "’",
)

// T says a message. Arguments are pairs: a name and its value. A key that does not exist is
// shown as it is, and a test refuses it.
func (l *Locale) T(key string, args ...any) string {
	return l.say(key, nil, pairs(args))
}

// N says a message that depends on a count; the message has it as .N, in the manner of the language.
func (l *Locale) N(key string, n int, args ...any) string {
	data := pairs(args)
	data["N"] = l.Num(n)
	return l.say(key, n, data)
}

// H is T for messages that hold markup: the arguments are escaped, the message is ours.
func (l *Locale) H(key string, args ...any) template.HTML {
	return template.HTML(l.say(key, nil, escaped(pairs(args)))) //nolint:gosec // the message is embedded, its arguments are escaped
}

// NH is N for messages that hold markup.
func (l *Locale) NH(key string, n int, args ...any) template.HTML {
	data := escaped(pairs(args))
	data["N"] = l.Num(n)
	return template.HTML(l.say(key, n, data)) //nolint:gosec // the message is embedded, its arguments are escaped
}

// Has says whether a message exists.
func (l *Locale) Has(key string) bool { return l.messages[key] }

func (l *Locale) say(key string, count any, data map[string]any) string {
	said, err := l.words.Localize(&i18n.LocalizeConfig{MessageID: key, PluralCount: count, TemplateData: data})
	if err != nil {
		return key
	}
	return said
}

func pairs(args []any) map[string]any {
	data := make(map[string]any, len(args)/2+1)
	for i := 0; i+1 < len(args); i += 2 {
		data[fmt.Sprint(args[i])] = args[i+1]
	}
	return data
}

func escaped(data map[string]any) map[string]any {
	for name, value := range data {
		if _, trusted := value.(template.HTML); !trusted {
			data[name] = html.EscapeString(fmt.Sprint(value))
		}
	}
	return data
}
