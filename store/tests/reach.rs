//! A server that does not answer, and a place that is no server: each is called by its name.

use std::net::TcpListener;
use std::time::Duration;

use domain::{OwnerId, StoreError, TenantId};
use store::{Place, Store, Who};

async fn refused(url: &str) -> StoreError {
    let who = Who {
        tenant: TenantId::new("acme"),
        owner: OwnerId::new("ann"),
    };
    let place = Place::Server(url.to_owned());
    let reading = Store::open_read_only(&place, who.clone()).await.err();
    let writing = Store::open(&place, who).await.err().expect("refused");
    let reading = reading.expect("refused");
    assert_eq!(reading.to_string(), writing.to_string());
    writing
}

#[tokio::test]
async fn a_server_that_is_not_there_cannot_be_reached() {
    let held = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = held.local_addr().expect("an address").port();
    drop(held);
    let url = format!("postgres://ann:secret@127.0.0.1:{port}/db");
    // Asked twice, once for reading and once for writing.
    let within = tokio::time::timeout(Duration::from_secs(14), refused(&url));
    let error = within.await.expect("nobody waits for long");
    assert!(matches!(error, StoreError::Unreachable(_)), "{error:?}");
    assert!(!format!("{error:?}").contains("secret"), "{error:?}");
}

#[tokio::test]
async fn only_a_url_of_postgres_is_a_server() {
    for url in ["mysql://h/db", "h:5432/db", "http://h", "", "postgres:h"] {
        let error = refused(url).await;
        assert!(matches!(error, StoreError::Refused(_)), "{url}: {error:?}");
        assert_eq!(
            error.to_string(),
            "store.url must begin with postgres://",
            "{url}"
        );
    }
}
