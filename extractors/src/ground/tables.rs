//! Lists the words by which people negate, order and condition, in eleven languages.
//!
//! Tables alone, each one string of words; what follows from a word is decided elsewhere.

/// Words that turn a clause into its opposite; several of them in one clause count once.
pub(super) const HARD: &str = "\
    not never no none nothing nobody nowhere neither nor cannot don't doesn't didn't isn't \
    aren't wasn't weren't won't wouldn't can't couldn't shouldn't mustn't needn't hasn't \
    haven't hadn't ain't dont doesnt didnt isnt arent wasnt wont wouldnt cant couldnt shouldnt \
    mustnt hasnt havent neednt";

/// The same in the other languages.
pub(super) const FOREIGN: &str = "\
    nicht kein keine keinen keinem keiner keines nie niemals nichts nirgends weder ne pas \
    jamais aucun aucune non nunca jamás jamas tampoco ningún ninguna ninguno ni não nao nenhum \
    nenhuma nem mai не ни нельзя никогда нет 안 못";

/// Verbs and phrases that negate what they govern; two of them cancel out.
pub(super) const LEXICAL: &str = "\
    avoid avoids avoiding avoided forbid forbids forbidden forbade prohibit prohibits \
    prohibited ban bans banned disallow disallows disallowed refuse refuses refused reject \
    rejects rejected rejecting exclude excludes excluded excluding stop stops stopped refrain refrains quit skip skips skipped \
    skipping omit omits omitted ignore ignores ignored ignoring forget forgets forgot neglect \
    disable disables disabled disabling dislike dislikes hate hates hesitate";

/// The same in the other languages.
pub(super) const FOREIGN_LEXICAL: &str = "\
    verboten vermeide vermeiden untersagt vergiss vergessen évite éviter évitez interdit \
    interdite oublie oublier oubliez evita evitar evite evites prohibido prohibida proibido \
    proibida olvides olvidar esqueça esquecer запрещено запрещается избегай избегать забывай \
    забудь";

/// Words that speak neither for nor against: what broke, was replaced or is in doubt.
pub(super) const SOFT: &str = "\
    fail fails failed failing break breaks broke broken breaking wrong bad unable \
    missing replace replaces replaced replacing remove removes removed removing drop drops \
    dropped deprecated obsolete unsupported unused dangerous unsafe risky error errors corrupt \
    corrupts lose loses lost hardly rarely barely except against considered tried unnecessary \
    useless prevent prevents loosen unlike migrate migrated switch switched moved formerly \
    previously restrict restricted";

/// Words with which people object, limit or choose without negating.
pub(super) const RESERVES: &str = "\
    why only too instead rather over unless until enough actually prefer preferred revert \
    reverted undo leave limit limits limited nil zero \
    beware careful caution risk risks";

/// Words for what goes wrong; who tells of it objects to its cause.
pub(super) const HARMS: &str = "\
    crash crashes crashed crashing panic panics panicked stale corrupt corrupts corrupted \
    failure failures corrupting hang hangs hung timeout timeouts misleading orphaned cancelled canceled leak leaks \
    leaked flaky conflict conflicts conflicted invalid silently deadlock deadlocks deadlocked \
    denied hid hide hides hidden meaningless expensive slow slower noise noisy pointless waste \
    wastes insufficient harmful incorrect incorrectly mistake wipe wipes wiped block blocks \
    blocked blocking mask masks masked annoying hurt hurts ugly messy";

/// Words of what was left undone; who regrets that wanted it done.
pub(super) const FORGETS: &str = "\
    forget forgets forgot forgotten neglect neglected hesitate";

/// Words for what made a harm end.
pub(super) const HEALS: &str = "\
    fixed fixes solved solves resolved resolves helped helps cured cures mended";

/// Words that limit a thing and do not object to it.
pub(super) const LIMITS: &str = "\
    only just until unless enough";

/// Words that negate what something does, and not what is there.
pub(super) const VERBAL: &str = "\
    not never cannot don't doesn't didn't isn't aren't wasn't weren't won't wouldn't can't \
    couldn't shouldn't mustn't hasn't haven't hadn't dont doesnt didnt isnt wont cant shouldnt";

/// Verbs of care, which a mishap of the same matter speaks for and not against.
pub(super) const CARES: &str = "\
    preserve keep repair restore fix mend measure compare check verify confirm validate instrument \
    document test review read escape";

/// Words by which somebody turns down what was just proposed or done.
pub(super) const TURNS_DOWN: &str = "\
    no nope don't dont not never stop remove revert undo drop nothing";

/// Words for what was just spoken of.
pub(super) const POINTS: &str = "\
    this that it these those them again nothing so";

/// Words that open a clause of which nothing is asserted.
pub(super) const CONDITIONS: &str = "\
    if when whenever while because since where wherever after until till unless once whether \
    although though except otherwise wenn falls weil während nachdem sobald damit außer si \
    quand lorsque parce pendant après sauf cuando porque mientras después hasta salvo se \
    quando enquanto depois até exceto если когда пока потому после кроме";

