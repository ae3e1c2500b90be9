package tenders

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// The essential data as a table: one row for each holder of a contract. The
// columns are told by the header, whose names vary ("acheteur.id",
// "acheteur_id", "titulaire_id_1"…), and so is the separator. The rows of one
// contract mostly follow one another, not always: a bounded number of contracts
// is kept open to gather them.

// openContracts and openBytes are how many contracts await more rows, and what
// their cells may take together.
const (
	openContracts = 4096
	openBytes     = 16 << 20
)

// headerLine is the first line of a table of contracts.
func headerLine(head []byte) string {
	line, _, _ := bytes.Cut(withoutBOM(head), []byte("\n"))
	line, _, _ = bytes.Cut(bytes.TrimRight(line, "\r"), []byte("\r"))
	return string(line)
}

// lineReader gives the lines of a table whose lines end in a lone CR the end of
// the others.
func lineReader(head []byte, r io.Reader) io.Reader {
	if bytes.IndexByte(head, '\n') >= 0 || bytes.IndexByte(head, '\r') < 0 {
		return r
	}
	return &oldLines{r}
}

type oldLines struct{ in io.Reader }

func (o *oldLines) Read(b []byte) (int, error) {
	n, err := o.in.Read(b)
	for i, c := range b[:n] {
		if c == '\r' {
			b[i] = '\n'
		}
	}
	return n, err
}

// isDECPCSV tells a table of contracts by its header.
func isDECPCSV(head []byte) bool {
	names := columnNames(headerLine(head))
	has := map[string]bool{}
	for _, n := range names {
		has[n] = true
	}
	return has["id"] && (has["acheteur_id"] || has["autoriteconcedante_id"]) && (has["objet"] || has["codecpv"] || has["montant"])
}

func separatorOf(header string) rune {
	best, most := ',', strings.Count(header, ",")
	for _, sep := range ";\t|" {
		if n := strings.Count(header, string(sep)); n > most {
			best, most = sep, n
		}
	}
	return best
}

func columnNames(header string) []string {
	cut := cellCutter{sep: byte(separatorOf(header)), width: maxColumns}
	cut.take([]byte(header))
	return tidyNames(cut.list())
}

// tidyNames puts the names of the columns in one form.
func tidyNames(names []string) []string {
	for i, n := range names {
		names[i] = strings.NewReplacer(".", "_", "/", "_", " ", "_").Replace(strings.ToLower(strings.Trim(tidy(n), `"`)))
	}
	return names
}

// contractRows is a contract being gathered from its rows.
type contractRows struct {
	rec     map[string]any
	raw     []byte
	where   string
	amounts []string
	holders []any
	size    int // bytes of what is kept
}

// decpCSV streams a table of contracts.
func (p *Parser) decpCSV(ctx context.Context, name string, r io.Reader, yield func(Record) bool) {
	head, r, err := peek(r)
	in := newRowReader(lineReader(head, r), byte(separatorOf(headerLine(head))), p.limit)
	header := csvRow{}
	if err == nil {
		header, err = in.next()
	}
	if err = errors.Join(err, header.err); err != nil {
		yield(Record{Path: name, Err: asRefusal(err, RefusedSyntax, "")})
		return
	}
	g := &gatherer{parser: p, name: name, columns: tidyNames(header.cells), open: map[string]*contractRows{}}
	in.cells.width, in.probe.width, in.begins = len(g.columns), len(g.columns), g.begins
	for rank := 1; ctx.Err() == nil; rank++ {
		row, err := in.next()
		if err != nil {
			g.end(rank, err, yield)
			return
		}
		where := fmt.Sprintf("record %d, line %d", rank, row.line)
		if refused := g.take(where, row); refused != nil &&
			!yield(Record{Path: name, Where: where, Raw: bytes.Clone(row.raw), Err: asRefusal(refused, RefusedSyntax, where)}) {
			return
		}
		if !g.flush(openContracts, openBytes, yield) {
			return
		}
	}
}

// gatherer joins the rows of each contract, the oldest contract leaving first.
type gatherer struct {
	parser  *Parser
	name    string
	columns []string
	open    map[string]*contractRows
	order   []string
	size    int // bytes of the open contracts
}

// maxRowsBytes bounds the raw text kept of one contract.
const maxRowsBytes = 64 << 10

