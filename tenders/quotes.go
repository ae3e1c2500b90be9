package tenders

import "unicode"

// wholeWords lets each passage that is quoted begin and end with a word: what
// makes a clause may be the beginning of one ("bénéficiaire" of "bénéficiaires"),
// a quotation may not.
func (d *draft) wholeWords() {
	texts := map[string][]rune{}
	d.quoteWords(&d.Social, texts)
	for i := range d.Lots {
		d.quoteWords(&d.Lots[i].Social, texts)
	}
}

// quoteWords keeps in texts the fields already read.
func (d *draft) quoteWords(s *Social, texts map[string][]rune) {
	for i := range s.Evidence {
		e := &s.Evidence[i]
		if e.Kind != Quote {
			continue
		}
		text, read := texts[e.Field]
		if !read {
			text = []rune(passageOf(d.Notice, e.Field))
			texts[e.Field] = text
		}
		e.wholeWords(text)
	}
	s.sortEvidence() // two passages may now be one
}

func (e *Evidence) wholeWords(text []rune) {
	if e.End > len(text) || e.Start >= e.End {
		return
	}
	for e.Start > 0 && ofWord(text[e.Start]) && ofWord(text[e.Start-1]) {
		e.Start--
	}
	for e.End < len(text) && ofWord(text[e.End]) && ofWord(text[e.End-1]) {
		e.End++
	}
	e.Quote = string(text[e.Start:e.End])
}

func ofWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) }
