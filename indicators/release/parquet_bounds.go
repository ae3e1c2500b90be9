package release

import (
	"encoding/binary"
	"errors"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// A Parquet file says how large its parts are, and the library makes room for what it
// says. What a release writes is plain: no compression, no dictionary. A file that is
// otherwise, or says more than it holds, is refused before its pages are read.

var errParquet = said("ce n’est pas un fichier Parquet d’une publication", "this is no Parquet file of a release")

// footed says that the footer is as long as it says. A file ends with its footer, the
// length of the footer on four bytes, and PAR1.
func footed(data []byte) bool {
	const magic, length = 4, 4
	if len(data) < 2*magic+length || string(data[:magic]) != "PAR1" || string(data[len(data)-magic:]) != "PAR1" {
		return false
	}
	footer := binary.LittleEndian.Uint32(data[len(data)-magic-length:])
	return int64(footer) <= int64(len(data)-2*magic-length)
}

// bounded walks through the pages of every column by their headers alone.
func bounded(f *parquet.File, data []byte, rows int) error {
	for _, group := range f.Metadata().RowGroups {
		for _, chunk := range group.Columns {
			m := chunk.MetaData
			if m.Codec != format.Uncompressed || m.DictionaryPageOffset != 0 || m.DataPageOffset < 0 || m.TotalCompressedSize < 0 ||
				m.DataPageOffset > int64(len(data)) || m.TotalCompressedSize > int64(len(data))-m.DataPageOffset {
				return errParquet
			}
			if err := boundedPages(data[m.DataPageOffset:m.DataPageOffset+m.TotalCompressedSize], rows); err != nil {
				return err
			}
		}
	}
	return nil
}

func boundedPages(pages []byte, rows int) error {
	for len(pages) > 0 {
		var h format.PageHeader
		r := new(thrift.CompactProtocol).NewReaderFromBytes(pages)
		if err := thrift.NewDecoder(r).Decode(&h); err != nil {
			return errors.Join(errParquet, err)
		}
		pages = pages[r.BytesRead():]
		if !boundedPage(h, len(pages), rows) {
			return errParquet
		}
		pages = pages[h.CompressedPageSize:]
	}
	return nil
}

// boundedPage says that a page is of plain values, no more than the rows, in what is left.
func boundedPage(h format.PageHeader, left, rows int) bool {
	if h.CompressedPageSize < 0 || int(h.CompressedPageSize) > left || h.UncompressedPageSize != h.CompressedPageSize {
		return false
	}
	values, encoding := int32(-1), format.Plain
	switch h.Type {
	case format.DataPage:
		values, encoding = h.DataPageHeader.V.NumValues, h.DataPageHeader.V.Encoding
	case format.DataPageV2:
		values, encoding = h.DataPageHeaderV2.V.NumValues, h.DataPageHeaderV2.V.Encoding
	}
	return values >= 0 && int(values) <= rows && encoding == format.Plain
}
