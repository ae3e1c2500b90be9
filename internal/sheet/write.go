package sheet

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// Column names a column of a table that leaves: in French, then in English.
type Column [2]string

// Write writes a table that leaves for a spreadsheet of a language, UTF-8 with its mark
// and CRLF: semicolons in French, where the decimal mark is a comma, and commas in
// English. No cell is one that a spreadsheet would run.
func Write(w io.Writer, lang string, head []Column, rows [][]string) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return fmt.Errorf("write a table: %w", err)
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if lang != "en" {
		out.Comma = ';'
	}
	names := make([]string, len(head))
	for i, c := range head {
		names[i] = Said(lang, c[0], c[1])
	}
	all := [][]string{names}
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = Inert(cell)
		}
		all = append(all, cells)
	}
	if err := out.WriteAll(all); err != nil {
		return fmt.Errorf("write a table: %w", err)
	}
	return nil
}

// Said is a word of a cell in a language.
func Said(lang, fr, en string) string {
	if lang == "en" {
		return en
	}
	return fr
}

// Number writes a number as a spreadsheet of a language reads it, to some decimals at
// most; -1: as many as it has.
func Number(lang string, v float64, decimals int) string {
	if decimals >= 0 {
		scale := math.Pow(10, float64(decimals))
		v = math.Round(v*scale) / scale
	}
	text := strconv.FormatFloat(v, 'f', -1, 64)
	if lang == "en" {
		return text
	}
	return strings.Replace(text, ".", ",", 1)
}

// Inert is a cell that no spreadsheet runs, whoever wrote it: one that would be a formula, spaces before
// it or not, is preceded by an apostrophe. A number below zero is no formula.
func Inert(cell string) string {
	if negative.MatchString(cell) {
		return cell
	}
	if first := strings.TrimLeft(cell, " \u00a0"); first != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(first)[0]) {
		return "'" + cell
	}
	return cell
}

var negative = regexp.MustCompile(`^-[0-9]+([.,][0-9]+)?$`)
