//! Every cell of the matrix, and every way to miss a route.

use std::collections::BTreeSet;

use domain::Role;

use super::*;

/// Written out by hand from the contract: viewer, agent, admin, owner.
const EXPECTED: &str = "
    account:read            x x x x
    account:write           - - x x
    assistant:read          x x x x
    assistant:try           - x x x
    assistant:write         - - x x
    audit:read              - - x x
    contacts:delete         - - x x
    contacts:export         - - x x
    contacts:import         - - x x
    contacts:read           x x x x
    contacts:write          - x x x
    conversations:read      x x x x
    conversations:reassign  - x x x
    conversations:send      - x x x
    conversations:write     - x x x
    invitations:write       - - x x
    labels:write            - - x x
    live:read               x x x x
    numbers:read            x x x x
    numbers:write           - - x x
    sandbox:use             - x x x
    session:own             x x x x
    tokens:own              x x x x
    users:read              x x x x
    users:write             - - x x
";

#[test]
fn every_permission_of_every_role_is_as_it_was_agreed() {
    let mut seen = BTreeSet::new();
    for line in EXPECTED.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let mut words = line.split_whitespace();
        let name = words.next().unwrap();
        let permission = Permission::from_name(name).unwrap_or_else(|| panic!("no {name}"));
        for role in Role::ALL {
            let expected = words.next().unwrap() == "x";
            assert_eq!(permission.is_of(role), expected, "{name} of {role}");
            assert_eq!(Rights::of(role, None).include(permission), expected);
        }
        seen.insert(permission);
    }
    assert_eq!(seen, Permission::all().collect());
}

#[test]
fn a_token_may_do_what_its_scopes_and_its_persons_role_both_allow() {
    let scopes: Vec<String> =
        ["contacts:read", "numbers:write", "nonsense:read"].map(str::to_owned).into();

    assert_eq!(Rights::of(Role::Viewer, Some(&scopes)).names(), ["contacts:read"]);
    assert_eq!(Rights::of(Role::Owner, Some(&scopes)).names(), ["contacts:read", "numbers:write"]);
    assert!(Rights::of(Role::Owner, Some(&[])).names().is_empty());
}

#[test]
fn every_permission_opens_something() {
    let needed: BTreeSet<Permission> = ROUTES
        .iter()
        .filter_map(|route| match route.access {
            Access::Needs(permission) => Some(permission),
            Access::Public => None,
        })
        .collect();
    assert_eq!(needed, Permission::all().collect());
}

#[test]
fn what_anybody_may_ask_is_this_and_no_more() {
    let public: Vec<String> = ROUTES
        .iter()
        .filter(|route| route.access == Access::Public)
        .map(|route| format!("{} {}", route.method, route.path))
        .collect();
    assert_eq!(
        public,
        [
            "POST /api/session",
            "GET /api/invitations/accept/{secret}",
            "POST /api/invitations/accept/{secret}",
            "GET /api/openapi.json",
            "GET /api/docs",
        ]
    );
}

/// What a request finds: the route, the methods, or nothing.
fn found(method: &str, path: &str) -> String {
    match Table::default().find(method, path) {
        Found::Route { route, canonical, params } => {
            let canonical = canonical.map(|path| format!(" as {path}")).unwrap_or_default();
            let last = params.last().map(|last| format!(" of {last}")).unwrap_or_default();
            format!("{} {}{last}{canonical}", route.method, route.path)
        }
        Found::WrongMethod { allow } => format!("only {}", allow.join(", ")),
        Found::Nothing => "nothing".to_owned(),
    }
}

const ID: &str = "01890000-0000-7000-8000-000000000001";

#[test]
fn every_route_is_found_by_its_own_method_and_path() {
    let table = Table::default();
    for expected in ROUTES {
        let path =
            expected.path.replace("{phone_number}", "+525512345678").replace("{secret}", "s");
        let path = path.split('/').map(|part| if part.starts_with('{') { ID } else { part });
        let path = path.collect::<Vec<_>>().join("/");
        let Found::Route { route, canonical: None, .. } = table.find(expected.method, &path) else {
            panic!("{} {path} is not found", expected.method);
        };
        assert_eq!(route, expected);
    }
}

#[test]
fn a_slash_at_the_end_makes_no_difference() {
    assert_eq!(found("GET", "/api/conversations/"), "GET /api/conversations/");
    assert_eq!(
        found("GET", "/api/conversations"),
        "GET /api/conversations/ as /api/conversations/"
    );
    assert_eq!(found("GET", "/api/labels/"), "GET /api/labels as /api/labels");
    assert_eq!(found("GET", "/api/labels//"), "nothing");
}

#[test]
fn the_innermost_id_is_the_resource() {
    let path = format!("/api/conversations/{ID}/notes/01890000-0000-7000-8000-000000000002");
    assert!(found("DELETE", &path).ends_with("of 01890000-0000-7000-8000-000000000002"));
}

#[test]
fn a_known_path_says_its_methods_and_an_unknown_one_nothing() {
    assert_eq!(found("DELETE", "/api/labels"), "only GET, POST");
    assert_eq!(found("GET", "/api/conversations/start"), "only POST");
    for path in [
        "/api",
        "/api/",
        "/api/nothing",
        "/api/labels/x",
        "/api/labels/..",
        "/api/labels/%2e%2e",
        "/api/contacts/exports",
        "/api//labels",
        "/api/%6cabels",
        "/api/contacts/01890000000070008000000000000001",
        "/api/sandbox/phones/12",
        "/api/invitations/accept/a.b",
        "/apix/labels",
    ] {
        assert_eq!(found("GET", path), "nothing", "{path}");
    }
}
