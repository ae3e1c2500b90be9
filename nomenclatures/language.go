package nomenclatures

import "golang.org/x/text/language"

// KnownLanguage tells whether a code of two letters, in lower case, is that of a
// language: ISO 639-1, with the withdrawn codes that are still written (iw, in, ji,
// mo, sh).
func KnownLanguage(code string) bool {
	base, err := language.ParseBase(code)
	return err == nil && len(code) == 2 && base.String() == code
}
