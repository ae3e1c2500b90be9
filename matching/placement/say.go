package placement

import "maillage/matching/engine/journeys"

func findingWords(f journeys.Finding) Text { return text(f.Key, f.Key) }

func remedyWords(n journeys.Near) Text { return text(n.Remedy.Key, n.Remedy.Key) }
