package questions

import "strings"

// firstNames are common first names of people who live in France, without accents, in
// the order of the alphabet.
var firstNames = strings.Fields(`adam adele adrien agathe agnes ahmed aicha aime alain albane albert alex alexandra alexandre alexis alfred alice aline alix amandine amelie amina anais andre andrea ange
	angele angelique anita anna anne annick annie anthony antoine antoinette antonio ariane arnaud arthur astrid aude audrey aurelie aurelien aurore axel axelle baptiste
	barbara bastien beatrice benedicte benjamin benoit bernadette bernard berthe bertrand brigitte bruno camille carine carla carlos carole caroline catherine cecile cedric
	celia celine chantal charlene charles charline charlotte chloe christelle christian christiane christine christophe claire clara claude claudine clemence clement
	clothilde colette coline constance coralie corentin corinne cyril cyrille damien daniel daniele danielle david deborah delphine denis denise didier dominique dorian edith
	edouard elena eleonore elia eliane elie eliette elisa elisabeth elise ella elodie eloise elsa emeline emile emilie emma emmanuel emmanuelle enzo eric erika ernest estelle
	esther etienne eugene eugenie eva eve evelyne fabien fabienne fabrice fanny fatima fatou faustine felix fernand fernande flavie flora florence florent florian floriane
	francis franck francois francoise frank frederic frederique gabriel gabrielle gael gaelle gaetan gaston genevieve geoffrey georges georgette gerald geraldine gerard
	germaine ghislaine gilbert gilberte gilles ginette gisele gregory guillaume gustave guy gwenaelle hamid hassan helena helene henri henriette herve honore hugo hugues
	huguette ibrahim ines irene iris isabelle ismael jacqueline jacques jade jamila janine jean jeanne jeannine jennifer jeremie jeremy jerome jessica joanna jocelyne joel
	joelle johan johanna jonathan jordan joris jose joseph josephine josette josiane judith jules julia julie julien juliette justine kamel karim karima karine katia kevin
	khadija khalid kim lara laura laure laurence laurent laurine lea leila lena leo leon leonie leonor lila lilian lina lionel lisa lise loic lola lou louis louisa louise luc
	lucas lucie lucien lucienne ludivine ludovic lydia lydie madeleine mael maelle maeva magali malik malika manon manuel marc marcel marcelle marcelline margaux margot
	marguerite maria mariam marianne marie marina marine marion marius marjorie marlene marthe martial martin martine mathias mathieu mathilde matthieu maud maurice maxence
	maxime maya melanie melissa melody michel michele micheline michelle mickael mohamed mohammed monique morgan morgane mourad muriel mustapha myriam nabil nadege nadia
	nadine nathalie nathan nicolas nicole nina noa noe noel noemi noemie nora norbert odette odile olga olivia olivier ophelie oscar pablo pascal pascale patrice patricia
	patrick paul paula paule paulette pauline pedro perrine philippe pierre pierrette quentin rachel rachid rachida raphael raphaelle raymond raymonde rebecca regine regis
	remi remy renaud rene renee richard rita robert roberte robin rodolphe rodrigue roger roland romain romane rosalie rose roseline roxane sabine sabrina said salma salome
	samia samir samira samuel sandra sandrine sarah sasha sebastien serge severine sidonie simon simone sofia solange solene sonia sophie stephane stephanie steve suzanne
	suzette sylvain sylvette sylvie tanguy tatiana thea theo theodore theophile therese thibault thibaut thierry thomas timothee tom tristan ulysse ursula valentin valentine
	valerie vanessa veronique victoire victor victoria vincent violette virginie viviane vivien wilfried william xavier yacine yann yannick yasmina yasmine yoann yohan
	yolande youssef yves yvette yvonne zacharie zoe zohra`)
