//! The dashboard's files.

use crate::app::{App, Unusual, files};
use crate::client::answer;

async fn app() -> App {
    let files = files(&[
        ("index.html", "<!doctype html><title>Hilo</title>"),
        ("favicon.svg", "<svg/>"),
        ("assets/app-1a2b.js", "let plain"),
        ("assets/app-1a2b.js.br", "brotli"),
        ("assets/app-1a2b.js.gz", "gzip"),
        ("assets/app-3c4d.css", "body{}"),
    ]);
    App::start_with(Unusual { files, ..Unusual::default() }).await
}

#[tokio::test]
async fn every_page_is_the_one_page_with_a_strict_policy() {
    let app = app().await;
    let browser = app.stranger();
    for target in ["/", "/inbox", "/inbox/01890000?status=active", "/invite/abc", "/apix"] {
        let page = browser.get(target).await.expect(200);
        assert!(page.text.contains("<title>Hilo"), "{target}");
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
        assert_eq!(page.header("cache-control"), Some("no-cache"));
        let policy = page.header("content-security-policy").unwrap();
        assert!(
            policy.starts_with("default-src 'self'; script-src 'self'; style-src 'self' 'sha256-")
        );
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"));
        assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(page.header("referrer-policy"), Some("same-origin"));
        assert_eq!(page.header("cross-origin-opener-policy"), Some("same-origin"));
        assert!(page.header("permissions-policy").unwrap().contains("camera=()"));
    }
}

#[tokio::test]
async fn a_file_is_sent_in_the_shortest_form_that_the_browser_reads() {
    let app = app().await;
    let target = "/assets/app-1a2b.js";
    for (accepted, encoding, text) in [
        ("gzip, deflate, br, zstd", Some("br"), "brotli"),
        ("gzip", Some("gzip"), "gzip"),
        ("identity", None, "let plain"),
    ] {
        let file = app.stranger().with("accept-encoding", accepted).get(target).await.expect(200);
        assert_eq!((file.header("content-encoding"), file.text.as_str()), (encoding, text));
        assert_eq!(file.header("content-type"), Some("text/javascript; charset=utf-8"));
        assert_eq!(file.header("vary"), Some("accept-encoding"));
    }
}

#[tokio::test]
async fn what_is_in_assets_is_kept_for_a_year_and_what_is_not_there_is_not_the_page() {
    let app = app().await;
    let browser = app.stranger();
    let file = browser.get("/assets/app-3c4d.css").await.expect(200);
    assert_eq!(file.header("cache-control"), Some("public, max-age=31536000, immutable"));
    for target in ["/assets/app-old.js", "/assets/", "/assets/app-1a2b.js.br"] {
        assert_eq!(browser.get(target).await.problem(), "404 no-such-file", "{target}");
    }
    assert_eq!(browser.get("/favicon.svg").await.header("cache-control"), Some("no-cache"));
}

#[tokio::test]
async fn a_browser_that_has_the_page_already_is_told_so() {
    let app = app().await;
    let etag = app.stranger().get("/").await.header("etag").unwrap().to_owned();
    let again = app.stranger().with("if-none-match", &etag).get("/inbox").await;
    assert_eq!((again.status, again.text.as_str()), (304, ""));
}

#[tokio::test]
async fn a_page_is_read_and_nothing_is_sent_to_it() {
    let app = app().await;
    let refused = answer(app.stranger().request("POST", "/inbox")).await;
    assert_eq!(refused.problem(), "405 method-not-allowed");
    assert_eq!(refused.header("allow"), Some("GET, HEAD"));
    let head = answer(app.stranger().request("HEAD", "/inbox")).await.expect(200);
    assert_eq!(head.text, "");
}

#[tokio::test]
async fn without_a_dashboard_a_plain_page_says_how_to_build_one() {
    let app = App::start().await;
    let page = app.stranger().get("/").await.expect(503);
    assert!(page.text.contains("make dashboard"));
}
