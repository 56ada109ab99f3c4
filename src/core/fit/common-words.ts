/** Words that say little or nothing about which pattern fits, and the stems of those. Computed when the program is built: scripts/build.mjs. Pure. */

import { stem } from './stem.ts';

/** Say nothing, in any text. */
const STOP = `
a about above after again all also although always am an and another any anybody anyone anything are as at away back be because been before
being below besides between both but by can cannot could couldn did didn do does doesn doing don done down during each either else enough
especially etc even ever every everybody everyone everything except few for from further get gets getting give given go goes going got had
has hasn have haven having he her here hers him his how however i if in instead into is isn it its itself just kind less let lets like little
ll look lot lots made make makes making many may maybe me means might mine more most much must my need needs never new no nobody none nor not
nothing now of off often ok on once one ones only onto or other others otherwise our ours out over own per perhaps please plus possible put
quite rather re really right said same say says see seem seems shall she should shouldn since so some somebody someone something somehow
sometimes somewhere soon still such sure take takes taking tell than that the their them themselves then there thereby these they thing
things this those though three through thus till to together too toward try trying two under unless until up upon us use used using ve very
via want wants was wasn way we well went were weren what whatever when whenever where whether which while who whole whom whose why will with
within without won would wouldn yes yet you your yours actually already almost anyway basically currently certain different early fine first
last next second third several various nice good bad better best great simple simply easy easily hard able ago exactly far half hence himself
herself keep keeps kept later least long longer short shorter mostly nearly
der das und ist nicht ein eine einen einem einer mit für auf von wir ich sie wird werden dass auch beim zum zur oder aber wenn nach noch nur
kann sind haben bitte dem den des im bei es
le la les un une et est pas dans sur avec que qui nous vous sont du au aux ce cette il elle pour
el los las una del para con por está como cuando se su lo
gli che di per non sono della nel
het een van niet voor op te dat ook naar bij als wij
os uma não em
`;

/** Say a little: nearly every task holds some of them. */
const PLAIN = `
add adapt allow app application apply approach ask build call change check clean code come company component convert correct create customer
day decide define describe design developer document end ensure example expect explain fail feature field file find fix follow form format
function happen handle hour help idea implement important improve include information introduce issue item job know leave line list live
machine main manage mean minute module month move name number old open option order page part pass people person place plan point prepare
prevent problem produce product program project provide question read real reason remove replace report request require result return review
rewrite root row run screen script section send server service session set setup show side site start state stay step stop store support
suggest switch system table task team test text time tool turn type understand update user value version view wait week word work write wrong
year agree answer appear begin believe big bring button buy choose click close complain complete contain cost count cover current detail
directory drop enable enter extra folder full group guess guy hand hold home house input interface internal key label large learn level link
load local match matter message method office output package pick piece press propose pull push quick range reach remember rule safe save
search select sell share sign single size small solution solve sort special split standard story structure submit tab talk top touch track
visit window world yesterday today tomorrow morning night colleague boss client manager
`;

const wordsIn = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

/** Words that say nothing, and their stems. */
export const STOP_STEMS: readonly string[] = [...new Set(wordsIn(STOP).flatMap((word) => [word, stem(word)]))];
/** Stems of words that say a little. */
export const PLAIN_STEMS: readonly string[] = [...new Set(wordsIn(PLAIN).map(stem))];
