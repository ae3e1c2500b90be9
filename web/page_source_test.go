package web

import (
	"context"
	"net/url"
	"testing"

	"maillage/accounts"
	"maillage/tenders"
	"maillage/tenders/fetch"
)

// TestAnAdministratorMindsTheSources walks the path from nothing to a source that is followed.
func TestAnAdministratorMindsTheSources(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, accounts.Admin)
	v.get("/admin/sources").ok().says("Aucune source suivie", "Sources proposées", "BOAMP", "Mettre en marche")
	v.post("/admin/sources/boamp", url.Values{"geste": {"adopter"}}).ok().says("La source est en marche", "toutes les heures", "jamais")
	v.post("/admin/sources/boamp", url.Values{"geste": {"lancer"}}).ok().says("Le passage est demandé")
	v.post("/admin/sources/boamp", url.Values{"geste": {"arreter"}}).ok().says("arrêtée", "Ce qu’elle a apporté reste")
	v.post("/admin/sources/boamp", url.Values{"geste": {"inconnu"}}).is(422)
	v.post("/admin/sources", url.Values{"name": {"Un nom"}, "kind": {"ocds"}, "url": {"ftp://x"}, "first_day": {"hier"}, "every": {"60"}}).is(422).
		says("Le nom est fait de minuscules", "L’adresse commence par http", "Le premier jour s’écrit", "Au moins cinq minutes")
	v.post("/admin/sources", url.Values{"name": {"dossier"}, "kind": {"folder"}, "url": {"/etc"}, "every": {"3600"}}).is(422).says("en ligne de commande")
	v.post("/admin/sources", url.Values{"name": {"boamp"}, "kind": {"boamp"}, "every": {"3600"}}).is(422).says("porte déjà ce nom")
	v.post("/admin/sources", url.Values{"name": {"region"}, "kind": {"ocds"}, "url": {"https://ocds.example/a.json"}, "every": {"86400"}}).ok().says("La source est enregistrée", "tous les jours", "active")
	v.post("/admin/sources/region", url.Values{"geste": {"enregistrer"}, "kind": {"ocds"}, "url": {"https://ocds.example/b.json"}, "every": {"3600"}}).ok().says("b.json", "active")
	v.get("/admin/sources/nulle-part").is(404)
	s.visit(t, accounts.Officer).post("/admin/sources/region", url.Values{"geste": {"arreter"}}).is(403)
}

// TestAFailingSourceIsSeen: on the first page, on the list, and on its own page, in plain words.
func TestAFailingSourceIsSeen(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ctx := accounts.With(context.Background(), accounts.TheSystem())
	if err := s.cfg.Sources.Configure(ctx, tenders.Feed{Name: "ici", Kind: fetch.OCDS, URL: "http://127.0.0.1:9/a.json", Enabled: true, Seconds: 3600}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.cfg.Sources.Run(ctx, "ici", tenders.ImportOptions{}); err == nil {
		t.Fatal("this machine was asked")
	}
	v := s.visit(t, accounts.Admin)
	v.get("/").ok().says("Des sources d’avis ne répondent plus")
	v.get("/admin/sources").ok().says("en échec", "réseau privé")
	v.get("/admin/sources/ici").ok().says("réseau privé", "Le message exact", "127.0.0.1")
}
