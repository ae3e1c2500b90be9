package territories

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// date reads "au 1er janvier 2012", "au 2012-01-01", "en 2012", "as of 1
// January 2012", or gives the words back.
func (p *wordReader) date() (Date, bool) {
	mark := p.at
	if p.take("au", "as of", "on", "en", "in") {
		if d, ok := p.day(); ok {
			return d, true
		}
	}
	p.at = mark
	return Date{}, false
}

func (p *wordReader) day() (Date, bool) {
	if d, err := ParseDate(p.next()); err == nil {
		p.at++
		return d, true
	}
	if p.at < len(p.tokens) && len(p.next()) == 4 && digits(p.next()) {
		y, _ := strconv.Atoi(p.next())
		p.at++
		return Date{y, 1, 1}, true
	}
	if p.at+3 > len(p.tokens) {
		return Date{}, false
	}
	day, err := strconv.Atoi(strings.TrimSuffix(p.tokens[p.at].text, "er"))
	month := monthNamed(p.tokens[p.at+1].text)
	year, err2 := strconv.Atoi(p.tokens[p.at+2].text)
	if err != nil || err2 != nil || month == 0 {
		return Date{}, false
	}
	d, err := ParseDate(fmt.Sprintf("%04d-%02d-%02d", year, month, day))
	if err != nil {
		return Date{}, false
	}
	p.at += 3
	return d, true
}

func monthNamed(word string) int {
	for i, fr := range monthsFR {
		if word == Fold(fr) {
			return i + 1
		}
	}
	en := []string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"}
	return slices.Index(en, word) + 1
}
