//! How a store is opened, by whom, and what is left alone: other programs' files, other times' schemas.

mod house;

use std::fs;
use std::path::Path;

use domain::*;
use house::*;
use store::{ListWish, Place, Store};
use tokio::task::JoinSet;

async fn refused(place: &Place) -> StoreError {
    match Store::open(place, ann()).await {
        Err(error) => error,
        Ok(_) => panic!("it was opened"),
    }
}

fn file(path: &Path) -> Place {
    Place::File(path.to_owned())
}

fn put(path: &Path, bytes: &[u8]) {
    use std::io::Write as _;
    let mut file = fs::File::create(path).expect("creates");
    file.write_all(bytes).expect("writes");
}

async fn run(path: &Path, text: &'static str) {
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true);
    let pool = sqlx::SqlitePool::connect_with(options)
        .await
        .expect("opens");
    sqlx::raw_sql(text).execute(&pool).await.expect("runs");
    pool.close().await;
}

both_engines! {
    async fn a_store_is_opened_again_as_it_was_left(house: House) {
        let store = house.open().await;
        write(&store, &saving(&[memory("use pnpm", "t1")])).await;
        store.close().await;
        let store = house.open().await;
        assert_eq!(store.last_run_with_memories().await.expect("answers").map(|run| run.id), Some(RunId(1)));
    }

    async fn many_programs_may_open_a_new_store_at_once(house: House) {
        let mut programs = JoinSet::new();
        for _ in 0..8 {
            let place = house.place.clone();
            programs.spawn(async move { Store::open(&place, ann()).await.map(|_| ()) });
        }
        for opened in programs.join_all().await {
            opened.expect("opens");
        }
    }

    async fn who_opens_for_reading_changes_nothing(house: House) {
        let early = Store::open_read_only(&house.place, ann()).await;
        assert!(matches!(early.err(), Some(StoreError::Refused(_))), "there is no store yet");
        let store = house.open().await;
        write(&store, &saving(&[memory("use pnpm", "t1")])).await;
        let reader = Store::open_read_only(&house.place, ann()).await.expect("opens");
        assert!(reader.last_run_with_memories().await.expect("reads").is_some());
        let written = reader.apply(&saving(&[memory("use bun", "t2")]), &Author::Worker).await;
        assert!(matches!(written, Err(StoreError::Refused(_))), "{written:?}");
    }

    async fn a_server_and_a_file_from_the_future_are_refused(house: House) {
        house.open().await.close().await;
        match &house.place {
            Place::File(path) => run(path, "PRAGMA user_version = 99").await,
            Place::Server(url) => {
                let pool = sqlx::PgPool::connect(url).await.expect("connects");
                let later = "INSERT INTO schema_steps (number) VALUES (99)";
                sqlx::raw_sql(later).execute(&pool).await.expect("runs");
            }
        }
        let error = refused(&house.place).await;
        assert!(matches!(error, StoreError::Newer { found: 99, known: 3 }), "{error:?}");
        let reading = Store::open_read_only(&house.place, ann()).await.err().expect("refused");
        assert!(matches!(reading, StoreError::Newer { .. }), "{reading:?}");
    }

    async fn many_writers_never_meet_a_locked_store(house: House) {
        house.open().await;
        let mut writers = JoinSet::new();
        for writer in 0..8 {
            let store = house.open().await;
            writers.spawn(async move {
                for number in 0..25 {
                    let what = format!("writer {writer} says {number}");
                    write(&store, &saving(&[memory(&what, &what)])).await;
                }
            });
        }
        writers.join_all().await;
        let count = house.dump("SELECT CAST(COUNT(*) AS TEXT) FROM memories").await;
        assert_eq!(count, ["200"]);
        let runs = house.dump("SELECT CAST(COUNT(*) AS TEXT) FROM journal").await;
        assert_eq!(runs, ["400"], "each memory and its evidence, nothing twice");
    }
}

#[tokio::test]
async fn an_empty_file_is_a_store_that_has_not_begun() {
    let house = House::sqlite();
    let path = house.path();
    fs::create_dir_all(path.parent().expect("a folder")).expect("creates");
    put(&path, b"");
    write(&house.open().await, &saving(&[memory("use pnpm", "t1")])).await;
}

