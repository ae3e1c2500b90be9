package questions

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/territories"
)

// Search gives the published answers that hold every word, as the searches of
// opportunities and members do: without accents or case, parts of words included.
// The latest come first. An empty text and theme give all.
func (s *Service) Search(ctx context.Context, text string, theme Theme) ([]Published, error) {
	if err := accounts.Permits(accounts.From(ctx), accounts.AnswerRead); err != nil {
		return nil, err
	}
	return published(ctx, s.store.Read(), strings.Fields(territories.Fold(text)), theme)
}

// Answer reads one published answer. One that was withdrawn is not there.
func (s *Service) Answer(ctx context.Context, id AnswerID) (*Published, error) {
	if err := accounts.Permits(accounts.From(ctx), accounts.AnswerRead); err != nil {
		return nil, err
	}
	all, err := published(ctx, s.store.Read(), nil, "")
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(p Published) bool { return p.ID == id })
	if i < 0 {
		return nil, fault.NotFound("answer", id)
	}
	return &all[i], nil
}

// relatedMost is how many answers are offered before a question is sent.
const relatedMost = 3

// Related are the published answers nearest to a draft: those that share the most
// of its telling words, each weighed by how few answers hold it; the same theme
// breaks ties. An answer that shares a single common word is not offered.
func (s *Service) Related(ctx context.Context, d Draft) ([]Published, error) {
	all, err := s.Search(ctx, "", "")
	if err != nil {
		return nil, err
	}
	words := tellingWords(d.Title + " " + d.Body)
	holds := map[string]int{}
	for _, p := range all {
		for _, w := range words {
			if strings.Contains(p.Folded, w) {
				holds[w]++
			}
		}
	}
	type near struct {
		p     Published
		score float64
	}
	var out []near
	for _, p := range all {
		if n, score := shared(&p, words, holds); n >= 2 {
			if p.Theme == d.Theme {
				score *= 1.25
			}
			out = append(out, near{p, score})
		}
	}
	slices.SortStableFunc(out, func(a, b near) int { return cmp.Compare(b.score, a.score) })
	var best []Published
	for _, n := range out[:min(len(out), relatedMost)] {
		best = append(best, n.p)
	}
	return best, nil
}

// shared counts and weighs the words that an answer shares with a draft.
func shared(p *Published, words []string, holds map[string]int) (n int, score float64) {
	for _, w := range words {
		if strings.Contains(p.Folded, w) {
			n++
			score += 1 / float64(holds[w])
		}
	}
	return n, score
}

// silent are words that tell nothing of a question; shorter ones than four letters
// tell nothing either.
var silent = strings.Fields("avec sans pour dans quel quelle quels quelles comment pourquoi nous vous notre votre leur leurs cette celui celle elle elles sont etre avoir avons avez peut peuvent pouvons doit doivent faire fait plus moins tout toute tous toutes comme aussi alors donc mais ainsi entre depuis apres avant lorsque quand faut bonjour merci structure structures salarie salaries question what which with from that this have does must should when where your")

// tellingWords are the words of a text that tell it from another, each once,
// without the ending of the plural.
func tellingWords(text string) (out []string) {
	for _, w := range strings.Fields(territories.Fold(text)) {
		if len(w) > 4 {
			w = strings.TrimRight(w, "sx")
		}
		if len(w) >= 4 && !slices.Contains(silent, w) && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}
