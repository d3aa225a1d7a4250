//! Writes the many addresses of one remote repository in one way.
//!
//! It must not keep a credential, nor call an address an identity that means something else on
//! the next machine (a path, this very host).

// Their repositories answer to any case; elsewhere a path may differ by case alone.
const CASELESS: [&str; 3] = ["github.com", "gitlab.com", "bitbucket.org"];

// The same servers on the port that firewalls let through, and with the name browsers use.
const SAME_HOST: [(&str, &str); 6] = [
    ("ssh.github.com", "github.com"),
    ("www.github.com", "github.com"),
    ("altssh.gitlab.com", "gitlab.com"),
    ("www.gitlab.com", "gitlab.com"),
    ("altssh.bitbucket.org", "bitbucket.org"),
    ("www.bitbucket.org", "bitbucket.org"),
];

const SCHEMES: [&str; 8] = [
    "http",
    "https",
    "ssh",
    "git",
    "git+ssh",
    "ssh+git",
    "git+https",
    "ftps",
];

/// Returns `host/path` for a remote's address, or `None` when clones elsewhere would not share it.
pub fn normalised(url: &str) -> Option<String> {
    let url = url.trim();
    let (authority, path) = match url.split_once("://") {
        Some((scheme, rest)) => {
            let scheme = scheme.to_ascii_lowercase();
            SCHEMES.contains(&scheme.as_str()).then_some(())?;
            rest.split_once('/')?
        }
        None => scp_like(url)?,
    };
    let host = host(authority)?;
    let path = path_of(path, &host)?;
    Some(format!("{host}/{path}"))
}

/// Splits `git@host:path`, which is told from a local path as git does: a colon before any slash.
fn scp_like(url: &str) -> Option<(&str, &str)> {
    // `[host:port]:path` is the one form in which brackets hold a colon.
    let (authority, path) = match url.find("]:") {
        Some(at) if url.contains('[') => (&url[..=at], &url[at + 2..]),
        _ => url.split_once(':')?,
    };
    let drive = authority.len() == 1;
    // `transport::address` is another program's business.
    (!drive && !authority.contains('/') && !path.starts_with(':')).then_some((authority, path))
}

fn host(authority: &str) -> Option<String> {
    let bare = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    let bare = match bare.strip_prefix('[') {
        // An IPv6 address keeps its brackets out; a bracketed scp host may carry a port.
        Some(inner) => inner.split(']').next()?,
        None => bare,
    };
    let colons = bare.matches(':').count();
    let name = match bare.split_once(':') {
        Some((name, _)) if colons == 1 => name,
        _ => bare,
    };
    let name = name.trim_end_matches('.').to_lowercase();
    let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '\\' | '$' | '"');
    if name.is_empty() || name.contains(odd) || is_this_machine(&name) {
        return None;
    }
    Some(well_known(&name).unwrap_or(name))
}

/// Says whether a host is whoever asks: another machine's `localhost` is another server.
fn is_this_machine(host: &str) -> bool {
    matches!(host, "localhost" | "::1" | "0.0.0.0")
        || host.starts_with("127.")
        || host.ends_with(".localhost")
}

fn well_known(host: &str) -> Option<String> {
    let same = SAME_HOST.iter().find(|(other, _)| *other == host);
    if let Some((_, known)) = same {
        return Some((*known).to_owned());
    }
    // `github.com-work` is the customary ssh alias for a second key; no such top level exists.
    let aliased = |known: &&&str| {
        host.strip_prefix(**known)
            .is_some_and(|rest| rest.starts_with(['-', '_']))
    };
    CASELESS.iter().find(aliased).map(|k| (*k).to_owned())
}

fn path_of(path: &str, host: &str) -> Option<String> {
    let path = path.split(['?', '#']).next()?;
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let path = parts.join("/");
    let path = path.strip_suffix(".git").unwrap_or(&path);
    let path = path.trim_end_matches('/');
    if path.is_empty() || path.contains(char::is_control) {
        return None;
    }
    match CASELESS.contains(&host) {
        true => Some(path.to_lowercase()),
        false => Some(path.to_owned()),
    }
}
