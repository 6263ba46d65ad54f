//! The page for people.

use crate::kit::World;

#[tokio::test]
async fn the_page_is_one_file_that_asks_nobody_else() {
    let world = World::start().await;
    let page = world.http.get(world.url("/")).send().await.unwrap();
    assert_eq!(page.status(), 200);
    assert!(page.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
    let html = page.text().await.unwrap();
    assert!(html.contains("lang=\"es\""));
    assert!(!html.contains("https://") && !html.contains("src="));
}