// begins tells a line that begins a row: its number and its buyer's are where
// they have to be, and it has as many cells as the header, unless its last one
// goes on.
func (g *gatherer) begins(cells []string, open bool) bool {
	if !open && len(cells) != len(g.columns) {
		return false
	}
	number, buyer := "", ""
	for i, v := range cells {
		switch g.columns[i] {
		case "id":
			number = tidy(v)
		case "acheteur_id", "autoriteconcedante_id":
			buyer = firstNonEmpty(buyer, blanksInNumber.ReplaceAllString(v, ""))
		}
	}
	return number != "" && buyerNumber.MatchString(buyer)
}

var buyerNumber = regexp.MustCompile(`^\d{9,14}$`)

// essential are the columns that a row may not lack. Spreadsheets leave out the
// empty cells at the end of a row; a row that ends before these was cut.
var essential = regexp.MustCompile(`^(id|acheteur_id|autoriteconcedante_id|objet|codecpv|montant|valeurglobale|datenotification|datesignature|titulaires?_(1_)?id(_1)?)$`)

// fits refuses a row that is not as wide as the table: one cut short, or one
// whose cells are shifted by a separator in a text.
func (g *gatherer) fits(row csvRow) error {
	short := len(row.cells) < len(g.columns) && !row.whole
	for _, column := range g.columns[min(len(row.cells), len(g.columns)):] {
		short = short || essential.MatchString(column)
	}
	if short && row.whole {
		return refuse(RefusedSyntax, "the row is cut: %d cells of %d", len(row.cells), len(g.columns))
	}
	if short {
		return refuse(RefusedTruncated, "the row is cut: %d cells of %d", len(row.cells), len(g.columns))
	}
	if row.over > 0 {
		return refuse(RefusedSyntax, "the row has more cells than the header (%d)", len(g.columns))
	}
	return nil
}

// take adds a row to its contract, or says why it can't.
func (g *gatherer) take(where string, row csvRow) error {
	if row.err != nil {
		return row.err
	}
	if err := g.fits(row); err != nil {
		return err
	}
	cells := map[string]string{}
	for i, v := range row.cells {
		if tidy(v) != "" && !strings.EqualFold(tidy(v), "NULL") {
			fixed, _ := repairUTF8([]byte(v))
			cells[g.columns[i]] = tidy(string(fixed))
		}
	}
	id, buyer := cells["id"], firstNonEmpty(cells["acheteur_id"], cells["autoriteconcedante_id"])
	if id == "" || buyer == "" {
		return refuse(RefusedMissing, "the notice lacks %s", "an identifier")
	}
	key := buyer + "\x00" + id
	c := g.open[key]
	if c == nil {
		c = &contractRows{rec: contractOf(cells), where: where, size: len(row.raw)}
		c.raw = append(c.raw, strings.Join(g.columns, "\t")...)
		g.open[key], g.order = c, append(g.order, key)
		g.size += c.size
	}
	before := len(c.raw)
	if room := maxRowsBytes - before; room > 0 {
		text := strings.Join(row.cells, "\t")
		c.raw = append(append(c.raw, '\n'), text[:min(len(text), room)]...)
	}
	added := len(c.raw) - before + c.add(cells)
	c.size, g.size = c.size+added, g.size+added
	return nil
}

// end gives what is still open, then why the table could not be read to its end.
func (g *gatherer) end(rank int, err error, yield func(Record) bool) {
	if rank == 1 && errors.Is(err, io.EOF) {
		yield(Record{Path: g.name, Err: refuse(RefusedFormat, "the text holds no record")})
		return
	}
	if !g.flush(0, 0, yield) || errors.Is(err, io.EOF) {
		return
	}
	where := fmt.Sprintf("record %d", rank)
	yield(Record{Path: g.name, Where: where, Err: asRefusal(err, syntaxOrTruncated(err), where)})
}

var holderColumn = regexp.MustCompile(`^titulaires?_(?:(\d+)_)?(id|nom|denominationsociale|typeidentifiant)(?:_(\d+))?$`)

