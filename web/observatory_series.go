package web

import (
	"context"

	"maillage/indicators/catalogue"
)

// SeriesSource gives what is published of an indicator, in the words of a language;
// false where nothing of it is released.
type SeriesSource interface {
	Series(ctx context.Context, id catalogue.ID, l *Locale) (IndicatorSeries, bool, error)
}

// IndicatorSeries is a published series: one chart of any kind, with what it covers.
type IndicatorSeries struct {
	Heading  string // the sentence that says what the figures say
	Section  string // over the chart
	Bars     *StackedBars
	Lines    *LineChart
	Steps    *StepChart
	Coverage string
	Sources  []SourceLine // definitions, coverage and release of its figures
	Cited    Link         // the release of the latest
	Note     string       // how figures are rounded, revised, compared
	Files    []Link
	Chosen   map[catalogue.ID]int // versions that the release took, where they are not the default
}

// SeriesView is a series ready to show.
type SeriesView struct {
	Heading, Section, Coverage, Note string
	Bars                             *BarsFigure
	Lines                            *LinesFigure
	Steps                            *StepsFigure
	Sources                          []SourceLine
	Files                            []Link
	Cited                            Link // the release of the latest figure that is told
	chosen                           map[catalogue.ID]int
}

// version is the definition that the figures shown follow: the one that the release
// chose, or the default of today.
func (v *SeriesView) version(c *call, i *catalogue.Indicator) catalogue.Version {
	if v != nil {
		if chosen, ok := i.Version(v.chosen[i.ID]); ok {
			return chosen
		}
	}
	return i.Default(c.now)
}

// follows tells whether the series is under a definition; 0: the usual one.
func (v *SeriesView) follows(i *catalogue.Indicator, definition int) bool {
	chosen := v.chosen[i.ID]
	return definition == 0 || definition == max(chosen, 1)
}

// seriesOf draws what is published of an indicator; false where nothing is yet, as
// before a first release.
func (c *call) seriesOf(id catalogue.ID) (v SeriesView, ok bool, err error) {
	if c.s.cfg.Series == nil {
		return v, false, nil
	}
	in, ok, err := c.s.cfg.Series.Series(c.r.Context(), id, c.Locale)
	if err != nil || !ok {
		return v, false, err
	}
	v = SeriesView{Heading: in.Heading, Section: in.Section, Coverage: in.Coverage, Note: in.Note, Files: in.Files, Sources: in.Sources, Cited: in.Cited, chosen: in.Chosen}
	if in.Bars != nil {
		fig := c.drawBars(*in.Bars)
		v.Bars = &fig
	}
	if in.Lines != nil {
		fig := c.drawLines(*in.Lines)
		v.Lines = &fig
	}
	if in.Steps != nil {
		fig := c.drawSteps(*in.Steps)
		v.Steps = &fig
	}
	return v, true, nil
}