pub(super) const BEFORE: &str = "\
    before bevor avant antes перед прежде";

pub(super) const WITHOUT: &str = "\
    without ohne sans sin sem без";

/// Words after which the matter turns.
pub(super) const TURNS: &str = "\
    but however yet sondern aber mais pero sino mas а но plutôt";

pub(super) const AND: &str = "\
    and then und et y e и &";

/// Words that order something.
pub(super) const ORDERS: &str = "\
    always must should please prefer prefers ensure let's shall immer stets muss müssen soll \
    sollen sollte bitte nur toujours doit dois faut devez siempre debe debes sempre deve \
    prefiere prefira всегда надо нужно должен";

/// Verbs with which people begin an order.
pub(super) const IMPERATIVES: &str = "\
    use run add put keep make set write call commit push pull install deploy create delete \
    move rename name place store test build check verify ask tell read open start restart \
    enable format lint merge rebase squash tag release update upgrade pin import export return \
    throw catch handle log print mock wrap follow stick stay try take give do go leave treat \
    pass prefix document comment explain answer respond reply validate escape benutze benutz \
    verwende nimm schreibe schreib nutze utilise utilisez usa utiliza escribe utilize rode \
    escreva используй пиши запускай";

/// Words that may stand before an order without changing it.
pub(super) const FILLERS: &str = "\
    please pls ok okay also just so well you and but then instead rather the user we to no yes \
    hey now bitte do says said wants asked that i por favor remember really ever";

/// Verbs so general that two sentences share nothing by sharing them.
pub(super) const GENERAL: &str = "\
    use uses used using do does did doing done make makes made making get gets got set sets \
    put puts go goes want wants wanted need needs needed like likes try tries keep keeps let \
    let's lets take takes give say says said ask asks asked tell told work works user project \
    rule code thing things way know think sure please always must should ever just only also \
    prefer prefers instead rather anymore any all every here there again directly really \
    explicitly repo repository alone path paths directory folder benutze benutzen verwende verwenden nutzen immer hier bitte \
    utilise utiliser toujours usa usar siempre sempre utilizar используй использовать всегда";

/// Function words of the languages above.
pub(super) const STOPS: &str = "\
    a an the this that these those it its it's i me my we us our you your he she they them \
    their is are was were be been being am has have had can could may might will would shall \
    of to in on at by for from with into onto as or and but so than then there up out over \
    about via per i'm i'd we're you're that's what which who how why allowed allow longer der \
    die das den dem des ein eine einen einem einer ist sind war wird werden auf im mit von zu \
    zum zur für und oder es wir ich du sie man le la les un une de et ou est sont à au aux \
    dans sur pour avec il elle nous vous tu je el los las una y o en del al para con por se \
    que os um uma do da dos no na em com ao e в на с и к по для это мы я ты вы";

/// Words that only Portuguese has; there `no` means *in the*.
pub(super) const PORTUGUESE: &str = "\
    não nao você voce uma um dos das em com ao são é isso pra sempre esse essa pelo pela os \
    rode nunca";

/// Copulas: with them a foreign negation states and does not order.
pub(super) const COPULAS: &str = "\
    ist sind war wird wurde hat est sont était es está estaba é foi estava был была было";

/// Verbs before a bare `not` that make it the negation of their own clause.
pub(super) const AUXILIARIES: &str = "\
    do does did is are was were be been am has have had can could may might must shall should \
    will would need it's that's why or and but to please so better definitely if";

/// Words that begin a clause with a subject of its own.
pub(super) const SUBJECTS: &str = "\
    i we you he she it they this that these those the our my your its it's there i'm we're \
    you're wir ich du das die der nous on je tu el la o a мы я";

/// Participles that forbid as an adjective: `npm is forbidden`.
pub(super) const FORBIDDEN: &str = "\
    forbidden banned prohibited disallowed verboten untersagt interdit interdite prohibido \
    prohibida proibido proibida запрещено allowed";

/// Words that order when they negate, wherever they stand.
pub(super) const NEVER: &str = "\
    never mustn't mustnt shouldn't shouldnt нельзя никогда";

/// Words that make a statement of a short sentence.
pub(super) const VERBS_OF_BEING: &str = "\
    is are was were am i'm it's does did doesn't didn't isn't aren't wasn't";

/// Small words that no English sentence holds.
pub(super) const OTHER_TONGUES: &str = "\
    der das den dem des ein eine einen ist sind wird werden auf mit von zu zum für und oder es wir \
    ich nicht kein keine le les une est sont à au aux dans sur pour avec et ou il elle nous vous \
    el los las y del para con por se que os um uma do da dos na em ao este esta não ne pas il lo \
    gli di che per sono è nel della niet het een en van voor met";
