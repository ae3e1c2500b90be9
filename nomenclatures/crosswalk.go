package nomenclatures

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
)

//go:embed crosswalk.txt
var crosswalkText string

// crosswalk is the table that joins the schemes, indexed both ways.
type crosswalk struct {
	groups   []groupInfo
	sectors  []SectorInfo
	words    [][]phrase // by sector ordinal
	ordinal  map[Sector]int
	silent   map[Descriptor]string // descriptors that say nothing of the trade, with the reason
	mute     []string              // wordings that mean no trade
	works    []string              // what announces that a place is built or studied
	studies  []string              // what announces that a trade is studied, taught or pleaded
	counsel  []string              // groups whose trades study, teach or plead
	onPlaces []string              // groups whose trades are done on a place
	near     map[[2]ROME]bool      // occupations close to one another, both orders

	bySector     []node
	byCPV        map[CPV]*node
	byNAF        map[NAF]*node
	byROME       map[ROME]*node
	byDescriptor map[Descriptor]*node
}

type groupInfo struct{ slug, fr, en string }

// phrase is one wording of a sector as written in the table. Weak ones are
// words that other trades use as well; those for searching alone are what people
// type and what a notice may say of something else.
type phrase struct {
	text       string
	weak       bool
	searchOnly bool
}

// joined is the crosswalk, read and indexed once.
var joined = sync.OnceValue(func() *crosswalk {
	t := tables()
	x, err := readCrosswalk(crosswalkText, t.tellingNAF())
	if err != nil {
		panic(err)
	}
	x.index(t)
	return x
})

// readCrosswalk reads the text form. A line is a keyword and its content:
//
//	group    slug | French name | English name      opens a group
//	sector   slug | French name | English name      opens a sector of the group
//	staffing                                        the sector lends staff
//	cpv      prefixes without their trailing zeros
//	naf      dotted codes; 31.* is every listed code that begins so and tells
//	rome     codes
//	boamp    descriptors
//	words    wordings, separated by commas
//	also     wordings for searching alone
//	silent   descriptor | reason                    says nothing of the trade
//	mute     wordings that hold a word of a trade and do not mean it
//	works    what announces that a place is built, altered or studied
//	place    groups whose trades are done on a place
//	study    what announces that the trade named next is studied or taught
//	counsel  groups whose trades study or teach
//	near     occupations close to one another, every pair of the line
//
// A code or wording after ~ is loose: it may mean the sector.
func readCrosswalk(text string, nafCodes []NAF) (*crosswalk, error) {
	r := &crosswalkReader{nafCodes: nafCodes, x: &crosswalk{
		ordinal: map[Sector]int{},
		silent:  map[Descriptor]string{},
		near:    map[[2]ROME]bool{},
	}}
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		keyword, content, _ := strings.Cut(line, " ")
		if err := r.line(keyword, strings.TrimSpace(content)); err != nil {
			return nil, fmt.Errorf("crosswalk line %d: %w", number, err)
		}
	}
	return r.x, nil
}

// crosswalkReader remembers the sector that is open.
type crosswalkReader struct {
	x        *crosswalk
	open     *SectorInfo
	nafCodes []NAF // those that say something of the trade
}

func (r *crosswalkReader) line(keyword, content string) error {
	switch keyword {
	case "group":
		return r.group(content)
	case "sector":
		return r.sector(content)
	case "silent":
		return r.silent(content)
	case "mute":
		return appendWords(content, &r.x.mute)
	case "works":
		return appendWords(content, &r.x.works)
	case "study":
		return appendWords(content, &r.x.studies)
	case "counsel":
		r.x.counsel = append(r.x.counsel, strings.Fields(content)...)
		return nil
	case "place":
		r.x.onPlaces = append(r.x.onPlaces, strings.Fields(content)...)
		return nil
	case "near":
		return r.near(content)
	}
	if r.open == nil {
		return fmt.Errorf("%s before any sector", keyword)
	}
	switch keyword {
	case "staffing":
		r.open.Staffing = true
		return nil
	case "cpv":
		return appendCodes(content, &r.open.CPV, &r.open.LooseCPV, parsePrefix)
	case "naf":
		return r.naf(content)
	case "rome":
		return appendCodes(content, &r.open.ROME, &r.open.LooseROME, ParseROME)
	case "boamp":
		return appendCodes(content, &r.open.Descriptors, &r.open.LooseDescriptors, ParseDescriptor)
	case "words":
		return r.words(content, false)
	case "also":
		return r.words(content, true)
	}
	return fmt.Errorf("unknown keyword %q", keyword)
}

func (r *crosswalkReader) group(content string) error {
	f, err := threeNames(content)
	if err != nil {
		return err
	}
	r.x.groups = append(r.x.groups, groupInfo{f[0], f[1], f[2]})
	r.open = nil
	return nil
}

