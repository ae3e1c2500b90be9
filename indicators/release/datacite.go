package release

import (
	"encoding/xml"
	"strconv"

	"maillage/internal/fault"
)

// dataCite is metadata/datacite.xml: DataCite Metadata Schema 4, of which each element
// below is a part. Without a DOI its identifier is the one of the release, of type "Other".
type dataCite struct {
	XMLName    xml.Name      `xml:"http://datacite.org/schema/kernel-4 resource"`
	Identifier dcIdentifier  `xml:"identifier"`
	Creators   []dcCreator   `xml:"creators>creator"`
	Titles     []langText    `xml:"titles>title"`
	Publisher  string        `xml:"publisher"`
	Year       int           `xml:"publicationYear"`
	Type       dcType        `xml:"resourceType"`
	Subjects   *dcSubjects   `xml:"subjects"` // an empty list would be an empty element
	Dates      []dcDate      `xml:"dates>date"`
	Language   string        `xml:"language"`
	Elsewhere  *dcElsewhere  `xml:"alternateIdentifiers"`
	Sizes      []string      `xml:"sizes>size"`
	Formats    []string      `xml:"formats>format"`
	Version    string        `xml:"version"`
	Rights     []dcRights    `xml:"rightsList>rights"`
	About      []dcAbout     `xml:"descriptions>description"`
	Places     []dcPlaceName `xml:"geoLocations>geoLocation"`
}

type langText struct {
	Lang string `xml:"http://www.w3.org/XML/1998/namespace lang,attr,omitempty"`
	Text string `xml:",chardata"`
}

type dcSubjects struct {
	List []langText `xml:"subject"`
}

// dcElsewhere is the address of the page of the release.
type dcElsewhere struct {
	List []dcAlternate `xml:"alternateIdentifier"`
}

type dcAlternate struct {
	Type string `xml:"alternateIdentifierType,attr"`
	Text string `xml:",chardata"`
}

type dcIdentifier struct {
	Type string `xml:"identifierType,attr"`
	Text string `xml:",chardata"`
}

type dcCreator struct {
	Name dcName `xml:"creatorName"`
}

type dcName struct {
	Type string `xml:"nameType,attr"`
	Text string `xml:",chardata"`
}

type dcType struct {
	General string `xml:"resourceTypeGeneral,attr"`
	Text    string `xml:",chardata"`
}

type dcDate struct {
	Type string `xml:"dateType,attr"`
	Text string `xml:",chardata"`
}

type dcRights struct {
	URI  string `xml:"rightsURI,attr"`
	ID   string `xml:"rightsIdentifier,attr"`
	Text string `xml:",chardata"`
}

type dcAbout struct {
	Type string `xml:"descriptionType,attr"`
	Lang string `xml:"http://www.w3.org/XML/1998/namespace lang,attr,omitempty"`
	Text string `xml:",chardata"`
}

type dcPlaceName struct {
	Name string `xml:"geoLocationPlace"`
}

func (d Dataset) writeDataCite() ([]byte, error) {
	c := d.Coverage
	v := dataCite{Identifier: dcIdentifier{"Other", d.ID + "-" + d.Version}, Titles: texts(d.Title), Publisher: d.Publisher, Year: d.IssuedOn.Year(),
		Type: dcType{"Dataset", "Statistical tables"}, Dates: []dcDate{{"Issued", day(d.IssuedOn)}, {"Collected", strconv.Itoa(c.From) + "/" + strconv.Itoa(c.To)}},
		Language: "fr", Formats: []string{"text/csv", mediatype(".parquet"), mediatype(".xlsx")}, Version: d.Version,
		Rights: []dcRights{{d.Licence.URL, d.Licence.Name, d.Licence.Title}}, Places: []dcPlaceName{{c.Territory.FR}},
		About: []dcAbout{{"Abstract", "fr", d.Abstract.FR}, {"Abstract", "en", d.Abstract.EN}, {"Methods", "fr", d.Reproduce.FR}, {"Methods", "en", d.Reproduce.EN}}}
	if d.DOI != "" {
		v.Identifier = dcIdentifier{"DOI", d.DOI}
	}
	for _, name := range d.Creators {
		v.Creators = append(v.Creators, dcCreator{dcName{"Organizational", name}})
	}
	if len(d.Keywords) > 0 {
		v.Subjects = &dcSubjects{}
	}
	for _, k := range d.Keywords {
		v.Subjects.List = append(v.Subjects.List, texts(k)...)
	}
	if d.URL != "" {
		v.Elsewhere = &dcElsewhere{[]dcAlternate{{"URL", d.URL}}}
	}
	for _, t := range d.Tables {
		v.Sizes = append(v.Sizes, t.Name+": "+strconv.Itoa(len(t.Rows))+" rows")
	}
	return markup(v)
}

func texts(t fault.Text) []langText { return []langText{{"fr", t.FR}, {"en", t.EN}} }

// markup writes XML as people read it, one LF at the end.
func markup(v any) ([]byte, error) {
	out, err := xml.MarshalIndent(v, "", "  ")
	if err != nil {
		return nil, err
	}
	return append(append([]byte(xml.Header), out...), '\n'), nil
}
