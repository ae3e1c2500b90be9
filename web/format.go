package web

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const nbsp = "\u00a0"

// Num writes a whole number: 59 587 in French, 59,587 in English.
func (l *Locale) Num(n int) string {
	return l.Decimal(float64(n), 0)
}

// Decimal writes a number with at most so many decimals, without trailing zeros.
func (l *Locale) Decimal(x float64, decimals int) string { return l.decimal(x, decimals, true) }

func (l *Locale) decimal(x float64, decimals int, trim bool) string {
	s := strconv.FormatFloat(math.Abs(x), 'f', decimals, 64)
	whole, part, _ := strings.Cut(s, ".")
	if trim {
		part = strings.TrimRight(part, "0")
	}
	group, comma := nbsp, ","
	if l.Lang == English {
		group, comma = ",", "."
	}
	var b strings.Builder
	if x < 0 && strings.Trim(s, "0.") != "" {
		b.WriteString("−")
	}
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(group)
		}
		b.WriteRune(digit)
	}
	if part != "" {
		b.WriteString(comma + part)
	}
	return b.String()
}

// Percent writes a share (0 to 1) in whole percents, never 100 for less nor 0 for more.
func (l *Locale) Percent(share float64) string {
	p := math.Round(share * 100)
	if p == 100 && share < 1 {
		p = 99
	}
	if p == 0 && share > 0 {
		p = 1
	}
	if l.Lang == English {
		return l.Num(int(p)) + "%"
	}
	return l.Num(int(p)) + nbsp + "%"
}

// Share writes a share (0 to 1) in percents with a tenth at most, as it was agreed.
func (l *Locale) Share(share float64) string {
	if l.Lang == English {
		return l.Decimal(100*share, 1) + "%"
	}
	return l.Decimal(100*share, 1) + nbsp + "%"
}

// Points writes a score of 0 to 100 as whole percents.
func (l *Locale) Points(score float64) string { return l.Num(int(math.Round(score))) }

// Money writes an amount; cents only where there are some.
func (l *Locale) Money(amount float64, currency string) string {
	number := l.Decimal(amount, 0)
	if cents := math.Round(math.Abs(amount)*100) / 100; cents != math.Trunc(cents) {
		number = l.decimal(amount, 2, false)
	}
	sign := currency
	if currency == "" || currency == "EUR" {
		sign = "€"
	}
	if l.Lang == English && sign == "€" {
		return sign + number
	}
	return number + nbsp + sign
}

// Km writes a distance: whole kilometres from ten, one decimal under.
func (l *Locale) Km(km float64) string {
	decimals := 1
	if km >= 10 {
		decimals = 0
	}
	return l.Decimal(km, decimals) + nbsp + "km"
}

var (
	weekdays = map[Lang][7]string{
		French:  {"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"},
		English: {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
	}
	months = map[Lang][13]string{
		French:  {"", "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
		English: {"", "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	}
)

// Weekday is the day's name: lundi.
func (l *Locale) Weekday(t time.Time) string { return weekdays[l.Lang][t.In(l.zone).Weekday()] }

// DayMonth is the date without weekday nor year: 7 décembre, 1er décembre.
func (l *Locale) DayMonth(t time.Time) string {
	t = t.In(l.zone)
	day := strconv.Itoa(t.Day())
	if l.Lang == French && t.Day() == 1 {
		day = "1er"
	}
	return day + nbsp + months[l.Lang][t.Month()]
}

// Day is the date in words with its weekday: lundi 7 décembre.
func (l *Locale) Day(t time.Time) string { return l.Weekday(t) + " " + l.DayMonth(t) }

// Date is the date in words with its weekday and its year: lundi 7 décembre 2026.
func (l *Locale) Date(t time.Time) string {
	return l.Day(t) + " " + strconv.Itoa(t.In(l.zone).Year())
}

// ShortDate is the date without weekday, with its year: 7 décembre 2026.
func (l *Locale) ShortDate(t time.Time) string {
	return l.DayMonth(t) + " " + strconv.Itoa(t.In(l.zone).Year())
}

// Hour is the time of the day: 12 h, 9 h 30.
func (l *Locale) Hour(t time.Time) string {
	t = t.In(l.zone)
	if l.Lang == English {
		return t.Format("15:04")
	}
	if t.Minute() == 0 {
		return fmt.Sprintf("%d%sh", t.Hour(), nbsp)
	}
	return fmt.Sprintf("%d%sh%s%02d", t.Hour(), nbsp, nbsp, t.Minute())
}

// When is a day with its hour; the year shows when it is not the one of now.
func (l *Locale) When(t, now time.Time) string {
	day := l.Day(t)
	if t.In(l.zone).Year() != now.In(l.zone).Year() {
		day = l.Date(t)
	}
	return day + ", " + l.Hour(t)
}

// Ago says how long ago an instant was, in one unit.
func (l *Locale) Ago(t, now time.Time) string {
	d := now.Sub(t)
	switch {
	case d < time.Minute:
		return l.T("time.now")
	case d < time.Hour:
		return l.N("time.minutes_ago", int(d.Minutes()))
	case d < 24*time.Hour:
		return l.N("time.hours_ago", int(d.Hours()))
	case d < 14*24*time.Hour:
		return l.N("time.days_ago", int(d.Hours()/24))
	}
	return l.T("time.on", "Date", l.ShortDate(t))
}

// Duration writes a length of time in its two largest units: 2 min 5 s.
func (l *Locale) Duration(d time.Duration) string {
	d = d.Round(time.Second)
	switch {
	case d < time.Second:
		return "<" + nbsp + "1" + nbsp + "s"
	case d < time.Minute:
		return fmt.Sprintf("%d%ss", int(d.Seconds()), nbsp)
	case d < time.Hour:
		return fmt.Sprintf("%d%smin%s%d%ss", int(d.Minutes()), nbsp, nbsp, int(d.Seconds())%60, nbsp)
	}
	return fmt.Sprintf("%d%sh%s%02d", int(d.Hours()), nbsp, nbsp, int(d.Minutes())%60)
}

// Count writes a small number in words, as a title does (Trois choses…), and in figures past ten.
func (l *Locale) Count(n int) string {
	words := map[Lang][]string{
		French:  {"aucun", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix"},
		English: {"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"},
	}[l.Lang]
	if n >= 0 && n < len(words) {
		return words[n]
	}
	return l.Num(n)
}

// upperFirst capitalises the first letter of a sentence.
func upperFirst(s string) string {
	for i, r := range s {
		return strings.ToUpper(string(r)) + s[i+len(string(r)):]
	}
	return s
}

// number reads a number as people write it in the language: groups parted by a space, or by a
// comma in English; decimals after a comma or a point. In English "2,5" is still two and a half: only
// a comma before exactly three digits parts a group.
func (l *Locale) number(text string) (float64, bool) {
	text = strings.NewReplacer(" ", "", nbsp, "", "\u202f", "", "€", "", "−", "-").Replace(text)
	if l.Lang == English && groups.MatchString(text) {
		text = strings.ReplaceAll(text, ",", "")
	}
	n, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
	return n, err == nil && !math.IsNaN(n) && !math.IsInf(n, 0)
}

var groups = regexp.MustCompile(`^-?\d{1,3}(,\d{3})+(\.\d*)?$`)