func (r *crosswalkReader) sector(content string) error {
	f, err := threeNames(content)
	if err != nil {
		return err
	}
	if len(r.x.groups) == 0 {
		return fmt.Errorf("sector %s before any group", f[0])
	}
	code := Sector(f[0])
	if _, twice := r.x.ordinal[code]; twice {
		return fmt.Errorf("sector %s is listed twice", code)
	}
	group := r.x.groups[len(r.x.groups)-1]
	r.x.ordinal[code] = len(r.x.sectors)
	r.x.sectors = append(r.x.sectors, SectorInfo{
		Code: code, FR: f[1], EN: f[2],
		Group: group.slug, GroupFR: group.fr, GroupEN: group.en,
	})
	r.x.words = append(r.x.words, nil)
	r.open = &r.x.sectors[len(r.x.sectors)-1]
	return nil
}

func (r *crosswalkReader) silent(content string) error {
	code, reason, ok := strings.Cut(content, "|")
	d, err := ParseDescriptor(code)
	if err != nil || !ok {
		return fmt.Errorf("silent %q: a descriptor and a reason are expected", content)
	}
	r.x.silent[d] = strings.TrimSpace(reason)
	return nil
}

func appendWords(content string, list *[]string) error {
	for w := range strings.SplitSeq(content, ",") {
		w = strings.TrimSpace(w)
		if w == "" {
			return fmt.Errorf("an empty wording in %q", content)
		}
		*list = append(*list, w)
	}
	return nil
}

func (r *crosswalkReader) near(content string) error {
	var list []ROME
	if err := appendCodes(content, &list, &list, ParseROME); err != nil {
		return err
	}
	for _, a := range list {
		for _, b := range list {
			if a != b {
				r.x.near[[2]ROME{a, b}] = true
			}
		}
	}
	return nil
}

// naf reads codes one by one, then spreads each prefix over the listed codes
// that say something and are not named on the line.
func (r *crosswalkReader) naf(content string) error {
	var exact, prefixes []string
	for _, f := range strings.Fields(content) {
		if head, ok := strings.CutSuffix(f, "*"); ok {
			prefixes = append(prefixes, head)
			continue
		}
		exact = append(exact, f)
	}
	if err := appendCodes(strings.Join(exact, " "), &r.open.NAF, &r.open.LooseNAF, ParseNAF); err != nil {
		return err
	}
	for _, p := range prefixes {
		if err := r.spread(p); err != nil {
			return err
		}
	}
	return nil
}

func (r *crosswalkReader) spread(prefix string) error {
	head, loose := strings.CutPrefix(prefix, "~")
	list := &r.open.NAF
	if loose {
		list = &r.open.LooseNAF
	}
	found := false
	for _, c := range r.nafCodes {
		if !strings.HasPrefix(c.Dotted(), head) {
			continue
		}
		found = true
		if !slices.Contains(r.open.NAF, c) && !slices.Contains(r.open.LooseNAF, c) {
			*list = append(*list, c)
		}
	}
	if !found {
		return fmt.Errorf("NAF %s*: no listed code begins so", head)
	}
	return nil
}

func (r *crosswalkReader) words(content string, searchOnly bool) error {
	at := len(r.x.sectors) - 1
	for w := range strings.SplitSeq(content, ",") {
		w, weak := strings.CutPrefix(strings.TrimSpace(w), "~")
		if w == "" {
			return fmt.Errorf("an empty wording in %q", content)
		}
		r.x.words[at] = append(r.x.words[at], phrase{text: w, weak: weak, searchOnly: searchOnly})
	}
	return nil
}

func threeNames(content string) ([]string, error) {
	f := strings.Split(content, "|")
	if len(f) != 3 {
		return nil, fmt.Errorf("%q: slug | French | English is expected", content)
	}
	for i := range f {
		if f[i] = strings.TrimSpace(f[i]); f[i] == "" {
			return nil, fmt.Errorf("%q: an empty name", content)
		}
	}
	return f, nil
}

// parsePrefix reads a CPV without its trailing zeros.
func parsePrefix(s string) (CPV, error) {
	if len(s) < 2 || len(s) > 8 {
		return "", fmt.Errorf("CPV prefix %q: two to eight digits are expected", s)
	}
	return ParseCPV(s + "00000000"[len(s):])
}

func appendCodes[T ~string](content string, strong, loose *[]T, parse func(string) (T, error)) error {
	for _, f := range strings.Fields(content) {
		text, isLoose := strings.CutPrefix(f, "~")
		c, err := parse(text)
		if err != nil {
			return err
		}
		list := strong
		if isLoose {
			list = loose
		}
		if slices.Contains(*strong, c) || slices.Contains(*loose, c) {
			return fmt.Errorf("%s is listed twice", c)
		}
		*list = append(*list, c)
	}
	return nil
}
