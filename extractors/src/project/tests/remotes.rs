//! Remote addresses: what is one repository, and what is none.

use super::super::{config, normalised_remote};
use super::{Disk, origin};

#[test]
fn every_way_to_write_one_remote_is_one_name() {
    let same = [
        "git@github.com:Acme/Shop.git",
        "ssh://git@github.com:22/acme/shop",
        "https://user:token@github.com/acme/shop.git/",
        "https://github.com/acme/shop",
        "http://GitHub.com/ACME/shop.git",
        "git://github.com/acme/shop.git",
        "git+ssh://git@github.com/acme/shop.git",
        "ssh://git@ssh.github.com:443/acme/shop.git",
        "git@github.com-work:acme/shop.git",
        "github.com:acme/shop",
        "https://www.github.com/acme//shop.git?x=1#readme",
        "  git@github.com:/acme/shop.git  ",
    ];
    for url in same {
        assert_eq!(
            normalised_remote(url).as_deref(),
            Some("github.com/acme/shop"),
            "{url}"
        );
    }
}

#[test]
fn an_unknown_host_keeps_the_case_of_its_paths() {
    let cases = [
        ("git@git.acme.dev:Team/Shop.git", "git.acme.dev/Team/Shop"),
        (
            "https://GIT.acme.dev:8443/Team/Shop",
            "git.acme.dev/Team/Shop",
        ),
        ("ssh://[2001:db8::1]:2222/shop.git", "2001:db8::1/shop"),
        ("[git@git.acme.dev:2222]:shop.git", "git.acme.dev/shop"),
        (
            "https://gitlab.com/Acme/Sub/Shop.git",
            "gitlab.com/acme/sub/shop",
        ),
    ];
    for (url, expect) in cases {
        assert_eq!(normalised_remote(url).as_deref(), Some(expect), "{url}");
    }
}

#[test]
fn no_credential_survives() {
    let urls = [
        "https://ghp_abcdef:x-oauth-basic@github.com/acme/shop.git",
        "https://user:p%40ss@git.acme.dev/shop?private_token=ghp_abcdef",
        "ssh://deploy:ghp_abcdef@git.acme.dev/shop",
        "https://a@b:ghp_abcdef@git.acme.dev/shop",
    ];
    for url in urls {
        let name = normalised_remote(url).expect("a remote");
        assert!(!name.contains("ghp_") && !name.contains('@'), "{name}");
        assert!(!name.contains("p%40ss"), "{name}");
    }
}

#[test]
fn an_address_that_means_something_else_elsewhere_is_no_identity() {
    let none = [
        "",
        "/srv/git/shop.git",
        "../shop.git",
        "./shop:x",
        "~/shop.git",
        "file:///srv/git/shop.git",
        "C:\\code\\shop",
        "C:/code/shop",
        "http://local_proxy@127.0.0.1:41111/git/acme/shop",
        "http://localhost:3000/acme/shop.git",
        "ext::sh -c foo",
        "codecommit::eu-west-1://shop",
        "https://github.com/",
        "https://github.com",
        "git@github.com:",
        "https://$HOST/acme/shop",
    ];
    for url in none {
        assert_eq!(normalised_remote(url), None, "{url}");
    }
}

#[test]
fn origin_comes_first_and_the_first_other_else() {
    let check = |config: &str, expect: &[&str]| {
        let disk = Disk::new();
        disk.git("git", config);
        assert_eq!(config::remotes(&disk.path("git")), expect, "{config}");
    };
    check(
        "[remote \"fork\"]\nurl = a:b\n[remote \"origin\"]\nurl = c:d\n",
        &["c:d", "a:b"],
    );
    check(
        "[remote \"up\"]\n  URL=a:b\n url = second\n[remote \"x\"]\nurl=e:f",
        &["a:b", "e:f"],
    );
    check("[Remote \"origin\"] url = \"a:b\" ; why\n", &["a:b"]);
    check("[remote.Origin]\nurl = a:b # old writing\n", &["a:b"]);
    check("[remote \"a]b\"]\nurl = a:\\\nb\n", &["a:b"]);
    check(
        "[remote \"origin\"]\npushurl = a:b\n[core]\nurl = x:y\n",
        &[],
    );
    check("[url \"git@github.com:\"]\ninsteadOf = gh:\n", &[]);
    check(
        "[include]\npath = other\n[remote \"origin\"\nurl = broken\n",
        &[],
    );
    check("", &[]);
}

#[test]
fn a_config_beyond_the_cap_is_not_read() {
    let disk = Disk::new();
    disk.git("git", &(origin("a:b") + &"#".repeat(1 << 20)));
    assert!(config::remotes(&disk.path("git")).is_empty());
}