#[tokio::test]
async fn what_is_no_store_of_ours_is_left_byte_for_byte() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let letter = folder.path().join("letter.txt");
    put(
        &letter,
        b"Dear Alice, this is no database, however long it may be.",
    );
    let foreign = folder.path().join("foreign.db");
    run(
        &foreign,
        "CREATE TABLE songs (name TEXT); INSERT INTO songs VALUES ('x')",
    )
    .await;
    let torn = folder.path().join("torn.db");
    Store::open(&file(&torn), ann())
        .await
        .expect("opens")
        .close()
        .await;
    let whole = fs::read(&torn).expect("reads");
    let mut broken = whole[..whole.len() / 2].to_vec();
    broken[100..4000].fill(0xAA);
    put(&torn, &broken);
    for path in [&letter, &foreign, &torn] {
        let before = fs::read(path).expect("reads");
        let error = refused(&file(path)).await;
        assert!(
            matches!(error, StoreError::Damaged { .. }),
            "{path:?}: {error:?}"
        );
        assert!(
            error.to_string().contains(&path.display().to_string()),
            "{error}"
        );
        assert_eq!(fs::read(path).expect("reads"), before, "{path:?}");
    }
    let inside = refused(&file(folder.path())).await;
    assert!(matches!(inside, StoreError::Damaged { .. }), "{inside:?}");
}

#[tokio::test]
async fn damage_deep_in_the_file_is_called_by_its_name() {
    let house = House::sqlite();
    let store = house.open().await;
    let many: Vec<_> = (0..200)
        .map(|n| memory(&format!("rule {n}"), &format!("t{n}")))
        .collect();
    write(&store, &saving(&many)).await;
    store.close().await;
    let path = house.path();
    let mut bytes = fs::read(&path).expect("reads");
    // The header and the schema stay; every later page is overwritten.
    let later = 4096 * 40;
    assert!(bytes.len() > later, "{}", bytes.len());
    bytes[later..].fill(0x55);
    put(&path, &bytes);
    // Whether opening meets the damage or the first deed does, it is called by its name.
    for deed in ["read", "write"] {
        let found = match Store::open(&house.place, ann()).await {
            Ok(store) if deed == "write" => {
                store.apply(&saving(&many), &Author::Worker).await.err()
            }
            Ok(store) => store.list(&ListWish::all(View::default(), 999)).await.err(),
            Err(error) => Some(error),
        };
        let damaged = matches!(found, Some(StoreError::Damaged { .. }));
        assert!(damaged, "{deed}: {found:?}");
    }
    assert!(
        fs::read(&path).expect("reads") == bytes,
        "nothing was written over"
    );
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_on_the_machine_can_read_the_store() {
    use std::os::unix::fs::PermissionsExt as _;
    let house = House::sqlite();
    let store = house.open().await;
    write(&store, &saving(&[memory("use pnpm", "t1")])).await;
    let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
    let path = house.path();
    let home = path.parent().expect("a folder");
    assert_eq!(mode(home), 0o700);
    let mut names = Vec::new();
    for entry in fs::read_dir(home).expect("reads") {
        let entry = entry.expect("an entry").path();
        assert_eq!(mode(&entry), 0o600, "{entry:?}");
        names.push(
            entry
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned(),
        );
    }
    names.sort();
    assert_eq!(names, ["dormouse.db", "dormouse.db-shm", "dormouse.db-wal"]);
    store.close().await;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("loosens");
    house.open().await;
    assert_eq!(mode(&path), 0o600);
}

#[tokio::test]
async fn a_store_gathers_no_statistics_that_could_turn_a_plan() {
    let opened = House::sqlite().opened().await;
    write(&opened.store, &saving(&[memory("use pnpm", "t1")])).await;
    let opened = opened.reopened().await;
    let question = "SELECT name FROM sqlite_schema WHERE name LIKE 'sqlite_stat%'";
    assert_eq!(opened.house.dump(question).await, Vec::<String>::new());
}

#[tokio::test]
async fn the_file_says_whose_it_is_and_forgets_what_is_deleted() {
    let house = House::sqlite();
    house.open().await.close().await;
    let pragma = |question: &'static str| house.dump(question);
    let mark = pragma("SELECT CAST(application_id AS TEXT) FROM pragma_application_id").await;
    assert_eq!(mark, ["1685025389"]);
    let vacuum = pragma("SELECT CAST(auto_vacuum AS TEXT) FROM pragma_auto_vacuum").await;
    assert_eq!(vacuum, ["2"], "incremental");
    let journal = pragma("SELECT journal_mode FROM pragma_journal_mode").await;
    assert_eq!(journal, ["wal"]);
}