// add takes the holders and the amount of one more row, and tells their bytes.
func (c *contractRows) add(cells map[string]string) (size int) {
	parties := map[string]map[string]any{}
	for column, v := range cells {
		m := holderColumn.FindStringSubmatch(column)
		if m == nil {
			continue
		}
		rank := firstNonEmpty(m[1], m[3], "1")
		if parties[rank] == nil {
			parties[rank] = map[string]any{}
		}
		parties[rank][map[string]string{"id": "id", "typeidentifiant": "typeIdentifiant"}[m[2]]] = v
		if m[2] == "nom" || m[2] == "denominationsociale" {
			parties[rank]["denominationSociale"] = v
		}
	}
	for rank := 1; rank <= 9; rank++ {
		if h := parties[fmt.Sprint(rank)]; h != nil && len(c.holders) < maxList {
			delete(h, "")
			c.holders = append(c.holders, h)
			for _, v := range h {
				size += len(fmt.Sprint(v))
			}
		}
	}
	if v := firstNonEmpty(cells["montant"], cells["valeurglobale"]); v != "" && len(c.amounts) < 20 && !contains(c.amounts, v) {
		c.amounts = append(c.amounts, v)
		size += len(v)
	}
	return size
}

func contains(list []string, s string) bool {
	for _, have := range list {
		if have == s {
			return true
		}
	}
	return false
}

// flush gives the oldest contracts until few enough are open.
func (g *gatherer) flush(keep, bytes int, yield func(Record) bool) bool {
	for len(g.order) > 0 && (len(g.order) > keep || g.size > bytes) {
		key := g.order[0]
		c := g.open[key]
		g.order, g.size = g.order[1:], g.size-c.size
		delete(g.open, key)
		if !yield(g.record(c)) {
			return false
		}
	}
	return true
}

// WarnAmounts: the rows of one contract give several amounts, which are those
// of its lots or of its changes.
const WarnAmounts = "several_amounts"

func (g *gatherer) record(c *contractRows) Record {
	c.rec["titulaires"] = c.holders
	if len(c.amounts) == 1 {
		c.rec["montant"] = c.amounts[0]
	}
	rec := Record{Path: g.name, Where: c.where, Raw: c.raw}
	n, err := readDECP(jnode{c.rec, ""}, g.parser.places)
	if err != nil {
		rec.Err = asRefusal(err, RefusedMissing, c.where)
		return rec
	}
	n.Form.Subtype = "DECP-CSV"
	if len(c.amounts) > 1 {
		n.Award.Raw["montant"] = strings.Join(c.amounts, " ; ")
		n.Warnings = append(n.Warnings, Warning{WarnAmounts, "value", fmt.Sprintf("%d amounts in the rows of the contract; none is chosen", len(c.amounts))})
	}
	rec.Notice = n
	return rec
}

// contractOf gives the cells of a row the shape of a contract.
func contractOf(cells map[string]string) map[string]any {
	rec := map[string]any{}
	put := func(key string, columns ...string) {
		for _, column := range columns {
			if v := cells[column]; v != "" {
				rec[key] = v
				return
			}
		}
	}
	object := func(key string, fields map[string]string) {
		m := map[string]any{}
		for name, column := range fields {
			if v := cells[column]; v != "" {
				m[name] = v
			}
		}
		if len(m) > 0 {
			rec[key] = m
		}
	}
	for _, name := range []string{"id", "objet", "codeCPV", "procedure", "dureeMois", "dateNotification", "dateSignature", "datePublicationDonnees", "offresRecues", "idAccordCadre"} {
		put(name, strings.ToLower(name))
	}
	put("nature", "nature", "type")
	put("datePublicationDonnees", "datepublicationdonnees", "datepublication")
	object("acheteur", map[string]string{"id": "acheteur_id", "nom": "acheteur_nom"})
	object("autoriteConcedante", map[string]string{"id": "autoriteconcedante_id", "nom": "autoriteconcedante_nom"})
	object("lieuExecution", map[string]string{"code": "lieuexecution_code", "typeCode": "lieuexecution_typecode", "nom": "lieuexecution_nom"})
	if said := firstNonEmpty(cells["considerationssociales"], cells["considerationssociales_considerationsociale"]); said != "" {
		var list []any
		for _, one := range strings.FieldsFunc(said, func(r rune) bool { return strings.ContainsRune(",;|", r) }) {
			list = append(list, strings.Trim(tidy(one), `[]"' `))
		}
		rec["considerationsSociales"] = list
	}
	return rec
}
