package release

import (
	"encoding/xml"
	"fmt"
	"path"
	"strconv"

	"maillage/internal/fault"
)

// ddi is metadata/ddi-codebook.xml: DDI-Codebook 2.6, the study, its files and its variables.
type ddi struct {
	XMLName xml.Name `xml:"ddi:codebook:2_6 codeBook"`
	Version string   `xml:"version,attr"`
	Lang    string   `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
	Study   ddiStudy
	Files   []ddiFile `xml:"fileDscr"`
	Vars    []ddiVar  `xml:"dataDscr>var"`
}

type ddiStudy struct {
	XMLName   xml.Name    `xml:"stdyDscr"`
	Title     string      `xml:"citation>titlStmt>titl"`
	Parallel  langText    `xml:"citation>titlStmt>parTitl"`
	ID        ddiAgency   `xml:"citation>titlStmt>IDNo"`
	Authors   []string    `xml:"citation>rspStmt>AuthEnty"`
	Producer  string      `xml:"citation>prodStmt>producer"`
	Produced  ddiDate     `xml:"citation>prodStmt>prodDate"`
	Software  string      `xml:"citation>prodStmt>software"`
	Publisher string      `xml:"citation>distStmt>distrbtr"`
	Issued    ddiDate     `xml:"citation>distStmt>distDate"`
	Version   ddiDate     `xml:"citation>verStmt>version"`
	Cite      string      `xml:"citation>biblCit"`
	Keywords  []langText  `xml:"stdyInfo>subject>keyword,omitempty"`
	Abstract  []langText  `xml:"stdyInfo>abstract"`
	Periods   []ddiPeriod `xml:"stdyInfo>sumDscr>timePrd"`
	Places    []langText  `xml:"stdyInfo>sumDscr>geogCover"`
	Universe  []langText  `xml:"stdyInfo>sumDscr>universe"`
	Kind      string      `xml:"stdyInfo>sumDscr>dataKind"`
	Sources   []string    `xml:"method>dataColl>sources>dataSrc"`
	Response  string      `xml:"method>anlyInfo>respRate,omitempty"`
	Licence   ddiLicence  `xml:"dataAccs>license"`
	CiteReq   string      `xml:"dataAccs>useStmt>citReq"`
}

type ddiAgency struct {
	Agency string `xml:"agency,attr"`
	Text   string `xml:",chardata"`
}

type ddiDate struct {
	Date string `xml:"date,attr"`
	Text string `xml:",chardata"`
}

type ddiPeriod struct {
	Event string `xml:"event,attr"`
	Date  string `xml:"date,attr"`
	Text  string `xml:",chardata"`
}

type ddiLicence struct {
	URI  string `xml:"URI,attr"`
	Text string `xml:",chardata"`
}

type ddiFile struct {
	ID      string     `xml:"ID,attr"`
	URI     string     `xml:"URI,attr"`
	Name    string     `xml:"fileTxt>fileName"`
	Print   ddiPrint   `xml:"fileTxt>dataFingerprint"`
	Content []langText `xml:"fileTxt>fileCont"`
	Rows    int        `xml:"fileTxt>dimensns>caseQnty"`
	Columns int        `xml:"fileTxt>dimensns>varQnty"`
	Type    string     `xml:"fileTxt>fileType"`
}

type ddiPrint struct {
	Type      string `xml:"type,attr"`
	Value     string `xml:"digitalFingerprintValue"`
	Algorithm string `xml:"algorithmSpecification"`
}

type ddiVar struct {
	ID       string        `xml:"ID,attr"`
	Name     string        `xml:"name,attr"`
	Files    string        `xml:"files,attr"`
	Decimals string        `xml:"dcml,attr,omitempty"`
	Unit     string        `xml:"measUnit,attr,omitempty"`
	Labels   []langText    `xml:"labl"`
	Security []string      `xml:"security,omitempty"`
	Invalid  *ddiInvalid   `xml:"invalrng"`
	Universe []langText    `xml:"universe,omitempty"`
	Texts    []langText    `xml:"txt"`
	Codes    []ddiCategory `xml:"catgry"`
	Edition  string        `xml:"verStmt>version,omitempty"`
	Concept  string        `xml:"concept,omitempty"`
	Format   ddiFormat     `xml:"varFormat"`
}

type ddiInvalid struct {
	Items []ddiItem `xml:"item"`
	Key   string    `xml:"key"`
}

type ddiItem struct {
	Value string `xml:"VALUE,attr"`
}

type ddiCategory struct {
	Missing string     `xml:"missing,attr,omitempty"`
	Value   string     `xml:"catValu"`
	Labels  []langText `xml:"labl"`
}

type ddiFormat struct {
	Type string `xml:"type,attr"`
}

// writeDDI describes the study and the CSV files, of which it keeps the fingerprints.
func (d Dataset) writeDDI(files []file) ([]byte, error) {
	v := ddi{Version: "2.6", Lang: "fr", Study: d.ddiStudy()}
	prints := map[string]string{}
	for _, f := range files {
		prints[f.Path] = sum(f.Data)
	}
	for _, t := range d.Tables {
		v.Files = append(v.Files, ddiFile{ID: "F-" + t.Name, URI: t.csvPath(), Name: path.Base(t.csvPath()), Print: ddiPrint{"dataFile", prints[t.csvPath()], "SHA-256"},
			Content: texts(t.Title), Rows: len(t.Rows), Columns: len(t.Fields), Type: mediatype(".csv")})
		for _, f := range t.Fields {
			v.Vars = append(v.Vars, f.ddi(t))
		}
	}
	return markup(v)
}

func (d Dataset) ddiStudy() ddiStudy {
	c, issued := d.Coverage, ddiDate{day(d.IssuedOn), day(d.IssuedOn)}
	s := ddiStudy{Title: d.Title.FR, Parallel: langText{"en", d.Title.EN}, ID: ddiAgency{d.Publisher, d.ID + "-" + d.Version}, Authors: d.Creators,
		Producer: d.Publisher, Produced: issued, Software: "Maillage", Publisher: d.Publisher, Issued: issued, Version: ddiDate{day(d.IssuedOn), d.Version},
		Cite: d.cite("fr"), Abstract: texts(d.Abstract), Places: texts(c.Territory), Universe: texts(fault.Text{FR: c.Frame.FR + " ; " + c.Vintage.FR, EN: c.Frame.EN + "; " + c.Vintage.EN}),
		Periods: []ddiPeriod{{"start", strconv.Itoa(c.From), strconv.Itoa(c.From)}, {"end", strconv.Itoa(c.To), strconv.Itoa(c.To)}},
		Kind:    "aggregate data", Licence: ddiLicence{d.Licence.URL, d.Licence.Title}, CiteReq: d.cite("fr")}
	for _, k := range d.Keywords {
		s.Keywords = append(s.Keywords, texts(k)...)
	}
	for _, src := range d.Sources {
		s.Sources = append(s.Sources, src.Title.FR)
	}
	if rate := c.rate(); rate != "" {
		s.Response = fmt.Sprintf("%s %% (%d / %d)", rate, c.Answered, c.Asked)
	}
	return s
}

// ddi describes one variable; its statuses are categories that are missing values.
func (f Field) ddi(t Table) ddiVar {
	v := ddiVar{ID: t.Name + "." + f.Name, Name: f.Name, Files: "F-" + t.Name, Labels: texts(f.Label), Texts: texts(f.Definition),
		Edition: f.Edition, Concept: f.Indicator, Format: ddiFormat{"character"}}
	for _, w := range f.Codes {
		v.Codes = append(v.Codes, ddiCategory{Value: w.Code, Labels: texts(w.Label)})
	}
	if !f.Measure() {
		return v
	}
	v.Format, v.Unit, v.Decimals = ddiFormat{"numeric"}, f.unit(), strconv.Itoa(f.Decimals)
	v.Security = []string{f.Rule.FR + " / " + f.Rule.EN}
	v.Universe = []langText{{"fr", f.Coverage.words("fr")}, {"en", f.Coverage.words("en")}}
	v.Invalid = &ddiInvalid{}
	for _, m := range statuses() {
		v.Invalid.Items = append(v.Invalid.Items, ddiItem{m.Token})
		v.Invalid.Key += m.Token + ": " + m.Label.EN + ". "
		v.Codes = append(v.Codes, ddiCategory{"Y", m.Token, texts(m.Label)})
	}
	return v
}
