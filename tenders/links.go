package tenders

import (
	"net/url"
	"regexp"
	"strings"
)

// WarnBadLink: an address that is none, or not of the web.
const WarnBadLink = "bad_link"

var bareHost = regexp.MustCompile(`^(?:[a-zA-Z0-9-]+\.)+[a-zA-Z]{2,}(?:[/?#:].*)?$`)

// link keeps the first usable web address. Publishers write "www.edf.com"; it
// gets its scheme back. Any scheme but http and https is refused, because the
// address ends in a page.
func (d *draft) link(target *string, field, raw, path string) {
	if *target != "" || tidy(raw) == "" {
		return
	}
	text := tidy(raw)
	if bareHost.MatchString(text) {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		d.warn(WarnBadLink, field, "the address %.80q is not kept", text)
		return
	}
	*target = text
	d.from(field, path)
}

// tedPage is the page of a notice on TED, from its OJ number.
func tedPage(number string) string {
	return "https://ted.europa.eu/fr/notice/-/detail/" + ojKey(number)
}

var ojOld = regexp.MustCompile(`^(\d{4})/S\s*\d+-(\d+)$`)

// ojKey puts an OJ number in one form, "270438-2019", whether it is written
// "2019/S 110-270438", "00270438-2019" or "270438-2019".
func ojKey(number string) string {
	number = tidy(number)
	if m := ojOld.FindStringSubmatch(number); m != nil {
		number = m[2] + "-" + m[1]
	}
	return strings.TrimLeft(number, "0")
}
